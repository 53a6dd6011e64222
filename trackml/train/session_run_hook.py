"""What a hook is: code that runs around each step of a monitored session."""

from __future__ import annotations

from typing import Any, NamedTuple


class SessionRunArgs(NamedTuple):
    """What a hook wants of the next run."""

    fetches: Any
    """Tensors, in any structure; their values come back in `SessionRunValues.results`."""
    feed_dict: Any = None
    """Values to feed."""
    options: Any = None
    """A `tf.RunOptions`: whether the run is traced."""


class SessionRunValues(NamedTuple):
    """What a run gave to a hook."""

    results: Any
    """The values of the hook's fetches, in their structure; None when it wanted none."""
    options: Any = None
    """The run's `tf.RunOptions`, if there are any."""
    run_metadata: Any = None
    """The trace, a `tf.RunMetadata`, of a run that is traced."""


class SessionRunContext:
    """What a hook knows of a run, and how it stops the training."""

    def __init__(self, original_args: SessionRunArgs, session: Any) -> None:
        self._original_args = original_args
        self._session = session
        self._stop_requested = False

    @property
    def original_args(self) -> SessionRunArgs:
        """What the caller of `MonitoredSession.run` asked for."""
        return self._original_args

    @property
    def session(self) -> Any:
        """The session itself, without hooks."""
        return self._session

    @property
    def stop_requested(self) -> bool:
        """Whether a hook asked to stop."""
        return self._stop_requested

    def request_stop(self) -> None:
        """Ends the training after this run."""
        self._stop_requested = True


class SessionRunHook:
    """The base of hooks. Override what is needed; the methods here do nothing.

    Order: `begin` of all hooks while the graph may still grow, then the session is made, then
    `after_create_session`, then `before_run` and `after_run` around each run, then `end` if all went well.
    """

    def begin(self) -> None:
        """Called once before the session is made; the graph may be added to."""

    def after_create_session(self, session: Any, coord: Any) -> None:
        """Called when the session is there and variables have values; the graph is finalized."""

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs | None:
        """Called before each run; may return what else to fetch and feed."""
        return None

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Called after each run with the values of what `before_run` asked for."""

    def end(self, session: Any) -> None:
        """Called at the end of the session, unless an error ended it."""
