"""What an optimizer remembers of a training: its steps and slots, read from a model and given to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from trackml.keras import backend
from trackml.keras.saving.parts import local_name
from trackml.variables import Variable

Array = np.ndarray[Any, Any]

# Names of slots in TensorFlow, by class and by the name here.
_NEW_NAMES = {
    "Adadelta": {"accum_grad": "accumulated_grad", "accum_var": "accumulated_delta_var"},
    "Adamax": {"v": "u"},
    "RMSprop": {"rms": "velocity", "mg": "average_gradient"},
    "SGD": {"momentum": "m"},
}


@dataclass
class OptimizerState:
    """Steps done, and for each slot an array for each trainable weight."""

    iterations: int
    slots: dict[str, list[Array]] = field(default_factory=dict)
    """By the name that the slot has here."""
    others: dict[str, Array] = field(default_factory=dict)
    """What goes with no weight, as the momentum cache of Nadam."""


def slot_names_in_tensorflow(kind: str, name: str) -> set[str]:
    """What TensorFlow 1.15 and 2.15 call a slot."""
    return {name, _NEW_NAMES.get(kind, {}).get(name, name)}


def slots_of(model: Any) -> dict[str, list[Variable]]:
    """The slots of a model's optimizer by name, a variable for each trainable weight; none before the first step."""
    slots = model.optimizer.slots_in(model.graph)
    weights = [weight.op for weight in model.trainable_weights]
    return {
        name: [found[weight] for weight in weights]
        for name, found in slots.items()
        if all(weight in found for weight in weights)
    }


def iterations_of(model: Any) -> Variable | None:
    """The variable that counts the optimizer's steps; None before the first."""
    steps: Variable | None = model.optimizer.iterations_in(model.graph)
    return steps


def others_of(model: Any) -> dict[str, Variable]:
    """What the optimizer keeps beside steps and slots, by name."""
    slots = {id(slot) for found in slots_of(model).values() for slot in found}
    return {local_name(each): each for each in weights_of(model)[1:] if id(each) not in slots}


def weights_of(model: Any) -> list[Variable]:
    """Steps and all else that the optimizer keeps, in TensorFlow's order; nothing before the first step."""
    if iterations_of(model) is None:
        return []
    with model.graph.as_default():
        found: list[Variable] = model.optimizer.weights
        return found


def restore(model: Any, state: OptimizerState) -> None:
    """Lets the optimizer of a model go on from a state.

    Raises:
        ValueError: The state is that of another optimizer or of other weights.
    """
    found = prepared_slots(model)
    kind = type(model.optimizer).__name__
    values: list[tuple[Variable, Array]] = []
    for name, slots in found.items():
        saved = next((state.slots[key] for key in slot_names_in_tensorflow(kind, name) if key in state.slots), None)
        if saved is None:
            if kind == "RMSprop" and name == "momentum":  # TensorFlow has none where the momentum is 0
                continue
            raise ValueError(f"The saved state of the optimizer has {sorted(state.slots)}, but {kind} keeps {name!r}.")
        values += _matched(name, slots, saved)
    values += [(each, state.others[name]) for name, each in others_of(model).items() if name in state.others]
    for slot, value in values:
        backend.set_value(slot, value)
    steps = iterations_of(model)
    assert steps is not None
    backend.set_value(steps, np.asarray(state.iterations))


def prepared_slots(model: Any) -> dict[str, list[Variable]]:
    """The slots of the optimizer, made now if no step was."""
    with model.graph.as_default():
        model.optimizer.build(model.trainable_weights)
        backend.get_session()
    return slots_of(model)


def _matched(name: str, slots: Sequence[Variable], saved: Sequence[Array]) -> list[tuple[Variable, Array]]:
    if [list(value.shape) for value in saved] != [slot.shape.as_list() for slot in slots]:
        raise ValueError(
            f"The saved slots {name!r} of the optimizer have the shapes {[value.shape for value in saved]}, but the "
            f"weights have {[tuple(slot.shape.as_list()) for slot in slots]}."
        )
    return list(zip(slots, saved))
