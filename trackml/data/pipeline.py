"""A dataset that runs: made from its description when an iterator starts, in one session.

It is either `Indexed` (row numbers into tables, so whole batches are one fancy-index a component) or
`Elementwise` (rows, one at a time). Which one follows from what stands in the pipeline.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from trackml.data.indices import Indices, zipped
from trackml.data.rows import Row, slices_of
from trackml.data.tables import Table
from trackml.graph.function import FuncGraph
from trackml.graph.operation import Tensor
from trackml.graph.runtime import Runtime

_BLOCK_BYTES = 1 << 16
"""Rows that are wanted one at a time are copied out of their tables in blocks of about this size."""

OnIndices: TypeAlias = Callable[[Callable[[], Iterator[Indices]]], Iterator[Indices]]
OnRows: TypeAlias = Callable[[Callable[[], Iterator[Row]]], Iterator[Row]]


@dataclass(frozen=True)
class Indexed:
    """Rows of tables in an order that arithmetic gives."""

    tables: tuple[Table, ...]
    """The tables; a row is a row of each, side by side."""
    start: Callable[[], Iterator[Indices]]
    """Begins a pass: row numbers into the tables."""

    def then(self, on_indices: OnIndices, on_rows: OnRows) -> Pipeline:
        """The pipeline one transformation later: `on_indices` makes its passes from `start`."""
        return Indexed(self.tables, functools.partial(on_indices, self.start))

    def gather(self, indices: Indices) -> Row:
        """The columns of some rows, stacked."""
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

    def then(self, on_indices: OnIndices, on_rows: OnRows) -> Pipeline:
        """The pipeline one transformation later: `on_rows` makes its passes from `start`."""
        return Elementwise(functools.partial(on_rows, self.start))

    def rows(self) -> Iterator[Row]:
        """Begins a pass."""
        return self.start()


Pipeline: TypeAlias = "Indexed | Elementwise"


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

    def value(self, item: Any) -> Any:
        """The value of a tensor, or `item` itself."""
        return self.values[item] if isinstance(item, Tensor) else item

    def within(self, values: Mapping[Tensor, Any]) -> Context:
        """The context of a dataset that a function made, whose tensors have `values`; compiled functions are shared."""
        return Context(self.runtime, values, self.compiled)

    def function(self, graph: FuncGraph, captures: Sequence[Tensor]) -> Callable[..., Row]:
        """A traced function as one from a row's values to the values that it gives."""
        if graph not in self.compiled:
            self.compiled[graph] = graph.compiled(self.runtime)
        compiled = self.compiled[graph]
        if not captures:
            return compiled
        captured = [self.value(tensor) for tensor in captures]
        return lambda *row: compiled(*row, *captured)
