"""Heads: the last part of a model, which turns logits into predictions, a loss, metrics and a train_op."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackml._lazy import attach

# Where each public name lives; `./scripts/names` remakes the imports and `__all__` below from it.
_HOMES = {
    "BinaryClassHead": "trackml.estimator.heads.binary_class:BinaryClassHead",
    "Head": "trackml.estimator.heads.base:Head",
    "LogisticRegressionHead": "trackml.estimator.heads.regression:LogisticRegressionHead",
    "MetricKeys": "trackml.estimator.heads.keys:MetricKeys",
    "MultiClassHead": "trackml.estimator.heads.multi_class:MultiClassHead",
    "MultiHead": "trackml.estimator.heads.multi_head:MultiHead",
    "MultiLabelHead": "trackml.estimator.heads.multi_label:MultiLabelHead",
    "PoissonRegressionHead": "trackml.estimator.heads.regression:PoissonRegressionHead",
    "PredictionKeys": "trackml.estimator.heads.keys:PredictionKeys",
    "RegressionHead": "trackml.estimator.heads.regression:RegressionHead",
    "ServingKeys": "trackml.estimator.heads.keys:ServingKeys",
}

if TYPE_CHECKING:
    from trackml.estimator.heads.base import Head as Head
    from trackml.estimator.heads.binary_class import BinaryClassHead as BinaryClassHead
    from trackml.estimator.heads.keys import MetricKeys as MetricKeys
    from trackml.estimator.heads.keys import PredictionKeys as PredictionKeys
    from trackml.estimator.heads.keys import ServingKeys as ServingKeys
    from trackml.estimator.heads.multi_class import MultiClassHead as MultiClassHead
    from trackml.estimator.heads.multi_head import MultiHead as MultiHead
    from trackml.estimator.heads.multi_label import MultiLabelHead as MultiLabelHead
    from trackml.estimator.heads.regression import LogisticRegressionHead as LogisticRegressionHead
    from trackml.estimator.heads.regression import PoissonRegressionHead as PoissonRegressionHead
    from trackml.estimator.heads.regression import RegressionHead as RegressionHead
else:
    __getattr__, __dir__ = attach(__name__, _HOMES)

__all__ = [
    "BinaryClassHead",
    "Head",
    "LogisticRegressionHead",
    "MetricKeys",
    "MultiClassHead",
    "MultiHead",
    "MultiLabelHead",
    "PoissonRegressionHead",
    "PredictionKeys",
    "RegressionHead",
    "ServingKeys",
]
