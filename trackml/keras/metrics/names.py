"""Metrics by name: what strings and configurations stand for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trackml.keras import losses
from trackml.keras.losses.names import KNOWN as LOSSES
from trackml.keras.metrics import accuracies, counts, curves, distances, errors, f_scores, means, overlaps, points
from trackml.keras.saving.objects import deserialize_keras_object, serialize_keras_object

_FUNCTIONS: tuple[Any, ...] = (
    accuracies.accuracy,
    accuracies.binary_accuracy,
    accuracies.categorical_accuracy,
    accuracies.sparse_categorical_accuracy,
    accuracies.sparse_top_k_categorical_accuracy,
    accuracies.top_k_categorical_accuracy,
    distances.cosine_similarity,
)
_CLASSES = [
    kind
    for home in (accuracies, counts, curves, distances, errors, f_scores, means, overlaps, points)
    for kind in vars(home).values()
    if isinstance(kind, type)
    and kind.__module__ == home.__name__
    and not kind.__name__.startswith("_")
    and kind is not points.Curve
]
KNOWN: dict[str, Any] = {
    **{name: thing for name, thing in LOSSES.items() if not isinstance(thing, type)},
    "cosine": distances.cosine_similarity,
    "cosine_proximity": distances.cosine_similarity,
    **{thing.__name__: thing for thing in (*_FUNCTIONS, *_CLASSES)},
    "acc": accuracies.accuracy,
    "ACC": accuracies.accuracy,
}
"""What each name stands for; losses are metrics, too."""


def get(identifier: Any) -> Any:
    """The function or object that a name, a configuration, a class or a function stands for.

    Raises:
        ValueError: There is no metric of that name.
    """
    if isinstance(identifier, (str, Mapping)):
        return deserialize(identifier)
    if isinstance(identifier, type):
        return identifier()
    if callable(identifier) or isinstance(identifier, losses.Loss):
        return identifier
    raise ValueError(
        f"Could not interpret metric identifier: {identifier!r}. Expected a name, a function of (y_true, y_pred), or "
        "an object of keras.metrics.Metric."
    )


def serialize(metric: Any, use_legacy_format: bool = False) -> Any:
    """What stands for a metric in a configuration: the name of a function, or a class name with its settings.

    Args:
        metric: A function or an object.
        use_legacy_format: Accepted for TensorFlow's sake: the form is the same.
    """
    return serialize_keras_object(metric)


def deserialize(config: Any, custom_objects: Mapping[str, Any] | None = None, use_legacy_format: bool = False) -> Any:
    """The metric of a name or a configuration.

    Args:
        config: What `serialize` gave.
        custom_objects: Functions and classes of one's own, by name.
        use_legacy_format: Accepted for TensorFlow's sake: the form is the same.

    Raises:
        ValueError: There is no metric of that name.
    """
    try:
        found = deserialize_keras_object(config, KNOWN, custom_objects, "metric function")
    except ValueError as error:
        raise ValueError(
            f"Unknown metric function: {config!r}. Expected a function, an object of keras.metrics.Metric or one of "
            f"the names: {', '.join(sorted(KNOWN))}."
        ) from error
    return found() if isinstance(found, type) else found
