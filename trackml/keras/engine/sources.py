"""What a model is fed from: arrays by rows, a sequence by numbers, or a stream of batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from typing import Any

import numpy as np

from trackml.data.cardinality import INFINITE_CARDINALITY, count_of
from trackml.data.dataset import Dataset, make_initializable_iterator
from trackml.errors import OutOfRangeError
from trackml.graph.graph import Graph
from trackml.keras import backend
from trackml.keras.engine.arrays import Arrays
from trackml.keras.engine.batches import Batch, parts_of
from trackml.keras.engine.standardizing import batch_of
from trackml.keras.sequences import Sequence


def source_of(
    model: Any,
    x: Any,
    y: Any = None,
    weights: Any = None,
    batch_size: int | None = None,
    steps: int | None = None,
    class_weight: Any = None,
    *,
    compared: bool = True,
    opened: MutableMapping[Dataset, DatasetElements] | None = None,
) -> Any:
    """What gives the batches of data.

    Args:
        model: The model that they are for.
        x: Arrays, a `Sequence`, a `Dataset` or a generator of batches.
        y: The targets of arrays.
        weights: The weights of the examples of arrays.
        batch_size: How many rows of arrays a batch has; 32 by default.
        steps: How many batches make an epoch.
        class_weight: The weight of the examples of each class.
        compared: Whether outputs are compared with targets; if not, those of the elements are passed over.
        opened: Where datasets are kept that were read before, so that the graph does not grow with each reading.

    Raises:
        ValueError: The data do not fit each other or the model, or a number is not one that can be.
    """
    _check_count(batch_size, "batch_size")
    _check_count(steps, "steps_per_epoch (or steps)")
    if isinstance(x, (Dataset, Sequence)) or not _is_data(x):
        _refuse_beside(x, y=y, sample_weight=weights)
        if isinstance(x, Sequence):
            return Numbered(model, x, steps, class_weight, compared)
        if isinstance(x, Dataset):
            elements = _elements_of(x, model.graph, opened)
            made = Streamed(model, elements, steps, class_weight, compared, announced=True)
            return made.known_to_have(count_of(x))
        return Streamed(model, x, steps, class_weight, compared)
    return Arrays(model, x, y, weights, batch_size, class_weight, steps)


class Streamed:
    """Batches that come one after the other: elements of a dataset or a generator.

    Args:
        model: The model that they are for.
        elements: Batches as `x`, `(x, y)` or `(x, y, sample_weight)`.
        steps: How many of them make an epoch; all by default.
        class_weight: The weight of the examples of each class.
        compared: Whether the elements' targets matter.
        announced: Whether `fit` says at its beginning how many steps there are.
    """

    batch_size: int | None = None
    samples: int | None = None
    counts_samples = False

    def __init__(
        self,
        model: Any,
        elements: Any,
        steps: int | None,
        class_weight: Any = None,
        compared: bool = True,
        announced: bool = False,
    ) -> None:
        self._model = model
        self._compared = compared
        self.announced = announced
        self._elements = elements
        self._limit = steps
        self._class_weight = class_weight
        self._open: Iterator[Any] | None = None
        self.steps = steps
        """How many batches an epoch has; found out by the first epoch where nobody said it."""

    def known_to_have(self, count: int) -> Streamed:
        """Takes the number of elements; ValueError when they have no end and nobody said how many make an epoch."""
        if self._limit is None and count == INFINITE_CARDINALITY:
            raise ValueError(
                "The dataset has no end. Say how many of its batches make an epoch: give `steps_per_epoch` to fit, "
                "`validation_steps` for validation, `steps` to evaluate and predict."
            )
        if self._limit is None and count >= 0:
            self.steps = count
        return self

    @property
    def total(self) -> int | None:
        """How many steps an epoch has."""
        return self.steps

    def split(self, share: float) -> tuple[Any, Any]:
        """Refuses: ValueError, for only arrays can be split."""
        raise ValueError(
            "`validation_split` is only supported for arrays, of which the last rows are taken. For a Dataset, a "
            "generator or a Sequence give `validation_data`."
        )

    def epoch(self, shuffle: Any) -> Iterator[Batch]:
        """The batches of one epoch; the stream goes on where it was when `steps` are given."""
        if self._limit is None:
            count = 0
            for element in self._elements:
                yield self._batch(element)
                count += 1
            self.steps = count
            return
        for _ in range(self._limit):
            element = self._next()
            if element is None:
                return
            yield self._batch(element)

    def _next(self) -> Any:
        if self._open is None:
            self._open = iter(self._elements)
        element = next(self._open, None)
        if element is None and not isinstance(self._elements, Iterator):
            self._open = iter(self._elements)
            element = next(self._open, None)
        return element

    def _batch(self, element: Any) -> Batch:
        x, y, weights = parts_of(element, self._compared)
        parts = (x, y, weights) if self._compared else (x, None, None)
        return batch_of(self._model, parts, self._class_weight)


class Numbered(Streamed):
    """The batches of a `Sequence`, in another order with each epoch if they are to be shuffled."""

    def __init__(
        self, model: Any, sequence: Sequence, steps: int | None, class_weight: Any = None, compared: bool = True
    ) -> None:
        super().__init__(model, sequence, steps, class_weight, compared)
        self.steps = len(sequence) if steps is None else steps

    def epoch(self, shuffle: Any) -> Iterator[Batch]:
        """The batches of one epoch."""
        count = len(self._elements)
        order = np.random.permutation(count) if shuffle else np.arange(count)
        for index in order[: self._limit]:
            yield self._batch(self._elements[int(index)])
        self._elements.on_epoch_end()


class DatasetElements:
    """The elements of a dataset as arrays, from its beginning with each iteration.

    Args:
        dataset: The dataset.
        graph: The graph that its iterator is put into.
    """

    def __init__(self, dataset: Dataset, graph: Graph) -> None:
        with graph.as_default():
            self._session = backend.get_session()
            self._iterator = make_initializable_iterator(dataset)
            self._next = self._session.make_callable(self._iterator.get_next())

    def __iter__(self) -> Iterator[Any]:
        """The elements up to the end."""
        self._session.run(self._iterator.initializer)
        while True:
            try:
                element = self._next()
            except OutOfRangeError:
                return
            yield element


def _elements_of(
    dataset: Dataset, graph: Graph, opened: MutableMapping[Dataset, DatasetElements] | None
) -> DatasetElements:
    if opened is None:
        return DatasetElements(dataset, graph)
    if dataset not in opened:
        opened[dataset] = DatasetElements(dataset, graph)
    return opened[dataset]


def _is_data(x: Any) -> bool:
    if isinstance(x, (np.ndarray, list, tuple, Mapping)) or hasattr(x, "__array__") or hasattr(x, "columns"):
        return True
    return not isinstance(x, Iterable)


def _refuse_beside(x: Any, **given: Any) -> None:
    for name, value in given.items():
        if value is not None:
            raise ValueError(
                f"`{name}` must not be given beside a {type(x).__name__}, whose elements are (x, y) or "
                "(x, y, sample_weight)."
            )


def _check_count(value: Any, name: str) -> None:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
        raise ValueError(f"{name} must be a whole number of 1 or more; got {value!r}.")
