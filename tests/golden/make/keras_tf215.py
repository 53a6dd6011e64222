"""Writes tests/golden/keras/tf215.json: what TensorFlow 2.15's Keras computes and learns.

Run it with a Python that has TensorFlow 2.15.
"""

import json
import pathlib

import keras_cases
import tensorflow as tf

keras = tf.keras
kinds = {name: getattr(keras.optimizers, kind)(**settings) for name, (kind, settings) in keras_cases.OPTIMIZERS.items()}
true, pred = keras_cases.values_of_losses()
found = {
    "cases": {case: keras_cases.trained(keras, case, keras.optimizers.SGD(0.01)) for case in keras_cases.CASES},
    "optimizers": {name: keras_cases.trained(keras, "dense", kind) for name, kind in kinds.items()},
    "sparse": {
        name: keras_cases.trained(keras, "gru", getattr(keras.optimizers, kind)(**settings))
        for name, (kind, settings) in keras_cases.OPTIMIZERS.items()
        if name != "clipped"
    },
    "losses": {name: keras.losses.get(name)(true, pred).numpy().tolist() for name in keras_cases.LOSSES},
}
target = pathlib.Path(__file__).resolve().parents[1] / "keras" / "tf215.json"
target.write_text(json.dumps(found) + "\n", encoding="utf-8")
