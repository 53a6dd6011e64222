"""Models on disk and as text: configurations, JSON, HDF5, checkpoints, SavedModels (`keras.saving`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackml._lazy import attach

# Where each public name lives; `./scripts/names` remakes the imports and `__all__` below from it.
_HOMES = {
    "CustomObjectScope": "trackml.keras.saving.registry:CustomObjectScope",
    "custom_object_scope": "trackml.keras.saving.registry:custom_object_scope",
    "deserialize_keras_object": "trackml.keras.saving.objects:deserialize_keras_object",
    "get_custom_objects": "trackml.keras.saving.registry:get_custom_objects",
    "get_registered_name": "trackml.keras.saving.registry:get_registered_name",
    "get_registered_object": "trackml.keras.saving.registry:get_registered_object",
    "load_model": "trackml.keras.saving.save:load_model",
    "register_keras_serializable": "trackml.keras.saving.registry:register_keras_serializable",
    "save_model": "trackml.keras.saving.save:save_model",
    "serialize_keras_object": "trackml.keras.saving.objects:serialize_keras_object",
}

if TYPE_CHECKING:
    from trackml.keras.saving.objects import deserialize_keras_object as deserialize_keras_object
    from trackml.keras.saving.objects import serialize_keras_object as serialize_keras_object
    from trackml.keras.saving.registry import CustomObjectScope as CustomObjectScope
    from trackml.keras.saving.registry import custom_object_scope as custom_object_scope
    from trackml.keras.saving.registry import get_custom_objects as get_custom_objects
    from trackml.keras.saving.registry import get_registered_name as get_registered_name
    from trackml.keras.saving.registry import get_registered_object as get_registered_object
    from trackml.keras.saving.registry import register_keras_serializable as register_keras_serializable
    from trackml.keras.saving.save import load_model as load_model
    from trackml.keras.saving.save import save_model as save_model
else:
    __getattr__, __dir__ = attach(__name__, _HOMES)

__all__ = [
    "CustomObjectScope",
    "custom_object_scope",
    "deserialize_keras_object",
    "get_custom_objects",
    "get_registered_name",
    "get_registered_object",
    "load_model",
    "register_keras_serializable",
    "save_model",
    "serialize_keras_object",
]
