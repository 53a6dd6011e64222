"""What an optimizer remembers of a training: its steps and slots, read from a model and given to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from trackml.keras import backend
from trackml.variables import Variable

Array = np.ndarray[Any, Any]

# Names of slots in TensorFlow, by class and by the name here.
_OLD_NAMES = {"Adadelta": {"accum": "accum_grad", "accum_update": "accum_var"}}
_NEW_NAMES = {
    "Adadelta": {"accum": "accumulated_grad", "accum_update": "accumulated_delta_var"},
    "RMSprop": {"rms": "velocity", "mg": "average_gradient"},
    "SGD": {"momentum": "m"},
}
# In which order TensorFlow 1.15 and 2 have them.
_ORDER = {"Adam": ("m", "v"), "RMSprop": ("rms", "momentum", "mg"), "Adadelta": ("accum", "accum_update")}


@dataclass
class OptimizerState:
    """Steps done, and for each slot an array for each trainable weight."""

    iterations: int
    slots: dict[str, list[Array]] = field(default_factory=dict)
    """By the name that the slot has here."""


def slot_names_in_tensorflow(kind: str, name: str) -> set[str]:
    """What TensorFlow 1.15 and 2.15 call a slot."""
    return {name, _OLD_NAMES.get(kind, {}).get(name, name), _NEW_NAMES.get(kind, {}).get(name, name)}


def old_slot_name(kind: str, name: str) -> str:
    """What TensorFlow 1.15 calls a slot."""
    return _OLD_NAMES.get(kind, {}).get(name, name)


def slots_of(model: Any) -> dict[str, list[Variable]]:
    """The slots of a model's optimizer by name, a variable for each trainable weight; none before the first step."""
    made = model.optimizer._made.get(model.graph)
    if made is None:
        return {}
    weights = model.trainable_weights
    found = {name: [made[0].get_slot(weight, name) for weight in weights] for name in made[0].get_slot_names()}
    order = _ORDER.get(type(model.optimizer).__name__, ())
    names = sorted(found, key=lambda name: (order.index(name) if name in order else len(order), name))
    return {name: found[name] for name in names if all(slot is not None for slot in found[name])}


def iterations_of(model: Any) -> Variable | None:
    """The variable that counts the optimizer's steps; None before the first."""
    made = model.optimizer._made.get(model.graph)
    return None if made is None else made[2]


def state_of(model: Any) -> OptimizerState | None:
    """What the optimizer of a model remembers; None when it has made no step yet."""
    steps = iterations_of(model)
    if steps is None:
        return None
    slots = {name: [np.asarray(backend.get_value(slot)) for slot in found] for name, found in slots_of(model).items()}
    return OptimizerState(int(backend.get_value(steps)), slots)


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
    for slot, value in values:
        backend.set_value(slot, value)
    steps = iterations_of(model)
    assert steps is not None
    backend.set_value(steps, np.asarray(state.iterations))
    _restore_powers(model, state.iterations)


def prepared_slots(model: Any) -> dict[str, list[Variable]]:
    """The slots of the optimizer, made now if no step was."""
    optimizer = model.optimizer
    with model.graph.as_default():
        made, _, _ = optimizer._in_graph(None)
        made._create_slots(model.trainable_weights)
        backend.get_session()
    return slots_of(model)


def _matched(name: str, slots: Sequence[Variable], saved: Sequence[Array]) -> list[tuple[Variable, Array]]:
    if [list(value.shape) for value in saved] != [slot.shape.as_list() for slot in slots]:
        raise ValueError(
            f"The saved slots {name!r} of the optimizer have the shapes {[value.shape for value in saved]}, but the "
            f"weights have {[tuple(slot.shape.as_list()) for slot in slots]}."
        )
    return list(zip(slots, saved))


def _restore_powers(model: Any, iterations: int) -> None:
    """Adam's powers of its betas, which follow from the number of steps."""
    made = model.optimizer._made[model.graph][0]
    for (name, graph), variable in made._non_slots.items():
        if graph is model.graph and name in ("beta1_power", "beta2_power"):
            beta = model.optimizer.settings[f"beta_{name[4]}"]
            backend.set_value(variable, np.asarray(beta ** (iterations + 1)))
