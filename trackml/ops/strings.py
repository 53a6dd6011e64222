"""Operations on strings: arrays of bytes, element by element."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.dtypes import as_dtype
from trackml.graph.conversion import constant_value, convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, register
from trackml.graph.shape_rules import broadcast, same_as_input
from trackml.ops.array import either
from trackml.ops.framework import name_scope
from trackml.shapes import TensorShape

Array = np.ndarray[Any, Any]


def each(function: Callable[[Any], Any], values: Any, dtype: Any = object) -> Array:
    """`function` of each element, in an array of the same shape."""
    result = np.empty(np.shape(values), dtype)
    flat = result.reshape(-1)
    for index, item in enumerate(np.ravel(values)):
        flat[index] = function(item)
    return result


def as_string(
    input: Any,
    precision: int = -1,
    scientific: bool = False,
    shortest: bool = False,
    width: int = -1,
    fill: str = "",
    name: str | None = None,
) -> Tensor:
    """Numbers and booleans as text.

    Args:
        input: A tensor of numbers or booleans.
        precision: Digits after the point (significant ones with `shortest`); C's default of 6 if -1.
        scientific: Write floats as `1.5e+00`.
        shortest: Write floats in the shorter of both ways.
        width: Least number of characters, filled with blanks on the left.
        fill: With `width`: `"0"` fills with zeros, `"-"` on the right, `"+"` and `" "` are for signs.
        name: Name of the operation.

    Raises:
        ValueError: Options that do not go together, or not with the type.
    """
    with name_scope(name, "AsString", [input]) as scope:
        tensor = convert_to_tensor(input, name="input")
        _check_format(tensor.dtype, precision, scientific, shortest, width, fill)
        attrs = {"precision": precision, "scientific": scientific, "shortest": shortest, "width": width, "fill": fill}
        text: Tensor = apply_op("AsString", tensor, name=scope, **attrs)
    return text


def _check_format(dtype: dtypes.DType, precision: int, scientific: bool, shortest: bool, width: int, fill: str) -> None:
    if dtype is dtypes.string:
        raise TypeError("Value passed to parameter 'input' has DataType string; it is text already.")
    exact = not (dtype.is_floating or dtype.is_complex)
    if exact and (scientific or shortest):
        raise ValueError(f"scientific and shortest format not supported for datatype {dtype.name}")
    if exact and precision > -1:
        raise ValueError(f"precision not supported for datatype {dtype.name}")
    if scientific and shortest:
        raise ValueError("Cannot select both scientific and shortest notation")
    if len(fill) > 1:
        raise ValueError("Fill string must be one or fewer characters")
    if width > -1 and fill and fill not in " +-0#":
        raise ValueError(f"Fill argument not supported: {fill}")


def _as_string(x: Array, *, precision: int, scientific: bool, shortest: bool, width: int, fill: str) -> Array:
    kind = np.asarray(x).dtype.kind
    if kind == "b":
        return each(lambda item: b"true" if item else b"false", x)
    conversion = "d" if kind in "iu" else "e" if scientific else "g" if shortest else "f"
    digits = f".{precision}" if precision > -1 else ""
    form = f"%{fill}{width}{digits}{conversion}" if width > -1 else f"%{digits}{conversion}"
    # C does not fill "nan" and "inf" with zeros.
    special = form.replace("%0", "%", 1)

    def text(item: Any) -> str:
        return str((form if np.isfinite(item) else special) % item.item())

    if kind == "c":
        return each(lambda item: f"({text(item.real)},{text(item.imag)})".encode(), x)
    return each(lambda item: text(item).encode(), x)


register("AsString", _as_string, shape=same_as_input, dtypes=dtypes.string, gradient=NOT_DIFFERENTIABLE)


def string_join(inputs: Sequence[Any], separator: str = "", name: str | None = None) -> Tensor:
    """Texts put one after the other, element by element.

    Args:
        inputs: Tensors of one shape, or scalars.
        separator: What is put between them.
        name: Name of the operation.
    """
    with name_scope(name, "StringJoin", inputs) as scope:
        parts = [convert_to_tensor(item, dtypes.string, name=f"inputs_{index}") for index, item in enumerate(inputs)]
        joined: Tensor = apply_op("StringJoin", *parts, name=scope, separator=separator)
    return joined


def _string_join(*parts: Array, separator: str) -> Array:
    between = separator.encode("utf-8")
    shape = next((np.shape(part) for part in parts if np.ndim(part)), ())
    for part in parts:
        if np.ndim(part) and np.shape(part) != shape:
            raise ValueError(f"Input shapes do not match: {shape} vs. {np.shape(part)}")
    rows = zip(*(np.ravel(np.broadcast_to(np.asarray(part, dtype=object), shape)) for part in parts))
    result = np.empty(shape, dtype=object)
    flat = result.reshape(-1)
    for index, row in enumerate(rows):
        flat[index] = between.join(row)
    return result


def _string_join_shape(op: Operation) -> TensorShape:
    merged = TensorShape([])
    for tensor in op.inputs:
        if tensor.shape.sizes is None:
            return TensorShape(None)
        if tensor.shape.sizes:
            merged = tensor.shape if not merged.sizes else merged.merge_with(tensor.shape)
    return merged


register(
    "StringJoin",
    _string_join,
    shape=_string_join_shape,
    dtypes=dtypes.string,
    gradient=NOT_DIFFERENTIABLE,
    types={},
    count="N",
)


def reduce_join(
    inputs: Any,
    axis: Any = None,
    keep_dims: bool | None = None,
    separator: str = "",
    name: str | None = None,
    reduction_indices: Any = None,
    keepdims: bool | None = None,
) -> Tensor:
    """Texts of an array joined along axes.

    Args:
        inputs: Strings of any shape.
        axis: The axis or axes, joined in this order; all, the last one first, if not given.
        keep_dims: The older name of `keepdims`.
        separator: What is put between the texts.
        name: Name of the operation.
        reduction_indices: The older name of `axis`.
        keepdims: Whether joined axes stay, with size 1.
    """
    axis = either("axis", axis, "reduction_indices", reduction_indices)
    keep = bool(either("keepdims", keepdims, "keep_dims", keep_dims))
    with name_scope(None, "ReduceJoin", [inputs]):
        tensor = convert_to_tensor(inputs, dtypes.string, name="inputs")
        if axis is None:
            axis = np.arange(tensor.shape.with_rank_at_least(0).ndims or 0, dtype=np.int32)[::-1]
        axes = convert_to_tensor(axis, dtypes.int32, name="reduction_indices")
        joined: Tensor = apply_op("ReduceJoin", tensor, axes, name=name, keep_dims=keep, separator=separator)
    return joined


def _reduce_join(x: Array, axes: Array, *, keep_dims: bool, separator: str) -> Array:
    between, rank = separator.encode("utf-8"), np.ndim(x)
    result = np.asarray(x, dtype=object)
    joined = [int(axis) % rank for axis in np.ravel(axes)]
    for axis in joined:
        rows = np.moveaxis(result, axis, -1)
        shorter = np.empty(rows.shape[:-1], dtype=object)
        for index in np.ndindex(shorter.shape):
            shorter[index] = between.join(rows[index])
        result = np.expand_dims(shorter, axis)
    return (
        result if keep_dims else result.reshape([size for axis, size in enumerate(result.shape) if axis not in joined])
    )


def _reduce_join_shape(op: Operation) -> TensorShape:
    sizes, axes = op.inputs[0].shape.sizes, constant_value(op.inputs[1])
    if sizes is None or axes is None:
        return TensorShape(None)
    joined = {int(axis) % len(sizes) for axis in axes.ravel()}
    if op.attrs["keep_dims"]:
        return TensorShape([1 if axis in joined else size for axis, size in enumerate(sizes)])
    return TensorShape([size for axis, size in enumerate(sizes) if axis not in joined])


register(
    "ReduceJoin",
    _reduce_join,
    shape=_reduce_join_shape,
    dtypes=dtypes.string,
    gradient=NOT_DIFFERENTIABLE,
    types={},
)


def string_to_number(
    string_tensor: Any = None, out_type: Any = dtypes.float32, name: str | None = None, input: Any = None
) -> Tensor:
    """Numbers read from texts.

    Args:
        string_tensor: Strings of any shape.
        out_type: float32, float64, int32 or int64.
        name: Name of the operation.
        input: Another name of `string_tensor`.
    """
    texts = either("input", input, "string_tensor", string_tensor)
    with name_scope(name, "StringToNumber", [texts]) as scope:
        tensor = convert_to_tensor(texts, dtypes.string, name="string_tensor")
        numbers: Tensor = apply_op("StringToNumber", tensor, name=scope, out_type=as_dtype(out_type))
    return numbers


def _string_to_number(x: Array, *, out_type: dtypes.DType) -> Array:
    return each(lambda item: parse_number(item, out_type), x, out_type.as_numpy_dtype)


def parse_number(text: bytes, dtype: dtypes.DType) -> int | float:
    """The number that `text` is; ValueError when it is none of that type."""
    try:
        if b"_" in text:  # Python's own separator, which C does not know
            raise ValueError(text)
        number = int(text) if dtype.is_integer else float(text)
        if dtype.is_integer and not dtype.min <= number <= dtype.max:
            raise ValueError(text)
    except ValueError:
        raise ValueError(
            f"StringToNumberOp could not correctly convert string: {text.decode('utf-8', 'replace')}"
        ) from None
    return number


register(
    "StringToNumber",
    _string_to_number,
    shape=same_as_input,
    dtypes="out_type",
    gradient=NOT_DIFFERENTIABLE,
    types={},
)


def substr(input: Any, pos: Any, len: Any, name: str | None = None, unit: str = "BYTE") -> Tensor:
    """Parts of texts.

    Args:
        input: Strings.
        pos: Where each part starts; negative positions count from the end. Broadcasts with `input`.
        len: How long each part is.
        name: Name of the operation.
        unit: `"BYTE"`, or `"UTF8_CHAR"` to count characters.
    """
    with name_scope(name, "Substr", [input, pos, len]) as scope:
        tensor = convert_to_tensor(input, dtypes.string, name="input")
        first = convert_to_tensor(pos, name="pos")
        part: Tensor = apply_op(
            "Substr", tensor, first, convert_to_tensor(len, first.dtype, name="len"), name=scope, unit=_unit(unit)
        )
    return part


def _unit(unit: str) -> str:
    if unit not in ("BYTE", "UTF8_CHAR"):
        raise ValueError(f"unit must be 'BYTE' or 'UTF8_CHAR'; got {unit!r}")
    return unit


def _substr(x: Array, pos: Array, length: Array, *, unit: str) -> Array:
    texts, firsts, counts = np.broadcast_arrays(np.asarray(x, dtype=object), pos, length)
    result = np.empty(texts.shape, dtype=object)
    for index in np.ndindex(texts.shape):
        result[index] = _part(texts[index], int(firsts[index]), int(counts[index]), unit)
    return result


def _part(text: bytes, first: int, count: int, unit: str) -> bytes:
    units: Any = text.decode("utf-8") if unit == "UTF8_CHAR" else text
    size = len(units)
    if not -size <= first <= size:
        raise ValueError(f"pos {first} out of range for string {text!r}")
    start = first + size if first < 0 else first
    part = units[start : start + count]
    return part.encode("utf-8") if unit == "UTF8_CHAR" else bytes(part)


register("Substr", _substr, shape=broadcast, dtypes=dtypes.string, gradient=NOT_DIFFERENTIABLE, types={"T": 1})


def regex_replace(
    input: Any, pattern: Any, rewrite: Any, replace_global: bool = True, name: str | None = None
) -> Tensor:
    """Texts in which what matches `pattern` is replaced.

    Args:
        input: Strings.
        pattern: A regular expression.
        rewrite: What to put there; `\\\\1` stands for the first group, `\\\\0` for the whole match.
        replace_global: Replace all matches rather than the first one.
        name: Name of the operation.
    """
    static = isinstance(pattern, (str, bytes)) and isinstance(rewrite, (str, bytes))
    with name_scope(name, "StaticRegexReplace" if static else "RegexReplace", [input, pattern, rewrite]) as scope:
        tensor = convert_to_tensor(input, dtypes.string, name="input")
        if static:
            attrs = {"pattern": pattern, "rewrite": rewrite, "replace_global": replace_global}
            replaced: Tensor = apply_op("StaticRegexReplace", tensor, name=scope, **attrs)
        else:
            replaced = apply_op(
                "RegexReplace",
                tensor,
                *_texts(pattern=pattern, rewrite=rewrite),
                name=scope,
                replace_global=replace_global,
            )
    return replaced


def _texts(**values: Any) -> list[Tensor]:
    return [convert_to_tensor(value, dtypes.string, name=name) for name, value in values.items()]


def _replaced(x: Array, *, pattern: Any, rewrite: Any, replace_global: bool) -> Array:
    expression = re.compile(_as_bytes(pattern))
    template = re.sub(rb"\\(\d)", rb"\\g<\1>", _as_bytes(rewrite))
    return each(lambda item: expression.sub(template, item, count=0 if replace_global else 1), x)


def _as_bytes(text: Any) -> bytes:
    value = np.asarray(text, dtype=object)[()]
    return value.encode("utf-8") if isinstance(value, str) else bytes(value)


def _regex_replace(x: Array, pattern: Array, rewrite: Array, *, replace_global: bool) -> Array:
    return _replaced(x, pattern=pattern, rewrite=rewrite, replace_global=replace_global)


register("StaticRegexReplace", _replaced, shape=same_as_input, gradient=NOT_DIFFERENTIABLE, types={})
register("RegexReplace", _regex_replace, shape=same_as_input, gradient=NOT_DIFFERENTIABLE, types={})


def regex_full_match(input: Any, pattern: Any, name: str | None = None) -> Tensor:
    """Whether the whole of each text matches the regular expression `pattern`."""
    static = isinstance(pattern, (str, bytes))
    with name_scope(name, "StaticRegexFullMatch" if static else "RegexFullMatch", [input, pattern]) as scope:
        tensor = convert_to_tensor(input, dtypes.string, name="input")
        if static:
            matches: Tensor = apply_op("StaticRegexFullMatch", tensor, name=scope, pattern=pattern)
        else:
            matches = apply_op("RegexFullMatch", tensor, *_texts(pattern=pattern), name=scope)
    return matches


def _full_match(x: Array, *, pattern: Any) -> Array:
    expression = re.compile(_as_bytes(pattern))
    return each(lambda item: expression.fullmatch(item) is not None, x, np.bool_)


register(
    "StaticRegexFullMatch",
    _full_match,
    shape=same_as_input,
    dtypes=dtypes.bool_,
    gradient=NOT_DIFFERENTIABLE,
    types={},
)
register(
    "RegexFullMatch",
    lambda x, pattern: _full_match(x, pattern=pattern),
    shape=same_as_input,
    dtypes=dtypes.bool_,
    gradient=NOT_DIFFERENTIABLE,
    types={},
)


def string_length(input: Any, name: str | None = None, unit: str = "BYTE") -> Tensor:
    """The length of each text, an int32: in bytes, or in characters with unit `"UTF8_CHAR"`."""
    with name_scope(name, "StringLength", [input]) as scope:
        tensor = convert_to_tensor(input, dtypes.string, name="input")
        lengths: Tensor = apply_op("StringLength", tensor, name=scope, unit=_unit(unit))
    return lengths


def _string_length(x: Array, *, unit: str) -> Array:
    if unit == "BYTE":
        return each(len, x, np.int32)
    # A character of UTF-8 has one byte that does not continue another.
    return each(lambda item: sum(byte & 0xC0 != 0x80 for byte in item), x, np.int32)


register(
    "StringLength",
    _string_length,
    shape=same_as_input,
    dtypes=dtypes.int32,
    gradient=NOT_DIFFERENTIABLE,
    types={},
)


def string_strip(input: Any, name: str | None = None) -> Tensor:
    """Texts without white space at both ends."""
    with name_scope(name, "StringStrip", [input]) as scope:
        tensor = convert_to_tensor(input, dtypes.string, name="input")
        stripped: Tensor = apply_op("StringStrip", tensor, name=scope)
    return stripped


register(
    "StringStrip",
    lambda x: each(bytes.strip, x),
    shape=same_as_input,
    gradient=NOT_DIFFERENTIABLE,
    types={},
)


def string_lower(input: Any, encoding: str = "", name: str | None = None) -> Tensor:
    """Texts in lower case: ASCII letters, or all letters with encoding `"utf-8"`."""
    return _in_case("StringLower", input, encoding, name)


def string_upper(input: Any, encoding: str = "", name: str | None = None) -> Tensor:
    """Texts in upper case: ASCII letters, or all letters with encoding `"utf-8"`."""
    return _in_case("StringUpper", input, encoding, name)


def _in_case(type: str, input: Any, encoding: str, name: str | None) -> Tensor:
    if encoding not in ("", "utf-8"):
        raise ValueError(f"encoding must be '' or 'utf-8'; got {encoding!r}")
    with name_scope(name, type, [input]) as scope:
        tensor = convert_to_tensor(input, dtypes.string, name="input")
        changed: Tensor = apply_op(type, tensor, name=scope, encoding=encoding)
    return changed


def _lower(x: Array, *, encoding: str) -> Array:
    return each(lambda item: item.decode().lower().encode() if encoding else item.lower(), x)


def _upper(x: Array, *, encoding: str) -> Array:
    return each(lambda item: item.decode().upper().encode() if encoding else item.upper(), x)


register("StringLower", _lower, shape=same_as_input, gradient=NOT_DIFFERENTIABLE, types={})
register("StringUpper", _upper, shape=same_as_input, gradient=NOT_DIFFERENTIABLE, types={})
