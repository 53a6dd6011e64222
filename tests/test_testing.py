"""The gradient check itself: it must find what is wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from trackml.graph import register
from trackml.graph.graph import apply_op
from trackml.graph.operation import Tensor
from trackml.graph.shape_rules import same_as_input
from trackml.ops.array import stop_gradient
from trackml.ops.math import square
from trackml.testing import assert_gradients

register("WrongGradientForTests", np.sin, shape=same_as_input, gradient=lambda op, grad: grad * op.inputs[0])
register(
    "WrongSecondGradientForTests",
    np.square,
    shape=same_as_input,
    gradient=lambda op, grad: grad * 2.0 * stop_gradient(op.inputs[0]),
)


def _wrong(x: Any) -> Tensor:
    result: Tensor = apply_op("WrongGradientForTests", x)
    return result


def _wrong_second(x: Any) -> Tensor:
    result: Tensor = apply_op("WrongSecondGradientForTests", x)
    return result


def test_a_right_gradient_passes() -> None:
    assert_gradients(lambda x, y: square(x) * y, [np.array([1.0, 2.0]), np.array([[3.0], [4.0]])])


def test_a_wrong_gradient_is_found_and_named() -> None:
    with pytest.raises(AssertionError, match=r"order 1, input 0, element \[0\]"):
        assert_gradients(_wrong, [np.array([1.0, 2.0])])


def test_a_wrong_second_gradient_is_found() -> None:
    assert_gradients(_wrong_second, [np.array([1.0, 2.0])], order=1)
    with pytest.raises(AssertionError, match="order 2"):
        assert_gradients(_wrong_second, [np.array([1.0, 2.0])])


def test_a_gradient_that_does_not_flow_is_found() -> None:
    with pytest.raises(AssertionError, match="no gradient flows"):
        assert_gradients(lambda x, y: stop_gradient(x) * y, [np.array([1.0]), np.array([2.0])])


def test_integers_are_passed_on() -> None:
    assert_gradients(lambda n, x: x * 2.0, [np.array([1]), np.array([0.5])])


def test_single_precision_has_its_own_tolerance() -> None:
    assert_gradients(square, [np.array([1.0, -2.0], np.float32)])
