"""Hooks that watch values: print them, stop at NaN, collect them at the end."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from trackml import logging
from trackml.graph.graph import get_default_graph
from trackml.train.session_run_hook import SessionRunArgs, SessionRunContext, SessionRunHook, SessionRunValues
from trackml.train.timer import SecondOrStepTimer


class NanLossDuringTrainingError(RuntimeError):
    """The loss became NaN."""

    def __str__(self) -> str:
        return "NaN loss during training."


class NanTensorHook(SessionRunHook):
    """Stops the training when the loss is NaN.

    Args:
        loss_tensor: The loss.
        fail_on_nan_loss: Raise `NanLossDuringTrainingError`; otherwise log a warning and stop.
    """

    def __init__(self, loss_tensor: Any, fail_on_nan_loss: bool = True) -> None:
        self._request = SessionRunArgs(loss_tensor)
        self._fail_on_nan_loss = fail_on_nan_loss

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs:
        """Asks for the loss."""
        return self._request

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Looks at it."""
        # Only what is not a number differs from itself; np.isnan takes ten times as long to say so.
        if run_values.results == run_values.results:
            return
        if self._fail_on_nan_loss:
            logging.error("Model diverged with loss = NaN.")
            raise NanLossDuringTrainingError
        logging.warning("Model diverged with loss = NaN.")
        run_context.request_stop()


class LoggingTensorHook(SessionRunHook):
    """Logs the values of tensors every so often.

    Args:
        tensors: A dict from a label to a tensor (or its name), or a list of tensors or names. A line has the order
            of the list or of an `OrderedDict`, or the labels sorted.
        every_n_iter: Log every so many runs, beginning with the first.
        every_n_secs: Log every so many seconds.
        at_end: Log once more at the end.
        formatter: A function from {label: value} to the line; by default
            `loss = 0.1, step = 101 (0.123 sec)`.

    Raises:
        ValueError: Not exactly one of the two intervals is given (none is needed with `at_end`).
    """

    def __init__(
        self,
        tensors: Any,
        every_n_iter: int | None = None,
        every_n_secs: float | None = None,
        at_end: bool = False,
        formatter: Callable[[Mapping[str, Any]], str] | None = None,
    ) -> None:
        only_at_end = at_end and every_n_iter is None and every_n_secs is None
        if not only_at_end and (every_n_iter is None) == (every_n_secs is None):
            raise ValueError("either at_end and/or exactly one of every_n_iter and every_n_secs must be provided.")
        if every_n_iter is not None and every_n_iter <= 0:
            raise ValueError(f"invalid every_n_iter={every_n_iter}.")
        self._tensors = _by_tag(tensors)
        self._formatter = formatter
        self._at_end = at_end
        self._timer = None if only_at_end else SecondOrStepTimer(every_n_secs, every_n_iter)

    def begin(self) -> None:
        """Finds the tensors in the graph."""
        if self._timer is not None:
            self._timer.reset()
        self._iterations = 0
        graph = get_default_graph()
        self._current = [graph.as_graph_element(item, allow_operation=False) for item in self._tensors.values()]

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs | None:
        """Asks for the values when they are due."""
        self._due = self._timer is not None and self._timer.should_trigger_for_step(self._iterations)
        return SessionRunArgs(self._current) if self._due else None

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Logs them."""
        if self._due:
            self._log(run_values.results)
        self._iterations += 1

    def end(self, session: Any) -> None:
        """Logs once more if that is wanted."""
        if self._at_end:
            self._log(session.run(self._current))

    def _log(self, results: Sequence[Any]) -> None:
        values = dict(zip(self._tensors, results))
        seconds = None
        if self._timer is not None:
            seconds, _ = self._timer.update_last_triggered_step(self._iterations)
        if self._formatter is not None:
            logging.info(self._formatter(values))
            return
        with np.printoptions(suppress=True):
            text = ", ".join(f"{_label(tag)} = {_text(value)}" for tag, value in values.items())
        logging.info("%s (%.3f sec)", text, seconds) if seconds is not None else logging.info(text)


def _by_tag(tensors: Any) -> dict[Any, Any]:
    """Tensors by what they are called in a line, in its order; those of a list by themselves."""
    if not isinstance(tensors, Mapping):
        return {item: item for item in tensors}
    return {tag: tensors[tag] for tag in (tensors if isinstance(tensors, OrderedDict) else sorted(tensors))}


def _label(item: Any) -> str:
    return item if isinstance(item, str) else str(item.name)


def _text(value: Any) -> str:
    return str(value.decode("utf-8", "replace") if isinstance(value, bytes) else value)


class FinalOpsHook(SessionRunHook):
    """Evaluates tensors at the end of a session.

    Args:
        final_ops: Tensors, in any structure.
        final_ops_feed_dict: Values to feed.
    """

    def __init__(self, final_ops: Any, final_ops_feed_dict: Any = None) -> None:
        self._final_ops = final_ops
        self._feed_dict = final_ops_feed_dict
        self._values: Any = None

    @property
    def final_ops_values(self) -> Any:
        """The values, once the session has ended."""
        return self._values

    def end(self, session: Any) -> None:
        """Evaluates them."""
        if self._final_ops is not None:
            self._values = session.run(self._final_ops, self._feed_dict)


class FeedFnHook(SessionRunHook):
    """Feeds each run with what a function returns.

    Args:
        feed_fn: A function without arguments that gives a feed_dict.
    """

    def __init__(self, feed_fn: Callable[[], Any]) -> None:
        self.feed_fn = feed_fn

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs:
        """Calls the function."""
        return SessionRunArgs(None, self.feed_fn())


class GlobalStepWaiterHook(SessionRunHook):
    """Waits until the global step has reached a value before the first run.

    Args:
        wait_until_step: The value.
        poll_seconds: How long to wait between looks.
    """

    def __init__(self, wait_until_step: int, poll_seconds: float = 0.5) -> None:
        self._wait_until_step = wait_until_step
        self._poll_seconds = poll_seconds
        self._waiting = True

    def before_run(self, run_context: SessionRunContext) -> None:
        """Waits."""
        from trackml.global_step import get_global_step

        if not self._waiting or self._wait_until_step <= 0:
            return
        while int(run_context.session.run(get_global_step())) < self._wait_until_step:
            time.sleep(self._poll_seconds)
        self._waiting = False


def as_hooks(hooks: Sequence[Any] | None) -> list[SessionRunHook]:
    """`hooks` as a list; TypeError when one is no hook, or when this is no list."""
    if isinstance(hooks, SessionRunHook):
        raise TypeError(f"hooks must be a list of `SessionRunHook` instances, given one alone: {hooks!r}")
    checked = list(hooks or [])
    for hook in checked:
        if not isinstance(hook, SessionRunHook):
            raise TypeError(f"All hooks must be `SessionRunHook` instances, given: {hook!r}")
    return checked
