"""What a model was compiled with, as text and back."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

from trackml.keras.saving.objects import deserialize_keras_object, plain, serialize_keras_object
from trackml.keras.saving.registry import custom_object_scope

# What TensorFlow 2's optimizers have and those here have not: at these values it makes no difference.
_NEUTRAL = {
    "amsgrad": False,
    "ema_momentum": 0.99,
    "ema_overwrite_frequency": None,
    "global_clipnorm": None,
    "jit_compile": (False, True),
    "is_legacy_optimizer": (False, True),
    "use_ema": False,
    "weight_decay": None,
    "clipnorm": None,
    "clipvalue": None,
}

# Settings of losses and metrics that TensorFlow 1.15 does not have, and would refuse: told where they say something.
_NEWER: dict[str, Any] = {"axis": -1, "ignore_class": None}
_NEWER_IN: dict[str, dict[str, Any]] = {
    "AUC": {"from_logits": False, "label_weights": None, "multi_label": False, "num_labels": None},
    "MeanIoU": {"sparse_y_pred": True, "sparse_y_true": True},
    "SensitivityAtSpecificity": {"class_id": None},
    "SpecificityAtSensitivity": {"class_id": None},
}


def training_config(model: Any) -> dict[str, Any] | None:
    """Optimizer, losses and metrics of a model; None when it is not compiled, or by an optimizer of `tf.train`."""
    if not model.is_compiled:
        return None
    if type(model.optimizer).__name__ == "TFOptimizer":
        warnings.warn(
            "Optimizers of `tf.train` have no configuration: the model is saved without optimizer, losses and metrics. "
            "Use one of `keras.optimizers` to save them.",
            stacklevel=4,
        )
        return None
    settings = model._settings
    return {
        "loss": _plain(settings["loss"]),
        "metrics": _plain(settings["metric"]),
        "weighted_metrics": _plain(settings["weighted_metric"]),
        "sample_weight_mode": plain(settings["sample_weight_mode"]),
        "loss_weights": plain(settings["loss_weights"]),
        "optimizer_config": _told_optimizer(model.optimizer),
    }


def _told_optimizer(optimizer: Any) -> Any:
    """The optimizer, without what TensorFlow 1.15 would refuse and says nothing."""
    told = serialize_keras_object(optimizer)
    if told["class_name"] == "Ftrl" and not told["config"].get("beta"):
        told["config"].pop("beta", None)
    return told


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if value is None or isinstance(value, str):
        return value
    told = serialize_keras_object(value)
    if isinstance(told, Mapping):
        newer = {**_NEWER, **_NEWER_IN.get(told["class_name"], {})}
        kept = {k: v for k, v in told["config"].items() if k not in newer or v != newer[k]}
        return {**told, "config": kept}
    return told


def compile_arguments(config: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What `compile` is called with for a `training_config` that was written here or by TensorFlow."""
    with custom_object_scope(custom_objects):
        return {
            "optimizer": optimizer_from(config["optimizer_config"]),
            "loss": _live(config.get("loss"), "loss function"),
            "metrics": _metrics(config.get("metrics")),
            "weighted_metrics": _metrics(config.get("weighted_metrics")),
            "loss_weights": config.get("loss_weights"),
            "sample_weight_mode": config.get("sample_weight_mode"),
        }


def optimizer_from(config: Mapping[str, Any]) -> Any:
    """The optimizer of a configuration of TensorFlow's or of ours.

    Raises:
        ValueError: It has a setting that optimizers here have not.
    """
    from trackml.keras import optimizers

    settings = {
        name: value for name, value in config["config"].items() if name not in _NEUTRAL or not _is_neutral(name, value)
    }
    kind = config["class_name"].rpartition(">")[2]
    try:
        return optimizers.get({"class_name": kind, "config": settings})
    except TypeError as error:
        raise ValueError(f"The saved optimizer {kind} has settings that are not there: {error}") from error


def _is_neutral(name: str, value: Any) -> bool:
    neutral = _NEUTRAL[name]
    return value in neutral if isinstance(neutral, tuple) else value == neutral


def _live(value: Any, what: str) -> Any:
    if isinstance(value, (list, tuple)):
        return [_live(item, what) for item in value]
    if isinstance(value, Mapping):
        if {"class_name", "config"} <= set(value):
            return _object(value, what)
        return {key: _live(item, what) for key, item in value.items()}
    return _by_name(value)


def _object(value: Mapping[str, Any], what: str) -> Any:
    """A loss or metric; TensorFlow 2 tells beside its settings which function it calls."""
    if value["class_name"] == "LossFunctionWrapper":
        return _live(value["config"]["fn"], what)
    settings = {name: setting for name, setting in value["config"].items() if name != "fn"}
    return deserialize_keras_object({**value, "config": settings}, printable_module_name=what)


def _by_name(value: Any) -> Any:
    from trackml.keras.saving.registry import get_registered_object

    return value if not isinstance(value, str) else get_registered_object(value) or value


def _metrics(value: Any) -> Any:
    """Metrics of each output; TensorFlow 2 writes what it made of them, a mean of a function under an output's name."""
    if isinstance(value, (list, tuple)):
        found = [_metrics(item) for item in value]
        return [] if found == [None] else found
    if isinstance(value, Mapping):
        if value.get("class_name") == "MeanMetricWrapper":
            return _wrapped(value["config"])
        if {"class_name", "config"} <= set(value):
            return _object(value, "metric function")
        return {key: _metrics(item) for key, item in value.items()}
    return _by_name(value)


def _wrapped(config: Mapping[str, Any]) -> Any:
    """The function whose mean a metric is; `"accuracy"` where the loss decided which."""
    if not isinstance(config["fn"], str):
        return deserialize_keras_object(config["fn"], printable_module_name="metric function")
    given, name = config["name"].split("_")[-1], config["fn"]
    if given in ("accuracy", "acc") and name.endswith("accuracy") and not config["name"].endswith(name):
        return "accuracy"
    return _by_name(name)
