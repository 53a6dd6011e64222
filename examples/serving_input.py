"""Inputs that are served are unlike those of the training: a serving input function that decodes JPEGs.

python examples/serving_input.py [MODEL_DIR]
"""

from __future__ import annotations

import io
import os
import sys
import tempfile

import numpy as np
from PIL import Image

import trackml as tf

COLOURS = {"red": (220, 30, 30), "green": (30, 200, 40), "blue": (20, 40, 230)}
NAMES = sorted(COLOURS)


def serving_input_fn():
    json = {"jpeg_bytes": tf.placeholder(tf.string, [None])}

    def decode(jpeg):
        return tf.image.decode_jpeg(jpeg, channels=3)

    pics = tf.map_fn(decode, json["jpeg_bytes"], dtype=tf.uint8)
    return tf.estimator.export.ServingInputReceiver({"pics": pics}, json)


def model_fn(features, labels, mode):
    means = tf.reduce_mean(tf.cast(features["pics"], tf.float32) / 255.0, axis=[1, 2])
    logits = tf.layers.dense(means, len(NAMES))
    predictions = {"colour": tf.argmax(logits, axis=1)}
    if mode == tf.estimator.ModeKeys.PREDICT:
        outputs = {"serving_default": tf.estimator.export.PredictOutput(predictions)}
        return tf.estimator.EstimatorSpec(mode, predictions=predictions, export_outputs=outputs)
    loss = tf.losses.sparse_softmax_cross_entropy(labels=labels, logits=logits)
    train_op = tf.train.AdamOptimizer(0.1).minimize(loss, global_step=tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def train_input_fn():
    """Pictures as arrays, each of one colour with noise."""
    rng = np.random.RandomState(5)
    labels = rng.randint(0, len(NAMES), 120)
    plain = np.array([COLOURS[NAMES[label]] for label in labels])[:, None, None, :]
    pics = np.clip(plain + rng.normal(0.0, 20.0, [120, 16, 24, 3]), 0, 255).astype(np.uint8)
    return tf.data.Dataset.from_tensor_slices(({"pics": pics}, labels)).repeat().batch(30)


def jpeg(colour):
    file = io.BytesIO()
    Image.new("RGB", (24, 16), colour).save(file, "JPEG")
    return file.getvalue()


def main(model_dir):
    config = tf.estimator.RunConfig(tf_random_seed=1)
    estimator = tf.estimator.Estimator(model_fn, os.path.join(model_dir, "model"), config=config)
    estimator.train(train_input_fn, steps=200)
    exported = estimator.export_saved_model(os.path.join(model_dir, "export"), serving_input_fn)
    serve = tf.contrib.predictor.from_saved_model(exported.decode())
    answer = serve({"jpeg_bytes": [jpeg(COLOURS["blue"]), jpeg((180, 60, 60)), jpeg((90, 220, 90))]})
    print("served:", [NAMES[place] for place in answer["colour"]])


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp())
