"""What is wanted of `Example` messages: a description for each feature, and what the operations take it as."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from trackml import dtypes, logging
from trackml.dtypes import DType, as_dtype
from trackml.graph.conversion import constant, convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.graph.sparse_tensor import SparseTensor
from trackml.ops.array import reshape
from trackml.ops.sparse import sparse_merge
from trackml.shapes import TensorShape, as_shape


class FixedLenFeature(NamedTuple):
    """A feature with as many values in each `Example`; its tensor is dense."""

    shape: Any
    """Shape of the values of one `Example`."""
    dtype: Any
    """float32, int64 or string."""
    default_value: Any = None
    """Stands for the values of an `Example` that lacks the feature, which is an error without it."""


class VarLenFeature(NamedTuple):
    """A feature with any number of values; its tensor is sparse, `[batch, most values]`."""

    dtype: Any
    """float32, int64 or string."""


class FixedLenSequenceFeature(NamedTuple):
    """A feature with any number of values, padded to the longest of the batch: `[batch, longest, *shape]`."""

    shape: Any
    """Shape of one item of the sequence."""
    dtype: Any
    """float32, int64 or string."""
    allow_missing: bool = False
    """Whether an `Example` may lack the feature; must be True."""
    default_value: Any = None
    """What shorter ones are filled with: 0 or an empty text if not given."""


class SparseFeature(NamedTuple):
    """A sparse tensor whose positions and values are features of their own."""

    index_key: Any
    """The feature that holds the positions, or a list of them, one an axis."""
    value_key: str
    """The feature that holds the values."""
    dtype: Any
    """Type of the values."""
    size: Any
    """Size of the axis, or a list of sizes, one an axis."""
    already_sorted: bool = False
    """Whether the positions rise, so that nothing is put in order."""


class Wanted:
    """Features as the operations take them: keys, types, shapes and defaults, sparse ones apart from dense ones."""

    def __init__(self) -> None:
        self.sparse: dict[str, DType] = {}
        """Type of each sparse feature."""
        self.dense: dict[str, DType] = {}
        """Type of each dense feature."""
        self.shapes: dict[str, TensorShape] = {}
        """Shape of each dense feature; the first size is unknown for sequences."""
        self.defaults: dict[str, Any] = {}
        """Default of each dense feature that has one."""

    def add_sparse(self, key: str, dtype: DType) -> None:
        """Adds a sparse feature; ValueError when it is there with another type."""
        known = self.sparse.setdefault(key, dtype)
        if known is not dtype:
            raise ValueError(f"Conflicting type {known!r} vs {dtype!r} for feature {key}.")

    def add_dense(self, key: str, dtype: DType, shape: TensorShape, default: Any) -> None:
        """Adds a dense feature."""
        self.dense[key] = dtype
        self.shapes[key] = shape
        self.defaults[key] = default

    def check(self) -> None:
        """ValueError when a key is both dense and sparse."""
        both = set(self.dense) & set(self.sparse)
        if both:
            raise ValueError(f"Dense and sparse keys must not intersect; intersection: {both}")


def wanted_of(features: Mapping[str, Any]) -> Wanted:
    """The features that a dict describes, in the order of their keys.

    Raises:
        ValueError: A description is not whole, or is none.
    """
    wanted = Wanted()
    for key in sorted(features):
        _add(wanted, key, features[key])
    wanted.check()
    return wanted


def _add(wanted: Wanted, key: str, feature: Any) -> None:
    if isinstance(feature, VarLenFeature):
        wanted.add_sparse(key, _type(key, feature))
    elif isinstance(feature, SparseFeature):
        _add_parts(wanted, key, feature)
    elif isinstance(feature, FixedLenFeature):
        wanted.add_dense(key, _type(key, feature), _fixed_shape(key, feature), feature.default_value)
    elif isinstance(feature, FixedLenSequenceFeature):
        if not feature.allow_missing:
            raise ValueError("Unsupported: FixedLenSequenceFeature requires allow_missing to be True.")
        shape = as_shape([None, *as_shape(_given_shape(key, feature)).as_list()])
        wanted.add_dense(key, _type(key, feature), shape, feature.default_value)
    else:
        raise ValueError(f"Invalid feature {key}:{feature}.")


def _type(key: str, feature: Any) -> DType:
    if not feature.dtype:
        raise ValueError(f"Missing type for feature {key}.")
    return as_dtype(feature.dtype)


def _given_shape(key: str, feature: Any) -> Any:
    if feature.shape is None:
        raise ValueError(f"Missing shape for feature {key}.")
    return feature.shape


def _fixed_shape(key: str, feature: FixedLenFeature) -> TensorShape:
    shape = as_shape(_given_shape(key, feature))
    if shape.ndims and shape.as_list()[0] is None:
        raise ValueError(f"First dimension of shape for feature {key} unknown. Consider using FixedLenSequenceFeature.")
    if not shape.is_fully_defined():
        raise ValueError(f"All dimensions of shape for feature {key} need to be known but received {feature.shape}.")
    return shape


def _add_parts(wanted: Wanted, key: str, feature: SparseFeature) -> None:
    for part in ("index_key", "value_key"):
        if not getattr(feature, part):
            raise ValueError(f"Missing {part} for SparseFeature {feature}.")
    dtype = _type(key, feature)
    index_keys = _index_keys(feature)
    if len(index_keys) > 1:
        logging.warning(
            "SparseFeature is a complicated feature config and should only be used after careful consideration "
            "of VarLenFeature."
        )
    for index_key in sorted(index_keys):
        wanted.add_sparse(index_key, dtypes.int64)
    wanted.add_sparse(feature.value_key, dtype)


def _index_keys(feature: SparseFeature) -> list[str]:
    return [feature.index_key] if isinstance(feature.index_key, str) else list(feature.index_key)


def default_tensors(wanted: Wanted) -> list[Tensor]:
    """The default of each dense feature: empty where there is none, a scalar that pads for sequences."""
    return [_default(key, dtype, wanted.shapes[key], wanted.defaults[key]) for key, dtype in wanted.dense.items()]


def _default(key: str, dtype: DType, shape: TensorShape, value: Any) -> Tensor:
    name = re.sub(r"[^A-Za-z0-9_.\-/]", "_", key)
    if shape.ndims and shape.as_list()[0] is None:
        if value is None:
            return convert_to_tensor("" if dtype is dtypes.string else 0, dtype)
        return reshape(convert_to_tensor(value, dtype, name=f"padding_{name}"), [])
    if value is None:
        return constant([], dtype)
    if isinstance(value, Tensor):
        return value
    return reshape(convert_to_tensor(value, dtype, name=f"key_{name}"), shape.as_list())


def put_together(features: Mapping[str, Any], parsed: Mapping[str, Any]) -> dict[str, Any]:
    """A tensor for each of `features`; those of a `SparseFeature` are made of the tensors of its parts."""
    return {key: _merged(feature, parsed) if isinstance(feature, SparseFeature) else parsed[key]
            for key, feature in features.items()}  # fmt: skip


def _merged(feature: SparseFeature, parsed: Mapping[str, Any]) -> SparseTensor:
    single = isinstance(feature.index_key, str)
    positions = parsed[feature.index_key] if single else [parsed[key] for key in feature.index_key]
    return sparse_merge(positions, parsed[feature.value_key], feature.size, already_sorted=feature.already_sorted)
