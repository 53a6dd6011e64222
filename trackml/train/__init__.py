"""tf.train: sessions that save and summarise, hooks, checkpoints, optimizers, the global step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackml._lazy import attach

# Where each public name lives; `./scripts/names` remakes the imports and `__all__` below from it.
_HOMES = {
    "AdagradOptimizer": "trackml.optimizers.adagrad:AdagradOptimizer",
    "AdamOptimizer": "trackml.optimizers.adam:AdamOptimizer",
    "CheckpointSaverHook": "trackml.train.saver_hooks:CheckpointSaverHook",
    "CheckpointSaverListener": "trackml.train.saver_hooks:CheckpointSaverListener",
    "ChiefSessionCreator": "trackml.train.monitored_session:ChiefSessionCreator",
    "FeedFnHook": "trackml.train.logging_hooks:FeedFnHook",
    "FinalOpsHook": "trackml.train.logging_hooks:FinalOpsHook",
    "GlobalStepWaiterHook": "trackml.train.logging_hooks:GlobalStepWaiterHook",
    "GradientDescentOptimizer": "trackml.optimizers.gradient_descent:GradientDescentOptimizer",
    "LoggingTensorHook": "trackml.train.logging_hooks:LoggingTensorHook",
    "MomentumOptimizer": "trackml.optimizers.momentum:MomentumOptimizer",
    "MonitoredSession": "trackml.train.monitored_session:MonitoredSession",
    "MonitoredTrainingSession": "trackml.train.monitored_session:MonitoredTrainingSession",
    "NanLossDuringTrainingError": "trackml.train.logging_hooks:NanLossDuringTrainingError",
    "NanTensorHook": "trackml.train.logging_hooks:NanTensorHook",
    "NewCheckpointReader": "trackml.checkpoint.reader:NewCheckpointReader",
    "Optimizer": "trackml.optimizers.optimizer:Optimizer",
    "RMSPropOptimizer": "trackml.optimizers.rmsprop:RMSPropOptimizer",
    "Saver": "trackml.checkpoint.saver:Saver",
    "Scaffold": "trackml.train.scaffold:Scaffold",
    "SecondOrStepTimer": "trackml.train.timer:SecondOrStepTimer",
    "SessionRunArgs": "trackml.train.session_run_hook:SessionRunArgs",
    "SessionRunContext": "trackml.train.session_run_hook:SessionRunContext",
    "SessionRunHook": "trackml.train.session_run_hook:SessionRunHook",
    "SessionRunValues": "trackml.train.session_run_hook:SessionRunValues",
    "SingularMonitoredSession": "trackml.train.monitored_session:SingularMonitoredSession",
    "StepCounterHook": "trackml.train.step_hooks:StepCounterHook",
    "StopAtStepHook": "trackml.train.step_hooks:StopAtStepHook",
    "SummarySaverHook": "trackml.train.saver_hooks:SummarySaverHook",
    "assert_global_step": "trackml.global_step:assert_global_step",
    "checkpoint_exists": "trackml.checkpoint.state:checkpoint_exists",
    "create_global_step": "trackml.global_step:create_global_step",
    "generate_checkpoint_state_proto": "trackml.checkpoint.state:generate_checkpoint_state_proto",
    "get_checkpoint_mtimes": "trackml.checkpoint.state:get_checkpoint_mtimes",
    "get_checkpoint_state": "trackml.checkpoint.state:get_checkpoint_state",
    "get_global_step": "trackml.global_step:get_global_step",
    "get_or_create_global_step": "trackml.global_step:get_or_create_global_step",
    "global_step": "trackml.global_step:global_step",
    "latest_checkpoint": "trackml.checkpoint.state:latest_checkpoint",
    "list_variables": "trackml.checkpoint.reader:list_variables",
    "load_checkpoint": "trackml.checkpoint.reader:load_checkpoint",
    "load_variable": "trackml.checkpoint.reader:load_variable",
    "remove_checkpoint": "trackml.checkpoint.state:remove_checkpoint",
    "summary_iterator": "trackml.events.reader:summary_iterator",
    "update_checkpoint_state": "trackml.checkpoint.state:update_checkpoint_state",
}

if TYPE_CHECKING:
    pass
else:
    __getattr__, __dir__ = attach(__name__, _HOMES)

__all__ = []
