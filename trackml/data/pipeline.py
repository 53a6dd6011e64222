"""A dataset that runs: made from its description when an iterator starts, in one session.

It is `Indexed` (row numbers into tables, so whole batches are one fancy-index a component), `Mapped` (the same behind
a function that takes many rows at once) or `Elementwise` (rows, one at a time). Which one follows from what stands in
the pipeline.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from trackml.data.chunks import Chunked, chunked
from trackml.data.indices import Indices, zipped
from trackml.data.rows import Row, slices_of, stacked
from trackml.data.tables import Table
from trackml.dtypes import DType
from trackml.graph.function import FuncGraph
from trackml.graph.operation import Tensor
from trackml.graph.runtime import Runtime

_BLOCK_BYTES = 1 << 16
"""Rows that are wanted one at a time are copied out of their tables in blocks of about this size."""

_MOST_ROWS = 256
"""Rows that a function is called with at once when they are wanted one at a time."""

OnIndices: TypeAlias = Callable[[Callable[[], Iterator[Indices]]], Iterator[Indices]]
OnRows: TypeAlias = Callable[[Callable[[], Iterator[Row]]], Iterator[Row]]


@dataclass(frozen=True)
class Indexed:
    """Rows of tables in an order that arithmetic gives."""

    tables: tuple[Table, ...]
    """The tables; a row is a row of each, side by side."""
    start: Callable[[], Iterator[Indices]]
    """Begins a pass: row numbers into the tables."""

    def then(self, on_indices: OnIndices, on_rows: OnRows, *, counts: bool = True) -> Pipeline:
        """The pipeline one transformation later: `on_indices` makes its passes from `start`."""
        return Indexed(self.tables, functools.partial(on_indices, self.start))

    def gather(self, indices: Indices) -> Row:
        """The columns of some rows, stacked."""
        if len(self.tables) == 1:
            return tuple(self.tables[0].take(indices[:, 0]))
        columns = [table.take(indices[:, n]) for n, table in enumerate(self.tables)]
        return tuple(itertools.chain.from_iterable(columns))

    def rows(self) -> Iterator[Row]:
        """Begins a pass, one row at a time."""
        return _Rows(self.start(), self._split)

    def _split(self, chunk: Indices) -> Iterator[Row]:
        block = max(1, _BLOCK_BYTES // max(1, sum(table.row_bytes for table in self.tables)))
        for at in range(0, len(chunk), block):
            yield from slices_of(self.gather(chunk[at : at + block]))


class _Rows(Iterator[Row]):
    """Chunks taken apart; after an error of the stream it goes on with the next chunk."""

    def __init__(self, chunks: Iterator[Indices], split: Callable[[Indices], Iterator[Row]]) -> None:
        self._chunks = chunks
        self._split = split
        self._begun: Iterator[Row] = iter(())

    def __next__(self) -> Row:
        while True:
            for row in self._begun:
                return row
            self._begun = self._split(next(self._chunks))


@dataclass(frozen=True)
class Elementwise:
    """Rows that exist only when they are asked for."""

    start: Callable[[], Iterator[Row]]
    """Begins a pass."""

    def then(self, on_indices: OnIndices, on_rows: OnRows, *, counts: bool = True) -> Pipeline:
        """The pipeline one transformation later: `on_rows` makes its passes from `start`."""
        return Elementwise(functools.partial(on_rows, self.start))

    def rows(self) -> Iterator[Row]:
        """Begins a pass."""
        return self.start()


@dataclass(frozen=True)
class Mapped:
    """Rows that a function makes of the rows of an `Indexed`, many at once.

    What comes out is what the function for one row would give, row by row: when it fails for a chunk, rows are
    computed one at a time, and the error is that of its row.
    """

    source: Indexed
    """The rows that the function takes."""
    function: Callable[..., Row]
    """The function for one row."""
    chunked: Chunked
    """The function for columns of rows."""

    def then(self, on_indices: OnIndices, on_rows: OnRows, *, counts: bool = True) -> Pipeline:
        """The pipeline one transformation later.

        Args:
            on_indices: Makes its passes from row numbers.
            on_rows: Makes its passes from rows.
            counts: Whether the transformation counts elements; those that fail do not count, so it needs rows.
        """
        if counts:
            return Elementwise(functools.partial(on_rows, self.rows))
        source = Indexed(self.source.tables, functools.partial(on_indices, self.source.start))
        return Mapped(source, self.function, self.chunked)

    def gather(self, indices: Indices) -> Row:
        """The columns of what the function gives for some rows."""
        return self.chunked(self.source.gather(indices))

    def row(self, index: Indices) -> Row:
        """What the function gives for one row."""
        return self.function(*next(slices_of(self.source.gather(index))))

    def rows(self) -> Iterator[Row]:
        """Begins a pass, one row at a time."""
        return MappedRows(self)

    def batches(self, size: int, drop_remainder: bool, dtypes: Sequence[DType]) -> Iterator[Row]:
        """Begins a pass, `size` rows stacked at a time."""
        return MappedBatches(self, size, drop_remainder, dtypes)


class _Waiting:
    """A stream of row numbers of which as many are taken at a time as are wanted."""

    def __init__(self, stream: Iterator[Indices]) -> None:
        self._stream = stream
        self._rest: list[Indices] = []

    def take(self, count: int) -> Indices | None:
        """The next `count` row numbers, fewer at the end, None behind it."""
        while sum(map(len, self._rest)) < count:
            chunk = self._following()
            if chunk is None:
                break
            self._rest.append(chunk)
        if not self._rest:
            return None
        whole = self._rest[0] if len(self._rest) == 1 else np.concatenate(self._rest)
        self._rest = [whole[count:]] if len(whole) > count else []
        return whole[:count]

    def put_back(self, indices: Indices) -> None:
        """Has these come first again."""
        if len(indices):
            self._rest.insert(0, indices)

    def _following(self) -> Indices | None:
        try:
            return next(self._stream, None)
        except BaseException:
            self._rest = []
            raise


class MappedRows(Iterator[Row]):
    """The rows of a `Mapped`, computed in blocks; after an error it goes on with the next row."""

    def __init__(self, mapped: Mapped) -> None:
        self._mapped = mapped
        self._waiting = _Waiting(mapped.source.start())
        self._ready: Iterator[Row] = iter(())
        self._alone = 0
        self._size = 1

    def __next__(self) -> Row:
        while True:
            for row in self._ready:
                return row
            if self._alone:
                self._alone -= 1
                index = self._waiting.take(1)
                assert index is not None
                return self._mapped.row(index)
            self._begin_block()

    def _begin_block(self) -> None:
        # Small blocks first: who wants a few rows does not wait for many.
        self._size = min(2 * self._size, _MOST_ROWS)
        indices = self._waiting.take(self._size)
        if indices is None:
            raise StopIteration
        try:
            self._ready = slices_of(self._mapped.gather(indices))
        except Exception:  # the row that is to blame raises it again
            self._waiting.put_back(indices)
            self._alone = len(indices)


class MappedBatches(Iterator[Row]):
    """The rows of a `Mapped` stacked; after an error it goes on with the row behind the one that failed."""

    def __init__(self, mapped: Mapped, size: int, drop_remainder: bool, dtypes: Sequence[DType]) -> None:
        self._mapped = mapped
        self._waiting = _Waiting(mapped.source.start())
        self._size = size
        self._least = size if drop_remainder else 1
        self._dtypes = [dtype.as_numpy_dtype for dtype in dtypes]

    def __next__(self) -> Row:
        indices = self._waiting.take(self._size)
        if indices is None or len(indices) < self._least:
            raise StopIteration
        try:
            return self._mapped.gather(indices)
        except Exception:  # the row that is to blame raises it again
            return self._one_by_one(indices)

    def _one_by_one(self, indices: Indices) -> Row:
        rows: list[Row] = []
        try:
            for number in range(len(indices)):
                rows.append(self._mapped.row(indices[number : number + 1]))  # noqa: PERF401  how many there are counts
        except BaseException:
            self._waiting.put_back(indices[len(rows) + 1 :])
            raise
        return tuple(stacked(column, dtype, n) for n, (column, dtype) in enumerate(zip(zip(*rows), self._dtypes)))


Pipeline: TypeAlias = "Indexed | Mapped | Elementwise"


def mapped(source: Indexed | Mapped, function: Callable[..., Row], many: Chunked) -> Mapped:
    """The rows of `source` behind a function, of which `many` is the one for columns."""
    if isinstance(source, Indexed):
        return Mapped(source, function, many)
    first, first_many = source.function, source.chunked
    return Mapped(source.source, lambda *row: function(*first(*row)), lambda columns: many(first_many(columns)))


def side_by_side(pipelines: Sequence[Pipeline]) -> Pipeline:
    """The rows of all, joined row by row as long as all of them last."""
    indexed = [pipeline for pipeline in pipelines if isinstance(pipeline, Indexed)]
    if len(indexed) == len(pipelines):
        tables = tuple(table for pipeline in indexed for table in pipeline.tables)
        return Indexed(tables, lambda: zipped([pipeline.start() for pipeline in indexed]))
    return Elementwise(lambda: map(_joined, zip(*[pipeline.rows() for pipeline in pipelines])))


def _joined(rows: tuple[Row, ...]) -> Row:
    return tuple(itertools.chain.from_iterable(rows))


@dataclass(frozen=True)
class Context:
    """What a description needs in order to run."""

    runtime: Runtime
    """The session's state."""
    values: Mapping[Tensor, Any]
    """The values of the tensors that the description refers to."""
    compiled: dict[FuncGraph, Callable[..., Row]] = field(default_factory=dict)
    """Functions that are compiled already, for datasets that are made again and again within another."""
    chunked: dict[FuncGraph, Chunked | None] = field(default_factory=dict)
    """The same for functions of many rows."""

    def value(self, item: Any) -> Any:
        """The value of a tensor, or `item` itself."""
        return self.values[item] if isinstance(item, Tensor) else item

    def within(self, values: Mapping[Tensor, Any]) -> Context:
        """The context of a dataset that a function made, whose tensors have `values`; compiled functions are shared."""
        return Context(self.runtime, values, self.compiled, self.chunked)

    def function(self, graph: FuncGraph, captures: Sequence[Tensor]) -> Callable[..., Row]:
        """A traced function as one from a row's values to the values that it gives."""
        if graph not in self.compiled:
            self.compiled[graph] = graph.compiled(self.runtime)
        compiled = self.compiled[graph]
        if not captures:
            return compiled
        captured = [self.value(tensor) for tensor in captures]
        return lambda *row: compiled(*row, *captured)

    def function_of_many(self, graph: FuncGraph, captures: Sequence[Tensor]) -> Chunked | None:
        """A traced function as one from columns of rows to columns of results, None where there is no such."""
        if captures:
            return chunked(graph, [self.value(tensor) for tensor in captures])
        if graph not in self.chunked:
            self.chunked[graph] = chunked(graph, [])
        return self.chunked[graph]
