"""Names of event files: which files are event files, and what a new one is called.

Source: tensorflow/core/util/events_writer.cc; tensorboard/backend/event_processing/io_wrapper.py.
"""

from __future__ import annotations

import os

EVENT_FILE_MARK = "tfevents"

_WITHOUT_EVENTS = ".profile-empty"


def is_event_file(name: str) -> bool:
    """Tells whether a file of this name makes its directory a run."""
    return EVENT_FILE_MARK in name


def has_summaries(name: str) -> bool:
    """Tells whether an event file of this name is worth reading; TensorFlow's profiler writes some that are empty."""
    return is_event_file(name) and not name.endswith(_WITHOUT_EVENTS)


def event_file_name(seconds: int, suffix: str = "") -> str:
    """Gives the name of a file begun at `seconds` since the epoch on this host; names sort in the order of time."""
    return f"events.out.{EVENT_FILE_MARK}.{seconds:010d}.{os.uname().nodename}{suffix}"
