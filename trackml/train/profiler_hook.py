"""A hook that writes what the operations of a step took."""

from __future__ import annotations

import contextlib
import os
from typing import Any

from tensorboard.compat.proto.config_pb2 import RunOptions

from trackml import logging
from trackml.storage.files import replace_file
from trackml.summary.writer_cache import FileWriterCache
from trackml.train.session_run_hook import SessionRunArgs, SessionRunContext, SessionRunHook, SessionRunValues
from trackml.train.step_hooks import required_global_step
from trackml.train.timeline import Timeline
from trackml.train.timer import SecondOrStepTimer


class ProfilerHook(SessionRunHook):
    """Writes `timeline-<step>.json` every so often, which `chrome://tracing` shows, and the trace to the event file.

    Args:
        save_steps: Steps between two traces.
        save_secs: Seconds between two traces.
        output_dir: Where they go; the working directory by default.
        show_dataflow: Whether to draw arrows from each operation to those that take its outputs.
        show_memory: Whether to show sizes and lives of tensors.

    Raises:
        ValueError: Not exactly one of the intervals is given.
    """

    def __init__(
        self,
        save_steps: int | None = None,
        save_secs: float | None = None,
        output_dir: str = "",
        show_dataflow: bool = True,
        show_memory: bool = False,
    ) -> None:
        self._output_dir = os.fspath(output_dir) or os.curdir
        self._show_dataflow = show_dataflow
        self._show_memory = show_memory
        self._timer = SecondOrStepTimer(save_secs, save_steps)

    def begin(self) -> None:
        """Opens the event file and finds the global step."""
        self._writer = FileWriterCache.get(self._output_dir)
        self._next_step: int | None = None
        self._global_step_tensor = required_global_step("ProfilerHook")

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs:
        """Asks for a trace when it is due."""
        self._due = self._next_step is not None and self._timer.should_trigger_for_step(self._next_step)
        options = RunOptions(trace_level=RunOptions.FULL_TRACE) if self._due else None
        return SessionRunArgs(self._global_step_tensor, options=options)

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Writes the trace."""
        step = int(run_values.results)
        if self._next_step is None:
            # The first trace is due when an interval is over, not at once.
            self._timer.update_last_triggered_step(step)
        step += 1
        if self._due:
            step = int(run_context.session.run(self._global_step_tensor))
            self._timer.update_last_triggered_step(step)
            self._save(step, run_values.run_metadata)
        self._next_step = step + 1

    def _save(self, step: int, run_metadata: Any) -> None:
        path = os.path.join(self._output_dir, f"timeline-{step}.json")
        logging.info("Saving timeline for %d into '%s'.", step, path)
        trace = Timeline(run_metadata.step_stats)
        os.makedirs(self._output_dir, exist_ok=True)
        replace_file(path, trace.generate_chrome_trace_format(self._show_dataflow, self._show_memory).encode())
        with contextlib.suppress(ValueError):  # The event file has a trace of this step: it was run twice.
            self._writer.add_run_metadata(run_metadata, f"step_{step}")
