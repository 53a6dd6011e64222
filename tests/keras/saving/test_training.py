"""What models are compiled with, as text and back: every loss, metric and optimizer there is."""

from __future__ import annotations

import json

import pytest

from trackml import keras
from trackml.keras.saving import training
from trackml.keras.saving.objects import encoded, plain

# An optimizer of `tf.train`, and what is no metric of predictions.
WITHOUT_CONFIGURATION = {"TFOptimizer", "Mean", "MeanMetricWrapper", "MeanTensor", "Sum"}


def _objects(module, base):
    """An object of every class of a module, made of its defaults or of a half or two."""
    found = {}
    for name in sorted(vars(module)):
        kind = getattr(module, name)
        if not (isinstance(kind, type) and issubclass(kind, base)) or kind is base or name in WITHOUT_CONFIGURATION:
            continue
        for arguments in ((), (0.5,), (2,), (2, [1])):
            try:
                found[name] = kind(*arguments)
            except (TypeError, ValueError):
                continue
            break
    return found


LOSSES = _objects(keras.losses, keras.losses.Loss)
METRICS = _objects(keras.metrics, keras.metrics.Metric)
OPTIMIZERS = _objects(keras.optimizers, keras.optimizers.Optimizer)


def _compiled(**settings):
    model = keras.Sequential([keras.layers.Dense(2, activation="softmax", input_shape=(2,))])
    model.compile(**{"optimizer": "sgd", "loss": "mse", **settings})
    return model


def _again(model):
    return training.compile_arguments(json.loads(json.dumps(training.training_config(model), default=encoded)))


@pytest.mark.parametrize("name", sorted(LOSSES))
def test_a_loss_comes_back(name):
    again = _again(_compiled(loss=LOSSES[name]))["loss"]
    assert type(again) is type(LOSSES[name])
    assert again.get_config() == LOSSES[name].get_config()


@pytest.mark.parametrize("name", sorted(METRICS))
def test_a_metric_comes_back(name):
    (again,) = _again(_compiled(metrics=[METRICS[name]]))["metrics"]
    assert type(again) is type(METRICS[name])
    assert again.get_config() == METRICS[name].get_config()


@pytest.mark.parametrize("name", sorted(OPTIMIZERS))
def test_an_optimizer_comes_back(name):
    again = _again(_compiled(optimizer=OPTIMIZERS[name]))["optimizer"]
    assert type(again) is type(OPTIMIZERS[name])
    assert again.get_config() == OPTIMIZERS[name].get_config()


def test_names_stay_names_in_any_structure():
    model = _compiled(loss={"dense": "mse"}, metrics={"dense": ["accuracy", "mae"]}, loss_weights=[2.0])
    assert training.training_config(model)["metrics"] == {"dense": ["accuracy", "mae"]}
    again = _again(model)
    assert again["loss"] == {"dense": "mse"}
    assert again["metrics"] == {"dense": ["accuracy", "mae"]}
    assert again["loss_weights"] == [2.0]


@pytest.mark.parametrize(
    ("name", "function", "expected"),
    [
        ("acc", "binary_accuracy", "accuracy"),
        ("out_accuracy", "sparse_categorical_accuracy", "accuracy"),
        ("out_binary_accuracy", "binary_accuracy", "binary_accuracy"),
        ("mae", "mean_absolute_error", "mean_absolute_error"),
    ],
)
def test_metrics_that_tensorflow_2_made_are_what_was_asked_for(name, function, expected):
    wrapper = {"class_name": "MeanMetricWrapper", "config": {"name": name, "dtype": "float32", "fn": function}}
    optimizer = {
        "class_name": "Custom>SGD",
        "config": {"name": "SGD", "learning_rate": 0.5, "is_legacy_optimizer": False},
    }
    found = training.compile_arguments({"loss": "mse", "metrics": [wrapper], "optimizer_config": optimizer})
    assert found["metrics"] == [expected]
    assert float(found["optimizer"].get_config()["learning_rate"]) == 0.5


def test_an_optimizer_with_a_setting_that_is_not_there_is_refused():
    config = {"class_name": "SGD", "config": {"name": "SGD", "learning_rate": 0.5, "warmth": 3}}
    with pytest.raises(ValueError, match="warmth"):
        training.optimizer_from(config)


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (keras.regularizers.get("l2"), ("L1L2", {"l1": 0.0, "l2": 0.01})),
        (
            keras.initializers.get("he_normal"),
            ("VarianceScaling", {"scale": 2.0, "mode": "fan_in", "distribution": "truncated_normal", "seed": None}),
        ),
    ],
)
def test_what_the_older_version_has_no_class_for_is_told_by_the_general_one(made, told):
    assert plain(made) == {"class_name": told[0], "config": told[1]}
