"""Lists of tensors as values: what arrays of tensors and the memory of loops are made of.

A list is never changed: to set an item gives another list. That copies as many references as the list has items,
which for the loops of a recurrent network is little beside one step of its cell, and makes gradients plain: the
gradient of taking an item out of a list is a list that holds that one item, and such lists are added.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.dtypes import DType
from trackml.graph.conversion import constant, constant_value_as_shape
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, register
from trackml.graph.shape_rules import scalar
from trackml.shapes import TensorShape

Array = np.ndarray[Any, Any]
"""An array of any shape and type."""


class TensorList:
    """Arrays, or None where none was set yet; None counts as zeros.

    It has no length and no items as Python has them, so that numpy takes it for one object.
    """

    __slots__ = ("items",)

    def __init__(self, items: Sequence[Any]) -> None:
        self.items = items

    def __add__(self, other: TensorList) -> TensorList:
        pairs = zip(self.items, other.items, strict=True)
        return TensorList([b if a is None else a if b is None else a + b for a, b in pairs])


def element_shape(shape: TensorShape) -> Tensor:
    """A static shape as the input of an operation on lists: -1 where a size is unknown."""
    if shape.sizes is None:
        return constant(-1, dtypes.int32, name="element_shape")
    sizes = [-1 if size is None else size for size in shape.as_list()]
    return constant(sizes, dtypes.int32, shape=[len(sizes)], name="element_shape")


def dynamic_shape(tensor: Tensor) -> Tensor:
    """The shape of a tensor as the input of an operation on lists, known at run time at the latest."""
    if tensor.dtype is dtypes.variant or tensor.shape.is_fully_defined():
        return element_shape(tensor.shape)
    shape: Tensor = apply_op("Shape", tensor, out_type=dtypes.int32)
    return shape


def _element_static_shape(shape: Tensor) -> TensorShape:
    return TensorShape(None) if shape.shape.ndims == 0 else constant_value_as_shape(shape)


def _zeros(shape: Array, dtype: DType, count: tuple[int, ...] = ()) -> Array:
    sizes = np.asarray(shape).tolist()
    if not isinstance(sizes, list) or any(size < 0 for size in sizes):
        raise ValueError("Trying to read an item of a list that was not written, and whose shape is not known.")
    return np.zeros([*count, *sizes], dtype.as_numpy_dtype)


def reserve(shape: TensorShape, count: Tensor, dtype: DType) -> Tensor:
    """A list of `count` items, none of them set."""
    result: Tensor = apply_op("TensorListReserve", element_shape(shape), count, element_dtype=dtype)
    return result


register(
    "TensorListReserve",
    lambda shape, count: TensorList([None] * int(count)),
    shape=scalar,
    dtypes=dtypes.variant,
    gradient=NOT_DIFFERENTIABLE,
    types={"shape_type": 0},
)


def length(handle: Tensor) -> Tensor:
    """How many items a list has, int32."""
    result: Tensor = apply_op("TensorListLength", handle)
    return result


register(
    "TensorListLength",
    lambda handle: np.int32(len(handle.items)),
    shape=scalar,
    dtypes=dtypes.int32,
    gradient=NOT_DIFFERENTIABLE,
    types={},
)


def get_item(handle: Tensor, index: Tensor, shape: Tensor, dtype: DType) -> Tensor:
    """One item of a list; zeros of `shape` where none was set."""
    item: Tensor = apply_op("TensorListGetItem", handle, index, shape, element_dtype=dtype)
    return item


def _get_item(handle: TensorList, index: Any, shape: Array, *, element_dtype: DType) -> Any:
    if not 0 <= index < len(handle.items):
        raise IndexError(f"Trying to access element {index} in a list with {len(handle.items)} elements.")
    item = handle.items[index]
    return _zeros(shape, element_dtype) if item is None else item


def _get_item_grad(op: Operation, grad: Tensor) -> list[Tensor | None]:
    handle, index, _ = op.inputs
    return [apply_op("TensorListSetItem", apply_op("ZerosLike", handle), index, grad), None, None]


register(
    "TensorListGetItem",
    _get_item,
    shape=lambda op: _element_static_shape(op.inputs[2]),
    dtypes="element_dtype",
    gradient=_get_item_grad,
    types={},
)


def set_item(handle: Tensor, index: Tensor, item: Tensor) -> Tensor:
    """A list in which the item at `index` is another."""
    changed: Tensor = apply_op("TensorListSetItem", handle, index, item)
    return changed


def _set_item(handle: TensorList, index: Any, item: Any) -> TensorList:
    if not 0 <= index < len(handle.items):
        raise IndexError(f"Tried to write to index {index} but array is not resizeable and size is: "
                         f"{len(handle.items)}")  # fmt: skip
    items = list(handle.items)
    items[index] = item
    return TensorList(items)


def _set_item_grad(op: Operation, grad: Tensor) -> list[Tensor | None]:
    _, index, item = op.inputs
    own = get_item(grad, index, dynamic_shape(item), item.dtype)
    return [apply_op("TensorListSetItem", grad, index, apply_op("ZerosLike", own)), None, own]


register(
    "TensorListSetItem",
    _set_item,
    shape=scalar,
    dtypes=dtypes.variant,
    gradient=_set_item_grad,
    types={"element_dtype": 2},
)


def resize(handle: Tensor, count: Tensor) -> Tensor:
    """The list with `count` items: the first of its own, and unset ones behind them."""
    resized: Tensor = apply_op("TensorListResize", handle, count)
    return resized


def _resize(handle: TensorList, size: Any) -> TensorList:
    items = list(handle.items[: int(size)])
    return TensorList(items + [None] * (int(size) - len(items)))


register(
    "TensorListResize",
    _resize,
    shape=scalar,
    dtypes=dtypes.variant,
    gradient=lambda op, grad: [apply_op("TensorListResize", grad, length(op.inputs[0])), None],
    types={},
)


def from_tensor(tensor: Tensor) -> Tensor:
    """A list of the parts of `tensor` along its first axis."""
    handle: Tensor = apply_op("TensorListFromTensor", tensor, element_shape(tensor.shape[1:]))
    return handle


def _from_tensor_grad(op: Operation, grad: Tensor) -> list[Tensor | None]:
    tensor = op.inputs[0]
    shape = dynamic_shape(tensor)
    item = apply_op("StridedSlice", shape, constant([1]), constant([0]), constant([1]),
                    begin_mask=0, end_mask=1, ellipsis_mask=0, new_axis_mask=0, shrink_axis_mask=0)  # fmt: skip
    whole = stack(grad, item, tensor.dtype)
    whole.set_shape(tensor.shape)
    return [whole, None]


register(
    "TensorListFromTensor",
    lambda tensor, shape: TensorList(list(tensor)),
    shape=scalar,
    dtypes=dtypes.variant,
    gradient=_from_tensor_grad,
    types={"element_dtype": 0, "shape_type": 1},
)


def stack(handle: Tensor, shape: Tensor, dtype: DType, count: int | None = None) -> Tensor:
    """The items of a list along a new first axis; zeros of `shape` for those that were not set."""
    whole: Tensor = apply_op(
        "TensorListStack", handle, shape, element_dtype=dtype, num_elements=-1 if count is None else count
    )
    return whole


def _stack(handle: TensorList, shape: Array, *, element_dtype: DType) -> Array:
    items = handle.items
    written = next((item for item in items if item is not None), None)
    if written is None:
        sizes = np.asarray(shape)
        known = np.where(sizes < 0, 0, sizes) if not items else sizes
        return _zeros(known, element_dtype, (len(items),))
    blank = np.zeros_like(written)
    return np.array([blank if item is None else item for item in items], element_dtype.as_numpy_dtype)


def _stack_shape(op: Operation) -> TensorShape:
    count = op.attrs["num_elements"]
    return TensorShape([None if count < 0 else count]).concatenate(_element_static_shape(op.inputs[1]))


register(
    "TensorListStack",
    _stack,
    shape=_stack_shape,
    dtypes="element_dtype",
    gradient=lambda op, grad: [from_tensor(grad), None],
    types={},
)
