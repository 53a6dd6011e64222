"""Batches of arrays and data frames are TensorFlow's."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import trackml as tf
from trackml import nest
from trackml.estimator import inputs
from trackml.estimator.inputs import numpy_input_fn, pandas_input_fn

CASES = json.loads((Path(__file__).parents[2] / "golden/inputs/batches.json").read_text())
NAMES = {"np": np, "pd": pd, "numpy_input_fn": numpy_input_fn, "pandas_input_fn": pandas_input_fn}


def as_json(value):
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [as_json(item) for item in value]
    if isinstance(value, bytes):
        return value.decode()
    return as_json(value.tolist()) if isinstance(value, np.ndarray) else value


def described(tensor):
    return f"{tensor.dtype.name} {tensor.shape.as_list()}"


def batches(input_fn, most=1000):
    """The first batches of an input function, read as a training session reads them."""
    found = []
    with tf.Graph().as_default():
        tensors = input_fn()
        with tf.train.MonitoredSession() as session:
            while len(found) < most and not session.should_stop():
                found.append(session.run(tensors))
    return found


def outcome(call):
    try:
        input_fn = eval(call, NAMES)
        with tf.Graph().as_default():
            tensors = as_json(nest.map_structure(described, input_fn()))
    except (TypeError, ValueError) as error:
        return {"call": call, "batches": [], "end": type(error).__name__, "message": str(error).split("\n")[0]}
    found = as_json(batches(input_fn, 6))
    return {"call": call, "batches": found, "end": None if len(found) == 6 else "OutOfRangeError", "tensors": tensors}


def without_lists_of_names(golden):
    """Messages end before what they list: keys and columns are printed in another way."""
    return {**golden, "message": golden.get("message", "").split(": ")[0]}


@pytest.mark.parametrize("golden", CASES, ids=[golden["call"] for golden in CASES])
def test_batches_tensors_and_errors_are_those_of_tensorflow(golden):
    assert without_lists_of_names(outcome(golden["call"])) == without_lists_of_names(golden)


@pytest.mark.parametrize("kind", ["numpy", "pandas"])
def test_each_epoch_is_another_permutation_and_labels_follow(kind):
    x = np.arange(100)
    make = {
        "numpy": lambda: numpy_input_fn({"a": x}, -x, 100, 3, True),
        "pandas": lambda: pandas_input_fn(pd.DataFrame({"a": x}), pd.Series(-x), 100, 3, True),
    }[kind]
    found = batches(make())
    orders = [features["a"].tolist() for features, _ in found]
    assert [sorted(order) for order in orders] == [list(range(100))] * 3
    assert len({tuple(order) for order in [*orders, range(100)]}) == 4
    assert all((features["a"] == -labels).all() for features, labels in found)


def test_the_shapes_of_unequal_arrays_are_in_the_message():
    input_fn = numpy_input_fn({"a": np.arange(3), "b": np.ones([4, 2])}, np.arange(3), shuffle=False)
    with pytest.raises(ValueError, match=r"Shapes in x: \{'a': \(3,\), 'b': \(4, 2\)\}\nShapes in y: \(3,\)"):
        input_fn()


def test_columns_of_strings_categories_and_truths():
    frame = pd.DataFrame({"s": ["a", "é"], "c": pd.Categorical(["x", "y"]), "t": [True, False]}, index=[5, 3])
    ((features, labels),) = batches(pandas_input_fn(frame, frame["t"].astype("float32"), shuffle=False))
    assert features["s"].tolist() == [b"a", "é".encode()]
    assert features["c"].tolist() == [b"x", b"y"]
    assert features["t"].tolist() == [True, False]
    assert labels.dtype == np.float32


def test_a_frame_may_change_after_the_call():
    frame = pd.DataFrame({"a": [1, 2]})
    input_fn = pandas_input_fn(frame, shuffle=False)
    frame["a"] = 9
    assert batches(input_fn)[0]["a"].tolist() == [1, 2]


def test_arrays_instead_of_a_frame_are_sent_to_the_other_function():
    with pytest.raises(TypeError, match=r"x must be a pandas DataFrame; got dict. Use numpy_input_fn"):
        pandas_input_fn({"a": np.arange(3)}, shuffle=False)


def test_an_estimator_trains_until_the_input_ends(tmp_path):
    def model_fn(features, labels, mode):
        w = tf.get_variable("w", [], initializer=tf.zeros_initializer())
        loss = tf.reduce_mean(tf.square(w * features["x"] - labels))
        train_op = tf.train.GradientDescentOptimizer(0.1).minimize(loss, tf.train.get_global_step())
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)

    x = np.ones(10, np.float32)
    estimator = tf.estimator.Estimator(model_fn, tmp_path)
    estimator.train(tf.estimator.inputs.numpy_input_fn({"x": x}, 3 * x, 4, 3, True))
    assert estimator.get_variable_value("global_step") == 8
    estimator.train(inputs.numpy_input_fn({"x": x}, 3 * x, 4, None, True), steps=20)
    assert estimator.get_variable_value("global_step") == 28
    np.testing.assert_allclose(estimator.get_variable_value("w"), 3.0, rtol=0.01)
