"""Sessions: run parts of a graph, and keep the values of its variables between runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.graph import blas
from trackml.graph.allocator import keep_memory
from trackml.graph.conversion import to_array
from trackml.graph.fetches import Fetches, key_of
from trackml.graph.graph import Graph, get_default_graph
from trackml.graph.numerics import watched
from trackml.graph.operation import Tensor
from trackml.graph.plan import Plan
from trackml.graph.runtime import Runtime
from trackml.graph.tracing import Trace, is_traced


class Session:
    """Runs operations of one graph and holds its variables.

    Each set of fetches is compiled once, at its first run. Runs may come from several threads; the plans are
    shared, and updates of one variable from two threads at once are the caller's to order.

    Args:
        target: Accepted for TensorFlow's sake; only the local process (an empty string) exists.
        graph: The graph to run; the default one if not given.
        config: Accepted for TensorFlow's sake.
        debug_numerics: Whether to stop at the first operation that makes NaN or infinity, and to say which it is, with
            what inputs and on which of the user's lines; if not given, what the graph's `debug_numerics` says. Slow:
            each result is looked through.

    Raises:
        ValueError: `target` names a remote session.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     x = tf.placeholder(tf.float32, [2])
        ...     print(session.run(x * 2.0, {x: [1.0, 2.0]}))
        [2. 4.]
    """

    def __init__(
        self,
        target: str = "",
        graph: Graph | None = None,
        config: Any = None,
        *,
        debug_numerics: bool | None = None,
    ) -> None:
        if target:
            raise ValueError(f"Only local sessions exist here (target ''); got target {target!r}.")
        self._graph = graph if graph is not None else get_default_graph()
        self._config = config
        self._runtime = Runtime()
        if self._graph.debug_numerics if debug_numerics is None else debug_numerics:
            self._runtime.watch = watched
        self._plans: dict[Any, Plan] = {}
        self._forms: dict[Any, Fetches] = {}
        self._lock = threading.Lock()
        self._contexts: list[Any] = []
        self._closed = False
        keep_memory()

    @property
    def graph(self) -> Graph:
        """The graph that this session runs."""
        return self._graph

    @property
    def runtime(self) -> Runtime:
        """The session's state: variables, iterators, random generators."""
        return self._runtime

    def run(
        self,
        fetches: Any,
        feed_dict: Mapping[Any, Any] | None = None,
        options: Any = None,
        run_metadata: Any = None,
    ) -> Any:
        """Computes `fetches`.

        Args:
            fetches: A tensor, variable, operation or name, or a list, tuple or dict of these, nested at will.
            feed_dict: Values for placeholders, or for any other tensors of the graph.
            options: A `tf.RunOptions`; with `trace_level=tf.RunOptions.FULL_TRACE` the run is traced.
            run_metadata: A `tf.RunMetadata`, which gets the trace: what each operation took, and what it made.

        Returns:
            The values in the form of `fetches`: arrays, numpy scalars for shape `[]`, bytes for strings, None
            for operations.

        Raises:
            RuntimeError: The session is closed.
            TypeError: A fetch or a fed value is of a kind that cannot be fetched or fed.
            ValueError: A fetch is not in this graph, or a fed value does not have the tensor's shape.
            OpError: An operation failed; the message names it and the user's line.
        """
        self._check_open()
        wanted = self._fetches(fetches)
        if not feed_dict and run_metadata is None:
            if wanted.plan is None:
                wanted.plan = self._plan(wanted.elements, ())
            return wanted.packed(_computed(wanted.plan, ()))
        feeds, values = self._feeds(feed_dict) if feed_dict else ((), [])
        if is_traced(options, run_metadata):
            return wanted.packed(self._traced(wanted.elements, feeds, values, run_metadata))
        return wanted.packed(_computed(self._plan(wanted.elements, feeds), values))

    def _traced(self, elements: Any, feeds: tuple[Tensor, ...], values: list[Any], run_metadata: Any) -> Any:
        trace = Trace()
        with self._lock:
            watch, self._runtime.watch = self._runtime.watch, trace.watch
            try:
                plan = Plan(elements, feeds, self._runtime)
            finally:
                self._runtime.watch = watch
        results = _computed(plan, values)
        trace.write(run_metadata)
        return results

    def make_callable(self, fetches: Any, feed_list: Sequence[Tensor] = ()) -> Callable[..., Any]:
        """A function that computes `fetches` from values for `feed_list`, with everything else settled in advance."""
        self._check_open()
        wanted = self._fetches(fetches)
        feeds = tuple(feed_list)
        plan = self._plan(wanted.elements, feeds)

        def call(*values: Any) -> Any:
            self._check_open()
            fed = [_fed_value(tensor, value) for tensor, value in zip(feeds, values, strict=True)]
            return wanted.packed(_computed(plan, fed))

        return call

    def _plan(self, elements: tuple[Any, ...], feeds: tuple[Tensor, ...]) -> Plan:
        with self._lock:
            plan = self._plans.get((elements, feeds))
            if plan is None:
                plan = self._plans[elements, feeds] = Plan(elements, feeds, self._runtime, by_shapes=True)
            return plan

    def _fetches(self, structure: Any) -> Fetches:
        """What is to be fetched, from memory if it was asked for before."""
        try:
            key = key_of(structure)
            known = self._forms.get(key)
        except TypeError:  # a leaf or container that cannot be looked up: a list of something else, say
            return Fetches(structure, self._graph)
        if known is None:
            known = self._forms[key] = Fetches(structure, self._graph)
        return known

    def _feeds(self, feed_dict: Mapping[Any, Any]) -> tuple[tuple[Tensor, ...], list[Any]]:
        feeds = []
        values = []
        for key, value in feed_dict.items():
            for tensor, part in _fed_parts(key, value):
                try:
                    element = self._graph.as_graph_element(tensor, allow_operation=False)
                except (TypeError, KeyError, ValueError) as error:
                    raise TypeError(f"Cannot interpret feed_dict key as Tensor: {error}") from error
                assert isinstance(element, Tensor)
                feeds.append(element)
                values.append(_fed_value(element, part))
        return tuple(feeds), values

    def _check_open(self) -> None:
        if self._closed:
            raise RuntimeError("Attempted to use a closed Session.")

    def close(self) -> None:
        """Lets go of variables and iterators; the session cannot run anything after that."""
        self._closed = True
        self._plans.clear()
        self._forms.clear()
        self._runtime.close()

    def as_default(self) -> Any:
        """A context in which `tensor.eval()` and `op.run()` use this session; it does not close it."""
        return _DefaultSession(self)

    def __enter__(self) -> Session:
        graph = self._graph.as_default()
        session = self.as_default()
        graph.__enter__()
        session.__enter__()
        self._contexts += [session, graph]
        return self

    def __exit__(self, *exc_info: Any) -> None:
        for context in (self._contexts.pop(-2), self._contexts.pop()):
            context.__exit__(None, None, None)
        self.close()


class InteractiveSession(Session):
    """A session that is the default one from when it is made until it is closed."""

    def __init__(self, target: str = "", graph: Graph | None = None, config: Any = None) -> None:
        super().__init__(target, graph, config)
        self._default = self.as_default()
        self._default.__enter__()

    def close(self) -> None:
        """Ends being the default session, and closes."""
        if not self._closed:
            self._default.__exit__(None, None, None)
        super().close()


class _Defaults(threading.local):
    def __init__(self) -> None:
        self.stack: list[Session] = []


_defaults = _Defaults()


class _DefaultSession:
    """The context of `Session.as_default`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __enter__(self) -> Session:
        _defaults.stack.append(self._session)
        return self._session

    def __exit__(self, *exc_info: Any) -> None:
        _defaults.stack.remove(self._session)


def get_default_session() -> Session | None:
    """The innermost default session of this thread, or None."""
    return _defaults.stack[-1] if _defaults.stack else None


def _fed_parts(key: Any, value: Any) -> list[tuple[Any, Any]]:
    if hasattr(key, "_components"):
        return list(zip(key._components(), value, strict=True))
    return [(key, value)]


def _fed_value(tensor: Tensor, value: Any) -> Any:
    if isinstance(value, Tensor):
        raise TypeError(
            "The value of a feed cannot be a tf.Tensor object. "
            "Acceptable feed values include Python scalars, strings, lists and numpy ndarrays."
        )
    if tensor.dtype in (dtypes.resource, dtypes.variant):
        return value
    wanted = tensor.dtype.as_numpy_dtype
    if isinstance(value, np.ndarray) and value.dtype == wanted and tensor.dtype is not dtypes.string:
        array = value
    else:
        array = to_array(value, tensor.dtype)
    sizes = tensor.shape.sizes
    if sizes is not None and not _fits(sizes, array.shape):
        raise ValueError(
            f"Cannot feed value of shape {array.shape} for Tensor '{tensor.name}', which has shape '{tensor.shape}'"
        )
    return array


def _fits(sizes: tuple[int | None, ...], shape: tuple[int, ...]) -> bool:
    if len(sizes) != len(shape):
        return False
    for size, got in zip(sizes, shape):  # noqa: SIM110  a generator costs more than what it looks at
        if size is not None and size != got:
            return False
    return True


def _computed(plan: Plan, values: Sequence[Any]) -> list[Any]:
    threads = blas.limit()
    try:
        with np.errstate(all="ignore"):
            results = plan(*values)
    finally:
        blas.restore(threads)
    return [_returned(value) if isinstance(value, np.ndarray) else value for value in results]


def _returned(value: np.ndarray[Any, Any]) -> Any:
    """An array as the caller gets it: his own, so that writing into it changes nothing here."""
    if value.ndim == 0:
        return value[()]
    return value if value.flags.writeable else value.copy()
