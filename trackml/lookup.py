"""tf.lookup: tables from keys to values."""

from __future__ import annotations

from trackml.ops.lookup import HashTable, StaticHashTable, StaticVocabularyTable
from trackml.ops.lookup_initializers import KeyValueTensorInitializer, TextFileIndex, TextFileInitializer

__all__ = [
    "HashTable",
    "KeyValueTensorInitializer",
    "StaticHashTable",
    "StaticVocabularyTable",
    "TextFileIndex",
    "TextFileInitializer",
]
