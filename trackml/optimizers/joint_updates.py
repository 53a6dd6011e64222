"""Updates of many small variables as one.

An update of a bias of ten costs numpy's calls and little else. A plan that updates several small variables in turn by
one rule, with the same rates, runs the rule once on all of them side by side. Rules compute element by element, so
the results are the same to the last bit. The graph keeps one operation a variable.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from trackml.graph.cell_block import CellBlock
from trackml.graph.failures import attributed
from trackml.graph.program import Program, Step
from trackml.graph.rewriting import TOGETHER, Key, register_pass
from trackml.graph.runtime import SMALL_BYTES, VariableCell

Rule = Callable[..., None]


class UpdateInputs(NamedTuple):
    """What the inputs of an update are."""

    cells: int
    """How many of the first ones are variables."""
    grad: int
    """Which one is the gradient."""


class _Update(NamedTuple):
    """An update that may go together with others."""

    step: Step
    cells: list[VariableCell]
    """The variable and its slots."""
    rates: tuple[Key, ...]
    """The inputs besides variables and gradient."""
    grad: Key
    shape: tuple[int, ...]
    kind: tuple[Any, ...]
    """What updates must have in common: the values of rates, attributes, type."""


def register_joint(type: str, rule: Callable[[Any], Rule], inputs: UpdateInputs) -> None:
    """Has plans run updates of a type together.

    Args:
        type: The operation's type, such as `"ResourceApplyAdagrad"`.
        rule: Gives the rule of an operation: a function of arrays in the order of the operation's inputs, which
            computes element by element and writes into those of variables.
        inputs: What the operation's inputs are.
    """
    register_pass(TOGETHER, type, functools.partial(_joined, type, rule, inputs))


def _joined(type: str, rule: Callable[[Any], Rule], inputs: UpdateInputs, program: Program) -> None:
    for group in list(_groups(program, type, inputs)):
        ours = {update.step.op for update in group}
        joint = _Joint(rule(group[0].step.op), inputs, group)
        step = Step(group[0].step.op, joint, (*group[0].rates, *(update.grad for update in group)), ())
        place = max(number for number, other in enumerate(program.steps) if other.op in ours)
        program.steps[place] = step
        program.steps = [other for other in program.steps if other is step or other.op not in ours]


def _groups(program: Program, type: str, inputs: UpdateInputs) -> Iterator[list[_Update]]:
    """Updates between which nothing else happens that could see a variable."""
    group: list[_Update] = []
    for step in (*program.steps, None):
        if step is not None and not step.op.spec.stateful:
            continue
        update = None if step is None else _update(program, step, type, inputs)
        if update is None or (group and not _goes_with(update, group)):
            if len(group) > 1:
                yield group
            group = []
        if update is not None:
            group.append(update)


def _goes_with(update: _Update, group: Sequence[_Update]) -> bool:
    taken = {id(cell) for other in group for cell in other.cells}
    return update.kind == group[0].kind and not any(id(cell) in taken for cell in update.cells)


def _update(program: Program, step: Step, type: str, inputs: UpdateInputs) -> _Update | None:
    """The step as an update, None where it is something else, or large, or nothing is known of its shape."""
    if step.op.type != type or not step.is_plain:
        return None
    keys = program.inputs(step)
    cells = [program.facts.value(key) for key in keys[: inputs.cells]]
    shape = program.sizes(keys[inputs.grad])
    if shape is None or not all(isinstance(cell, VariableCell) for cell in cells):
        return None
    bytes_of_values = int(np.prod(shape)) * step.op.inputs[inputs.grad].dtype.size
    if not 0 < bytes_of_values <= SMALL_BYTES:
        return None
    rates = (*keys[inputs.cells : inputs.grad], *keys[inputs.grad + 1 :])
    dtype = step.op.inputs[inputs.grad].dtype
    kind = ([_told_by(program, key) for key in rates], sorted(step.op.attrs.items()), dtype)
    return _Update(step, cells, rates, keys[inputs.grad], shape, kind)


def _told_by(program: Program, key: Key) -> Any:
    """What equal rates have in common: the value of a constant, or where it comes from."""
    value = program.facts.value(key)
    return key if value is None else (value.dtype, value.shape, value.tobytes())


class _Joint:
    """The kernel: takes the rates, then the gradients."""

    def __init__(self, rule: Rule, inputs: UpdateInputs, group: Sequence[_Update]) -> None:
        self._lock = threading.Lock()
        self._rule = rule
        self._inputs = inputs
        self._group = list(group)
        self._before = inputs.grad - inputs.cells
        self._rates = len(group[0].rates)
        dtype = np.dtype(group[0].step.op.inputs[inputs.grad].dtype.as_numpy_dtype)
        shapes = [update.shape for update in group]
        self._block = CellBlock(list(zip(*(update.cells for update in group))), shapes, dtype)

    def __call__(self, *values: Any) -> None:
        rates, grads = values[: self._rates], values[self._rates :]
        with self._lock:
            try:
                buffer = self._block.begin()
            except Exception:  # the variable that is to blame raises it again
                self._one_by_one(rates, grads)
                return
            grad = np.concatenate([grad.ravel() for grad in grads])
            self._rule(*buffer.rows, *rates[: self._before], grad, *rates[self._before :])
            self._block.put(buffer)

    def _one_by_one(self, rates: Sequence[Any], grads: Sequence[Any]) -> None:
        for update, grad in zip(self._group, grads):
            run = attributed(update.step.kernel, update.step.op)
            run(*update.cells, *rates[: self._before], grad, *rates[self._before :])
