"""Batches, and arrays in the order of a model's inputs and outputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray[Any, Any]


class Batch(NamedTuple):
    """What one step is fed."""

    inputs: list[Array]
    targets: list[Array]
    """Those of the outputs that are compared with anything."""
    weights: list[Array] | None
    """The weight of each example, for each output; None where all count the same."""
    rows: int
    """How many examples there are."""


def as_arrays(value: Any, names: Sequence[str], what: str) -> list[Array]:
    """Arrays in the order of `names`: from one array, a list of them, a dict or a data frame; vectors are columns.

    Raises:
        ValueError: There are more, fewer or other arrays than names.
    """
    if isinstance(value, Mapping) or _has_columns(value, names):
        lacking = [name for name in names if name not in value]
        if lacking:
            raise ValueError(
                f'No data provided for "{lacking[0]}". Need data for each key in: {list(names)}. Got data for: '
                f"{sorted(map(str, value))}."
            )
        arrays = [_array(value[name], f"{what} {name!r}") for name in names]
    elif isinstance(value, (list, tuple)) and (len(names) > 1 or _are_arrays(value)):
        arrays = [_array(item, what) for item in value]
    else:
        arrays = [_array(value, what)]
    if names and len(arrays) != len(names):
        raise ValueError(
            f"The list of {what} arrays that you are passing to your model is not the size the model expected. "
            f"Expected to see {len(names)} array(s), for {list(names)}, but instead got {len(arrays)} of the shapes "
            f"{[array.shape for array in arrays]}."
        )
    return [array[:, None] if array.ndim == 1 else array for array in arrays]


def _has_columns(value: Any, names: Sequence[str]) -> bool:
    """Whether it is a data frame with a column for each of several names."""
    return hasattr(value, "columns") and len(names) > 1 and set(names) <= set(value.columns)


def _are_arrays(values: Any) -> bool:
    """Whether a list holds arrays of examples, rather than examples."""
    if len(values) == 1 and hasattr(values[0], "shape"):
        return True
    return bool(values) and all(hasattr(item, "shape") and len(item.shape) > 1 for item in values)


def _array(value: Any, what: str) -> Array:
    if hasattr(value, "op") and hasattr(value, "graph"):
        raise ValueError(
            f"The data for the {what} must be arrays, a Dataset or a generator; got the tensor {value}. Evaluate it "
            "first, or put the operations that make it into the model or a Dataset."
        )
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ValueError(f"The {what} cannot be made an array of one shape: {error}") from error
    if array.ndim == 0:
        raise ValueError(f"The {what} must be arrays of examples; got {value!r}.")
    return array


def check_lengths(inputs: Sequence[Array], targets: Sequence[Array], weights: Sequence[Array]) -> int:
    """The number of examples of all arrays; ValueError when they differ."""
    groups = {"inputs": inputs, "targets": targets, "sample weights": weights}
    counts = {name: [len(array) for array in arrays] for name, arrays in groups.items() if arrays}
    every = {count for found in counts.values() for count in found}
    if len(every) > 1:
        told = ", ".join(f"{name}: {found}" for name, found in counts.items())
        raise ValueError(f"All arrays should have the same number of examples. Got {told}.")
    return every.pop() if every else 0


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


def parts_of(element: Any, compared: bool = True) -> tuple[Any, Any, Any]:
    """Inputs, targets and weights of an element; None where it has none.

    Args:
        element: `x`, `(x, y)` or `(x, y, sample_weight)`; a list counts as a tuple where there must be targets.
        compared: Whether there must be targets.

    Raises:
        ValueError: It is a tuple of more than three.
    """
    if compared and isinstance(element, list) and len(element) in (2, 3):
        element = tuple(element)
    if not isinstance(element, tuple):
        return element, None, None
    if not 1 <= len(element) <= 3:
        raise ValueError(
            f"Output of generator should be a tuple `(x, y, sample_weight)` or `(x, y)`. Found {len(element)} parts."
        )
    return (*element, None, None, None)[:3]


def plain(values: list[Any]) -> list[Any]:
    """Scalars as numbers of Python; other values as they are."""
    return [float(value) if np.ndim(value) == 0 else value for value in values]
