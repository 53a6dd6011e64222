"""Hooks that write: checkpoints and summaries."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from google.protobuf import text_format
from tensorboard.compat.proto.event_pb2 import SessionLog

from trackml import logging
from trackml.global_step import get_global_step
from trackml.graph.graph import get_default_graph
from trackml.graph.keys import GraphKeys
from trackml.graph.meta_graph import meta_graph_def
from trackml.storage.files import replace_file
from trackml.summary.writer_cache import FileWriterCache
from trackml.train.session_run_hook import SessionRunArgs, SessionRunContext, SessionRunHook, SessionRunValues
from trackml.train.timer import SecondOrStepTimer


class CheckpointSaverListener:
    """The base of what is called around each checkpoint. Override what is needed."""

    def begin(self) -> None:
        """Called once before the session is made."""

    def before_save(self, session: Any, global_step_value: int) -> None:
        """Called before a checkpoint is written."""

    def after_save(self, session: Any, global_step_value: int) -> bool | None:
        """Called after a checkpoint was written; a true value stops the training."""
        return None

    def end(self, session: Any, global_step_value: int) -> None:
        """Called after the last checkpoint."""


class CheckpointSaverHook(SessionRunHook):
    """Saves a checkpoint when the session begins, every so often, and at the end.

    Args:
        checkpoint_dir: Where checkpoints go; `graph.pbtxt` and the graph's events too.
        save_secs: Seconds between checkpoints.
        save_steps: Steps between checkpoints.
        saver: The saver; that of `scaffold` or of the graph by default.
        checkpoint_basename: What the files' names begin with.
        scaffold: The scaffold that has the saver.
        listeners: What is called around each checkpoint.

    Raises:
        ValueError: Both `saver` and `scaffold` are given, or not exactly one interval.
    """

    def __init__(
        self,
        checkpoint_dir: str,
        save_secs: float | None = None,
        save_steps: int | None = None,
        saver: Any = None,
        checkpoint_basename: str = "model.ckpt",
        scaffold: Any = None,
        listeners: Sequence[CheckpointSaverListener] | None = None,
    ) -> None:
        logging.info("Create CheckpointSaverHook.")
        if saver is not None and scaffold is not None:
            raise ValueError("You cannot provide both saver and scaffold.")
        self._saver = saver
        self._scaffold = scaffold
        self._checkpoint_dir = checkpoint_dir
        self._save_path = os.path.join(checkpoint_dir, checkpoint_basename)
        self._timer = SecondOrStepTimer(save_secs, save_steps)
        self._listeners = list(listeners or [])

    def add_listeners(self, listeners: Sequence[CheckpointSaverListener]) -> None:
        """Calls these too around each checkpoint, those that it does not call already."""
        self._listeners.extend(listener for listener in listeners if listener not in self._listeners)

    def begin(self) -> None:
        """Opens the event file and finds the global step."""
        self._summary_writer = FileWriterCache.get(self._checkpoint_dir)
        self._global_step_tensor = get_global_step()
        if self._global_step_tensor is None:
            raise RuntimeError("Global step should be created to use CheckpointSaverHook.")
        self._request = SessionRunArgs(self._global_step_tensor)
        for listener in self._listeners:
            listener.begin()

    def after_create_session(self, session: Any, coord: Any) -> None:
        """Writes the graph, and the first checkpoint."""
        step = int(session.run(self._global_step_tensor))
        graph = get_default_graph()
        message = graph.as_graph_def(add_shapes=True)
        os.makedirs(self._checkpoint_dir, exist_ok=True)
        replace_file(os.path.join(self._checkpoint_dir, "graph.pbtxt"), text_format.MessageToString(message).encode())
        self._summary_writer.add_graph(graph)
        saver = self._get_saver()
        saver_def = saver.saver_def if saver is not None else None
        self._summary_writer.add_meta_graph(meta_graph_def(graph, graph_def=message, saver_def=saver_def))
        self._save(session, step)
        self._timer.update_last_triggered_step(step)

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs:
        """Asks for the global step."""
        return self._request

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Saves when it is due."""
        if not self._timer.should_trigger_for_step(int(run_values.results) + 1):
            return
        step = int(run_context.session.run(self._global_step_tensor))
        if self._timer.should_trigger_for_step(step):
            self._timer.update_last_triggered_step(step)
            if self._save(run_context.session, step):
                run_context.request_stop()

    def end(self, session: Any) -> None:
        """Saves the last step, unless it is saved already."""
        step = int(session.run(self._global_step_tensor))
        if step != self._timer.last_triggered_step():
            self._save(session, step)
        for listener in self._listeners:
            listener.end(session, step)

    def _save(self, session: Any, step: int) -> bool:
        """Saves a checkpoint; True when a listener wants the training to stop."""
        logging.info("Saving checkpoints for %d into %s.", step, self._save_path)
        for listener in self._listeners:
            listener.before_save(session, step)
        self._get_saver().save(session, self._save_path, global_step=step)
        self._summary_writer.add_session_log(
            SessionLog(status=SessionLog.CHECKPOINT, checkpoint_path=self._save_path), step
        )
        stop = False
        for listener in self._listeners:
            if listener.after_save(session, step):
                logging.info("A CheckpointSaverListener requested that training be stopped. listener: %s", listener)
                stop = True
        return stop

    def _get_saver(self) -> Any:
        if self._saver is not None:
            return self._saver
        if self._scaffold is not None:
            return self._scaffold.saver
        savers = get_default_graph().get_collection(GraphKeys.SAVERS)
        if len(savers) != 1:
            raise RuntimeError(
                f"Expected one item in collection {GraphKeys.SAVERS}, found {len(savers)}. "
                "Pass a saver or a scaffold to CheckpointSaverHook."
            )
        return savers[0]


class SummarySaverHook(SessionRunHook):
    """Writes summaries every so often, beginning with the first step.

    Args:
        save_steps: Steps between summaries.
        save_secs: Seconds between summaries.
        output_dir: Where the event file is.
        summary_writer: The writer to use in place of that of `output_dir`.
        scaffold: The scaffold that has the summary op.
        summary_op: A tensor of a serialized Summary, or a list of them.

    Raises:
        ValueError: Not exactly one of `scaffold` and `summary_op` is given, or of the intervals.
    """

    def __init__(
        self,
        save_steps: int | None = None,
        save_secs: float | None = None,
        output_dir: str | None = None,
        summary_writer: Any = None,
        scaffold: Any = None,
        summary_op: Any = None,
    ) -> None:
        if (scaffold is None) == (summary_op is None):
            raise ValueError("Exactly one of scaffold or summary_op must be provided.")
        self._summary_op = summary_op
        self._scaffold = scaffold
        self._output_dir = output_dir
        self._summary_writer = summary_writer
        self._timer = SecondOrStepTimer(save_secs, save_steps)

    def begin(self) -> None:
        """Opens the event file and finds the global step."""
        if self._summary_writer is None and self._output_dir:
            self._summary_writer = FileWriterCache.get(self._output_dir)
        self._next_step: int | None = None
        self._global_step_tensor = get_global_step()
        if self._global_step_tensor is None:
            raise RuntimeError("Global step should be created to use SummarySaverHook.")
        self._step_alone = SessionRunArgs((self._global_step_tensor, []))

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs:
        """Asks for the summaries when they are due, and for nothing but the step when not."""
        self._due = self._next_step is None or self._timer.should_trigger_for_step(self._next_step)
        return SessionRunArgs((self._global_step_tensor, self._summaries())) if self._due else self._step_alone

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Writes them."""
        if self._summary_writer is None:
            return
        step_before, summaries = run_values.results
        step = int(step_before) + 1
        if self._due:
            step = int(run_context.session.run(self._global_step_tensor))
        if self._next_step is None:
            self._summary_writer.add_session_log(SessionLog(status=SessionLog.START), step)
        if self._due:
            self._timer.update_last_triggered_step(step)
            for summary in summaries:
                self._summary_writer.add_summary(summary, step)
        self._next_step = step + 1

    def end(self, session: Any) -> None:
        """Writes what is still queued."""
        if self._summary_writer is not None:
            self._summary_writer.flush()

    def _summaries(self) -> list[Any]:
        found = self._summary_op if self._summary_op is not None else self._scaffold.summary_op
        if found is None:
            return []
        return list(found) if isinstance(found, (list, tuple)) else [found]
