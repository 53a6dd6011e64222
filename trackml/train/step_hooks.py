"""Hooks that count steps: stop at one, tell how many a second."""

from __future__ import annotations

from typing import Any

from tensorboard.compat.proto.summary_pb2 import Summary

from trackml import logging
from trackml.global_step import get_global_step
from trackml.summary.writer_cache import FileWriterCache
from trackml.train.session_run_hook import SessionRunArgs, SessionRunContext, SessionRunHook, SessionRunValues
from trackml.train.timer import SecondOrStepTimer


class StopAtStepHook(SessionRunHook):
    """Stops the training after some steps, or at a step.

    Args:
        num_steps: How many steps to make from where the training begins.
        last_step: The global step to stop at.

    Raises:
        ValueError: Not exactly one of them is given.
    """

    def __init__(self, num_steps: int | None = None, last_step: int | None = None) -> None:
        if (num_steps is None) == (last_step is None):
            raise ValueError("exactly one of num_steps or last_step must be specified.")
        self._num_steps = num_steps
        self._last_step = last_step

    def begin(self) -> None:
        """Finds the global step."""
        self._global_step_tensor = required_global_step("StopAtStepHook")
        self._request = SessionRunArgs(self._global_step_tensor)

    def after_create_session(self, session: Any, coord: Any) -> None:
        """Works out the last step."""
        if self._last_step is None:
            self._last_step = int(session.run(self._global_step_tensor)) + (self._num_steps or 0)

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs:
        """Asks for the global step."""
        return self._request

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Stops when it is reached."""
        # The value was read before the run counted itself.
        if self._last_step is not None and run_values.results + 1 >= self._last_step:
            step = run_context.session.run(self._global_step_tensor)
            if step >= self._last_step:
                run_context.request_stop()


class StepCounterHook(SessionRunHook):
    """Logs and summarises how many steps are made a second, as `global_step/sec`.

    Args:
        every_n_steps: Steps between two figures.
        every_n_secs: Seconds between two figures.
        output_dir: Where the event file is.
        summary_writer: The writer to use in place of that of `output_dir`.
    """

    def __init__(
        self,
        every_n_steps: int | None = 100,
        every_n_secs: float | None = None,
        output_dir: str | None = None,
        summary_writer: Any = None,
    ) -> None:
        self._timer = SecondOrStepTimer(every_n_secs, every_n_steps)
        self._output_dir = output_dir
        self._summary_writer = summary_writer

    def begin(self) -> None:
        """Finds the global step and opens the event file."""
        if self._summary_writer is None and self._output_dir:
            self._summary_writer = FileWriterCache.get(self._output_dir)
        self._global_step_tensor = required_global_step("StepCounterHook")
        self._request = SessionRunArgs(self._global_step_tensor)
        self._tag = f"{self._global_step_tensor.op.name}/sec"

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs:
        """Asks for the global step."""
        return self._request

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Notes the rate when it is due."""
        if not self._timer.should_trigger_for_step(int(run_values.results) + 1):
            return
        step = int(run_context.session.run(self._global_step_tensor))
        if self._timer.should_trigger_for_step(step):
            seconds, steps = self._timer.update_last_triggered_step(step)
            if seconds is not None and steps is not None:
                self._log_and_record(steps, seconds, step)

    def _log_and_record(self, elapsed_steps: int, elapsed_time: float, global_step: int) -> None:
        rate = elapsed_steps / max(elapsed_time, 1e-9)
        if self._summary_writer is not None:
            summary = Summary(value=[Summary.Value(tag=self._tag, simple_value=rate)])
            self._summary_writer.add_summary(summary, global_step)
        logging.info("%s: %g", self._tag, rate)


def required_global_step(user: str) -> Any:
    """The global step of the default graph; RuntimeError, naming the hook that needs it, when there is none."""
    found = get_global_step()
    if found is None:
        raise RuntimeError(f"Global step should be created to use {user}.")
    return found
