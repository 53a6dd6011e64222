"""Checks for tests of operations and models.

`assert_gradients` compares the gradients that an operation states with those measured by moving its inputs a
little; run it on every operation that you register.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from trackml.autodiff import gradients
from trackml.dtypes import as_dtype
from trackml.graph.conversion import constant, convert_to_tensor, placeholder
from trackml.graph.graph import Graph
from trackml.graph.operation import Tensor
from trackml.graph.session import Session
from trackml.ops.math import add_n
from trackml.ops.reductions import reduce_sum
from trackml.shapes import TensorShape

_Array = np.ndarray[Any, Any]

_DELTAS = {"float16": 1e-1, "float32": 1e-2, "float64": 1e-5}
"""About the cube root of each type's precision: where the error of the formula and that of rounding are alike."""

_TOLERANCES = {"float16": 1e-1, "float32": 1e-2, "float64": 1e-6}
"""What then remains of both errors, with a margin."""


def assert_gradients(
    function: Callable[..., Any],
    inputs: Sequence[Any],
    *,
    order: int = 2,
    delta: float | None = None,
    rtol: float | None = None,
    atol: float | None = None,
    static_shapes: bool = True,
    seed: int = 0,
) -> None:
    """Compares the symbolic gradients of `function` with central differences.

    The outputs are multiplied by random weights and summed; the gradient of this sum by every element of every
    floating-point input is compared with `(f(x + delta) - f(x - delta)) / (2 * delta)`. For the second order,
    the gradient itself is the function that is checked.

    Args:
        function: Takes a tensor for each input, gives a tensor or a list of tensors.
        inputs: Arrays; integers and the like are passed on but not moved. Prefer float64, which tells a wrong
            gradient from a rounding error, and points where the function is smooth.
        order: How often to differentiate, from 1.
        delta: How far inputs are moved; chosen by the type if not given.
        rtol: Relative tolerance; chosen by the type if not given.
        atol: Absolute tolerance; the same as `rtol` if not given.
        static_shapes: Whether the function sees the shapes of its inputs; if not, only their ranks.
        seed: Seed of the random weights.

    Raises:
        AssertionError: A gradient is wrong; the message names the order, the input, the element, and both values.

    Example:
        >>> import numpy as np
        >>> from trackml.ops.math import tanh
        >>> from trackml.testing import assert_gradients
        >>> assert_gradients(tanh, [np.array([-1.0, 0.5, 2.0])])
    """
    arrays = [np.asarray(value) for value in inputs]
    precision = as_dtype(next(array.dtype for array in arrays if array.dtype.kind == "f")).name
    delta = _DELTAS[precision] if delta is None else delta
    rtol = _TOLERANCES[precision] if rtol is None else rtol
    atol = rtol if atol is None else atol
    random = np.random.default_rng(seed)
    for current in range(1, order + 1):
        with Graph().as_default(), Session() as session:
            tensors = [_placeholder(array, static_shapes) for array in arrays]
            moved = [index for index, array in enumerate(arrays) if array.dtype.kind == "f"]
            total, grads = _differentiated(function, tensors, moved, current, random, session, arrays)
            symbolic = _evaluated(session, grads, tensors, arrays)
            evaluate = session.make_callable(total, tensors)
            for place, index in enumerate(moved):
                measured = _measured(evaluate, arrays, index, delta)
                _compare(symbolic[place], measured, f"order {current}, input {index}", rtol, atol)


def _placeholder(array: _Array, static_shapes: bool) -> Tensor:
    shape = TensorShape(array.shape if static_shapes else [None] * array.ndim)
    return placeholder(as_dtype(array.dtype), shape)


def _differentiated(
    function: Callable[..., Any],
    tensors: list[Tensor],
    moved: list[int],
    order: int,
    random: np.random.Generator,
    session: Session,
    arrays: list[_Array],
) -> tuple[Tensor, list[Any]]:
    """The weighted sum of the derivatives of order `order - 1`, and its gradients."""
    result = function(*tensors)
    outputs = list(result) if isinstance(result, (list, tuple)) else [result]
    for _ in range(order):
        outputs = [output for output in outputs if output is not None and output.dtype.is_floating]
        values = session.run(outputs, dict(zip(tensors, arrays)))
        weights = [constant(random.uniform(0.5, 1.5, np.shape(value)).astype(value.dtype)) for value in values]
        parts = [reduce_sum(output * weight) for output, weight in zip(outputs, weights)]
        total = add_n(parts) if parts else reduce_sum(0.0 * tensors[moved[0]])
        grads = gradients(total, [tensors[index] for index in moved])
        outputs = [None if grad is None else convert_to_tensor(grad) for grad in grads]
    return total, outputs


def _evaluated(session: Session, grads: list[Any], tensors: list[Tensor], arrays: list[_Array]) -> list[Any]:
    """The values of the gradients, None where nothing flows."""
    found = [grad for grad in grads if grad is not None]
    values = iter(session.run(found, dict(zip(tensors, arrays))))
    return [None if grad is None else next(values) for grad in grads]


def _measured(evaluate: Callable[..., Any], arrays: list[_Array], index: int, delta: float) -> _Array:
    """Central differences by each element of one input."""
    array = arrays[index]
    result = np.empty(array.shape, np.float64)
    for place in np.ndindex(array.shape):
        sums = []
        for step in (delta, -delta):
            shifted = array.copy()
            shifted[place] += step
            sums.append((float(evaluate(*arrays[:index], shifted, *arrays[index + 1 :])), float(shifted[place])))
        (above, right), (below, left) = sums
        result[place] = (above - below) / (right - left)
    return result


def _compare(symbolic: Any, measured: _Array, what: str, rtol: float, atol: float) -> None:
    stated = np.zeros_like(measured) if symbolic is None else np.asarray(symbolic, np.float64)
    if stated.shape != measured.shape:
        raise AssertionError(f"{what}: the gradient has shape {stated.shape}, its input {measured.shape}.")
    wrong = ~np.isclose(stated, measured, rtol=rtol, atol=atol)
    if wrong.any():
        place = tuple(int(i) for i in np.argwhere(wrong)[0])
        note = " (no gradient flows)" if symbolic is None else ""
        raise AssertionError(
            f"{what}, element {list(place)}: the gradient is stated as {stated[place]}{note}, but measured as "
            f"{measured[place]}; {int(wrong.sum())} of {wrong.size} elements differ."
        )
