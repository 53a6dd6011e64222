"""A variable that is read several times in a step is read once, and still seen as the order of operations has it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import trackml as tf


@pytest.fixture(autouse=True)
def graph() -> Iterator[tf.Graph]:
    with tf.Graph().as_default() as graph:
        yield graph


def reads_run(session: tf.Session) -> int:
    types = [op.type for plan in session._plans.values() for op in plan.steps]
    return types.count("ReadVariableOp")


def test_reads_with_nothing_in_between_are_one() -> None:
    variable = tf.get_variable("variable", initializer=2.0)
    x = tf.placeholder(tf.float32, [])
    product = variable.read_value() * x * variable.read_value()
    with tf.Session() as session:
        session.run(variable.initializer)
        assert session.run([product, variable], {x: 3.0}) == [12.0, 2.0]
        assert reads_run(session) == 1


def test_a_read_behind_an_assignment_sees_it() -> None:
    variable = tf.get_variable("variable", initializer=2.0)
    before = variable.read_value()
    with tf.control_dependencies([variable.assign_add(before, read_value=False)]):
        behind = variable.read_value()
    with tf.Session() as session:
        session.run(variable.initializer)
        assert session.run([before, behind]) == [2.0, 4.0]


def test_an_assignment_to_another_variable_does_not_count() -> None:
    variable, other = tf.get_variable("variable", initializer=2.0), tf.get_variable("other", initializer=1.0)
    before = variable.read_value()
    with tf.control_dependencies([other.assign_add(before, read_value=False)]):
        total = before + variable.read_value()
    with tf.Session() as session:
        session.run([variable.initializer, other.initializer])
        assert session.run(total) == 4.0
        assert session.run(other) == 3.0


def test_what_a_function_may_have_assigned_is_read_again() -> None:
    variable = tf.get_variable("variable", initializer=2.0)
    before = variable.read_value()

    def assigned() -> tf.Tensor:
        with tf.control_dependencies([variable.assign(7.0, read_value=False)]):
            return tf.constant(1.0)

    x = tf.placeholder(tf.bool, [])
    with tf.control_dependencies([before]):
        chosen = tf.cond(x, assigned, lambda: tf.constant(0.0))
    with tf.control_dependencies([chosen]):
        behind = variable.read_value()
    with tf.Session() as session:
        session.run(variable.initializer)
        assert session.run([before, chosen, behind], {x: False}) == [2.0, 0.0, 2.0]
        assert session.run([before, chosen, behind], {x: True}) == [2.0, 1.0, 7.0]
