"""Datasets within datasets: `flat_map`, `interleave` and `window`."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from trackml import nest
from trackml.data.elements import DatasetSpec
from trackml.data.functions import traced_dataset
from trackml.data.nodes import Node, Size, at_least
from trackml.data.pipeline import Context, Elementwise, Pipeline
from trackml.data.rows import Row
from trackml.dtypes import variant
from trackml.graph.operation import Tensor
from trackml.shapes import TensorShape

_AUTOTUNE = -1


class Interleave(Node):
    """The elements of the datasets that a function makes of elements, some from each in turn.

    `flat_map` is this with a cycle of one.

    Args:
        source: Gives what the function is called with.
        function: Makes a dataset of each element.
        cycle_length: How many datasets are open at once; -1 for the number of processors.
        block_length: How many elements in a row come from one.
        method: On whose behalf, for messages.
    """

    def __init__(
        self, source: Node, function: Callable[..., Any], cycle_length: Size, block_length: Size, method: str
    ) -> None:
        self._graph, self._inner, self._tensors = traced_dataset(function, source.spec, method)
        self._captures = self._graph.captured_inputs()
        super().__init__(self._inner.spec, [source], [*self._captures, cycle_length, block_length])
        self._cycle_length = cycle_length
        self._block_length = at_least(1, block_length, "block_length must be greater than zero.")
        if cycle_length != _AUTOTUNE:
            at_least(1, cycle_length, "cycle_length must be greater than zero.")

    def build(self, context: Context) -> Pipeline:
        """Rows of inner pipelines, each built when its turn comes."""
        cycle, block = int(context.value(self._cycle_length)), int(context.value(self._block_length))
        cycle = at_least(
            1, len(os.sched_getaffinity(0)) if cycle == _AUTOTUNE else cycle, "cycle_length is not positive."
        )
        at_least(1, block, "block_length must be greater than zero.")
        source = self.sources[0].build(context)
        function = context.function(self._graph, self._captures)

        def opened(row: Row) -> Iterator[Row]:
            values = dict(zip(self._tensors, function(*row)))
            return self._inner.build(context.within(values)).rows()

        return Elementwise(lambda: _Interleaved(source.rows(), opened, cycle, block))


class _Interleaved(Iterator[Row]):
    """Rows of several iterators in turn, in the order in which TensorFlow opens, reads and closes them.

    Source: tensorflow/core/kernels/data/interleave_dataset_op.cc.
    """

    def __init__(
        self, source: Iterator[Row], opened: Callable[[Row], Iterator[Row]], cycle_length: int, block_length: int
    ) -> None:
        self._source = source
        self._opened = opened
        self._open: list[Iterator[Row] | None] = [None] * cycle_length
        self._at = 0
        self._block_length = block_length
        self._left = block_length
        self._more = True

    def __next__(self) -> Row:
        while True:
            current = self._open[self._at]
            if current is not None:
                for row in current:
                    self._left -= 1
                    if not self._left:
                        self._advance()
                    return row
                self._open[self._at] = None
                self._advance()
            elif self._more:
                self._open_next()
            elif any(rows is not None for rows in self._open):
                self._advance()
            else:
                raise StopIteration

    def _open_next(self) -> None:
        for row in self._source:
            self._open[self._at] = self._opened(row)
            return
        self._more = False

    def _advance(self) -> None:
        self._at = (self._at + 1) % len(self._open)
        self._left = self._block_length


class Windowed(Node):
    """The elements of a window, which is the value of a tensor.

    Args:
        tensor: A variant scalar.
        spec: The structure of the window's elements.
    """

    def __init__(self, tensor: Tensor, spec: Any) -> None:
        super().__init__(spec, tensors=[tensor])
        self._tensor = tensor

    def build(self, context: Context) -> Pipeline:
        """The rows that the window holds."""
        held: WindowRows = context.value(self._tensor)
        return Elementwise(lambda: iter(held.rows))


class WindowRows:
    """The value of a window of one component.

    Args:
        rows: Its rows.
    """

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows


class Window(Node):
    """Datasets of some elements each, one for each component, in place of the components.

    Args:
        source: Gives the elements.
        sizes: How many elements a window has, how many the next one begins later, and from one in it to the next.
        drop_remainder: Whether windows that the end cuts short are left out.
        wrap: Makes a dataset of the node of a window.
    """

    def __init__(
        self, source: Node, sizes: tuple[Size, Size, Size], drop_remainder: bool, wrap: Callable[[Node], Any]
    ) -> None:
        def window(component: Any) -> DatasetSpec:
            return DatasetSpec(
                variant, TensorShape([]), element=component, wrap=lambda tensor: wrap(Windowed(tensor, component))
            )

        super().__init__(nest.map_structure(window, source.spec), [source], sizes)
        self._sizes = sizes
        self._drop_remainder = drop_remainder
        _check(sizes)

    def build(self, context: Context) -> Pipeline:
        """Windows as they are filled."""
        size, shift, stride = (int(context.value(number)) for number in self._sizes)
        _check((size, shift, stride))
        source = self.sources[0].build(context)
        return Elementwise(lambda: _Windows(source.rows(), (size, shift, stride), self._drop_remainder))


def _check(sizes: tuple[Size, Size, Size]) -> None:
    for size, name in zip(sizes, ("size", "shift", "stride")):
        at_least(1, size, f"Window {name} must be greater than zero.")


class _Windows(Iterator[Row]):
    """Source: tensorflow/core/kernels/data/window_dataset_op.cc."""

    def __init__(self, rows: Iterator[Row], sizes: tuple[int, int, int], drop_remainder: bool) -> None:
        self._rows = rows
        self._size, self._shift, self._stride = sizes
        self._reach = (self._size - 1) * self._stride + 1
        self._least = self._reach if drop_remainder else 1
        self._held: deque[Row] = deque()
        self._gap = 0

    def __next__(self) -> Row:
        self._fill()
        if len(self._held) < self._least:
            raise StopIteration
        picked = list(self._held)[: self._reach : self._stride]
        for _ in range(min(self._shift, len(self._held))):
            self._held.popleft()
        self._gap = max(0, self._shift - self._reach)
        return tuple(WindowRows([(value,) for value in column]) for column in zip(*picked))

    def _fill(self) -> None:
        for row in self._rows if self._gap or len(self._held) < self._reach else ():
            if self._gap:
                self._gap -= 1
                continue
            self._held.append(row)
            if len(self._held) == self._reach:
                return
