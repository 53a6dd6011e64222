"""tf.estimator: Estimators with a model function of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackml._lazy import attach

# Where each public name lives; `./scripts/names` remakes the imports and `__all__` below from it.
_HOMES = {
    "CheckpointSaverHook": "trackml.train.saver_hooks:CheckpointSaverHook",
    "CheckpointSaverListener": "trackml.train.saver_hooks:CheckpointSaverListener",
    "Estimator": "trackml.estimator.estimator:Estimator",
    "EstimatorSpec": "trackml.estimator.model_fn:EstimatorSpec",
    "FeedFnHook": "trackml.train.logging_hooks:FeedFnHook",
    "FinalOpsHook": "trackml.train.logging_hooks:FinalOpsHook",
    "GlobalStepWaiterHook": "trackml.train.logging_hooks:GlobalStepWaiterHook",
    "LoggingTensorHook": "trackml.train.logging_hooks:LoggingTensorHook",
    "ModeKeys": "trackml.estimator.model_fn:ModeKeys",
    "NanLossDuringTrainingError": "trackml.train.logging_hooks:NanLossDuringTrainingError",
    "NanTensorHook": "trackml.train.logging_hooks:NanTensorHook",
    "RunConfig": "trackml.estimator.run_config:RunConfig",
    "SecondOrStepTimer": "trackml.train.timer:SecondOrStepTimer",
    "SessionRunArgs": "trackml.train.session_run_hook:SessionRunArgs",
    "SessionRunContext": "trackml.train.session_run_hook:SessionRunContext",
    "SessionRunHook": "trackml.train.session_run_hook:SessionRunHook",
    "SessionRunValues": "trackml.train.session_run_hook:SessionRunValues",
    "StepCounterHook": "trackml.train.step_hooks:StepCounterHook",
    "StopAtStepHook": "trackml.train.step_hooks:StopAtStepHook",
    "SummarySaverHook": "trackml.train.saver_hooks:SummarySaverHook",
    "inputs": "trackml.estimator.inputs",
}

if TYPE_CHECKING:
    from trackml.estimator import inputs as inputs
    from trackml.estimator.estimator import Estimator as Estimator
    from trackml.estimator.model_fn import EstimatorSpec as EstimatorSpec
    from trackml.estimator.model_fn import ModeKeys as ModeKeys
    from trackml.estimator.run_config import RunConfig as RunConfig
    from trackml.train.logging_hooks import FeedFnHook as FeedFnHook
    from trackml.train.logging_hooks import FinalOpsHook as FinalOpsHook
    from trackml.train.logging_hooks import GlobalStepWaiterHook as GlobalStepWaiterHook
    from trackml.train.logging_hooks import LoggingTensorHook as LoggingTensorHook
    from trackml.train.logging_hooks import NanLossDuringTrainingError as NanLossDuringTrainingError
    from trackml.train.logging_hooks import NanTensorHook as NanTensorHook
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
else:
    __getattr__, __dir__ = attach(__name__, _HOMES)

__all__ = [
    "CheckpointSaverHook",
    "CheckpointSaverListener",
    "Estimator",
    "EstimatorSpec",
    "FeedFnHook",
    "FinalOpsHook",
    "GlobalStepWaiterHook",
    "LoggingTensorHook",
    "ModeKeys",
    "NanLossDuringTrainingError",
    "NanTensorHook",
    "RunConfig",
    "SecondOrStepTimer",
    "SessionRunArgs",
    "SessionRunContext",
    "SessionRunHook",
    "SessionRunValues",
    "StepCounterHook",
    "StopAtStepHook",
    "SummarySaverHook",
    "inputs",
]
