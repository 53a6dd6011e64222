"""Writes tests/golden/keras/saved/tfVERSION/layers.json: how TensorFlow tells each kind of layer in a configuration.

Run it with a Python that has TensorFlow 1.15, and with one that has 2.15.
"""

import json
import pathlib

import keras_layer_configs_cases as cases
import tensorflow as tf

keras = tf.keras
old = tf.__version__.startswith("1.")
if old:  # its zeros of unknown sizes fail with a numpy that is newer than it
    from tensorflow.python.ops import array_ops

    array_ops._constant_if_small = lambda *args: None
found = {}
for name, make, shapes in cases.cases(keras):
    keras.backend.clear_session()
    told = json.loads(cases.model_of(keras, make, shapes).to_json())["config"]["layers"][len(shapes)]
    found[name] = {"class_name": told["class_name"], "config": told["config"]}
lines = ["%s: %s" % (json.dumps(name), json.dumps(entry)) for name, entry in found.items()]
target = pathlib.Path(__file__).resolve().parents[1] / "keras" / "saved" / ("tf115" if old else "tf215") / "layers.json"
target.write_text("{\n" + ",\n".join(lines) + "\n}\n")
