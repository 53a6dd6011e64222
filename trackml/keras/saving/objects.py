"""Layers, initializers, losses and their like to names and dictionaries, and back."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from trackml.dtypes import DType
from trackml.keras.saving.registry import (
    custom_object_scope,
    get_registered_name,
    get_registered_object,
    is_registered,
)
from trackml.shapes import TensorShape

# Where Keras' own things are looked up, by what they are.
_MODULES = {
    "layer": "trackml.keras.layers",
    "initializer": "trackml.keras.initializers",
    "regularizer": "trackml.keras.regularizers",
    "constraint": "trackml.keras.constraints",
    "activation function": "trackml.keras.activations",
    "loss function": "trackml.keras.losses",
    "metric function": "trackml.keras.metrics",
    "optimizer": "trackml.keras.optimizers",
}
_MODELS = ("Functional", "Model", "Sequential")
# Layers that models make by themselves.
_INTERNAL = {
    "SlicingOpLambda": "trackml.keras.saving.functions",
    "TFOpLambda": "trackml.keras.saving.functions",
    "AddLoss": "trackml.keras.engine.additions",
    "AddMetric": "trackml.keras.engine.additions",
    "TensorFlowOpLayer": "trackml.keras.engine.operations",
}
# What TensorFlow 2 calls what has another name here.
_RENAMED = {"L1": "L1L2", "L2": "L1L2", "HeNormal": "he_normal", "HeUniform": "he_uniform"} | {
    "LecunNormal": "lecun_normal",
    "LecunUniform": "lecun_uniform",
}


def serialize_keras_object(instance: Any) -> Any:
    """What stands for an object in a configuration: its name, or a dictionary of `class_name` and `config`.

    Args:
        instance: A layer, initializer, loss, function or the like; None stays None.

    Raises:
        ValueError: It has neither a configuration nor a name.
    """
    if instance is None:
        return None
    if hasattr(instance, "get_config") and not isinstance(instance, type):
        return {"class_name": get_registered_name(type(instance)), "config": instance.get_config()}
    if hasattr(instance, "__name__"):
        return get_registered_name(instance)
    raise ValueError(f"Cannot serialize {instance}: it has neither a get_config() nor a name.")


def deserialize_keras_object(
    identifier: Any,
    module_objects: Mapping[str, Any] | None = None,
    custom_objects: Mapping[str, Any] | None = None,
    printable_module_name: str = "object",
) -> Any:
    """The object that a name or a dictionary of `class_name` and `config` stands for.

    Args:
        identifier: The name or the dictionary; None and what is callable stay what they are.
        module_objects: What names stand for, after one's own; everything of Keras by default.
        custom_objects: Further names of one's own.
        printable_module_name: What the error calls the thing.

    Raises:
        ValueError: Nothing has the name, or the dictionary is no configuration.
    """
    if identifier is None or callable(identifier):
        return identifier
    with custom_object_scope(custom_objects):
        if isinstance(identifier, str):
            return _found(identifier, module_objects, printable_module_name)
        if not isinstance(identifier, Mapping) or "class_name" not in identifier or "config" not in identifier:
            raise ValueError(f"Could not interpret serialized {printable_module_name}: {identifier!r}")
        if identifier["class_name"] == "function":
            return _found(identifier["config"], module_objects, printable_module_name)
        name = identifier.get("registered_name") or identifier["class_name"]
        if get_registered_object(name) is None:
            name = identifier["class_name"]
        return made(_found(name, module_objects, printable_module_name), identifier["config"])


def made(kind: Any, config: Any) -> Any:
    """A new object of a class and a configuration."""
    if hasattr(kind, "from_config"):
        return kind.from_config(config)
    return kind(**config)


def _found(name: str, module_objects: Mapping[str, Any] | None, what: str) -> Any:
    thing = get_registered_object(name, None, module_objects)
    if thing is None and module_objects is None:
        thing = known_object(name, what if what in _MODULES else None)
    if thing is None:
        raise ValueError(
            f"Unknown {what}: {name}. Please ensure this object is passed to the `custom_objects` argument. "
            "(Or use keras.utils.custom_object_scope, or keras.utils.register_keras_serializable.)"
        )
    return thing


def known_object(name: str, what: str | None = None) -> Any:
    """Keras' own class or function of a name, of one kind (`"layer"`, ...) or of any; None when there is none."""
    if name in _MODELS and what in (None, "layer"):
        models = importlib.import_module("trackml.keras.models")
        return models.Sequential if name == "Sequential" else models.Model
    if name in _INTERNAL and what in (None, "layer"):
        return getattr(importlib.import_module(_INTERNAL[name]), name)
    for module in [_MODULES[what]] if what else _MODULES.values():
        try:
            home = importlib.import_module(module)
        except ModuleNotFoundError:
            continue
        known = getattr(home, "__all__", None) or [key for key in vars(home) if not key.startswith("_")]
        for one in (name, _RENAMED.get(name, name)):
            if one in known and callable(getattr(home, one)):
                return getattr(home, one)
    return None


def is_findable(thing: Any) -> bool:
    """Whether a class or function is Keras' own or registered, so that its name is enough to find it again."""
    if is_registered(thing):
        return True
    name = getattr(thing, "__name__", None)
    return name is not None and str(getattr(thing, "__module__", "")).startswith("trackml.") and not _is_lambda(thing)


def _is_lambda(thing: Any) -> bool:
    return bool(getattr(thing, "__name__", "") == "<lambda>")


def found(name: str, value: Any) -> Any:
    """What a name stands for, where an argument was given an initializer, regularizer or constraint by its name."""
    what = next((what for ending, what in _KINDS if name.endswith(f"_{ending}") and ending != "activation"), None)
    if what is None or not isinstance(value, str):
        return value
    return importlib.import_module(_MODULES[what]).get(value)


def plain(value: Any) -> Any:
    """A value as it is in a configuration: what can be found again by name is a name or a dictionary.

    What cannot, as functions of one's own, stays what it is; as text (`encoded`) it is a name all the same.
    """
    if isinstance(value, DType):
        return value.name
    if isinstance(value, TensorShape):
        return None if value.ndims is None else tuple(value.as_list())
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, (list, tuple)):
        return type(value)(plain(item) for item in value) if type(value) in (list, tuple) else value
    if type(value) is dict:
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, type):
        return value
    if hasattr(value, "get_config") and is_findable(type(value)):
        return _older(serialize_keras_object(value), value)
    if callable(value) and is_findable(value):
        return get_registered_name(value)
    return value


def _older(told: dict[str, Any], value: Any) -> dict[str, Any]:
    """A configuration as TensorFlow 1.15 knows it, where it has only the general class."""
    if told["class_name"] in ("L1", "L2"):
        return {"class_name": "L1L2", "config": {"l1": 0.0, "l2": 0.0, **told["config"]}}
    if told["class_name"] in ("HeNormal", "HeUniform", "LecunNormal", "LecunUniform"):
        names = ("scale", "mode", "distribution", "seed")
        return {"class_name": "VarianceScaling", "config": {name: getattr(value, name) for name in names}}
    return told


def encoded(value: Any) -> Any:
    """What stands in JSON for a value that JSON does not have.

    Raises:
        TypeError: It has neither a configuration nor a name that a reader could find it by.
    """
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, (DType, TensorShape, np.generic)):
        return plain(value)
    if _is_lambda(value):
        raise TypeError(
            "A lambda cannot be saved: code is never read from a file. Make it a function (`def name(x): ...`), "
            "which is saved by its name, and give it to the reader as `custom_objects={'name': name}`."
        )
    if hasattr(value, "get_config") or hasattr(value, "__name__"):
        return serialize_keras_object(value)
    raise TypeError(f"Cannot save {value!r} of {type(value)} in a configuration.")


_KINDS: tuple[tuple[str, str], ...] = (
    ("initializer", "initializer"),
    ("regularizer", "regularizer"),
    ("constraint", "constraint"),
    ("activation", "activation function"),
)


def revived(name: str, value: Any) -> Any:
    """The value of a constructor's argument that stands in a configuration, by the name of the argument."""
    for ending, what in _KINDS:
        if name.endswith(ending):
            return _revived_as(what, value)
    if isinstance(value, list):
        return [revived(name, item) for item in value]
    if isinstance(value, Mapping) and {"class_name", "config"} <= set(value):
        what = "layer" if name in ("layer", "backward_layer", "cell", "cells") else "object"
        return deserialize_keras_object(value, printable_module_name=what)
    return value


def _revived_as(what: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return deserialize_keras_object(value, printable_module_name=what)
    if isinstance(value, str):
        return get_registered_object(value) or value
    return value


def walked(value: Any, change: Callable[[Any], Any]) -> Any:
    """Lists, tuples and dictionaries with each item changed."""
    if isinstance(value, (list, tuple)) and type(value) in (list, tuple):
        return type(value)(walked(item, change) for item in value)
    if type(value) is dict:
        return {key: walked(item, change) for key, item in value.items()}
    return change(value)
