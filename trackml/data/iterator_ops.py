"""The operations behind iterators: a state in the session, what starts it and what takes the next element.

The nodes are TensorFlow's, so a written graph loads there. A whole pipeline is one `GeneratorDataset`, the type
of node whose elements a program outside of the graph provides; its arrays are not written with the graph.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from trackml.data.nodes import Node, tensors_of
from trackml.data.pipeline import Context
from trackml.data.rows import Row
from trackml.dtypes import resource, string, variant
from trackml.errors import FailedPreconditionError, NotFoundError, OutOfRangeError
from trackml.graph.function import FuncGraph, FunctionName
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, Kernel, register
from trackml.graph.runtime import Runtime
from trackml.graph.shape_rules import no_outputs, scalar
from trackml.ops.framework import leave_out

_FUNCTIONS = ("init_func", "next_func", "finalize_func")


class IteratorState:
    """Where an iterator is, in one session. Any thread may ask for the next element; each is given once.

    Args:
        handle: The name under which the session keeps it.
    """

    def __init__(self, handle: str) -> None:
        self.handle = handle
        self._rows: Iterator[Row] | None = None
        self._lock = threading.Lock()

    def restart(self, node: Node, context: Context) -> None:
        """Begins anew, at the first element of a dataset."""
        rows = node.build(context).rows()
        with self._lock:
            self._rows = rows

    def next(self) -> Row:
        """The next element's components; OutOfRangeError at the end and ever after."""
        with self._lock:
            if self._rows is None:
                raise FailedPreconditionError(
                    None,
                    None,
                    "GetNext() failed because the iterator has not been initialized. Ensure that you have run the "
                    "initializer operation for this iterator before getting the next element.",
                )
            for row in self._rows:
                return row
            self._rows = iter(())
        raise OutOfRangeError(None, None, "End of sequence")

    def close(self) -> None:
        """Lets go of the dataset."""
        with self._lock:
            self._rows = None


def one_shot_resource(node: Node, values: Mapping[Tensor, Any]) -> Tensor:
    """The iterator of a dataset whose tensors are all known, started at its first use in a session."""
    handle: Tensor = apply_op(
        "OneShotIterator",
        name="OneShotIterator",
        dataset_factory=FunctionName("Dataset"),
        output_types=node.dtypes,
        output_shapes=node.shapes,
        container="",
        shared_name="",
        _py_node=node,
        _py_values=values,
    )
    leave_out(1)  # the iterator's name as a string, which TensorFlow makes for each
    return handle


def iterator_resource(dtypes: Any, shapes: Any, shared_name: str) -> Tensor:
    """An iterator that waits to be started."""
    handle: Tensor = apply_op(
        "IteratorV2",
        name="IteratorV2",
        output_types=dtypes,
        output_shapes=shapes,
        container="",
        shared_name=shared_name,
    )
    return handle


def make_iterator(node: Node, iterator: Tensor, name: str) -> Operation:
    """The operation that starts `iterator` at the first element of a dataset.

    Args:
        node: The dataset's description.
        iterator: The iterator's resource.
        name: Name of the operation.
    """
    op: Operation = apply_op("MakeIterator", dataset_variant(node), iterator, name=name)
    leave_out(4)  # what TensorFlow optimizes the dataset by, and the iterator's name as a string
    return op


def dataset_variant(node: Node) -> Tensor:
    """A dataset as a tensor, with the values that the tensors in its description have in the run."""
    tensors = tensors_of(node)
    dataset: Tensor = apply_op(
        "GeneratorDataset",
        *tensors,
        name="GeneratorDataset",
        Tinit_func_args=[tensor.dtype for tensor in tensors],
        Tnext_func_args=[],
        Tfinalize_func_args=[],
        output_types=node.dtypes,
        output_shapes=node.shapes,
        _py_node=node,
        **{attr: FunctionName(f"Dataset_{attr}") for attr in _FUNCTIONS},
    )
    return dataset


def get_next(iterator: Tensor, dtypes: Any, shapes: Any, name: str) -> tuple[Tensor, ...]:
    """The components of the next element."""
    taken = apply_op("IteratorGetNext", iterator, name=name, output_types=dtypes, output_shapes=shapes)
    return taken if isinstance(taken, tuple) else (taken,)


def string_handle(iterator: Tensor, name: str) -> Tensor:
    """The name of an iterator in its session, as a string scalar."""
    handle: Tensor = apply_op("IteratorToStringHandle", iterator, name=name)
    return handle


def resource_of_handle(handle: Tensor, dtypes: Any, shapes: Any) -> Tensor:
    """The iterator of that name."""
    iterator: Tensor = apply_op(
        "IteratorFromStringHandleV2",
        handle,
        name="IteratorFromStringHandleV2",
        output_types=dtypes,
        output_shapes=shapes,
    )
    return iterator


def _state(runtime: Runtime, handle: str) -> IteratorState:
    state: IteratorState = runtime.resource(("iterator", handle), lambda: IteratorState(handle))
    return state


def _handle(op: Operation) -> str:
    """A name that no other iterator of the session has; those of functions may have the names of others."""
    inside = f"{op.graph.name}/" if isinstance(op.graph, FuncGraph) else ""
    return op.attrs["shared_name"] or f"{inside}{op.name}"


def _one_shot(op: Operation, runtime: Runtime) -> Kernel:
    handle = _handle(op)

    def started() -> IteratorState:
        state = IteratorState(handle)
        state.restart(op.attrs["_py_node"], Context(runtime, op.attrs["_py_values"]))
        return state

    return lambda: runtime.resource(("iterator", handle), started)


def _waiting(op: Operation, runtime: Runtime) -> Kernel:
    state = _state(runtime, _handle(op))
    return lambda: state


def _dataset(op: Operation, runtime: Runtime) -> Kernel:
    return lambda *values: (op.attrs["_py_node"], Context(runtime, dict(zip(op.inputs, map(_kept, values)))))


def _kept(value: Any) -> Any:
    """A value that outlives the run: whoever fed an array may write into it afterwards."""
    if not isinstance(value, np.ndarray) or not value.flags.writeable:
        return value
    array = value.copy()
    array.flags.writeable = False
    return array


def _named(op: Operation, runtime: Runtime) -> Kernel:
    def missing() -> IteratorState:
        raise NotFoundError(None, None, "There is no iterator of that string handle in this session.")

    return lambda handle: runtime.resource(("iterator", bytes(handle[()]).decode()), missing)


def _name_of(state: IteratorState) -> np.ndarray[Any, Any]:
    return np.array(state.handle.encode(), dtype=object)


def _register(type: str, bind: Any, *, outputs: Any = resource, **others: Any) -> None:
    register(
        type,
        bind=bind,
        dtypes=outputs,
        gradient=NOT_DIFFERENTIABLE,
        types={},
        **{"shape": scalar, **others},
    )


_register("OneShotIterator", _one_shot)
_register("IteratorV2", _waiting)
_register("IteratorFromStringHandleV2", _named)
_register("GeneratorDataset", _dataset, outputs=variant)
_register("MakeIterator", lambda op, runtime: lambda dataset, state: state.restart(*dataset), shape=no_outputs)
_register("IteratorToStringHandle", lambda op, runtime: _name_of, outputs=string)
_register(
    "IteratorGetNext",
    lambda op, runtime: IteratorState.next,
    outputs="output_types",
    shape=lambda op: op.attrs["output_shapes"],
    lists=True,
)
