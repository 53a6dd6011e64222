"""Arrays in memory as the tensors of a batch: what both input functions are made of."""

from __future__ import annotations

from typing import Any

from trackml.data.dataset import Dataset
from trackml.ops.framework import leave_out


def batches(element: Any, length: int, batch_size: int, num_epochs: int | None, shuffle: bool) -> Any:
    """The tensors of the next batch of rows, in the current graph.

    Batches go on over the end of an epoch; only the last of all may have fewer rows. Unlike TensorFlow, which draws
    from a queue of a thousand rows, each epoch that is shuffled is a new permutation of all rows.

    Args:
        element: Arrays of `length` rows, nested in dicts and tuples.
        length: How many rows there are.
        batch_size: Rows of a batch.
        num_epochs: How many times each row comes; None for no end.
        shuffle: Whether the order is random.
    """
    dataset = Dataset.from_tensor_slices(element)
    if shuffle:
        dataset = dataset.shuffle(max(1, length))
    # TensorFlow's queue is made of more operations, or of fewer: seeds are counted by them.
    leave_out(-3 if shuffle else 8)
    dataset = dataset.repeat(num_epochs).batch(batch_size, drop_remainder=num_epochs is None)
    return dataset.make_one_shot_iterator().get_next()


def check_shuffle(shuffle: Any) -> None:
    """Raises ValueError unless `shuffle` is True or False: nobody is to get a random order, or none, unawares."""
    if not isinstance(shuffle, bool):
        raise ValueError(
            "shuffle must be provided and explicitly set as boolean (it is recommended to set it as True for "
            f"training); got {shuffle}"
        )
