"""The life of a logged run: its files are opened, numbers and values added, flushed and closed."""

from __future__ import annotations

import contextlib
import datetime
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary

from trackml.writer.arrays import as_number, as_step
from trackml.writer.distributions import default_limits
from trackml.writer.file_writer import FileWriter
from trackml.writer.moments import Moments
from trackml.writer.run_files import RunFiles, event_of
from trackml.writer.scalars_export import ScalarsExport
from trackml.writer.tensors import scalar_tensor_value

Writer = TypeVar("Writer", bound="RunWriter")


class RunWriter:
    """What `SummaryWriter` is but for the values that need more than a line: see there."""

    def __init__(
        self,
        log_dir: str | os.PathLike[str] | None = None,
        comment: str = "",
        purge_step: int | None = None,
        max_queue: int = 10,
        flush_secs: float = 120,
        filename_suffix: str = "",
        write_to_disk: bool = True,
        logdir: str | os.PathLike[str] | None = None,
        comet_config: Mapping[str, Any] | None = None,
    ) -> None:
        if comet_config and not comet_config.get("disabled"):
            raise ValueError("Comet is not served here; leave comet_config out, or use tensorboardX.")
        self.log_dir = os.fspath(log_dir or logdir or _default_log_dir(comment))
        self.purge_step = purge_step
        self.max_queue = max_queue
        self.flush_secs = flush_secs
        self.filename_suffix = filename_suffix
        self._files = RunFiles(
            Path(self.log_dir),
            max_queue=max_queue,
            flush_secs=flush_secs,
            filename_suffix=filename_suffix or "",
            to_disk=bool(write_to_disk),
        )
        self._run = self._files.of()
        self._moments = Moments()
        self._file_writer = FileWriter(self._run, self._moments)
        self._scalars_runs: dict[str, None] = {}
        """The folders that `add_scalars` writes to, in their order."""
        self._export = ScalarsExport()
        if purge_step is not None:
            self._purge(as_step(purge_step))

    @property
    def logdir(self) -> str:
        """`log_dir` by tensorboardX's name."""
        return self.log_dir

    def get_logdir(self) -> str:
        """The run's directory."""
        return self.log_dir

    @property
    def file_writer(self) -> FileWriter:
        """The run's event file, to add messages of one's own to."""
        return self._file_writer

    @property
    def all_writers(self) -> dict[str, FileWriter]:
        """The event files of the run and of those below it, by their directories."""
        return {str(logdir): FileWriter(writer, self._moments) for logdir, writer in self._files.all().items()}

    @property
    def default_bins(self) -> list[float]:
        """The limits of buckets that `add_histogram` has if none are given."""
        limits: list[float] = default_limits().tolist()
        return limits

    def _get_file_writer(self) -> FileWriter:
        # Lightning's logger calls it by this name.
        return self._file_writer

    @contextlib.contextmanager
    def use_metadata(self: Writer, *, global_step: Any = None, walltime: float | None = None) -> Iterator[Writer]:
        """Sets step and wall time for the calls in the block that give none, in all threads.

        Args:
            global_step: The step; None leaves it as it is.
            walltime: Seconds since the epoch; None leaves it as it is.

        Raises:
            ValueError: Both are None.

        Example:
            >>> import tempfile, trackml
            >>> with trackml.SummaryWriter(tempfile.mkdtemp()) as writer, writer.use_metadata(global_step=10):
            ...     writer.add_scalar("loss", 0.5)
        """
        with self._moments.use(global_step, walltime):
            yield self

    def add_scalar(
        self,
        tag: str,
        scalar_value: Any,
        global_step: Any = None,
        walltime: float | None = None,
        new_style: bool = False,
        double_precision: bool = False,
        display_name: str = "",
        summary_description: str = "",
    ) -> None:
        """Adds one number.

        Args:
            tag: The tag.
            scalar_value: The number, or an array or tensor that holds just one. It is rounded to float32.
            global_step: The step.
            walltime: Seconds since the epoch; now by default.
            new_style: Writes a tensor as TensorFlow 2 does, not a `simple_value`.
            double_precision: Keeps float64; needs `new_style`.
            display_name: A title for TensorBoard.
            summary_description: A description for TensorBoard, in Markdown.

        Raises:
            TypeError: `scalar_value` is no real number, or `tag` no str.
            ValueError: `scalar_value` holds several numbers, or `global_step` is no integer of 64 bits.
            OSError: An event before this one could not be written.
        """
        if type(scalar_value) is not float:
            scalar_value = as_number(scalar_value)
        if new_style or display_name or summary_description:
            value = _scalar_message(tag, scalar_value, new_style, double_precision, display_name, summary_description)
            self._add([value], global_step, walltime)
            return
        if type(global_step) is not int:
            global_step = self._moments.step(global_step)
        self._run.add_scalar(
            tag, scalar_value, global_step, self._moments.now() if walltime is None else float(walltime)
        )

    def add_scalars(
        self, main_tag: str, tag_scalar_dict: Mapping[str, Any], global_step: Any = None, walltime: float | None = None
    ) -> None:
        """Adds numbers that one chart shows: each in a run of its own, `<log_dir>/<main_tag>_<tag>`, all as `main_tag`.

        Args:
            main_tag: The tag.
            tag_scalar_dict: The numbers by name.
            global_step: The step.
            walltime: Seconds since the epoch; now by default.
        """
        step, now = self._moments.step(global_step), self._moments.wall_time(walltime)
        for tag, scalar_value in tag_scalar_dict.items():
            folder = f"{main_tag.replace('/', '_')}_{tag}"
            self._scalars_runs[folder] = None
            run = self._files.of(folder)
            run.add_scalar(main_tag, as_number(scalar_value), step, now)

    def export_scalars_to_json(self, path: str | os.PathLike[str]) -> None:
        """Exports what `add_scalars` wrote since the last export: `{directory: [[wall time, step, value], ...], ...}`.

        It is read back from the event files: values are float32, and a step that was not given is 0.

        Args:
            path: The JSON file.

        Raises:
            OSError: Something could not be written, or an event file is gone.
        """
        self.flush()
        writers = [self._files.of(folder) for folder in list(self._scalars_runs)]
        self._export.write(path, {writer.get_logdir(): writer.paths for writer in writers})

    def flush(self) -> None:
        """Waits until everything that was added is with the operating system.

        Raises:
            OSError: Something could not be written; it is kept and tried again.
        """
        self._files.flush()

    def close(self) -> None:
        """Writes what waits and closes the files.

        Raises:
            OSError: Something could not be written; it is lost then.
        """
        self._files.close()

    def __enter__(self: Writer) -> Writer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _add(self, values: list[Summary.Value], global_step: Any, walltime: float | None) -> None:
        self._run.add_event(event_of(values, self._moments.step(global_step), self._moments.wall_time(walltime)))

    def _purge(self, step: int) -> None:
        self._run.add_event(Event(wall_time=time.time(), step=step, file_version="brain.Event:2"))
        # TensorBoard takes the first START of a directory for its beginning; only another one tells of a restart, and
        # files written without a purge_step have none.
        start = SessionLog(status=SessionLog.START)
        for _ in range(2):
            self._run.add_event(Event(wall_time=time.time(), step=step, session_log=start))


def _default_log_dir(comment: str) -> str:
    now = datetime.datetime.now().strftime("%b%d_%H-%M-%S")
    return os.path.join("runs", f"{now}_{os.uname().nodename}{comment}")


def _scalar_message(
    tag: str, value: float, new_style: bool, double_precision: bool, display_name: str, description: str
) -> Summary.Value:
    if new_style:
        message = scalar_tensor_value(tag, value, double_precision)
    else:
        message = Summary.Value(tag=tag, simple_value=value)
    if display_name or description:
        message.metadata.display_name = display_name
        message.metadata.summary_description = description
    return message
