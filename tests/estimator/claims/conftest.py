"""What the claims of TensorFlow's tests are checked with: given weights, an optimizer that stands still, and input.

Each file of this directory states what the test file of the same name in tensorflow/estimator (branch r1.15) claims,
through public names. Numbers follow from the weights by hand, as they do there. `docs/tensorflow_claims.md` lists what
is claimed there and not supported here.
"""

from __future__ import annotations

import os

import numpy as np
import pandas as pd
import pytest

import trackml as tf
from trackml.summary import FileWriterCache


def write_checkpoint(directory, values, step=100):
    """Writes a checkpoint that holds given values: {name of a variable: value}."""
    with tf.Graph().as_default():
        for name, value in values.items():
            tf.Variable(np.asarray(value, np.float32), name=name)
        tf.Variable(step, name="global_step", dtype=tf.int64)
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            tf.train.Saver().save(session, str(directory / "model.ckpt"))


class StillOptimizer(tf.train.Optimizer):
    """Counts the steps and leaves the weights; remembers what it was to make small, by which variables."""

    def __init__(self):
        super().__init__(use_locking=False, name="still")
        self.calls = 0

    def minimize(self, loss, global_step=None, var_list=None):
        self.calls += 1
        self.loss = loss
        self.names = sorted(variable.name for variable in var_list or tf.trainable_variables())
        return tf.no_op() if global_step is None else tf.assign_add(global_step, 1).op


class Watch(tf.train.SessionRunHook):
    """Keeps what a tensor was in each step; the tensor is asked for when the session begins."""

    def __init__(self, tensor):
        self.values = []
        self._tensor = tensor

    def before_run(self, run_context):
        return tf.train.SessionRunArgs(self._tensor())

    def after_run(self, run_context, run_values):
        self.values.append(run_values.results)


def examples_input(data, labels):
    """Serialized examples of `x` and `y`, parsed again: training without an end, one epoch, and features alone."""

    def serialized():
        for x, y in zip(data, labels):
            kind = {"int64_list": tf.train.Int64List(value=y)} if labels.dtype.kind == "i" else {
                "float_list": tf.train.FloatList(value=y)}  # fmt: skip
            feature = {"x": tf.train.Feature(float_list=tf.train.FloatList(value=x)), "y": tf.train.Feature(**kind)}
            yield tf.train.Example(features=tf.train.Features(feature=feature)).SerializeToString()

    number = tf.int64 if labels.dtype.kind == "i" else tf.float32
    spec = {"x": tf.FixedLenFeature([data.shape[1]], tf.float32), "y": tf.FixedLenFeature([labels.shape[1]], number)}
    records = list(serialized())

    def made(epochs, with_labels=True):
        def input_fn():
            batches = tf.data.Dataset.from_tensor_slices(records).repeat(epochs).batch(len(records))
            features = tf.parse_example(batches.make_one_shot_iterator().get_next(), spec)
            found = features.pop("y")
            return features, found if with_labels else None

        return input_fn

    return made(None), made(1), made(1, with_labels=False)


def numpy_input(data, labels):
    """The same three of arrays."""
    make = tf.estimator.inputs.numpy_input_fn
    size = len(data)
    return (make({"x": data}, labels, size, None, True), make({"x": data}, labels, size, 1, False),
            make({"x": data}, None, size, 1, False))  # fmt: skip


def pandas_input(data, labels):
    """The same three of a data frame, which has one column of numbers."""
    make = tf.estimator.inputs.pandas_input_fn
    x, y, size = pd.DataFrame({"x": data[:, 0]}), pd.Series(labels[:, 0]), len(data)
    return make(x, y, size, None, True), make(x, y, size, shuffle=False), make(x, batch_size=size, shuffle=False)


INPUTS = {"numpy": numpy_input, "pandas": pandas_input, "examples": examples_input}


@pytest.fixture(autouse=True)
def _no_writers_are_left():
    yield
    FileWriterCache.clear()


@pytest.fixture
def checkpoint(tmp_path):
    """Writes given values as the checkpoint of the directory of this test."""
    return lambda values, step=100: write_checkpoint(tmp_path, values, step)


@pytest.fixture
def still():
    """An optimizer that leaves the weights."""
    return StillOptimizer()


@pytest.fixture
def watch():
    """A hook that keeps the values of a tensor."""
    return Watch


@pytest.fixture(params=INPUTS)
def inputs(request):
    """(train, evaluate, predict) input functions of data and labels, of one kind after the other."""
    return INPUTS[request.param]


@pytest.fixture
def flow(tmp_path, inputs):
    """Trains, evaluates, predicts and exports an Estimator; gives the scores and the predictions under a key."""

    def run(estimator, data, labels, key, steps=200):
        width = 1 if inputs is pandas_input else data.shape[1]
        train, evaluate, predict = inputs(data, labels)
        estimator.train(train, steps=steps)
        scores = estimator.evaluate(evaluate)
        predictions = np.array([row[key] for row in estimator.predict(predict)])
        spec = tf.feature_column.make_parse_example_spec([tf.feature_column.numeric_column("x", [width])])
        receiver = tf.estimator.export.build_parsing_serving_input_receiver_fn(spec)
        exported = estimator.export_saved_model(str(tmp_path / "exported"), receiver)
        assert scores["global_step"] == steps
        assert "loss" in scores
        assert os.path.isdir(exported)
        return predictions

    run.width = lambda width: 1 if inputs is pandas_input else width
    return run


# Heads.


@pytest.fixture
def graph():
    """A default graph of one's own with a global step."""
    with tf.Graph().as_default() as made:
        tf.train.get_or_create_global_step()
        yield made


def _session():
    session = tf.Session()
    session.run([tf.global_variables_initializer(), tf.local_variables_initializer(), tf.tables_initializer()])
    return session


@pytest.fixture
def evaluated():
    """Gives the values of tensors of the default graph."""

    def run(fetches, feeds=None):
        with _session() as session:
            return session.run(fetches, feeds)

    return run


@pytest.fixture
def scores():
    """Gives the loss and the metrics of a batch from the specification of an evaluation."""

    def run(spec):
        with _session() as session:
            loss, _ = session.run([spec.loss, {key: update for key, (_, update) in spec.eval_metric_ops.items()}])
            return loss, session.run({key: value for key, (value, _) in spec.eval_metric_ops.items()})

    return run
