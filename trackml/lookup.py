"""tf.lookup: tables from keys to values."""

from __future__ import annotations

from trackml.ops.lookup import StaticHashTable, StaticVocabularyTable
from trackml.ops.lookup_initializers import KeyValueTensorInitializer, TextFileIndex, TextFileInitializer

__all__ = [
    "KeyValueTensorInitializer",
    "StaticHashTable",
    "StaticVocabularyTable",
    "TextFileIndex",
    "TextFileInitializer",
]
