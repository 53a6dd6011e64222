"""Shortcuts of plans for assertions: those that hold are left out, and bounds are compared with the largest element."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from trackml.graph.failures import attributed
from trackml.graph.program import Program, Step
from trackml.graph.registry import Kernel
from trackml.graph.rewriting import SIMPLER, TOGETHER, Key, register_pass


def settled_assertions(program: Program) -> None:
    """Leaves out assertions whose condition is known to be true."""

    def holds(step: Step) -> bool:
        condition = program.facts.value(program.inputs(step)[0]) if step.op.type == "Assert" else None
        return condition is not None and bool(np.all(condition))

    program.steps = [step for step in program.steps if not holds(step)]


register_pass(SIMPLER, "Assert", settled_assertions)


class _Bound(NamedTuple):
    """An assertion that all elements of integers are at least, or at most, a number."""

    values: Key
    """The integers."""
    lowest: int | None
    """What they are at least."""
    highest: int | None
    """What they are at most."""
    steps: tuple[Step, Step, Step]
    """The comparison, the step that tells whether it is true of all elements, and the assertion."""


def bounded(program: Program) -> None:
    """Compares the largest element, as an unsigned number, in place of each with 0 and with another number."""
    makers = program.makers()
    bounds = [bound for step in program.steps if (bound := _bound(program, step, makers)) is not None]
    for low in bounds:
        for high in bounds:
            if low.lowest == 0 and high.highest is not None and high.highest >= 0 and low.values == high.values:
                _join(program, low, high)


def _bound(program: Program, step: Step, makers: dict[Key, Step]) -> _Bound | None:
    every = _maker(program, step, makers, "Assert", "All")
    compared = None if every is None else _maker(program, every, makers, "All", "LessEqual")
    if every is None or compared is None or program.sizes(every.outputs[0]) != ():
        return None
    if not program.facts.is_constant(program.inputs(every)[1]):
        return None
    left, right = program.inputs(compared)
    values, number = (left, right) if program.facts.is_constant(right) else (right, left)
    known = program.facts.value(number)
    sizes = program.sizes(values)
    if known is None or known.size != 1 or known.dtype.kind != "i" or not sizes or 0 in sizes:
        return None
    limit, steps = int(known.item()), (compared, every, step)
    return _Bound(values, None, limit, steps) if values is left else _Bound(values, limit, None, steps)


def _maker(program: Program, step: Step, makers: dict[Key, Step], type: str, made_by: str) -> Step | None:
    """The step that makes the first input of a step, if both are of these types and nothing but that."""
    maker = makers.get(program.inputs(step)[0]) if step.op.type == type and step.is_plain else None
    return maker if maker is not None and maker.op.type == made_by and maker.is_plain else None


def _join(program: Program, low: _Bound, high: _Bound) -> None:
    """Makes the later one of two assertions the step that checks both bounds."""
    places = {id(step): place for place, step in enumerate(program.steps)}
    if id(low.steps[2]) not in places or id(high.steps[2]) not in places:
        return  # They are part of another pair.
    first, last = sorted((low, high), key=lambda bound: places[id(bound.steps[2])])
    between = program.steps[places[id(first.steps[2])] : places[id(last.steps[2])]]
    if any(step.op.spec.stateful and step.op.type != "Assert" for step in between):
        return  # Nothing may have happened by then that the first one would have kept from happening.
    data = [program.inputs(bound.steps[2])[1:] for bound in (first, last)]
    chains = [_chain(program, bound) for bound in (first, last)]
    unsigned = np.dtype(f"u{low.steps[0].op.inputs[0].dtype.size}")
    kernel = _in_range(high.highest or 0, unsigned, chains, len(data[0]))
    joint = Step(last.steps[2].op, kernel, (low.values, *data[0], *data[1]), ())
    program.steps[places[id(last.steps[2])]] = joint
    program.steps = [step for step in program.steps if step is not first.steps[2]]


def _chain(program: Program, bound: _Bound) -> Kernel:
    """The three operations of an assertion as they are, for the error that they raise."""
    compared, every, assertion = bound.steps
    left, right = (program.facts.value(key) for key in program.inputs(compared))
    axes = program.facts.value(program.inputs(every)[1])

    def run(values: Any, *data: Any) -> None:
        found = compared.kernel(values if left is None else left, values if right is None else right)
        attributed(assertion.kernel, assertion.op)(every.kernel(found, axes), *data)

    return run


def _in_range(highest: int, unsigned: np.dtype[Any], chains: Sequence[Kernel], count: int) -> Kernel:
    """A kernel that takes integers, the `count` values that the first assertion shows, and those of the second one."""
    largest = np.maximum.reduce

    def check(values: Any, *data: Any) -> None:
        # Negative numbers are large as unsigned ones, so that one pass finds both kinds.
        if largest(values.view(unsigned), None) > highest:
            chains[0](values, *data[:count])
            chains[1](values, *data[count:])

    return check


register_pass(TOGETHER, "Assert", bounded)
