"""Shortcuts of a plan: operations computed in another way than one by one, with the same results.

The graph stays as the user made it. There are two kinds. A rule looks at the operations that a plan is about to run,
and says of some of them what is run in their place, or that nothing is, because a value that only other operations of
the rule use is never needed. A pass looks at the steps that came of it (`trackml.graph.program`), knows constants and
shapes, and replaces steps by others. Both stand beside the operations they are about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import Kernel

if TYPE_CHECKING:
    from trackml.graph.program import Program


class Between:
    """A value that a shortcut hands from one line to another; no tensor of the graph has it."""


Key: TypeAlias = "Tensor | Between"


class Line(NamedTuple):
    """What a plan runs in place of an operation."""

    kernel: Kernel
    """Takes the inputs' values; gives a sequence with one value an output."""
    inputs: tuple[Key, ...]
    """What it takes."""
    outputs: tuple[Key, ...]
    """What it gives."""


Lines: TypeAlias = "dict[Operation, Line | None]"
"""What is run in place of operations: None for those that are left out."""


class Uses:
    """Which operations of a plan use each value.

    Args:
        operations: The operations, in order.
        kept: Tensors that are fetched or fed, whose values must be what the graph says.
    """

    def __init__(self, operations: Sequence[Operation], kept: Iterable[Tensor]) -> None:
        self.operations = operations
        self._kept = set(kept)
        self._users: dict[Tensor, list[Operation]] = {}
        for op in operations:
            for tensor in op.inputs:
                self._users.setdefault(tensor, []).append(op)

    def of(self, tensor: Tensor) -> list[Operation]:
        """The operations that take the tensor, once for each time that they do."""
        return self._users.get(tensor, [])

    def inside(self, tensor: Tensor) -> bool:
        """Whether nobody but operations sees the value."""
        return tensor not in self._kept


Rule: TypeAlias = Callable[[Uses], Lines]
Pass: TypeAlias = "Callable[[Program], None]"

_RULES: list[tuple[str, Rule]] = []
_PASSES: list[tuple[int, str, Pass]] = []

SIMPLER, TOGETHER, BY_SIZES = range(3)
"""When a pass runs: those that leave steps out, then those that make one step of several, then those that choose a
kernel by the shapes of its inputs."""


def register_rewriting(type: str, rule: Rule) -> None:
    """Adds a rule, which is asked about plans with operations of that type."""
    _RULES.append((type, rule))


def register_pass(stage: int, type: str, change: Pass) -> None:
    """Adds a pass over the steps of plans with operations of that type."""
    _PASSES.append((stage, type, change))


def rewritten(operations: Sequence[Operation], kept: Iterable[Tensor]) -> Lines:
    """What is run in place of operations."""
    types = {op.type for op in operations}
    rules = [rule for type, rule in _RULES if type in types]
    lines: Lines = {}
    if rules:
        uses = Uses(operations, kept)
        for rule in rules:
            lines.update(rule(uses))
    return lines


def passes_for(types: Iterable[str]) -> list[list[Pass]]:
    """The passes over steps of these types, each once, stage by stage."""
    present = set(types)
    stages: dict[int, dict[Pass, None]] = {}
    for stage, type, change in _PASSES:
        if type in present:
            stages.setdefault(stage, {})[change] = None
    return [list(stages[stage]) for stage in sorted(stages)]
