"""Feature columns: how a model takes its inputs out of the features (`tf.feature_column`)."""

from __future__ import annotations

from trackml.feature_column.input_layer import input_layer
from trackml.feature_column.numeric import NumericColumn, numeric_column

__all__ = ["NumericColumn", "input_layer", "numeric_column"]
