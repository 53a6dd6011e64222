"""Premade Estimators: linear models, deep networks, both at once, and baselines.

They are TensorFlow 1's: the loss is the sum over the batch, and names of variables and summaries are the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackml._lazy import attach

# Where each public name lives; `./scripts/names` remakes the imports and `__all__` below from it.
_HOMES = {
    "BaselineClassifier": "trackml.estimator.canned.baseline:BaselineClassifier",
    "BaselineEstimator": "trackml.estimator.canned.baseline:BaselineEstimator",
    "BaselineRegressor": "trackml.estimator.canned.baseline:BaselineRegressor",
    "DNNClassifier": "trackml.estimator.canned.dnn:DNNClassifier",
    "DNNEstimator": "trackml.estimator.canned.dnn:DNNEstimator",
    "DNNLinearCombinedClassifier": "trackml.estimator.canned.dnn_linear_combined:DNNLinearCombinedClassifier",
    "DNNLinearCombinedEstimator": "trackml.estimator.canned.dnn_linear_combined:DNNLinearCombinedEstimator",
    "DNNLinearCombinedRegressor": "trackml.estimator.canned.dnn_linear_combined:DNNLinearCombinedRegressor",
    "DNNRegressor": "trackml.estimator.canned.dnn:DNNRegressor",
    "LinearClassifier": "trackml.estimator.canned.linear:LinearClassifier",
    "LinearEstimator": "trackml.estimator.canned.linear:LinearEstimator",
    "LinearRegressor": "trackml.estimator.canned.linear:LinearRegressor",
}

if TYPE_CHECKING:
    from trackml.estimator.canned.baseline import BaselineClassifier as BaselineClassifier
    from trackml.estimator.canned.baseline import BaselineEstimator as BaselineEstimator
    from trackml.estimator.canned.baseline import BaselineRegressor as BaselineRegressor
    from trackml.estimator.canned.dnn import DNNClassifier as DNNClassifier
    from trackml.estimator.canned.dnn import DNNEstimator as DNNEstimator
    from trackml.estimator.canned.dnn import DNNRegressor as DNNRegressor
    from trackml.estimator.canned.dnn_linear_combined import DNNLinearCombinedClassifier as DNNLinearCombinedClassifier
    from trackml.estimator.canned.dnn_linear_combined import DNNLinearCombinedEstimator as DNNLinearCombinedEstimator
    from trackml.estimator.canned.dnn_linear_combined import DNNLinearCombinedRegressor as DNNLinearCombinedRegressor
    from trackml.estimator.canned.linear import LinearClassifier as LinearClassifier
    from trackml.estimator.canned.linear import LinearEstimator as LinearEstimator
    from trackml.estimator.canned.linear import LinearRegressor as LinearRegressor
else:
    __getattr__, __dir__ = attach(__name__, _HOMES)

__all__ = [
    "BaselineClassifier",
    "BaselineEstimator",
    "BaselineRegressor",
    "DNNClassifier",
    "DNNEstimator",
    "DNNLinearCombinedClassifier",
    "DNNLinearCombinedEstimator",
    "DNNLinearCombinedRegressor",
    "DNNRegressor",
    "LinearClassifier",
    "LinearEstimator",
    "LinearRegressor",
]
