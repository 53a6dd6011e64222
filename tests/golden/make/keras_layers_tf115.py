"""Writes tests/golden/keras/layers_names.json: what TensorFlow 1.15 calls layers and their weights.

Run it with a Python that has TensorFlow 1.15 and numpy 1.16.
"""

import json
import pathlib

import keras_layers_cases as cases
import tensorflow as tf

keras = tf.keras
found = {}
for name in cases.CASES:
    with tf.Graph().as_default():
        try:
            layer, model = cases.model_of(keras, name)
        except (AttributeError, TypeError, ValueError):  # layers, or arguments, that came later
            continue
        found[name] = {
            "layers": [layer.name for layer in model.layers],
            "weights": [weight.name for weight in model.weights],
        }
target = pathlib.Path(__file__).resolve().parents[1] / "keras" / "layers_names.json"
target.write_text(json.dumps(found) + "\n", encoding="utf-8")
print(len(found), "of", len(cases.CASES))
