"""Writes tests/golden/keras/metrics.json: what the metrics of TensorFlow 2.15's Keras give over streams of batches.

Run it with a Python that has TensorFlow 2.15.
"""

import json
import pathlib

import keras_metrics_cases as table
import numpy as np
import tensorflow as tf


def _short(values):
    return [float(f"{value:.7g}") for value in np.asarray(values, np.float64).reshape(-1)]


def streamed(name, settings, stream, weights):
    """What a metric gives after each batch."""
    metric = getattr(tf.keras.metrics, name)(**settings)
    found = []
    for batch, weight in zip(table.STREAMS[stream], table.weights_of(stream, weights)):
        metric.update_state(*[tf.constant(part) for part in batch], sample_weight=weight)
        found.append(_short(metric.result()))
    return found


def computed(name, settings, stream):
    """What a function gives for the first batch."""
    true, pred = table.STREAMS[stream][0]
    metrics = tf.keras.metrics
    function = metrics.get("accuracy") if name == "accuracy" else getattr(metrics, name)
    return _short(function(tf.constant(true), tf.constant(pred), **settings))


found = {
    "metrics": {case: streamed(*row) for case, row in table.cases().items()},
    "functions": [computed(*row) for row in table.FUNCTIONS],
}
target = pathlib.Path(__file__).resolve().parents[1] / "keras" / "metrics.json"
target.write_text(json.dumps(found) + "\n", encoding="utf-8")
