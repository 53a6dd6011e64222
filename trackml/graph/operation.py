"""Operations and tensors: the nodes of a graph and the values that run along its edges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from trackml.dtypes import DType
from trackml.graph.arithmetic import Arithmetic
from trackml.shapes import TensorShape, as_shape

if TYPE_CHECKING:
    from tensorboard.compat.proto.node_def_pb2 import NodeDef

    from trackml.graph.graph import Graph
    from trackml.graph.location import Location
    from trackml.graph.registry import OpSpec
    from trackml.graph.session import Session


class Operation:
    """A node of a graph: what is computed, from which tensors, under which name.

    Operations are made by `Graph.create_op`, never by hand.
    """

    __slots__ = (
        "__weakref__",
        "attrs",
        "control_inputs",
        "device",
        "graph",
        "id",
        "inputs",
        "location",
        "name",
        "outputs",
        "spec",
    )

    def __init__(
        self,
        graph: Graph,
        spec: OpSpec,
        name: str,
        inputs: tuple[Tensor, ...],
        attrs: dict[str, Any],
        *,
        control_inputs: tuple[Operation, ...],
        device: str,
        location: Location | None,
        id: int,
    ) -> None:
        self.graph = graph
        self.spec = spec
        self.name = name
        self.inputs = inputs
        self.attrs = attrs
        self.control_inputs = control_inputs
        self.device = device
        self.location = location
        self.id = id
        self.outputs: tuple[Tensor, ...] = ()

    @property
    def type(self) -> str:
        """The type of operation, in TensorFlow's spelling, such as `"MatMul"`."""
        return self.spec.type

    @property
    def node_def(self) -> NodeDef:
        """This operation as a `NodeDef` message."""
        from trackml.graph.graph_def import node_def

        return node_def(self)

    def get_attr(self, name: str) -> Any:
        """The value of an attribute; ValueError when the operation has none of that name."""
        if name in self.attrs:
            return self.attrs[name]
        if name in self.spec.types:
            return self.inputs[self.spec.types[name]].dtype
        raise ValueError(f"Operation '{self.name}' has no attr named '{name}'.")

    def values(self) -> tuple[Tensor, ...]:
        """The outputs."""
        return self.outputs

    def run(self, feed_dict: Any = None, session: Session | None = None) -> None:
        """Runs this operation in `session`, or in the default one."""
        _session_for(self, session).run(self, feed_dict)

    def describe(self) -> str:
        """The operation in an error message: name, type, the shapes that go in, the user's line."""
        shapes = ", ".join(f"{tensor.dtype.name}{list(tensor.shape.sizes or ())}" if tensor.shape.sizes is not None
                           else f"{tensor.dtype.name}<unknown>" for tensor in self.inputs)  # fmt: skip
        where = f", defined at {self.location}" if self.location else ""
        return f"op '{self.name}' ({self.type} of {shapes}{where})".replace("None", "?")

    def __repr__(self) -> str:
        return f"<tf.Operation '{self.name}' type={self.type}>"


class Tensor(Arithmetic):
    """A value that an operation computes when a session runs it.

    It has a type, a name and as much of a shape as is known; its elements exist only inside `Session.run`.
    """

    __slots__ = ("__weakref__", "_consumers", "_shape", "dtype", "op", "value_index")

    def __init__(self, op: Operation, value_index: int, dtype: DType, shape: TensorShape) -> None:
        self.op = op
        self.value_index = value_index
        self.dtype = dtype
        self._shape = shape
        self._consumers: list[Operation] = []

    @property
    def name(self) -> str:
        """The operation's name, a colon and which of its outputs this is."""
        return f"{self.op.name}:{self.value_index}"

    @property
    def graph(self) -> Graph:
        """The graph that this tensor is in."""
        return self.op.graph

    @property
    def device(self) -> str:
        """The device that was asked for, or an empty string."""
        return self.op.device

    @property
    def shape(self) -> TensorShape:
        """What is known of the shape while the graph is built."""
        return self._shape

    def get_shape(self) -> TensorShape:
        """The same as `shape`."""
        return self._shape

    def set_shape(self, shape: Any) -> None:
        """Adds to what is known of the shape; ValueError when it contradicts what is known already."""
        self._shape = self._shape.merge_with(as_shape(shape))

    def consumers(self) -> list[Operation]:
        """The operations that take this tensor."""
        return list(self._consumers)

    def eval(self, feed_dict: Any = None, session: Session | None = None) -> Any:
        """The value of this tensor, computed by `session` or by the default one."""
        return _session_for(self, session).run(self, feed_dict)

    def __repr__(self) -> str:
        return f"<tf.Tensor '{self.name}' shape={self.shape} dtype={self.dtype.name}>"

    def __str__(self) -> str:
        return f'Tensor("{self.name}", shape={self.shape}, dtype={self.dtype.name})'

    def __bool__(self) -> NoReturn:
        raise TypeError(
            f"Using a Tensor as a Python bool is not allowed: '{self.name}' has no value while the graph is "
            "built. Use tf.cond or tf.where to choose by the value of a tensor, and `x is None` to test for None."
        )

    def __len__(self) -> NoReturn:
        raise TypeError(f"len() is not defined for '{self.name}'; use its .shape, or tf.shape(x) at run time.")

    def __iter__(self) -> Iterator[Tensor]:
        raise TypeError(
            f"Tensor '{self.name}' cannot be iterated while the graph is built; use tf.unstack or tf.map_fn."
        )

    def __array__(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(
            f"Cannot convert Tensor '{self.name}' to a numpy array: it has no value before Session.run. "
            "Use tf functions on tensors."
        )


def _session_for(element: Operation | Tensor, session: Session | None) -> Session:
    from trackml.graph.session import get_default_session

    found = session or get_default_session()
    if found is None:
        raise ValueError(
            f"Cannot evaluate '{element.name}': there is no default session. "
            "Use `with tf.Session() as session:` or pass one as `session=`."
        )
    if found.graph is not element.graph:
        raise ValueError(f"Cannot evaluate '{element.name}': the session is of another graph.")
    return found


def output_of(op: Operation) -> Any:
    """What a function that makes `op` returns: its only output, the operation itself, or all outputs."""
    if len(op.outputs) == 1:
        return op.outputs[0]
    return op.outputs or op


def is_array(value: Any) -> bool:
    """Whether `value` is one of numpy's arrays or scalars."""
    return isinstance(value, (np.ndarray, np.generic))


def shapes_of(tensors: Sequence[Tensor]) -> list[TensorShape]:
    """The static shapes of `tensors`."""
    return [tensor.shape for tensor in tensors]
