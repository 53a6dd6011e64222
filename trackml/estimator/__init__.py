"""tf.estimator: Estimators with a model function of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackml._lazy import attach

# Where each public name lives; `./scripts/names` remakes the imports and `__all__` below from it.
_HOMES = {
    "BaselineClassifier": "trackml.estimator.canned.baseline:BaselineClassifier",
    "BaselineEstimator": "trackml.estimator.canned.baseline:BaselineEstimator",
    "BaselineRegressor": "trackml.estimator.canned.baseline:BaselineRegressor",
    "BestExporter": "trackml.estimator.exporters:BestExporter",
    "BinaryClassHead": "trackml.estimator.heads.binary_class:BinaryClassHead",
    "CheckpointSaverHook": "trackml.train.saver_hooks:CheckpointSaverHook",
    "CheckpointSaverListener": "trackml.train.saver_hooks:CheckpointSaverListener",
    "DNNClassifier": "trackml.estimator.canned.dnn:DNNClassifier",
    "DNNEstimator": "trackml.estimator.canned.dnn:DNNEstimator",
    "DNNLinearCombinedClassifier": "trackml.estimator.canned.dnn_linear_combined:DNNLinearCombinedClassifier",
    "DNNLinearCombinedEstimator": "trackml.estimator.canned.dnn_linear_combined:DNNLinearCombinedEstimator",
    "DNNLinearCombinedRegressor": "trackml.estimator.canned.dnn_linear_combined:DNNLinearCombinedRegressor",
    "DNNRegressor": "trackml.estimator.canned.dnn:DNNRegressor",
    "Estimator": "trackml.estimator.estimator:Estimator",
    "EstimatorSpec": "trackml.estimator.model_fn:EstimatorSpec",
    "EvalSpec": "trackml.estimator.specs:EvalSpec",
    "Exporter": "trackml.estimator.exporters:Exporter",
    "FeedFnHook": "trackml.train.logging_hooks:FeedFnHook",
    "FinalExporter": "trackml.estimator.exporters:FinalExporter",
    "FinalOpsHook": "trackml.train.logging_hooks:FinalOpsHook",
    "GlobalStepWaiterHook": "trackml.train.logging_hooks:GlobalStepWaiterHook",
    "Head": "trackml.estimator.heads.base:Head",
    "LatestExporter": "trackml.estimator.exporters:LatestExporter",
    "LinearClassifier": "trackml.estimator.canned.linear:LinearClassifier",
    "LinearEstimator": "trackml.estimator.canned.linear:LinearEstimator",
    "LinearRegressor": "trackml.estimator.canned.linear:LinearRegressor",
    "LoggingTensorHook": "trackml.train.logging_hooks:LoggingTensorHook",
    "LogisticRegressionHead": "trackml.estimator.heads.regression:LogisticRegressionHead",
    "ModeKeys": "trackml.estimator.model_fn:ModeKeys",
    "MultiClassHead": "trackml.estimator.heads.multi_class:MultiClassHead",
    "MultiHead": "trackml.estimator.heads.multi_head:MultiHead",
    "MultiLabelHead": "trackml.estimator.heads.multi_label:MultiLabelHead",
    "NanLossDuringTrainingError": "trackml.train.logging_hooks:NanLossDuringTrainingError",
    "NanTensorHook": "trackml.train.logging_hooks:NanTensorHook",
    "PoissonRegressionHead": "trackml.estimator.heads.regression:PoissonRegressionHead",
    "RegressionHead": "trackml.estimator.heads.regression:RegressionHead",
    "RunConfig": "trackml.estimator.run_config:RunConfig",
    "SecondOrStepTimer": "trackml.train.timer:SecondOrStepTimer",
    "SessionRunArgs": "trackml.train.session_run_hook:SessionRunArgs",
    "SessionRunContext": "trackml.train.session_run_hook:SessionRunContext",
    "SessionRunHook": "trackml.train.session_run_hook:SessionRunHook",
    "SessionRunValues": "trackml.train.session_run_hook:SessionRunValues",
    "StepCounterHook": "trackml.train.step_hooks:StepCounterHook",
    "StopAtStepHook": "trackml.train.step_hooks:StopAtStepHook",
    "SummarySaverHook": "trackml.train.saver_hooks:SummarySaverHook",
    "TrainSpec": "trackml.estimator.specs:TrainSpec",
    "VocabInfo": "trackml.train.warm_starting:VocabInfo",
    "WarmStartSettings": "trackml.estimator.warm_start:WarmStartSettings",
    "ProfilerHook": "trackml.train.profiler_hook:ProfilerHook",
    "add_metrics": "trackml.estimator.added_metrics:add_metrics",
    "experimental": "trackml.estimator.experimental",
    "export": "trackml.estimator.export",
    "inputs": "trackml.estimator.inputs",
    "train_and_evaluate": "trackml.estimator.training:train_and_evaluate",
}

if TYPE_CHECKING:
    from trackml.estimator import experimental as experimental
    from trackml.estimator import export as export
    from trackml.estimator import inputs as inputs
    from trackml.estimator.added_metrics import add_metrics as add_metrics
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
    from trackml.estimator.estimator import Estimator as Estimator
    from trackml.estimator.exporters import BestExporter as BestExporter
    from trackml.estimator.exporters import Exporter as Exporter
    from trackml.estimator.exporters import FinalExporter as FinalExporter
    from trackml.estimator.exporters import LatestExporter as LatestExporter
    from trackml.estimator.heads.base import Head as Head
    from trackml.estimator.heads.binary_class import BinaryClassHead as BinaryClassHead
    from trackml.estimator.heads.multi_class import MultiClassHead as MultiClassHead
    from trackml.estimator.heads.multi_head import MultiHead as MultiHead
    from trackml.estimator.heads.multi_label import MultiLabelHead as MultiLabelHead
    from trackml.estimator.heads.regression import LogisticRegressionHead as LogisticRegressionHead
    from trackml.estimator.heads.regression import PoissonRegressionHead as PoissonRegressionHead
    from trackml.estimator.heads.regression import RegressionHead as RegressionHead
    from trackml.estimator.model_fn import EstimatorSpec as EstimatorSpec
    from trackml.estimator.model_fn import ModeKeys as ModeKeys
    from trackml.estimator.run_config import RunConfig as RunConfig
    from trackml.estimator.specs import EvalSpec as EvalSpec
    from trackml.estimator.specs import TrainSpec as TrainSpec
    from trackml.estimator.training import train_and_evaluate as train_and_evaluate
    from trackml.estimator.warm_start import WarmStartSettings as WarmStartSettings
    from trackml.train.logging_hooks import FeedFnHook as FeedFnHook
    from trackml.train.logging_hooks import FinalOpsHook as FinalOpsHook
    from trackml.train.logging_hooks import GlobalStepWaiterHook as GlobalStepWaiterHook
    from trackml.train.logging_hooks import LoggingTensorHook as LoggingTensorHook
    from trackml.train.logging_hooks import NanLossDuringTrainingError as NanLossDuringTrainingError
    from trackml.train.logging_hooks import NanTensorHook as NanTensorHook
    from trackml.train.profiler_hook import ProfilerHook as ProfilerHook
    from trackml.train.saver_hooks import CheckpointSaverHook as CheckpointSaverHook
    from trackml.train.saver_hooks import CheckpointSaverListener as CheckpointSaverListener
    from trackml.train.saver_hooks import SummarySaverHook as SummarySaverHook
    from trackml.train.session_run_hook import SessionRunArgs as SessionRunArgs
    from trackml.train.session_run_hook import SessionRunContext as SessionRunContext
    from trackml.train.session_run_hook import SessionRunHook as SessionRunHook
    from trackml.train.session_run_hook import SessionRunValues as SessionRunValues
    from trackml.train.step_hooks import StepCounterHook as StepCounterHook
    from trackml.train.step_hooks import StopAtStepHook as StopAtStepHook
    from trackml.train.timer import SecondOrStepTimer as SecondOrStepTimer
    from trackml.train.warm_starting import VocabInfo as VocabInfo
else:
    __getattr__, __dir__ = attach(__name__, _HOMES)

__all__ = [
    "BaselineClassifier",
    "BaselineEstimator",
    "BaselineRegressor",
    "BestExporter",
    "BinaryClassHead",
    "CheckpointSaverHook",
    "CheckpointSaverListener",
    "DNNClassifier",
    "DNNEstimator",
    "DNNLinearCombinedClassifier",
    "DNNLinearCombinedEstimator",
    "DNNLinearCombinedRegressor",
    "DNNRegressor",
    "Estimator",
    "EstimatorSpec",
    "EvalSpec",
    "Exporter",
    "FeedFnHook",
    "FinalExporter",
    "FinalOpsHook",
    "GlobalStepWaiterHook",
    "Head",
    "LatestExporter",
    "LinearClassifier",
    "LinearEstimator",
    "LinearRegressor",
    "LoggingTensorHook",
    "LogisticRegressionHead",
    "ModeKeys",
    "MultiClassHead",
    "MultiHead",
    "MultiLabelHead",
    "NanLossDuringTrainingError",
    "NanTensorHook",
    "PoissonRegressionHead",
    "ProfilerHook",
    "RegressionHead",
    "RunConfig",
    "SecondOrStepTimer",
    "SessionRunArgs",
    "SessionRunContext",
    "SessionRunHook",
    "SessionRunValues",
    "StepCounterHook",
    "StopAtStepHook",
    "SummarySaverHook",
    "TrainSpec",
    "VocabInfo",
    "WarmStartSettings",
    "add_metrics",
    "experimental",
    "export",
    "inputs",
    "train_and_evaluate",
]
