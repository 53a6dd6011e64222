"""The event file behind a SummaryWriter, for those who have messages of their own: Lightning's logger, for one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, TypeVar

from tensorboard.compat.proto.event_pb2 import Event, TaggedRunMetadata
from tensorboard.compat.proto.summary_pb2 import Summary

from trackml.events.writer import EventFileWriter
from trackml.writer.arrays import as_step
from trackml.writer.moments import Moments
from trackml.writer.run_files import NoFile

_PROFILE_TAG = "step1"  # PyTorch's; tensorboardX has another

Writer = TypeVar("Writer", bound="FileWriter")


class FileWriter:
    """Adds messages to the event file of one directory, as PyTorch's and tensorboardX's class of that name.

    Messages may be of any protobuf package that has TensorFlow's fields, as tensorboardX's own.

    Args:
        event_writer: What writes.
        moments: Steps and wall times for calls that give none.
    """

    def __init__(self, event_writer: EventFileWriter | NoFile, moments: Moments) -> None:
        self.event_writer = event_writer
        self._moments = moments

    def get_logdir(self) -> str:
        """The directory."""
        return self.event_writer.get_logdir()

    def add_event(self, event: Any, step: Any = None, walltime: float | None = None) -> None:
        """Adds an `Event`.

        Args:
            event: The message; its own step counts if there is no other, its wall time never does.
            step: The step.
            walltime: Seconds since the epoch; now by default.
        """
        made = Event.FromString(event.SerializeToString())
        made.wall_time = self._moments.wall_time(walltime)
        step = self._moments.given_step if step is None else step
        if step is not None:
            made.step = as_step(step)
        self.event_writer.add_event(made)

    def add_summary(self, summary: Any, global_step: Any = None, walltime: float | None = None) -> None:
        """Adds a `Summary`, a message or serialized."""
        serialized = summary if isinstance(summary, bytes) else summary.SerializeToString()
        self.add_event(Event(summary=Summary.FromString(serialized)), global_step, walltime)

    def add_graph(self, graph_profile: tuple[Any, Any], walltime: float | None = None) -> None:
        """Adds a `GraphDef`, and how long its operations took: `RunMetadata`."""
        graph, profile = graph_profile
        self.add_event(Event(graph_def=graph.SerializeToString()), None, walltime)
        metadata = TaggedRunMetadata(tag=_PROFILE_TAG, run_metadata=profile.SerializeToString())
        self.add_event(Event(tagged_run_metadata=metadata), None, walltime)

    def add_onnx_graph(self, graph: Any, walltime: float | None = None) -> None:
        """Adds a `GraphDef`."""
        self.add_event(Event(graph_def=graph.SerializeToString()), None, walltime)

    def add_openvino_graph(self, graph: Any, walltime: float | None = None) -> None:
        """Adds a `GraphDef`."""
        self.add_onnx_graph(graph, walltime)

    def flush(self) -> None:
        """Waits until everything that was added is with the operating system.

        Raises:
            OSError: Something could not be written; it is kept and tried again.
        """
        self.event_writer.flush()

    def close(self) -> None:
        """Writes what waits and closes the file.

        Raises:
            OSError: Something could not be written; it is lost then.
        """
        self.event_writer.close()

    def reopen(self) -> None:
        """Goes on in a new file of the same directory after `close`; does nothing if the file is open."""
        self.event_writer.reopen()

    @contextlib.contextmanager
    def use_metadata(self: Writer, *, global_step: Any = None, walltime: float | None = None) -> Iterator[Writer]:
        """Sets step and wall time for the calls in the block that give none."""
        with self._moments.use(global_step, walltime):
            yield self
