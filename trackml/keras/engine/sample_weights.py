"""How much each example counts, for each output: by weights of examples, of steps, of classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from trackml.keras.engine.batches import Array


def weights_of(
    names: Sequence[str],
    targets: Sequence[Array],
    weights: Any,
    class_weight: Any = None,
    modes: Sequence[str | None] = (),
) -> list[Array] | None:
    """The weights for each output; None when nobody gave any.

    Args:
        names: The names of the outputs.
        targets: Their targets.
        weights: The weight of each example, `[batch]`, or of each step, `[batch, steps]`; a list or a dict of these for
            several outputs.
        class_weight: The weight of each class by its number; for several outputs a dict of such dicts, by name.
        modes: Which outputs have weights of steps (`"temporal"`).

    Raises:
        ValueError: Names or numbers are not those of the outputs, or a class has no weight.
    """
    if weights is None and not class_weight:
        return None
    given = _for_each(weights, names)
    by_class = _classes_for_each(class_weight, names)
    found = []
    for place, (name, target) in enumerate(zip(names, targets)):
        own = np.ones(len(target), np.float32) if given[place] is None else _checked(given[place], name, target)
        if modes and modes[place] == "temporal" and given[place] is not None and own.ndim < 2:
            raise ValueError(
                f'Found a sample_weight array with shape {own.shape} for {name!r}. sample_weight_mode="temporal" '
                "expects one weight a step: [batch, steps]."
            )
        if by_class[place] is not None:
            factors = _of_classes(target, by_class[place], name)
            own = own * factors.reshape(factors.shape + (1,) * (own.ndim - 1))
        found.append(own.astype(np.float32, copy=False))
    return found


def _for_each(weights: Any, names: Sequence[str]) -> list[Any]:
    if isinstance(weights, Mapping):
        unknown = sorted(set(weights) - set(names))
        if unknown:
            raise ValueError(f"Unknown entries in sample_weight dictionary: {unknown}. The outputs are {list(names)}.")
        return [weights.get(name) for name in names]
    several = isinstance(weights, (list, tuple)) and any(item is None or np.ndim(item) > 0 for item in weights)
    if not several:
        return [weights] * len(names)
    if len(weights) != len(names):
        raise ValueError(
            f"sample_weight must be one array, or one for each of the outputs {list(names)}; got {len(weights)}."
        )
    return list(weights)


def _checked(weights: Any, name: str, target: Array) -> Array:
    array = np.asarray(weights, np.float32)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim == 0:
        raise ValueError(f"sample_weight for {name!r} must have one number an example; got {weights!r}.")
    if array.ndim > 1 and array.shape[1:] != target.shape[1 : array.ndim]:
        raise ValueError(
            f"sample_weight for {name!r} must have one number an example, [batch], or one a step, [batch, steps], "
            f"beside targets of shape {target.shape}; got an array of shape {array.shape}."
        )
    return array


def _classes_for_each(class_weight: Any, names: Sequence[str]) -> list[Any]:
    if not class_weight:
        return [None] * len(names)
    if isinstance(class_weight, (list, tuple)):
        return list(class_weight)
    if set(class_weight) <= set(names) and all(isinstance(item, Mapping) for item in class_weight.values()):
        return [class_weight.get(name) for name in names]
    if len(names) != 1:
        raise ValueError(
            f"`class_weight` for a model of several outputs is a dict of dicts by output, {list(names)}; got the keys "
            f"{sorted(map(str, class_weight))}."
        )
    return [class_weight]


def _of_classes(target: Array, class_weight: Mapping[int, float], name: str) -> Array:
    """The weight of each example's class."""
    if target.ndim > 2:
        raise ValueError(
            f"`class_weight` is not for targets of {target.ndim} dimensions, as those of {name!r}: use `sample_weight`."
        )
    numbers = target.argmax(axis=-1) if target.ndim > 1 and target.shape[-1] > 1 else target.reshape(-1)
    classes, places = np.unique(numbers.astype(int), return_inverse=True)
    lacking = [int(number) for number in classes if int(number) not in class_weight]
    if lacking:
        raise ValueError(f"`class_weight` must contain all classes in the data. The classes {lacking} are not in it.")
    return np.array([class_weight[int(number)] for number in classes], np.float32)[places.reshape(-1)]
