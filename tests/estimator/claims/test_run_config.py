"""Settings: run_config_test.py, as far as it is about one process."""

from __future__ import annotations

import json

import pytest

from trackml.estimator import RunConfig


@pytest.fixture
def environment(monkeypatch):
    """Sets the environment variable TF_CONFIG."""
    return lambda config: monkeypatch.setenv("TF_CONFIG", json.dumps(config))


DEFAULTS = {
    "model_dir": None, "session_config": None, "tf_random_seed": None, "save_summary_steps": 100,
    "save_checkpoints_secs": 600, "save_checkpoints_steps": None, "keep_checkpoint_max": 5,
    "keep_checkpoint_every_n_hours": 10000, "service": None, "device_fn": None,
    "experimental_max_worker_delay_secs": None, "session_creation_timeout_secs": 7200,
}  # fmt: skip
LOCAL = {
    "task_type": "worker", "task_id": 0, "master": "", "evaluation_master": "", "is_chief": True,
    "num_worker_replicas": 1, "num_ps_replicas": 0, "global_id_in_cluster": 0,
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), (DEFAULTS | LOCAL).items())
def test_defaults(name, value):
    assert getattr(RunConfig(), name) == value


@pytest.mark.parametrize(("name", "value"), LOCAL.items())
def test_the_only_task_may_say_that_it_is_a_worker(environment, name, value):
    environment({"task": {"type": "worker", "index": 0}})
    assert getattr(RunConfig(), name) == value


def device_fn(op):
    return "/cpu:0"


ALLOWED = {
    "model_dir": "test_dir", "tf_random_seed": 11, "save_summary_steps": 12, "save_checkpoints_secs": 14,
    "session_config": object(), "keep_checkpoint_max": 16, "keep_checkpoint_every_n_hours": 17, "device_fn": device_fn,
    "session_creation_timeout_secs": 18, "experimental_max_worker_delay_secs": 10,
}  # fmt: skip
NONE = dict.fromkeys(
    ["tf_random_seed", "model_dir", "save_summary_steps", "save_checkpoints_secs", "save_checkpoints_steps",
     "session_config", "keep_checkpoint_max", "keep_checkpoint_every_n_hours", "device_fn"]
)  # fmt: skip
WAYS = {"given": RunConfig, "replaced": lambda **settings: RunConfig().replace(**settings)}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("settings", [ALLOWED, NONE], ids=["values", "None"])
def test_settings_are_kept(way, settings):
    config = WAYS[way](**settings)
    assert {name: getattr(config, name) for name in settings} == settings


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"model_dir": ""}, "model_dir should be non-empty"),
        ({"save_summary_steps": -1}, "save_summary_steps should be >= 0"),
        ({"save_checkpoints_steps": -1}, "save_checkpoints_steps should be >= 0"),
        ({"save_checkpoints_secs": -1}, "save_checkpoints_secs should be >= 0"),
        ({"keep_checkpoint_max": -1}, "keep_checkpoint_max should be >= 0"),
        ({"keep_checkpoint_every_n_hours": 0}, "keep_checkpoint_every_n_hours should be > 0"),
        ({"session_creation_timeout_secs": 0}, "session_creation_timeout_secs should be > 0"),
        ({"tf_random_seed": 1.0}, "tf_random_seed must be integer"),
        ({"device_fn": lambda x, y: 0}, 'device_fn must be callable with exactly one argument "op"'),
        ({"device_fn": lambda x: "/cpu:0"}, 'device_fn must be callable with exactly one argument "op"'),
        ({"experimental_max_worker_delay_secs": "5"}, "experimental_max_worker_delay_secs must be an integer if set"),
        (
            {"save_checkpoints_steps": 100, "save_checkpoints_secs": 200},
            "`save_checkpoints_steps` and `save_checkpoints_secs` cannot be both set.",
        ),
    ],
)
def test_values_out_of_range(way, settings, message):
    with pytest.raises(ValueError, match=message):
        WAYS[way](**settings)


@pytest.mark.parametrize("name", ["master", "some_undefined_property"])
def test_what_cannot_be_replaced(name):
    with pytest.raises(ValueError, match=rf"Replacing {name} is not supported"):
        RunConfig().replace(**{name: 123})


# The intervals of checkpoints: (each replacement in turn, steps and seconds at the end).
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([], (None, 600)),
        ([{"save_checkpoints_steps": 100}], (100, None)),
        ([{"save_checkpoints_steps": 100}, {"save_checkpoints_secs": 200}], (None, 200)),
        ([{"save_checkpoints_steps": None, "save_checkpoints_secs": None}], (None, None)),
        ([{"save_checkpoints_secs": None}], (None, None)),
        ([{"save_checkpoints_steps": 100}, {"save_checkpoints_steps": None}], (None, None)),
    ],
)
def test_one_interval_drops_the_other(changes, expected):
    config = RunConfig()
    for change in changes:
        config = config.replace(**change)
    assert (config.save_checkpoints_steps, config.save_checkpoints_secs) == expected


# TF_CONFIG.


@pytest.mark.parametrize("given", [{}, {"model_dir": "/tmp/123"}])
def test_the_directory_of_the_environment(environment, log_lines, given):
    environment({"model_dir": "/tmp/123"})
    assert RunConfig(**given).model_dir == "/tmp/123"
    assert log_lines == ["INFO:Using model_dir in TF_CONFIG: /tmp/123"]


def test_another_directory_replaces_that_of_the_environment(environment):
    environment({"model_dir": "/tmp/123"})
    assert RunConfig().replace(model_dir="/tmp/456").model_dir == "/tmp/456"


@pytest.mark.parametrize("service", [{"key1": [1, 2], "key2": {"a": 3, "b": 4}, "key3": 789}, None])
def test_the_service_is_passed_on(environment, service):
    environment({"model_dir": "/tmp/123"} if service is None else {"service": service})
    config = RunConfig()
    assert (config.service, config.replace(save_summary_steps=1).service) == (service, service)


CLUSTER = {"chief": ["host0:0"], "ps": ["host1:1", "host2:2"], "worker": ["host3:3"]}


@pytest.mark.parametrize(
    ("config", "error", "message"),
    [
        ({"model_dir": ""}, ValueError, "model_dir in TF_CONFIG should be non-empty"),
        ({"service": 789}, TypeError, 'If "service" is set in TF_CONFIG, it must be a dict. Given'),
        ({"task": {"type": "chief", "index": 0}}, ValueError,
         'If "cluster" is not set in TF_CONFIG, task type must be WORKER.'),
        ({"task": {"type": "worker", "index": 1}}, ValueError,
         'If "cluster" is not set in TF_CONFIG, task index must be 0.'),
        # Unlike TensorFlow, which would go and look for the others.
        ({"cluster": CLUSTER, "task": {"type": "chief", "index": 0}}, ValueError, "TF_CONFIG has a cluster"),
        ({"session_master": "_my_master"}, ValueError, "TF_CONFIG has session_master"),
        ({"eval_session_master": "_my_eval_master"}, ValueError, "TF_CONFIG has eval_session_master"),
        ({"task": "worker"}, ValueError, 'If "task" is set in TF_CONFIG, it must be an object'),
        ([1], ValueError, "TF_CONFIG must be a JSON object"),
    ],
)  # fmt: skip
def test_environments_that_are_refused(environment, config, error, message):
    environment(config)
    with pytest.raises(error, match=message):
        RunConfig()


def test_text_that_is_no_json(monkeypatch):
    monkeypatch.setenv("TF_CONFIG", "{'a': 1}")
    with pytest.raises(ValueError, match="TF_CONFIG must be a JSON object"):
        RunConfig()


def test_two_directories(environment):
    environment({"model_dir": "/tmp/123"})
    message = (
        "`model_dir` provided in RunConfig construct, if set, must have the same value as the model_dir in TF_CONFIG"
    )
    with pytest.raises(ValueError, match=message):
        RunConfig(model_dir="/tmp/456")
