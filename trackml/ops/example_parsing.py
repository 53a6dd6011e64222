"""Rows of data out of serialized `Example` messages, the usual content of TFRecord files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.dtypes import DType
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, register
from trackml.graph.sparse_tensor import SparseTensor
from trackml.ops.array import expand_dims, outputs_of, squeeze
from trackml.ops.example_columns import ValuesOfFeature, values_of_features
from trackml.ops.example_features import Wanted, default_tensors, put_together, wanted_of
from trackml.ops.framework import name_scope
from trackml.shapes import TensorShape

Array = np.ndarray[Any, Any]

_ALLOWED = (dtypes.float32, dtypes.int64, dtypes.string)
_KINDS = {"f": "float", "i": "int64", "O": "string"}
"""TensorFlow's names of the types, by numpy's kind."""


def parse_example(
    serialized: Any, features: Mapping[str, Any], name: str | None = None, example_names: Any = None
) -> dict[str, Any]:
    """The features of a batch of serialized `Example` messages.

    Args:
        serialized: Messages, strings `[batch]`.
        features: For each key a `FixedLenFeature`, `VarLenFeature`, `FixedLenSequenceFeature` or `SparseFeature`.
        name: Name of the operation.
        example_names: Names of the messages `[batch]`, for error messages.

    Returns:
        For each key a tensor `[batch, *shape]`, or a sparse tensor.

    Raises:
        ValueError: A description is not whole.
        TypeError: A type is none of float32, int64 and string.
        InvalidArgumentError: When it runs: bytes are no `Example`, a feature is missing, of another type or of
            another size.

    Example:
        >>> import trackml as tf
        >>> ages = tf.train.Feature(int64_list=tf.train.Int64List(value=[42]))
        >>> row = tf.train.Example(features=tf.train.Features(feature={"age": ages})).SerializeToString()
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     parsed = tf.io.parse_example([row], {"age": tf.io.FixedLenFeature([], tf.int64)})
        ...     print(session.run(parsed)["age"].tolist())
        [42]
    """
    if not features:
        raise ValueError(f"Missing: features was {features}.")
    wanted = wanted_of(features)
    return put_together(features, _parsed(serialized, example_names, wanted, name))


def parse_single_example(
    serialized: Any, features: Mapping[str, Any], name: str | None = None, example_names: Any = None
) -> dict[str, Any]:
    """The features of one serialized `Example` message.

    Many messages are parsed faster at once: batch them before `parse_example`.

    Args:
        serialized: A message, a scalar string.
        features: As for `parse_example`.
        name: Name of the operation.
        example_names: The message's name, for error messages.

    Returns:
        What `parse_example` gives, without the axis of the batch.

    Raises:
        ValueError: A description is not whole.
        TypeError: A type is none of float32, int64 and string.
    """
    if not features:
        raise ValueError("Missing features.")
    wanted = wanted_of(features)
    if example_names is None:
        return put_together(features, _parsed_single(serialized, wanted, name))
    with name_scope(name, "ParseSingleExample", [serialized, example_names]):
        one = expand_dims(convert_to_tensor(serialized, dtypes.string), 0)
        names = expand_dims(convert_to_tensor(example_names, dtypes.string), 0)
        parsed = _parsed(one, names, wanted, name)
        for key, tensor in parsed.items():
            parsed[key] = _first_row(tensor) if isinstance(tensor, SparseTensor) else squeeze(tensor, [0])
    return put_together(features, parsed)


def _first_row(tensor: SparseTensor) -> SparseTensor:
    return SparseTensor(tensor.indices[:, 1:], tensor.values, tensor.dense_shape[1:])


def _check_types(wanted: Wanted) -> None:
    for parameter, found in (("sparse_types", wanted.sparse), ("dense_defaults", wanted.dense)):
        for dtype in found.values():
            if dtype not in _ALLOWED:
                allowed = ", ".join(item.name for item in _ALLOWED)
                raise TypeError(
                    f"Value passed to parameter '{parameter}' has DataType {dtype.name} not in list of allowed "
                    f"values: {allowed}"
                )


def _parsed(serialized: Any, names: Any, wanted: Wanted, name: str | None) -> dict[str, Any]:
    _check_types(wanted)
    with name_scope(name, "ParseExample", [serialized, names]):
        defaults = default_tensors(wanted)
        with name_scope(name, "ParseExample") as scope:
            inputs = [
                convert_to_tensor(serialized, dtypes.string, name="serialized"),
                convert_to_tensor(np.empty(0, object) if names is None else names, dtypes.string, name="names"),
                *_keys("sparse", wanted.sparse),
                *_keys("dense", wanted.dense),
                *defaults,
            ]
            counts = {"Nsparse": len(wanted.sparse), "Ndense": len(wanted.dense)}
            found = apply_op("ParseExample", *inputs, name=scope, **counts, **_attributes(wanted))
    return _named(outputs_of(found), wanted)


def _keys(kind: str, keys: Mapping[str, DType]) -> list[Tensor]:
    return [convert_to_tensor(key, dtypes.string, name=f"{kind}_keys_{number}") for number, key in enumerate(keys)]


def _attributes(wanted: Wanted) -> dict[str, Any]:
    return {
        "sparse_types": list(wanted.sparse.values()),
        "Tdense": list(wanted.dense.values()),
        "dense_shapes": [wanted.shapes[key] for key in wanted.dense],
    }


def _parsed_single(serialized: Any, wanted: Wanted, name: str | None) -> dict[str, Any]:
    _check_types(wanted)
    with name_scope(name, "ParseSingleExample", [serialized]):
        message = convert_to_tensor(serialized, dtypes.string, name="serialized")
        defaults = default_tensors(wanted)
        with name_scope(name, "ParseSingleExample") as scope:
            found = apply_op(
                "ParseSingleExample",
                message,
                *defaults,
                name=scope,
                num_sparse=len(wanted.sparse),
                sparse_keys=list(wanted.sparse),
                dense_keys=list(wanted.dense),
                **_attributes(wanted),
            )
    return _named(outputs_of(found), wanted)


def _named(outputs: Sequence[Tensor], wanted: Wanted) -> dict[str, Any]:
    """Outputs are all indices, all values and all shapes of sparse features, then the dense ones."""
    count = len(wanted.sparse)
    parts = zip(outputs[:count], outputs[count : 2 * count], outputs[2 * count : 3 * count])
    sparse = {key: SparseTensor(*part) for key, part in zip(wanted.sparse, parts)}
    return {**sparse, **dict(zip(wanted.dense, outputs[3 * count :]))}


def _parse_example(
    serialized: Array,
    names: Array,
    *inputs: Any,
    Nsparse: int,
    Ndense: int,
    sparse_types: Sequence[DType],
    Tdense: Sequence[DType],
    dense_shapes: Sequence[TensorShape],
) -> list[Array]:
    if serialized.ndim != 1:
        raise ValueError(f"Expected serialized to be a vector, got shape: {list(serialized.shape)}")
    keys = [key[()].decode() for key in inputs[: Nsparse + Ndense]]
    found = values_of_features(serialized.tolist(), keys)
    batch = _Batch(found, names.tolist(), len(serialized))
    sparse = [batch.sparse(key, dtype) for key, dtype in zip(keys, sparse_types)]
    defaults = inputs[Nsparse + Ndense :]
    dense = [batch.dense(*item) for item in zip(keys[Nsparse:], Tdense, dense_shapes, defaults)]
    return [*(part for parts in zip(*sparse) for part in parts), *dense]


class _Batch:
    """Makes tensors of the values of features of several messages."""

    def __init__(self, found: Mapping[str, ValuesOfFeature], names: Sequence[bytes], count: int) -> None:
        self._found = found
        self._names = names
        self._count = count

    def _name(self, index: int) -> str:
        return self._names[index].decode("utf-8", "replace") if self._names else "<unknown>"

    def _place(self, index: int, key: str) -> str:
        return f"Name: {self._name(index)}, Key: {key}, Index: {index}.  "

    def sparse(self, key: str, dtype: DType) -> tuple[Array, Array, Array]:
        """Indices, values and shape of a sparse feature."""
        wanted = np.dtype(dtype.as_numpy_dtype)
        found = self._found[key]
        if found.matrix is not None and found.matrix.dtype == wanted:
            lengths = np.full(self._count, found.matrix.shape[1], np.int64)
            return self._placed(found.matrix.reshape(-1), lengths)
        parts: list[Array] = []
        lengths = np.zeros(self._count, np.int64)
        for index, row in enumerate(found.each()):
            if row is None:
                continue
            if row.dtype != wanted:
                raise ValueError(
                    f"{self._place(index, key)}Data types don't match. Expected type: {_KINDS[wanted.kind]}, "
                    f"Actual type: {_KINDS[row.dtype.kind]}"
                )
            lengths[index] = len(row)
            parts.append(row)
        return self._placed(np.concatenate(parts) if parts else np.empty(0, wanted), lengths)

    def _placed(self, values: Array, lengths: Array) -> tuple[Array, Array, Array]:
        rows = np.repeat(np.arange(self._count), lengths)
        columns = np.arange(len(values)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        longest = int(lengths.max(initial=0))
        return np.stack([rows, columns], axis=1), values, np.array([self._count, longest], np.int64)

    def dense(self, key: str, dtype: DType, shape: TensorShape, default: Array) -> Array:
        """The tensor of a dense feature."""
        found = self._found[key]
        wanted = np.dtype(dtype.as_numpy_dtype)
        sizes = shape.as_list()
        if sizes and sizes[0] is None:
            return self._padded(key, wanted, [int(size or 0) for size in sizes[1:]], default)
        fixed = [int(size or 0) for size in sizes]
        elements = int(np.prod(fixed, dtype=np.int64))
        matrix = found.matrix
        if matrix is not None and matrix.dtype == wanted and matrix.shape[1] == elements:
            return np.ascontiguousarray(matrix).reshape([self._count, *fixed])
        result = np.empty((self._count, elements), wanted)
        for index, row in enumerate(found.each()):
            result[index] = self._whole(key, index, row, wanted, fixed, default)
        return result.reshape([self._count, *fixed])

    def _whole(
        self, key: str, index: int, row: Array | None, wanted: np.dtype[Any], sizes: list[int], default: Array
    ) -> Array:
        """The values of one message, or the default."""
        elements = int(np.prod(sizes, dtype=np.int64))
        if row is None:
            if default.size != elements or default.ndim != len(sizes):
                raise ValueError(
                    f"Name: {self._name(index)}, Feature: {key} (data type: {_KINDS[wanted.kind]}) is required but "
                    "could not be found."
                )
            return default.reshape(-1)
        self._check_kind(key, index, row, wanted)
        if len(row) != elements:
            raise ValueError(
                f"{self._place(index, key)}Number of {_KINDS[wanted.kind]} values != expected.  "
                f"Values size: {len(row)} but output shape: {_shown(sizes)}"
            )
        return row

    def _check_kind(self, key: str, index: int, row: Array, wanted: np.dtype[Any]) -> None:
        if row.dtype != wanted:
            raise ValueError(
                f"{self._place(index, key)}Data types don't match. Data type: {_KINDS[row.dtype.kind]} but expected "
                f"type: {_KINDS[wanted.kind]}"
            )

    def _padded(self, key: str, wanted: np.dtype[Any], item: list[int], default: Array) -> Array:
        """The sequences, filled up to the longest."""
        stride = int(np.prod(item, dtype=np.int64))
        rows = list(self._found[key].each())
        for index, row in enumerate(rows):
            if row is None:
                continue
            self._check_kind(key, index, row, wanted)
            if len(row) % stride:
                raise ValueError(
                    f"{self._place(index, key)}Number of {_KINDS[wanted.kind]} values is not a multiple of stride "
                    f"length. Saw {len(row)} values but output shape is: {_shown(['?', *item])}"
                )
        longest = max((len(row) // stride for row in rows if row is not None), default=0)
        result = np.full((self._count, longest * stride), default.reshape(-1)[0], wanted)
        for index, row in enumerate(rows):
            if row is not None:
                result[index, : len(row)] = row
        return result.reshape([self._count, longest, *item])


def _shown(sizes: Sequence[Any]) -> str:
    return f"[{','.join(map(str, sizes))}]"


def _batch_shapes(op: Operation) -> list[TensorShape]:
    serialized = op.inputs[0].shape.with_rank(1)
    count = op.attrs["Nsparse"]
    dense = [serialized.concatenate(shape) for shape in op.attrs["dense_shapes"]]
    return [*_sparse_shapes(count, 2), *dense]


def _sparse_shapes(count: int, rank: int) -> list[TensorShape]:
    return [*[TensorShape([None, rank])] * count, *[TensorShape([None])] * count, *[TensorShape([rank])] * count]


def _dtypes(op: Operation) -> list[DType]:
    sparse = op.attrs["sparse_types"]
    return [*[dtypes.int64] * len(sparse), *sparse, *[dtypes.int64] * len(sparse), *op.attrs["Tdense"]]


register(
    "ParseExample",
    _parse_example,
    shape=_batch_shapes,
    dtypes=_dtypes,
    gradient=NOT_DIFFERENTIABLE,
    types={},
    lists=True,
)


def _parse_single_example(
    serialized: Any,
    *defaults: Array,
    num_sparse: int,
    sparse_keys: Sequence[str],
    dense_keys: Sequence[str],
    sparse_types: Sequence[DType],
    Tdense: Sequence[DType],
    dense_shapes: Sequence[TensorShape],
) -> list[Array]:
    if np.ndim(serialized):
        raise ValueError(f"Expected serialized to be a scalar, got shape: {list(serialized.shape)}")
    one = _One(values_of_features([serialized[()]], [*sparse_keys, *dense_keys]), [], 1)
    sparse = [one.sparse(*item) for item in zip(sparse_keys, sparse_types)]
    dense = [one.dense(*item) for item in zip(dense_keys, Tdense, dense_shapes, defaults)]
    without_batch = [tensor.reshape(tensor.shape[1:]) for tensor in dense]
    indices = [part[0][:, 1:] for part in sparse]
    return [*indices, *(part[1] for part in sparse), *(part[2][1:] for part in sparse), *without_batch]


class _One(_Batch):
    """The same for one message, whose error messages are others in TensorFlow."""

    def _place(self, index: int, key: str) -> str:
        return f"Key: {key}.  "

    def _whole(
        self, key: str, index: int, row: Array | None, wanted: np.dtype[Any], sizes: list[int], default: Array
    ) -> Array:
        try:
            return super()._whole(key, index, row, wanted, sizes, default)
        except ValueError as error:
            raise ValueError(str(error).removeprefix("Name: <unknown>, ")) from None


def _single_shapes(op: Operation) -> list[TensorShape]:
    op.inputs[0].shape.with_rank(0)
    return [*_sparse_shapes(op.attrs["num_sparse"], 1), *op.attrs["dense_shapes"]]


register(
    "ParseSingleExample",
    _parse_single_example,
    shape=_single_shapes,
    dtypes=_dtypes,
    gradient=NOT_DIFFERENTIABLE,
    types={},
    lists=True,
)
