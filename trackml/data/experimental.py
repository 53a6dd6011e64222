"""What TensorFlow keeps under `tf.data.experimental`: transformations for `Dataset.apply`, and CSV files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from trackml.data.cardinality import INFINITE_CARDINALITY, UNKNOWN_CARDINALITY, cardinality
from trackml.data.csv_dataset import CsvDataset
from trackml.data.dataset import Dataset
from trackml.data.dataset_ops import single_element
from trackml.data.make_csv import make_csv_dataset
from trackml.data.transformations import IgnoreErrors

__all__ = [
    "AUTOTUNE",
    "INFINITE_CARDINALITY",
    "UNKNOWN_CARDINALITY",
    "CsvDataset",
    "cardinality",
    "get_single_element",
    "ignore_errors",
    "make_csv_dataset",
    "map_and_batch",
    "shuffle_and_repeat",
    "unbatch",
]

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


def unbatch() -> Callable[[Dataset], Dataset]:
    """The same as `unbatch()` of a dataset."""
    return lambda dataset: dataset.unbatch()


def ignore_errors() -> Callable[[Dataset], Dataset]:
    """The elements that come without an error of an operation; those that do not are left out."""
    return lambda dataset: Dataset(IgnoreErrors(dataset._node))


def get_single_element(dataset: Dataset) -> Any:
    """The tensors of a dataset's only element, without an iterator; each run makes it anew.

    A run raises InvalidArgumentError if the dataset has no element, or more than one.
    """
    if not isinstance(dataset, Dataset):
        raise TypeError(f"`dataset` must be a Dataset; got {dataset!r}.")
    return single_element(dataset._node)
