"""Values as tensors: constants, placeholders, and what a tensor's value is while the graph is built."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.dtypes import DType, as_dtype
from trackml.errors import InvalidArgumentError
from trackml.graph.graph import apply_op, get_default_graph
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import Kernel, register
from trackml.graph.runtime import Runtime
from trackml.shapes import Dimension, TensorShape, as_shape

_FOLDED_ELEMENTS = 4096
"""Shapes and axes are small; anything larger is not worth computing while the graph is built."""


def constant(value: Any, dtype: Any = None, shape: Any = None, name: str = "Const") -> Tensor:
    """A tensor that is always `value`.

    Args:
        value: A number, string, array or nested list of these.
        dtype: Element type; by default that of an array, float32 for Python floats and int32 for Python ints.
        shape: Shape to give it; a single element fills it.
        name: Name of the operation.

    Returns:
        A tensor of that type and shape.

    Raises:
        TypeError: The value is not of `dtype`.
        ValueError: The value has more elements than `shape`, or rows of unequal length.

    Example:
        >>> import trackml as tf
        >>> tf.constant([1.0, 2.0]).dtype
        tf.float32
    """
    array = to_array(value, as_dtype(dtype) if dtype is not None else None)
    if shape is not None:
        array = _filled(array, as_shape(shape).as_list())
    return _constant(array, as_dtype(dtype if dtype is not None else array.dtype), name)


def _filled(array: np.ndarray[Any, Any], sizes: Sequence[int | None]) -> np.ndarray[Any, Any]:
    wanted = int(np.prod(np.array(sizes, dtype=np.int64)))
    if array.size == wanted or wanted == 0:
        return array.ravel()[:wanted].reshape([int(size or 0) for size in sizes])
    if array.size > wanted or array.size == 0:
        raise ValueError(f"Too many elements provided. Needed at most {wanted}, but received {array.size}")
    flat = array.ravel()
    padding = np.full(wanted - flat.size, flat[-1], dtype=flat.dtype)
    return np.concatenate([flat, padding]).reshape([int(size or 0) for size in sizes])


def _constant(array: np.ndarray[Any, Any], dtype: DType, name: str) -> Tensor:
    array.flags.writeable = False
    tensor: Tensor = apply_op("Const", name=name, value=array, dtype=dtype)
    return tensor


def convert_to_tensor(value: Any, dtype: Any = None, name: str | None = None, preferred_dtype: Any = None) -> Tensor:
    """`value` as a tensor: one already, or a constant made of it.

    Args:
        value: A tensor, a variable, an array, a number, a string, or nested lists of these.
        dtype: The type that is wanted.
        name: Name of the constant, where one is made.
        preferred_dtype: A type to take if the value can have it.

    Raises:
        ValueError: `value` is a tensor of another type than `dtype`.
        TypeError: `value` cannot be of that type.
    """
    wanted = as_dtype(dtype) if dtype is not None else None
    if isinstance(value, Tensor):
        if wanted is not None and value.dtype is not wanted:
            raise ValueError(
                f"Tensor conversion requested dtype {wanted.name} for Tensor with dtype {value.dtype.name}: {value}"
            )
        return value
    if hasattr(value, "_as_tensor"):
        return convert_to_tensor(value._as_tensor(), wanted, name)
    if isinstance(value, (list, tuple)) and _holds_tensors(value):
        return _packed(value, wanted, name)
    array = _preferred_array(value, wanted, preferred_dtype)
    return _constant(array, wanted or as_dtype(array.dtype), name or "Const")


def _preferred_array(value: Any, wanted: DType | None, preferred: Any) -> np.ndarray[Any, Any]:
    if wanted is None and preferred is not None:
        try:
            return to_array(value, as_dtype(preferred))
        except (TypeError, ValueError):
            return to_array(value, None)
    return to_array(value, wanted)


def _holds_tensors(values: Any) -> bool:
    return any(
        isinstance(item, Tensor)
        or hasattr(item, "_as_tensor")
        or (isinstance(item, (list, tuple)) and _holds_tensors(item))
        for item in values
    )


def _packed(values: Sequence[Any], dtype: DType | None, name: str | None) -> Tensor:
    """A list in which tensors stand, as one tensor; numbers take the type of the tensors beside them."""
    if dtype is None:
        dtype = next((item.dtype for item in values if isinstance(item, Tensor)), None)
    with get_default_graph().name_scope(name or "packed") as scope:
        items = [convert_to_tensor(item, dtype, name=str(index)) for index, item in enumerate(values)]
        packed: Tensor = apply_op("Pack", *items, name=scope, axis=0)
    return packed


def to_array(value: Any, dtype: DType | None) -> np.ndarray[Any, Any]:
    """`value` as an array of `dtype`, or of the type that TensorFlow takes for it; always the array's own copy.

    Raises:
        TypeError: Python values that are not of `dtype` (floats for an integer type, say), or no values at all.
        ValueError: Rows of unequal length.
    """
    if isinstance(value, TensorShape):
        value = [dimension.value for dimension in value]
    elif isinstance(value, Dimension):
        value = value.value
    if value is None or (isinstance(value, (list, tuple)) and any(item is None for item in value)):
        raise TypeError(f"None values not supported: cannot make a tensor of {value!r}.")
    typed = isinstance(value, (np.ndarray, np.generic)) or hasattr(value, "__array__")
    try:
        array = np.array(value)
    except ValueError as error:
        raise ValueError(f"Cannot make a tensor of rows of unequal length: {value!r:.200}") from error
    if array.dtype.kind in "OSU":
        return _string_array(array, value, dtype)
    return _typed_array(array, dtype) if typed else _python_array(array, value, dtype)


def _string_array(array: np.ndarray[Any, Any], value: Any, dtype: DType | None) -> np.ndarray[Any, Any]:
    if dtype not in (None, dtypes.string):
        if array.dtype.kind == "O" and not any(isinstance(item, (str, bytes)) for item in array.flat):
            return array.astype(dtype.as_numpy_dtype)
        raise TypeError(f"Expected {dtype.name}, got {value!r:.200} of type 'str' instead.")
    items = (np.asarray(value, dtype=object) if array.dtype.kind in "SU" else array).reshape(-1).tolist()
    result = np.empty(len(items), dtype=object)
    result[:] = items if set(map(type, items)) == {bytes} else [_bytes_of(item) for item in items]
    strings: np.ndarray[Any, Any] = result.reshape(array.shape)
    return strings


def _bytes_of(item: Any) -> bytes:
    if isinstance(item, bytes):
        return bytes(item)
    if isinstance(item, str):
        return item.encode("utf-8")
    raise TypeError(f"Cannot make a tensor of {item!r:.200} of type {type(item).__name__!r}.")


def _typed_array(array: np.ndarray[Any, Any], dtype: DType | None) -> np.ndarray[Any, Any]:
    if dtype is dtypes.string:
        raise TypeError(f"Expected string, got an array of {array.dtype} instead; use tf.as_string.")
    known = as_dtype(array.dtype) if dtype is None else dtype
    return array.astype(known.as_numpy_dtype, copy=False)


def _python_array(array: np.ndarray[Any, Any], value: Any, dtype: DType | None) -> np.ndarray[Any, Any]:
    if dtype is None:
        if array.dtype.kind == "f":
            return array.astype(np.float32)
        if array.dtype.kind == "i" and np.all(np.abs(array, dtype=np.float64) < 2**31):
            return array.astype(np.int32)
        return array.astype(as_dtype(array.dtype).as_numpy_dtype)
    kinds = {"f": dtype.is_floating or dtype.is_complex, "b": dtype.is_bool, "c": dtype.is_complex}
    if array.size and not kinds.get(array.dtype.kind, dtype.is_numeric):
        raise TypeError(f"Expected {dtype.name}, got {value!r:.200} of type '{_python_type(value)}' instead.")
    return array.astype(dtype.as_numpy_dtype)


def _python_type(value: Any) -> str:
    while isinstance(value, (list, tuple)) and value:
        value = value[0]
    return type(value).__name__


register(
    "Const",
    lambda *, value: value,
    shape=lambda op: TensorShape(op.attrs["value"].shape),
    dtypes="dtype",
    types={},
)


def placeholder(dtype: Any, shape: Any = None, name: str | None = None) -> Tensor:
    """A tensor whose value is given to each `Session.run` in its `feed_dict`.

    Args:
        dtype: Element type.
        shape: Static shape, with None for sizes that differ from run to run; None for any shape at all.
        name: Name of the operation.
    """
    tensor: Tensor = apply_op("Placeholder", name=name or "Placeholder", dtype=as_dtype(dtype), shape=as_shape(shape))
    return tensor


def _unfed(op: Operation, runtime: Runtime) -> Kernel:
    def fail() -> Any:
        raise InvalidArgumentError(
            None,
            None,
            f"You must feed a value for placeholder tensor '{op.name}' with dtype "
            f"{op.outputs[0].dtype.name} and shape {op.outputs[0].shape}",
        )

    return fail


register("Placeholder", bind=_unfed, shape=lambda op: op.attrs["shape"], dtypes="dtype", types={})


def constant_value(tensor: Any) -> np.ndarray[Any, Any] | None:
    """The value of a tensor that does not depend on anything a session provides; None when it does, or is large."""
    if not isinstance(tensor, Tensor):
        return to_array(tensor, None)
    source = original(tensor)
    known: dict[Operation, list[np.ndarray[Any, Any]] | None] = {}
    # Depth first without recursion, each operation once: graphs are deep, and their branches join again.
    waiting = [source.op]
    while waiting:
        op = waiting[-1]
        inputs = [original(item) for item in op.inputs]
        if op in known:
            waiting.pop()
        elif op.type in ("Const", "Shape") or _is_unknown(op) or any(known.get(item.op, ()) is None for item in inputs):
            known[op] = _known(op)
        elif unseen := [item.op for item in inputs if item.op not in known]:
            waiting.append(unseen[0])
        else:
            known[op] = _computed(op, [(known[item.op] or [])[item.value_index] for item in inputs])
    values = known[source.op]
    return None if values is None else values[source.value_index]


def _is_unknown(op: Operation) -> bool:
    """Whether the outputs depend on what a session provides, or are too large to be computed in advance."""
    is_large = any((item.shape.num_elements() or 0) > _FOLDED_ELEMENTS for item in op.outputs)
    return op.type == "PlaceholderWithDefault" or op.spec.stateful or is_large


def _known(op: Operation) -> list[np.ndarray[Any, Any]] | None:
    """The output of an operation that is constant by itself, None for any other."""
    if op.type == "Const":
        return [op.attrs["value"]]
    if op.type != "Shape":
        return None
    sizes = op.inputs[0].shape
    return [np.array(sizes.as_list(), op.outputs[0].dtype.as_numpy_dtype)] if sizes.is_fully_defined() else None


def original(tensor: Tensor) -> Tensor:
    """The tensor that a function captured, if `tensor` is what stands for it inside the function."""
    found = tensor
    while "_py_captured" in found.op.attrs:
        found = found.op.attrs["_py_captured"]
    return found


def _computed(op: Operation, inputs: Sequence[Any]) -> list[np.ndarray[Any, Any]]:
    with np.errstate(all="ignore"):
        result = op.spec.pure_kernel(op)(*inputs)
    several = op.spec.lists or len(op.outputs) != 1
    return [np.asarray(item) for item in (result if several else [result])]


def constant_value_as_shape(tensor: Tensor) -> TensorShape:
    """The shape that an integer vector stands for, as far as it is known; -1 counts as unknown."""
    tensor = original(tensor)
    value = constant_value(tensor)
    if value is not None:
        return TensorShape([None if size < 0 else int(size) for size in value.ravel()])
    if tensor.op.type == "Shape":
        return tensor.op.inputs[0].shape
    if tensor.op.type == "Pack":
        return TensorShape([_known_size(item) for item in tensor.op.inputs])
    if tensor.op.type == "ConcatV2":
        parts = [constant_value_as_shape(item) for item in tensor.op.inputs[:-1]]
        whole = TensorShape([])
        for part in parts:
            whole = whole.concatenate(part)
        return whole
    if tensor.op.type == "StridedSlice":
        return _sliced_shape(tensor)
    return TensorShape([None] * tensor.shape.sizes[0]) if _known_length(tensor) else TensorShape(None)  # type: ignore[index, operator]


def _known_length(tensor: Tensor) -> bool:
    return tensor.shape.sizes is not None and len(tensor.shape.sizes) == 1 and tensor.shape.sizes[0] is not None


def _known_size(tensor: Tensor) -> int | None:
    """The size that a scalar stands for, looking through `tf.shape(x)[i]`."""
    value = constant_value(tensor)
    if value is not None:
        return None if value < 0 else int(value)
    if tensor.op.type == "StridedSlice" and tensor.op.inputs[0].op.type == "Shape":
        sizes = tensor.op.inputs[0].op.inputs[0].shape.sizes
        begin = constant_value(tensor.op.inputs[1])
        if sizes is not None and begin is not None and begin.size == 1 and tensor.shape.ndims == 0:
            return sizes[int(begin.ravel()[0])]
    return None


def _sliced_shape(tensor: Tensor) -> TensorShape:
    whole = constant_value_as_shape(tensor.op.inputs[0])
    bounds = [constant_value(item) for item in tensor.op.inputs[1:4]]
    masks = tensor.op.attrs
    simple = not (masks.get("ellipsis_mask") or masks.get("new_axis_mask") or masks.get("shrink_axis_mask"))
    if whole.sizes is None or not simple or any(bound is None or bound.size != 1 for bound in bounds):
        return TensorShape([None] * tensor.shape.sizes[0]) if _known_length(tensor) else TensorShape(None)  # type: ignore[index, operator]
    begin, end, step = (int(bound.ravel()[0]) for bound in bounds if bound is not None)
    first = None if masks.get("begin_mask", 0) & 1 else begin
    last = None if masks.get("end_mask", 0) & 1 else end
    return TensorShape(whole.sizes[first:last:step])
