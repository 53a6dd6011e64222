"""Where in the user's program an operation was made."""

from __future__ import annotations

import linecache
import os
import sys
from typing import NamedTuple

_LIBRARY = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_DEMO = os.path.join(_LIBRARY, "demo") + os.sep


class Location(NamedTuple):
    """A line of the user's program."""

    filename: str
    """The file, as Python names it."""
    line: int
    """The line's number, from 1."""
    function: str
    """The function that the line is in."""

    def __str__(self) -> str:
        source = linecache.getline(self.filename, self.line).strip()
        place = f"{self.filename}:{self.line} in {self.function}"
        return f"{place}: {source}" if source else place


def user_location() -> Location | None:
    """The innermost line on the stack that is not the library's own; None when there is none."""
    frame = sys._getframe(1)
    while frame is not None:
        filename = frame.f_code.co_filename
        if not filename.startswith(_LIBRARY) or filename.startswith(_DEMO):
            return Location(filename, frame.f_lineno, frame.f_code.co_name)
        frame = frame.f_back  # type: ignore[assignment]
    return None
