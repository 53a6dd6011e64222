"""Functions on the default graph: name scopes, control dependencies, collections, seeds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from trackml.graph.function import FuncGraph
from trackml.graph.graph import Graph, get_default_graph
from trackml.graph.operation import Operation


class name_scope:  # noqa: N801  TensorFlow's spelling
    """A context that puts operations under a name.

    Args:
        name: The scope; one that ends in `/` is entered again. None takes `default_name`.
        default_name: Used when `name` is None.
        values: Tensors that go into the operations made inside; the scope is entered in their graph.

    Entering gives the scope's full name with a final `/`: an operation made under that name is called like
    the scope itself.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default(), tf.name_scope("a") as scope:
        ...     x = tf.constant(1.0, name="x")
        >>> scope, x.name
        ('a/', 'a/x:0')
    """

    def __init__(self, name: str | None, default_name: str | None = None, values: Any = None) -> None:
        if name is not None and not isinstance(name, str):
            raise TypeError(f"A name scope must be a string; got {name!r}.")
        self._name = default_name if name is None else name
        self._values = values
        self._contexts: list[ExitStack] = []

    @property
    def name(self) -> str | None:
        """The name that was asked for."""
        return self._name

    def __enter__(self) -> str:
        graph = _graph_of(self._values)
        with ExitStack() as stack:
            if graph is not get_default_graph():
                stack.enter_context(graph.as_default())
            scope: str = stack.enter_context(graph.name_scope(self._name))
            self._contexts.append(stack.pop_all())
        return scope

    def __exit__(self, *exc_info: Any) -> None:
        self._contexts.pop().close()


def _graph_of(values: Any) -> Graph:
    """The default graph, unless it is a mere bystander: `values` of one other graph that is not around it."""
    default = get_default_graph()
    graphs = [value.graph for value in values or () if isinstance(getattr(value, "graph", None), Graph)]
    if not graphs or isinstance(default, FuncGraph) or default in graphs:
        return default
    if any(graph is not graphs[0] for graph in graphs):
        return default  # the operation itself says which tensor is of another graph
    graph: Graph = graphs[0]
    return graph


def control_dependencies(control_inputs: Any) -> Any:
    """A context in which operations run only after all of `control_inputs` have run.

    Args:
        control_inputs: Operations, tensors or variables; None forgets the contexts around.
    """
    return get_default_graph().control_dependencies(control_inputs)


def device(device_name_or_function: Any) -> Any:
    """A context that notes a device on operations; everything runs on this machine all the same."""
    return get_default_graph().device(device_name_or_function)


def colocate_with(op: Any, ignore_existing: bool = False) -> Any:
    """A context that does nothing: there is one device."""
    return ExitStack()


@contextmanager
def init_scope() -> Iterator[None]:
    """A context outside of all functions and control dependencies, for what must be made once: variables."""
    graph = get_default_graph()
    scope = graph.get_name_scope()
    while isinstance(graph, FuncGraph):
        graph = graph.outer
        scope = graph.get_name_scope()
    with graph.as_default(), graph.control_dependencies(None), graph.name_scope(f"{scope}/" if scope else None):
        yield


def get_collection(key: Any, scope: str | None = None) -> list[Any]:
    """The items of a collection of the default graph; with `scope`, those whose name begins with that pattern."""
    return get_default_graph().get_collection(key, scope)


def get_collection_ref(key: Any) -> list[Any]:
    """A collection of the default graph itself: appending to the list adds to it."""
    return get_default_graph().get_collection_ref(key)


def add_to_collection(name: Any, value: Any) -> None:
    """Appends `value` to a collection of the default graph."""
    get_default_graph().add_to_collection(name, value)


def add_to_collections(names: Any, value: Any) -> None:
    """Appends `value` to several collections of the default graph."""
    get_default_graph().add_to_collections(names, value)


def set_random_seed(seed: int) -> None:
    """Makes the random operations of the default graph repeatable: the same seed, the same numbers in each session."""
    get_default_graph().seed = seed


_DEFAULT_GRAPH_SEED = 87654321
_MAX_SEED = 2**31 - 1


def get_seed(op_seed: int | None) -> tuple[int | None, int | None]:
    """The pair of seeds of an operation, from the graph's seed and its own; (None, None) means truly random.

    With a seed of the graph alone, an operation's seed is the number of operations made before it, so that two
    operations differ and the same program repeats. They are counted as TensorFlow 1.15 would have made them, whose
    variables are no resources, so that its numbers come out.
    """
    graph = get_default_graph()
    if graph.seed is not None:
        return graph.seed, _counted(graph) if op_seed is None else op_seed
    if op_seed is not None:
        return _DEFAULT_GRAPH_SEED, op_seed
    return None, None


def seed_attributes(seed: int | None) -> dict[str, Any]:
    """The attributes `seed` and `seed2` of a random operation; both are 0 when it has no seed."""
    graph_seed, op_seed = get_seed(seed)
    if graph_seed is None or op_seed is None:
        return {"seed": 0, "seed2": 0}
    pair = graph_seed % _MAX_SEED, op_seed % _MAX_SEED
    if pair == (0, 0):
        pair = (0, _MAX_SEED)
    return {"seed": pair[0], "seed2": pair[1]}


def _counted(graph: Graph) -> int:
    """How many operations the graph would have in TensorFlow."""
    return graph.operations_left_out + sum(not _is_only_here(op) for op in graph.get_operations())


def leave_out(count: int) -> None:
    """Notes that TensorFlow makes `count` operations here that are not made; seeds are counted as if they were."""
    get_default_graph().operations_left_out += count


def _is_only_here(op: Operation) -> bool:
    """Whether TensorFlow 1.15 has no such operation: of variables that are resources, or of datasets."""
    # A variable is read once where it is made, in either way; resources are read again wherever they are used.
    if op.type == "ReadVariableOp":
        return not op.name.endswith("/Read/ReadVariableOp")
    return op.type in ("VarIsInitializedOp", "GeneratorDataset")
