"""Data as they were given, made arrays in the order of a model's inputs and outputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trackml.keras.engine.batches import Array, Batch, as_arrays, check_lengths
from trackml.keras.engine.sample_weights import weights_of


def batch_of(model: Any, parts: tuple[Any, Any, Any], class_weight: Any = None) -> Batch:
    """Inputs, targets and weights as arrays in the order of the model's.

    Raises:
        ValueError: They do not fit each other or the model.
    """
    x, y, weights = parts
    model.ensure_built(x)
    inputs = as_arrays(x, model.input_names, "input")
    names = model.compared_outputs
    targets = _targets_of(model, names, y)
    modes = [] if model.compiled is None else model.compiled.modes_of(names, model.output_names)
    given = weights_of(names, targets, weights, class_weight, modes) if targets else None
    rows = check_lengths(inputs, targets, given or [])
    return Batch(inputs, targets, given, rows)


def _targets_of(model: Any, names: list[str], y: Any) -> list[Array]:
    """The targets of the outputs that are compared with anything."""
    if y is None or not names:
        return []
    every = list(model.output_names)
    if isinstance(y, Mapping):
        unknown = sorted(set(map(str, y)) - set(every))
        if unknown:
            raise ValueError(f"Unknown entries in target dictionary: {unknown}. The outputs are {every}.")
    elif isinstance(y, (list, tuple)) and len(y) == len(every) > len(names):
        y = {name: value for name, value in zip(every, y) if name in names}
    return as_arrays(y, names, "target")
