"""Writes tests/golden/keras/tensorboard.json: what TensorFlow 2.15's callback `TensorBoard` writes, and at which steps.

Run it with a Python that has TensorFlow 2.15.
"""

import json
import pathlib
import tempfile

import keras_tensorboard_cases as cases
import tensorflow as tf

found = {}
for case in cases.CASES:
    tf.keras.backend.clear_session()
    directory = tempfile.mkdtemp()
    cases.train(tf.keras, case, directory)
    found[case] = cases.runs_of(directory, tf.compat.v1.train.summary_iterator)
target = pathlib.Path(__file__).resolve().parents[1] / "keras" / "tensorboard.json"
target.write_text(json.dumps(found, indent=1).replace("\n   ", "").replace("\n  ]", "]") + "\n", encoding="utf-8")
