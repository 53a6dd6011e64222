"""tf.python_io: files of records, under their older name."""

from __future__ import annotations

from trackml.storage.record_writer import TFRecordCompressionType, TFRecordOptions, TFRecordWriter

__all__ = ["TFRecordCompressionType", "TFRecordOptions", "TFRecordWriter"]
