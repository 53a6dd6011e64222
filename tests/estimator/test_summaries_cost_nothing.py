"""Summaries are computed on the steps on which they are written, and on no others."""

from __future__ import annotations

import glob
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trackml as tf

STEPS = 25


class Counter:
    """A value that a summary shows, and how often it was computed."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, value: Any) -> Any:
        self.calls += 1
        return value

    def of(self, tensor: Any) -> Any:
        counted = tf.py_func(self, [tensor], tf.float32)
        counted.set_shape(tensor.shape)
        return counted


def write(kind: str, counter: Counter, loss: Any) -> None:
    if kind == "scalar":
        tf.summary.scalar("seen", counter.of(loss))
    elif kind == "histogram":
        tf.summary.histogram("seen", counter.of(loss))
    elif kind == "text":
        tf.summary.text("seen", tf.as_string(counter.of(loss)))
    else:
        tf.summary.image("seen", tf.reshape(counter.of(loss), [1, 1, 1, 1]))


def train(folder: Path, kind: str, every: int) -> Counter:
    counter = Counter()

    def model_fn(features: Any, labels: Any, mode: str) -> Any:
        loss = tf.reduce_mean(tf.square(tf.layers.dense(features, 1)))
        write(kind, counter, loss)
        train_op = tf.train.GradientDescentOptimizer(0.1).minimize(loss, tf.train.get_global_step())
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)

    def input_fn() -> Any:
        return tf.data.Dataset.from_tensor_slices(np.ones([4, 2], np.float32)).repeat().batch(2)

    config = tf.estimator.RunConfig(save_summary_steps=every)
    tf.estimator.Estimator(model_fn, str(folder), config).train(input_fn, steps=STEPS)
    return counter


def written(folder: Path) -> int:
    values = [
        value
        for path in glob.glob(str(folder / "events.out.tfevents.*"))
        for event in tf.train.summary_iterator(path)
        for value in event.summary.value
    ]
    return sum(value.tag.startswith("seen") for value in values)


@pytest.mark.parametrize("kind", ["scalar", "histogram", "text", "image"])
@pytest.mark.parametrize("every", [1, 10, 1000])
def test_a_summary_is_computed_once_each_time_that_it_is_written(tmp_path: Path, kind: str, every: int) -> None:
    counter = train(tmp_path, kind, every)
    assert counter.calls == written(tmp_path) == -(-STEPS // every)


def test_a_plan_without_summaries_has_no_operation_of_theirs() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        loss = tf.reduce_sum(tf.placeholder_with_default([1.0, 2.0], [2]))
        summary = tf.summary.scalar("loss", tf.sqrt(loss))
        session.run(loss)
        alone = {op.type for op in session._plan((loss,), ()).operations}
        both = {op.type for op in session._plan((loss, summary), ()).operations}
        assert {"ScalarSummary", "Sqrt"} & alone == set()
        assert {"ScalarSummary", "Sqrt"} <= both
