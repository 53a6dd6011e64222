"""One run of the demo's sweep, as a process: trains, evaluates now and then, and prints the steps that it has taken."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import trackml as tf
from trackml.demo.model import eval_input_fn, model_fn, train_input_fn
from trackml.demo.runs import Result, RunSettings, write_result

__all__ = ["train"]

EVALUATE_STEPS = 2_000
"""Steps between checkpoints, each of which is evaluated."""


class Evaluation(tf.train.CheckpointSaverListener):
    """Evaluates each checkpoint and reports its step."""

    scores: Mapping[str, Any] | None = None
    """What the last checkpoint reached; None before the first."""

    def __init__(self, estimator: tf.estimator.Estimator, report: Callable[[int], None]) -> None:
        """Keeps whom to ask and whom to tell."""
        self._estimator = estimator
        self._report = report

    def after_save(self, session: tf.Session, global_step_value: int) -> None:
        """Evaluates the checkpoint that was just written."""
        self.scores = self._estimator.evaluate(eval_input_fn)
        self._report(global_step_value)


def train(folder: Path, run: RunSettings, report: Callable[[int], None]) -> Result:
    """Trains one run in `folder`, or what is left of it, and gives what it reached.

    Args:
        folder: the run's model directory.
        run: the settings.
        report: called with the global step after each checkpoint.
    """
    began = time.monotonic()
    estimator = tf.estimator.Estimator(
        model_fn,
        model_dir=str(folder),
        params={"learning_rate": run.learning_rate, "units": run.units},
        config=tf.estimator.RunConfig(
            tf_random_seed=1, save_summary_steps=100, save_checkpoints_steps=EVALUATE_STEPS, keep_checkpoint_max=2
        ),
    )
    evaluation = Evaluation(estimator, report)
    estimator.train(train_input_fn, max_steps=run.steps, saving_listeners=[evaluation])
    scores = evaluation.scores or estimator.evaluate(eval_input_fn)  # nothing was left to train
    result = Result(float(scores["loss"]), float(scores["accuracy"]), time.monotonic() - began)
    write_result(folder, result)
    return result


def _main(folder: str, settings: str) -> None:
    train(Path(folder), RunSettings(**json.loads(settings)), lambda step: print(f"step {step}", flush=True))


if __name__ == "__main__":
    _main(*sys.argv[1:])
