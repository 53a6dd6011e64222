"""The steps of a plan, between the graph and the function that is compiled: what passes work on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from trackml.graph.facts import Facts, Sizes
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import Kernel
from trackml.graph.rewriting import Between, Key, Lines, passes_for, rewritten
from trackml.graph.runtime import Runtime


class Step(NamedTuple):
    """A call of a kernel."""

    op: Operation
    """What an error in it is reported for."""
    kernel: Kernel
    """What is called."""
    inputs: tuple[Key, ...]
    """What it takes."""
    outputs: tuple[Key, ...]
    """What it gives."""
    unpacked: bool = False
    """Whether it gives a sequence."""
    in_place: Kernel | None = None
    """The kernel that writes into its first input, if there is one."""
    is_plain: bool = False
    """Whether this is the operation as the graph has it, and no shortcut."""


class Program:
    """The steps that compute results from given values.

    Passes change `steps`; what nobody needs any more goes by itself. Inputs of steps are to be read with `inputs`,
    which knows what was replaced.

    Args:
        operations: The operations, in order.
        given: Values that come from outside.
        results: Values that are wanted.
        facts: What is known of all values.
        runtime: The session's state.
    """

    def __init__(
        self,
        operations: Sequence[Operation],
        given: Sequence[Tensor],
        results: Iterable[Tensor],
        facts: Facts,
        runtime: Runtime,
    ) -> None:
        self.facts = facts
        self.given = tuple(given)
        self._results = tuple(results)
        self._watch = runtime.watch
        self._replaced: dict[Key, Key] = {}
        self._asked_for = _asked_for(operations, self._results)
        lines = {} if self._watch else rewritten(operations, {*self.given, *self._results})
        self.steps = [step for op in operations for step in self._steps(op, lines, runtime)]
        if self._watch is None:  # who watches wants to see each operation by itself
            self._simplify()

    def _steps(self, op: Operation, lines: Lines, runtime: Runtime) -> list[Step]:
        if self.facts.is_settled(op):
            return []
        if op in lines:
            line = lines[op]
            return [] if line is None else [Step(op, line.kernel, line.inputs, self._targets(line.outputs), True)]
        kernel = op.spec.bound_kernel(op, runtime)
        unpacked = bool(op.outputs) and (op.spec.lists or len(op.outputs) > 1)
        outputs = self._targets(op.outputs)
        if self._watch is not None:
            return [Step(op, self._watch(op, kernel), op.inputs, outputs, unpacked, is_plain=True)]
        if op.type == "NoOp":
            return []
        return [Step(op, kernel, op.inputs, outputs, unpacked, op.spec.in_place_kernel(op), True)]

    def _targets(self, outputs: Sequence[Key]) -> tuple[Key, ...]:
        """Where outputs go; a fed one keeps the value that was fed."""
        return tuple(Between() if key in self.given else key for key in outputs)

    def key(self, key: Key) -> Key:
        """The value that now stands for `key`."""
        found: Key = self.facts.original(key)
        while found in self._replaced:
            found = self.facts.original(self._replaced[found])
        return found

    def inputs(self, step: Step) -> tuple[Key, ...]:
        """What a step takes, after what was replaced."""
        return tuple(map(self.key, step.inputs))

    @property
    def results(self) -> list[Key]:
        """What is wanted, after what was replaced."""
        return list(map(self.key, self._results))

    def replace(self, key: Key, by: Key) -> None:
        """Has everybody who takes `key` take `by`."""
        self._replaced[key] = by

    def sizes(self, key: Key) -> Sizes | None:
        """The shape of a value, where all of it is known."""
        return self.facts.sizes(key)

    def use_counts(self) -> Counter[Key]:
        """How often each value is taken; a result counts once more."""
        uses = Counter(self.results)
        for step in self.steps:
            uses.update(self.inputs(step))
        return uses

    def makers(self) -> dict[Key, Step]:
        """The step that makes each value."""
        return {key: step for step in self.steps for key in step.outputs}

    def _simplify(self) -> None:
        self._prune()
        for stage in passes_for({step.op.type for step in self.steps}):
            for change in stage:
                change(self)
            self._prune()

    def _prune(self) -> None:
        """Leaves out what nobody takes any more."""
        wanted = set(self.results)
        kept = []
        for step in reversed(self.steps):
            if not self._is_droppable(step) or any(key in wanted for key in step.outputs):
                wanted.update(self.inputs(step))
                kept.append(step)
        self.steps = kept[::-1]

    def _is_droppable(self, step: Step) -> bool:
        return bool(step.outputs) and not step.op.spec.stateful and step.op not in self._asked_for


def _asked_for(operations: Sequence[Operation], results: Sequence[Tensor]) -> set[Operation]:
    """Operations that run although nobody takes what they give: because they were fetched, or are waited for."""
    taken = set(results)
    for op in operations:
        taken.update(op.inputs)
    return {op for op in operations if not any(tensor in taken for tensor in op.outputs)}
