"""A training step in one call: TensorFlow's names of variables and summaries, clipping, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from tensorboard.compat.proto.summary_pb2 import Summary

import trackml as tf
from trackml import contrib

optimize_loss = contrib.layers.optimize_loss


def _loss() -> tuple[Any, Any]:
    w = tf.get_variable("w", [2], initializer=tf.constant_initializer(3.0))
    return w, tf.reduce_sum(w * w)


def _summaries(session: Any) -> dict[str, float]:
    message = Summary.FromString(session.run(tf.summary.merge_all()))
    return {value.tag: value.simple_value for value in message.value}


def test_a_step_trains_counts_and_gives_the_loss() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        w, loss = _loss()
        step = tf.train.get_or_create_global_step()
        train = optimize_loss(loss, contrib.framework.get_global_step(), 0.25, "SGD")
        session.run(tf.global_variables_initializer())
        assert session.run(train) == 18.0
        assert session.run([w, step])[0].tolist() == [1.5, 1.5]
        assert session.run(step) == 1


def test_names_of_variables_and_summaries_are_tensorflows() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        _, loss = _loss()
        optimize_loss(loss, tf.train.create_global_step(), 0.25, "SGD")
        session.run(tf.global_variables_initializer())
        assert "OptimizeLoss/learning_rate:0" in [v.name for v in tf.global_variables()]
        tags = _summaries(session)
    assert sorted(tags) == ["OptimizeLoss/global_norm/gradient_norm", "OptimizeLoss/loss"]
    assert tags["OptimizeLoss/loss"] == 18.0
    assert tags["OptimizeLoss/global_norm/gradient_norm"] == pytest.approx(72**0.5)


def test_a_rate_that_falls_is_summarized() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        _, loss = _loss()
        optimize_loss(
            loss, tf.train.create_global_step(), 0.5, "Adam", learning_rate_decay_fn=lambda rate, step: rate * 0.5
        )
        session.run(tf.global_variables_initializer())
        assert _summaries(session)["OptimizeLoss/learning_rate_1"] == 0.25


def test_gradients_are_clipped_by_their_global_norm() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        w, loss = _loss()
        train = optimize_loss(loss, tf.train.create_global_step(), 1.0, "SGD", clip_gradients=2.0**0.5)
        session.run(tf.global_variables_initializer())
        tags = _summaries(session)
        session.run(train)
        assert session.run(w) == pytest.approx([2.0, 2.0])
    assert tags["OptimizeLoss/global_norm/clipped_gradient_norm"] == pytest.approx(2**0.5)


def test_gradients_may_be_multiplied() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        w, loss = _loss()
        train = optimize_loss(loss, tf.train.create_global_step(), 0.25, "SGD", gradient_multipliers={"w": 2.0})
        session.run(tf.global_variables_initializer())
        session.run(train)
        assert session.run(w).tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    "optimizer",
    ["Adagrad", "Momentum", tf.train.AdamOptimizer, tf.train.FtrlOptimizer(0.1), tf.train.RMSPropOptimizer],
)
def test_an_optimizer_is_a_name_a_class_or_an_object(optimizer: Any) -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        w, loss = _loss()
        train = optimize_loss(loss, tf.train.create_global_step(), 0.1, optimizer)
        session.run(tf.global_variables_initializer())
        session.run(train)
        assert (session.run(w) < 3.0).all()


def test_what_was_asked_to_run_before_the_loss_runs() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        _, loss = _loss()
        seen = tf.get_variable("seen", [], initializer=tf.zeros_initializer(), trainable=False)
        tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, seen.assign_add(1.0))
        train = optimize_loss(loss, tf.train.create_global_step(), 0.1, "SGD")
        session.run(tf.global_variables_initializer())
        session.run(train)
        assert session.run(seen) == 1.0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"optimizer": "Best"}, "Optimizer name should be one of"),
        ({"optimizer": 3}, "Unrecognized optimizer"),
        ({"learning_rate": -1.0}, "Invalid learning_rate"),
        ({"learning_rate": "0.1"}, "Learning rate should be 0d Tensor or float"),
        ({"learning_rate": None}, "Learning rate is None"),
        ({"summaries": ["norm"]}, "Summaries should be one of"),
        ({"clip_gradients": "a"}, "Unknown type"),
    ],
)
def test_mistakes_are_found_while_the_graph_is_built(arguments: dict[str, Any], message: str) -> None:
    with tf.Graph().as_default():
        _, loss = _loss()
        given = {"learning_rate": 0.1, "optimizer": "SGD", **arguments}
        with pytest.raises(ValueError, match=message):
            optimize_loss(loss, tf.train.create_global_step(), **given)


def test_a_loss_must_be_a_scalar() -> None:
    with tf.Graph().as_default(), pytest.raises(ValueError, match="loss must be a scalar"):
        optimize_loss(tf.ones([2]), tf.train.create_global_step(), 0.1, "SGD")
