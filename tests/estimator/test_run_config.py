"""Settings: their defaults, what is refused, how they are replaced."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest

import trackml as tf
from trackml.estimator import Estimator, RunConfig

ALLOWED = (
    "['model_dir', 'tf_random_seed', 'save_summary_steps', 'save_checkpoints_steps', 'save_checkpoints_secs', "
    "'session_config', 'keep_checkpoint_max', 'keep_checkpoint_every_n_hours', 'log_step_count_steps', "
    "'train_distribute', 'device_fn', 'protocol', 'eval_distribute', 'experimental_distribute', "
    "'experimental_max_worker_delay_secs', 'session_creation_timeout_secs', 'debug_numerics', 'show_progress']"
)


def model_fn(features):
    raise AssertionError("never called")


def test_defaults_are_tensorflows():
    config = RunConfig()
    assert (config.save_summary_steps, config.log_step_count_steps) == (100, 100)
    assert (config.save_checkpoints_steps, config.save_checkpoints_secs) == (None, 600)
    assert (config.keep_checkpoint_max, config.keep_checkpoint_every_n_hours) == (5, 10000)
    assert (config.model_dir, config.tf_random_seed) == (None, None)


def test_there_is_one_process():
    config = RunConfig()
    assert (config.is_chief, config.task_type, config.task_id, config.global_id_in_cluster) == (True, "worker", 0, 0)
    assert (config.master, config.evaluation_master, config.service) == ("", "", None)
    assert (config.num_ps_replicas, config.num_worker_replicas) == (0, 1)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"save_checkpoints_steps": 10}, (10, None)),
        ({"save_checkpoints_secs": 10}, (None, 10)),
        ({"save_checkpoints_steps": None}, (None, None)),
        ({"save_checkpoints_steps": 10, "save_checkpoints_secs": None}, (10, None)),
    ],
)
def test_one_interval_of_checkpoints_replaces_the_default(settings, expected):
    config = RunConfig(**settings)
    assert (config.save_checkpoints_steps, config.save_checkpoints_secs) == expected


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"save_checkpoints_steps": 1, "save_checkpoints_secs": 1}, "cannot be both set"),
        ({"save_summary_steps": -1}, "save_summary_steps should be >= 0"),
        ({"save_checkpoints_steps": -1}, "save_checkpoints_steps should be >= 0"),
        ({"save_checkpoints_secs": -1}, "save_checkpoints_secs should be >= 0"),
        ({"keep_checkpoint_max": -1}, "keep_checkpoint_max should be >= 0"),
        ({"keep_checkpoint_every_n_hours": 0}, "keep_checkpoint_every_n_hours should be > 0"),
        ({"log_step_count_steps": 0}, "log_step_count_steps should be > 0"),
        ({"tf_random_seed": 1.5}, "tf_random_seed must be integer"),
        ({"model_dir": ""}, "model_dir should be non-empty"),
        ({"train_distribute": object()}, "train_distribute must be None"),
    ],
)
def test_impossible_settings_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        RunConfig(**settings)


def test_settings_do_not_change():
    with pytest.raises(dataclasses.FrozenInstanceError):
        RunConfig().model_dir = "elsewhere"


def test_replace_makes_another():
    config = RunConfig(model_dir="a")
    replaced = config.replace(model_dir="b", save_summary_steps=7)
    assert (config.model_dir, replaced.model_dir, replaced.save_summary_steps) == ("a", "b", 7)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"save_checkpoints_steps": 5}, (5, None)),
        ({"save_checkpoints_secs": 5}, (None, 5)),
        ({"save_checkpoints_steps": None}, (None, 600)),
        ({"save_checkpoints_secs": None}, (None, None)),
        ({"save_checkpoints_steps": 5, "save_checkpoints_secs": None}, (5, None)),
    ],
)
def test_replacing_one_interval_drops_the_other(change, expected):
    config = RunConfig().replace(**change)
    assert (config.save_checkpoints_steps, config.save_checkpoints_secs) == expected


def test_both_intervals_cannot_replace():
    with pytest.raises(ValueError, match="cannot be both set"):
        RunConfig().replace(save_checkpoints_steps=1, save_checkpoints_secs=1)


def test_unknown_settings_cannot_be_replaced():
    message = f"Replacing zzz is not supported. Allowed properties are {ALLOWED}."
    with pytest.raises(ValueError, match=re.escape(message)):
        RunConfig().replace(zzz=1)


def test_the_directory_of_the_settings_is_taken(tmp_path):
    assert Estimator(model_fn, config=RunConfig(model_dir=tmp_path)).model_dir == str(tmp_path)


def test_the_directory_given_is_taken(tmp_path):
    estimator = Estimator(model_fn, tmp_path, RunConfig())
    assert (estimator.model_dir, estimator.config.model_dir) == (str(tmp_path), str(tmp_path))


def test_two_directories_are_refused():
    message = (
        "`model_dir` are set both in constructor and `RunConfig`, but with different values. "
        "In constructor: 'DIR/x1', in `RunConfig`: 'DIR/x2'"
    )
    with pytest.raises(ValueError, match=re.escape(message)):
        Estimator(model_fn, "DIR/x1", RunConfig(model_dir="DIR/x2"))


def test_the_same_directory_twice_is_fine(tmp_path):
    assert Estimator(model_fn, tmp_path, RunConfig(model_dir=tmp_path)).model_dir == str(tmp_path)


def test_without_a_directory_a_temporary_one_is_made_with_a_warning(log_lines, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    estimator = Estimator(model_fn)
    assert estimator.model_dir.startswith(str(tmp_path))
    assert log_lines[0] == "INFO:Using default config."
    assert log_lines[1] == f"WARNING:Using temporary folder as model directory: {estimator.model_dir}"
    assert log_lines[2].startswith(f"INFO:Using config: {{'_model_dir': '{estimator.model_dir}', '_tf_random_seed'")


def test_what_is_no_config_is_refused():
    with pytest.raises(ValueError, match=r"config must be an instance of `RunConfig`, but provided {'a': 1}"):
        Estimator(model_fn, config={"a": 1})


def test_params_are_copied(tmp_path):
    params = {"units": [1, 2]}
    estimator = Estimator(lambda features, params: None, tmp_path, params=params)
    params["units"].append(3)
    estimator.params["units"].append(4)
    assert estimator.params == {"units": [1, 2]}


def test_the_model_function_gets_what_it_asks_for(tmp_path):
    seen = {}

    def asking(features, mode, params, config):
        seen.update(mode=mode, params=params, config=config)
        return tf.estimator.EstimatorSpec(mode, predictions=features)

    config = RunConfig(save_summary_steps=7)
    estimator = Estimator(asking, tmp_path, config, params={"a": 1})
    next(estimator.predict(lambda: np.ones(1)))
    assert seen == {"mode": "infer", "params": {"a": 1}, "config": config.replace(model_dir=str(tmp_path))}


def test_the_public_model_function_can_be_called(tmp_path):
    with tf.Graph().as_default():
        features = tf.constant([1.0])
        estimator = Estimator(
            lambda features, mode: tf.estimator.EstimatorSpec(mode, predictions=2 * features), tmp_path
        )
        spec = estimator.model_fn(features=features, labels=None, mode="infer", config=estimator.config)
    assert spec.predictions.shape.as_list() == [1]
