"""What lookup tables are filled with: tensors of keys and values, or the lines of a text file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Protocol

from trackml import dtypes
from trackml.dtypes import DType, as_dtype
from trackml.graph.conversion import constant, convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.keys import GraphKeys
from trackml.graph.operation import Operation, Tensor
from trackml.ops.framework import add_to_collection, name_scope
from trackml.ops.lookup_table import LINE_NUMBER, WHOLE_LINE


class TextFileIndex:
    """What of a line is the key or the value; a number from 0 on means that field of the line."""

    WHOLE_LINE = WHOLE_LINE
    """The line itself, a text."""
    LINE_NUMBER = LINE_NUMBER
    """The number of the line, from zero, int64."""


class _Typed(Protocol):
    @property
    def key_dtype(self) -> DType: ...
    @property
    def value_dtype(self) -> DType: ...
    @property
    def resource_handle(self) -> Tensor: ...


class TableInitializerBase(ABC):
    """What fills a table.

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

    @property
    def _shared_name(self) -> str:
        """The name under which tables of equal entries are one; empty for a table of its own."""
        return ""

    @abstractmethod
    def initialize(self, table: Any) -> Operation:
        """The operation that fills `table`; it is put into TABLE_INITIALIZERS."""


class KeyValueTensorInitializer(TableInitializerBase):
    """Fills a table with keys and values given as tensors.

    Args:
        keys: The keys, `[n]`.
        values: A value for each key, `[n]`.
        key_dtype: Type of the keys, where they are no tensor.
        value_dtype: Type of the values, where they are no tensor.
        name: Name scope of the operation.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     numbers = tf.lookup.KeyValueTensorInitializer(["one", "two"], [1, 2])
        ...     table = tf.lookup.StaticHashTable(numbers, default_value=-1)
        ...     session.run(tf.tables_initializer())
        ...     print(session.run(table.lookup(tf.constant(["two", "six"]))))
        [ 2 -1]
    """

    def __init__(
        self, keys: Any, values: Any, key_dtype: Any = None, value_dtype: Any = None, name: str | None = None
    ) -> None:
        self._keys = convert_to_tensor(keys, key_dtype, name="keys")
        self._values = convert_to_tensor(values, value_dtype, name="values")
        self._name = "key_value_init" if name is None else name
        super().__init__(self._keys.dtype, self._values.dtype)

    def initialize(self, table: Any) -> Operation:
        """The operation that fills `table`.

        Raises:
            TypeError: The types are not those of the table.
            ValueError: There are more keys than values, or fewer.
        """
        _check_types(table, self._keys.dtype, self._values.dtype)
        with name_scope(self._name, values=[table.resource_handle]):
            op: Operation = apply_op(
                "LookupTableImportV2", table.resource_handle, self._keys, self._values, name="LookupTableImportV2"
            )
        add_to_collection(GraphKeys.TABLE_INITIALIZERS, op)
        return op


class TextFileInitializer(TableInitializerBase):
    """Fills a table with one entry a line of a text file.

    Args:
        filename: The file, a string or a scalar tensor of one.
        key_dtype: Type of the keys.
        key_index: What of a line is the key: a `TextFileIndex`, or the number of a field.
        value_dtype: Type of the values.
        value_index: What of a line is the value.
        vocab_size: How many lines are read; all if not given. The file must have as many.
        delimiter: What stands between the fields of a line.
        name: Name scope of the operation.

    Raises:
        ValueError: There is no filename, an index is wrong or does not fit its type, or `vocab_size` is not positive.
    """

    def __init__(
        self,
        filename: Any,
        key_dtype: Any,
        key_index: int,
        value_dtype: Any,
        value_index: int,
        vocab_size: int | None = None,
        delimiter: str = "\t",
        name: str | None = None,
    ) -> None:
        if not isinstance(filename, Tensor) and not filename:
            raise ValueError(f"Filename required for {name}.")
        super().__init__(key_dtype, value_dtype)
        _check_key(key_index, self._key_dtype)
        _check_value(value_index, self._value_dtype)
        if vocab_size is not None and vocab_size <= 0:
            raise ValueError(f"Invalid vocab_size {vocab_size}.")
        self._given = filename
        self._key_index = key_index
        self._value_index = value_index
        self._vocab_size = vocab_size
        self._delimiter = delimiter
        self._name = name
        self._filename = filename if isinstance(filename, Tensor) else constant(str(filename), name="asset_path")

    def initialize(self, table: Any) -> Operation:
        """The operation that reads the file and fills `table`; the file is an asset of the graph.

        Raises:
            TypeError: The types are not those of the table.
        """
        _check_types(table, self.key_dtype, self.value_dtype)
        with name_scope(self._name, "text_file_init", [table.resource_handle]):
            op: Operation = apply_op(
                "InitializeTableFromTextFileV2",
                table.resource_handle,
                self._filename,
                name="InitializeTableFromTextFileV2",
                key_index=self._key_index,
                value_index=self._value_index,
                vocab_size=-1 if self._vocab_size is None else self._vocab_size,
                delimiter=self._delimiter,
            )
        add_to_collection(GraphKeys.TABLE_INITIALIZERS, op)
        if self._filename.op.type == "Const":
            add_to_collection(GraphKeys.ASSET_FILEPATHS, self._filename)
        return op

    @property
    def _shared_name(self) -> str:
        size = f"_{self._vocab_size}" if self._vocab_size else ""
        given = self._given.name if isinstance(self._given, Tensor) else self._given
        return f"hash_table_{given}{size}_{self._key_index}_{self._value_index}"


class TextFileStringTableInitializer(TextFileInitializer):
    """Fills a table from numbers to texts: by default from the number of a line to the line."""

    def __init__(
        self,
        filename: Any,
        key_column_index: int = LINE_NUMBER,
        value_column_index: int = WHOLE_LINE,
        vocab_size: int | None = None,
        delimiter: str = "\t",
        name: str | None = "text_file_string_table_init",
    ) -> None:
        super().__init__(
            filename, dtypes.int64, key_column_index, dtypes.string, value_column_index, vocab_size, delimiter, name
        )


class TextFileIdTableInitializer(TextFileInitializer):
    """Fills a table from texts to ids: by default from a line to its number."""

    def __init__(
        self,
        filename: Any,
        key_column_index: int = WHOLE_LINE,
        value_column_index: int = LINE_NUMBER,
        vocab_size: int | None = None,
        delimiter: str = "\t",
        name: str | None = "text_file_id_table_init",
        key_dtype: Any = dtypes.string,
    ) -> None:
        super().__init__(
            filename, key_dtype, key_column_index, dtypes.int64, value_column_index, vocab_size, delimiter, name
        )


def _check_types(table: _Typed, key_dtype: DType, value_dtype: DType) -> None:
    if key_dtype is not table.key_dtype:
        raise TypeError(f"Invalid key dtype, expected {table.key_dtype} but got {key_dtype}.")
    if value_dtype is not table.value_dtype:
        raise TypeError(f"Invalid value dtype, expected {table.value_dtype} but got {value_dtype}.")


def _check_key(index: int, dtype: DType) -> None:
    if index < WHOLE_LINE:
        raise ValueError(f"Invalid key index {index}.")
    if index == LINE_NUMBER and dtype is not dtypes.int64:
        raise ValueError(f"Signature mismatch. Keys must be dtype {dtypes.int64}, got {dtype}.")
    if index == WHOLE_LINE and not (dtype.is_integer or dtype is dtypes.string):
        raise ValueError(f"Signature mismatch. Keys must be integer or string, got {dtype}.")


def _check_value(index: int, dtype: DType) -> None:
    if index < WHOLE_LINE:
        raise ValueError(f"Invalid value index {index}.")
    if index == LINE_NUMBER and dtype is not dtypes.int64:
        raise ValueError(f"Signature mismatch. Values must be dtype {dtypes.int64}, got {dtype}.")
    if index == WHOLE_LINE and dtype is not dtypes.string:
        raise ValueError(f"Signature mismatch. Values must be dtype {dtypes.string}, got {dtype}.")
