"""Conditionals and loops of imported graphs."""

from __future__ import annotations

import numpy as np
import pytest

import trackml as tf


def through_a_message(build):
    """Builds a graph of the placeholder `x`, writes it down, and gives what the message computes of `x`."""
    with tf.Graph().as_default() as graph:
        output = build(tf.placeholder(tf.float32, [], name="x"))
        message = tf.GraphDef.FromString(graph.as_graph_def().SerializeToString())
    imported = tf.Graph()
    with imported.as_default():
        (result,) = tf.import_graph_def(message, return_elements=[output.name], name="inner")
    session = tf.Session(graph=imported)
    return lambda x: session.run(result, {"inner/x:0": x})


def power(x):
    return tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, y * x), [0, 1.0])[1]


def test_branches():
    compute = through_a_message(lambda x: tf.cond(x > 0.0, lambda: x * 2.0, lambda: x - 1.0))
    assert [compute(3.0), compute(-3.0)] == [6, -4]


def test_loops():
    assert through_a_message(power)(2.0) == 8


def test_a_loop_in_a_branch_and_a_branch_in_a_loop():
    def build(x):
        inner = tf.cond(x > 1.0, lambda: power(x), lambda: x)
        return tf.while_loop(lambda y: y < 100.0, lambda y: tf.cond(y > x, lambda: y * 2.0, lambda: y + x), [inner])

    compute = through_a_message(build)
    assert [compute(3.0), compute(1.0)] == [108, 128]


def test_map_over_strings():
    compute = through_a_message(
        lambda x: tf.reduce_sum(tf.map_fn(lambda s: tf.string_to_number(s), tf.as_string([x, x]), dtype=tf.float32))
    )
    assert compute(1.5) == 3


def test_gradients_of_loops_come_along():
    compute = through_a_message(lambda x: tf.gradients(power(x), x)[0])
    np.testing.assert_allclose(compute(2.0), 12)


def test_gradients_of_branches_come_along():
    compute = through_a_message(lambda x: tf.gradients(tf.cond(x > 0.0, lambda: x * x, lambda: -x), x)[0])
    assert [compute(3.0), compute(-3.0)] == [6, -1]


def test_what_was_imported_can_be_written_again():
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [], name="x")
        output = power(x)
        message = graph.as_graph_def()
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(message, name="")
        again = graph.as_graph_def()
    with tf.Graph().as_default(), tf.Session() as session:
        tf.import_graph_def(again, name="")
        assert session.run(output.name, {"x:0": 3.0}) == 27


def test_a_function_that_is_not_there_is_named():
    with tf.Graph().as_default() as graph:
        power(tf.placeholder(tf.float32, [], name="x"))
        message = graph.as_graph_def()
    message.ClearField("library")
    with (
        tf.Graph().as_default(),
        pytest.raises(ValueError, match="'while' calls the function 'while_while_cond', which is"),
    ):
        tf.import_graph_def(message)
