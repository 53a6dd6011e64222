"""Keeps what the user says of runs: reads and writes the files in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from textual.message import Message

from trackml_tui.catalog.labels import LabelFiles, Labels


class LabelsRead(Message):
    """The files were read."""

    def __init__(self, labels: Labels) -> None:
        super().__init__()
        self.labels = labels


class LabelsChanged(Message):
    """The user said something of runs."""

    def __init__(self, before: Labels, after: Labels) -> None:
        super().__init__()
        self.before = before
        self.after = after


class LabelTrouble(Message):
    """A file cannot be read or written."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


class LabelKeeper:
    """Reads labels once and writes each change, one after the other, in one thread.

    Args:
        logdirs: The log directories.
        directory: Where the files are; None keeps nothing.
        post: Takes messages, from any thread.
    """

    def __init__(self, logdirs: Sequence[Path], directory: Path | None, post: Callable[[Message], object]) -> None:
        self._files = None if directory is None else LabelFiles(logdirs, directory)
        self._post = post
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="trackml-labels")

    def start(self) -> None:
        """Reads the labels; `LabelsRead` brings them."""
        if self._files is not None:
            self._thread.submit(self._read, self._files)

    def keep(self, before: Labels, after: Labels) -> None:
        """Writes what is different in `after`."""
        if self._files is not None:
            self._thread.submit(self._write, self._files, before, after)

    def close(self) -> None:
        """Waits until everything is written."""
        self._thread.shutdown()

    def _read(self, files: LabelFiles) -> None:
        labels = files.read()
        self._complain(files)
        if labels:
            self._post(LabelsRead(labels))

    def _write(self, files: LabelFiles, before: Labels, after: Labels) -> None:
        files.write(before, after)
        self._complain(files)

    def _complain(self, files: LabelFiles) -> None:
        while files.complaints:
            self._post(LabelTrouble(files.complaints.pop()))
