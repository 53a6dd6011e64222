"""What `tf.parse_example` must read for a set of columns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from trackml.feature_column.base import FeatureColumn


def make_parse_example_spec(feature_columns: Iterable[FeatureColumn]) -> dict[str, Any]:
    """The features that columns need, by key, as `tf.parse_example` takes them.

    Args:
        feature_columns: Columns.

    Raises:
        ValueError: An item is no column, or two columns want one key in different ways.

    Example:
        >>> import trackml as tf
        >>> tf.feature_column.make_parse_example_spec([tf.feature_column.numeric_column("age")])
        {'age': FixedLenFeature(shape=(1,), dtype=tf.float32, default_value=None)}
    """
    result: dict[str, Any] = {}
    for column in feature_columns:
        if not isinstance(column, FeatureColumn):
            raise ValueError(f"All feature_columns must be _FeatureColumn instances. Given: {column}")
        spec = column.parse_example_spec
        for key, feature in spec.items():
            if result.get(key, feature) != feature:
                raise ValueError(
                    f"feature_columns contain different parse_spec for key {key}. Given {feature} and {result[key]}"
                )
        result.update(spec)
    return result
