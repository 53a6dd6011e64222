"""One file writer a directory, shared by everything that writes there."""

from __future__ import annotations

import contextlib
import os
import threading
from typing import ClassVar

from trackml.graph.graph import get_default_graph
from trackml.summary.writer import FileWriter


class FileWriterCache:
    """The file writers of this process by their directory, so that a resumed training goes on in its event file.

    The lock guards the table; the writers guard themselves.
    """

    _writers: ClassVar[dict[tuple[int, str], FileWriter]] = {}
    _lock: ClassVar[threading.Lock] = threading.Lock()

    @staticmethod
    def get(logdir: str | os.PathLike[str]) -> FileWriter:
        """The writer of `logdir`.

        One is made, with the default graph as its first events, when there is none, when it was closed, or when its
        file is gone: notebooks delete a model's directory and train anew.
        """
        key = (os.getpid(), os.path.abspath(logdir))  # a fork has no thread that would write
        with FileWriterCache._lock:
            writer = FileWriterCache._writers.get(key)
            if writer is None or not writer._usable():
                if writer is not None:
                    with contextlib.suppress(FileNotFoundError):  # what waits goes where its file went
                        writer.close()
                writer = FileWriterCache._writers[key] = FileWriter(logdir, graph=get_default_graph())
            return writer

    @staticmethod
    def clear() -> None:
        """Closes and forgets all writers."""
        with FileWriterCache._lock:
            writers = list(FileWriterCache._writers.values())
            FileWriterCache._writers.clear()
        for writer in writers:
            writer.close()
