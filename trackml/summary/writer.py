"""File writers: summaries and graphs into an event file."""

from __future__ import annotations

import os
import time
import warnings
from types import TracebackType
from typing import TYPE_CHECKING, Any

from tensorboard.compat.proto.event_pb2 import Event, SessionLog, TaggedRunMetadata
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.compat.proto.meta_graph_pb2 import MetaGraphDef
from tensorboard.compat.proto.summary_pb2 import Summary

from trackml import logging
from trackml.events.writer import EventFileWriter
from trackml.graph.graph import Graph, get_default_graph
from trackml.graph.meta_graph import meta_graph_def

if TYPE_CHECKING:
    from tensorboard.compat.proto.config_pb2 import RunMetadata


class FileWriter:
    """Writes events to an event file of its own in `logdir`.

    Events are queued and written by a thread; other processes see them within a second, or after `flush`. Several
    threads may use one writer.

    Args:
        logdir: The directory; made if it is not there.
        graph: A graph to write first, as a `GraphDef` and as a `MetaGraphDef`.
        max_queue: How many events may wait to be written.
        flush_secs: The longest time that an event waits.
        graph_def: The same as `graph`, as a message; deprecated.
        filename_suffix: Ends the file's name.
        session: Accepted for TensorFlow's sake; must be None.

    Raises:
        ValueError: A `session` is given.
        OSError: The file cannot be made.

    Example:
        >>> import tempfile, trackml as tf
        >>> with tf.summary.FileWriter(tempfile.mkdtemp()) as writer:
        ...     value = tf.summary.Summary.Value(tag="loss", simple_value=0.5)
        ...     writer.add_summary(tf.summary.Summary(value=[value]), global_step=1)
    """

    def __init__(
        self,
        logdir: str | os.PathLike[str],
        graph: Graph | GraphDef | None = None,
        max_queue: int = 10,
        flush_secs: float = 120,
        graph_def: GraphDef | None = None,
        filename_suffix: str | None = None,
        session: Any = None,
    ) -> None:
        if session is not None:
            raise ValueError("Writers that share a session's resources (tf.contrib.summary) do not exist here.")
        self._logdir = os.fspath(logdir)
        self._seen_tags: set[str] = set()
        self._metadata_tags: set[str] = set()
        self._writer = EventFileWriter(
            logdir, max_queue=max_queue, flush_secs=flush_secs, filename_suffix=filename_suffix or ""
        )
        if graph is not None or graph_def is not None:
            self.add_graph(graph, graph_def=graph_def)
            self._add_meta_graph_of(graph if graph is not None else graph_def)

    def _add_meta_graph_of(self, graph: Any) -> None:
        if isinstance(graph, Graph):
            self.add_meta_graph(meta_graph_def(graph))
        else:
            self.add_meta_graph(meta_graph_def(get_default_graph(), graph_def=graph))

    def get_logdir(self) -> str:
        """The directory of the event file."""
        return self._logdir

    def add_summary(self, summary: Summary | bytes, global_step: Any = None) -> None:
        """Writes a summary.

        The metadata of a tag is written with the first value of that tag alone: readers keep it.

        Args:
            summary: A `Summary`, or the value of a summary operation.
            global_step: The step it belongs to.
        """
        copy = Summary()
        if isinstance(summary, bytes):
            copy.ParseFromString(summary)
        else:
            copy.CopyFrom(summary)
        for value in copy.value:
            if value.tag in self._seen_tags:
                value.ClearField("metadata")
            self._seen_tags.add(value.tag)
        self._add(Event(summary=copy), global_step)

    def add_session_log(self, session_log: SessionLog, global_step: Any = None) -> None:
        """Writes that a session started, stopped or saved a checkpoint."""
        self._add(Event(session_log=session_log), global_step)

    def add_graph(
        self, graph: Graph | GraphDef | None, global_step: Any = None, graph_def: GraphDef | None = None
    ) -> None:
        """Writes a graph, for TensorBoard to draw.

        Args:
            graph: The graph.
            global_step: The step it belongs to.
            graph_def: The same as a message; deprecated.

        Raises:
            ValueError: Both are given.
            TypeError: Neither is a graph.
        """
        if graph is not None and graph_def is not None:
            raise ValueError("Please pass only graph, or graph_def (deprecated), but not both.")
        given = graph if graph is not None else graph_def
        if isinstance(given, Graph):
            message = given.as_graph_def(add_shapes=True)
        elif isinstance(given, GraphDef):
            logging.warning(
                "Passing a `GraphDef` to the SummaryWriter is deprecated. Pass a `Graph` object instead, such as "
                "`sess.graph`."
            )
            message = given
        else:
            raise TypeError(
                f"The passed graph must be an instance of `Graph` or the deprecated `GraphDef`; got {given!r}"
            )
        self._add(Event(graph_def=message.SerializeToString()), global_step)

    def add_meta_graph(self, meta_graph_def: MetaGraphDef, global_step: Any = None) -> None:
        """Writes a graph with its collections.

        Raises:
            TypeError: It is no `MetaGraphDef`.
        """
        if not isinstance(meta_graph_def, MetaGraphDef):
            raise TypeError(f"meta_graph_def must be type MetaGraphDef, saw type: {type(meta_graph_def)}")
        self._add(Event(meta_graph_def=meta_graph_def.SerializeToString()), global_step)

    def add_run_metadata(self, run_metadata: RunMetadata, tag: str, global_step: Any = None) -> None:
        """Writes what was measured in one run of a session.

        Args:
            run_metadata: The `RunMetadata`.
            tag: A name of the run.
            global_step: The step it belongs to.

        Raises:
            ValueError: The tag was used before.
        """
        if tag in self._metadata_tags:
            raise ValueError(f"The provided tag was already used for this event type: {tag!r}")
        self._metadata_tags.add(tag)
        tagged = TaggedRunMetadata(tag=tag, run_metadata=run_metadata.SerializeToString())
        self._add(Event(tagged_run_metadata=tagged), global_step)

    def _add(self, event: Event, step: Any) -> None:
        event.wall_time = time.time()
        if step is not None:
            event.step = int(step)
        self.add_event(event)

    def add_event(self, event: Event) -> None:
        """Writes an event as it is; a closed writer drops it with a warning, as TensorFlow's does."""
        if self._is_open():
            self._writer.add_event(event)

    def flush(self) -> None:
        """Waits until every event that was added is with the operating system."""
        if self._is_open():
            self._writer.flush()

    def _is_open(self) -> bool:
        if self._writer.closed:
            warnings.warn(
                "Attempting to use a closed FileWriter. The operation will be a noop unless the FileWriter is "
                "explicitly reopened.",
                stacklevel=4,
            )
        return not self._writer.closed

    def close(self) -> None:
        """Writes what is queued and closes the file."""
        self._writer.close()

    def reopen(self) -> None:
        """Goes on in a new event file of the same directory after `close`; does nothing if the writer is open."""
        if self._writer.closed:
            # The other file may be gone when this one is read: it tells the metadata of its tags itself.
            self._seen_tags.clear()
        self._writer.reopen()

    def _usable(self) -> bool:
        """Whether what is added now can be found later."""
        return not self._writer.closed and self._writer.path.exists()

    def __enter__(self) -> FileWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
