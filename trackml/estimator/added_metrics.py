"""More metrics for an Estimator that is there already.

Source: tensorflow_estimator/python/estimator/extenders.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from trackml.estimator.arguments import argument_names
from trackml.estimator.estimator import Estimator
from trackml.estimator.model_fn import EstimatorSpec, ModeKeys

_ARGUMENTS = ("features", "labels", "predictions", "config")


def add_metrics(estimator: Estimator, metric_fn: Callable[..., Any]) -> Estimator:
    """An Estimator like another one, whose evaluations have more metrics.

    Args:
        estimator: The Estimator; the new one has its directory and checkpoints.
        metric_fn: A function of any of `features`, `labels`, `predictions` and `config` that gives a dict from names to
            metrics, (value, update_op) each. A metric of a name that there is already takes its place.

    Raises:
        ValueError: The function has other parameters.

    Example:
        >>> import tempfile, trackml as tf
        >>> columns = [tf.feature_column.numeric_column("x")]
        >>> estimator = tf.estimator.LinearClassifier(columns, model_dir=tempfile.mkdtemp())
        >>> def share_of_ones(labels):
        ...     return {"ones": tf.metrics.mean(labels)}
        >>> estimator = tf.estimator.add_metrics(estimator, share_of_ones)
        >>> _ = estimator.train(lambda: ({"x": [[1.0], [2.0]]}, [[0], [1]]), steps=1)
        >>> float(estimator.evaluate(lambda: ({"x": [[1.0], [2.0]]}, [[0], [1]]), steps=1)["ones"])
        0.5
    """
    names = argument_names(metric_fn)
    unexpected = sorted(set(names) - set(_ARGUMENTS))
    if unexpected:
        raise ValueError(f"metric_fn ({metric_fn}) has following not expected args: {unexpected}")
    model_fn = estimator.model_fn

    def with_metrics(features: Any, labels: Any, mode: str, config: Any) -> EstimatorSpec:
        spec: EstimatorSpec = model_fn(features, labels, mode, config)
        if mode != ModeKeys.EVAL:
            return spec
        offered = dict(zip(_ARGUMENTS, (features, labels, spec.predictions, config)))
        added = metric_fn(**{name: offered[name] for name in names})
        return spec._replace(eval_metric_ops={**(spec.eval_metric_ops or {}), **added})

    return Estimator(with_metrics, estimator.model_dir, estimator.config, warm_start_from=estimator._warm_start)
