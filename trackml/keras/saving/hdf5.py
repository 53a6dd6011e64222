"""Weights and models in HDF5 files, as TensorFlow's Keras lays them out."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from trackml.keras.saving import training
from trackml.keras.saving.hdf5_files import opened, written
from trackml.keras.saving.hdf5_layers import (
    assign,
    layers_of,
    read_names,
    read_weights,
    read_weights_by_name,
    values_of,
    write_array,
    write_names,
    write_weights,
)
from trackml.keras.saving.linked import link_new_layout, read_new_layout
from trackml.keras.saving.objects import encoded
from trackml.keras.saving.optimizer_state import OptimizerState, restore, weights_of
from trackml.keras.saving.parts import local_name
from trackml.keras.saving.text import KERAS_VERSION, model_config, model_from_config


def save_weights(model: Any, filepath: str) -> None:
    """Writes the weights of a model into an HDF5 file.

    A file `.weights.h5` has them under the names that TensorFlow 1 reads and, as links, where TensorFlow 2 looks.
    """
    with written(filepath) as file:
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
    with opened(filepath) as file:
        group = file["model_weights"] if "layer_names" not in file.attrs and "model_weights" in file else file
        if "layer_names" not in group.attrs and "layer_names0" not in group.attrs:
            assign(read_new_layout(file, model, filepath, by_name))
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
    with written(filepath) as file:
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
    names, arrays = [], []
    for variable, value in zip(kept, values_of(kept)):
        if local_name(variable) != "momentum" or model.optimizer.settings.get("momentum"):  # none where it is 0
            names.append(variable.name)
            arrays.append(value)
    write_names(group, "weight_names", names)
    for name, value in zip(names, arrays):
        write_array(group, name, value)


def _read_state(group: Any) -> OptimizerState | None:
    names = read_names(group, "weight_names")
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
    with opened(filepath) as file:
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
