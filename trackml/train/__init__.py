"""tf.train: sessions that save and summarise, hooks, checkpoints, optimizers, the global step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackml._lazy import attach

# Where each public name lives; `./scripts/names` remakes the imports and `__all__` below from it.
_HOMES = {
    "AdadeltaOptimizer": "trackml.optimizers.adadelta:AdadeltaOptimizer",
    "AdagradOptimizer": "trackml.optimizers.adagrad:AdagradOptimizer",
    "AdamOptimizer": "trackml.optimizers.adam:AdamOptimizer",
    "BytesList": "trackml.protos.example_pb2:BytesList",
    "CheckpointSaverHook": "trackml.train.saver_hooks:CheckpointSaverHook",
    "CheckpointSaverListener": "trackml.train.saver_hooks:CheckpointSaverListener",
    "ChiefSessionCreator": "trackml.train.monitored_session:ChiefSessionCreator",
    "Example": "trackml.protos.example_pb2:Example",
    "Feature": "trackml.protos.example_pb2:Feature",
    "FeatureList": "trackml.protos.example_pb2:FeatureList",
    "FeatureLists": "trackml.protos.example_pb2:FeatureLists",
    "Features": "trackml.protos.example_pb2:Features",
    "FeedFnHook": "trackml.train.logging_hooks:FeedFnHook",
    "FinalOpsHook": "trackml.train.logging_hooks:FinalOpsHook",
    "FloatList": "trackml.protos.example_pb2:FloatList",
    "FtrlOptimizer": "trackml.optimizers.ftrl:FtrlOptimizer",
    "GlobalStepWaiterHook": "trackml.train.logging_hooks:GlobalStepWaiterHook",
    "GradientDescentOptimizer": "trackml.optimizers.gradient_descent:GradientDescentOptimizer",
    "Int64List": "trackml.protos.example_pb2:Int64List",
    "LoggingTensorHook": "trackml.train.logging_hooks:LoggingTensorHook",
    "MomentumOptimizer": "trackml.optimizers.momentum:MomentumOptimizer",
    "MonitoredSession": "trackml.train.monitored_session:MonitoredSession",
    "MonitoredTrainingSession": "trackml.train.monitored_session:MonitoredTrainingSession",
    "NanLossDuringTrainingError": "trackml.train.logging_hooks:NanLossDuringTrainingError",
    "NanTensorHook": "trackml.train.logging_hooks:NanTensorHook",
    "NewCheckpointReader": "trackml.checkpoint.reader:NewCheckpointReader",
    "Optimizer": "trackml.optimizers.optimizer:Optimizer",
    "ProfilerHook": "trackml.train.profiler_hook:ProfilerHook",
    "RMSPropOptimizer": "trackml.optimizers.rmsprop:RMSPropOptimizer",
    "Saver": "trackml.checkpoint.saver:Saver",
    "Scaffold": "trackml.train.scaffold:Scaffold",
    "SecondOrStepTimer": "trackml.train.timer:SecondOrStepTimer",
    "SequenceExample": "trackml.protos.example_pb2:SequenceExample",
    "SessionRunArgs": "trackml.train.session_run_hook:SessionRunArgs",
    "SessionRunContext": "trackml.train.session_run_hook:SessionRunContext",
    "SessionRunHook": "trackml.train.session_run_hook:SessionRunHook",
    "SessionRunValues": "trackml.train.session_run_hook:SessionRunValues",
    "SingularMonitoredSession": "trackml.train.monitored_session:SingularMonitoredSession",
    "StepCounterHook": "trackml.train.step_hooks:StepCounterHook",
    "StopAtStepHook": "trackml.train.step_hooks:StopAtStepHook",
    "SummarySaverHook": "trackml.train.saver_hooks:SummarySaverHook",
    "VocabInfo": "trackml.train.warm_starting:VocabInfo",
    "assert_global_step": "trackml.global_step:assert_global_step",
    "checkpoint_exists": "trackml.checkpoint.state:checkpoint_exists",
    "cosine_decay": "trackml.optimizers.schedules:cosine_decay",
    "cosine_decay_restarts": "trackml.optimizers.schedules:cosine_decay_restarts",
    "create_global_step": "trackml.global_step:create_global_step",
    "exponential_decay": "trackml.optimizers.schedules:exponential_decay",
    "generate_checkpoint_state_proto": "trackml.checkpoint.state:generate_checkpoint_state_proto",
    "get_checkpoint_mtimes": "trackml.checkpoint.state:get_checkpoint_mtimes",
    "get_checkpoint_state": "trackml.checkpoint.state:get_checkpoint_state",
    "get_global_step": "trackml.global_step:get_global_step",
    "get_or_create_global_step": "trackml.global_step:get_or_create_global_step",
    "global_step": "trackml.global_step:global_step",
    "export_meta_graph": "trackml.saved_model.meta_graph_files:export_meta_graph",
    "import_meta_graph": "trackml.saved_model.meta_graph_files:import_meta_graph",
    "init_from_checkpoint": "trackml.checkpoint.initial_values:init_from_checkpoint",
    "inverse_time_decay": "trackml.optimizers.schedules:inverse_time_decay",
    "latest_checkpoint": "trackml.checkpoint.state:latest_checkpoint",
    "linear_cosine_decay": "trackml.optimizers.schedules:linear_cosine_decay",
    "list_variables": "trackml.checkpoint.reader:list_variables",
    "load_checkpoint": "trackml.checkpoint.reader:load_checkpoint",
    "load_variable": "trackml.checkpoint.reader:load_variable",
    "natural_exp_decay": "trackml.optimizers.schedules:natural_exp_decay",
    "piecewise_constant": "trackml.optimizers.schedules:piecewise_constant",
    "piecewise_constant_decay": "trackml.optimizers.schedules:piecewise_constant",
    "polynomial_decay": "trackml.optimizers.schedules:polynomial_decay",
    "remove_checkpoint": "trackml.checkpoint.state:remove_checkpoint",
    "summary_iterator": "trackml.events.reader:summary_iterator",
    "update_checkpoint_state": "trackml.checkpoint.state:update_checkpoint_state",
    "warm_start": "trackml.train.warm_starting:warm_start",
}

if TYPE_CHECKING:
    from trackml.checkpoint.initial_values import init_from_checkpoint as init_from_checkpoint
    from trackml.checkpoint.reader import NewCheckpointReader as NewCheckpointReader
    from trackml.checkpoint.reader import list_variables as list_variables
    from trackml.checkpoint.reader import load_checkpoint as load_checkpoint
    from trackml.checkpoint.reader import load_variable as load_variable
    from trackml.checkpoint.saver import Saver as Saver
    from trackml.checkpoint.state import checkpoint_exists as checkpoint_exists
    from trackml.checkpoint.state import generate_checkpoint_state_proto as generate_checkpoint_state_proto
    from trackml.checkpoint.state import get_checkpoint_mtimes as get_checkpoint_mtimes
    from trackml.checkpoint.state import get_checkpoint_state as get_checkpoint_state
    from trackml.checkpoint.state import latest_checkpoint as latest_checkpoint
    from trackml.checkpoint.state import remove_checkpoint as remove_checkpoint
    from trackml.checkpoint.state import update_checkpoint_state as update_checkpoint_state
    from trackml.events.reader import summary_iterator as summary_iterator
    from trackml.global_step import assert_global_step as assert_global_step
    from trackml.global_step import create_global_step as create_global_step
    from trackml.global_step import get_global_step as get_global_step
    from trackml.global_step import get_or_create_global_step as get_or_create_global_step
    from trackml.global_step import global_step as global_step
    from trackml.optimizers.adadelta import AdadeltaOptimizer as AdadeltaOptimizer
    from trackml.optimizers.adagrad import AdagradOptimizer as AdagradOptimizer
    from trackml.optimizers.adam import AdamOptimizer as AdamOptimizer
    from trackml.optimizers.ftrl import FtrlOptimizer as FtrlOptimizer
    from trackml.optimizers.gradient_descent import GradientDescentOptimizer as GradientDescentOptimizer
    from trackml.optimizers.momentum import MomentumOptimizer as MomentumOptimizer
    from trackml.optimizers.optimizer import Optimizer as Optimizer
    from trackml.optimizers.rmsprop import RMSPropOptimizer as RMSPropOptimizer
    from trackml.optimizers.schedules import cosine_decay as cosine_decay
    from trackml.optimizers.schedules import cosine_decay_restarts as cosine_decay_restarts
    from trackml.optimizers.schedules import exponential_decay as exponential_decay
    from trackml.optimizers.schedules import inverse_time_decay as inverse_time_decay
    from trackml.optimizers.schedules import linear_cosine_decay as linear_cosine_decay
    from trackml.optimizers.schedules import natural_exp_decay as natural_exp_decay
    from trackml.optimizers.schedules import piecewise_constant as piecewise_constant
    from trackml.optimizers.schedules import piecewise_constant as piecewise_constant_decay
    from trackml.optimizers.schedules import polynomial_decay as polynomial_decay
    from trackml.protos.example_pb2 import BytesList as BytesList
    from trackml.protos.example_pb2 import Example as Example
    from trackml.protos.example_pb2 import Feature as Feature
    from trackml.protos.example_pb2 import FeatureList as FeatureList
    from trackml.protos.example_pb2 import FeatureLists as FeatureLists
    from trackml.protos.example_pb2 import Features as Features
    from trackml.protos.example_pb2 import FloatList as FloatList
    from trackml.protos.example_pb2 import Int64List as Int64List
    from trackml.protos.example_pb2 import SequenceExample as SequenceExample
    from trackml.saved_model.meta_graph_files import export_meta_graph as export_meta_graph
    from trackml.saved_model.meta_graph_files import import_meta_graph as import_meta_graph
    from trackml.train.logging_hooks import FeedFnHook as FeedFnHook
    from trackml.train.logging_hooks import FinalOpsHook as FinalOpsHook
    from trackml.train.logging_hooks import GlobalStepWaiterHook as GlobalStepWaiterHook
    from trackml.train.logging_hooks import LoggingTensorHook as LoggingTensorHook
    from trackml.train.logging_hooks import NanLossDuringTrainingError as NanLossDuringTrainingError
    from trackml.train.logging_hooks import NanTensorHook as NanTensorHook
    from trackml.train.monitored_session import ChiefSessionCreator as ChiefSessionCreator
    from trackml.train.monitored_session import MonitoredSession as MonitoredSession
    from trackml.train.monitored_session import MonitoredTrainingSession as MonitoredTrainingSession
    from trackml.train.monitored_session import SingularMonitoredSession as SingularMonitoredSession
    from trackml.train.profiler_hook import ProfilerHook as ProfilerHook
    from trackml.train.saver_hooks import CheckpointSaverHook as CheckpointSaverHook
    from trackml.train.saver_hooks import CheckpointSaverListener as CheckpointSaverListener
    from trackml.train.saver_hooks import SummarySaverHook as SummarySaverHook
    from trackml.train.scaffold import Scaffold as Scaffold
    from trackml.train.session_run_hook import SessionRunArgs as SessionRunArgs
    from trackml.train.session_run_hook import SessionRunContext as SessionRunContext
    from trackml.train.session_run_hook import SessionRunHook as SessionRunHook
    from trackml.train.session_run_hook import SessionRunValues as SessionRunValues
    from trackml.train.step_hooks import StepCounterHook as StepCounterHook
    from trackml.train.step_hooks import StopAtStepHook as StopAtStepHook
    from trackml.train.timer import SecondOrStepTimer as SecondOrStepTimer
    from trackml.train.warm_starting import VocabInfo as VocabInfo
    from trackml.train.warm_starting import warm_start as warm_start
else:
    __getattr__, __dir__ = attach(__name__, _HOMES)

__all__ = [
    "AdadeltaOptimizer",
    "AdagradOptimizer",
    "AdamOptimizer",
    "BytesList",
    "CheckpointSaverHook",
    "CheckpointSaverListener",
    "ChiefSessionCreator",
    "Example",
    "Feature",
    "FeatureList",
    "FeatureLists",
    "Features",
    "FeedFnHook",
    "FinalOpsHook",
    "FloatList",
    "FtrlOptimizer",
    "GlobalStepWaiterHook",
    "GradientDescentOptimizer",
    "Int64List",
    "LoggingTensorHook",
    "MomentumOptimizer",
    "MonitoredSession",
    "MonitoredTrainingSession",
    "NanLossDuringTrainingError",
    "NanTensorHook",
    "NewCheckpointReader",
    "Optimizer",
    "ProfilerHook",
    "RMSPropOptimizer",
    "Saver",
    "Scaffold",
    "SecondOrStepTimer",
    "SequenceExample",
    "SessionRunArgs",
    "SessionRunContext",
    "SessionRunHook",
    "SessionRunValues",
    "SingularMonitoredSession",
    "StepCounterHook",
    "StopAtStepHook",
    "SummarySaverHook",
    "VocabInfo",
    "assert_global_step",
    "checkpoint_exists",
    "cosine_decay",
    "cosine_decay_restarts",
    "create_global_step",
    "exponential_decay",
    "export_meta_graph",
    "generate_checkpoint_state_proto",
    "get_checkpoint_mtimes",
    "get_checkpoint_state",
    "get_global_step",
    "get_or_create_global_step",
    "global_step",
    "import_meta_graph",
    "init_from_checkpoint",
    "inverse_time_decay",
    "latest_checkpoint",
    "linear_cosine_decay",
    "list_variables",
    "load_checkpoint",
    "load_variable",
    "natural_exp_decay",
    "piecewise_constant",
    "piecewise_constant_decay",
    "polynomial_decay",
    "remove_checkpoint",
    "summary_iterator",
    "update_checkpoint_state",
    "warm_start",
]
