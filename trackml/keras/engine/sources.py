"""What a model is fed from: arrays by rows, or a stream of batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

import numpy as np

from trackml.keras.engine.batches import Array, Batch, array_batches, as_arrays, check_lengths, parts_of


class Arrays:
    """Arrays of examples, taken as batches of rows.

    Args:
        model: The model that they are for.
        x: The inputs.
        y: The targets; None for predictions.
        weights: The weight of each example; a list or dict of such arrays for several outputs.
        batch_size: How many rows a batch has.
        class_weight: The weight of the examples of each class.

    Raises:
        ValueError: The arrays do not fit each other or the model.
    """

    def __init__(self, model: Any, x: Any, y: Any, weights: Any, batch_size: int, class_weight: Any = None) -> None:
        model.ensure_built(x)
        self._inputs = as_arrays(x, model.input_names, "input")
        self._targets = [] if y is None else as_arrays(y, model.output_names, "target")
        self._weights = weights_of(model.output_names, self._targets, weights, class_weight)
        self._count = check_lengths(self._inputs, self._targets, self._weights or [])
        if not self._count:
            raise ValueError("There are no examples: the arrays are empty.")
        self._batch_size = batch_size

    @property
    def steps(self) -> int | None:
        """How many batches there are."""
        return -(-self._count // self._batch_size)

    def split(self, share: float) -> tuple[Arrays, Arrays]:
        """The first rows, and as many of the last ones as the share says."""
        if not 0.0 < share < 1.0:
            raise ValueError(f"validation_split must be between 0 and 1; got {share}.")
        at = int(self._count * (1.0 - share))
        return self._rows(slice(0, at)), self._rows(slice(at, None))

    def _rows(self, rows: slice) -> Arrays:
        part = object.__new__(Arrays)
        part._inputs = [array[rows] for array in self._inputs]
        part._targets = [array[rows] for array in self._targets]
        part._weights = None if self._weights is None else [array[rows] for array in self._weights]
        part._count = len(part._inputs[0])
        part._batch_size = self._batch_size
        return part

    def epoch(self, shuffle: bool) -> Iterator[Batch]:
        """The batches of one epoch, rows in another order if they are to be shuffled."""
        order = np.random.permutation(self._count) if shuffle else None
        return array_batches(self._inputs, self._targets, self._weights, self._batch_size, order)


class Streamed:
    """Batches that come one after the other: elements of a dataset or a generator.

    Args:
        model: The model that they are for.
        elements: Batches as `x`, `(x, y)` or `(x, y, sample_weight)`.
        steps: How many of them make an epoch; all by default.
    """

    def __init__(self, model: Any, elements: Any, steps: int | None) -> None:
        self._model = model
        self._elements = elements
        self.steps = steps
        self._open: Iterator[Any] | None = None

    def split(self, share: float) -> tuple[Any, Any]:
        """Refuses: ValueError, for only arrays can be split."""
        raise ValueError("`validation_split` is only supported for arrays. Give `validation_data`.")

    def epoch(self, shuffle: bool) -> Iterator[Batch]:
        """The batches of one epoch; the stream goes on where it was when `steps` are given."""
        if self.steps is None:
            yield from map(self._batch, self._elements)
            return
        for _ in range(self.steps):
            element = self._next()
            if element is None:
                return
            yield self._batch(element)

    def _next(self) -> Any:
        if self._open is None:
            self._open = iter(self._elements)
        element = next(self._open, None)
        if element is None and not isinstance(self._elements, Iterator):
            self._open = chain(iter(self._elements))
            element = next(self._open, None)
        return element

    def _batch(self, element: Any) -> Batch:
        x, y, weights = parts_of(element)
        self._model.ensure_built(x)
        inputs = as_arrays(x, self._model.input_names, "input")
        targets = [] if y is None else as_arrays(y, self._model.output_names, "target")
        return Batch(inputs, targets, weights_of(self._model.output_names, targets, weights, None), len(inputs[0]))


def weights_of(names: list[str], targets: list[Array], weights: Any, class_weight: Any) -> list[Array] | None:
    """The weight of each example for each output; None when nobody gave any.

    Raises:
        ValueError: Classes are weighted for several outputs, or one of them has no weight.
    """
    if weights is None and class_weight is None:
        return None
    if isinstance(weights, Mapping):
        given = [weights.get(name) for name in names]
    else:
        given = list(weights) if isinstance(weights, (list, tuple)) and len(names) > 1 else [weights] * len(names)
    found = [np.ones(len(target)) if one is None else np.asarray(one, float) for one, target in zip(given, targets)]
    if class_weight is None:
        return found
    if len(targets) != 1:
        raise ValueError("`class_weight` is for models with one output.")
    labels = targets[0].argmax(axis=-1) if targets[0].shape[-1] > 1 else targets[0].reshape(-1)
    lacking = sorted(set(labels.astype(int).tolist()) - set(class_weight))
    if lacking:
        raise ValueError(f"`class_weight` must contain all classes in the data. The classes {lacking} are not in it.")
    return [found[0] * np.array([class_weight[int(label)] for label in labels])]
