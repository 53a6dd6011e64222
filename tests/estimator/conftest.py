"""A model with one number, directories, and what Estimators leave in them."""

from __future__ import annotations

import pathlib

import numpy as np
import pytest

import trackml as tf
from trackml.events import summary_iterator
from trackml.events.manifest import is_manifest
from trackml.summary import FileWriterCache

GOLDEN = pathlib.Path(__file__).parents[1] / "golden"


@pytest.fixture(autouse=True)
def _no_writers_are_left():
    yield
    FileWriterCache.clear()


@pytest.fixture
def golden():
    """The directory of what TensorFlow wrote."""
    return GOLDEN


def slope_model(features, labels, mode):
    """Fits `w` in labels = w * features, from 0."""
    w = tf.get_variable("w", [], initializer=tf.zeros_initializer())
    output = w * features
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"y": output})
    loss = tf.reduce_mean(tf.square(output - labels))
    train_op = tf.train.GradientDescentOptimizer(0.25).minimize(loss, tf.train.get_global_step())
    metrics = {"mean": tf.metrics.mean(output)}
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op, eval_metric_ops=metrics)


def slope_input(batches=None, batch_size=4):
    """Batches of (ones, threes), without an end by default."""

    def input_fn():
        ones = np.ones([batch_size], np.float32)
        dataset = tf.data.Dataset.from_tensor_slices((ones, 3 * ones))
        return dataset.repeat(batches).batch(batch_size)

    return input_fn


@pytest.fixture(name="slope_model")
def _slope_model():
    return slope_model


@pytest.fixture(name="slope_input")
def _slope_input():
    return slope_input


@pytest.fixture
def model_dir(tmp_path):
    """A directory that is not there yet."""
    return tmp_path / "model"


@pytest.fixture
def slope(model_dir):
    """Makes an Estimator of the slope in `model_dir`, with settings of its own."""

    def made(model_fn=slope_model, **settings):
        return tf.estimator.Estimator(model_fn, model_dir, tf.estimator.RunConfig(**settings))

    return made


@pytest.fixture
def events_in():
    """Gives the events of a directory, of all files in the order of their names; the manifest's are not among them."""

    def read(directory):
        FileWriterCache.clear()
        paths = [path for path in sorted(directory.glob("*tfevents*")) if not is_manifest(path.name)]
        return [event for path in paths for event in summary_iterator(path)]

    return read


@pytest.fixture
def checkpoints_in():
    """Gives the steps of the checkpoints in a directory."""
    return lambda directory: sorted(int(path.stem.split("-")[1]) for path in directory.glob("model.ckpt-*.index"))
