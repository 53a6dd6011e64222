"""Columns of numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from trackml import dtypes, nest
from trackml.dtypes import DType, as_dtype
from trackml.feature_column.base import DenseColumn
from trackml.feature_column.checks import check_key
from trackml.feature_column.features import Features
from trackml.feature_column.state import StateManager
from trackml.graph.operation import Tensor
from trackml.graph.sparse_tensor import SparseTensor
from trackml.ops import math
from trackml.ops.example_features import FixedLenFeature
from trackml.shapes import TensorShape


@dataclass(frozen=True)
class NumericColumn(DenseColumn):
    """A feature of numbers; make one with `numeric_column`."""

    key: str
    """The feature's key."""
    shape: tuple[int, ...]
    """The shape of one example."""
    default_value: Any
    """What stands for the feature in a serialized example that lacks it, nested tuples in `shape`; or None."""
    dtype: DType
    """The type in a serialized example."""
    normalizer_fn: Callable[[Any], Any] | None
    """A function applied to the feature before it is cast to float32."""

    @property
    def name(self) -> str:
        """The key."""
        return self.key

    @property
    def variable_shape(self) -> TensorShape:
        """The shape of one example."""
        return TensorShape(self.shape)

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        """A feature of `shape`, with the default value for examples that lack it."""
        return {self.key: FixedLenFeature(self.shape, self.dtype, self.default_value)}

    @property
    def parents(self) -> list[Any]:
        """The key."""
        return [self.key]

    def transform_feature(self, transformation_cache: Features, state_manager: StateManager | None) -> Tensor:
        """The feature, normalized, as float32.

        Raises:
            TypeError: The feature holds strings.
            ValueError: The feature is sparse.
        """
        tensor = transformation_cache.get(self.key, state_manager)
        if isinstance(tensor, SparseTensor):
            raise ValueError(
                "The corresponding Tensor of numerical column must be a Tensor. SparseTensor is not supported. "
                f"key: {self.key}. A list whose rows differ in length is a SparseTensor too."
            )
        if self.normalizer_fn is not None:
            tensor = self.normalizer_fn(tensor)
        if getattr(tensor, "dtype", None) is dtypes.string:
            raise TypeError(
                f"The feature {self.key} holds strings, but numeric_column needs numbers. Convert it in the input "
                "function (tf.strings.to_number), or take a column of categories."
            )
        return math.cast(tensor, dtypes.float32)

    def get_dense_tensor(self, transformation_cache: Features, state_manager: StateManager) -> Tensor:
        """The feature, normalized, as float32."""
        tensor: Tensor = transformation_cache.get(self, state_manager)
        return tensor


def numeric_column(
    key: str,
    shape: Any = (1,),
    default_value: Any = None,
    dtype: Any = dtypes.float32,
    normalizer_fn: Callable[[Any], Any] | None = None,
) -> NumericColumn:
    """A feature of numbers.

    Args:
        key: The feature's key; also the column's name.
        shape: The shape of one example; a size alone stands for a vector.
        default_value: What stands for the feature in a serialized example that lacks it: a number, or numbers in
            `shape`.
        dtype: The type in a serialized example, integer or floating point. Features that come as tensors keep theirs.
        normalizer_fn: A function applied to the feature before it is cast to float32.

    Raises:
        TypeError: A size is no integer, the default value is not of `dtype`, or the normalizer is no function.
        ValueError: A size is not positive, the default value is not in `shape`, the type is not numeric, or the key
            is no string.

    Example:
        >>> import trackml as tf
        >>> tf.feature_column.numeric_column("age")
        NumericColumn(key='age', shape=(1,), default_value=None, dtype=tf.float32, normalizer_fn=None)
    """
    sizes = checked_shape(shape, key)
    known = as_dtype(dtype)
    if not (known.is_integer or known.is_floating):
        raise ValueError(f"dtype must be convertible to float. dtype: {known}, key: {key}")
    default = checked_default_value(sizes, default_value, known, key)
    if normalizer_fn is not None and not callable(normalizer_fn):
        raise TypeError(f"normalizer_fn must be a callable. Given: {normalizer_fn}")
    check_key(key)
    return NumericColumn(key, sizes, default, known, normalizer_fn)


def checked_shape(shape: Any, key: str) -> tuple[int, ...]:
    """The shape of one example, as a tuple of sizes.

    Raises:
        TypeError: A size is no integer.
        ValueError: A size is not positive.
    """
    sizes = tuple(shape) if isinstance(shape, (list, tuple, TensorShape)) else (shape,)
    for size in sizes:
        if not isinstance(size, int):
            raise TypeError(f"shape dimensions must be integer. shape: {sizes}, key: {key}")
        if size < 1:
            raise ValueError(f"shape dimensions must be greater than 0. shape: {sizes}, key: {key}")
    return sizes


def checked_default_value(shape: tuple[int, ...], default_value: Any, dtype: DType, key: str) -> Any:
    """A default value as nested tuples in `shape`, None for none.

    Raises:
        TypeError: It is not of `dtype`.
        ValueError: It is not in `shape`.
    """
    if default_value is None:
        return None
    if hasattr(default_value, "tolist"):
        default_value = default_value.tolist()
    if not isinstance(default_value, (list, tuple)):
        value = _repeated(shape, default_value)
    elif _is_in_shape(default_value, shape):
        value = _as_tuples(default_value)
    else:
        raise ValueError(
            "The shape of default_value must be equal to given shape. "
            f"default_value: {default_value}, shape: {shape}, key: {key}"
        )
    if not all(isinstance(number, int) or _is_float_for(dtype, number) for number in nest.flatten(value)):
        raise TypeError(
            f"default_value must be compatible with dtype. default_value: {default_value}, dtype: {dtype}, key: {key}"
        )
    return value


def _is_float_for(dtype: DType, number: Any) -> bool:
    return isinstance(number, float) and dtype.is_floating


def _repeated(shape: tuple[int, ...], value: Any) -> Any:
    return tuple(_repeated(shape[1:], value) for _ in range(shape[0])) if shape else value


def _as_tuples(value: Any) -> Any:
    return tuple(_as_tuples(item) for item in value) if isinstance(value, (list, tuple)) else value


def _is_in_shape(value: Any, shape: tuple[int, ...]) -> bool:
    if isinstance(value, (list, tuple)) != bool(shape):
        return False
    return not shape or (len(value) == shape[0] and all(_is_in_shape(item, shape[1:]) for item in value))
