"""Tables between the words of a vocabulary and their ids.

A table is made in the outermost graph, also where a function of a dataset asks for it: it is filled once a session.
"""

from __future__ import annotations

from typing import Any

from trackml import dtypes
from trackml.dtypes import as_dtype
from trackml.graph.conversion import constant_value, convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.ops.array import size
from trackml.ops.framework import init_scope, name_scope
from trackml.ops.lookup import FastHashSpec, HasherSpec, IdTableWithHashBuckets, StaticHashTable
from trackml.ops.lookup_initializers import (
    KeyValueTensorInitializer,
    TextFileIdTableInitializer,
    TextFileStringTableInitializer,
)
from trackml.ops.lookup_table import LINE_NUMBER, WHOLE_LINE
from trackml.ops.math import cast
from trackml.ops.ranges import range as range_of


def index_table_from_tensor(
    vocabulary_list: Any,
    num_oov_buckets: int = 0,
    default_value: int = -1,
    hasher_spec: HasherSpec = FastHashSpec,
    dtype: Any = dtypes.string,
    name: str | None = None,
) -> StaticHashTable | IdTableWithHashBuckets:
    """A table from the words of a vocabulary to their places in it.

    Args:
        vocabulary_list: The words, `[n]`, texts or integers; each once.
        num_oov_buckets: How many buckets there are for other words, after the vocabulary's ids.
        default_value: The id of other words, where there are no buckets.
        hasher_spec: The hash that chooses a bucket.
        dtype: Type of the keys that are looked up.
        name: Name scope.

    Raises:
        TypeError: `dtype` is neither string nor integer.
        ValueError: There is no vocabulary, it is not of `dtype`, or there are fewer than no buckets.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     table = tf.contrib.lookup.index_table_from_tensor(["a", "b"], num_oov_buckets=1)
        ...     session.run(tf.tables_initializer())
        ...     print(session.run(table.lookup(tf.constant(["b", "zebra"]))))
        [1 2]
    """
    if vocabulary_list is None:
        raise ValueError("vocabulary_list must be specified.")
    wanted = _checked_type(num_oov_buckets, dtype)
    with init_scope(), name_scope(name, "string_to_index"):
        keys = convert_to_tensor(vocabulary_list)
        if keys.dtype.is_integer != wanted.is_integer:
            raise ValueError(f"Expected {'integer' if wanted.is_integer else 'non-integer'}, got {keys.dtype}.")
        if not wanted.is_integer and keys.dtype is not wanted:
            raise ValueError(f"Expected {wanted}, got {keys.dtype}.")
        ids = cast(range_of(size(keys)), dtypes.int64)
        with name_scope(None, "hash_table"):
            words = cast(keys, dtypes.int64) if keys.dtype.is_integer else keys
            table = StaticHashTable(KeyValueTensorInitializer(words, ids, name="table_init"), default_value)
        return _with_buckets(table, num_oov_buckets, hasher_spec, wanted)


def index_table_from_file(
    vocabulary_file: Any = None,
    num_oov_buckets: int = 0,
    vocab_size: int | None = None,
    default_value: int = -1,
    hasher_spec: HasherSpec = FastHashSpec,
    key_dtype: Any = dtypes.string,
    name: str | None = None,
    key_column_index: int = WHOLE_LINE,
    value_column_index: int = LINE_NUMBER,
    delimiter: str = "\t",
) -> StaticHashTable | IdTableWithHashBuckets:
    """A table from the lines of a file to their numbers, or from one of their fields to another.

    Args:
        vocabulary_file: The file; a string, or a scalar tensor of one.
        num_oov_buckets: How many buckets there are for other words, after the vocabulary's ids.
        vocab_size: How many lines are read; all if not given.
        default_value: The id of other words, where there are no buckets.
        hasher_spec: The hash that chooses a bucket.
        key_dtype: Type of the keys that are looked up.
        name: Name scope.
        key_column_index: What of a line is the key.
        value_column_index: What of a line is the id.
        delimiter: What stands between the fields of a line.

    Raises:
        TypeError: `key_dtype` is neither string nor integer.
        ValueError: There is no file, `vocab_size` is not positive, or there are fewer than no buckets.
    """
    _check_file(vocabulary_file)
    wanted = _checked_type(num_oov_buckets, key_dtype)
    if vocab_size is not None and vocab_size < 1:
        known = constant_value(vocabulary_file) if isinstance(vocabulary_file, Tensor) else vocabulary_file
        raise ValueError(f"vocab_size must be greater than 0, got {vocab_size}. vocabulary_file: {known}")
    with init_scope(), name_scope(name, "string_to_index"):
        with name_scope(None, "hash_table"):
            entries = TextFileIdTableInitializer(
                vocabulary_file,
                key_column_index,
                value_column_index,
                vocab_size,
                delimiter,
                name="table_init",
                key_dtype=dtypes.int64 if wanted.is_integer else wanted,
            )
            table = StaticHashTable(entries, default_value)
        return _with_buckets(table, num_oov_buckets, hasher_spec, wanted)


def index_to_string_table_from_tensor(
    vocabulary_list: Any, default_value: str = "UNK", name: str | None = None
) -> StaticHashTable:
    """A table from places in a vocabulary to its words.

    Args:
        vocabulary_list: The words, texts `[n]`.
        default_value: The word of places that are not there.
        name: Name scope.

    Raises:
        ValueError: There is no vocabulary.
    """
    if vocabulary_list is None:
        raise ValueError("vocabulary_list must be specified.")
    with init_scope(), name_scope(name, "index_to_string"):
        words = convert_to_tensor(vocabulary_list, dtypes.string)
        ids = cast(range_of(size(words)), dtypes.int64)
        return StaticHashTable(KeyValueTensorInitializer(ids, words, name="table_init"), default_value)


def index_to_string_table_from_file(
    vocabulary_file: Any,
    vocab_size: int | None = None,
    default_value: str = "UNK",
    name: str | None = None,
    key_column_index: int = LINE_NUMBER,
    value_column_index: int = WHOLE_LINE,
    delimiter: str = "\t",
) -> StaticHashTable:
    """A table from numbers of lines to the lines of a file; arguments as for `index_table_from_file`."""
    _check_file(vocabulary_file)
    if vocab_size is not None and vocab_size < 1:
        raise ValueError(f"vocab_size must be greater than 0, got {vocab_size}.")
    with init_scope(), name_scope(name, "index_to_string"):
        entries = TextFileStringTableInitializer(
            vocabulary_file, key_column_index, value_column_index, vocab_size, delimiter, name="table_init"
        )
        return StaticHashTable(entries, default_value)


def _check_file(vocabulary_file: Any) -> None:
    if vocabulary_file is None or (isinstance(vocabulary_file, str) and not vocabulary_file):
        raise ValueError("vocabulary_file must be specified and must not be empty.")


def _checked_type(num_oov_buckets: int, dtype: Any) -> dtypes.DType:
    if num_oov_buckets < 0:
        raise ValueError(f"num_oov_buckets must be greater or equal than 0, got {num_oov_buckets}.")
    wanted = as_dtype(dtype)
    if not (wanted.is_integer or wanted is dtypes.string):
        raise TypeError("Only integer and string keys are supported.")
    return wanted


def _with_buckets(
    table: StaticHashTable, num_oov_buckets: int, hasher_spec: HasherSpec, key_dtype: dtypes.DType
) -> StaticHashTable | IdTableWithHashBuckets:
    if not num_oov_buckets:
        return table
    return IdTableWithHashBuckets(table, num_oov_buckets, hasher_spec, key_dtype=key_dtype)
