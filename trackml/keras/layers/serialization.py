"""Layers to configurations and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trackml.keras.saving.objects import deserialize_keras_object, serialize_keras_object


def serialize(layer: Any) -> Any:
    """Class and configuration of a layer.

    Example:
        >>> from trackml import keras
        >>> keras.layers.serialize(keras.layers.ReLU(name="r"))["class_name"]
        'ReLU'
    """
    return serialize_keras_object(layer)


def deserialize(config: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The layer of a class and a configuration, with weights of its own.

    Args:
        config: A dict of `class_name` and `config`.
        custom_objects: Classes and functions of one's own, by name.

    Raises:
        ValueError: There is no class of that name.
    """
    return deserialize_keras_object(config, custom_objects=custom_objects, printable_module_name="layer")
