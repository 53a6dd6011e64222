"""Where batches come from: arrays, datasets, generators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from trackml.data.dataset import Dataset, make_initializable_iterator
from trackml.errors import OutOfRangeError
from trackml.graph.graph import Graph
from trackml.graph.session import Session

Array = np.ndarray[Any, Any]


class Batch(NamedTuple):
    """What one step is fed."""

    inputs: list[Array]
    targets: list[Array]
    weights: list[Array] | None
    """The weight of each example, for each output; None where all count the same."""
    rows: int
    """How many examples there are."""


def as_arrays(value: Any, names: Sequence[str], what: str) -> list[Array]:
    """Arrays in the order of `names`: from one array, a list of them, or a dict.

    Raises:
        ValueError: There are more, fewer or other arrays than names.
    """
    if isinstance(value, Mapping) or (
        hasattr(value, "columns") and set(names) <= set(value.columns) and len(names) > 1
    ):
        lacking = [name for name in names if name not in value]
        if lacking:
            raise ValueError(f"No data provided for {lacking}. Need data for each key in: {list(names)}.")
        arrays = [np.asarray(value[name]) for name in names]
    elif isinstance(value, (list, tuple)) and (len(names) > 1 or (len(value) == 1 and hasattr(value[0], "shape"))):
        arrays = [np.asarray(item) for item in value]
    else:
        arrays = [np.asarray(value)]
    if names and len(arrays) != len(names):
        raise ValueError(
            f"The list of {what} arrays that you are passing to your model is not the size the model expected. "
            f"Expected to see {len(names)} array(s) for {list(names)}, but instead got {len(arrays)}."
        )
    return [array[:, None] if array.ndim == 1 else array for array in arrays]


def check_lengths(*groups: Sequence[Array]) -> int:
    """The number of examples of all arrays; ValueError when they differ."""
    counts = {len(array) for group in groups for array in group}
    if len(counts) > 1:
        raise ValueError(f"All arrays should have the same number of examples. Got: {sorted(counts)}.")
    return counts.pop() if counts else 0


def array_batches(
    inputs: list[Array],
    targets: list[Array],
    weights: list[Array] | None,
    batch_size: int,
    order: Array | None = None,
) -> Iterator[Batch]:
    """Batches of arrays, in an order of their rows."""
    count = len(inputs[0])
    for start in range(0, count, batch_size):
        end = min(start + batch_size, count)
        rows: Any = slice(start, end) if order is None else order[start:end]
        taken = None if weights is None else [array[rows] for array in weights]
        yield Batch([array[rows] for array in inputs], [array[rows] for array in targets], taken, end - start)


class DatasetElements:
    """The elements of a dataset as arrays, from its beginning with each iteration.

    Args:
        dataset: The dataset.
        graph: The graph that its iterator is put into.
        session: The session that runs it.
    """

    def __init__(self, dataset: Dataset, graph: Graph, session: Session) -> None:
        self._session = session
        with graph.as_default():
            self._iterator = make_initializable_iterator(dataset)
            self._next = self._iterator.get_next()

    def __iter__(self) -> Iterator[Any]:
        """The elements up to the end."""
        self._session.run(self._iterator.initializer)
        while True:
            element = self._element()
            if element is None:
                return
            yield element

    def _element(self) -> Any:
        try:
            return self._session.run(self._next)
        except OutOfRangeError:
            return None


def parts_of(element: Any) -> tuple[Any, Any, Any]:
    """Inputs, targets and weights of an element; None where it has none.

    Raises:
        ValueError: It is a tuple of more than three.
    """
    if not isinstance(element, tuple):
        return element, None, None
    if len(element) > 3:
        raise ValueError(f"Output of generator should be a tuple `(x, y, sample_weight)` or `(x, y)`. Found: {element}")
    return (*element, None, None, None)[:3]
