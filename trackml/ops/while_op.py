"""The operation `While`, and its gradient.

The gradient is another loop, which counts down and runs the body's gradient. Each intermediate value that this needs
becomes one more output of the first loop: the list of what it was in each round. Gradients of what the loop captured
from outside are summed up over the rounds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from trackml import dtypes
from trackml.dtypes import DType
from trackml.graph.conversion import constant, convert_to_tensor, original, placeholder
from trackml.graph.function import FuncGraph, FunctionName, TensorSpec, trace
from trackml.graph.graph import apply_op, get_default_graph
from trackml.graph.operation import Operation, Tensor
from trackml.graph.plan import Plan
from trackml.graph.registry import GradientOfFunctions, Kernel, register
from trackml.graph.runtime import Runtime
from trackml.ops import tensor_list
from trackml.ops.backward_graph import BackwardGraph, carries_gradient, zero_gradient
from trackml.ops.comparison import less_equal
from trackml.ops.math import add, subtract
from trackml.shapes import TensorShape


def make_while(condition: FuncGraph, body: FuncGraph, variables: Sequence[Tensor], name: str) -> Operation:
    """A `While` of two traced functions that take the same variables, in the default graph."""
    captured = list(dict.fromkeys([*body.captured_inputs(), *condition.captured_inputs()]))
    inputs = [*variables, *captured]
    attrs = {
        "T": [tensor.dtype for tensor in inputs],
        "cond": FunctionName(condition.name.replace("/", "_")),
        "body": FunctionName(body.name.replace("/", "_")),
        "output_shapes": [tensor.shape for tensor in (*body.inputs, *captured)],
        "parallel_iterations": 10,
        "_py_cond": condition,
        "_py_body": body,
        "_py_variables": len(variables),
        "_py_lists": {},
    }
    return get_default_graph().create_op("While", inputs, attrs, name)


def _bind(op: Operation, runtime: Runtime) -> Kernel:
    count: int = op.attrs["_py_variables"]
    lists = len(op.attrs["_py_lists"])
    holds = _function(op, op.attrs["_py_cond"], runtime)
    step = _function(op, op.attrs["_py_body"], runtime)

    def run(*values: Any) -> list[Any]:
        variables, captured = values[:count], values[count:]
        still, last = holds(captured), step(captured)
        rounds: list[Any] = []
        while still(variables)[0]:
            results = last(variables)
            variables = results[:count]
            rounds.append(results[count:])
        columns = zip(*rounds) if rounds else [()] * lists
        return [*variables, *captured, *(tensor_list.TensorList(column) for column in columns)]

    return run


def _function(op: Operation, graph: FuncGraph, runtime: Runtime) -> Callable[[Sequence[Any]], Callable[..., Any]]:
    """From the values of what the loop captured to a function of the loop variables."""
    places = {tensor: index for index, tensor in enumerate(op.inputs[op.attrs["_py_variables"] :])}
    order = [places[tensor] for tensor in graph.captured_inputs()]
    outputs, arguments = list(graph.outputs), [*graph.inputs, *graph.captures.values()]
    plans: list[Plan] = []

    def with_captured(captured: Sequence[Any]) -> Callable[[Sequence[Any]], Any]:
        if not plans:
            plans.append(Plan(outputs, arguments, runtime))
        plan, own = plans[0], [captured[place] for place in order]
        return lambda variables: plan(*variables, *own)

    return with_captured


def _exposed(op: Operation, index: Tensor, tensor: Tensor) -> Tensor:
    """A value inside the body as it was in round `index`."""
    body: FuncGraph = op.attrs["_py_body"]
    for outer, inner in zip(body.captured_inputs(), body.captures.values()):
        if inner is tensor:
            return outer
    shape = tensor_list.element_shape(tensor.shape)
    return tensor_list.get_item(_list_of(op, tensor), index, shape, tensor.dtype)


def _list_of(op: Operation, tensor: Tensor) -> Tensor:
    """The output of the loop that holds what a value inside the body was in each round."""
    lists: dict[Tensor, Tensor] = op.attrs["_py_lists"]
    if tensor not in lists:
        op.attrs["_py_body"].structured_outputs.append(tensor)
        op.attrs["output_shapes"].append(TensorShape([]))
        lists[tensor] = Tensor(op, len(op.outputs), dtypes.variant, TensorShape([]))
        op.outputs += (lists[tensor],)
    return lists[tensor]


class _Backward:
    """The loop of the gradients, while it is made: its body, and where its variables come from."""

    def __init__(self, op: Operation, out_grads: Sequence[Tensor | None]) -> None:
        self._op = op
        self._out_grads = out_grads
        self._outer = get_default_graph()
        self._body: FuncGraph = op.attrs["_py_body"]
        self._name = op.name.rpartition("/")[2]
        self._places = [place for place in range(op.attrs["_py_variables"]) if carries_gradient(op.inputs[place])]
        pairs = zip(self._body.captured_inputs(), self._body.captures.values())
        self._captured = {outer: inner for outer, inner in pairs if carries_gradient(outer)}
        self._graph = BackwardGraph(
            self._outer.unique_name(f"{self._name}_body_grad"), self._outer, self._body, self._exposed
        )
        # The first variable of every loop is the number of rounds so far; the last round's gradient comes first.
        self._last = subtract(op.outputs[0], 1)
        with self._graph.as_default():
            self._round = placeholder(dtypes.int32, TensorShape([]), name="loop_counter")
            self._index: Tensor = subtract(self._last, self._round)

    def _exposed(self, tensor: Tensor) -> Tensor:
        return _exposed(self._op, self._index, tensor)

    def made(self, gradients: Callable[..., Any]) -> list[Tensor | None]:
        """The gradient of each input of the loop."""
        with self._graph.as_default():
            flowing = [self._flowing(place) for place in self._places]
            grads = self._body_grads(gradients, flowing)
            count = len(self._places)
            used = [target for target, grad in zip(self._captured, grads[count:]) if grad is not None]
            sums = [placeholder(*_gradient_type(target), name="sum") for target in used]
            totals = [
                apply_op("AddN", total, convert_to_tensor(grad))
                for total, grad in zip(sums, [grad for grad in grads[count:] if grad is not None])
            ]
            following = [
                self._zeros(place, old) if grad is None else convert_to_tensor(grad)
                for place, old, grad in zip(self._places, flowing, grads)
            ]
            results = [add(self._round, 1), *following, *totals]
            self._graph.structured_outputs = [self._inside(item) for item in results]
        self._graph.inputs = [self._round, *flowing, *sums]
        last = self._loop([self._start(place) for place in self._places] + [zero_gradient(item) for item in used])
        by_place = dict(zip(self._places, last))
        by_capture = dict(zip(used, last[count:]))
        variables: int = self._op.attrs["_py_variables"]
        return [
            by_place.get(place) if place < variables else by_capture.get(tensor)
            for place, tensor in enumerate(self._op.inputs)
        ]

    def _flowing(self, place: int) -> Tensor:
        """The gradient of a variable after a round, as it comes into the round's gradient."""
        output = self._body.outputs[place]
        return placeholder(output.dtype, output.shape, name="grad")

    def _body_grads(self, gradients: Callable[..., Any], flowing: Sequence[Tensor]) -> list[Any]:
        """Gradients of the body's variables, then of what it captured."""
        ys = [self._body.outputs[place] for place in self._places]
        grad_ys = list(flowing)
        for inner, kept in list(self._op.attrs["_py_lists"].items()):
            grad = self._out_grads[kept.value_index] if kept.value_index < len(self._out_grads) else None
            if grad is not None and carries_gradient(inner):
                shape = tensor_list.dynamic_shape(inner)
                ys.append(inner)
                grad_ys.append(tensor_list.get_item(grad, self._index, shape, inner.dtype))
        xs = [self._body.inputs[place] for place in self._places] + list(self._captured.values())
        result: list[Any] = gradients(ys, xs, grad_ys)
        return result

    def _zeros(self, place: int, grad: Tensor) -> Tensor:
        """The gradient of a variable of which the body makes no use."""
        variable = self._body.inputs[place]
        same_shape = variable.shape.is_fully_defined() and variable.shape == grad.shape
        like = grad if same_shape or variable.dtype is dtypes.variant else variable
        zeros: Tensor = apply_op("ZerosLike", like)
        return zeros

    def _inside(self, tensor: Tensor) -> Tensor:
        return tensor if tensor.graph is self._graph else self._graph._adopt(tensor, "While")

    def _start(self, place: int) -> Tensor:
        grad = self._out_grads[place]
        if grad is None:
            zeros: Tensor = apply_op("ZerosLike", self._op.outputs[place])
            return zeros
        return grad

    def _loop(self, starts: Sequence[Tensor]) -> list[Tensor]:
        specs = [TensorSpec(tensor.dtype, tensor.shape) for tensor in self._graph.inputs]
        condition = trace(lambda number, *_: less_equal(number, self._last), specs, name=f"{self._name}_cond_grad")
        tensors = [constant(0, dtypes.int32), *starts]
        outer = self._outer
        inputs = [item if item.graph is outer else outer._adopt(item, "While") for item in tensors]
        return list(make_while(condition, self._graph, inputs, "While").outputs[1 : len(specs)])


def _gradient_type(target: Tensor) -> tuple[DType, TensorShape]:
    """Type and shape of the gradient of something that the loop captured."""
    if target.dtype is not dtypes.resource:
        return target.dtype, target.shape
    attrs = original(target).op.attrs
    return attrs["dtype"], attrs["shape"]


def _while_grad(gradients: Callable[..., Any], op: Operation, *out_grads: Tensor | None) -> list[Tensor | None]:
    return _Backward(op, out_grads).made(gradients)


register(
    "While",
    bind=_bind,
    shape=lambda op: list(op.attrs["output_shapes"]),
    dtypes="T",
    gradient=GradientOfFunctions(_while_grad),
    types={},
    lists=True,
)
