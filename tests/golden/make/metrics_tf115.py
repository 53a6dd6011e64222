"""Writes golden/engine/metrics.npz with TensorFlow 1.15.0: streaming metrics over three batches.

Run with a Python that has it: `python tests/golden/make/metrics_tf115.py`.

The archive holds the inputs under `in/NAME`, one row a batch, and for each `METRIC/WEIGHTS` (a key of `METRICS`, "none"
or "weighted") `first` (the value before any batch), `update` (what the update op gave for each batch), `value` (the
value after each batch), `variables` (the names of its variables) and `state/NAME` (each of them at the end).
"""

import pathlib

import numpy as np
import tensorflow as tf

TARGET = pathlib.Path(__file__).resolve().parent.parent / "engine" / "metrics.npz"
random = np.random.RandomState(9)
BATCHES, ROWS = 3, 8

inputs = {
    "class_ids": random.randint(0, 3, [BATCHES, ROWS]),
    "predicted_ids": random.randint(0, 3, [BATCHES, ROWS]),
    "labels": random.randn(BATCHES, ROWS).astype(np.float32),
    "predictions": random.randn(BATCHES, ROWS).astype(np.float32),
    "binary": random.randint(0, 2, [BATCHES, ROWS]),
    "predicted_binary": random.randint(0, 2, [BATCHES, ROWS]),
    "probabilities": random.uniform(0, 1, [BATCHES, ROWS]).astype(np.float32),
    "weights": random.uniform(0, 2, [BATCHES, ROWS]).astype(np.float32),
}
inputs["weights"][:, ::3] = 0
inputs["probabilities"][1, :3] = [0, 0.5, 1]  # on thresholds

metrics = tf.metrics
METRICS = {
    "accuracy": (metrics.accuracy, ["class_ids", "predicted_ids"], {}),
    "mean": (metrics.mean, ["labels"], {}),
    "mean_squared_error": (metrics.mean_squared_error, ["labels", "predictions"], {}),
    "root_mean_squared_error": (metrics.root_mean_squared_error, ["labels", "predictions"], {}),
    "mean_absolute_error": (metrics.mean_absolute_error, ["labels", "predictions"], {}),
    "precision": (metrics.precision, ["binary", "predicted_binary"], {}),
    "recall": (metrics.recall, ["binary", "predicted_binary"], {}),
    "auc": (metrics.auc, ["binary", "probabilities"], {}),
    "auc_pr": (metrics.auc, ["binary", "probabilities"], {"curve": "PR", "summation_method": "careful_interpolation"}),
    "auc_20": (metrics.auc, ["binary", "probabilities"], {"num_thresholds": 20}),
}


def stream(name, weighted):
    function, sources, options = METRICS[name]
    with tf.Graph().as_default(), tf.Session() as session:
        batch = {key: tf.placeholder(value.dtype, [ROWS]) for key, value in inputs.items()}
        if weighted:
            options = dict(options, weights=batch["weights"])
        value, update = function(*[batch[source] for source in sources], **options)
        session.run(tf.local_variables_initializer())
        made = {"first": session.run(value), "update": [], "value": []}
        for step in range(BATCHES):
            feed = {batch[key]: rows[step] for key, rows in inputs.items()}
            made["update"].append(session.run(update, feed))
            made["value"].append(session.run(value))
        made["variables"] = [variable.op.name for variable in tf.local_variables()]
        made.update({"state/" + variable.op.name: session.run(variable) for variable in tf.local_variables()})
        assert tf.get_collection(tf.GraphKeys.METRIC_VARIABLES) == tf.local_variables()
        return made


arrays = {"in/" + name: value for name, value in inputs.items()}
for name in METRICS:
    for weights in ("none", "weighted"):
        made = stream(name, weights == "weighted")
        arrays.update({"%s/%s/%s" % (name, weights, key): np.asarray(value) for key, value in made.items()})
np.savez_compressed(str(TARGET), **arrays)
