"""Training with an evaluation after each checkpoint, no oftener than a throttle allows.

Source: tensorflow_estimator/python/estimator/training.py, its local run.
"""

from __future__ import annotations

import os
import time
from typing import Any

from trackml import logging
from trackml.estimator.estimator import Estimator
from trackml.estimator.specs import EvalSpec, TrainSpec
from trackml.events.manifest import ManifestWriter
from trackml.graph.keys import GraphKeys
from trackml.train.manifest import manifest_of
from trackml.train.saver_hooks import CheckpointSaverListener
from trackml.train.timer import SecondOrStepTimer


def train_and_evaluate(
    estimator: Estimator, train_spec: TrainSpec, eval_spec: EvalSpec
) -> tuple[dict[str, Any] | None, list[Any] | None]:
    """Trains an Estimator, evaluates it after checkpoints, and exports it.

    Training goes on in one session. The model is evaluated at each new checkpoint, unless less than
    `eval_spec.throttle_secs` went by since the last evaluation began; and at the last checkpoint whatever the throttle
    says. The run's manifest says of each checkpoint what was decided, and why.

    Args:
        estimator: The Estimator.
        train_spec: How to train.
        eval_spec: How to evaluate, how often, and what to export.

    Returns:
        What the last evaluation gave, and what the exporters did; None for both if nothing was trained.

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: The Estimator's `RunConfig` writes no checkpoints.

    Example:
        >>> import tempfile, numpy as np, trackml as tf
        >>> x = np.arange(4, dtype=np.float32)
        >>> def input_fn():
        ...     return tf.data.Dataset.from_tensor_slices(({"x": x}, 2.0 * x)).repeat().batch(4)
        >>> model = tf.estimator.LinearRegressor([tf.feature_column.numeric_column("x")], tempfile.mkdtemp())
        >>> metrics, exports = tf.estimator.train_and_evaluate(
        ...     model, tf.estimator.TrainSpec(input_fn, max_steps=20), tf.estimator.EvalSpec(input_fn, steps=1))
        >>> int(metrics["global_step"]), exports
        (20, [])
    """
    _check("estimator", estimator, Estimator)
    _check("train_spec", train_spec, TrainSpec)
    _check("eval_spec", eval_spec, EvalSpec)
    logging.info("Not using Distribute Coordinator.")
    logging.info("Running training and evaluation locally (non-distributed).")
    logging.info(
        "Start train and evaluate loop. The evaluate will happen after every checkpoint. Checkpoint frequency is "
        "determined based on RunConfig arguments: save_checkpoints_steps %s or save_checkpoints_secs %s.",
        estimator.config.save_checkpoints_steps,
        estimator.config.save_checkpoints_secs,
    )
    evaluator = _Evaluator(estimator, eval_spec, train_spec.max_steps)
    listener = _EvaluatingListener(evaluator, eval_spec.throttle_secs, _Decisions(estimator.model_dir, eval_spec))
    estimator.train(
        train_spec.input_fn,
        hooks=list(train_spec.hooks),
        max_steps=train_spec.max_steps,
        saving_listeners=[listener],
    )
    return evaluator.metrics, evaluator.exports


def _check(name: str, value: Any, kind: type) -> None:
    if not isinstance(value, kind):
        raise TypeError(f"`{name}` must have type `tf.estimator.{kind.__name__}`. Got: {type(value)}")


def _check_results(metrics: Any) -> None:
    """Raises an error unless an Estimator of the user's own evaluates to what is needed from here on."""
    if not metrics:
        raise ValueError("Internal error: `Estimator.evaluate` should never return empty metrics.")
    if not isinstance(metrics, dict):
        raise TypeError(f"`Estimator.evaluate` should return dict. Given {type(metrics)}.")
    if GraphKeys.GLOBAL_STEP not in metrics:
        raise ValueError(
            f"Internal error: `Estimator.evaluate` result should have `global_step` in result. Given {metrics}"
        )


class _Evaluator:
    """Evaluates and exports the newest checkpoint."""

    def __init__(self, estimator: Estimator, eval_spec: EvalSpec, max_steps: int | None) -> None:
        self._estimator = estimator
        self._spec = eval_spec
        self._max_steps = max_steps
        self.metrics: dict[str, Any] | None = None
        """What the last evaluation gave."""
        self.exports: list[Any] | None = None
        """What the exporters did after it."""

    def evaluate_and_export(self) -> None:
        """Evaluates, then calls the exporters."""
        path = self._estimator.latest_checkpoint()
        assert path is not None, "called after a checkpoint was written"
        self.metrics = self._estimator.evaluate(
            self._spec.input_fn, self._spec.steps, list(self._spec.hooks), path, self._spec.name
        )
        _check_results(self.metrics)
        is_final = bool(self._max_steps) and bool(self.metrics[GraphKeys.GLOBAL_STEP] >= self._max_steps)
        directory = os.path.join(self._estimator.model_dir, "export")
        self.exports = [
            exporter.export(
                estimator=self._estimator,
                export_path=os.path.join(directory, exporter.name),
                checkpoint_path=path,
                eval_result=self.metrics,
                is_the_final_export=is_final,
            )
            for exporter in self._spec.exporters
        ]


class _Decisions:
    """Tells the manifest of each checkpoint whether it is evaluated, and when the next one is due."""

    def __init__(self, directory: str, spec: EvalSpec) -> None:
        self._directory = directory
        self._throttle_secs = spec.throttle_secs
        self._name = spec.name
        self._manifest().record(
            evaluation={"name": spec.name, "throttle_secs": spec.throttle_secs, "steps": spec.steps,
                        "start_delay_secs": spec.start_delay_secs}
        )  # fmt: skip

    def tell(self, decision: str, step: int, reason: str, next_due: float | None) -> None:
        """Notes a decision.

        Args:
            decision: `"skipped"`, `"evaluating"` or `"evaluated"`.
            step: The step of the checkpoint.
            reason: Why.
            next_due: When the throttle is over, in seconds since the epoch.
        """
        facts = {"name": self._name, "decision": decision, "step": step, "reason": reason, "next_due": next_due}
        self._manifest().record(evaluation=facts)

    def _manifest(self) -> ManifestWriter:
        return manifest_of(self._directory)


class _EvaluatingListener(CheckpointSaverListener):
    """Evaluates after checkpoints; the one that a training begins with was evaluated before, or is untrained."""

    def __init__(self, evaluator: _Evaluator, throttle_secs: float, decisions: _Decisions) -> None:
        self._evaluator = evaluator
        self._throttle_secs = throttle_secs
        self._decisions = decisions

    def begin(self) -> None:
        """Starts the clock."""
        self._timer = SecondOrStepTimer(every_secs=self._throttle_secs)
        self._next_due: float | None = None
        self._is_first = True

    def after_save(self, session: Any, global_step_value: int) -> bool | None:
        """Evaluates, unless it is too early."""
        if self._is_first:
            self._is_first = False
            self._decisions.tell("skipped", global_step_value, "first checkpoint of the session", None)
        elif self._timer.should_trigger_for_step(global_step_value):
            self._evaluate(global_step_value, "new checkpoint")
        else:
            logging.info("Skip the current checkpoint eval due to throttle secs (%s secs).", self._throttle_secs)
            self._decisions.tell("skipped", global_step_value, "throttle_secs", self._next_due)
        return None

    def end(self, session: Any, global_step_value: int) -> None:
        """Evaluates the last checkpoint, unless that was done."""
        if global_step_value != self._timer.last_triggered_step():
            self._evaluate(global_step_value, "end of training")

    def _evaluate(self, step: int, reason: str) -> None:
        self._timer.update_last_triggered_step(step)
        self._next_due = time.time() + self._throttle_secs
        self._decisions.tell("evaluating", step, reason, self._next_due)
        self._evaluator.evaluate_and_export()
        self._decisions.tell("evaluated", step, reason, self._next_due)
