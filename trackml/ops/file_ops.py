"""Files read and written by operations, and bytes as numbers."""

from __future__ import annotations

import glob
import os
import zlib
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.dtypes import DType, as_dtype
from trackml.errors import NotFoundError
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, Kernel, register
from trackml.graph.runtime import Runtime
from trackml.graph.shape_rules import no_outputs, same_as_input, scalar
from trackml.ops.array import either
from trackml.ops.framework import name_scope
from trackml.ops.strings import each
from trackml.shapes import TensorShape

Array = np.ndarray[Any, Any]

_RAW_TYPES = ("float16", "float32", "float64", "int32", "uint16", "uint8", "int16", "int8", "int64", "complex64",
              "complex128", "bool")  # fmt: skip


def _path(name: Any) -> str:
    return os.fsdecode(bytes(np.asarray(name, object)[()]))


def _text(value: bytes) -> Array:
    array = np.empty((), object)
    array[()] = value
    return array


def read_file(filename: Any, name: str | None = None) -> Tensor:
    """The bytes of a file, a scalar string; NotFoundError when it runs and there is none."""
    with name_scope(name, "ReadFile", [filename]) as scope:
        path = convert_to_tensor(filename, dtypes.string, name="filename")
        contents: Tensor = apply_op("ReadFile", path, name=scope)
    return contents


def _read_file(op: Operation, runtime: Runtime) -> Kernel:
    # Bound, though it has no state: a file may change, so its contents are no constant.
    def read(filename: Array) -> Array:
        path = _path(filename)
        try:
            with open(path, "rb") as file:
                return _text(file.read())
        except FileNotFoundError:
            raise NotFoundError(None, None, f"{path}; No such file or directory") from None
        except OSError as error:
            raise ValueError(f"{path}; {error.strerror}") from error

    return read


def _scalar_input(op: Operation) -> TensorShape:
    op.inputs[0].shape.with_rank(0)
    return scalar(op)


register("ReadFile", bind=_read_file, shape=_scalar_input, gradient=NOT_DIFFERENTIABLE, types={})


def write_file(filename: Any, contents: Any, name: str | None = None) -> Operation:
    """An operation that writes bytes into a file, and makes the directories on the way.

    Args:
        filename: A scalar string.
        contents: A scalar string.
        name: Name of the operation.
    """
    with name_scope(name, "WriteFile", [filename, contents]) as scope:
        path = convert_to_tensor(filename, dtypes.string, name="filename")
        written: Operation = apply_op(
            "WriteFile", path, convert_to_tensor(contents, dtypes.string, name="contents"), name=scope
        )
    return written


def _write_file(op: Operation, runtime: Runtime) -> Kernel:
    def write(filename: Array, contents: Array) -> None:
        path = _path(filename)
        try:
            os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
            with open(path, "wb") as file:
                file.write(bytes(np.asarray(contents, object)[()]))
        except OSError as error:
            raise ValueError(f"{path}; {error.strerror}") from error

    return write


register("WriteFile", bind=_write_file, shape=no_outputs, gradient=NOT_DIFFERENTIABLE, types={})


def matching_files(pattern: Any, name: str | None = None) -> Tensor:
    """The files that match a pattern, or any of several, in the order of their names: strings `[files]`."""
    with name_scope(name, "MatchingFiles", [pattern]) as scope:
        patterns = convert_to_tensor(pattern, dtypes.string, name="pattern")
        files: Tensor = apply_op("MatchingFiles", patterns, name=scope)
    return files


def _matching_files(op: Operation, runtime: Runtime) -> Kernel:
    def match(patterns: Array) -> Array:
        texts = [os.fsdecode(item) for item in np.asarray(patterns, object).ravel()]
        found = sorted({os.fsencode(path) for text in texts for path in glob.glob(text)})
        result = np.empty(len(found), object)
        result[:] = found
        return result

    return match


register(
    "MatchingFiles",
    bind=_matching_files,
    shape=lambda op: TensorShape([None]),
    dtypes=dtypes.string,
    gradient=NOT_DIFFERENTIABLE,
    types={},
)


def decode_raw(
    input_bytes: Any = None,
    out_type: Any = None,
    little_endian: bool = True,
    name: str | None = None,
    bytes: Any = None,
) -> Tensor:
    """The numbers whose bytes stand in strings.

    Args:
        input_bytes: Strings of any shape, all of one length.
        out_type: The type of the numbers.
        little_endian: Whether the lowest byte of a number comes first.
        name: Name of the operation.
        bytes: The older name of `input_bytes`.

    Returns:
        A tensor with one more axis than `input_bytes`, for the numbers of a string.

    Raises:
        TypeError: There are no such numbers in strings.
    """
    texts = either("input_bytes", input_bytes, "bytes", bytes)
    wanted = as_dtype(out_type)
    if wanted.name not in _RAW_TYPES:
        raise TypeError(
            f"Value passed to parameter 'out_type' has DataType {wanted.name} not in list of allowed values: "
            f"{', '.join(_RAW_TYPES)}"
        )
    with name_scope(name, "DecodeRaw", [texts]) as scope:
        data = convert_to_tensor(texts, dtypes.string, name="bytes")
        numbers: Tensor = apply_op("DecodeRaw", data, name=scope, out_type=wanted, little_endian=little_endian)
    return numbers


def _decode_raw(texts: Array, *, out_type: DType, little_endian: bool) -> Array:
    items = np.asarray(texts, object)
    flat = items.ravel().tolist()
    length = len(flat[0]) if flat else 0
    for index, item in enumerate(flat):
        if len(item) != length:
            raise ValueError(
                "DecodeRaw requires input strings to all be the same size, but element "
                f"{index} has size {length} != {len(item)}"
            )
    dtype = np.dtype(out_type.as_numpy_dtype)
    if length % dtype.itemsize:
        raise ValueError(
            f"Input to DecodeRaw has length {length} that is not a multiple of {dtype.itemsize}, the size of "
            f"{out_type.name}"
        )
    numbers = np.frombuffer(b"".join(flat), dtype.newbyteorder("<" if little_endian else ">"))
    return numbers.astype(dtype, copy=False).reshape(*items.shape, length // dtype.itemsize)


register(
    "DecodeRaw",
    _decode_raw,
    shape=lambda op: op.inputs[0].shape.concatenate(TensorShape([None])),
    dtypes="out_type",
    gradient=NOT_DIFFERENTIABLE,
    types={},
)


def decode_compressed(bytes: Any, compression_type: str = "", name: str | None = None) -> Tensor:
    """Strings unpacked.

    Args:
        bytes: Strings of any shape.
        compression_type: `"ZLIB"`, `"GZIP"`, or empty for strings that are not packed.
        name: Name of the operation.
    """
    if compression_type not in ("", "ZLIB", "GZIP"):
        raise ValueError(f"compression_type must be '', 'ZLIB' or 'GZIP'; got {compression_type!r}")
    with name_scope(name, "DecodeCompressed", [bytes]) as scope:
        data = convert_to_tensor(bytes, dtypes.string, name="bytes")
        unpacked: Tensor = apply_op("DecodeCompressed", data, name=scope, compression_type=compression_type)
    return unpacked


def _decode_compressed(texts: Array, *, compression_type: str) -> Array:
    bits = {"ZLIB": zlib.MAX_WBITS, "GZIP": 16 + zlib.MAX_WBITS}.get(compression_type)
    if bits is None:
        return texts
    try:
        return each(lambda item: zlib.decompress(item, bits), texts)
    except zlib.error as error:
        raise ValueError(f"Cannot unpack {compression_type} data: {error}") from error


register("DecodeCompressed", _decode_compressed, shape=same_as_input, gradient=NOT_DIFFERENTIABLE, types={})
