"""`tf.estimator.export`: what exported models are fed and what they offer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackml._lazy import attach

# Where each public name lives; `./scripts/names` remakes the imports and `__all__` below from it.
_HOMES = {
    "ClassificationOutput": "trackml.saved_model.export_output:ClassificationOutput",
    "EvalOutput": "trackml.saved_model.export_output:EvalOutput",
    "ExportOutput": "trackml.saved_model.export_output:ExportOutput",
    "PredictOutput": "trackml.saved_model.export_output:PredictOutput",
    "RegressionOutput": "trackml.saved_model.export_output:RegressionOutput",
    "ServingInputReceiver": "trackml.estimator.export.receivers:ServingInputReceiver",
    "SupervisedInputReceiver": "trackml.estimator.export.receivers:SupervisedInputReceiver",
    "TensorServingInputReceiver": "trackml.estimator.export.receivers:TensorServingInputReceiver",
    "TrainOutput": "trackml.saved_model.export_output:TrainOutput",
    "build_parsing_serving_input_receiver_fn": (
        "trackml.estimator.export.receivers:build_parsing_serving_input_receiver_fn"
    ),
    "build_raw_serving_input_receiver_fn": "trackml.estimator.export.receivers:build_raw_serving_input_receiver_fn",
}

if TYPE_CHECKING:
    from trackml.estimator.export.receivers import ServingInputReceiver as ServingInputReceiver
    from trackml.estimator.export.receivers import SupervisedInputReceiver as SupervisedInputReceiver
    from trackml.estimator.export.receivers import TensorServingInputReceiver as TensorServingInputReceiver
    from trackml.estimator.export.receivers import (
        build_parsing_serving_input_receiver_fn as build_parsing_serving_input_receiver_fn,
    )
    from trackml.estimator.export.receivers import (
        build_raw_serving_input_receiver_fn as build_raw_serving_input_receiver_fn,
    )
    from trackml.saved_model.export_output import ClassificationOutput as ClassificationOutput
    from trackml.saved_model.export_output import EvalOutput as EvalOutput
    from trackml.saved_model.export_output import ExportOutput as ExportOutput
    from trackml.saved_model.export_output import PredictOutput as PredictOutput
    from trackml.saved_model.export_output import RegressionOutput as RegressionOutput
    from trackml.saved_model.export_output import TrainOutput as TrainOutput
else:
    __getattr__, __dir__ = attach(__name__, _HOMES)

__all__ = [
    "ClassificationOutput",
    "EvalOutput",
    "ExportOutput",
    "PredictOutput",
    "RegressionOutput",
    "ServingInputReceiver",
    "SupervisedInputReceiver",
    "TensorServingInputReceiver",
    "TrainOutput",
    "build_parsing_serving_input_receiver_fn",
    "build_raw_serving_input_receiver_fn",
]
