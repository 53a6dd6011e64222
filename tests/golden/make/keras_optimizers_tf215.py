"""Writes tests/golden/keras/optimizers.json: ten steps of each optimizer of TensorFlow 2.15's Keras.

Run it with a Python that has TensorFlow 2.15.
"""

import json
import pathlib

import keras_optimizers_cases as table
import numpy as np
import tensorflow as tf

keras = tf.keras


def _short(values):
    return [float(f"{value:.7g}") for value in np.asarray(values, np.float64).reshape(-1)]


def stepped(name, settings):
    """Both variables after each of the steps, and what they are in the end."""
    optimizer = getattr(keras.optimizers, name)(**table.settled(keras.optimizers.schedules, settings))
    matrix, rows = (tf.Variable(start) for start in table.starts())
    variables = [matrix] if name in table.WITHOUT_ROWS else [matrix, rows]
    optimizer.build(variables)
    found = []
    for dense, values, places in table.gradients():
        given = [tf.constant(dense), tf.IndexedSlices(tf.constant(values), tf.constant(places), tf.constant([4, 2]))]
        optimizer.apply_gradients(list(zip(given, variables)))
        found.append([_short(variable) for variable in variables])
    optimizer.finalize_variable_values(variables)
    return [*found[::3], [_short(variable) for variable in variables]]


def scheduled(name, settings):
    """The rates of the first steps."""
    schedule = getattr(keras.optimizers.schedules, name)(**settings)
    return _short([schedule(step) for step in range(12)])


found = {
    "steps": {case: stepped(*row) for case, row in table.cases().items()},
    "schedules": [scheduled(*row) for row in table.SCHEDULES],
}
target = pathlib.Path(__file__).resolve().parents[1] / "keras" / "optimizers.json"
target.write_text(json.dumps(found) + "\n", encoding="utf-8")
