"""Tables from keys to values, and the operations on them.

A table lives in the session, like a variable, and is filled by its initializer. Numbers are found by bisection in the
sorted keys, texts in a dictionary.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.dtypes import DType
from trackml.errors import FailedPreconditionError, InvalidArgumentError, NotFoundError, OutOfRangeError
from trackml.graph.operation import Operation
from trackml.graph.registry import NOT_DIFFERENTIABLE, Kernel, register
from trackml.graph.runtime import Runtime
from trackml.graph.shape_rules import no_outputs, scalar
from trackml.shapes import TensorShape

Array = np.ndarray[Any, Any]

WHOLE_LINE = -2
"""The key or value of an entry is the whole line."""
LINE_NUMBER = -1
"""The key or value of an entry is the number of the line, from zero."""


class Table:
    """The entries of one table in one session, settled once it is initialised.

    Args:
        key_dtype: Type of the keys.
        value_dtype: Type of the values.
    """

    def __init__(self, key_dtype: DType, value_dtype: DType) -> None:
        self._key_dtype = key_dtype
        self._value_dtype = value_dtype
        self._places: dict[Any, int] | None = None
        self._keys: Array = np.empty(0, key_dtype.as_numpy_dtype)
        self._values: Array = np.empty(0, value_dtype.as_numpy_dtype)
        self._sorted: tuple[Array, Array] | None = None

    @property
    def filled(self) -> bool:
        """Whether the table has been initialised."""
        return self._places is not None

    def fill(self, keys: Array, values: Array) -> None:
        """Sets the entries.

        Raises:
            FailedPreconditionError: A key has two different values, or the table was filled with other entries.
        """
        flat, items = keys.reshape(-1), values.reshape(-1)
        places: dict[Any, int] = {}
        for place, key in enumerate(flat.tolist()):
            first = places.setdefault(key, place)
            if first != place and items[first] != items[place]:
                raise FailedPreconditionError(
                    None,
                    None,
                    f"HashTable has different value for same key. Key {_text(key)} has {_text(items[first])} "
                    f"and trying to add value {_text(items[place])}",
                )
        kept = np.fromiter(places.values(), np.int64, len(places))
        self._keys, self._values = flat[kept], items[kept]
        self._places = {key: place for place, key in enumerate(places)}
        if self._keys.dtype != object:
            order = np.argsort(self._keys, kind="stable")
            self._sorted = self._keys[order], order

    def find(self, keys: Array, default: Array) -> Array:
        """The value of each key, `default` for those that are not there; in the shape of `keys`."""
        places = self._places_of(np.reshape(keys, -1))
        if not len(self._values):
            return np.full(np.shape(keys), default, self._values.dtype)
        found = self._values.take(places, mode="clip")
        missing = places < 0
        if missing.any():
            found[missing] = default
        return found.reshape(np.shape(keys))

    def _places_of(self, keys: Array) -> Array:
        if self._places is None:
            raise FailedPreconditionError(
                None, None, "Table not initialized. Run tf.tables_initializer() before its first lookup."
            )
        if self._sorted is None:
            found = map(self._places.get, keys.tolist(), itertools.repeat(-1))
            return np.fromiter(found, np.int64, len(keys))
        ordered, places = self._sorted
        if not len(ordered):
            return np.full(len(keys), -1)
        at = np.minimum(np.searchsorted(ordered, keys), len(ordered) - 1)
        return np.where(ordered[at] == keys, places[at], -1)

    def size(self) -> Any:
        """The number of entries, int64."""
        self._places_of(self._keys[:0])
        return np.int64(len(self._keys))

    def entries(self) -> tuple[Array, Array]:
        """All keys and their values, in the order in which they were added."""
        self._places_of(self._keys[:0])
        return self._keys, self._values


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _table(op: Operation, runtime: Runtime) -> Kernel:
    key_dtype, value_dtype = op.attrs["key_dtype"], op.attrs["value_dtype"]
    key = ("table", op.attrs["shared_name"] or op.name)
    table = runtime.resource(key, lambda: Table(key_dtype, value_dtype))
    return lambda: table


def _stateful(kernel: Callable[..., Any]) -> Callable[[Operation, Runtime], Kernel]:
    """An operation whose state is in the table that it is given: the kernel itself is bound."""
    return lambda op, runtime: kernel


register(
    "HashTableV2",
    bind=_table,
    shape=scalar,
    dtypes=dtypes.resource,
    gradient=NOT_DIFFERENTIABLE,
    types={},
    settled=True,
)
register(
    "LookupTableFindV2",
    bind=_stateful(Table.find),
    shape=lambda op: op.inputs[1].shape,
    dtypes=lambda op: [op.inputs[2].dtype],
    gradient=NOT_DIFFERENTIABLE,
    types={"Tin": 1, "Tout": 2},
)
register(
    "LookupTableSizeV2",
    bind=_stateful(Table.size),
    shape=scalar,
    dtypes=dtypes.int64,
    gradient=NOT_DIFFERENTIABLE,
    types={},
)
register(
    "LookupTableExportV2",
    bind=_stateful(Table.entries),
    shape=lambda op: [TensorShape([None]), TensorShape([None])],
    dtypes=lambda op: [op.attrs["Tkeys"], op.attrs["Tvalues"]],
    gradient=NOT_DIFFERENTIABLE,
    types={},
)


def _import_shape(op: Operation) -> Sequence[TensorShape]:
    op.inputs[1].shape.assert_is_compatible_with(op.inputs[2].shape)
    return no_outputs(op)


def _fill_once(table: Table, keys: Array, values: Array) -> None:
    if not table.filled:
        table.fill(keys, values)


for _type in ("LookupTableImportV2", "InitializeTableV2"):
    _names = ("Tin", "Tout") if _type == "LookupTableImportV2" else ("Tkey", "Tval")
    register(
        _type,
        bind=_stateful(_fill_once),
        shape=_import_shape,
        gradient=NOT_DIFFERENTIABLE,
        types={_names[0]: 1, _names[1]: 2},
    )


def _from_text_file(op: Operation, runtime: Runtime) -> Kernel:
    key_index, value_index = op.attrs["key_index"], op.attrs["value_index"]
    limit, delimiter = op.attrs["vocab_size"], op.attrs["delimiter"].encode()

    def initialize(table: Table, filename: Any) -> None:
        if table.filled:
            return
        path = filename[()].decode()
        lines = _lines(path, limit)
        keys = _column(lines, key_index, delimiter, table._key_dtype, path)
        table.fill(keys, _column(lines, value_index, delimiter, table._value_dtype, path))

    return initialize


register(
    "InitializeTableFromTextFileV2",
    bind=_from_text_file,
    shape=no_outputs,
    gradient=NOT_DIFFERENTIABLE,
    types={},
)


def _lines(path: str, limit: int) -> list[bytes]:
    """The lines of a vocabulary, at most `limit` of them, without their ends; -1 for all."""
    try:
        with open(path, "rb") as file:
            lines = [line.rstrip(b"\n").rstrip(b"\r") for line in file]
    except FileNotFoundError as error:
        raise NotFoundError(None, None, f"{path}; No such file or directory") from error
    if not lines:
        raise OutOfRangeError(None, None, f"The vocabulary file {path} is empty.")
    if len(lines) < limit:
        raise InvalidArgumentError(None, None, f"Invalid vocab_size in {path}: expected {limit} but got {len(lines)}")
    lines = lines[:limit] if limit >= 0 else lines
    if b"" in lines:
        number = lines.index(b"")
        position = sum(len(line) + 1 for line in lines[: number + 1])
        raise InvalidArgumentError(
            None,
            None,
            f"Invalid content in {path}: empty line found at position {position}. It is line {number + 1}.",
        )
    return lines


def _column(lines: Sequence[bytes], index: int, delimiter: bytes, dtype: DType, path: str) -> Array:
    if index == LINE_NUMBER:
        return np.arange(len(lines))
    texts = (
        list(lines)
        if index == WHOLE_LINE
        else [_field(path, n, line, index, delimiter) for n, line in enumerate(lines)]
    )
    if dtype is dtypes.string:
        column = np.empty(len(texts), object)
        column[:] = texts
        return column
    return np.array([_number(text, dtype, line) for line, text in enumerate(texts)], dtype.as_numpy_dtype)


def _field(path: str, number: int, line: bytes, index: int, delimiter: bytes) -> bytes:
    fields = line.split(delimiter)
    if index >= len(fields):
        raise InvalidArgumentError(
            None,
            None,
            f"Invalid number of columns in {path} line {number} ({_text(line)}) : "
            f"expected {index + 1} got {len(fields)}",
        )
    return fields[index]


def _number(text: bytes, dtype: DType, line: int) -> Any:
    try:
        return int(text) if dtype.is_integer else float(text)
    except ValueError as error:
        raise InvalidArgumentError(
            None, None, f"Field {_text(text)} in line {line} is not a valid {dtype.name}."
        ) from error
