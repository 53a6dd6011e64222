"""Weights where TensorFlow 2's `.weights.h5` files have them: a path of attributes to each layer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from trackml.keras.saving.parts import Part, children, has_cell, numbered, own_variables, snake_case
from trackml.variables import Variable

Array = np.ndarray[Any, Any]


def link_new_layout(file: Any, model: Any) -> None:
    """Adds links to the weights of an HDF5 file, so that TensorFlow 2 finds them, too."""
    known = {}
    for layer in model._layers if getattr(model, "_stack", None) is None else model.layers:
        weights = [*layer.trainable_weights, *layer.non_trainable_weights]
        names = numbered([weight.name for weight in weights])
        known.update({id(weight): file[layer.name][name] for weight, name in zip(weights, names)})
    file.create_group("vars")
    for path, variables in places_of(model):
        group = file.require_group(f"{path}vars")
        for place, variable in enumerate(variables):
            group[str(place)] = known[id(variable)]


def read_new_layout(file: Any, model: Any, filepath: str, by_name: bool) -> list[tuple[Variable, Array]]:
    """The weights of a model with their values in a file of TensorFlow 2.

    Raises:
        ValueError: The file is none, or does not fit the model.
    """
    if "layers" not in file and "vars" not in file:
        raise ValueError(f"{filepath!r} holds no weights of Keras: it has {sorted(file)}.")
    if by_name:
        raise ValueError(
            f"{filepath!r} has weights by the classes of layers, not by their names: by_name must be False."
        )
    found: list[tuple[Variable, Array]] = []
    for path, variables in places_of(model):
        group = file.get(f"{path}vars", {})
        if len(group) != len(variables):
            raise ValueError(
                f"Layer {path.rstrip('/')!r} was expecting {len(variables)} variables, but the file has {len(group)}."
            )
        for place, variable in enumerate(variables):
            value = np.asarray(group[str(place)])
            if value.shape != tuple(variable.shape.as_list()):
                raise ValueError(f"{variable.name} has shape {variable.shape}, but {path} in the file {value.shape}.")
            found.append((variable, value))
    return found


def places_of(model: Any) -> Iterator[tuple[str, list[Variable]]]:
    """The path to each layer with weights of its own, and these weights."""
    yield from _walked("", model, set())


def _walked(path: str, layer: Any, seen: set[int]) -> Iterator[tuple[str, list[Variable]]]:
    if id(layer) in seen:
        return
    seen.add(id(layer))
    if has_cell(layer):
        yield f"{path}cell/", own_variables(layer)
        return
    mine = own_variables(layer)
    if mine:
        yield path, mine
    if getattr(layer, "is_network", False):
        yield from _listed(f"{path}layers/", list(layer._layers), seen)
        return
    for part in children(layer):
        yield from _of_part(f"{path}{part.name}/", part, seen)


def _of_part(path: str, part: Part, seen: set[int]) -> Iterator[tuple[str, list[Variable]]]:
    if isinstance(part.value, (list, tuple)):
        yield from _listed(path, list(part.value), seen)
    elif isinstance(part.value, dict):
        yield from _listed(path, list(part.value.values()), seen)
    elif not isinstance(part.value, Variable):
        yield from _walked(path, part.value, seen)


def _listed(path: str, layers: list[Any], seen: set[int]) -> Iterator[tuple[str, list[Variable]]]:
    for name, layer in zip(numbered([_class_name(layer) for layer in layers]), layers):
        yield from _walked(f"{path}{name}/", layer, seen)


def _class_name(layer: Any) -> str:
    """The class of a layer in a path; models of tensors are `Functional` in TensorFlow 2."""
    name = type(layer).__name__
    return "functional" if name == "Model" and layer.is_network else snake_case(name)
