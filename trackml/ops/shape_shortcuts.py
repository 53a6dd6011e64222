"""Shortcuts of plans for operations that only give elements another shape, and for columns put side by side."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from trackml.graph.operation import Tensor
from trackml.graph.program import Program, Step
from trackml.graph.rewriting import SIMPLER, TOGETHER, Key, register_pass

_RESHAPES = ("Reshape", "ExpandDims", "Squeeze")


def one_reshape(program: Program) -> None:
    """Reshapes what is reshaped several times once, from where it began, and what keeps its shape not at all."""
    origins: dict[Key, Key] = {}
    kept = []
    for step in program.steps:
        source, sizes = _reshaped(program, step)
        if source is None:
            kept.append(_to_constant(program, step))
            continue
        origin = origins.get(source, source)
        if program.sizes(origin) == sizes:
            program.replace(step.outputs[0], origin)
            continue
        origins[step.outputs[0]] = origin
        kept.append(Step(step.op, operator.methodcaller("reshape", sizes), (origin,), step.outputs))
    program.steps = kept


def _reshaped(program: Program, step: Step) -> tuple[Key | None, Any]:
    """What a step reshapes, and to what shape; None where it does something else, or not all is known."""
    if step.op.type not in _RESHAPES or not step.is_plain:
        return None, None
    source, sizes = program.inputs(step)[0], program.sizes(step.outputs[0])
    before = program.sizes(source)
    if sizes is None or before is None or np.prod(sizes) != np.prod(before):
        return None, None
    return source, sizes


def _to_constant(program: Program, step: Step) -> Step:
    """A reshape of anything to sizes that are known, with one that is whatever fits."""
    sizes = program.facts.value(program.inputs(step)[1]) if step.op.type == "Reshape" and step.is_plain else None
    if sizes is None:
        return step
    reshape, plain = operator.methodcaller("reshape", tuple(sizes.tolist())), step.kernel

    def kernel(x: Any) -> Any:
        try:
            return reshape(x)
        except ValueError:
            return plain(x, sizes)

    return Step(step.op, kernel, step.inputs[:1], step.outputs)


for _type in _RESHAPES:
    register_pass(SIMPLER, _type, one_reshape)


def joined_columns(program: Program) -> None:
    """Puts vectors that are made columns in order to be put side by side into one array at once."""
    makers = program.makers()
    for place, step in enumerate(program.steps):
        vectors = _vectors(program, step, makers)
        if vectors:
            program.steps[place] = Step(step.op, _side_by_side, tuple(vectors), step.outputs)


def _vectors(program: Program, step: Step, makers: dict[Key, Step]) -> list[Key]:
    """The vectors `[rows]` whose columns a step puts side by side, none where it does something else."""
    if step.op.type != "ConcatV2" or not step.is_plain:
        return []
    sizes = program.sizes(step.outputs[0])
    *columns, axis = program.inputs(step)
    known = program.facts.value(axis)
    if sizes is None or len(sizes) != 2 or known is None or int(known) not in (1, -1):
        return []
    if sizes[1] != len(columns) or not step.op.outputs[0].dtype.is_numeric:
        return []
    made = [makers[key].inputs[0] for key in columns if key in makers and makers[key].op.type in _RESHAPES]
    vectors = [key for key in made if isinstance(key, Tensor) and program.sizes(key) == sizes[:1]]
    return [*vectors] if len(vectors) == len(columns) else []


def _side_by_side(*vectors: Any) -> Any:
    return np.array(vectors).T


register_pass(TOGETHER, "ConcatV2", joined_columns)
