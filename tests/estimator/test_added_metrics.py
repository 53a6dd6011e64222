"""More metrics for an Estimator that is there already."""

from __future__ import annotations

import pytest

import trackml as tf

X = tf.feature_column.numeric_column("x")


def inputs():
    return tf.data.Dataset.from_tensors(({"x": [[1.0], [2.0]]}, [[0], [1]]))


def test_metrics_are_added_and_replaced(tmp_path):
    estimator = tf.estimator.LinearClassifier([X], str(tmp_path))

    def more(features, labels, predictions, config):
        assert config is estimator.config
        return {
            "largest": tf.metrics.mean(tf.reduce_max(features["x"])),
            "accuracy": tf.metrics.mean(tf.constant(7.0)),
            "hits": tf.metrics.mean(tf.equal(tf.to_int64(labels), predictions["class_ids"])),
        }

    plain = estimator.train(inputs).evaluate(inputs)
    found = tf.estimator.add_metrics(estimator, more).evaluate(inputs)
    assert found == {**plain, "accuracy": 7.0, "largest": 2.0, "hits": plain["accuracy"]}


def test_other_parameters_are_told(tmp_path):
    estimator = tf.estimator.LinearClassifier([X], str(tmp_path))
    with pytest.raises(ValueError, match=r"not expected args: \['feature'\]"):
        tf.estimator.add_metrics(estimator, lambda feature: {})
