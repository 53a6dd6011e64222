"""Choice while a session runs: `cond` and `case`. Only the branch that is chosen runs.

The branches are functions, traced once. Their gradients are branches of another choice, which uses what the first
one computed: each intermediate value that it needs becomes one more output of the first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from trackml import dtypes, nest
from trackml.graph.conversion import constant, convert_to_tensor
from trackml.graph.function import FuncGraph, FunctionName, trace
from trackml.graph.graph import get_default_graph
from trackml.graph.operation import Operation, Tensor
from trackml.graph.plan import Plan
from trackml.graph.registry import GradientOfFunctions, Kernel, register
from trackml.graph.runtime import Runtime
from trackml.ops import tensor_list
from trackml.ops.array import identity
from trackml.ops.backward_graph import BackwardGraph, carries_gradient, zero_gradient
from trackml.ops.checks import Assert
from trackml.ops.comparison import less_equal
from trackml.ops.framework import control_dependencies, name_scope
from trackml.ops.math import cast
from trackml.ops.reductions import reduce_sum
from trackml.ops.tensor_array import as_tensors, like_arrays
from trackml.shapes import TensorShape

Branch = Callable[[], Any]


def cond(
    pred: Any,
    true_fn: Branch | None = None,
    false_fn: Branch | None = None,
    strict: bool = False,
    name: str | None = None,
    fn1: Branch | None = None,
    fn2: Branch | None = None,
) -> Any:
    """What `true_fn` gives if `pred` is true, else what `false_fn` gives.

    Only the operations that the chosen function made run; those that were made outside and are merely used in it
    run in any case. Variables are read when the branch runs.

    Args:
        pred: A boolean scalar.
        true_fn: Called once, while the graph is built; gives tensors in any structure, or operations.
        false_fn: The same, with results of the same structure and types.
        strict: Whether a list of one tensor stays a list.
        name: Name of the operation.
        fn1: An older name of `true_fn`.
        fn2: An older name of `false_fn`.

    Returns:
        Tensors in the structure of the functions' results. An operation gives a tensor that is there when it has run.

    Raises:
        TypeError: `pred` is a Python bool or no boolean, or a function cannot be called.
        ValueError: A function gives nothing, or the results differ in structure or type.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     x = tf.constant(2.0)
        ...     print(session.run(tf.cond(x > 1.0, lambda: x * x, lambda: -x)))
        4.0
    """
    functions = [_branch(true_fn, fn1, "true_fn", "fn1"), _branch(false_fn, fn2, "false_fn", "fn2")]
    if isinstance(pred, bool):
        raise TypeError("pred must not be a Python bool")
    with name_scope(name, "cond", [pred]) as scope:
        condition = convert_to_tensor(pred, name="pred")
        if condition.dtype is not dtypes.bool_ or condition.shape.ndims not in (None, 0):
            raise TypeError(f"pred must be a boolean scalar; got {condition.dtype.name} of shape {condition.shape}.")
        results: list[Any] = []
        graphs = [_traced(function, scope, label, results) for function, label in zip(functions, ("true", "false"))]
        _check_alike(*results, *graphs)
        op = make_if(condition, graphs, scope)
    packed = like_arrays(results[0], list(op.outputs))
    alone = isinstance(packed, list) and len(packed) == 1 and not strict
    return packed[0] if alone else packed


def _branch(function: Branch | None, older: Branch | None, name: str, older_name: str) -> Branch:
    if function is not None and older is not None:
        raise TypeError(f"cond(): {name} and {older_name} may not be set simultaneously.")
    chosen = older if function is None else function
    if chosen is None:
        raise TypeError(f"cond(): {name} argument required")
    if not callable(chosen):
        raise TypeError(f"{name} must be callable.")
    return chosen


def _traced(function: Branch, scope: str, label: str, results: list[Any]) -> FuncGraph:
    """The graph of a branch; its result, as the branch gave it, is appended to `results`."""

    def call() -> list[Tensor]:
        result = function()
        if result is None:
            raise ValueError(f"{label}_fn must have a return value.")
        results.append(nest.map_structure(_as_value, result))
        return as_tensors(results[-1])

    return trace(call, (), name=f"{scope.rstrip('/').rpartition('/')[2]}_{label}")


def _as_value(item: Any) -> Any:
    """An operation as a tensor that is there when it has run."""
    if isinstance(item, Operation):
        with control_dependencies([item]):
            return identity(constant(True))
    return item


def _check_alike(first: Any, second: Any, true_graph: FuncGraph, false_graph: FuncGraph) -> None:
    try:
        nest.assert_same_structure(first, second)
    except ValueError as error:
        raise ValueError(f"Incompatible return values of true_fn and false_fn: {error}") from error
    types = [[tensor.dtype.name for tensor in graph.outputs] for graph in (true_graph, false_graph)]
    if types[0] != types[1]:
        raise ValueError(f"Outputs of true_fn and false_fn must have the same type: {types[0]}, {types[1]}")


def make_if(pred: Tensor, graphs: Sequence[FuncGraph], name: str) -> Operation:
    """An `If` of two traced functions without arguments and with outputs alike, in the default graph."""
    captured = list(dict.fromkeys(tensor for graph in graphs for tensor in graph.captured_inputs()))
    attrs = {
        "Tcond": pred.dtype,
        "Tin": [tensor.dtype for tensor in captured],
        "Tout": [tensor.dtype for tensor in graphs[0].outputs],
        "then_branch": FunctionName(graphs[0].name.replace("/", "_")),
        "else_branch": FunctionName(graphs[1].name.replace("/", "_")),
        "output_shapes": [
            general_shape(one.shape, other.shape) for one, other in zip(graphs[0].outputs, graphs[1].outputs)
        ],
        "_py_branches": tuple(graphs),
        "_py_exposed": {},
    }
    return get_default_graph().create_op("If", [pred, *captured], attrs, name)


def general_shape(one: TensorShape, other: TensorShape) -> TensorShape:
    """What two shapes have in common."""
    if one.sizes is None or other.sizes is None or len(one.sizes) != len(other.sizes):
        return TensorShape(None)
    return TensorShape([a if a == b else None for a, b in zip(one.as_list(), other.as_list())])


class _Function:
    """A function of one session, compiled when it is first called."""

    def __init__(self, graph: FuncGraph, arguments: Sequence[Tensor], runtime: Runtime) -> None:
        places = {tensor: index for index, tensor in enumerate(arguments)}
        self._graph = graph
        self._outputs = list(graph.outputs)
        self._places = [places[tensor] for tensor in graph.captured_inputs()]
        self._runtime = runtime
        self._plan: Plan | None = None

    def __call__(self, values: Sequence[Any]) -> Sequence[Any]:
        plan = self._plan
        if plan is None:
            plan = self._plan = Plan(self._outputs, list(self._graph.captures.values()), self._runtime)
        return plan(*[values[place] for place in self._places])


def _bind(op: Operation, runtime: Runtime) -> Kernel:
    then, otherwise = (_Function(graph, op.inputs[1:], runtime) for graph in op.attrs["_py_branches"])
    return lambda pred, *values: (then if pred else otherwise)(values)


def _exposed(op: Operation, graph: FuncGraph, tensor: Tensor) -> Tensor:
    """A value inside a branch as an output of the operation; an arbitrary one when the other branch was chosen."""
    for outer, inner in zip(graph.captured_inputs(), graph.captures.values()):
        if inner is tensor:
            return outer
    exposed: dict[Tensor, Tensor] = op.attrs["_py_exposed"]
    if tensor not in exposed:
        for branch in op.attrs["_py_branches"]:
            branch.structured_outputs.append(tensor if branch is graph else _stand_in(branch, tensor))
        op.attrs["Tout"].append(tensor.dtype)
        # The stand-in in the other branch has another shape.
        op.attrs["output_shapes"].append(TensorShape(None))
        exposed[tensor] = Tensor(op, len(op.outputs), tensor.dtype, tensor.shape)
        op.outputs += (exposed[tensor],)
    return exposed[tensor]


def _stand_in(graph: FuncGraph, tensor: Tensor) -> Tensor:
    """A value for an output that nobody will use, since the branch that it is of was not chosen."""
    with graph.as_default(), graph.name_scope(None), graph.control_dependencies(None):
        if tensor.dtype is dtypes.variant:
            return tensor_list.reserve(TensorShape(None), constant(0), dtypes.float32)
        zero: Any = {"bool": False, "string": ""}.get(tensor.dtype.name, 0)
        return constant(zero, tensor.dtype, name="unused")


def _if_grad(gradients: Callable[..., Any], op: Operation, *out_grads: Tensor | None) -> list[Tensor | None]:
    outer = get_default_graph()
    targets = [tensor for tensor in op.inputs[1:] if carries_gradient(tensor)]
    graphs: list[BackwardGraph] = []
    found: list[list[Tensor | None]] = []
    for label, branch in zip(("true", "false"), op.attrs["_py_branches"]):
        graph = BackwardGraph(
            outer.unique_name(f"{op.name.rpartition('/')[2]}_{label}_grad"),
            outer,
            branch,
            lambda tensor, branch=branch: _exposed(op, branch, tensor),  # type: ignore[misc]
        )
        with graph.as_default():
            found.append(_branch_grads(gradients, op, branch, targets, out_grads))
        graphs.append(graph)
    used = [index for index in range(len(targets)) if any(grads[index] is not None for grads in found)]
    if not used:
        return [None] * len(op.inputs)
    for graph, grads in zip(graphs, found):
        with graph.as_default():
            graph.structured_outputs = [_in_graph(graph, grads[index], targets[index]) for index in used]
    results = make_if(op.inputs[0], graphs, "If").outputs
    by_target = {targets[index]: result for index, result in zip(used, results)}
    return [None, *(by_target.get(tensor) for tensor in op.inputs[1:])]


def _branch_grads(
    gradients: Callable[..., Any],
    op: Operation,
    branch: FuncGraph,
    targets: Sequence[Tensor],
    out_grads: Sequence[Tensor | None],
) -> list[Tensor | None]:
    """The gradient of each of `targets` through one branch, in the default graph."""
    pairs = [(y, grad) for y, grad in zip(branch.outputs, out_grads) if grad is not None and y.op.type != "Const"]
    inside = dict(zip(branch.captured_inputs(), branch.captures.values()))
    xs = [inside[tensor] for tensor in targets if tensor in inside]
    if not pairs or not xs:
        return [None] * len(targets)
    grads = iter(gradients([y for y, _ in pairs], xs, [grad for _, grad in pairs]))
    return [next(grads) if tensor in inside else None for tensor in targets]


def _in_graph(graph: FuncGraph, grad: Any, target: Tensor) -> Tensor:
    tensor = zero_gradient(target) if grad is None else convert_to_tensor(grad)
    return tensor if tensor.graph is graph else graph._adopt(tensor, "If")


register(
    "If",
    bind=_bind,
    shape=lambda op: list(op.attrs["output_shapes"]),
    dtypes="Tout",
    gradient=GradientOfFunctions(_if_grad),
    types={},
    lists=True,
)


def case(
    pred_fn_pairs: Any,
    default: Branch | None = None,
    exclusive: bool = False,
    strict: bool = False,
    name: str = "case",
) -> Any:
    """What the function beside the first true condition gives.

    Args:
        pred_fn_pairs: Pairs of a boolean scalar and a function, in a list, or as a dict.
        default: The function for when no condition is true; without one, that is an error at run time.
        exclusive: Whether it is an error at run time that several conditions are true.
        strict: Whether a list of one tensor stays a list.
        name: Name scope.

    Raises:
        TypeError: The pairs are none, or a function cannot be called.
    """
    pairs = list(pred_fn_pairs.items()) if isinstance(pred_fn_pairs, Mapping) else list(pred_fn_pairs)
    if not pairs:
        raise ValueError("pred_fn_pairs must hold at least one pair of a condition and a function.")
    for pair in pairs:
        if not (isinstance(pair, (tuple, list)) and len(pair) == 2 and callable(pair[1])):
            raise TypeError(f"Each entry in pred_fn_pairs must be a 2-tuple of a tensor and a function; got {pair!r}.")
    with name_scope(name, "case", [pred for pred, _ in pairs]):
        preds = [convert_to_tensor(pred, dtypes.bool_) for pred, _ in pairs]
        chain = _failing(preds, pairs[-1][1]) if default is None else default
        for pred, (_, function) in reversed(list(zip(preds, pairs))):
            chain = _link(pred, function, chain, strict)
        with control_dependencies([_at_most_one(preds)] if exclusive else []):
            return chain()


def _link(pred: Tensor, function: Branch, otherwise: Branch, strict: bool) -> Branch:
    return lambda: cond(pred, function, otherwise, strict=strict)


def _failing(preds: Sequence[Tensor], last: Branch) -> Branch:
    def fail() -> Any:
        text = "None of the conditions evaluated as True. Conditions: " + ", ".join(pred.name for pred in preds)
        with control_dependencies([Assert(constant(False), [text, *preds], summarize=len(preds))]):
            return nest.map_structure(lambda item: identity(_as_value(item)), last())

    return fail


def _at_most_one(preds: Sequence[Tensor]) -> Operation:
    count = reduce_sum(convert_to_tensor([cast(pred, dtypes.int32) for pred in preds]))
    text = "More than one condition evaluated as True but exclusive=True. Conditions: "
    return Assert(less_equal(count, 1), [text + ", ".join(pred.name for pred in preds), *preds], summarize=len(preds))
