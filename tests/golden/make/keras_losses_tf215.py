"""Writes tests/golden/keras/losses.json: values and gradients of the losses of TensorFlow 2.15's Keras.

Run it with a Python that has TensorFlow 2.15.
"""

import json
import pathlib

import keras_losses_cases as table
import numpy as np
import tensorflow as tf


def computed(family, name, settings, data, weights):
    """The value of a case and its gradient by the predictions."""
    true, pred = (tf.constant(part) for part in table.DATA[data])
    loss = getattr(tf.keras.losses, name)
    with tf.GradientTape() as tape:
        tape.watch(pred)
        if family == "function":
            value = loss(true, pred, **settings)
        else:
            if family == "masked":
                pred._keras_mask = tf.constant(table.MASK)
            value = loss(**settings)(true, pred, None if weights is None else table.WEIGHTS[weights])
    return [_short(value), _short(tape.gradient(value, pred))]


def _short(values):
    return [float(f"{value:.7g}") for value in np.asarray(values, np.float64).reshape(-1)]


found = {case: computed(*row) for case, row in table.cases().items()}
target = pathlib.Path(__file__).resolve().parents[1] / "keras" / "losses.json"
target.write_text(json.dumps(found) + "\n", encoding="utf-8")
