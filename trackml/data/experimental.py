"""Transformations that TensorFlow keeps under `tf.data.experimental`, for `Dataset.apply`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from trackml.data.dataset import Dataset

__all__ = ["AUTOTUNE", "map_and_batch", "shuffle_and_repeat"]

AUTOTUNE: Final = -1
"""A number of parallel calls or a buffer size that is left to the library."""


def shuffle_and_repeat(buffer_size: Any, count: Any = None, seed: int | None = None) -> Callable[[Dataset], Dataset]:
    """The same as `shuffle(buffer_size, seed)` and then `repeat(count)`."""
    return lambda dataset: dataset.shuffle(buffer_size, seed).repeat(count)


def map_and_batch(
    map_func: Callable[..., Any],
    batch_size: Any,
    num_parallel_batches: Any = None,
    drop_remainder: bool = False,
    num_parallel_calls: Any = None,
) -> Callable[[Dataset], Dataset]:
    """The same as `map(map_func)` and then `batch(batch_size, drop_remainder)`."""
    return lambda dataset: dataset.map(map_func).batch(batch_size, drop_remainder)
