"""What an optimizer keeps in one graph: its rate, its steps, its slots."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trackml.graph.graph import Graph, get_default_graph
from trackml.graph.operation import Operation
from trackml.keras import initializers
from trackml.ops.framework import init_scope, name_scope
from trackml.variables import Variable

_KEY = ("__keras_optimizers",)


class State:
    """The variables of an optimizer in the default graph.

    Args:
        name: The optimizer's name.
        rate: The learning rate at the beginning.
        iterations: What counts the steps; a variable of its own by default.
    """

    def __init__(self, name: str, rate: float, iterations: Variable | None = None) -> None:
        with init_scope(), name_scope(None), name_scope(f"training/{name}") as scope:
            self.scope = scope
            self.rate = Variable(np.float32(rate), trainable=False, name="learning_rate")
            if iterations is None:
                iterations = Variable(np.int64(0), trainable=False, name="iter")
            self.iterations: Variable = iterations
        self.slots: dict[str, dict[Operation, Variable]] = {}
        self.own: list[Variable] = []
        """Slots and other variables in the order in which they were made."""

    def slot(self, var: Variable, name: str, initializer: Any = "zeros", shape: Any = None) -> Variable:
        """The slot of that name of a variable, made if there is none."""
        named = self.slots.setdefault(name, {})
        if var.op not in named:
            sizes = var.shape.as_list() if shape is None else [int(size) for size in shape]
            named[var.op] = self.variable(name, sizes, var.dtype, initializer, f"{var.op.name}/")
        return named[var.op]

    def variable(self, name: str, sizes: Sequence[Any], dtype: Any, initializer: Any, below: str = "") -> Variable:
        """A variable of the optimizer."""
        first = initializers.get(initializer) if isinstance(initializer, str) else initializer
        with init_scope(), name_scope(None), name_scope(f"{self.scope.rstrip('/')}/{below}"):
            made = Variable(
                (lambda: first(list(sizes), dtype)) if callable(first) else first,
                trainable=False,
                name=name,
                dtype=dtype,
            )
        self.own.append(made)
        return made


def state_in(graph: Graph, optimizer: Any) -> State | None:
    """What an optimizer keeps in a graph; None when it keeps nothing there."""
    kept = graph.get_collection_ref(_KEY)
    return kept[0].get(optimizer) if kept else None


def keep(optimizer: Any, state: State) -> None:
    """Keeps what an optimizer has in the default graph with that graph, so that it goes with it."""
    kept = get_default_graph().get_collection_ref(_KEY)
    if not kept:
        kept.append({})
    kept[0][optimizer] = state
