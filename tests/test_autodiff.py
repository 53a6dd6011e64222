"""The backward pass: which operations it walks, what it adds, what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

import trackml as tf
from trackml.graph import NOT_DIFFERENTIABLE, apply_op, register
from trackml.graph.shape_rules import same_as_input

register("TestNoRule", lambda x: x, shape=same_as_input)
register("TestWall", lambda x: x, shape=same_as_input, gradient=NOT_DIFFERENTIABLE)
register("TestTooMany", lambda x: x, shape=same_as_input, gradient=lambda op, grad: [grad, grad])


@pytest.fixture
def session():
    with tf.Graph().as_default(), tf.Session() as session:
        yield session


def test_paths_that_meet_are_added(session):
    x = tf.constant(3.0)
    y = x * x + tf.exp(x) + x
    (grad,) = tf.gradients(y, x)
    assert session.run(grad) == pytest.approx(2 * 3 + np.exp(3.0) + 1, rel=1e-6)


def test_second_and_third_derivatives(session):
    x = tf.constant(2.0, tf.float64)
    grads = [x**4]
    for _ in range(3):
        grads.append(tf.gradients(grads[-1], x)[0])
    np.testing.assert_allclose(session.run(grads), [16, 32, 48, 48])


def test_a_hessian_is_the_matrix_of_second_derivatives(session):
    x = tf.constant([1.0, 2.0], tf.float64)
    (hessian,) = tf.hessians(x[0] ** 2 * x[1] + x[1] ** 3, x)
    np.testing.assert_allclose(session.run(hessian), [[4, 2], [2, 12]])


def test_several_ys_are_summed_and_grad_ys_weigh_them(session):
    x = tf.constant([1.0, 2.0])
    assert session.run(tf.gradients([x * 2.0, x * 3.0], x)[0]).tolist() == [5.0, 5.0]
    weighted = tf.gradients([x * 2.0, x * 3.0], x, grad_ys=[tf.constant([1.0, 10.0]), None])[0]
    assert session.run(weighted).tolist() == [5.0, 23.0]


def test_an_x_on_the_way_to_another_gets_its_own_gradient(session):
    x = tf.constant(3.0)
    y = x * x
    assert session.run(tf.gradients(y * 2.0, [x, y])) == [12.0, 2.0]


def test_a_y_that_is_an_x_has_gradient_one(session):
    x = tf.constant(3.0)
    assert session.run(tf.gradients(x, x)) == [1.0]


def test_what_is_not_connected_is_none_or_zero(session):
    x, other = tf.constant([1.0, 2.0]), tf.constant(1.0)
    assert tf.gradients(other, x) == [None]
    assert session.run(tf.gradients(other, x, unconnected_gradients="zero")[0]).tolist() == [0.0, 0.0]


def test_stop_gradients_are_constants(session):
    x = tf.constant(3.0)
    y = x * x
    (grad,) = tf.gradients(y * x, x, stop_gradients=[y])
    assert session.run(grad) == 9.0
    assert session.run(tf.gradients(tf.stop_gradient(y) * x, x)[0]) == 9.0


def test_nothing_flows_through_what_is_not_differentiable(session):
    x = tf.constant(3.0)
    assert tf.gradients(apply_op("TestWall", x), x) == [None]
    assert session.run(tf.gradients(apply_op("TestWall", x) * x, x)[0]) == 3.0


def test_a_missing_rule_names_operation_and_line(session):
    x = tf.constant(3.0)
    y = apply_op("TestNoRule", x, name="mine")
    with pytest.raises(LookupError, match=r"'mine' \(op type: TestNoRule\).*test_autodiff\.py:\d+"):
        tf.gradients(y, x)


def test_a_rule_must_give_one_gradient_an_input(session):
    x = tf.constant(3.0)
    with pytest.raises(ValueError, match="gave 2 gradients for 1 inputs"):
        tf.gradients(apply_op("TestTooMany", x), x)


def test_integers_have_no_gradients(session):
    x = tf.constant(3)
    with pytest.raises(TypeError, match="must be floating point"):
        tf.gradients(x, x)


def test_as_many_grad_ys_as_ys(session):
    x = tf.constant(3.0)
    with pytest.raises(ValueError, match="Passed 1 grad_ys for 2 ys"):
        tf.gradients([x, x], x, grad_ys=[x])


def test_gradients_of_unknown_shapes_are_ones_at_run_time(session):
    x = tf.placeholder(tf.float32, [None])
    (grad,) = tf.gradients(x * 2.0, x)
    assert session.run(grad, {x: [1.0, 2.0, 3.0]}).tolist() == [2.0, 2.0, 2.0]


def test_operations_made_are_named_after_those_they_differentiate(session):
    x = tf.constant(3.0)
    y = tf.multiply(x, x, name="square")
    (grad,) = tf.gradients(y, x)
    assert grad.op.name.startswith("gradients/")
    assert any(op.name.startswith("gradients/square_grad/") for op in session.graph.get_operations())


def test_two_gathers_of_one_variable_stay_sparse(session):
    table = tf.get_variable("t", initializer=np.ones((4, 2), np.float32))
    (grad,) = tf.gradients(tf.reduce_sum(tf.gather(table, [0])) + tf.reduce_sum(tf.gather(table, [3, 3])), table)
    assert isinstance(grad, tf.IndexedSlices)
    session.run(tf.global_variables_initializer())
    dense = session.run(tf.convert_to_tensor(grad))
    assert dense.tolist() == [[1, 1], [0, 0], [0, 0], [2, 2]]
