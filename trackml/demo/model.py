"""The demo's model: one hidden layer over the pixels of a digit, written as a user of the library would write it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

import trackml as tf
from trackml.demo.digits import load_digits

__all__ = ["eval_input_fn", "model_fn", "train_input_fn"]

HELD_OUT = 360
"""Digits that are kept for evaluation, one in five."""

BATCH_SIZE = 64

DETAIL_STEPS = 2_000
"""Steps between histograms, images and texts, which take a hundred times the room of a scalar."""


def model_fn(
    features: Mapping[str, tf.Tensor],
    labels: tf.Tensor | None,
    mode: str,
    params: Mapping[str, Any],
    config: tf.estimator.RunConfig,
) -> tf.estimator.EstimatorSpec:
    """Gives the `EstimatorSpec` of a classifier of digits.

    Args:
        features: `pixels` float32 [batch, 8, 8], from 0 to 1.
        labels: int64 [batch], from 0 to 9; None to predict.
        mode: one of `tf.estimator.ModeKeys`.
        params: `learning_rate`, and `units`, the width of the hidden layer.
        config: has the model directory, where the details are written.
    """
    pixels = features["pixels"]
    hidden = tf.layers.dense(tf.reshape(pixels, [-1, 64]), params["units"], activation=tf.nn.relu, name="hidden")
    logits = tf.layers.dense(hidden, 10, name="logits")
    digits = tf.argmax(logits, axis=1)
    if mode == tf.estimator.ModeKeys.PREDICT:
        predictions = {"digit": digits, "probabilities": tf.nn.softmax(logits)}
        return tf.estimator.EstimatorSpec(mode, predictions=predictions)

    loss = tf.losses.sparse_softmax_cross_entropy(labels=labels, logits=logits)
    if mode == tf.estimator.ModeKeys.EVAL:
        accuracy = tf.metrics.accuracy(labels=labels, predictions=digits)
        return tf.estimator.EstimatorSpec(mode, loss=loss, eval_metric_ops={"accuracy": accuracy})

    tf.summary.scalar("accuracy", tf.reduce_mean(tf.cast(tf.equal(digits, labels), tf.float32)))
    details = Details(_details(pixels, hidden, params), str(config.model_dir))
    optimizer = tf.train.GradientDescentOptimizer(params["learning_rate"])
    train_op = optimizer.minimize(loss, global_step=tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op, training_hooks=[details])


class Details(tf.train.SessionRunHook):
    """Writes a summary every `DETAIL_STEPS`, beginning with the first step.

    Unlike a second `SummarySaverHook` it announces no start of its own: dashboards drop what came before a start at the
    same step, and the Estimator's scalars of the first step come before.
    """

    def __init__(self, summary: tf.Tensor, logdir: str) -> None:
        """Keeps the serialized summary to write and where to write it."""
        self._summary = summary
        self._logdir = logdir

    def before_run(self, run_context: tf.train.SessionRunContext) -> tf.train.SessionRunArgs:
        """Asks for the step."""
        return tf.train.SessionRunArgs(tf.train.get_global_step())

    def after_run(self, run_context: tf.train.SessionRunContext, run_values: tf.train.SessionRunValues) -> None:
        """Writes the summary when its step has come."""
        step = int(run_values.results)
        if step % DETAIL_STEPS == 1:
            summary = run_context.session.run(self._summary)
            tf.summary.FileWriterCache.get(self._logdir).add_summary(summary, step)


def train_input_fn() -> Any:
    """Gives the training digits, shuffled, without end."""
    pixels, labels = _digits(slice(HELD_OUT, None))
    dataset = tf.data.Dataset.from_tensor_slices(({"pixels": pixels}, labels))
    return dataset.shuffle(len(labels)).repeat().batch(BATCH_SIZE)


def eval_input_fn() -> Any:
    """Gives the held-out digits once."""
    pixels, labels = _digits(slice(HELD_OUT))
    return tf.data.Dataset.from_tensor_slices(({"pixels": pixels}, labels)).batch(HELD_OUT)


def _digits(part: slice) -> tuple[np.ndarray[Any, np.dtype[np.float32]], np.ndarray[Any, np.dtype[np.int64]]]:
    """Gives a part of the digits in an order that is shuffled but always the same, pixels from 0 to 1."""
    images, labels = load_digits()
    chosen = np.random.RandomState(0).permutation(len(labels))[part]
    return (images[chosen] / 16).astype(np.float32), labels[chosen]


def _details(pixels: tf.Tensor, hidden: tf.Tensor, params: Mapping[str, Any]) -> tf.Tensor:
    """Gives what the dashboards show beside scalars: histograms, images and a text, as one serialized summary."""
    kernel = next(variable for variable in tf.trainable_variables() if variable.op.name == "hidden/kernel")
    filters = tf.reshape(tf.transpose(kernel), [-1, 8, 8, 1])
    rows = "\n".join(f"| {name} | {params[name]:g} |" for name in sorted(params))
    apart: list[str] = []  # no collection: those are written every `save_summary_steps`
    return tf.summary.merge(
        [
            *(
                tf.summary.histogram(f"variables/{variable.op.name}", variable, collections=apart)
                for variable in tf.trainable_variables()
            ),
            tf.summary.histogram("activations/hidden", hidden, collections=apart),
            tf.summary.image("filters", filters, max_outputs=4, collections=apart),
            tf.summary.image("digits", tf.expand_dims(pixels, -1), max_outputs=2, collections=apart),
            tf.summary.text("settings", tf.constant(f"| setting | value |\n|---|---|\n{rows}"), collections=apart),
        ]
    )
