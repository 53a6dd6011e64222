"""Arrays of tensors that a loop writes one item at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trackml import dtypes, nest
from trackml.dtypes import as_dtype
from trackml.graph.conversion import constant_value, convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.operation import Tensor
from trackml.ops import tensor_list
from trackml.ops.array import identity
from trackml.ops.framework import name_scope
from trackml.ops.gathering import gather
from trackml.shapes import TensorShape, as_shape


class TensorArray:
    """Tensors of one type under the indices 0, 1, ..., for loops.

    It is a value: `write` gives another array and leaves this one as it is, so use what it returns.

    Args:
        dtype: Element type of the tensors.
        size: How many there are; None only when `flow` is given.
        dynamic_size: Whether writing beyond the end makes the array longer.
        clear_after_read: Accepted for TensorFlow's sake.
        tensor_array_name: Accepted for TensorFlow's sake.
        handle: Accepted for TensorFlow's sake.
        flow: The list that the array stands for.
        infer_shape: Whether all items have the shape of the first.
        element_shape: The shape of the items, as far as it is known.
        colocate_with_first_write_call: Accepted for TensorFlow's sake.
        name: Name scope.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     array = tf.TensorArray(tf.float32, 2).write(0, [1.0, 2.0]).write(1, [3.0, 4.0])
        ...     print(session.run(array.stack()))
        [[1. 2.]
         [3. 4.]]
    """

    def __init__(
        self,
        dtype: Any,
        size: Any = None,
        dynamic_size: bool | None = None,
        clear_after_read: bool | None = None,
        tensor_array_name: str | None = None,
        handle: Any = None,
        flow: Tensor | None = None,
        infer_shape: bool = True,
        element_shape: Any = None,
        colocate_with_first_write_call: bool = True,
        name: str | None = None,
    ) -> None:
        self.dtype = as_dtype(dtype)
        self._dynamic = bool(dynamic_size)
        self._infer_shape = infer_shape
        self._element_shape = as_shape(element_shape)
        self._count: int | None = None
        if flow is not None:
            self.flow = flow
            return
        if size is None:
            raise ValueError("Size must be provided if flow is not provided.")
        with name_scope(name, "TensorArray", [size]):
            count = convert_to_tensor(size, dtypes.int32, name="size")
            known = constant_value(count)
            self._count = None if known is None or self._dynamic else int(known)
            self.flow = tensor_list.reserve(self._element_shape, count, self.dtype)

    @property
    def element_shape(self) -> TensorShape:
        """What is known of the shape of the items."""
        return self._element_shape

    @property
    def dynamic_size(self) -> bool:
        """Whether writing beyond the end makes the array longer."""
        return self._dynamic

    def with_flow(self, flow: Tensor) -> TensorArray:
        """An array like this one that stands for another list."""
        other = TensorArray(
            self.dtype,
            dynamic_size=self._dynamic,
            flow=flow,
            infer_shape=self._infer_shape,
            element_shape=self._element_shape,
        )
        other._count = self._count
        return other

    def identity(self) -> TensorArray:
        """The same array, available after the control dependencies around."""
        return self.with_flow(identity(self.flow))

    def read(self, index: Any, name: str | None = None) -> Tensor:
        """The tensor at `index`."""
        with name_scope(name, "TensorArrayRead", [index]):
            shape = tensor_list.element_shape(self._element_shape)
            return tensor_list.get_item(self.flow, convert_to_tensor(index, dtypes.int32), shape, self.dtype)

    def write(self, index: Any, value: Any, name: str | None = None) -> TensorArray:
        """An array in which the tensor at `index` is `value`."""
        with name_scope(name, "TensorArrayWrite", [index, value]):
            item = convert_to_tensor(value, self.dtype, name="value")
            place = convert_to_tensor(index, dtypes.int32, name="index")
            flow = self.flow
            if self._dynamic:
                flow = tensor_list.resize(flow, apply_op("Maximum", tensor_list.length(flow), place + 1))
            written = self.with_flow(tensor_list.set_item(flow, place, item))
        return written._learn(self, item.shape)

    def _learn(self, source: TensorArray, shape: TensorShape) -> TensorArray:
        """Notes the shape of an item, in the array that it was written to as well: a loop's arrays stay alike."""
        if self._infer_shape:
            self._element_shape = self._element_shape.merge_with(shape)
            source._element_shape = self._element_shape
        return self

    def stack(self, name: str | None = None) -> Tensor:
        """All tensors as one, along a new first axis."""
        with name_scope(name, "TensorArrayStack", [self.flow]):
            shape = tensor_list.element_shape(self._element_shape)
            return tensor_list.stack(self.flow, shape, self.dtype, self._count)

    def gather(self, indices: Any, name: str | None = None) -> Tensor:
        """The tensors at `indices` as one, along a new first axis."""
        with name_scope(name, "TensorArrayGather", [indices]):
            return gather(self.stack(), indices)

    def unstack(self, value: Any, name: str | None = None) -> TensorArray:
        """An array of the parts of `value` along its first axis."""
        with name_scope(name, "TensorArrayUnstack", [value]):
            tensor = convert_to_tensor(value, self.dtype, name="value")
            result = self.with_flow(tensor_list.from_tensor(tensor))
            result._count = tensor.shape.with_rank_at_least(1).as_list()[0] if tensor.shape.ndims else None
        return result._learn(self, tensor.shape[1:])

    def size(self, name: str | None = None) -> Tensor:
        """How many tensors there are, int32."""
        with name_scope(name, "TensorArraySize", [self.flow]):
            return tensor_list.length(self.flow)

    def close(self, name: str | None = None) -> None:
        """Does nothing: the list goes when nobody uses it."""


def as_tensors(structure: Any) -> list[Tensor]:
    """The leaves of a structure as tensors; an array gives the list that it stands for."""
    return [leaf.flow if isinstance(leaf, TensorArray) else convert_to_tensor(leaf) for leaf in nest.flatten(structure)]


def like_arrays(structure: Any, tensors: Sequence[Tensor]) -> Any:
    """`tensors` in a structure, as arrays where that has arrays."""
    leaves = nest.flatten(structure)
    packed = [
        leaf.with_flow(tensor) if isinstance(leaf, TensorArray) else tensor for leaf, tensor in zip(leaves, tensors)
    ]
    return nest.pack_like(structure, packed)
