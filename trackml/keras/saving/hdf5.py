"""Weights and models in HDF5 files, as TensorFlow's Keras lays them out."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from trackml.keras import backend
from trackml.keras.saving import training
from trackml.keras.saving.linked import link_new_layout, read_new_layout
from trackml.keras.saving.objects import encoded
from trackml.keras.saving.optimizer_state import OptimizerState, restore, weights_of
from trackml.keras.saving.parts import local_name, numbered
from trackml.keras.saving.text import KERAS_VERSION, model_config, model_from_config

Array = np.ndarray[Any, Any]

# An attribute of an HDF5 object is never larger than this; longer lists are in pieces.
_ATTRIBUTE_LIMIT = 64512


def h5py_module() -> Any:
    """The library that reads and writes HDF5.

    Raises:
        ImportError: It is not installed.
    """
    try:
        import h5py
    except ImportError as error:
        raise ImportError(
            "HDF5 files need the library h5py, which is not installed: pip install 'trackml-tui[h5]'."
        ) from error
    return h5py


def is_hdf5(filepath: str | os.PathLike[str]) -> bool:
    """Whether a path is that of an HDF5 file, by its ending."""
    return os.fspath(filepath).endswith((".h5", ".hdf5", ".keras"))


def legacy_weights(layer: Any) -> list[Any]:
    """The weights of a layer in the order of HDF5 files: what is trained, then the rest."""
    return [*layer.trainable_weights, *layer.non_trainable_weights]


def write_weights(group: Any, layers: Sequence[Any]) -> None:
    """Writes the weights of layers into an HDF5 group."""
    _write_names(group, "layer_names", [layer.name for layer in layers])
    group.attrs["backend"] = b"tensorflow"
    group.attrs["keras_version"] = KERAS_VERSION.encode()
    for layer in layers:
        place = group.create_group(layer.name)
        weights = legacy_weights(layer)
        names = numbered([weight.name for weight in weights])
        _write_names(place, "weight_names", names)
        for name, value in zip(names, _values(weights)):
            _write_array(place, name, value)


def _values(weights: Sequence[Any]) -> list[Array]:
    if not weights:
        return []
    with weights[0].graph.as_default():
        return [np.asarray(value) for value in backend.get_session().run(list(weights))]


def _write_array(place: Any, name: str, value: Array) -> None:
    dataset = place.create_dataset(name, value.shape, dtype=value.dtype)
    dataset[() if not value.shape else slice(None)] = value


def _write_names(place: Any, name: str, names: Sequence[str]) -> None:
    coded = np.array([one.encode("utf-8") for one in names]) if names else np.array([])
    pieces = max(1, -(-coded.nbytes // _ATTRIBUTE_LIMIT))
    if pieces == 1:
        place.attrs[name] = coded
        return
    for piece, part in enumerate(np.array_split(coded, pieces)):
        place.attrs[f"{name}{piece}"] = part


def _read_names(place: Any, name: str) -> list[str]:
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
    saved = [name for name in _read_names(group, "layer_names") if _read_names(group[name], "weight_names")]
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
    _assign(pairs)


def _arrays(place: Any) -> list[Array]:
    return [np.asarray(place[name]) for name in _read_names(place, "weight_names")]


def _assign(pairs: Sequence[tuple[Any, Array]]) -> None:
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
    for place, name in enumerate(_read_names(group, "layer_names")):
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
    _assign(pairs)


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


def save_weights(model: Any, filepath: str) -> None:
    """Writes the weights of a model into an HDF5 file.

    A file `.weights.h5` has them under the names that TensorFlow 1 reads and, as links, where TensorFlow 2 looks.
    """
    with _written(filepath) as file:
        write_weights(file, layers_of(model))
        if filepath.endswith(".weights.h5"):
            link_new_layout(file, model)


def load_weights(model: Any, filepath: str, by_name: bool = False, skip_mismatch: bool = False) -> None:
    """Gives a model the weights of an HDF5 file of weights, or of a whole model.

    Raises:
        ValueError: They do not fit, or `skip_mismatch` is given without `by_name`.
    """
    if skip_mismatch and not by_name:
        raise ValueError("When calling model.load_weights, skip_mismatch can only be set to True when by_name is True.")
    with _read(filepath) as file:
        group = file["model_weights"] if "layer_names" not in file.attrs and "model_weights" in file else file
        if "layer_names" not in group.attrs and "layer_names0" not in group.attrs:
            _assign(read_new_layout(file, model, filepath, by_name))
        elif by_name:
            read_weights_by_name(group, layers_of(model), skip_mismatch)
        else:
            read_weights(group, layers_of(model))


def save_model(model: Any, filepath: str, overwrite: bool = True, include_optimizer: bool = True) -> None:
    """Writes a model with its weights, what it was compiled with and the state of its optimizer into an HDF5 file.

    Raises:
        ValueError: The model has a `call` of its own, which a file cannot tell, or no weights yet.
        FileExistsError: There is such a file, and `overwrite` is False.
    """
    if not model.is_network:
        raise ValueError(
            "Saving the model to HDF5 format requires the model to be a Functional model or a Sequential model that "
            "knows its inputs. It does not work for models with a `call` of their own, because such models are defined "
            "by code. Use `save_weights`."
        )
    if not overwrite and os.path.exists(filepath):
        raise FileExistsError(f"{filepath!r} exists; give overwrite=True to write over it.")
    config = model_config(model)
    compiled = training.training_config(model) if include_optimizer else None
    with _written(filepath) as file:
        file.attrs["keras_version"] = KERAS_VERSION.encode()
        file.attrs["backend"] = b"tensorflow"
        told = {"class_name": config["class_name"], "config": config["config"]}
        file.attrs["model_config"] = json.dumps(told, default=encoded).encode("utf-8")
        write_weights(file.create_group("model_weights"), layers_of(model))
        if compiled is not None:
            file.attrs["training_config"] = json.dumps(compiled, default=encoded).encode("utf-8")
            kept = weights_of(model)
            if kept:
                _write_state(file.create_group("optimizer_weights"), model, kept)


def _write_state(group: Any, model: Any, kept: Sequence[Any]) -> None:
    """The optimizer's state, in the order and under the names of TensorFlow 1.15."""
    names, written = [], []
    for variable, value in zip(kept, _values(kept)):
        if local_name(variable) != "momentum" or model.optimizer.settings.get("momentum"):  # none where it is 0
            names.append(variable.name)
            written.append(value)
    _write_names(group, "weight_names", names)
    for name, value in zip(names, written):
        _write_array(group, name, value)


def _read_state(group: Any) -> OptimizerState | None:
    names = _read_names(group, "weight_names")
    if not names:
        return None
    state = OptimizerState(int(np.asarray(group[names[0]])))
    is_new = names[0].startswith("iteration")
    for name in names[1:]:
        parts = name.partition(":")[0].split("/")
        slot = parts[1] if is_new and len(parts) > 2 else parts[-1]
        state.slots.setdefault(slot, []).append(np.asarray(group[name]))
        state.others[slot] = state.slots[slot][0]
    return state


def load_model(filepath: str, custom_objects: Mapping[str, Any] | None = None, compile: bool = True) -> Any:
    """The model of an HDF5 file that `save_model`, or TensorFlow, wrote.

    Raises:
        ValueError: The file has no model, only weights.
    """
    with _read(filepath) as file:
        told = file.attrs.get("model_config")
        if told is None:
            raise ValueError(f"No model config found in the file at {filepath}. It may hold weights alone.")
        model = model_from_config(json.loads(told), custom_objects)
        read_weights(file["model_weights"], layers_of(model))
        compiled = file.attrs.get("training_config")
        if not compile:
            return model
        if compiled is None:
            warnings.warn(
                "No training configuration found in the save file, so the model was *not* compiled. Compile it "
                "manually.",
                stacklevel=4,
            )
            return model
        model.compile(**training.compile_arguments(json.loads(compiled), custom_objects))
        state = _read_state(file["optimizer_weights"]) if "optimizer_weights" in file else None
        if state is not None and state.slots.keys() | {state.iterations} != {0}:
            restore(model, state)
    return model


class _written:  # noqa: N801  used as a function
    """A new HDF5 file, which takes its place when it is whole."""

    def __init__(self, filepath: str) -> None:
        self._path = filepath
        self._temporary = f"{filepath}.{os.getpid()}.tmp"

    def __enter__(self) -> Any:
        module = h5py_module()
        os.makedirs(os.path.dirname(self._path) or ".", exist_ok=True)
        self._file = module.File(self._temporary, "w")
        return self._file

    def __exit__(self, kind: Any, *rest: object) -> None:
        self._file.close()
        if kind is None:
            os.replace(self._temporary, self._path)
        else:
            os.unlink(self._temporary)


def _read(filepath: str) -> Any:
    module = h5py_module()
    if not os.path.exists(filepath):
        raise FileNotFoundError(f"There is no file {filepath!r}.")
    try:
        return module.File(filepath, "r")
    except OSError as error:
        raise ValueError(f"{filepath!r} is no HDF5 file, or is damaged: {error}") from error
