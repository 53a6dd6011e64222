"""The session that models run in, one a graph, and values of variables."""

from __future__ import annotations

from typing import Any

import numpy as np

from trackml.graph.graph import Graph, get_default_graph, reset_default_graph
from trackml.graph.session import Session, get_default_session
from trackml.variables import Variable, global_variables, variables_initializer

__all__ = ["clear_session", "epsilon", "floatx", "get_session", "get_value", "initialize", "set_value"]

_SESSION_KEY = ("__keras_session",)
_READY_KEY = ("__keras_initialized",)


def epsilon() -> float:
    """The number that keeps divisors and logarithms from zero."""
    return 1e-7


def floatx() -> str:
    """The name of the type of numbers where nothing else is said."""
    return "float32"


def get_session() -> Session:
    """The default session, or else the one in which models of the default graph keep their weights.

    Variables that no model has given a value yet are initialized.
    """
    graph = get_default_graph()
    session = get_default_session()
    if session is None or session.graph is not graph:
        session = session_of(graph)
    initialize(session, global_variables())
    return session


def session_of(graph: Graph) -> Session:
    """The session of a graph's models, made at the first call."""
    kept = graph.get_collection_ref(_SESSION_KEY)
    if not kept:
        kept.append(Session(graph=graph))
    session: Session = kept[0]
    return session


def initialize(session: Session, variables: list[Variable]) -> list[Variable]:
    """Runs the initializers of those variables that were not run by this function before; gives these."""
    ready = session.graph.get_collection_ref(_READY_KEY)
    if not ready:
        ready.append(set())
    done: set[int] = ready[0]
    fresh = [variable for variable in variables if id(variable) not in done]
    if fresh:
        with session.graph.as_default():
            session.run(variables_initializer(fresh))
        done.update(id(variable) for variable in fresh)
    return fresh


def clear_session() -> None:
    """Forgets all models: the default graph is a new one, and names count from the beginning."""
    kept = get_default_graph().get_collection_ref(_SESSION_KEY)
    for session in kept:
        session.close()
    kept.clear()
    reset_default_graph()


def get_value(x: Any) -> Any:
    """The value of a variable as an array; a number stays what it is."""
    if not isinstance(x, Variable):
        return x
    with x.graph.as_default():
        return get_session().run(x)


def set_value(x: Variable, value: Any) -> None:
    """Gives a variable another value."""
    with x.graph.as_default():
        x.load(np.asarray(value, x.dtype.as_numpy_dtype), get_session())
