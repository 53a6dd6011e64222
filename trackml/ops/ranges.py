"""Sequences of numbers at equal distances, and masks made of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from trackml import dtypes
from trackml.dtypes import DType, as_dtype
from trackml.graph.conversion import constant, constant_value, convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, register
from trackml.ops.array import expand_dims
from trackml.ops.framework import name_scope
from trackml.shapes import TensorShape

Array = np.ndarray[Any, Any]

_BY_SIZE = (dtypes.int32, dtypes.int64, dtypes.float32, dtypes.float64)
"""The types of a range: the arguments are taken as the last of theirs in this order."""


def range(start: Any, limit: Any = None, delta: Any = 1, dtype: Any = None, name: str | None = "range") -> Tensor:
    """The numbers from `start` up to but not including `limit`, at distance `delta`.

    Args:
        start: The first number; the limit, when `limit` is not given, and then the range starts at 0.
        limit: Where to stop.
        delta: The distance; may be negative.
        dtype: Type of the numbers; that of the arguments if not given.
        name: Name of the operation.

    Returns:
        A vector.
    """
    if limit is None:
        start, limit = 0, start
    from trackml.ops.math import cast

    with name_scope(name, "range", [start, limit, delta]) as scope:
        wanted = None if dtype is None else as_dtype(dtype)
        bounds = [convert_to_tensor(value, None if isinstance(value, Tensor) else wanted, name=argument)
                  for argument, value in (("start", start), ("limit", limit), ("delta", delta))]  # fmt: skip
        common = wanted or _widest([bound.dtype for bound in bounds])
        numbers: Tensor = apply_op("Range", *(cast(bound, common) for bound in bounds), name=scope)
    return numbers


def _widest(types: list[DType]) -> DType:
    for dtype in types:
        if dtype not in _BY_SIZE:
            raise TypeError(f"The bounds of a range are int32, int64, float32 or float64; got {dtype.name}.")
    return max(types, key=_BY_SIZE.index)


def _range(start: Array, limit: Array, delta: Array) -> Array:
    dtype = np.asarray(start).dtype
    if delta == 0:
        raise ValueError("Requires delta != 0: 0")
    count = max(int(np.ceil((limit - start) / delta)), 0)
    # As TensorFlow does, one addition after the other, so that float32 rounds in the same places.
    if dtype.kind == "f":
        steps = np.full(count, delta, dtype)
        steps[:1] = start
        return np.add.accumulate(steps, dtype=dtype)
    return np.arange(count, dtype=dtype) * delta + start


def _range_shape(op: Operation) -> TensorShape:
    for tensor in op.inputs:
        tensor.shape.with_rank(0)
    values = [constant_value(tensor) for tensor in op.inputs]
    if any(value is None for value in values):
        return TensorShape([None])
    start, limit, delta = (value for value in values if value is not None)
    return TensorShape([None]) if delta == 0 else TensorShape([_range(start, limit, delta).size])


register(
    "Range",
    _range,
    shape=_range_shape,
    gradient=NOT_DIFFERENTIABLE,
    types={"Tidx": 0},
)


def linspace(start: Any, stop: Any, num: Any, name: str | None = None) -> Tensor:
    """`num` numbers at equal distances, the first `start` and the last `stop`."""
    with name_scope(name, "LinSpace", [start, stop, num]) as scope:
        first = convert_to_tensor(start, name="start")
        last = convert_to_tensor(stop, first.dtype, name="stop")
        numbers: Tensor = apply_op("LinSpace", first, last, convert_to_tensor(num, name="num"), name=scope)
    return numbers


def _linspace_shape(op: Operation) -> TensorShape:
    count = constant_value(op.inputs[2])
    return TensorShape([None if count is None else int(count)])


register(
    "LinSpace",
    lambda start, stop, num: np.linspace(start, stop, int(num), dtype=np.asarray(start).dtype),
    shape=_linspace_shape,
    gradient=NOT_DIFFERENTIABLE,
    types={"T": 0, "Tidx": 2},
)


def sequence_mask(lengths: Any, maxlen: Any = None, dtype: Any = dtypes.bool_, name: str | None = None) -> Tensor:
    """True at the first `lengths[...]` positions of a new last axis.

    Args:
        lengths: Integers of any shape.
        maxlen: Size of the new axis; the greatest length if not given.
        dtype: Type of the mask.
        name: Name scope.
    """
    from trackml.ops import comparison
    from trackml.ops.math import cast

    with name_scope(name, "SequenceMask", [lengths, maxlen]):
        counts = convert_to_tensor(lengths)
        size = _greatest(counts) if maxlen is None else convert_to_tensor(maxlen, name="maxlen")
        if size.shape.ndims not in (None, 0):
            raise ValueError("maxlen must be scalar for sequence_mask")
        zero, one = constant(0, size.dtype), constant(1, size.dtype)
        places = apply_op("Range", zero, size, one)
        # TensorFlow casts even to the same type.
        ends = apply_op("Cast", expand_dims(counts, -1), DstT=size.dtype, Truncate=False)
        return cast(comparison.less(places, ends), dtype)


def _greatest(counts: Tensor) -> Tensor:
    from trackml.ops.math import maximum
    from trackml.ops.reductions import reduce_max

    return maximum(constant(0, counts.dtype), reduce_max(counts))
