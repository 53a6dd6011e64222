"""Lookup tables: from keys to values, from texts to ids, with buckets for what is not in the vocabulary."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from trackml import dtypes
from trackml.dtypes import DType, as_dtype
from trackml.graph.conversion import constant, convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.keys import GraphKeys
from trackml.graph.operation import Operation, Tensor
from trackml.graph.sparse_tensor import SparseTensor
from trackml.ops.comparison import not_equal
from trackml.ops.control import group, no_op
from trackml.ops.framework import get_collection, init_scope, name_scope
from trackml.ops.gathering import where
from trackml.ops.hashing import (
    string_to_hash_bucket,
    string_to_hash_bucket_fast,
    string_to_hash_bucket_strong,
)
from trackml.ops.lookup_initializers import TableInitializerBase
from trackml.ops.math import add, cast
from trackml.ops.strings import as_string


def tables_initializer(name: str = "init_all_tables") -> Operation:
    """An operation that fills all lookup tables of the default graph."""
    initializers = get_collection(GraphKeys.TABLE_INITIALIZERS)
    return group(*initializers, name=name) if initializers else no_op(name=name)


class LookupInterface:
    """What all tables have: types, a name, a size, and `lookup`.

    Args:
        key_dtype: Type of the keys.
        value_dtype: Type of the values.
    """

    def __init__(self, key_dtype: Any, value_dtype: Any) -> None:
        self._key_dtype = as_dtype(key_dtype)
        self._value_dtype = as_dtype(value_dtype)

    @property
    def key_dtype(self) -> DType:
        """Type of the keys."""
        return self._key_dtype

    @property
    def value_dtype(self) -> DType:
        """Type of the values."""
        return self._value_dtype

    def _check_keys(self, keys: Any) -> None:
        if keys.dtype is not self._key_dtype:
            raise TypeError(f"Signature mismatch. Keys must be dtype {self._key_dtype}, got {keys.dtype}.")


class StaticHashTable(LookupInterface):
    """A table that is settled once its initializer has run.

    Args:
        initializer: What fills it, such as a `KeyValueTensorInitializer`.
        default_value: The value of keys that are not there.
        name: Name of the operation.

    Raises:
        TypeError: The default value is not of the initializer's type.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     words = tf.lookup.KeyValueTensorInitializer(tf.constant([7, 8], tf.int64), ["seven", "eight"])
        ...     table = tf.lookup.StaticHashTable(words, default_value="?")
        ...     session.run(table.initializer)
        ...     print(session.run(table.lookup(tf.constant([8, 9], tf.int64))))
        [b'eight' b'?']
    """

    def __init__(self, initializer: TableInitializerBase, default_value: Any, name: str | None = None) -> None:
        self._build(initializer, default_value, initializer._shared_name or f"hash_table_{uuid.uuid4()}", name)

    def _build(self, initializer: TableInitializerBase, default_value: Any, shared_name: str, name: str | None) -> None:
        LookupInterface.__init__(self, initializer.key_dtype, initializer.value_dtype)
        self._default_value = convert_to_tensor(default_value, self._value_dtype)
        self._default_value.shape.assert_is_compatible_with([])
        with init_scope():
            self._handle: Tensor = apply_op(
                "HashTableV2",
                name=name or "hash_table",
                container="",
                shared_name=shared_name,
                use_node_name_sharing=False,
                key_dtype=self._key_dtype,
                value_dtype=self._value_dtype,
            )
            self._initializer = initializer.initialize(self)

    @property
    def resource_handle(self) -> Tensor:
        """The table itself, as operations take it."""
        return self._handle

    @property
    def name(self) -> str:
        """The last part of the operation's name."""
        return self._handle.op.name.rpartition("/")[2]

    @property
    def default_value(self) -> Tensor:
        """The value of keys that are not there."""
        return self._default_value

    @property
    def initializer(self) -> Operation:
        """The operation that fills the table."""
        return self._initializer

    @property
    def init(self) -> Operation:
        """The same as `initializer`."""
        return self._initializer

    def size(self, name: str | None = None) -> Tensor:
        """The number of entries, int64."""
        with name_scope(name, f"{self.name}_Size", [self._handle]):
            count: Tensor = apply_op("LookupTableSizeV2", self._handle, name="LookupTableSizeV2")
        return count

    def lookup(self, keys: Any, name: str | None = None) -> Any:
        """The value of each key.

        Args:
            keys: A tensor or sparse tensor of keys.
            name: Name scope.

        Returns:
            The same kind of tensor, of the same shape, with values.

        Raises:
            TypeError: The keys are not of the table's type.
        """
        self._check_keys(keys)
        flat = keys.values if isinstance(keys, SparseTensor) else keys
        with name_scope(name, f"{self.name}_Lookup", [flat]):
            values: Tensor = apply_op(
                "LookupTableFindV2", self._handle, flat, self._default_value, name="LookupTableFindV2"
            )
        return _like(keys, values)

    def export(self, name: str | None = None) -> tuple[Tensor, Tensor]:
        """All keys and their values."""
        with name_scope(name, f"{self.name}_Export", [self._handle]):
            keys, values = apply_op(
                "LookupTableExportV2",
                self._handle,
                name="LookupTableExportV2",
                Tkeys=self._key_dtype,
                Tvalues=self._value_dtype,
            )
        return keys, values


class HashTable(StaticHashTable):
    """The older `StaticHashTable`, which may be given a name under which tables are one.

    Args:
        initializer: What fills it, such as a `KeyValueTensorInitializer`.
        default_value: The value of keys that are not there.
        shared_name: Tables of that name in a session are one.
        name: Name of the operation.
    """

    def __init__(
        self,
        initializer: TableInitializerBase,
        default_value: Any,
        shared_name: str | None = None,
        name: str | None = None,
    ) -> None:
        self._build(initializer, default_value, shared_name or "", name)


def _like(keys: Any, values: Tensor) -> Any:
    return SparseTensor(keys.indices, values, keys.dense_shape) if isinstance(keys, SparseTensor) else values


class HasherSpec(NamedTuple):
    """Which hash deals unknown keys to buckets."""

    hasher: str
    """`"fasthash"`, `"legacy"` or `"stronghash"`."""
    key: Any
    """The key of `"stronghash"`: two numbers."""


FastHashSpec = HasherSpec("fasthash", None)
"""FarmHash Fingerprint64."""


class StrongHashSpec(HasherSpec):
    """SipHash under a key.

    Args:
        key: Two numbers that are not negative.

    Raises:
        TypeError: A part of the key is no integer.
        ValueError: The key has not two parts.
    """

    def __new__(cls, key: Sequence[int]) -> StrongHashSpec:
        """Checks the key."""
        if len(key) != 2:
            raise ValueError(f"key must have size 2, got {len(key)}.")
        if not all(isinstance(part, int) for part in key):
            raise TypeError(f"Invalid key {key}. Must be unsigned integer values.")
        return tuple.__new__(cls, ("stronghash", key))


class IdTableWithHashBuckets(LookupInterface):
    """A table of ids, with buckets by hash for keys that are not in it.

    Args:
        table: A table of int64 ids, or None for buckets alone.
        num_oov_buckets: How many buckets come after the table's ids.
        hasher_spec: The hash that chooses the bucket.
        name: The table's name.
        key_dtype: Type of the keys that are looked up; the table's by default.

    Raises:
        TypeError: Keys are neither texts nor integers or do not fit the table, or its values are not int64.
        ValueError: There are neither table nor buckets.
    """

    def __init__(
        self,
        table: StaticHashTable | None,
        num_oov_buckets: int,
        hasher_spec: HasherSpec = FastHashSpec,
        name: str | None = None,
        key_dtype: Any = None,
    ) -> None:
        if table is None and num_oov_buckets <= 0:
            raise ValueError("oov_buckets must be > 0 if no table is supplied.")
        if not isinstance(hasher_spec, HasherSpec):
            raise TypeError(f"hasher_spec must be of type HasherSpec, got {hasher_spec}")
        super().__init__(_key_type(table, key_dtype), dtypes.int64)
        self._table = table
        self._num_oov_buckets = num_oov_buckets
        self._hash = _hash_function(hasher_spec)
        chosen = (name or "").rstrip("/") or (table.name if table is not None else "hash_bucket")
        self._name = chosen.rpartition("/")[2]

    @property
    def resource_handle(self) -> Tensor | None:
        """The table of the vocabulary, or None."""
        return None if self._table is None else self._table.resource_handle

    @property
    def name(self) -> str:
        """The table's name."""
        return self._name

    @property
    def initializer(self) -> Operation:
        """The operation that fills the table."""
        if self._table is not None:
            return self._table.initializer
        with name_scope(None, "init"):
            return no_op()

    @property
    def init(self) -> Operation:
        """The same as `initializer`."""
        return self.initializer

    def size(self, name: str | None = None) -> Tensor:
        """The number of ids and buckets, int64."""
        with name_scope(name, f"{self.name}_Size"):
            own = constant(0, dtypes.int64) if self._table is None else self._table.size()
            return add(own, constant(self._num_oov_buckets, dtypes.int64))

    def lookup(self, keys: Any, name: str | None = None) -> Any:
        """The id of each key, or the number of its bucket.

        Args:
            keys: A tensor or sparse tensor of keys.
            name: Name scope.

        Raises:
            TypeError: The keys are not of the table's type.
        """
        self._check_keys(keys)
        flat = keys.values if isinstance(keys, SparseTensor) else keys
        if self._table is not None and self._table.key_dtype is dtypes.int64:
            flat = cast(flat, dtypes.int64)
        if self._table is not None and not self._num_oov_buckets:
            return _like(keys, self._table.lookup(flat, name))
        with name_scope(name, f"{self.name}_Lookup"):
            return _like(keys, self._with_buckets(flat))

    def _with_buckets(self, keys: Tensor) -> Tensor:
        texts = keys if keys.dtype is dtypes.string else as_string(keys)
        buckets = self._hash(texts, num_buckets=self._num_oov_buckets, name="hash_bucket")
        if self._table is None:
            return buckets
        ids = self._table.lookup(keys)
        buckets = add(buckets, self._table.size())
        return where(not_equal(ids, self._table.default_value), ids, buckets)


class StaticVocabularyTable(IdTableWithHashBuckets):
    """A table of ids from an initializer, with at least one bucket for keys that are not in it.

    Args:
        initializer: What gives the ids, or None for buckets alone.
        num_oov_buckets: How many buckets come after the ids, at least 1.
        lookup_key_dtype: Type of the keys that are looked up; the initializer's by default.
        name: The table's name.

    Raises:
        TypeError: Keys are neither texts nor integers, or ids are not int64.
        ValueError: There are no buckets.
    """

    def __init__(
        self,
        initializer: TableInitializerBase | None,
        num_oov_buckets: int,
        lookup_key_dtype: Any = None,
        name: str | None = None,
    ) -> None:
        if num_oov_buckets <= 0:
            raise ValueError("oov_buckets must be > 0.")
        table = None if initializer is None else StaticHashTable(initializer, default_value=-1)
        super().__init__(table, num_oov_buckets, name=name, key_dtype=lookup_key_dtype)


def _key_type(table: StaticHashTable | None, wanted: Any) -> DType:
    if table is None:
        dtype = dtypes.string if wanted is None else as_dtype(wanted)
    else:
        dtype = table.key_dtype if wanted is None else as_dtype(wanted)
        _check_table(table, dtype)
    if not (dtype.is_integer or dtype is dtypes.string):
        raise TypeError(f"Invalid key_dtype, expected integer or string, got {dtype}.")
    return dtype


def _check_table(table: StaticHashTable, key_dtype: DType) -> None:
    supported = (dtypes.int64, dtypes.string)
    if table.key_dtype not in supported:
        raise TypeError(f"Invalid key dtype, expected one of {supported}, but got {table.key_dtype}.")
    if table.key_dtype.is_integer != key_dtype.is_integer:
        kind = "integer" if key_dtype.is_integer else "non-integer"
        raise TypeError(f"Invalid key dtype, expected {kind} but got {table.key_dtype}.")
    if table.value_dtype is not dtypes.int64:
        raise TypeError(f"Invalid value dtype, expected {dtypes.int64} but got {table.value_dtype}.")


def _hash_function(spec: HasherSpec) -> Callable[..., Tensor]:
    if spec.hasher == "fasthash":
        return string_to_hash_bucket_fast
    if spec.hasher == "legacy":
        return string_to_hash_bucket
    if spec.hasher == "stronghash":
        return partial(string_to_hash_bucket_strong, key=spec.key)
    raise ValueError(f"Unknown hasher {spec.hasher}")
