"""Small variables updated as one: results to the last bit, and nothing that a reader could notice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import trackml as tf

SHAPES = [(4, 10), (10,), (), (10, 3), (3,), (1, 1, 5)]

OPTIMIZERS: dict[str, Callable[[], Any]] = {
    "gradient_descent": lambda: tf.train.GradientDescentOptimizer(0.1),
    "momentum": lambda: tf.train.MomentumOptimizer(0.1, 0.9),
    "nesterov": lambda: tf.train.MomentumOptimizer(0.1, 0.9, use_nesterov=True),
    "adagrad": lambda: tf.train.AdagradOptimizer(0.1),
    "adam": lambda: tf.train.AdamOptimizer(0.01),
    "adadelta": lambda: tf.train.AdadeltaOptimizer(0.5),
    "rms_prop": lambda: tf.train.RMSPropOptimizer(0.01, momentum=0.5),
    "centered_rms_prop": lambda: tf.train.RMSPropOptimizer(0.01, centered=True),
    "ftrl": lambda: tf.train.FtrlOptimizer(0.1, l1_regularization_strength=0.01),
    "ftrl_power": lambda: tf.train.FtrlOptimizer(0.1, learning_rate_power=-0.7),
}


@pytest.fixture(autouse=True)
def graph() -> Iterator[tf.Graph]:
    with tf.Graph().as_default() as graph:
        yield graph


def model(optimizer: Any, shapes: Any = SHAPES) -> tuple[list[Any], Any, Any]:
    """Variables, a placeholder that the gradients depend on, and the operation that changes the variables."""
    random = np.random.RandomState(0)
    variables = [
        tf.get_variable(f"v{number}", initializer=np.asarray(random.randn(*shape), np.float32))
        for number, shape in enumerate(shapes)
    ]
    x = tf.placeholder(tf.float32, [])
    loss = tf.add_n([tf.reduce_sum(tf.sin(var * x) + var * var) for var in variables])
    return variables, x, optimizer.minimize(loss)


def trained(session: Any, x: Any, train_op: Any) -> list[np.ndarray[Any, Any]]:
    session.run(tf.global_variables_initializer())
    for step in range(5):
        session.run(train_op, {x: 0.3 * step + 0.1})
    return list(session.run(tf.global_variables()))


def updates_run(session: tf.Session) -> int:
    """How many lines of the session's plans update variables by a gradient."""
    types = [op.type for plan in session._plans.values() for op in plan.steps]
    return sum(type.startswith("ResourceApply") for type in types)


@pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_results_are_those_of_separate_updates(make: Callable[[], Any]) -> None:
    _, x, train_op = model(make())
    with tf.Session() as joint, tf.Session(debug_numerics=True) as separate:
        found, expected = trained(joint, x, train_op), trained(separate, x, train_op)
        assert updates_run(joint) == 1
        assert updates_run(separate) == len(SHAPES)
    for value, other in zip(found, expected):
        assert value.shape == other.shape
        np.testing.assert_array_equal(value, other)


def test_what_was_read_stays_what_it_was() -> None:
    variables, x, train_op = model(tf.train.GradientDescentOptimizer(0.1))
    with tf.Session() as session:
        trained(session, x, train_op)
        cell = session.runtime.variable("v0")
        read, copy = cell.read(), cell.read().copy()
        session.run(train_op, {x: 1.0})
        np.testing.assert_array_equal(read, copy)
        assert not cell.read().flags.writeable
        assert not np.array_equal(session.run(variables[0]), copy)


@pytest.mark.parametrize("part", [lambda value: value, lambda value: value[1:], lambda value: value.T, memoryview])
def test_what_was_read_at_any_step_stays_what_it_was(part: Callable[[Any], Any]) -> None:
    _, x, train_op = model(tf.train.AdagradOptimizer(0.1))
    held = []
    with tf.Session() as session:
        trained(session, x, train_op)
        for step in range(6):
            value = part(session.runtime.variable("v0").read())
            held.append((value, np.array(value)))
            session.run(train_op, {x: 0.1 * step})
    for value, copy in held:
        np.testing.assert_array_equal(np.asarray(value), copy)
    assert len({copy.tobytes() for _, copy in held}) == len(held)


def test_values_assigned_between_updates_are_what_is_updated() -> None:
    variables, x, train_op = model(tf.train.GradientDescentOptimizer(0.5))
    zero = variables[1].assign(tf.zeros([10]))
    with tf.Session() as session:
        trained(session, x, train_op)
        before = session.run(variables[0])
        session.run(zero)
        np.testing.assert_array_equal(session.run(variables[0]), before)
        session.run(train_op, {x: 2.0})
        np.testing.assert_allclose(session.run(variables[1]), np.full(10, -0.5 * 2.0))


def test_a_read_between_updates_keeps_them_apart() -> None:
    first, second = (tf.get_variable(name, initializer=[1.0, 2.0]) for name in ("first", "second"))
    optimizer = tf.train.GradientDescentOptimizer(1.0)
    grad = tf.ones([2])
    one = optimizer.apply_gradients([(grad, first)])
    with tf.control_dependencies([one]):
        between = first.read_value()
        other = optimizer.apply_gradients([(between, second)])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(other)
        assert session.run([first, second])[1].tolist() == [1.0, 1.0]


def test_a_variable_updated_twice_is_updated_twice() -> None:
    variable = tf.get_variable("variable", initializer=[1.0, 2.0])
    other = tf.get_variable("other", initializer=[5.0])
    optimizer = tf.train.GradientDescentOptimizer(1.0)
    grad = tf.ones([2])
    train_op = optimizer.apply_gradients([(grad, variable), (tf.ones([1]), other), (grad, variable)])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(train_op)
        assert session.run(variable).tolist() == [-1.0, 0.0]


def test_variables_of_two_types_and_rates_each_go_their_way() -> None:
    singles = [tf.get_variable(f"single{n}", initializer=[1.0]) for n in range(2)]
    doubles = [tf.get_variable(f"double{n}", initializer=np.array([1.0])) for n in range(2)]
    slow, fast = tf.train.GradientDescentOptimizer(0.25), tf.train.GradientDescentOptimizer(0.5)
    loss = tf.add_n([tf.reduce_sum(var) for var in singles]) + tf.cast(tf.add_n(doubles)[0], tf.float32)
    train_op = tf.group(slow.minimize(loss, var_list=singles), fast.minimize(loss, var_list=doubles))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(train_op)
        assert updates_run(session) == 2
        assert [value.tolist() for value in session.run([*singles, *doubles])] == [[0.75], [0.75], [0.5], [0.5]]


def test_large_variables_are_left_to_themselves() -> None:
    _, x, train_op = model(tf.train.GradientDescentOptimizer(0.1), [(3,), (64, 64), (4,)])
    with tf.Session() as session:
        trained(session, x, train_op)
        assert updates_run(session) == 3


def test_the_error_names_the_variable_without_a_value_and_its_operation() -> None:
    variables, x, train_op = model(tf.train.GradientDescentOptimizer(0.1))
    with tf.Session() as session:
        session.run([var.initializer for var in variables if var is not variables[3]])
        for _ in range(2):
            with pytest.raises(tf.errors.FailedPreconditionError, match="uninitialized value v3"):
                session.run(train_op, {x: 1.0})


def test_the_error_of_an_update_names_its_operation() -> None:
    first, second = (tf.get_variable(name, initializer=[1.0, 2.0]) for name in ("first", "second"))
    train_op = tf.train.MomentumOptimizer(0.1, 0.9).apply_gradients([(tf.ones([2]), first), (tf.ones([2]), second)])
    with tf.Session() as session:
        session.run([first.initializer, second.initializer])
        with pytest.raises(tf.errors.FailedPreconditionError, match=r"first/Momentum.*op 'Momentum/update_first"):
            session.run(train_op)


def test_checkpoints_have_the_variables_as_before(tmp_path: Any) -> None:
    variables, x, train_op = model(tf.train.AdagradOptimizer(0.1))
    saver = tf.train.Saver()
    with tf.Session() as session:
        trained(session, x, train_op)
        path = saver.save(session, str(tmp_path / "model"))
        expected = session.run(variables)
        session.run(train_op, {x: 1.0})
        saver.restore(session, path)
        for value, other in zip(session.run(variables), expected):
            np.testing.assert_array_equal(value, other)
        session.run(train_op, {x: 1.0})
