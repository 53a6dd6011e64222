"""Batches of elements of several sizes, padded to one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from trackml import nest
from trackml.data.elements import flatten_like, places_of
from trackml.data.nodes import Node, Size, at_least, with_first_dimension
from trackml.data.pipeline import Context, Elementwise, Pipeline
from trackml.data.rows import Row
from trackml.data.sparse import SparseTensorSpec
from trackml.dtypes import DType, as_dtype, string
from trackml.errors import DataLossError, InvalidArgumentError
from trackml.graph.conversion import constant_value, to_array
from trackml.graph.function import TensorSpec
from trackml.graph.operation import Tensor
from trackml.shapes import TensorShape, as_shape

_NOT_POSITIVE = "Batch size must be greater than zero."


class PaddedBatch(Node):
    """Elements stacked, `batch_size` at a time, each padded at the end of its dimensions.

    Args:
        source: Gives the elements.
        batch_size: How many make a batch.
        padded_shapes: A shape for each component in their structure; unknown sizes become the largest of the batch.
        padding_values: A scalar for each component in their structure; None for zeros and empty strings.
        drop_remainder: Whether a last batch that has fewer is left out.
    """

    def __init__(
        self, source: Node, batch_size: Size, padded_shapes: Any, padding_values: Any, drop_remainder: bool
    ) -> None:
        specs, places = nest.flatten(source.spec), places_of(source.spec)
        if any(isinstance(spec, SparseTensorSpec) for spec in specs):
            raise TypeError("Batching of padded sparse tensors is not currently supported")
        shapes = [_shape(part) for part in _parts(source.spec, padded_shapes, "padded_shapes")]
        for spec, shape, place in zip(specs, shapes, places):
            _check_shape(spec.shape, shape, place)
        values = (
            [None] * len(specs) if padding_values is None else _parts(source.spec, padding_values, "padding_values")
        )
        self._paddings = [_padding(value, spec.dtype) for value, spec in zip(values, specs)]
        self._padded_shapes = [shape.as_list() for shape in shapes]
        self._batch_size = at_least(1, batch_size, _NOT_POSITIVE)
        self._drop_remainder = drop_remainder
        known = batch_size if drop_remainder and isinstance(batch_size, int) else None
        padded = nest.pack_like(source.spec, [TensorSpec(spec.dtype, shape) for spec, shape in zip(specs, shapes)])
        super().__init__(with_first_dimension(padded, known), [source], [batch_size, *self._paddings])

    def build(self, context: Context) -> Pipeline:
        """Rows put into one array a component, filled with the padding before."""
        size = at_least(1, int(context.value(self._batch_size)), _NOT_POSITIVE)
        paddings = [np.asarray(context.value(padding))[()] for padding in self._paddings]
        columns = list(zip(self._padded_shapes, paddings, [dtype.as_numpy_dtype for dtype in self.dtypes]))
        source = self.sources[0].build(context)
        return Elementwise(lambda: _PaddedBatches(source.rows(), size, self._drop_remainder, columns))


def _parts(spec: Any, value: Any, name: str) -> list[Any]:
    try:
        return flatten_like(spec, value)
    except TypeError:
        raise TypeError(f"`{name}` must have the structure of the elements, {spec!r}; got {value!r}.") from None


def _shape(value: Any) -> TensorShape:
    if isinstance(value, Tensor):
        value = constant_value(value)
        if value is None:
            raise ValueError("A padded shape must be known while the graph is built.")
    if isinstance(value, (list, tuple, np.ndarray)):
        return TensorShape([None if size is None or size == -1 else size for size in value])
    return as_shape(value)


def _check_shape(shape: TensorShape, padded: TensorShape, place: str) -> None:
    if padded.sizes is None:
        raise ValueError(f"The padded shape of {place} must have a known rank; got {padded}.")
    fits = shape.sizes is None or (
        len(shape.sizes) == len(padded.sizes)
        and all(a is None or b is None or a <= b for a, b in zip(shape.sizes, padded.sizes))
    )
    if not fits:
        raise ValueError(
            f"The padded shape {padded} of {place} is not compatible with the corresponding input component shape "
            f"{shape}."
        )


def _padding(value: Any, dtype: DType) -> Any:
    if value is None:
        return np.array(b"" if dtype is string else 0, dtype=dtype.as_numpy_dtype)
    padding = value if isinstance(value, Tensor) else to_array(value, None)
    if not TensorShape(padding.shape).is_compatible_with([]):
        raise ValueError(f"Padding value should be a scalar, but is not: {value!r}.")
    if as_dtype(padding.dtype) is not dtype:
        raise TypeError(
            f"Padding value {value!r} of type {as_dtype(padding.dtype).name} does not match output type {dtype.name}."
        )
    return padding


class _PaddedBatches(Iterator[Row]):
    """Rows stacked `size` at a time; `columns` has padded sizes, padding and numpy's type of each component."""

    def __init__(
        self, rows: Iterator[Row], size: int, drop_remainder: bool, columns: Sequence[tuple[list[int | None], Any, Any]]
    ) -> None:
        self._rows = rows
        self._size = size
        self._least = size if drop_remainder else 1
        self._columns = columns

    def __next__(self) -> Row:
        batch: list[Row] = []
        for row in self._rows:
            batch.append(row)
            if len(batch) == self._size:
                break
        if len(batch) < self._least:
            raise StopIteration
        return tuple(_padded(values, n, *column) for n, (values, column) in enumerate(zip(zip(*batch), self._columns)))


def _padded(
    values: Sequence[Any], component: int, sizes: list[int | None], padding: Any, dtype: Any
) -> np.ndarray[Any, Any]:
    shapes = [np.shape(value) for value in values]
    for shape in shapes:
        if len(shape) != len(sizes):
            raise InvalidArgumentError(
                None,
                None,
                "All elements in a batch must have the same rank as the padded shape for component"
                f"{component}: expected rank {len(sizes)} but got element with rank {len(shape)}",
            )
    largest = [max(axis) for axis in zip(*shapes)]
    final = [found if size is None else size for found, size in zip(largest, sizes)]
    if any(found > size for found, size in zip(largest, final)):
        raise DataLossError(
            None,
            None,
            f"Attempted to pad to a smaller size than the input element: {final} for one of component {component} "
            f"that needs {largest}.",
        )
    result = np.empty((len(values), *final), dtype=dtype)
    result[...] = padding
    for number, (value, shape) in enumerate(zip(values, shapes)):
        result[number, ...][tuple(map(slice, shape))] = value[()] if shape == () else value
    return result
