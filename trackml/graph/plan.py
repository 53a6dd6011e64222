"""A set of fetches compiled to Python functions.

The operations that the fetches need are put in order (`order.py`), what is known in advance is worked out (`facts.py`),
the rest is a list of steps that passes make shorter (`program.py`), and that becomes a flat function of one line a step
(`source.py`).

The sizes of a batch are known only when its first values are there: those that are fed, and those that a dataset gives.
So a session's plan is two functions. The first one runs up to the last of these values; the second one is compiled for
their shapes, in which all that is computed about shapes is constant.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from types import CodeType
from typing import Any

from trackml import dtypes
from trackml.graph.facts import Facts, Sizes
from trackml.graph.failures import raise_explained
from trackml.graph.operation import Operation, Tensor
from trackml.graph.order import needed, ordered
from trackml.graph.program import Program
from trackml.graph.runtime import Runtime
from trackml.graph.source import Function, Source

_SOURCES = ("IteratorGetNext",)
"""Operations whose outputs come from outside."""

_MOST_SHAPES = 4
"""So many functions are compiled for different shapes; one for any shapes serves all others."""


class Plan:
    """What computes `fetches` from `feeds` in one session.

    Args:
        fetches: Tensors, and operations of which only the effect is wanted.
        feeds: Tensors whose values are given at each call, in this order.
        runtime: The session's state.
        by_shapes: Whether to compile functions for the shapes that come. The values given must be arrays then, of the
            feeds' static shapes.

    Calling the plan with the feeds' arrays gives a tuple with one item a fetch, None for an operation.
    """

    def __init__(
        self,
        fetches: Sequence[Tensor | Operation],
        feeds: Sequence[Tensor],
        runtime: Runtime,
        *,
        by_shapes: bool = False,
    ) -> None:
        self._fetches = tuple(item if isinstance(item, Tensor) else None for item in fetches)
        self._feeds = tuple(feeds)
        self._runtime = runtime
        self._operations = ordered(needed(fetches, feeds))
        self._codes: dict[CodeType, Mapping[int, Operation]] = {}
        watched = runtime.watch is not None
        sources = _sources(self._operations, feeds) if by_shapes and not watched else []
        self._facts = Facts(self._operations, feeds, runtime, {} if by_shapes and not watched else None)
        self._step = self._in_two_parts(sources) if sources else self._whole()

    @property
    def operations(self) -> list[Operation]:
        """The operations that are needed, in order, those computed in advance included."""
        return self._operations

    @property
    def steps(self) -> list[Operation]:
        """The operations that the functions compiled so far have lines for, a shortcut by one of those it is for."""
        return [op for lines in self._codes.values() for op in lines.values()]

    def _whole(self) -> Function:
        results = [item for item in self._fetches if item is not None]
        program = Program(self._operations, self._feeds, results, self._facts, self._runtime)
        source = Source(program)
        return self._noted(source, source.giving(self._fetches))

    def _in_two_parts(self, sources: Sequence[Tensor]) -> Function:
        cut = max((number for number, op in enumerate(self._operations, 1) if op.type in _SOURCES), default=0)
        before, behind = self._operations[:cut], self._operations[cut:]
        handed = self._handed_on(before, behind)
        source = Source(Program(before, self._feeds, [*handed, *sources], self._facts, self._runtime))
        following = _Following(sources, lambda shapes: self._behind(behind, handed, shapes))
        return self._noted(source, source.handing_on(handed, following, sources))

    def _handed_on(self, before: Sequence[Operation], behind: Sequence[Operation]) -> list[Tensor]:
        """The values that the second part takes from the first one."""
        there = {*self._feeds, *(tensor for op in before for tensor in op.outputs)}
        taken = [tensor for op in behind for tensor in op.inputs] + [item for item in self._fetches if item is not None]
        originals = dict.fromkeys(map(self._facts.original, taken))
        return [tensor for tensor in originals if tensor in there and not self._facts.is_constant(tensor)]

    def _behind(
        self, operations: Sequence[Operation], given: Sequence[Tensor], shapes: Mapping[Tensor, Sizes]
    ) -> Function:
        """The second part for values of some shapes, or of any."""
        facts = Facts(self._operations, self._feeds, self._runtime, shapes, self._facts) if shapes else self._facts
        results = [item for item in self._fetches if item is not None]
        source = Source(Program(operations, given, results, facts, self._runtime), takes_list=True)
        return self._noted(source, source.giving(self._fetches))

    def _noted(self, source: Source, function: Function) -> Function:
        self._codes[function.__code__] = source.operations_of_lines
        return function

    def __call__(self, *values: Any) -> tuple[Any, ...]:
        try:
            results: tuple[Any, ...] = self._step(*values)
        except Exception as error:
            op = self._failed_operation(error)
            if op is not None:
                raise_explained(error, op)
            raise
        return results

    def _failed_operation(self, error: BaseException) -> Operation | None:
        traceback = error.__traceback__
        while traceback is not None:
            lines = self._codes.get(traceback.tb_frame.f_code, {})
            if traceback.tb_lineno in lines:
                return lines[traceback.tb_lineno]
            traceback = traceback.tb_next
        return None


class _Following(dict[tuple[Sizes, ...], Function]):
    """Functions by the shapes of some values, each compiled when it is first asked for; the lock guards that."""

    def __init__(self, sources: Sequence[Tensor], compiled: Callable[[Mapping[Tensor, Sizes]], Function]) -> None:
        super().__init__()
        self._sources = sources
        self._compiled = compiled
        self._for_any: Function | None = None
        self._lock = threading.Lock()

    def __missing__(self, shapes: tuple[Sizes, ...]) -> Function:
        with self._lock:
            found = self.get(shapes) or self._for_any
            if found is None and len(self) < _MOST_SHAPES:
                found = self[shapes] = self._compiled(dict(zip(self._sources, shapes)))
            elif found is None:
                found = self._for_any = self._compiled({})
        return found


def _sources(operations: Sequence[Operation], feeds: Sequence[Tensor]) -> list[Tensor]:
    """The values from outside whose shapes are known when they come."""
    fed = [tensor for tensor in feeds if not tensor.shape.is_fully_defined()]
    read = [tensor for op in operations if op.type in _SOURCES for tensor in op.outputs if tensor not in feeds]
    return [tensor for tensor in (*fed, *read) if tensor.dtype not in (dtypes.resource, dtypes.variant)]
