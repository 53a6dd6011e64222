"""Variables that a step reads several times are read once, unless something may have changed them in between."""

from __future__ import annotations

from trackml.graph.program import Program, Step
from trackml.graph.rewriting import Key
from trackml.graph.runtime import VariableCell


def read_once(program: Program) -> None:
    """Has a read of a variable stand for those after it, up to the next operation that could write to the variable."""
    read: dict[VariableCell, Key] = {}
    kept = []
    for step in program.steps:
        cells = _cells(program, step)
        if step.op.type == "ReadVariableOp" and len(cells) == 1:
            known = read.setdefault(cells[0], step.outputs[0])
            if known is not step.outputs[0]:
                program.replace(step.outputs[0], known)
                continue
        elif step.op.spec.stateful and not cells:
            read.clear()  # nobody knows what it does
        for cell in cells if step.op.type != "ReadVariableOp" else ():
            read.pop(cell, None)
        kept.append(step)
    program.steps = kept


def _cells(program: Program, step: Step) -> list[VariableCell]:
    """The variables that a step takes the handles of, the only ones that it can change."""
    values = [program.facts.value(key) for key in program.inputs(step)]
    return [value for value in values if isinstance(value, VariableCell)]
