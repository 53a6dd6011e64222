"""Columns of words, each with its place in a vocabulary as id."""

from __future__ import annotations

import os
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from trackml import dtypes, logging
from trackml.dtypes import DType, as_dtype
from trackml.feature_column.categorical import KeyedCategoricalColumn
from trackml.feature_column.checks import check_key, check_same_kind, check_string_or_integer
from trackml.graph.sparse_tensor import SparseTensor
from trackml.ops.example_features import VarLenFeature
from trackml.ops.lookup_index import index_table_from_file, index_table_from_tensor
from trackml.ops.math import cast


class _VocabularyColumn(KeyedCategoricalColumn):
    dtype: DType

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        """Any number of values of the column's type."""
        return {self.key: VarLenFeature(self.dtype)}

    def _ids(self, values: SparseTensor) -> SparseTensor:
        check_same_kind(self.key, self.dtype, values.dtype)
        words, key_dtype = values, self.dtype
        if values.dtype.is_integer:
            key_dtype = dtypes.int64
            words = SparseTensor(values.indices, cast(values.values, dtypes.int64), values.dense_shape)
        ids: SparseTensor = self._table(key_dtype).lookup(words)
        return ids

    @abstractmethod
    def _table(self, key_dtype: DType) -> Any:
        """The table from words to ids."""


@dataclass(frozen=True)
class VocabularyListCategoricalColumn(_VocabularyColumn):
    """Words of a list; make one with `categorical_column_with_vocabulary_list`."""

    key: str
    """The feature's key."""
    vocabulary_list: tuple[Any, ...]
    """The words."""
    dtype: DType
    """The type of the feature: string or an integer."""
    default_value: int
    """The id of other words, where there are no buckets for them; -1 leaves them out."""
    num_oov_buckets: int
    """How many buckets there are for other words."""

    @property
    def num_buckets(self) -> int:
        """The number of words and buckets."""
        return len(self.vocabulary_list) + self.num_oov_buckets

    def _table(self, key_dtype: DType) -> Any:
        return index_table_from_tensor(
            list(self.vocabulary_list),
            num_oov_buckets=self.num_oov_buckets,
            default_value=self.default_value,
            dtype=key_dtype,
            name=f"{self.key}_lookup",
        )


def categorical_column_with_vocabulary_list(
    key: str,
    vocabulary_list: Sequence[Any],
    dtype: Any = None,
    default_value: int = -1,
    num_oov_buckets: int = 0,
) -> VocabularyListCategoricalColumn:
    """Words of a list, each with its place in the list as id.

    Args:
        key: The feature's key; also the column's name.
        vocabulary_list: The words, texts or integers; each once.
        dtype: The type of the feature; by default that of the words.
        default_value: The id of other words; -1 leaves them out.
        num_oov_buckets: How many buckets there are for other words, chosen by hash, after the vocabulary's ids.

    Raises:
        ValueError: The list is empty or has a word twice, or types do not fit, or there are both buckets and a
            default value.

    Example:
        >>> import trackml as tf
        >>> kind = tf.feature_column.categorical_column_with_vocabulary_list("type", ["house", "apt"])
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     net = tf.feature_column.input_layer({"type": ["apt", "tent"]}, tf.feature_column.indicator_column(kind))
        ...     session.run(tf.tables_initializer())
        ...     print(session.run(net))
        [[0. 1.]
         [0. 0.]]
    """
    words = vocabulary_list.tolist() if isinstance(vocabulary_list, np.ndarray) else vocabulary_list
    if words is None or len(words) < 1:
        raise ValueError(f"vocabulary_list {words} must be non-empty, column_name: {key}")
    if len(set(words)) != len(words):
        raise ValueError(f"Duplicate keys in vocabulary_list {words}, column_name: {key}")
    own = as_dtype(np.array(words).dtype)
    _check_buckets(key, num_oov_buckets, default_value != -1)
    check_string_or_integer(own, f"column_name: {key} vocabulary")
    wanted = own if dtype is None else as_dtype(dtype)
    if wanted.is_integer != own.is_integer:
        raise ValueError(f"dtype {wanted} and vocabulary dtype {own} do not match, column_name: {key}")
    check_string_or_integer(wanted, f"column_name: {key}")
    check_key(key)
    return VocabularyListCategoricalColumn(key, tuple(words), wanted, default_value, num_oov_buckets or 0)


@dataclass(frozen=True)
class VocabularyFileCategoricalColumn(_VocabularyColumn):
    """Words of a file; make one with `categorical_column_with_vocabulary_file`."""

    key: str
    """The feature's key."""
    vocabulary_file: str
    """The file, one word a line."""
    vocabulary_size: int
    """How many lines are read."""
    num_oov_buckets: int
    """How many buckets there are for other words."""
    dtype: DType
    """The type of the feature: string or an integer."""
    default_value: int
    """The id of other words, where there are no buckets for them; -1 leaves them out."""

    @property
    def num_buckets(self) -> int:
        """The number of words and buckets."""
        return self.vocabulary_size + self.num_oov_buckets

    def _table(self, key_dtype: DType) -> Any:
        return index_table_from_file(
            self.vocabulary_file,
            num_oov_buckets=self.num_oov_buckets,
            vocab_size=self.vocabulary_size,
            default_value=self.default_value,
            key_dtype=key_dtype,
            name=f"{self.key}_lookup",
        )


def categorical_column_with_vocabulary_file(
    key: str,
    vocabulary_file: Any,
    vocabulary_size: int | None = None,
    num_oov_buckets: int = 0,
    default_value: int | None = None,
    dtype: Any = dtypes.string,
) -> VocabularyFileCategoricalColumn:
    """Words of a file, each with the number of its line as id.

    Args:
        key: The feature's key; also the column's name.
        vocabulary_file: The file, one word a line. It is read when tables are initialised.
        vocabulary_size: How many lines are read; counted now if not given.
        num_oov_buckets: How many buckets there are for other words, chosen by hash, after the vocabulary's ids.
        default_value: The id of other words; -1, which leaves them out, if not given.
        dtype: The type of the feature: string or an integer.

    Raises:
        ValueError: The file is missing or has no lines, or there are both buckets and a default value.
    """
    if not vocabulary_file:
        raise ValueError(f"Missing vocabulary_file in {key}.")
    path = os.fspath(vocabulary_file)
    size = _lines_of(path, key) if vocabulary_size is None else vocabulary_size
    if size < 1:
        raise ValueError(f"Invalid vocabulary_size in {key}.")
    _check_buckets(key, num_oov_buckets, default_value is not None)
    known = as_dtype(dtype)
    check_string_or_integer(known, f"column_name: {key}")
    check_key(key)
    default = -1 if default_value is None else default_value
    return VocabularyFileCategoricalColumn(key, path, size, num_oov_buckets or 0, known, default)


def _lines_of(path: str, key: str) -> int:
    try:
        with open(path, "rb") as file:
            count = sum(1 for _ in file)
    except FileNotFoundError as error:
        raise ValueError(f"vocabulary_file in {key} does not exist. Given: {path}") from error
    logging.info(
        "vocabulary_size = %d in %s is inferred from the number of elements in the vocabulary_file %s.",
        count,
        key,
        path,
    )
    return count


def _check_buckets(key: str, num_oov_buckets: int | None, has_default: bool) -> None:
    if num_oov_buckets and has_default:
        raise ValueError(f"Can't specify both num_oov_buckets and default_value in {key}.")
    if num_oov_buckets and num_oov_buckets < 0:
        raise ValueError(f"Invalid num_oov_buckets {num_oov_buckets} in {key}.")
