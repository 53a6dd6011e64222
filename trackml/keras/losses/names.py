"""Losses by name: what strings and configurations stand for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trackml.keras.losses import classes, crossentropies, hinges, regression
from trackml.keras.saving.objects import deserialize_keras_object, serialize_keras_object

ALIASES: dict[str, Any] = {
    "bce": crossentropies.binary_crossentropy,
    "BCE": crossentropies.binary_crossentropy,
    "cosine": regression.cosine_similarity,
    "cosine_proximity": regression.cosine_similarity,
    "huber_loss": regression.huber,
    "kld": regression.kl_divergence,
    "KLD": regression.kl_divergence,
    "kullback_leibler_divergence": regression.kl_divergence,
    "logcosh": regression.log_cosh,
    "mae": regression.mean_absolute_error,
    "MAE": regression.mean_absolute_error,
    "mape": regression.mean_absolute_percentage_error,
    "MAPE": regression.mean_absolute_percentage_error,
    "mse": regression.mean_squared_error,
    "MSE": regression.mean_squared_error,
    "msle": regression.mean_squared_logarithmic_error,
    "MSLE": regression.mean_squared_logarithmic_error,
}
"""Other names of the functions."""

_FUNCTIONS: tuple[Any, ...] = (
    regression.mean_squared_error,
    regression.mean_absolute_error,
    regression.mean_absolute_percentage_error,
    regression.mean_squared_logarithmic_error,
    regression.huber,
    regression.log_cosh,
    regression.kl_divergence,
    regression.poisson,
    regression.cosine_similarity,
    hinges.hinge,
    hinges.squared_hinge,
    hinges.categorical_hinge,
    crossentropies.binary_crossentropy,
    crossentropies.binary_focal_crossentropy,
    crossentropies.categorical_crossentropy,
    crossentropies.categorical_focal_crossentropy,
    crossentropies.sparse_categorical_crossentropy,
)
_CLASSES = [kind for kind in vars(classes).values() if isinstance(kind, type) and kind.__module__ == classes.__name__]
KNOWN: dict[str, Any] = {**ALIASES, **{thing.__name__: thing for thing in (*_FUNCTIONS, *_CLASSES)}}
"""What each name stands for."""


def get(identifier: Any) -> Any:
    """The function or object that a name, a configuration, a class or a function stands for; None stays None.

    Raises:
        ValueError: There is no loss of that name.
    """
    if isinstance(identifier, (str, Mapping)):
        return deserialize(identifier)
    if identifier is None:
        return None
    if isinstance(identifier, type):
        return identifier()
    if callable(identifier):
        return identifier
    raise ValueError(
        f"Could not interpret loss function identifier: {identifier!r}. Expected a name, a function of (y_true, "
        "y_pred), or an object of keras.losses.Loss."
    )


def serialize(loss: Any, use_legacy_format: bool = False) -> Any:
    """What stands for a loss in a configuration: the name of a function, or a class name with its settings.

    Args:
        loss: A function or an object.
        use_legacy_format: Accepted for TensorFlow's sake: the form is the same.
    """
    return serialize_keras_object(loss)


def deserialize(name: Any, custom_objects: Mapping[str, Any] | None = None, use_legacy_format: bool = False) -> Any:
    """The loss of a name or a configuration.

    Args:
        name: What `serialize` gave.
        custom_objects: Functions and classes of one's own, by name.
        use_legacy_format: Accepted for TensorFlow's sake: the form is the same.

    Raises:
        ValueError: There is no loss of that name.
    """
    try:
        found = deserialize_keras_object(name, KNOWN, custom_objects, "loss function")
    except ValueError as error:
        raise ValueError(
            f"Unknown loss function: {name!r}. Expected a function, an object of keras.losses.Loss or one of the "
            f"names: {', '.join(sorted(KNOWN))}."
        ) from error
    return found() if isinstance(found, type) else found
