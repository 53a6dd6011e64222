"""Summaries: operations and writers that put scalars, histograms, images, audio and text into event files."""

from __future__ import annotations

from tensorboard.compat.proto.event_pb2 import Event, SessionLog, TaggedRunMetadata
from tensorboard.compat.proto.summary_pb2 import Summary

from trackml.summary.summary_ops import audio, histogram, image, merge, merge_all, scalar, tensor_summary, text
from trackml.summary.writer import FileWriter
from trackml.summary.writer_cache import FileWriterCache

__all__ = [
    "Event",
    "FileWriter",
    "FileWriterCache",
    "SessionLog",
    "Summary",
    "TaggedRunMetadata",
    "audio",
    "histogram",
    "image",
    "merge",
    "merge_all",
    "scalar",
    "tensor_summary",
    "text",
]
