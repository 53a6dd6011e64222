"""Keeps the last view of the log directories in a file, written in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from trackml_tui.view import View
from trackml_tui.views import path_for, read_view, write_view


class ViewKeeper:
    """Writes the view whenever it has changed since the last time.

    Args:
        logdirs: The log directories.
        directory: Where views are; None keeps nothing.
        tell: Takes the reason if the file cannot be written; told once, from the thread.
    """

    def __init__(self, logdirs: Sequence[Path], directory: Path | None, tell: Callable[[str], object]) -> None:
        self._path = None if directory is None else path_for(logdirs, directory)
        self._note = "\n".join(ascii(str(path))[1:-1] for path in logdirs)
        self._tell = tell
        self._kept: View | None = None
        self._has_told = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="trackml-views")
        self._writing: Future[None] | None = None

    def read(self, default: View) -> tuple[View, list[str]]:
        """The view of the last time, or `default` if there is none, and what could not be understood of it."""
        if self._path is None:
            return default, []
        try:
            view, complaints = read_view(self._path)
        except FileNotFoundError:
            return default, []
        except (OSError, ValueError) as error:
            return default, [str(error)]
        self._kept = view
        return view, complaints

    def keep(self, view: View) -> None:
        """Writes the view if it is another one and the last one is written."""
        if self._path is None or view == self._kept or (self._writing is not None and not self._writing.done()):
            return
        self._kept = view
        self._writing = self._thread.submit(self._write, self._path, view)

    def close(self, view: View) -> None:
        """Writes the last view and waits for it."""
        if self._writing is not None:
            self._writing.result()
        self.keep(view)
        self._thread.shutdown()

    def _write(self, path: Path, view: View) -> None:
        try:
            write_view(path, view, note=self._note)
        except OSError as error:
            if not self._has_told:
                self._has_told = True
                self._tell(f"The view cannot be kept: {error}")
