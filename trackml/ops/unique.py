"""The different elements of a vector."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from trackml import dtypes
from trackml.dtypes import DType, as_dtype
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, register
from trackml.shapes import TensorShape

Array = np.ndarray[Any, Any]

_FEW = 40
"""Up to so many numbers a dictionary is faster than sorting them. Measured: 128 numbers of which some come twice take
22 microseconds, sorted 10."""


class Unique(NamedTuple):
    """The different elements of a vector."""

    y: Tensor
    """Each of them once, in the order in which they first come."""
    idx: Tensor
    """Where in `y` each element of the vector is."""


class UniqueWithCounts(NamedTuple):
    """The different elements of a vector, and how often each of them comes."""

    y: Tensor
    """Each of them once, in the order in which they first come."""
    idx: Tensor
    """Where in `y` each element of the vector is."""
    count: Tensor  # type: ignore[assignment]  # TensorFlow's name, though tuples have a method of that name
    """How often each element of `y` comes."""


def unique(x: Any, out_idx: Any = dtypes.int32, name: str | None = None) -> Unique:
    """The different elements of a vector.

    Args:
        x: A vector.
        out_idx: The type of the positions: int32 or int64.
        name: Name of the operation.

    Raises:
        ValueError: `x` is no vector.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     y, idx = session.run(tf.unique([7, 3, 7]))
        ...     print(y, idx)
        [7 3] [0 1 0]
    """
    return Unique(*apply_op("Unique", convert_to_tensor(x, name="x"), name=name, out_idx=as_dtype(out_idx)))


def unique_with_counts(x: Any, out_idx: Any = dtypes.int32, name: str | None = None) -> UniqueWithCounts:
    """The different elements of a vector and how often each of them comes; arguments as for `unique`."""
    x = convert_to_tensor(x, name="x")
    return UniqueWithCounts(*apply_op("UniqueWithCounts", x, name=name, out_idx=as_dtype(out_idx)))


def _unique_with_counts(x: Array, *, out_idx: DType) -> tuple[Array, Array, Array]:
    sorted_values, first, inverse, count = np.unique(x, return_index=True, return_inverse=True, return_counts=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    positions = out_idx.as_numpy_dtype
    return sorted_values[order], rank[inverse].astype(positions), count[order].astype(positions)


def _unique(x: Array, *, out_idx: DType) -> tuple[Array, Array]:
    # NaN differs from itself, which a dictionary does not see: other numbers are sorted.
    if x.dtype.kind in "iubO" and (len(x) <= _FEW or x.dtype.kind == "O"):
        return _unique_of_few(x, out_idx.as_numpy_dtype)
    if x.dtype.kind in "iu":
        return _unique_integers(x, out_idx.as_numpy_dtype)
    values, positions, _ = _unique_with_counts(x, out_idx=out_idx)
    return values, positions


def _unique_integers(x: Array, positions: Any) -> tuple[Array, Array]:
    order = x.argsort(kind="stable")
    ordered = x[order]
    is_first = np.empty(len(x), np.bool_)
    is_first[0] = True
    np.not_equal(ordered[1:], ordered[:-1], is_first[1:])
    first = order[is_first]
    by_place = first.argsort()
    rank = np.empty(len(first), positions)
    rank[by_place] = np.arange(len(first), dtype=positions)
    places = np.empty(len(x), positions)
    places[order] = rank[np.cumsum(is_first) - 1]
    return x[first[by_place]], places


def _unique_of_few(x: Array, positions: Any) -> tuple[Array, Array]:
    items = x.tolist()
    places: dict[Any, Any] = dict.fromkeys(items)
    if len(places) == len(items):
        return x, np.arange(len(items), dtype=positions)
    places = {item: place for place, item in enumerate(places)}
    return np.array(list(places), x.dtype), np.array([places[item] for item in items], positions)


def _shapes(op: Operation) -> list[TensorShape]:
    vector = op.inputs[0].shape.with_rank(1)
    different = TensorShape([None])
    return [different, vector] if op.type == "Unique" else [different, vector, different]


def _dtypes(op: Operation) -> list[DType]:
    positions: DType = op.get_attr("out_idx")
    return [op.inputs[0].dtype] + [positions] * (1 if op.type == "Unique" else 2)


register("Unique", _unique, shape=_shapes, dtypes=_dtypes, gradient=NOT_DIFFERENTIABLE)
register("UniqueWithCounts", _unique_with_counts, shape=_shapes, dtypes=_dtypes, gradient=NOT_DIFFERENTIABLE)
