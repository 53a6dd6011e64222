"""What a model is made of, by the names of attributes under which TensorFlow keeps it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from trackml.keras.engine.base_layer import Layer
from trackml.keras.saving.configs import is_own
from trackml.variables import Variable

# In TensorFlow the weights of these are those of a cell inside.
_WITH_CELL = ("SimpleRNN", "LSTM", "GRU")
# Attributes that are no parts: what a layer was made of, and how it is tied to others.
_HIDDEN = ("_given", "_nodes", "_weights", "_layers", "_stack", "_order", "_sublayers", "_settings", "_steps")


class Part(NamedTuple):
    """Something inside a layer."""

    name: str
    """The name of the attribute; in lists, the place."""
    value: Any
    """A `Variable`, a `Layer`, a `Group` or a list or dict of these."""


class Group(NamedTuple):
    """Parts that are together under one name, as the cell of a recurrent layer."""

    parts: list[Part]


def own_variables(layer: Any) -> list[Variable]:
    """The layer's own weights, without those of layers inside: first what is trained."""
    pairs = list(layer._weights)
    return [weight for weight, trained in pairs if trained] + [weight for weight, trained in pairs if not trained]


def has_cell(layer: Any) -> bool:
    """Whether TensorFlow has the weights of a layer in a cell."""
    return type(layer).__name__ in _WITH_CELL and is_own(type(layer)) and bool(layer._weights)


def parts_of(layer: Any) -> list[Part]:
    """The parts of a layer or model, as TensorFlow's checkpoints name them."""
    if getattr(layer, "is_network", False):
        return _parts_of_network(layer)
    found = _variables_by_name(layer)
    if has_cell(layer):
        return [Part("cell", Group(found))]
    return found + list(_attributes(layer))


def _parts_of_network(model: Any) -> list[Part]:
    # TensorFlow has all layers as `layer-N`, too, but its versions count differently.
    layers = list(getattr(model, "_stack", None) or model._layers)
    weighted = [layer for layer in layers if layer.weights]
    found = [Part(f"layer_with_weights-{place}", layer) for place, layer in enumerate(weighted)]
    return [*found, *_variables_by_name(model)]


def _variables_by_name(layer: Any) -> list[Part]:
    """The layer's own weights under their names and under the attributes that hold them."""
    mine = own_variables(layer)
    found = {local_name(weight): weight for weight in reversed(mine)}
    for name, value in vars(layer).items():
        if isinstance(value, Variable) and any(value is weight for weight in mine) and name not in found:
            found[name] = value
    return [Part(name, weight) for name, weight in found.items()]


def local_name(weight: Variable) -> str:
    """The name of a weight within its layer."""
    return str(weight.op.name.rsplit("/", 1)[-1])


def _attributes(layer: Any) -> Iterator[Part]:
    for name, value in vars(layer).items():
        if name not in _HIDDEN and _holds_layers(value):
            yield Part(name, value)


def _holds_layers(value: Any) -> bool:
    if isinstance(value, Layer):
        return True
    if isinstance(value, (list, tuple)):
        return any(_holds_layers(item) for item in value)
    return isinstance(value, dict) and any(_holds_layers(item) for item in value.values())


def children(value: Any) -> list[Part]:
    """What is directly inside a part."""
    if isinstance(value, Group):
        return value.parts
    if isinstance(value, Layer):
        return parts_of(value)
    if isinstance(value, (list, tuple)):
        return [Part(str(place), item) for place, item in enumerate(value) if _is_part(item)]
    if isinstance(value, dict):
        return [Part(str(key), item) for key, item in value.items() if _is_part(item)]
    return []


def _is_part(value: Any) -> bool:
    return isinstance(value, Variable) or _holds_layers(value)


def numbered(names: list[str]) -> list[str]:
    """Names with `_1`, `_2` behind those that came before."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        found.append(f"{name}_{seen[name]}" if name in seen else name)
        seen[name] = seen.get(name, 0) + 1
    return found


def snake_case(name: str) -> str:
    """`GlobalMaxPooling2D` as `global_max_pooling2d`."""
    words = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", re.sub(r"\W+", "", name))
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", words).lower()
