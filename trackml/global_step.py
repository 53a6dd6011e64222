"""The global step: the variable that counts training steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trackml import dtypes
from trackml.graph.graph import Graph, get_default_graph
from trackml.graph.keys import GraphKeys
from trackml.initializers import Zeros
from trackml.ops.framework import init_scope
from trackml.variables.scope import get_variable
from trackml.variables.variable import Variable

if TYPE_CHECKING:
    from trackml.graph.session import Session


def create_global_step(graph: Graph | None = None) -> Variable:
    """Makes the global step of a graph: an int64 scalar named `global_step`.

    Raises:
        ValueError: The graph has one already.
    """
    graph = graph or get_default_graph()
    if get_global_step(graph) is not None:
        raise ValueError('"global_step" already exists.')
    with graph.as_default(), init_scope(), graph.name_scope(None):
        return get_variable(
            GraphKeys.GLOBAL_STEP,
            shape=[],
            dtype=dtypes.int64,
            initializer=Zeros(),
            trainable=False,
            collections=[GraphKeys.GLOBAL_VARIABLES, GraphKeys.GLOBAL_STEP],
        )


def get_global_step(graph: Graph | None = None) -> Any:
    """The global step of a graph, or None.

    Raises:
        RuntimeError: The collection GLOBAL_STEP holds several.
    """
    graph = graph or get_default_graph()
    found = graph.get_collection(GraphKeys.GLOBAL_STEP)
    if len(found) > 1:
        raise RuntimeError(f"Multiple items found in collection {GraphKeys.GLOBAL_STEP}: {found}")
    if not found:
        return None
    assert_global_step(found[0])
    return found[0]


def get_or_create_global_step(graph: Graph | None = None) -> Any:
    """The global step of a graph, made if there is none."""
    graph = graph or get_default_graph()
    found = get_global_step(graph)
    return create_global_step(graph) if found is None else found


def assert_global_step(global_step_tensor: Any) -> None:
    """Raises TypeError unless this can be a global step: an integer scalar."""
    if not global_step_tensor.dtype.base_dtype.is_integer:
        raise TypeError(f"Existing 'global_step' does not have integer type: {global_step_tensor.dtype.name}")
    if global_step_tensor.shape.ndims not in (0, None):
        raise TypeError(f"Existing 'global_step' is not scalar: {global_step_tensor.shape}")


def global_step(sess: Session, global_step_tensor: Any) -> int:
    """The value of the global step in a session, as a Python int."""
    return int(sess.run(global_step_tensor))
