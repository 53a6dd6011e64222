"""Weights of layers in a group of an HDF5 file: lists of names as attributes, an array for each weight."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from trackml.keras import backend
from trackml.keras.saving.parts import numbered
from trackml.keras.saving.text import KERAS_VERSION

Array = np.ndarray[Any, Any]

# An attribute of an HDF5 object is never larger than this; longer lists are in pieces.
_ATTRIBUTE_LIMIT = 64512


def legacy_weights(layer: Any) -> list[Any]:
    """The weights of a layer in the order of HDF5 files: what is trained, then the rest."""
    return [*layer.trainable_weights, *layer.non_trainable_weights]


def write_weights(group: Any, layers: Sequence[Any]) -> None:
    """Writes the weights of layers into an HDF5 group."""
    write_names(group, "layer_names", [layer.name for layer in layers])
    group.attrs["backend"] = b"tensorflow"
    group.attrs["keras_version"] = KERAS_VERSION.encode()
    for layer in layers:
        place = group.create_group(layer.name)
        weights = legacy_weights(layer)
        names = numbered([weight.name for weight in weights])
        write_names(place, "weight_names", names)
        for name, value in zip(names, values_of(weights)):
            write_array(place, name, value)


def values_of(weights: Sequence[Any]) -> list[Array]:
    """The values of variables of one graph."""
    if not weights:
        return []
    with weights[0].graph.as_default():
        return [np.asarray(value) for value in backend.get_session().run(list(weights))]


def write_array(place: Any, name: str, value: Array) -> None:
    """Writes one array below a group; slashes in its name are groups."""
    dataset = place.create_dataset(name, value.shape, dtype=value.dtype)
    dataset[() if not value.shape else slice(None)] = value


def write_names(place: Any, name: str, names: Sequence[str]) -> None:
    """Writes a list of names as an attribute, or as several if it is long."""
    coded = np.array([one.encode("utf-8") for one in names]) if names else np.array([])
    pieces = max(1, -(-coded.nbytes // _ATTRIBUTE_LIMIT))
    if pieces == 1:
        place.attrs[name] = coded
        return
    for piece, part in enumerate(np.array_split(coded, pieces)):
        place.attrs[f"{name}{piece}"] = part


def read_names(place: Any, name: str) -> list[str]:
    """The list of names that `write_names`, or TensorFlow, wrote; empty if there is none."""
    if name in place.attrs:
        found: Iterable[Any] = place.attrs[name]
    else:
        pieces: list[Any] = []
        while f"{name}{len(pieces)}" in place.attrs:
            pieces.append(place.attrs[f"{name}{len(pieces)}"])
        found = [one for piece in pieces for one in piece]
    return [one.decode("utf-8") if isinstance(one, bytes) else str(one) for one in found]


def read_weights(group: Any, layers: Sequence[Any]) -> None:
    """Gives layers the weights of an HDF5 group, one after the other.

    Raises:
        ValueError: There are more or fewer layers or weights, or one has another shape.
    """
    mine = [layer for layer in layers if legacy_weights(layer)]
    saved = [name for name in read_names(group, "layer_names") if read_names(group[name], "weight_names")]
    if len(saved) != len(mine):
        raise ValueError(
            f"Layer count mismatch when loading weights from file. Model expected {len(mine)} layers, found "
            f"{len(saved)} saved layers."
        )
    pairs: list[tuple[Any, Array]] = []
    for place, (layer, name) in enumerate(zip(mine, saved)):
        values = _arrays(group[name])
        weights = legacy_weights(layer)
        if len(values) != len(weights):
            raise ValueError(
                f"Weight count mismatch for layer #{place} (named {layer.name} in the current model, {name} in the "
                f"save file). Layer expects {len(weights)} weight(s). Received {len(values)} saved weight(s)"
            )
        for weight, value in zip(weights, values):
            if tuple(weight.shape.as_list()) != value.shape:
                raise ValueError(
                    f"Shape mismatch in layer #{place} (named {layer.name} in the current model) for weight "
                    f"{weight.name}. Weight expects shape {tuple(weight.shape.as_list())}. Received saved weight with "
                    f"shape {value.shape}"
                )
            pairs.append((weight, value))
    assign(pairs)


def _arrays(place: Any) -> list[Array]:
    return [np.asarray(place[name]) for name in read_names(place, "weight_names")]


def assign(pairs: Sequence[tuple[Any, Array]]) -> None:
    """Gives variables their values."""
    for weight, value in pairs:
        backend.set_value(weight, value)


def read_weights_by_name(group: Any, layers: Sequence[Any], skip_mismatch: bool = False) -> None:
    """Gives those layers weights whose names are in an HDF5 group.

    Args:
        group: The group.
        layers: The layers.
        skip_mismatch: Whether a layer that does not fit is left as it is, with a warning.

    Raises:
        ValueError: A layer has another number of weights there, or weights of other shapes.
    """
    by_name = {layer.name: layer for layer in layers}
    pairs: list[tuple[Any, Array]] = []
    for place, name in enumerate(read_names(group, "layer_names")):
        layer = by_name.get(name)
        if layer is None:
            continue
        values, weights = _arrays(group[name]), legacy_weights(layer)
        said = _mismatch(place, layer, weights, values)
        if said is None:
            pairs += zip(weights, values)
        elif skip_mismatch:
            warnings.warn(f"Skipping loading of weights for layer #{place} (named {name}): {said}", stacklevel=4)
        else:
            raise ValueError(said)
    assign(pairs)


def _mismatch(place: int, layer: Any, weights: Sequence[Any], values: Sequence[Array]) -> str | None:
    """What does not fit, if anything."""
    if len(weights) != len(values):
        return (
            f"Weight count mismatch for layer #{place} (named {layer.name}). Layer expects {len(weights)} weight(s). "
            f"Received {len(values)} saved weight(s)"
        )
    for weight, value in zip(weights, values):
        if tuple(weight.shape.as_list()) != value.shape:
            return (
                f"Shape mismatch in layer #{place} (named {layer.name}) for weight {weight.name}. Weight expects shape "
                f"{tuple(weight.shape.as_list())}. Received saved weight with shape {value.shape}"
            )
    return None


def layers_of(model: Any) -> list[Any]:
    """The layers of a model as HDF5 files list them."""
    if getattr(model, "_stack", None) is not None:
        return list(model.layers)
    return list(model._layers) if model.is_network else list(model.layers)
