"""Operations that go through a whole dataset at each run: a reduction, and a dataset's only element."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from trackml import nest
from trackml.data.elements import component_of, element_of
from trackml.data.functions import result_spec, traced
from trackml.data.iterator_ops import dataset_variant
from trackml.data.nodes import Node
from trackml.data.pipeline import Context
from trackml.data.rows import Row
from trackml.data.sparse import element_like
from trackml.data.transformations import common_spec
from trackml.errors import InvalidArgumentError
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.function import FuncGraph, FunctionName, TensorSpec
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation
from trackml.graph.registry import NOT_DIFFERENTIABLE, Kernel, register
from trackml.graph.runtime import Runtime
from trackml.shapes import TensorShape


def reduced(node: Node, initial_state: Any, reduce_func: Callable[..., Any]) -> Any:
    """The tensors of the state after the last element.

    Args:
        node: Describes the dataset.
        initial_state: The state before the first, in any structure.
        reduce_func: Makes a new state of the state and an element.

    Raises:
        TypeError: The new state has another structure or other types.
    """
    state = element_of(initial_state, lambda item, where: convert_to_tensor(component_of(item, where)))
    spec = nest.map_structure(lambda tensor: TensorSpec(tensor.dtype, tensor.shape), state)
    graph, spec = _settled(node, spec, reduce_func)
    tensors, captures, flat = nest.flatten(state), graph.captured_inputs(), nest.flatten(spec)
    results = apply_op(
        "ReduceDataset",
        dataset_variant(node),
        *tensors,
        *captures,
        name="ReduceDataset",
        f=FunctionName(graph.name),
        Tstate=[tensor.dtype for tensor in tensors],
        Targuments=[tensor.dtype for tensor in captures],
        output_types=[item.dtype for item in flat],
        output_shapes=[item.shape for item in flat],
        use_inter_op_parallelism=True,
        _py_graph=graph,
    )
    return nest.pack_like(spec, results if isinstance(results, tuple) else (results,))


def _settled(node: Node, spec: Any, reduce_func: Callable[..., Any]) -> tuple[FuncGraph, Any]:
    """The function's graph and the state's spec, with sizes that change from step to step made unknown."""
    while True:
        graph = traced(reduce_func, (spec, node.spec), "reduce")
        found = result_spec(graph)
        types, new_types = (nest.map_structure(lambda item: item.dtype, one) for one in (spec, found))
        if types != new_types:
            raise TypeError(
                "The element types for the new state must match the initial state. "
                f"Expected {types!r}; got {new_types!r}."
            )
        weaker = nest.map_structure(common_spec, spec, found)
        if [item.shape.sizes for item in nest.flatten(weaker)] == [item.shape.sizes for item in nest.flatten(spec)]:
            return graph, spec
        spec = weaker


def _reduce(op: Operation, runtime: Runtime) -> Kernel:
    function = op.attrs["_py_graph"].compiled(runtime)
    count = len(op.attrs["Tstate"])

    def reduce(dataset: tuple[Node, Context], *values: Any) -> Row:
        state, captured = values[:count], values[count:]
        for row in _rows(dataset):
            state = function(*state, *row, *captured)
        return state

    return reduce


def single_element(node: Node) -> Any:
    """The tensors of a dataset's only element; it is an error at each run if there is none, or another."""
    results = apply_op(
        "DatasetToSingleElement",
        dataset_variant(node),
        name="DatasetToSingleElement",
        output_types=node.dtypes,
        output_shapes=node.shapes,
    )
    return element_like(node.spec, results if isinstance(results, tuple) else (results,))


def _single(dataset: tuple[Node, Context]) -> Row:
    rows = _rows(dataset)
    row = next(rows, None)
    if row is None:
        raise InvalidArgumentError(None, None, "Dataset was empty.")
    if next(rows, None) is not None:
        raise InvalidArgumentError(None, None, "Dataset had more than one element.")
    return row


def _rows(dataset: tuple[Node, Context]) -> Iterator[Row]:
    node, context = dataset
    return node.build(context).rows()


def _shapes(op: Operation) -> list[TensorShape]:
    shapes: list[TensorShape] = op.attrs["output_shapes"]
    return shapes


for _type, _bind in (("ReduceDataset", _reduce), ("DatasetToSingleElement", lambda op, runtime: _single)):
    register(
        _type,
        bind=_bind,
        dtypes="output_types",
        shape=_shapes,
        lists=True,
        gradient=NOT_DIFFERENTIABLE,
        types={},
    )
