"""Event files, TensorBoard's log format: values to write, the writer, and an iterator over a file."""

from __future__ import annotations

from trackml.events.filenames import event_file_name, has_summaries, is_event_file
from trackml.events.reader import summary_iterator
from trackml.events.values import audio_values, histogram_value, image_values, scalar_value, text_value
from trackml.events.writer import EventFileWriter

__all__ = [
    "EventFileWriter",
    "audio_values",
    "event_file_name",
    "has_summaries",
    "histogram_value",
    "image_values",
    "is_event_file",
    "scalar_value",
    "summary_iterator",
    "text_value",
]
