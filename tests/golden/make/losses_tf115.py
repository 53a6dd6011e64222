"""Writes golden/engine/losses.npz with TensorFlow 1.15.0: losses, weights, reductions and gradients.

Run with a Python that has it: `python tests/golden/make/losses_tf115.py`.

The archive holds the inputs under `in/NAME`, the names of the reductions under `reductions` ("none" first), and for
each `LOSS/WEIGHTS`: `none` (the losses without a reduction), `reduced` (the loss for each of the other reductions) and
`grads` (for each reduction the gradient of the loss, or of the losses' sum, with respect to predictions or logits).
`LOSS` is a key of `LOSSES` below; `WEIGHTS` names an input `weights_WEIGHTS`, or is "none" where none are passed.
"""

import pathlib

import numpy as np
import tensorflow as tf

TARGET = pathlib.Path(__file__).resolve().parent.parent / "engine" / "losses.npz"
random = np.random.RandomState(5)
ROWS, CLASSES = 6, 4

inputs = {
    "logits": (3 * random.randn(ROWS, CLASSES)).astype(np.float32),
    "class_ids": random.randint(0, CLASSES, [ROWS]),
    "one_hot": np.eye(CLASSES, dtype=np.float32)[random.randint(0, CLASSES, [ROWS])],
    "binary": random.randint(0, 2, [ROWS, CLASSES]).astype(np.float32),
    "predictions": (2 * random.randn(ROWS, CLASSES)).astype(np.float32),
    "labels": (2 * random.randn(ROWS, CLASSES)).astype(np.float32),
    "probabilities": random.uniform(0.01, 0.99, [ROWS, CLASSES]).astype(np.float32),
    "weights_scalar": np.float32(2.5),
    "weights_rows": np.array([[0.5], [0], [2], [1], [0], [3]], np.float32),
    "weights_vector": np.array([0.5, 0, 2, 1, 0, 3], np.float32),
    "weights_elements": random.uniform(0, 2, [ROWS, CLASSES]).astype(np.float32) * (random.rand(ROWS, CLASSES) < 0.7),
    "weights_zero": np.float32(0),
}
inputs["logits"][0] = [90, -90, 0, 30]  # where exponentials overflow unless they are shifted
inputs["logits"][1] = 0
inputs["predictions"][0] = inputs["labels"][0]  # where absolute differences have no slope

PER_ROW = ["none", "scalar", "vector", "zero"]
PER_ELEMENT = ["none", "scalar", "rows", "elements", "zero"]
losses = tf.losses
LOSSES = {
    "sparse_softmax_cross_entropy": (losses.sparse_softmax_cross_entropy, "class_ids", "logits", PER_ROW, {}),
    "softmax_cross_entropy": (losses.softmax_cross_entropy, "one_hot", "logits", PER_ROW, {}),
    "softmax_cross_entropy_smooth": (
        losses.softmax_cross_entropy,
        "one_hot",
        "logits",
        PER_ROW,
        {"label_smoothing": 0.1},
    ),
    "sigmoid_cross_entropy": (losses.sigmoid_cross_entropy, "binary", "logits", PER_ELEMENT, {}),
    "sigmoid_cross_entropy_smooth": (
        losses.sigmoid_cross_entropy,
        "binary",
        "logits",
        PER_ELEMENT,
        {"label_smoothing": 0.2},
    ),
    "mean_squared_error": (losses.mean_squared_error, "labels", "predictions", PER_ELEMENT, {}),
    "absolute_difference": (losses.absolute_difference, "labels", "predictions", PER_ELEMENT, {}),
    "huber_loss": (losses.huber_loss, "labels", "predictions", PER_ELEMENT, {}),
    "huber_loss_delta": (losses.huber_loss, "labels", "predictions", PER_ELEMENT, {"delta": 0.5}),
    "log_loss": (losses.log_loss, "binary", "probabilities", PER_ELEMENT, {}),
    "log_loss_epsilon": (losses.log_loss, "binary", "probabilities", PER_ELEMENT, {"epsilon": 0.1}),
    "hinge_loss": (losses.hinge_loss, "binary", "logits", PER_ELEMENT, {}),
}

REDUCTIONS = ("none", *sorted(set(losses.Reduction.all()) - {"none"}))


def evaluate(name, weighting):
    """Gives the loss and its gradient for each reduction."""
    function, labels, predicted, _, options = LOSSES[name]
    results = []
    for reduction in REDUCTIONS:
        with tf.Graph().as_default(), tf.Session() as session:
            source = tf.constant(inputs[predicted])
            given = dict(options, reduction=reduction)
            given["logits" if predicted == "logits" else "predictions"] = source
            if weighting != "none":
                given["weights"] = inputs["weights_" + weighting]
            loss = function(tf.constant(inputs[labels]), **given)
            results.append(session.run([loss, tf.gradients(loss, source)[0]]))
            assert tf.losses.get_losses() == [loss]
    return results


arrays = {"in/" + name: np.asarray(value) for name, value in inputs.items()}
arrays["reductions"] = np.array(REDUCTIONS)
for name, (_, _, _, weightings, _) in LOSSES.items():
    for weighting in weightings:
        values, gradients = zip(*evaluate(name, weighting))
        key = "%s/%s/" % (name, weighting)
        arrays.update({key + "none": values[0], key + "reduced": np.array(values[1:])})
        arrays[key + "grads"] = np.array(gradients)
np.savez_compressed(str(TARGET), **arrays)
