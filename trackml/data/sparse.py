"""Sparse tensors in elements: between iterators and functions one goes as a single component, a variant tensor.

So transformations that move, pick and stack components need not know of them; who makes a component of a value, or a
value of a component, calls `boxed` and `unboxed`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from trackml import nest
from trackml.dtypes import variant
from trackml.graph.function import TensorSpec
from trackml.graph.operation import Tensor
from trackml.graph.sparse_tensor import SparseTensor
from trackml.ops.sparse_serialization import deserialize_sparse, serialize_many_sparse, serialize_sparse
from trackml.shapes import TensorShape


@dataclass(frozen=True)
class SparseTensorSpec(TensorSpec):
    """What is known of a component that is a sparse tensor: the type of its values, the shape of the whole."""


def class_of(spec: TensorSpec) -> type:
    """The class of a component."""
    return SparseTensor if isinstance(spec, SparseTensorSpec) else Tensor


def like(spec: TensorSpec, shape: TensorShape) -> TensorSpec:
    """The spec of a component of the same type and class under another shape."""
    kind = SparseTensorSpec if isinstance(spec, SparseTensorSpec) else TensorSpec
    return kind(spec.dtype, shape)


def carried(spec: TensorSpec) -> TensorSpec:
    """The spec of the tensor that a component goes as."""
    # Elements are variant vectors, batches of them are matrices: of the shape nothing can be said.
    return TensorSpec(variant, TensorShape(None)) if isinstance(spec, SparseTensorSpec) else spec


def boxed(value: Any) -> Any:
    """The tensor that a value goes as; arrays and tensors go as they are."""
    return serialize_sparse(value) if isinstance(value, SparseTensor) else value


def boxed_slices(value: Any) -> Any:
    """The tensor of which a row is what a slice of a value along its first axis goes as."""
    return serialize_many_sparse(value) if isinstance(value, SparseTensor) else value


def unboxed(tensor: Tensor, spec: TensorSpec) -> Tensor | SparseTensor:
    """The value that goes as `tensor`."""
    return deserialize_sparse(tensor, spec.dtype, spec.shape.ndims) if isinstance(spec, SparseTensorSpec) else tensor


def element_like(spec: Any, tensors: Sequence[Tensor]) -> Any:
    """The element whose components go as `tensors`, in the structure of its spec."""
    return nest.pack_like(spec, [unboxed(*pair) for pair in zip(tensors, nest.flatten(spec))])


def spec_of_result(tensor: Tensor) -> TensorSpec:
    """What is known of the value that goes as `tensor`, which a function gives."""
    if tensor.op.type != "SerializeSparse":
        return TensorSpec(tensor.dtype, tensor.shape)
    parts = SparseTensor(*tensor.op.inputs)
    return SparseTensorSpec(parts.dtype, parts.shape)
