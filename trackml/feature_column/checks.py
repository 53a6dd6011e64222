"""Checks that columns share, with TensorFlow's messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trackml import dtypes
from trackml.dtypes import DType
from trackml.feature_column.base import FeatureColumn


def check_key(key: Any) -> None:
    """Raises ValueError unless a feature's key is a string."""
    if not isinstance(key, str):
        raise ValueError(f"key must be a string. Got: type {type(key)}. Given key: {key}.")


def check_string_or_integer(dtype: DType, prefix: str) -> None:
    """Raises ValueError unless a type is string or integer."""
    if dtype is not dtypes.string and not dtype.is_integer:
        raise ValueError(f"{prefix} dtype must be string or integer. dtype: {dtype}.")


def check_same_kind(key: str, column_dtype: DType, tensor_dtype: DType) -> None:
    """Raises ValueError unless a column's type and its feature's are both integers or both texts."""
    check_string_or_integer(tensor_dtype, f"column_name: {key} input_tensor")
    if column_dtype.is_integer != tensor_dtype.is_integer:
        raise ValueError(
            "Column dtype and SparseTensors dtype must be compatible. "
            f"key: {key}, column dtype: {column_dtype}, tensor dtype: {tensor_dtype}"
        )


def checked_columns(feature_columns: Any) -> list[FeatureColumn]:
    """The columns as a list.

    Raises:
        ValueError: There is none, one is no column, or two have the same name.
    """
    if isinstance(feature_columns, Mapping):
        raise ValueError("Expected feature_columns to be iterable, found dict.")
    columns = [feature_columns] if isinstance(feature_columns, FeatureColumn) else list(feature_columns)
    by_name: dict[str, FeatureColumn] = {}
    for column in columns:
        if not isinstance(column, FeatureColumn):
            raise ValueError(
                f"Items of feature_columns must be a _FeatureColumn. Given (type {type(column)}): {column}."
            )
        if column.name in by_name:
            raise ValueError(
                f"Duplicate feature column name found for columns: {column} and {by_name[column.name]}. This usually "
                "means that these columns refer to same base feature. Either one must be discarded or a duplicated "
                "but renamed item must be inserted in features dict."
            )
        by_name[column.name] = column
    if not columns:
        raise ValueError("feature_columns must not be empty.")
    return columns
