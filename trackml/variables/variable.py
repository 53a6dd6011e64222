"""Variables: tensors whose values a session keeps between runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

import trackml.variables.resource_ops  # noqa: F401  registers the operations on variables
from trackml.dtypes import DType, as_dtype
from trackml.graph.arithmetic import Arithmetic
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.function import FuncGraph
from trackml.graph.graph import Graph, apply_op, get_default_graph
from trackml.graph.keys import GraphKeys
from trackml.graph.operation import Operation, Tensor
from trackml.ops.framework import control_dependencies, init_scope, name_scope
from trackml.shapes import TensorShape, as_shape

if TYPE_CHECKING:
    from tensorboard.compat.proto.variable_pb2 import VariableDef

    from trackml.graph.session import Session


class Variable(Arithmetic):
    """A tensor that keeps its value from one `Session.run` to the next.

    Run its initializer first (`tf.global_variables_initializer()` runs those of all). Prefer `tf.get_variable`,
    which can share variables and uses the scope's initializer.

    Args:
        initial_value: A tensor, anything that converts to one, or a function without arguments that gives one.
        trainable: Whether optimizers change it: puts it into TRAINABLE_VARIABLES.
        collections: Collections it is put into; GLOBAL_VARIABLES by default.
        validate_shape: Whether later values must have the initial value's shape.
        caching_device: Accepted for TensorFlow's sake.
        name: Its name; made unique.
        variable_def: A message that names the operations of a variable in the default graph; see `from_proto`.
        dtype: Its type; the initial value's by default.
        expected_shape: Accepted for TensorFlow's sake.
        import_scope: Accepted for TensorFlow's sake.
        constraint: A function applied to the value after an optimizer's update.
        use_resource: Accepted for TensorFlow's sake: all variables are resources here.
        synchronization: Accepted for TensorFlow's sake.
        aggregation: Accepted for TensorFlow's sake.
        shape: Its static shape, where it differs from that of the initial value.

    Raises:
        ValueError: There is no initial value, or its shape is not known.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     count = tf.Variable(0, name="count")
        ...     session.run(tf.global_variables_initializer())
        ...     print(session.run(count.assign_add(1)), session.run(count))
        1 1
    """

    def __init__(
        self,
        initial_value: Any = None,
        trainable: bool | None = True,
        collections: Sequence[str] | None = None,
        validate_shape: bool = True,
        caching_device: Any = None,
        name: str | None = None,
        variable_def: Any = None,
        dtype: Any = None,
        expected_shape: Any = None,
        import_scope: str | None = None,
        constraint: Callable[[Any], Any] | None = None,
        use_resource: bool | None = None,
        synchronization: Any = None,
        aggregation: Any = None,
        shape: Any = None,
    ) -> None:
        if variable_def is not None:
            self._take(variable_def, import_scope)
            return
        if initial_value is None:
            raise ValueError("initial_value must be specified.")
        self.is_partitioned = False
        """Whether TensorFlow would keep it in parts, if only in one; then it names the variable's slots differently."""
        self._trainable = trainable is None or bool(trainable)
        self._constraint = constraint
        self._validate_shape = validate_shape
        with init_scope(), name_scope(name, "Variable") as scope:
            self._initial_value = _initial_tensor(initial_value, dtype)
            self._shape = self._static_shape(shape)
            self._make_ops(scope)
        self._add_to_collections(collections)

    @classmethod
    def from_proto(cls, variable_def: VariableDef, import_scope: str | None = None) -> Variable:
        """The variable that a message tells of, whose operations are in the default graph already."""
        return cls(variable_def=variable_def, import_scope=import_scope)

    def _take(self, message: VariableDef, scope: str | None) -> None:
        """Becomes the variable whose operations a message names."""
        graph = get_default_graph()
        prefix = f"{scope}/" if scope else ""
        self._handle = graph.get_tensor_by_name(f"{prefix}{message.variable_name}")
        self._initializer = graph.get_operation_by_name(f"{prefix}{message.initializer_name}")
        self._snapshot = graph.get_tensor_by_name(f"{prefix}{message.snapshot_name}")
        self._initial_value = graph.get_tensor_by_name(f"{prefix}{message.initial_value_name}")
        self._trainable = message.trainable
        self._constraint = None
        self._validate_shape = True
        self._dtype = as_dtype(self._handle.op.get_attr("dtype"))
        self._shape = as_shape(self._handle.op.get_attr("shape"))
        self.is_partitioned = False

    def _static_shape(self, shape: Any) -> TensorShape:
        if shape is not None:
            return as_shape(shape)
        known = self._initial_value.shape
        if self._validate_shape and not known.is_fully_defined():
            raise ValueError(
                f"initial_value must have a shape specified: got {known} for '{self._initial_value.name}'. "
                "Pass validate_shape=False to allow any shape."
            )
        return known if self._validate_shape else TensorShape(None)

    def _make_ops(self, scope: str) -> None:
        self._dtype = self._initial_value.dtype
        self._handle = apply_op(
            "VarHandleOp", name=scope, shape=self._shape, dtype=self._dtype, shared_name=scope[:-1], container=""
        )
        with name_scope("IsInitialized"):
            self._is_initialized: Tensor = apply_op("VarIsInitializedOp", self._handle)
        self._initializer = apply_op("AssignVariableOp", self._handle, self._initial_value, name="Assign")
        with name_scope("Read"):
            self._snapshot = self._read()

    def _add_to_collections(self, collections: Sequence[str] | None) -> None:
        keys = [GraphKeys.GLOBAL_VARIABLES] if collections is None else list(collections)
        if not isinstance(collections, (list, tuple, type(None))):
            raise ValueError(f"collections argument must be a list or tuple; got {collections!r}.")
        if self._trainable and GraphKeys.TRAINABLE_VARIABLES not in keys:
            keys.append(GraphKeys.TRAINABLE_VARIABLES)
        self.graph.add_to_collections(keys, self)

    def _read(self) -> Tensor:
        tensor: Tensor = apply_op("ReadVariableOp", self._handle, dtype=self._dtype)
        return tensor

    @property
    def handle(self) -> Tensor:
        """The tensor that stands for the variable itself, not for its value."""
        return self._handle

    @property
    def op(self) -> Operation:
        """The operation of the handle."""
        return self._handle.op

    @property
    def name(self) -> str:
        """The name, with `:0` as for a tensor."""
        return self._handle.name

    @property
    def graph(self) -> Graph:
        """The graph that the variable is in."""
        return self._handle.graph

    @property
    def device(self) -> str:
        """The device that was asked for, or an empty string."""
        return self._handle.device

    @property
    def dtype(self) -> DType:
        """The type of the elements."""
        return self._dtype

    @property
    def shape(self) -> TensorShape:
        """The static shape."""
        return self._shape

    def get_shape(self) -> TensorShape:
        """The static shape."""
        return self._shape

    @property
    def trainable(self) -> bool:
        """Whether optimizers change it."""
        return self._trainable

    @property
    def constraint(self) -> Callable[[Any], Any] | None:
        """The function that is applied after an optimizer's update, or None."""
        return self._constraint

    @property
    def initializer(self) -> Operation:
        """The operation that gives the variable its initial value."""
        return self._initializer

    @property
    def initial_value(self) -> Tensor:
        """The tensor of the initial value."""
        return self._initial_value

    def initialized_value(self) -> Tensor:
        """The value if there is one, otherwise the initial value: for initializing one variable by another."""
        from trackml.ops.conditional import cond  # few programs need conditionals, and loading them takes time

        with init_scope():
            value: Tensor = cond(self.is_initialized(), self.read_value, lambda: self._initial_value)
            value.set_shape(self._shape)
        return value

    def start_from(self, value: Tensor) -> None:
        """Makes `value` what the initializer gives the variable, in place of the initial value that it was made with.

        Raises:
            ValueError: The value's shape is not the variable's.
        """
        self._shape.assert_is_compatible_with(value.shape)
        with init_scope():
            self._initial_value = value
            self._initializer = apply_op("AssignVariableOp", self._handle, value, name=f"{self.op.name}/Assign")

    def is_initialized(self, name: str | None = None) -> Tensor:
        """Whether the variable has a value, as a boolean scalar."""
        tensor: Tensor = apply_op("VarIsInitializedOp", self._handle, name=name)
        return tensor

    def value(self) -> Tensor:
        """The value at this place of the program: assignments made later do not show in it."""
        return self._read()

    def read_value(self) -> Tensor:
        """The value, read where the control dependencies around this call say."""
        with name_scope("Read"):
            return self._read()

    def sparse_read(self, indices: Any, name: str | None = None) -> Tensor:
        """The rows at `indices`, without reading the rest; their gradient is `IndexedSlices`."""
        rows: Tensor = apply_op(
            "ResourceGather",
            self._handle,
            convert_to_tensor(indices, name="indices"),
            dtype=self._dtype,
            name=name or "Gather",
        )
        return rows

    def eval(self, session: Session | None = None) -> Any:
        """The value in `session` or in the default one, as an array."""
        return self._snapshot.eval(session=session)

    def load(self, value: Any, session: Session | None = None) -> None:
        """Gives the variable a value in a session, without making an operation."""
        self._initializer.run({self._initial_value: value}, session)

    def assign(self, value: Any, use_locking: bool = False, name: str | None = None, read_value: bool = True) -> Any:
        """Replaces the value.

        Returns:
            The new value; with `read_value=False` the operation.

        Raises:
            ValueError: The value's shape is not the variable's.
        """
        tensor = convert_to_tensor(value, self._dtype)
        if self._validate_shape:
            self._shape.assert_is_compatible_with(tensor.shape)
        return self._updated("AssignVariableOp", tensor, name or "Assign", read_value)

    def assign_add(
        self, delta: Any, use_locking: bool = False, name: str | None = None, read_value: bool = True
    ) -> Any:
        """Adds `delta`; gives the new value, or the operation with `read_value=False`."""
        return self._updated("AssignAddVariableOp", self._delta(delta), name or "AssignAdd", read_value)

    def assign_sub(
        self, delta: Any, use_locking: bool = False, name: str | None = None, read_value: bool = True
    ) -> Any:
        """Subtracts `delta`; gives the new value, or the operation with `read_value=False`."""
        return self._updated("AssignSubVariableOp", self._delta(delta), name or "AssignSub", read_value)

    def _delta(self, delta: Any) -> Tensor:
        tensor = convert_to_tensor(delta, self._dtype)
        self._shape.assert_is_compatible_with(tensor.shape)
        return tensor

    def _updated(self, type: str, value: Tensor, name: str, read_value: bool) -> Any:
        update: Operation = apply_op(type, self._handle, value, name=name)
        if not read_value:
            return update
        with control_dependencies([update]):
            return self._read()

    def count_up_to(self, limit: int) -> NoReturn:
        """Not supported: use `tf.data.Dataset.range`, or `assign_add` and a comparison."""
        raise ValueError(f"count_up_to({limit}) is not supported; use tf.data.Dataset.range.")

    def to_proto(self, export_scope: str | None = None) -> VariableDef:
        """The variable as a `VariableDef` message, as the collections of a `.meta` file hold it."""
        from tensorboard.compat.proto.variable_pb2 import VariableDef

        return VariableDef(
            variable_name=self.name,
            initializer_name=self._initializer.name,
            snapshot_name=self._snapshot.name,
            initial_value_name=self._initial_value.name,
            is_resource=True,
            trainable=self._trainable,
        )

    def _as_tensor(self) -> Tensor:
        graph = get_default_graph()
        inside = graph is self.graph or (isinstance(graph, FuncGraph) and graph._reaches(self.graph))
        return self._read() if inside else self._snapshot

    def _as_graph_element(self) -> Tensor:
        return self._snapshot

    def __repr__(self) -> str:
        return f"<tf.Variable '{self.name}' shape={self.shape} dtype={self.dtype.name}>"

    def __iter__(self) -> Iterator[Tensor]:
        raise TypeError(f"Variable '{self.name}' cannot be iterated; use tf.unstack.")

    def __bool__(self) -> NoReturn:
        raise TypeError(f"Using the variable '{self.name}' as a Python bool is not allowed; use tf.cond.")


def _initial_tensor(initial_value: Any, dtype: Any) -> Tensor:
    wanted = as_dtype(dtype) if dtype is not None else None
    if not callable(initial_value):
        return convert_to_tensor(initial_value, wanted, name="initial_value")
    with name_scope("Initializer"):
        return convert_to_tensor(initial_value(), wanted, name="initial_value")


def assign(
    ref: Variable, value: Any, validate_shape: Any = None, use_locking: Any = None, name: str | None = None
) -> Any:
    """Replaces the value of a variable, and gives the new one."""
    return _variable(ref).assign(value, name=name)


def assign_add(ref: Variable, value: Any, use_locking: Any = None, name: str | None = None) -> Any:
    """Adds to a variable, and gives the new value."""
    return _variable(ref).assign_add(value, name=name)


def assign_sub(ref: Variable, value: Any, use_locking: Any = None, name: str | None = None) -> Any:
    """Subtracts from a variable, and gives the new value."""
    return _variable(ref).assign_sub(value, name=name)


def _variable(ref: Any) -> Variable:
    if not isinstance(ref, Variable):
        raise TypeError(f"Only variables can be assigned to; got {ref!r}.")
    return ref


def values_of(variables: Sequence[Variable], session: Session) -> list[np.ndarray[Any, Any]]:
    """The values of `variables` in a session, as arrays."""
    return [np.asarray(value) for value in session.run([variable._snapshot for variable in variables])]
