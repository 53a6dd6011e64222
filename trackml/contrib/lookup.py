"""`tf.contrib.lookup`: tables between words and ids."""

from __future__ import annotations

from typing import Any

from trackml import dtypes
from trackml.ops.lookup import (
    FastHashSpec,
    HasherSpec,
    HashTable,
    IdTableWithHashBuckets,
    LookupInterface,
    StaticHashTable,
    StrongHashSpec,
)
from trackml.ops.lookup_index import index_table_from_file, index_to_string_table_from_file
from trackml.ops.lookup_index import index_table_from_tensor as _index_table_from_tensor
from trackml.ops.lookup_index import index_to_string_table_from_tensor as _index_to_string_table_from_tensor
from trackml.ops.lookup_initializers import (
    KeyValueTensorInitializer,
    TableInitializerBase,
    TextFileIdTableInitializer,
    TextFileIndex,
    TextFileInitializer,
    TextFileStringTableInitializer,
)

__all__ = [
    "FastHashSpec",
    "HashTable",
    "HasherSpec",
    "IdTableWithHashBuckets",
    "KeyValueTensorInitializer",
    "LookupInterface",
    "StrongHashSpec",
    "TableInitializerBase",
    "TextFileIdTableInitializer",
    "TextFileIndex",
    "TextFileInitializer",
    "TextFileStringTableInitializer",
    "index_table_from_file",
    "index_table_from_tensor",
    "index_to_string",
    "index_to_string_table_from_file",
    "index_to_string_table_from_tensor",
    "string_to_index",
    "string_to_index_table_from_file",
    "string_to_index_table_from_tensor",
]


def index_table_from_tensor(
    mapping: Any,
    num_oov_buckets: int = 0,
    default_value: int = -1,
    hasher_spec: HasherSpec = FastHashSpec,
    dtype: Any = dtypes.string,
    name: str | None = None,
) -> StaticHashTable | IdTableWithHashBuckets:
    """A table from the words of a vocabulary to their places in it.

    Args:
        mapping: The words, `[n]`, texts or integers; each once.
        num_oov_buckets: How many buckets there are for other words, after the vocabulary's ids.
        default_value: The id of other words, where there are no buckets.
        hasher_spec: The hash that chooses a bucket.
        dtype: Type of the keys that are looked up.
        name: Name scope.

    Raises:
        TypeError: `dtype` is neither string nor integer.
        ValueError: There is no vocabulary, it is not of `dtype`, or there are fewer than no buckets.
    """
    if mapping is None:
        raise ValueError("mapping must be specified.")
    return _index_table_from_tensor(mapping, num_oov_buckets, default_value, hasher_spec, dtype, name)


def index_to_string_table_from_tensor(
    mapping: Any, default_value: str = "UNK", name: str | None = None
) -> StaticHashTable:
    """A table from places in a vocabulary to its words.

    Args:
        mapping: The words, texts `[n]`.
        default_value: The word of places that are not there.
        name: Name scope.

    Raises:
        ValueError: There is no vocabulary.
    """
    if mapping is None:
        raise ValueError("mapping must be specified.")
    return _index_to_string_table_from_tensor(mapping, default_value, name)


def string_to_index_table_from_tensor(
    mapping: Any,
    num_oov_buckets: int = 0,
    default_value: int = -1,
    hasher_spec: HasherSpec = FastHashSpec,
    name: str | None = None,
) -> StaticHashTable | IdTableWithHashBuckets:
    """The older name of `index_table_from_tensor`, for texts."""
    return index_table_from_tensor(mapping, num_oov_buckets, default_value, hasher_spec, dtypes.string, name)


def string_to_index_table_from_file(
    vocabulary_file: Any = None,
    num_oov_buckets: int = 0,
    vocab_size: int | None = None,
    default_value: int = -1,
    hasher_spec: HasherSpec = FastHashSpec,
    name: str | None = None,
) -> StaticHashTable | IdTableWithHashBuckets:
    """The older name of `index_table_from_file`, for texts."""
    return index_table_from_file(
        vocabulary_file, num_oov_buckets, vocab_size, default_value, hasher_spec, dtypes.string, name
    )


def string_to_index(tensor: Any, mapping: Any, default_value: int = -1, name: str | None = None) -> Any:
    """The places of words in a vocabulary, by a table of its own: see `index_table_from_tensor`."""
    return index_table_from_tensor(mapping, default_value=default_value, name=name).lookup(tensor)


def index_to_string(tensor: Any, mapping: Any, default_value: str = "UNK", name: str | None = None) -> Any:
    """The words at places in a vocabulary, by a table of its own: see `index_to_string_table_from_tensor`."""
    return index_to_string_table_from_tensor(mapping, default_value, name).lookup(tensor)
