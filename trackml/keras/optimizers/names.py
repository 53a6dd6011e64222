"""Optimizers by name: what strings, configurations and objects stand for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trackml.keras.optimizers.adagrad import Adadelta, Adagrad
from trackml.keras.optimizers.adam import Adam, Adamax, AdamW, Nadam
from trackml.keras.optimizers.ftrl import Ftrl
from trackml.keras.optimizers.lion import Adafactor, Lion
from trackml.keras.optimizers.of_train import TFOptimizer
from trackml.keras.optimizers.optimizer import Optimizer
from trackml.keras.optimizers.rmsprop import RMSprop
from trackml.keras.optimizers.sgd import SGD
from trackml.keras.saving.objects import deserialize_keras_object, serialize_keras_object
from trackml.keras.saving.registry import get_registered_object
from trackml.optimizers.optimizer import Optimizer as GraphOptimizer

_KINDS: tuple[Any, ...] = (
    Adadelta, Adafactor, Adagrad, Adam, AdamW, Adamax, Ftrl, Lion, Nadam, RMSprop, SGD,
)  # fmt: skip
KNOWN: dict[str, Any] = {kind.__name__.lower(): kind for kind in _KINDS}
"""The optimizers by their names without case."""


def get(identifier: Any) -> Any:
    """The optimizer that a name, a configuration, a class or an object stands for; one of `tf.train` is wrapped.

    Raises:
        ValueError: There is no optimizer of that name.
    """
    if isinstance(identifier, Optimizer):
        return identifier
    if isinstance(identifier, GraphOptimizer):
        return TFOptimizer(identifier)
    if isinstance(identifier, type) and issubclass(identifier, Optimizer):
        return identifier()
    if isinstance(identifier, str):
        return deserialize({"class_name": identifier, "config": {}})
    if isinstance(identifier, Mapping):
        return deserialize(identifier)
    raise ValueError(
        f"Could not interpret optimizer identifier: {identifier!r}. Expected a name, or an object of keras.optimizers "
        "or tf.train."
    )


def serialize(optimizer: Optimizer, use_legacy_format: bool = False) -> Any:
    """What stands for an optimizer in a configuration: its class name and settings.

    Args:
        optimizer: The optimizer.
        use_legacy_format: Accepted for TensorFlow's sake: the form is the same.
    """
    return serialize_keras_object(optimizer)


def deserialize(
    config: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None, use_legacy_format: bool = False
) -> Any:
    """The optimizer of a configuration.

    Args:
        config: What `serialize` gave.
        custom_objects: Classes of one's own, by name.
        use_legacy_format: Accepted for TensorFlow's sake: the form is the same.

    Raises:
        ValueError: There is no optimizer of that name.
    """
    name = str(config["class_name"])
    own = get_registered_object(str(config.get("registered_name") or name), custom_objects)
    if own is None and name.lower() not in KNOWN:
        raise ValueError(f"Unknown optimizer: {name!r}. Expected an object or one of: {', '.join(sorted(KNOWN))}.")
    settings = {"class_name": "optimizer", "config": config.get("config", {})}
    return deserialize_keras_object(settings, {"optimizer": own or KNOWN[name.lower()]}, None, "optimizer")
