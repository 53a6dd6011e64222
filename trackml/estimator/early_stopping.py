"""Hooks that end a training when evaluations say that it is of no more use.

The figures come from the event files of the evaluations, so evaluations of earlier processes count.

Source: tensorflow_estimator/python/estimator/early_stopping.py.
"""

from __future__ import annotations

import glob
import operator
import os
from collections.abc import Callable, Mapping

from trackml import dtypes, logging
from trackml.estimator.estimator import Estimator
from trackml.events import summary_iterator
from trackml.global_step import get_global_step
from trackml.graph.keys import GraphKeys
from trackml.initializers import Constant
from trackml.train.session_run_hook import SessionRunArgs, SessionRunContext, SessionRunHook, SessionRunValues
from trackml.train.step_hooks import StopAtStepHook
from trackml.train.timer import SecondOrStepTimer
from trackml.variables.scope import AUTO_REUSE, get_variable, variable_scope
from trackml.variables.variable import Variable


def make_early_stopping_hook(
    estimator: Estimator,
    should_stop_fn: Callable[[], bool],
    run_every_secs: float | None = 60,
    run_every_steps: int | None = None,
) -> SessionRunHook:
    """A hook that asks a function every so often whether to stop.

    Args:
        estimator: The Estimator that is trained.
        should_stop_fn: A function without arguments; training ends when it gives True.
        run_every_secs: Seconds between two calls.
        run_every_steps: Steps between two calls, with `run_every_secs=None`.

    Raises:
        TypeError: `estimator` is none, or `should_stop_fn` cannot be called.
        ValueError: Both intervals are given, or none.
    """
    if not isinstance(estimator, Estimator):
        raise TypeError(f"`estimator` must have type `tf.estimator.Estimator`. Got: {type(estimator)}")
    if run_every_secs is not None and run_every_steps is not None:
        raise ValueError(
            f"Only one of `run_every_secs` and `run_every_steps` must be set; got {run_every_secs} and "
            f"{run_every_steps}. Pass run_every_secs=None to count steps."
        )
    return _StopOnPredicateHook(should_stop_fn, run_every_secs, run_every_steps)


def stop_if_higher_hook(
    estimator: Estimator,
    metric_name: str,
    threshold: float,
    eval_dir: str | None = None,
    min_steps: int = 0,
    run_every_secs: float | None = 60,
    run_every_steps: int | None = None,
) -> SessionRunHook:
    """A hook that stops when a metric of any evaluation is higher than a threshold.

    Args:
        estimator: The Estimator that is trained.
        metric_name: The metric, such as `"accuracy"`.
        threshold: The value that is high enough.
        eval_dir: Where the evaluations' event files are; `estimator.eval_dir()` by default.
        min_steps: Evaluations before this step do not count.
        run_every_secs: Seconds between two looks.
        run_every_steps: Steps between two looks, with `run_every_secs=None`.
    """
    decide = _threshold_crossed(operator.gt, "greater than", metric_name, threshold, min_steps)
    return _on_results(estimator, decide, eval_dir, run_every_secs, run_every_steps)


def stop_if_lower_hook(
    estimator: Estimator,
    metric_name: str,
    threshold: float,
    eval_dir: str | None = None,
    min_steps: int = 0,
    run_every_secs: float | None = 60,
    run_every_steps: int | None = None,
) -> SessionRunHook:
    """A hook that stops when a metric of any evaluation is lower than a threshold; as `stop_if_higher_hook`."""
    decide = _threshold_crossed(operator.lt, "less than", metric_name, threshold, min_steps)
    return _on_results(estimator, decide, eval_dir, run_every_secs, run_every_steps)


def stop_if_no_increase_hook(
    estimator: Estimator,
    metric_name: str,
    max_steps_without_increase: int,
    eval_dir: str | None = None,
    min_steps: int = 0,
    run_every_secs: float | None = 60,
    run_every_steps: int | None = None,
) -> SessionRunHook:
    """A hook that stops when a metric has not increased for so many steps.

    Args:
        estimator: The Estimator that is trained.
        metric_name: The metric, such as `"accuracy"`.
        max_steps_without_increase: Steps between the best evaluation and the one that ends the training.
        eval_dir: Where the evaluations' event files are; `estimator.eval_dir()` by default.
        min_steps: Evaluations before this step do not count.
        run_every_secs: Seconds between two looks.
        run_every_steps: Steps between two looks, with `run_every_secs=None`.

    Example:
        >>> import tempfile, trackml as tf
        >>> columns = [tf.feature_column.numeric_column("x")]
        >>> estimator = tf.estimator.LinearClassifier(columns, model_dir=tempfile.mkdtemp())
        >>> hook = tf.estimator.experimental.stop_if_no_increase_hook(estimator, "accuracy", 1000)
        >>> spec = tf.estimator.TrainSpec(lambda: None, max_steps=10_000, hooks=[hook])
    """
    decide = _no_improvement(operator.gt, "increase", metric_name, max_steps_without_increase, min_steps)
    return _on_results(estimator, decide, eval_dir, run_every_secs, run_every_steps)


def stop_if_no_decrease_hook(
    estimator: Estimator,
    metric_name: str,
    max_steps_without_decrease: int,
    eval_dir: str | None = None,
    min_steps: int = 0,
    run_every_secs: float | None = 60,
    run_every_steps: int | None = None,
) -> SessionRunHook:
    """A hook that stops when a metric has not decreased for so many steps; as `stop_if_no_increase_hook`."""
    decide = _no_improvement(operator.lt, "decrease", metric_name, max_steps_without_decrease, min_steps)
    return _on_results(estimator, decide, eval_dir, run_every_secs, run_every_steps)


def read_eval_metrics(eval_dir: str | os.PathLike[str]) -> dict[int, dict[str, float]]:
    """The metrics of all evaluations that the event files of a directory tell of, by step, in its order.

    Args:
        eval_dir: The directory; one that is not there has no evaluations.
    """
    metrics: dict[int, dict[str, float]] = {}
    for path in sorted(glob.glob(os.path.join(glob.escape(os.fspath(eval_dir)), "events.out.tfevents.*"))):
        for event in summary_iterator(path):
            values = {item.tag: item.simple_value for item in event.summary.value if item.HasField("simple_value")}
            if values:
                metrics.setdefault(event.step, {}).update(values)
    return dict(sorted(metrics.items()))


def make_stop_at_checkpoint_step_hook(
    estimator: Estimator, last_step: int, wait_after_file_check_secs: float = 30
) -> SessionRunHook:
    """A hook that stops at a step once it is on disk; for the one process that there is here, that is `StopAtStepHook`.

    Args:
        estimator: The Estimator that is trained.
        last_step: The global step to stop at.
        wait_after_file_check_secs: Accepted for TensorFlow's sake: it is for workers that wait for their chief.
    """
    return StopAtStepHook(last_step=last_step)


Results = Mapping[int, Mapping[str, float]]
Decision = Callable[[Results], bool]


def _on_results(
    estimator: Estimator, decide: Decision, eval_dir: str | None, secs: float | None, steps: int | None
) -> SessionRunHook:
    """A hook that stops when `decide` says so of the evaluations so far."""
    return make_early_stopping_hook(
        estimator, lambda: decide(read_eval_metrics(eval_dir or estimator.eval_dir())), secs, steps
    )


def _values(results: Results, metric_name: str, min_steps: int) -> list[tuple[int, float]]:
    """The metric at each step from `min_steps` on."""
    for step, metrics in results.items():
        if metric_name not in metrics:
            raise KeyError(f"Evaluation at step {step} has no metric {metric_name!r}; it has {sorted(metrics)}.")
    return [(step, metrics[metric_name]) for step, metrics in results.items() if step >= min_steps]


def _threshold_crossed(
    crosses: Callable[[float, float], bool], how: str, metric_name: str, threshold: float, min_steps: int
) -> Decision:
    def decide(results: Results) -> bool:
        for step, value in _values(results, metric_name, min_steps):
            if crosses(value, threshold):
                logging.info(
                    'At step %s, metric "%s" has value %s which is %s the configured threshold (%s) for early '
                    "stopping.", step, metric_name, value, how, threshold,
                )  # fmt: skip
                return True
        return False

    return decide


def _no_improvement(
    is_better: Callable[[float, float], bool], change: str, metric_name: str, max_steps: int, min_steps: int
) -> Decision:
    def decide(results: Results) -> bool:
        best: tuple[int, float] | None = None
        for step, value in _values(results, metric_name, min_steps):
            # Anything is better than NaN, with which every comparison fails.
            if best is None or best[1] != best[1] or is_better(value, best[1]):
                best = (step, value)
            if step - best[0] >= max_steps:
                logging.info(
                    'No %s in metric "%s" for %s steps, which is greater than or equal to max steps (%s) configured '
                    "for early stopping.", change, metric_name, step - best[0], max_steps,
                )  # fmt: skip
                return True
        return False

    return decide


class _StopOnPredicateHook(SessionRunHook):
    """Stops when a function says so, and says it in a variable, which checkpoints hold as TensorFlow's do."""

    def __init__(self, should_stop_fn: Callable[[], bool], secs: float | None, steps: int | None) -> None:
        if not callable(should_stop_fn):
            raise TypeError("`should_stop_fn` must be callable.")
        self._should_stop_fn = should_stop_fn
        self._timer = SecondOrStepTimer(secs, steps)

    def begin(self) -> None:
        """Makes the variable."""
        self._global_step_tensor = get_global_step()
        self._stop_op = _stop_variable().assign(True, read_value=False)

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs:
        """Asks for the global step."""
        return SessionRunArgs(self._global_step_tensor)

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Asks the function when it is due."""
        step = int(run_values.results)
        if not self._timer.should_trigger_for_step(step):
            return
        self._timer.update_last_triggered_step(step)
        if self._should_stop_fn():
            logging.info("Requesting early stopping at global step %d", step)
            run_context.session.run(self._stop_op)
            run_context.request_stop()


def _stop_variable() -> Variable:
    with variable_scope("signal_early_stopping", reuse=AUTO_REUSE):
        return get_variable(
            "STOP",
            shape=[],
            dtype=dtypes.bool_,
            initializer=Constant(False),
            collections=[GraphKeys.GLOBAL_VARIABLES],
            trainable=False,
        )
