"""`keras.utils.Sequence`: batches by number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


class Sequence:
    """Batches by number. A subclass has `__getitem__` and `__len__`.

    A model goes through all batches once an epoch, in another order with each if `fit` is to shuffle.

    Example:
        >>> import numpy as np
        >>> from trackml import keras
        >>> class Squares(keras.utils.Sequence):
        ...     def __len__(self):
        ...         return 3
        ...
        ...     def __getitem__(self, index):
        ...         x = np.arange(4.0) + 4 * index
        ...         return x[:, None], x[:, None] ** 2
        >>> [float(y[0, 0]) for x, y in Squares()]
        [0.0, 16.0, 64.0]
    """

    def __getitem__(self, index: int) -> Any:
        """The batch of a number: `x`, `(x, y)` or `(x, y, sample_weight)`."""
        raise TypeError(f"{type(self).__name__} must define __getitem__(index).")

    def __len__(self) -> int:
        """How many batches there are."""
        raise TypeError(f"{type(self).__name__} must define __len__().")

    def on_epoch_end(self) -> None:
        """Called when a model has gone through all batches; does nothing by default."""

    def __iter__(self) -> Iterator[Any]:
        """All batches, in order."""
        for index in range(len(self)):
            yield self[index]
