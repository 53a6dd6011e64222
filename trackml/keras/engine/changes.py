"""What a call of somebody's code puts into the graph to change variables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from trackml.graph.graph import get_default_graph
from trackml.graph.operation import Operation
from trackml.variables import global_variables, local_variables

_CHANGES = ("Assign", "ResourceScatter", "ResourceApply", "ResourceSparseApply", "Assert", "If", "While", "Print")


def changes_made_by(call: Callable[[], Any]) -> list[Operation]:
    """The operations on variables that a call puts into the graph, whether it returns them or not.

    What gives variables that the call makes their first values is none of them.
    """
    graph = get_default_graph()
    before = len(graph.get_operations())
    call()
    found = [op for op in graph.get_operations()[before:] if op.type.startswith(_CHANGES)]
    first_values = {variable.initializer for variable in (*global_variables(), *local_variables())}
    return [op for op in found if op not in first_values]
