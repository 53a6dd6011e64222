"""Monitored sessions: a session that initialises or restores itself, runs hooks, and ends at the end of the input."""

from __future__ import annotations

import os
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from tensorboard.compat.proto.config_pb2 import RunMetadata

from trackml import logging
from trackml.checkpoint.saver import Saver
from trackml.checkpoint.state import get_checkpoint_state
from trackml.errors import OutOfRangeError
from trackml.graph.graph import Graph, get_default_graph
from trackml.graph.session import Session
from trackml.train.logging_hooks import as_hooks
from trackml.train.resume import newest_checkpoint
from trackml.train.saver_hooks import CheckpointSaverHook, SummarySaverHook
from trackml.train.scaffold import Scaffold
from trackml.train.session_run_hook import SessionRunArgs, SessionRunContext, SessionRunHook, SessionRunValues
from trackml.train.step_hooks import StepCounterHook

_UNSET: Any = object()


class ChiefSessionCreator:
    """Makes a session whose variables are restored from the newest checkpoint, or initialised.

    Args:
        scaffold: The operations to do it with; a default one if not given.
        master: Accepted for TensorFlow's sake; must be empty.
        config: Accepted for TensorFlow's sake.
        checkpoint_dir: Where to look for a checkpoint.
        checkpoint_filename_with_path: The checkpoint to restore, in place of the newest.
    """

    def __init__(
        self,
        scaffold: Scaffold | None = None,
        master: str = "",
        config: Any = None,
        checkpoint_dir: str | None = None,
        checkpoint_filename_with_path: str | None = None,
    ) -> None:
        self._scaffold = scaffold or Scaffold()
        self._master = master
        self._config = config
        self._checkpoint_dir = checkpoint_dir
        self._checkpoint_path = checkpoint_filename_with_path

    def create_session(self) -> Session:
        """Finalizes the graph and makes the session, ready to run.

        Raises:
            RuntimeError: A variable has no value after initialisation.
        ValueError: The directory names checkpoints, but the files of all of them are gone.
        """
        scaffold = self._scaffold.finalize()
        session = Session(self._master, graph=get_default_graph(), config=self._config)
        path = self._checkpoint_path or self._newest()
        if path is None:
            session.run(scaffold.init_op, scaffold.init_feed_dict)
            if scaffold.init_fn is not None:
                scaffold.init_fn(session)
        else:
            self._restore(session, _required_saver(scaffold), path)
        _check_ready(session, scaffold.ready_for_local_init_op, scaffold)
        logging.info("Running local_init_op.")
        session.run(scaffold.local_init_op, scaffold.local_init_feed_dict)
        logging.info("Done running local_init_op.")
        _check_ready(session, scaffold.ready_op, scaffold)
        return session

    def _newest(self) -> str | None:
        if not self._checkpoint_dir:
            return None
        path = newest_checkpoint(self._checkpoint_dir)
        if path is None and get_checkpoint_state(self._checkpoint_dir) is not None:
            raise ValueError(
                f"None of the checkpoints that {os.path.join(self._checkpoint_dir, 'checkpoint')} names is there. "
                "Delete that file to begin anew, or restore the files of a checkpoint to go on from it."
            )
        return path

    def _restore(self, session: Session, saver: Saver, path: str) -> None:
        logging.info("Restoring parameters from %s", path)
        saver.restore(session, path)
        state = get_checkpoint_state(self._checkpoint_dir) if self._checkpoint_dir else None
        if state is not None:
            saver.recover_last_checkpoints(state.all_model_checkpoint_paths)


def _required_saver(scaffold: Scaffold) -> Saver:
    if scaffold.saver is None:
        raise RuntimeError("The scaffold has no saver: it must be finalized before a checkpoint can be restored.")
    return scaffold.saver


def _check_ready(session: Session, ready_op: Any, scaffold: Scaffold) -> None:
    if ready_op is None:
        return
    missing = [name.decode("utf-8") for name in session.run(ready_op)]
    if missing:
        raise RuntimeError(
            f"Init operations did not make model ready. Variables not initialized: {', '.join(missing)}. "
            f"Init op: {scaffold.init_op!r}, init fn: {scaffold.init_fn}, local_init_op: {scaffold.local_init_op!r}"
        )


class MonitoredSession:
    """A session that runs hooks around each run.

    Used as a context it ends quietly at the end of the input (`OutOfRangeError`), and tells its hooks.

    Args:
        session_creator: Makes the session; a `ChiefSessionCreator` by default.
        hooks: What to run around each run, in this order.
        stop_grace_period_secs: Accepted for TensorFlow's sake.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default():
        ...     step = tf.train.get_or_create_global_step()
        ...     count = step.assign_add(1)
        ...     with tf.train.MonitoredSession(hooks=[tf.train.StopAtStepHook(last_step=3)]) as session:
        ...         while not session.should_stop():
        ...             last = session.run(count)
        >>> int(last)
        3
    """

    def __init__(
        self,
        session_creator: Any = None,
        hooks: Sequence[SessionRunHook] | None = None,
        stop_grace_period_secs: float = 120,
    ) -> None:
        self._hooks = as_hooks(hooks)
        self._should_stop = False
        self._graph_was_finalized = get_default_graph().finalized
        for hook in self._hooks:
            hook.begin()
        self._session: Session | None = (session_creator or ChiefSessionCreator()).create_session()
        try:
            for hook in self._hooks:
                hook.after_create_session(self._session, None)
        except BaseException:
            self._close(failed=True)
            raise
        self._calls = [(_own(hook, "before_run"), _own(hook, "after_run")) for hook in self._hooks]

    @property
    def graph(self) -> Graph:
        """The graph that is run."""
        return self._open().graph

    def _open(self) -> Session:
        if self._session is None:
            raise RuntimeError("Session is closed.")
        return self._session

    def should_stop(self) -> bool:
        """Whether a hook asked to stop, or the session is closed."""
        return self._session is None or self._should_stop

    def run(self, fetches: Any, feed_dict: Any = None, options: Any = None, run_metadata: Any = None) -> Any:
        """Runs `fetches` together with what the hooks want; gives the values of `fetches`."""
        session = self._open()
        if self._should_stop:
            raise RuntimeError("Run called even after should_stop requested.")
        context = SessionRunContext(SessionRunArgs(fetches, feed_dict), session)
        requests = [None if before is None else before(context) for before, _ in self._calls]
        wanted, feeds = [fetches], feed_dict
        for request in requests:
            if request is not None:
                if request.fetches is not None:
                    wanted.append(request.fetches)
                if request.feed_dict:
                    feeds = _merged_feeds(feeds, request.feed_dict)
                if request.options is not None:
                    options = _more_thorough(options, request.options)
        if options is not None and run_metadata is None:
            run_metadata = RunMetadata()
        results = iter(session.run(wanted, feeds, options, run_metadata))
        own = next(results)
        for (_, after), request in zip(self._calls, requests):
            given = None if request is None or request.fetches is None else next(results)
            if after is not None:
                after(context, SessionRunValues(given, options, run_metadata))
        self._should_stop = self._should_stop or context.stop_requested
        return own

    def run_step_fn(self, step_fn: Any) -> Any:
        """Calls `step_fn` with a context whose `session` runs without hooks, `run_with_hooks` with them."""
        return step_fn(StepContext(self))

    def close(self) -> None:
        """Ends the hooks and the session."""
        self._close(failed=False)

    def _close(self, failed: bool) -> None:
        session, self._session = self._session, None
        if session is None:
            return
        try:
            if not failed:
                for hook in self._hooks:
                    hook.end(session)
        finally:
            session.close()
            if not self._graph_was_finalized:
                session.graph._unsafe_unfinalize()

    def __enter__(self) -> MonitoredSession:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        ended = kind is not None and issubclass(kind, (OutOfRangeError, StopIteration))
        self._close(failed=kind is not None and not ended)
        return ended


class StepContext:
    """What a function given to `MonitoredSession.run_step_fn` works with."""

    def __init__(self, monitored: MonitoredSession) -> None:
        self._monitored = monitored

    @property
    def session(self) -> Session:
        """The session without hooks."""
        return self._monitored._open()

    def run_with_hooks(self, *args: Any, **kwargs: Any) -> Any:
        """The same as `MonitoredSession.run`."""
        return self._monitored.run(*args, **kwargs)

    def request_stop(self) -> None:
        """Stops as at the end of the input."""
        raise StopIteration("step_fn has requested the iterations to stop.")


def _more_thorough(options: Any, more: Any) -> Any:
    """The more thorough trace of two that somebody asks for."""
    return more if options is None or more.trace_level > options.trace_level else options


def _merged_feeds(feeds: Any, more: Any) -> dict[Any, Any]:
    twice = [key for key in more if feeds and key in feeds]
    if twice:
        raise RuntimeError(f"Same tensor is fed by two hooks or by a hook and the caller. Tensor(s): {twice}")
    return {**(feeds or {}), **more}


def _own(hook: SessionRunHook, method: str) -> Any:
    """A method of a hook; None where it is the one of the base, which does nothing."""
    found = getattr(hook, method)
    return None if getattr(found, "__func__", None) is getattr(SessionRunHook, method) else found


def MonitoredTrainingSession(  # noqa: N802  TensorFlow's spelling
    master: str = "",
    is_chief: bool = True,
    checkpoint_dir: str | None = None,
    scaffold: Scaffold | None = None,
    hooks: Sequence[SessionRunHook] | None = None,
    chief_only_hooks: Sequence[SessionRunHook] | None = None,
    save_checkpoint_secs: Any = _UNSET,
    save_summaries_steps: Any = _UNSET,
    save_summaries_secs: Any = _UNSET,
    config: Any = None,
    stop_grace_period_secs: float = 120,
    log_step_count_steps: int | None = 100,
    max_wait_secs: float = 7200,
    save_checkpoint_steps: Any = _UNSET,
    summary_dir: str | None = None,
) -> MonitoredSession:
    """A monitored session that saves checkpoints and summaries.

    Args:
        master: Must be empty: there is only the local process.
        is_chief: Must be true, for the same reason.
        checkpoint_dir: Where checkpoints are read and written; None for none.
        scaffold: The operations that initialise, summarise and save.
        hooks: More hooks.
        chief_only_hooks: Hooks that run before the others.
        save_checkpoint_secs: Seconds between checkpoints; 600 if nothing is said.
        save_summaries_steps: Steps between summaries; 100 if nothing is said.
        save_summaries_secs: Seconds between summaries.
        config: Accepted for TensorFlow's sake.
        stop_grace_period_secs: Accepted for TensorFlow's sake.
        log_step_count_steps: Steps between figures of `global_step/sec`; None or 0 for none.
        max_wait_secs: Accepted for TensorFlow's sake.
        save_checkpoint_steps: Steps between checkpoints.
        summary_dir: Where summaries go; `checkpoint_dir` by default.

    Raises:
        ValueError: `is_chief` is false.
    """
    if not is_chief:
        raise ValueError("There is only one process here: is_chief must be True.")
    checkpoint_secs, checkpoint_steps = _interval(save_checkpoint_secs, save_checkpoint_steps, default=(600, None))
    summary_secs, summary_steps = _interval(save_summaries_secs, save_summaries_steps, default=(None, 100))
    scaffold = scaffold or Scaffold()
    summary_dir = summary_dir or checkpoint_dir
    all_hooks = list(chief_only_hooks or [])
    if summary_dir and log_step_count_steps:
        all_hooks.append(StepCounterHook(output_dir=summary_dir, every_n_steps=log_step_count_steps))
    if summary_dir and (summary_steps or summary_secs):
        all_hooks.append(SummarySaverHook(summary_steps, summary_secs, summary_dir, scaffold=scaffold))
    if checkpoint_dir and (checkpoint_secs or checkpoint_steps):
        all_hooks.append(CheckpointSaverHook(checkpoint_dir, checkpoint_secs, checkpoint_steps, scaffold=scaffold))
    creator = ChiefSessionCreator(scaffold, master, config, checkpoint_dir)
    return MonitoredSession(creator, [*all_hooks, *(hooks or [])], stop_grace_period_secs)


def _interval(secs: Any, steps: Any, default: tuple[Any, Any]) -> tuple[Any, Any]:
    """(seconds, steps) of which at most one is set; the default where nothing was said."""
    if secs is _UNSET and steps is _UNSET:
        return default
    chosen = (None if secs is _UNSET else secs, None if steps is _UNSET else steps)
    return (None, chosen[1]) if chosen[1] else (chosen[0] or None, None)


class SingularMonitoredSession(MonitoredSession):
    """A monitored session over one plain session, for notebooks.

    Args:
        hooks: What to run around each run.
        scaffold: The operations that initialise and save.
        master: Must be empty.
        config: Accepted for TensorFlow's sake.
        checkpoint_dir: Where to look for a checkpoint.
        stop_grace_period_secs: Accepted for TensorFlow's sake.
        checkpoint_filename_with_path: The checkpoint to restore.
    """

    def __init__(
        self,
        hooks: Sequence[SessionRunHook] | None = None,
        scaffold: Scaffold | None = None,
        master: str = "",
        config: Any = None,
        checkpoint_dir: str | None = None,
        stop_grace_period_secs: float = 120,
        checkpoint_filename_with_path: str | None = None,
    ) -> None:
        creator = ChiefSessionCreator(scaffold, master, config, checkpoint_dir, checkpoint_filename_with_path)
        super().__init__(creator, hooks, stop_grace_period_secs)

    def raw_session(self) -> Session:
        """The session without hooks."""
        return self._open()
