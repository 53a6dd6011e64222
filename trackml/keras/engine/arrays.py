"""Arrays of examples, taken as batches of rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from trackml.keras.engine.batches import Array, Batch, array_batches
from trackml.keras.engine.standardizing import batch_of

DEFAULT_BATCH_SIZE = 32


class Arrays:
    """Arrays of examples, taken as batches of rows.

    Args:
        model: The model that they are for.
        x: The inputs.
        y: The targets; None for predictions.
        weights: The weight of each example; a list or dict of such arrays for several outputs.
        batch_size: How many rows a batch has.
        class_weight: The weight of the examples of each class.
        steps: How many batches make an epoch; all of them by default.

    Raises:
        ValueError: The arrays do not fit each other or the model.
    """

    def __init__(
        self,
        model: Any,
        x: Any,
        y: Any,
        weights: Any,
        batch_size: int | None,
        class_weight: Any = None,
        steps: int | None = None,
    ) -> None:
        made = batch_of(model, (x, y, weights), class_weight)
        self._inputs, self._targets, self._weights, self.samples = made
        self._without_classes = batch_of(model, (x, y, weights)).weights if class_weight else self._weights
        if not self.samples:
            raise ValueError("There are no examples: the arrays are empty.")
        if batch_size is None:
            batch_size = DEFAULT_BATCH_SIZE if steps is None else -(-self.samples // steps)
        self.batch_size: int | None = batch_size
        self._rows_of_a_batch = batch_size
        self._limit = steps
        self._open: Iterator[Batch] | None = None
        self.announced = True

    @property
    def steps(self) -> int | None:
        """How many batches an epoch has."""
        return -(-self.samples // self._rows_of_a_batch) if self._limit is None else self._limit

    @property
    def counts_samples(self) -> bool:
        """Whether progress is told in samples: where an epoch is all of them."""
        return self._limit is None

    @property
    def total(self) -> int | None:
        """How many samples, or steps, an epoch has."""
        return self.samples if self.counts_samples else self.steps

    def split(self, share: float) -> tuple[Arrays, Arrays]:
        """The first rows, and as many of the last ones as the share says; classes have no weights in these.

        Raises:
            ValueError: The share is not between 0 and 1, or leaves nothing on one side.
        """
        if not 0.0 < share < 1.0:
            raise ValueError(f"validation_split must be between 0 and 1; got {share}.")
        at = int(self.samples * (1.0 - share))
        if at in (0, self.samples):
            raise ValueError(
                f"{self.samples} examples cannot be split into training and validation by validation_split={share}: "
                "one of them would be empty. Give more data, or another share."
            )
        first, last = slice(0, at), slice(at, None)
        return self._rows(first, self._weights), self._rows(last, self._without_classes)

    def _rows(self, rows: slice, weights: list[Array] | None) -> Arrays:
        part = object.__new__(Arrays)
        part.__dict__.update(self.__dict__)
        part._inputs = [array[rows] for array in self._inputs]
        part._targets = [array[rows] for array in self._targets]
        part._weights = None if weights is None else [array[rows] for array in weights]
        part.samples = len(part._inputs[0])
        return part

    def epoch(self, shuffle: Any) -> Iterator[Batch]:
        """The batches of one epoch.

        Args:
            shuffle: Whether the rows come in another order; `"batch"` moves whole batches only.
        """
        if self._limit is None:
            yield from self._all(shuffle)
            return
        for _ in range(self._limit):
            batch = None if self._open is None else next(self._open, None)
            if batch is None:
                self._open = self._all(shuffle)
                batch = next(self._open)
            yield batch

    def _all(self, shuffle: Any) -> Iterator[Batch]:
        size = self._rows_of_a_batch
        order = None
        if shuffle == "batch":
            order = _batches_shuffled(self.samples, size)
        elif shuffle:
            order = np.random.permutation(self.samples)
        return array_batches(self._inputs, self._targets, self._weights, size, order)


def _batches_shuffled(count: int, size: int) -> Array:
    """Numbers of rows, whole batches of them in another order; what is left over stays at the end."""
    whole = count // size
    moved = np.random.permutation(whole)[:, None] * size + np.arange(size)
    return np.concatenate([moved.reshape(-1), np.arange(whole * size, count)])
