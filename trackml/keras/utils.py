"""What goes with models (`keras.utils`)."""

from __future__ import annotations

from typing import Any

import numpy as np

from trackml.keras.sequences import Sequence

__all__ = ["Sequence", "to_categorical"]


def to_categorical(y: Any, num_classes: int | None = None, dtype: Any = "float32") -> np.ndarray[Any, Any]:
    """A vector with a 1 in one place for each number of a class.

    Args:
        y: Numbers of classes, from 0 on, of any shape; a last axis of size 1 is no axis.
        num_classes: How many classes there are; the largest number and one by default.
        dtype: The type of the result.

    Returns:
        `[..., num_classes]`.

    Example:
        >>> from trackml import keras
        >>> keras.utils.to_categorical([0, 2]).tolist()
        [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    """
    numbers = np.asarray(y, dtype=int)
    shape = numbers.shape[:-1] if numbers.ndim > 1 and numbers.shape[-1] == 1 else numbers.shape
    count = num_classes or int(numbers.max()) + 1
    vectors: np.ndarray[Any, Any] = np.eye(count, dtype=dtype)[numbers.reshape(shape)]
    return vectors
