"""`tf.estimator.experimental`: early stopping, evaluation in memory, logits of premade models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackml._lazy import attach

# Where each public name lives; `./scripts/names` remakes the imports and `__all__` below from it.
_HOMES = {
    "InMemoryEvaluatorHook": "trackml.estimator.in_memory_evaluation:InMemoryEvaluatorHook",
    "build_raw_supervised_input_receiver_fn": (
        "trackml.estimator.export.receivers:build_raw_supervised_input_receiver_fn"
    ),
    "call_logit_fn": "trackml.estimator.canned.logit_fns:call_logit_fn",
    "dnn_logit_fn_builder": "trackml.estimator.canned.logit_fns:dnn_logit_fn_builder",
    "linear_logit_fn_builder": "trackml.estimator.canned.logit_fns:linear_logit_fn_builder",
    "make_early_stopping_hook": "trackml.estimator.early_stopping:make_early_stopping_hook",
    "make_stop_at_checkpoint_step_hook": "trackml.estimator.early_stopping:make_stop_at_checkpoint_step_hook",
    "read_eval_metrics": "trackml.estimator.early_stopping:read_eval_metrics",
    "stop_if_higher_hook": "trackml.estimator.early_stopping:stop_if_higher_hook",
    "stop_if_lower_hook": "trackml.estimator.early_stopping:stop_if_lower_hook",
    "stop_if_no_decrease_hook": "trackml.estimator.early_stopping:stop_if_no_decrease_hook",
    "stop_if_no_increase_hook": "trackml.estimator.early_stopping:stop_if_no_increase_hook",
}

if TYPE_CHECKING:
    from trackml.estimator.canned.logit_fns import call_logit_fn as call_logit_fn
    from trackml.estimator.canned.logit_fns import dnn_logit_fn_builder as dnn_logit_fn_builder
    from trackml.estimator.canned.logit_fns import linear_logit_fn_builder as linear_logit_fn_builder
    from trackml.estimator.early_stopping import make_early_stopping_hook as make_early_stopping_hook
    from trackml.estimator.early_stopping import make_stop_at_checkpoint_step_hook as make_stop_at_checkpoint_step_hook
    from trackml.estimator.early_stopping import read_eval_metrics as read_eval_metrics
    from trackml.estimator.early_stopping import stop_if_higher_hook as stop_if_higher_hook
    from trackml.estimator.early_stopping import stop_if_lower_hook as stop_if_lower_hook
    from trackml.estimator.early_stopping import stop_if_no_decrease_hook as stop_if_no_decrease_hook
    from trackml.estimator.early_stopping import stop_if_no_increase_hook as stop_if_no_increase_hook
    from trackml.estimator.export.receivers import (
        build_raw_supervised_input_receiver_fn as build_raw_supervised_input_receiver_fn,
    )
    from trackml.estimator.in_memory_evaluation import InMemoryEvaluatorHook as InMemoryEvaluatorHook
else:
    __getattr__, __dir__ = attach(__name__, _HOMES)

__all__ = [
    "InMemoryEvaluatorHook",
    "build_raw_supervised_input_receiver_fn",
    "call_logit_fn",
    "dnn_logit_fn_builder",
    "linear_logit_fn_builder",
    "make_early_stopping_hook",
    "make_stop_at_checkpoint_step_hook",
    "read_eval_metrics",
    "stop_if_higher_hook",
    "stop_if_lower_hook",
    "stop_if_no_decrease_hook",
    "stop_if_no_increase_hook",
]
