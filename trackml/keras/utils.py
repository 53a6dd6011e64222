"""What goes with models (`keras.utils`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from trackml.keras.progress import Progress
from trackml.keras.saving.objects import deserialize_keras_object, serialize_keras_object
from trackml.keras.saving.registry import (
    CustomObjectScope,
    custom_object_scope,
    get_custom_objects,
    get_registered_name,
    get_registered_object,
    register_keras_serializable,
)
from trackml.keras.sequences import Sequence

__all__ = [
    "CustomObjectScope",
    "Progbar",
    "Sequence",
    "custom_object_scope",
    "deserialize_keras_object",
    "get_custom_objects",
    "get_registered_name",
    "get_registered_object",
    "normalize",
    "register_keras_serializable",
    "serialize_keras_object",
    "to_categorical",
]


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


def normalize(x: Any, axis: int = -1, order: int = 2) -> np.ndarray[Any, Any]:
    """An array divided by its norms.

    Args:
        x: The array.
        axis: Along which axis the norms are taken.
        order: Which norm, 2 for the Euclidean one.

    Returns:
        An array of the same shape; what has a norm of 0 stays 0.
    """
    norms = np.atleast_1d(np.linalg.norm(x, order, axis))
    norms[norms == 0] = 1
    divided: np.ndarray[Any, Any] = np.asarray(x) / np.expand_dims(norms, axis)
    return divided


class Progbar:
    """A progress bar for loops of one's own.

    Args:
        target: How many steps there are; None when nobody knows.
        width: Accepted for Keras' sake: the bar has 30 places.
        verbose: 1 for a bar that moves, 2 for a line at the end, 0 for nothing.
        interval: Accepted for Keras' sake: the bar moves twenty times a second at most.
        stateful_metrics: Names of values that are shown as they are; others as their means.
        unit_name: What is counted.
    """

    def __init__(
        self,
        target: int | None,
        width: int = 30,
        verbose: int = 1,
        interval: float = 0.05,
        stateful_metrics: Iterable[str] | None = None,
        unit_name: str = "step",
    ) -> None:
        self.target = target
        self.stateful_metrics = set(stateful_metrics or ())
        self._bar = Progress(target, verbose, unit_name)
        self._done = 0
        self._sums: dict[str, tuple[float, float]] = {}

    def update(
        self, current: int, values: Iterable[tuple[str, Any]] | None = None, finalize: bool | None = None
    ) -> None:
        """Shows how far it is.

        Args:
            current: How many steps are done.
            values: Pairs of name and value of these steps.
            finalize: Whether that was the last of them; by default when the target is reached.
        """
        weight = max(current - self._done, 1)
        for name, value in values or ():
            total, count = self._sums.get(name, (0.0, 0.0))
            stays = name in self.stateful_metrics
            self._sums[name] = (value, 1.0) if stays else (total + value * weight, count + weight)
        self._done = current
        logs = {name: total / count for name, (total, count) in self._sums.items()}
        is_last = self.target is not None and current >= self.target if finalize is None else finalize
        if is_last or self._bar.is_due(current):
            self._bar.update(current, logs, finished=is_last)

    def add(self, n: int, values: Iterable[tuple[str, Any]] | None = None) -> None:
        """Shows that `n` more steps are done."""
        self.update(self._done + n, values)
