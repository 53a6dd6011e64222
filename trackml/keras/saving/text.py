"""Models as JSON: `to_json`, `model_from_json`, `model_from_config`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from trackml.keras.saving.networks import layer_from
from trackml.keras.saving.objects import encoded
from trackml.keras.saving.registry import custom_object_scope, get_registered_name

KERAS_VERSION = "2.2.4-tf"


def model_config(model: Any) -> dict[str, Any]:
    """What stands for a model in JSON and in files: class, configuration, and for which Keras they are."""
    kind = get_registered_name(type(model))
    return {
        "class_name": kind,
        "config": model.get_config(),
        "keras_version": KERAS_VERSION,
        "backend": "tensorflow",
    }


def to_json(model: Any, **kwargs: Any) -> str:
    """A model without its weights, as the text that TensorFlow 1.15 writes for it.

    Args:
        model: The model.
        kwargs: Passed on to `json.dumps`.

    Raises:
        TypeError: A layer's configuration holds something that has no name, as a lambda.
    """
    return json.dumps(model_config(model), default=encoded, **kwargs)


def model_from_json(json_string: str | bytes, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The model that `to_json` told of, with new weights, not compiled.

    Args:
        json_string: The text; TensorFlow 1.15 and 2.15 write it, too.
        custom_objects: Classes and functions of one's own, by name.

    Raises:
        ValueError: It is no model, or tells of a class that is neither Keras' nor among `custom_objects`.
    """
    try:
        config = json.loads(json_string)
    except json.JSONDecodeError as error:
        raise ValueError(f"That is not the JSON of a model: {error}") from error
    return model_from_config(config, custom_objects)


def model_from_config(config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The model of a dictionary of `class_name` and `config`, with new weights, not compiled.

    Args:
        config: The dictionary.
        custom_objects: Classes and functions of one's own, by name.

    Raises:
        TypeError: It is a list.
        ValueError: It tells of a class that is neither Keras' nor among `custom_objects`.
    """
    if isinstance(config, list):
        raise TypeError(
            "`model_from_config` expects a dictionary, not a list. Maybe you meant to use "
            "`Sequential.from_config(config)`?"
        )
    with custom_object_scope(custom_objects):
        return layer_from(config)


def refuse_yaml(*args: Any, **kwargs: Any) -> Any:
    """Refuses: RuntimeError, as TensorFlow 2 does."""
    raise RuntimeError(
        "Method `to_yaml()` has been removed due to security risk of arbitrary code execution. Please use `to_json()` "
        "instead."
    )
