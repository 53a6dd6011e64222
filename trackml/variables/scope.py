"""Variable scopes: `get_variable` and what it looks up: prefixes, sharing, default initializers and regularizers."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.dtypes import DType, as_dtype
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.graph import Graph, get_default_graph
from trackml.graph.keys import GraphKeys
from trackml.graph.operation import Tensor, is_array
from trackml.initializers import default_initializer
from trackml.ops.framework import init_scope, name_scope
from trackml.shapes import TensorShape, as_shape
from trackml.variables.variable import Variable

_SCOPE_KEY = ("__varscope",)
_STORE_KEY = ("__variable_store",)


class _Reuse(enum.Enum):
    AUTO_REUSE = 1

    def __repr__(self) -> str:
        return "tf.AUTO_REUSE"


AUTO_REUSE = _Reuse.AUTO_REUSE
"""`reuse=tf.AUTO_REUSE`: share a variable that is there, make one that is not."""


def no_regularizer(weights: Any) -> None:
    """The regularizer that switches off the scope's."""


class VariableScope:
    """What `get_variable` takes from the scope around it.

    Args:
        reuse: None or False: variables are new; True: they exist; AUTO_REUSE: either.
        name: Prefix of variables' names.
        initializer: Default initializer.
        regularizer: Default regularizer.
        name_scope: The name scope that was opened with this scope.
        dtype: Default type.
        constraint: Default constraint.
        custom_getter: A function called in place of `get_variable`, with that as its first argument.
        caching_device: Accepted for TensorFlow's sake.
        partitioner: Accepted for TensorFlow's sake: variables are kept whole.
        use_resource: Accepted for TensorFlow's sake.
    """

    def __init__(
        self,
        reuse: Any,
        name: str = "",
        initializer: Any = None,
        regularizer: Any = None,
        name_scope: str = "",
        dtype: Any = dtypes.float32,
        constraint: Any = None,
        custom_getter: Any = None,
        caching_device: Any = None,
        partitioner: Any = None,
        use_resource: bool | None = None,
    ) -> None:
        self._reuse = reuse
        self._name = name
        self._name_scope = name_scope
        self.initializer = initializer
        self.regularizer = regularizer
        self.dtype = as_dtype(dtype)
        self.constraint = constraint
        self.custom_getter = custom_getter
        self.caching_device = caching_device
        self.partitioner = partitioner
        self.use_resource = use_resource

    @property
    def name(self) -> str:
        """The prefix, without a final slash; empty at the root."""
        return self._name

    @property
    def original_name_scope(self) -> str:
        """The name scope that was opened with this scope, with a final slash."""
        return f"{self._name_scope}/" if self._name_scope else self._name_scope

    @property
    def reuse(self) -> Any:
        """Whether variables exist already: None or False, True, or AUTO_REUSE."""
        return self._reuse

    def reuse_variables(self) -> None:
        """From here on, variables of this scope exist already."""
        self._reuse = True

    def set_initializer(self, initializer: Any) -> None:
        """Sets the default initializer."""
        self.initializer = initializer

    def set_regularizer(self, regularizer: Any) -> None:
        """Sets the default regularizer."""
        self.regularizer = regularizer

    def global_variables(self) -> list[Variable]:
        """The global variables of this scope."""
        return self.get_collection(GraphKeys.GLOBAL_VARIABLES)

    def trainable_variables(self) -> list[Variable]:
        """The trainable variables of this scope."""
        return self.get_collection(GraphKeys.TRAINABLE_VARIABLES)

    def get_collection(self, name: str) -> list[Any]:
        """The items of a collection whose names begin with this scope's."""
        return get_default_graph().get_collection(name, f"{self._name}/" if self._name else "")

    def _inner(self, name: str, reuse: Any, opened: str, overrides: dict[str, Any]) -> VariableScope:
        """This scope with another name and whatever the inner one sets itself."""
        inherited = {key: getattr(self, key) for key in _INHERITED}
        inherited.update((key, value) for key, value in overrides.items() if value is not None)
        getter, own = self.custom_getter, overrides.get("custom_getter")
        if getter is not None and own is not None:
            inherited["custom_getter"] = _nested_getter(own, getter)
        return VariableScope(reuse, name=name, name_scope=opened.rstrip("/"), **inherited)


_INHERITED = (
    "initializer", "regularizer", "dtype", "constraint", "custom_getter", "caching_device", "partitioner",
    "use_resource",
)  # fmt: skip


def _nested_getter(inner: Callable[..., Any], outer: Callable[..., Any]) -> Callable[..., Any]:
    def getter(real: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return inner(lambda *a, **k: outer(real, *a, **k), *args, **kwargs)

    return getter


class _VariableStore:
    """The variables of a graph that `get_variable` made, and how often each scope was opened."""

    def __init__(self) -> None:
        self.variables: dict[str, Variable] = {}
        self.opened: dict[str, int] = {}

    def open(self, name: str) -> None:
        self.opened[name] = self.opened.get(name, 0) + 1

    def close_inner(self, name: str) -> None:
        """Inner scopes count anew each time the outer one is opened."""
        for key in self.opened:
            if not name or key.startswith(f"{name}/"):
                self.opened[key] = 0


def _store(graph: Graph) -> _VariableStore:
    items = graph.get_collection_ref(_STORE_KEY)
    if not items:
        items.append(_VariableStore())
    store: _VariableStore = items[0]
    return store


def get_variable_scope() -> VariableScope:
    """The current variable scope of the default graph."""
    items = get_default_graph().get_collection_ref(_SCOPE_KEY)
    if not items:
        items.append(VariableScope(None))
    scope: VariableScope = items[0]
    return scope


class variable_scope:  # noqa: N801  TensorFlow's spelling
    """A context in which `get_variable` puts a prefix to names, shares variables, or has other defaults.

    Args:
        name_or_scope: A name, or a scope to enter again.
        default_name: When `name_or_scope` is None: a name to make unique.
        values: Tensors that go into the operations made inside.
        initializer: Default initializer of variables.
        regularizer: Default regularizer.
        caching_device: Accepted for TensorFlow's sake.
        partitioner: Accepted for TensorFlow's sake.
        custom_getter: Called in place of `get_variable`.
        reuse: True to share variables that exist, AUTO_REUSE to make those that do not; None to inherit.
        dtype: Default type.
        use_resource: Accepted for TensorFlow's sake.
        constraint: Default constraint.
        auxiliary_name_scope: Whether a name scope is opened too.

    Entering gives the `VariableScope`.

    Raises:
        ValueError: There is neither a name nor a default name, or `reuse` goes with a default name.
        TypeError: `name_or_scope` is neither a name nor a scope.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default():
        ...     with tf.variable_scope("a"):
        ...         v = tf.get_variable("v", [1])
        ...     with tf.variable_scope("a", reuse=True):
        ...         print(tf.get_variable("v") is v, v.name)
        True a/v:0
    """

    def __init__(
        self,
        name_or_scope: Any,
        default_name: str | None = None,
        values: Any = None,
        initializer: Any = None,
        regularizer: Any = None,
        caching_device: Any = None,
        partitioner: Any = None,
        custom_getter: Any = None,
        reuse: Any = None,
        dtype: Any = None,
        use_resource: bool | None = None,
        constraint: Any = None,
        auxiliary_name_scope: bool = True,
    ) -> None:
        if name_or_scope is None and default_name is None:
            raise TypeError("If default_name is None then name_or_scope is required")
        if not isinstance(name_or_scope, (str, VariableScope, type(None))):
            raise TypeError(f"VariableScope: name_or_scope must be a string or VariableScope; got {name_or_scope!r}.")
        self._name_or_scope = name_or_scope
        self._default_name = default_name
        self._values = values
        self._reuse = reuse
        self._auxiliary_name_scope = auxiliary_name_scope
        self._overrides = {
            "initializer": initializer,
            "regularizer": regularizer,
            "caching_device": caching_device,
            "partitioner": partitioner,
            "custom_getter": custom_getter,
            "dtype": dtype,
            "use_resource": use_resource,
            "constraint": constraint,
        }
        self._contexts: list[ExitStack] = []

    def __enter__(self) -> VariableScope:
        with ExitStack() as stack:
            scope: VariableScope = stack.enter_context(self._entered())
            self._contexts.append(stack.pop_all())
        return scope

    def __exit__(self, *exc_info: Any) -> None:
        self._contexts.pop().close()

    @contextmanager
    def _entered(self) -> Iterator[VariableScope]:
        name = self._name_or_scope
        if name is None:
            if self._reuse:
                raise ValueError("reuse=True cannot be used without a name_or_scope")
            name = _unique_scope(str(self._default_name))
        with ExitStack() as stack:
            opened = stack.enter_context(self._named(name))
            yield stack.enter_context(_pushed(name, self._reuse, opened, self._overrides))

    @contextmanager
    def _named(self, name: str | VariableScope) -> Iterator[str]:
        # A scope without a name of its own is made unique twice: among variables, and among operations.
        last = self._default_name if self._name_or_scope is None else _last_part(name)
        if self._auxiliary_name_scope and last:
            context: Any = name_scope(last, values=self._values)
        else:
            current = get_default_graph().get_name_scope()
            context = nullcontext(f"{current}/" if current else "")
        with context as opened:
            # Entered again, a scope's operations go on under a new name, but it remembers its first one.
            yield name.original_name_scope if isinstance(name, VariableScope) else opened


def _last_part(name: str | VariableScope) -> str:
    return name if isinstance(name, str) else name.name.rpartition("/")[2]


def _unique_scope(prefix: str) -> str:
    store = _store(get_default_graph())
    current = get_variable_scope().name
    full = f"{current}/{prefix}" if current else prefix
    if not store.opened.get(full):
        return prefix
    number = 1
    while store.opened.get(f"{full}_{number}"):
        number += 1
    return f"{prefix}_{number}"


@contextmanager
def _pushed(name: str | VariableScope, reuse: Any, opened: str, overrides: dict[str, Any]) -> Iterator[VariableScope]:
    """Makes a scope the current one of its graph; afterwards the outer one is again."""
    graph = get_default_graph()
    store = _store(graph)
    outer = get_variable_scope()
    counts = dict(store.opened)
    if isinstance(name, VariableScope):
        inherited = name.reuse if reuse is None else reuse
        scope = name._inner(name.name, inherited, opened, overrides)
    else:
        inherited = reuse or outer.reuse
        scope = outer._inner(f"{outer.name}/{name}" if outer.name else name, inherited, opened, overrides)
    store.open(scope.name)
    graph.get_collection_ref(_SCOPE_KEY)[:] = [scope]
    try:
        yield scope
    finally:
        store.close_inner(scope.name)
        if isinstance(name, VariableScope):
            store.opened = counts
        graph.get_collection_ref(_SCOPE_KEY)[:] = [outer]


def variable_op_scope(values: Any, name_or_scope: Any, default_name: str | None = None, **kwargs: Any) -> Any:
    """The same as `variable_scope`, with `values` first."""
    return variable_scope(name_or_scope, default_name, values, **kwargs)


def get_variable(
    name: str,
    shape: Any = None,
    dtype: Any = None,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: bool | None = None,
    collections: Sequence[str] | None = None,
    caching_device: Any = None,
    partitioner: Any = None,
    validate_shape: bool = True,
    use_resource: bool | None = None,
    custom_getter: Any = None,
    constraint: Any = None,
    synchronization: Any = None,
    aggregation: Any = None,
) -> Variable:
    """The variable of that name in the current scope: made now, or shared if the scope reuses variables.

    Args:
        name: The name, after the scope's prefix.
        shape: The shape, all sizes known; not needed when the initializer is a value.
        dtype: The type; the scope's by default.
        initializer: A function of (shape, dtype), or a value; the scope's by default, otherwise
            `glorot_uniform_initializer` for floating-point types and zeros for others.
        regularizer: A function from the variable to a scalar, which goes to REGULARIZATION_LOSSES.
        trainable: Whether optimizers change it.
        collections: Collections it is put into; GLOBAL_VARIABLES by default.
        caching_device: Accepted for TensorFlow's sake.
        partitioner: Accepted for TensorFlow's sake: the variable is kept whole.
        validate_shape: Whether later values must have this shape.
        use_resource: Accepted for TensorFlow's sake.
        custom_getter: Called in place of this function, with it as the first argument.
        constraint: A function applied after an optimizer's update.
        synchronization: Accepted for TensorFlow's sake.
        aggregation: Accepted for TensorFlow's sake.

    Returns:
        The variable.

    Raises:
        ValueError: It exists and the scope does not reuse; it does not exist and the scope reuses; or shape or
            type are not those of the shared variable.
    """
    scope = get_variable_scope()
    getter = custom_getter or scope.custom_getter
    arguments: dict[str, Any] = {
        "shape": shape,
        "dtype": as_dtype(dtype) if dtype is not None else None,
        "initializer": scope.initializer if initializer is None else initializer,
        "regularizer": scope.regularizer if regularizer is None else regularizer,
        "trainable": trainable,
        "collections": collections,
        "validate_shape": validate_shape,
        "constraint": scope.constraint if constraint is None else constraint,
        "partitioner": scope.partitioner if partitioner is None else partitioner,
        "reuse": scope.reuse,
    }
    full_name = f"{scope.name}/{name}" if scope.name else name
    variable: Variable = (
        getter(_get_variable, full_name, **arguments) if getter else _get_variable(full_name, **arguments)
    )
    return variable


def get_local_variable(name: str, *args: Any, **kwargs: Any) -> Variable:
    """As `get_variable`, for a variable that lasts for one session only: in LOCAL_VARIABLES, not trainable."""
    kwargs["trainable"] = False
    kwargs["collections"] = [*(kwargs.get("collections") or ()), GraphKeys.LOCAL_VARIABLES]
    return get_variable(name, *args, **kwargs)


def _get_variable(
    name: str,
    *,
    shape: Any = None,
    dtype: DType | None = None,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: bool | None = None,
    collections: Sequence[str] | None = None,
    validate_shape: bool = True,
    constraint: Any = None,
    partitioner: Any = None,
    reuse: Any = None,
) -> Variable:
    with init_scope():
        store = _store(get_default_graph())
        if name in store.variables:
            return _shared(store.variables[name], name, shape, dtype, reuse)
        if reuse is True:
            raise ValueError(
                f"Variable {name} does not exist, or was not created with tf.get_variable(). "
                "Did you mean to set reuse=tf.AUTO_REUSE in VarScope?"
            )
        with get_default_graph().name_scope(None):
            variable = _created(name, shape, dtype, initializer, trainable, collections, validate_shape, constraint)
        variable.is_partitioned = partitioner is not None and variable.shape.ndims != 0
        store.variables[name] = variable
    if regularizer is not None:
        _regularize(variable, regularizer)
    return variable


def _shared(variable: Variable, name: str, shape: Any, dtype: DType | None, reuse: Any) -> Variable:
    if not reuse:
        raise ValueError(
            f"Variable {name} already exists, disallowed. Did you mean to set reuse=True or reuse=tf.AUTO_REUSE "
            f"in VarScope? Originally defined at: {variable.op.location}"
        )
    if shape is not None and not as_shape(shape).is_compatible_with(variable.shape):
        raise ValueError(
            f"Trying to share variable {name}, but specified shape {as_shape(shape)} and found shape {variable.shape}."
        )
    if dtype is not None and dtype is not variable.dtype:
        raise ValueError(
            f"Trying to share variable {name}, but specified dtype {dtype.name} and found dtype {variable.dtype.name}."
        )
    return variable


def _created(
    name: str,
    shape: Any,
    dtype: DType | None,
    initializer: Any,
    trainable: bool | None,
    collections: Sequence[str] | None,
    validate_shape: bool,
    constraint: Any,
) -> Variable:
    value, dtype = _initial_value(name, shape, dtype or get_variable_scope().dtype, initializer, dtype is not None)
    return Variable(
        value,
        name=name,
        dtype=dtype,
        trainable=trainable,
        collections=collections,
        validate_shape=validate_shape,
        constraint=constraint,
        shape=None if callable(value) is False else shape,
    )


def _initial_value(name: str, shape: Any, dtype: DType, initializer: Any, explicit: bool) -> tuple[Any, DType]:
    """What `Variable` takes as its initial value, and its type."""
    if initializer is not None and (isinstance(initializer, Tensor) or not callable(initializer)):
        return _given_value(name, shape, dtype if explicit else None, initializer)
    if not as_shape(shape).is_fully_defined():
        raise ValueError(f"Shape of a new variable ({name}) must be fully defined, but instead was {as_shape(shape)}.")
    maker = default_initializer(dtype) if initializer is None else initializer
    if isinstance(maker, type):
        maker = maker()
    sizes = as_shape(shape).as_list()
    return (lambda: _initialized(maker, sizes, dtype)), dtype


def _given_value(name: str, shape: Any, dtype: DType | None, value: Any) -> tuple[Any, DType]:
    known = value.shape if isinstance(value, Tensor) or is_array(value) else TensorShape(np.shape(value))
    if shape is not None and not as_shape(shape).is_compatible_with(known):
        raise ValueError(
            f"If initializer is a constant, do not specify shape: variable {name} has shape {as_shape(shape)}, "
            f"its initial value {as_shape(known)}."
        )
    tensor = convert_to_tensor(value, dtype)
    return tensor, tensor.dtype


def _initialized(maker: Callable[..., Any], sizes: Sequence[int | None], dtype: DType) -> Any:
    """Calls an initializer, which takes the shape and, by custom, the type and a partition that is not used here."""
    try:
        return maker(sizes, dtype=dtype)
    except TypeError as error:
        if "dtype" not in str(error):
            raise
        return maker(sizes)


def _regularize(variable: Variable, regularizer: Callable[[Any], Any]) -> None:
    with name_scope(f"{variable.op.name}/Regularizer/"):
        loss = regularizer(variable)
    if loss is not None:
        get_default_graph().add_to_collection(GraphKeys.REGULARIZATION_LOSSES, loss)
