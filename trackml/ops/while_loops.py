"""Loops while a session runs; condition and body are functions of the loop variables, traced once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from trackml import dtypes, nest
from trackml.graph.conversion import constant, convert_to_tensor
from trackml.graph.function import TensorSpec, trace
from trackml.graph.operation import Tensor
from trackml.ops.array import stop_gradient
from trackml.ops.comparison import less, logical_and
from trackml.ops.framework import name_scope
from trackml.ops.tensor_array import TensorArray, as_tensors, like_arrays
from trackml.ops.while_op import make_while
from trackml.shapes import TensorShape, as_shape

_COUNTER = TensorSpec(dtypes.int32, TensorShape([]), "loop_counter")


def while_loop(
    cond: Callable[..., Any],
    body: Callable[..., Any],
    loop_vars: Any,
    shape_invariants: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    name: str | None = None,
    maximum_iterations: Any = None,
    return_same_structure: bool = False,
) -> Any:
    """Runs `body` on its own results as long as `cond` holds for them.

    Args:
        cond: Takes the loop variables, gives a boolean scalar.
        body: Takes the loop variables, gives new ones in the same structure.
        loop_vars: A list or tuple of tensors, TensorArrays and structures of these: the first values.
        shape_invariants: Shapes in the structure of `loop_vars` that hold in every round, where sizes change.
        parallel_iterations: Accepted for TensorFlow's sake: rounds run one after the other.
        back_prop: Whether gradients flow through the loop.
        swap_memory: Accepted for TensorFlow's sake.
        name: Name of the operation.
        maximum_iterations: The loop ends after so many rounds in any case.
        return_same_structure: Whether a single variable comes in the structure of `loop_vars`, not bare.

    Returns:
        The last values, in the structure of `loop_vars`.

    Raises:
        TypeError: `cond` or `body` cannot be called, or a variable changes its type.
        ValueError: There are no loop variables, the body's result has another structure, or a shape changes that no
            invariant lets change.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     last = tf.while_loop(lambda i, x: i < 3, lambda i, x: (i + 1, x * 2.0), (0, 1.0))
        ...     print(session.run(last))
        (np.int32(3), np.float32(8.0))
    """
    if not callable(cond):
        raise TypeError("cond must be callable.")
    if not callable(body):
        raise TypeError("body must be callable.")
    if not loop_vars and not isinstance(loop_vars, Tensor):
        raise ValueError("No loop variables provided")
    variables = loop_vars if isinstance(loop_vars, (list, tuple)) else [loop_vars]
    with name_scope(name, "while", None) as scope:
        leaves = nest.map_structure(_as_leaf, variables)
        limit = None if maximum_iterations is None else convert_to_tensor(maximum_iterations, dtypes.int32)
        loop = _Loop(leaves, _invariants(leaves, shape_invariants, variables is loop_vars), limit, scope)
        outputs = loop.made(cond, body)
    if not back_prop:
        outputs = [stop_gradient(tensor) for tensor in outputs]
    result = like_arrays(nest.pack_like(variables, loop.last_leaves), outputs)
    if return_same_structure:
        return result if variables is loop_vars else result[0]
    return nest.flatten(result)[0] if len(outputs) == 1 else result


def _as_leaf(item: Any) -> Any:
    return item if isinstance(item, TensorArray) else convert_to_tensor(item, name="loop_var")


def _invariants(leaves: Any, given: Any, is_list: bool) -> list[TensorShape]:
    flat = nest.flatten(leaves)
    own = [TensorShape([]) if isinstance(leaf, TensorArray) else leaf.shape for leaf in flat]
    if given is None:
        return own
    shapes = _flat_shapes(leaves, given if is_list else [given])
    for leaf, shape, stated in zip(flat, own, shapes):
        if not (isinstance(leaf, TensorArray) or _at_least(stated, shape)):
            raise ValueError(f"The shape invariant specified for {leaf.name} is not compatible with the initial shape "
                             f"of the loop variable. It enters the loop with shape {shape}, but the specified shape "
                             f"invariant is {stated}.")  # fmt: skip
    return [shape if isinstance(leaf, TensorArray) else stated for leaf, shape, stated in zip(flat, own, shapes)]


def _flat_shapes(leaves: Any, given: Any) -> list[TensorShape]:
    """The shapes in `given`, which has the structure of `leaves` with a shape in place of each leaf."""
    if not nest.is_nested(leaves):
        return [TensorShape(None) if isinstance(leaves, TensorArray) else as_shape(given)]
    keys = sorted(leaves) if isinstance(leaves, dict) else range(len(leaves))
    if len(given) != len(leaves):
        raise ValueError(f"shape_invariants must have the structure of loop_vars; got {given!r} for {leaves!r}.")
    return [shape for key in keys for shape in _flat_shapes(leaves[key], given[key])]


def _at_least(general: TensorShape, shape: TensorShape) -> bool:
    """Whether `general` holds for all tensors of `shape`."""
    if general.sizes is None:
        return True
    if shape.sizes is None or len(shape.sizes) != len(general.sizes):
        return False
    return all(wanted is None or wanted == size for wanted, size in zip(general.as_list(), shape.as_list()))


class _Loop:
    """A loop while it is made; counts its rounds, for the gradient and for the limit."""

    def __init__(self, leaves: Any, shapes: Sequence[TensorShape], limit: Tensor | None, scope: str) -> None:
        self._leaves = leaves
        self._tensors = as_tensors(leaves)
        self._shapes = shapes
        self._limit = limit
        self._scope = scope
        self._name = scope.rstrip("/").rpartition("/")[2]
        self.last_leaves: list[Any] = []

    def made(self, cond: Callable[..., Any], body: Callable[..., Any]) -> list[Tensor]:
        """The last values of the loop variables."""

        def holds(counter: Tensor, *values: Tensor) -> Tensor:
            result = convert_to_tensor(cond(*self._packed(values)))
            if result.dtype is not dtypes.bool_ or result.shape.ndims not in (None, 0):
                raise TypeError(f"cond must give a boolean scalar; got {result.dtype.name} of shape {result.shape}.")
            return result if self._limit is None else logical_and(less(counter, self._limit), result)

        def step(counter: Tensor, *values: Tensor) -> list[Tensor]:
            return [counter + 1, *self._next(body(*self._packed(values)))]

        specs = [_COUNTER]
        specs += [TensorSpec(tensor.dtype, shape) for tensor, shape in zip(self._tensors, self._shapes)]
        condition = trace(holds, specs, name=f"{self._name}_cond")
        whole = trace(step, specs, name=f"{self._name}_body")
        start = constant(0, dtypes.int32, name="loop_counter")
        op = make_while(condition, whole, [start, *self._tensors], self._scope)
        return list(op.outputs[1 : len(specs)])

    def _packed(self, values: Sequence[Tensor]) -> Any:
        return like_arrays(self._leaves, values)

    def _next(self, result: Any) -> list[Tensor]:
        """The body's result, checked."""
        several = result if isinstance(result, (list, tuple)) else [result]
        try:
            nest.assert_same_structure(list(self._leaves), list(several))
        except ValueError as error:
            raise ValueError(f"The two structures don't have the same nested structure. The body of a while_loop must "
                             f"give what it takes. {error}") from error  # fmt: skip
        self.last_leaves = nest.flatten(several)
        pairs = zip(self.last_leaves, self._tensors, self._shapes)
        return [self._checked(leaf, tensor, shape) for leaf, tensor, shape in pairs]

    def _checked(self, leaf: Any, first: Tensor, shape: TensorShape) -> Tensor:
        tensor = leaf.flow if isinstance(leaf, TensorArray) else convert_to_tensor(leaf)
        if tensor.dtype is not first.dtype:
            raise TypeError(f"Loop variable {first.name} enters the loop with type {first.dtype.name}, but has type "
                            f"{tensor.dtype.name} after one iteration.")  # fmt: skip
        if not _at_least(shape, tensor.shape):
            raise ValueError(
                f"Input tensor '{first.name}' enters the loop with shape {shape}, but has shape {tensor.shape} after "
                "one iteration. To allow the shape to vary across iterations, use the `shape_invariants` argument of "
                "tf.while_loop to specify a less-specific shape."
            )
        return tensor
