"""Writes tests/golden/keras/training_NUMBER.json: trainings of TensorFlow 1.15's or 2.15's Keras, whose Python runs it.

Names are those of 1.15; masked losses are those of 2.15, which does not count masked steps in the mean.
"""

import json
import pathlib

import keras_training_cases as table
import tensorflow as tf

old = tf.__version__.startswith("1.")
cases = ["binary", "outputs"] if old else ["steps"]
found = {case: table.trained(tf.keras, case) for case in cases}
target = (
    pathlib.Path(__file__).resolve().parents[1] / "keras" / ("training_tf115.json" if old else "training_tf215.json")
)
target.write_text(json.dumps(found) + "\n", encoding="utf-8")
