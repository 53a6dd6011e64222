"""Models as functions from arrays to arrays."""

from __future__ import annotations

import numpy as np
import pytest

import trackml as tf

predictor = tf.contrib.predictor


def model_fn(features, labels, mode):
    output = features["x"] * tf.get_variable("w", initializer=3.0)
    exports = {
        "serving_default": tf.estimator.export.PredictOutput({"y": output}),
        "negative": tf.estimator.export.PredictOutput({"y": -output}),
    }
    loss = tf.reduce_sum(output)
    train_op = tf.train.get_global_step().assign_add(1)
    return tf.estimator.EstimatorSpec(mode, output, loss, train_op, export_outputs=exports)


def receiver():
    x = tf.placeholder(tf.float32, [None], name="x")
    return tf.estimator.export.ServingInputReceiver({"x": x}, {"x": x})


@pytest.fixture
def estimator(tmp_path):
    made = tf.estimator.Estimator(model_fn, tmp_path / "model")
    return made.train(lambda: ({"x": np.ones([2], np.float32)}, np.ones([2])), steps=1)


@pytest.fixture
def export(estimator, tmp_path):
    return estimator.export_saved_model(tmp_path / "export", receiver)


def test_an_export_is_a_function(export):
    assert predictor.from_saved_model(export)({"x": [1.0, 2.0]})["y"].tolist() == [3, 6]
    assert predictor.from_saved_model(export, "negative")({"x": [1.0]})["y"].tolist() == [-3]


def test_tensors_can_be_named_in_place_of_a_signature(export):
    predict = predictor.from_saved_model(export, input_names={"in": "x:0"}, output_names={"out": "Neg:0"})
    assert predict({"in": [2.0]})["out"].tolist() == [-6]


def test_an_estimator_is_a_function(estimator):
    assert predictor.from_estimator(estimator, receiver)({"x": [5.0]})["y"].tolist() == [15]
    assert predictor.from_estimator(estimator, receiver, "negative")({"x": [5.0]})["y"].tolist() == [-15]


def test_wrong_names_are_told(export, estimator, tmp_path):
    predict = predictor.from_saved_model(export)
    with pytest.raises(ValueError, match=r"unexpected keys in input_dict: \['z'\]\nexpected: \['x'\]"):
        predict({"z": [1.0]})
    with pytest.raises(ValueError, match=r'"gone". Available signatures are \[\'negative\', \'serving_default\'\]'):
        predictor.from_saved_model(export, "gone")
    with pytest.raises(ValueError, match="must both be specified"):
        predictor.from_saved_model(export, input_names={"x": "x:0"})
    with pytest.raises(ValueError, match="at most one of"):
        predictor.from_saved_model(export, "negative", input_names={"x": "x:0"}, output_names={"y": "Neg:0"})
    with pytest.raises(ValueError, match="find trained model"):
        predictor.from_estimator(tf.estimator.Estimator(model_fn, tmp_path / "new"), receiver)
