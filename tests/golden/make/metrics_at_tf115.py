"""Writes tests/golden/engine/metrics_at.npz: metrics at thresholds, at k and by class over three batches.

Run with TensorFlow 1.15: `python tests/golden/make/metrics_at_tf115.py`. The keys are those of metrics.npz: `in/<name>`
for the inputs, and for each metric, weighted or not, `first`, `update`, `value`, `variables` and `state/<variable>`;
`table` is METRICS as JSON.
"""

import json
import pathlib

import numpy as np
import tensorflow as tf
from tensorflow.python.ops import array_ops

tf = tf.compat.v1
# This shortcut of `tf.ones` does not go with numpy 1.20 and later.
array_ops._constant_if_small = lambda *arguments: None
TARGET = pathlib.Path(__file__).resolve().parents[1] / "engine" / "metrics_at.npz"
BATCHES, ROWS, CLASSES = 3, 8, 6
random = np.random.RandomState(7)
several = np.stack([[random.permutation(CLASSES)[:3] for _ in range(ROWS)] for _ in range(BATCHES)])
several[:, ::2, 2] = -1
several[:, 1::4, 1] = CLASSES + 2
inputs = {
    "labels": random.randn(BATCHES, ROWS).astype(np.float32),
    "predictions": random.randn(BATCHES, ROWS).astype(np.float32),
    "normalizer": random.randint(0, 3, [BATCHES, ROWS]).astype(np.float32),
    "binary": random.randint(0, 2, [BATCHES, ROWS]),
    "probabilities": random.uniform(0, 1, [BATCHES, ROWS]).astype(np.float32),
    "weights": random.uniform(0, 2, [BATCHES, ROWS]).astype(np.float32),
    "row_weights": random.uniform(0, 2, [BATCHES, ROWS, 1]).astype(np.float32),
    "ids": random.randint(0, CLASSES, [BATCHES, ROWS]),
    "predicted_ids": random.randint(0, CLASSES - 1, [BATCHES, ROWS]),
    "several": several,
    "scores": random.randn(BATCHES, ROWS, CLASSES).astype(np.float32),
    "vectors": random.randn(BATCHES, ROWS, 4).astype(np.float32),
    "others": random.randn(BATCHES, ROWS, 4).astype(np.float32),
    "best": np.stack([[random.permutation(CLASSES)[:2] for _ in range(ROWS)] for _ in range(BATCHES)]),
}
inputs["weights"][:, ::3] = 0
inputs["probabilities"][1, :3] = [0, 0.5, 1]  # on thresholds

THRESHOLDS = {"thresholds": [0.1, 0.5, 0.8]}
# The metric, its inputs ("sparse:" makes a sparse tensor of what is not negative), its options, the weights.
METRICS = {
    "mean_relative_error": (["labels", "predictions", "normalizer"], {}, "weights"),
    "mean_cosine_distance": (["vectors", "others"], {"dim": 1}, "row_weights"),
    "mean_iou": (["ids", "predicted_ids"], {"num_classes": CLASSES}, "weights"),
    "mean_per_class_accuracy": (["ids", "predicted_ids"], {"num_classes": CLASSES}, "weights"),
    "true_positives_at_thresholds": (["binary", "probabilities"], THRESHOLDS, "weights"),
    "true_negatives_at_thresholds": (["binary", "probabilities"], THRESHOLDS, "weights"),
    "false_positives_at_thresholds": (["binary", "probabilities"], THRESHOLDS, "weights"),
    "false_negatives_at_thresholds": (["binary", "probabilities"], THRESHOLDS, "weights"),
    "precision_at_thresholds": (["binary", "probabilities"], THRESHOLDS, "weights"),
    "recall_at_thresholds": (["binary", "probabilities"], THRESHOLDS, "weights"),
    "sensitivity_at_specificity": (["binary", "probabilities"], {"specificity": 0.6}, "weights"),
    "specificity_at_sensitivity": (["binary", "probabilities"], {"sensitivity": 0.6, "num_thresholds": 20}, "weights"),
    "precision_at_k": (["several", "scores"], {"k": 2}, "weights"),
    "precision_at_k/one": (["ids", "scores"], {"k": 3}, "weights"),
    "precision_at_k/class": (["several", "scores"], {"k": 3, "class_id": 2}, "weights"),
    "precision_at_k/sparse": (["sparse:several", "scores"], {"k": 3}, "weights"),
    "precision_at_k/sparse_class": (["sparse:several", "scores"], {"k": 3, "class_id": 1}, "weights"),
    "precision_at_top_k": (["several", "best"], {}, "weights"),
    "precision_at_top_k/named": (["several", "best"], {"k": 2, "name": "mine"}, "weights"),
    "recall_at_k": (["several", "scores"], {"k": 2}, "weights"),
    "recall_at_k/one": (["ids", "scores"], {"k": 3}, "weights"),
    "recall_at_k/class": (["several", "scores"], {"k": 3, "class_id": 2}, "weights"),
    "recall_at_k/sparse": (["sparse:several", "scores"], {"k": 3}, "weights"),
    "recall_at_top_k": (["sparse:several", "best"], {"class_id": 0}, "weights"),
    "average_precision_at_k": (["several", "scores"], {"k": 3}, "weights"),
    "average_precision_at_k/one": (["ids", "scores"], {"k": 4}, "weights"),
    "average_precision_at_k/sparse": (["sparse:several", "scores"], {"k": 2}, "weights"),
    "sparse_precision_at_k": (["several", "scores"], {"k": 1}, "weights"),
    "sparse_average_precision_at_k": (["several", "scores"], {"k": 1, "name": "mine"}, "weights"),
}


def source(batch, name):
    kind, _, key = name.rpartition(":")
    tensor = batch[key]
    if not kind:
        return tensor
    places = tf.where(tf.greater_equal(tensor, 0))
    return tf.SparseTensor(places, tf.gather_nd(tensor, places), tf.shape(tensor, out_type=tf.int64))


def stream(name, weighted):
    sources, options, weights = METRICS[name]
    with tf.Graph().as_default(), tf.Session() as session:
        batch = {key: tf.placeholder(value.dtype, value.shape[1:]) for key, value in inputs.items()}
        if weighted:
            options = dict(options, weights=batch[weights])
        function = getattr(tf.metrics, name.split("/")[0])
        value, update = function(*[source(batch, item) for item in sources], **options)
        session.run(tf.local_variables_initializer())
        made = {"first": session.run(value), "update": [], "value": []}
        for step in range(BATCHES):
            feed = {batch[key]: rows[step] for key, rows in inputs.items()}
            made["update"].append(session.run(update, feed))
            made["value"].append(session.run(value))
        made["variables"] = [variable.op.name for variable in tf.local_variables()]
        made.update({"state/" + variable.op.name: session.run(variable) for variable in tf.local_variables()})
        made["names"] = [value.name, update.name]
        return made


arrays = {"in/" + name: value for name, value in inputs.items()}
arrays["table"] = np.array(json.dumps(METRICS))
for name in METRICS:
    for weights in ("none", "weighted"):
        key = "%s|%s" % (name, weights)
        made = stream(name, weights == "weighted")
        arrays.update({"%s|%s" % (key, part): np.asarray(value) for part, value in made.items()})
np.savez_compressed(str(TARGET), **arrays)
