"""What the environment variable `TF_CONFIG` says of this process, which must be the only one.

Source: tensorflow_estimator/python/estimator/run_config.py.
"""

from __future__ import annotations

import json
import os
from typing import Any, NamedTuple

from trackml import logging

_ELSEWHERE = ("session_master", "eval_session_master")


class Environment(NamedTuple):
    """The part of `TF_CONFIG` that a single process has a use for."""

    model_dir: str | None
    """Where checkpoints and events go."""
    service: dict[str, Any] | None
    """Whatever the one who started the process wants to tell."""


def environment() -> Environment:
    """Reads `TF_CONFIG`, a JSON object; without it nothing is said.

    Raises:
        ValueError: It is no JSON object, it has a cluster or the address of another process, or values that TensorFlow
            refuses in a local run.
        TypeError: `service` is no object.
    """
    text = os.environ.get("TF_CONFIG")
    config = _parsed(text) if text else {}
    if config.get("cluster"):
        raise ValueError(
            f"TF_CONFIG has a cluster ({config['cluster']}), and training runs in one process here. "
            "Unset TF_CONFIG, or leave out its cluster."
        )
    for key in _ELSEWHERE:
        if config.get(key):
            raise ValueError(f"TF_CONFIG has {key} ({config[key]!r}), and sessions run in this process alone.")
    _check_task(config.get("task", {}))
    return Environment(_model_dir(config), _service(config))


def settled_model_dir(given: str | None, said: str | None) -> str | None:
    """The directory from what was given and what `TF_CONFIG` says.

    Raises:
        ValueError: They are not the same.
    """
    if said is None:
        return given
    if given and given != said:
        raise ValueError(
            "`model_dir` provided in RunConfig construct, if set, must have the same value as the model_dir in "
            f'TF_CONFIG. model_dir: {given}\nTF_CONFIG["model_dir"]: {said}.\n'
        )
    logging.info("Using model_dir in TF_CONFIG: %s", said)
    return said


def _parsed(text: str) -> dict[str, Any]:
    try:
        config = json.loads(text)
    except ValueError as error:
        raise ValueError(f"The environment variable TF_CONFIG must be a JSON object; got {text!r:.200}.") from error
    if not isinstance(config, dict):
        raise ValueError(f"The environment variable TF_CONFIG must be a JSON object; got {text!r:.200}.")
    return config


def _check_task(task: Any) -> None:
    if not isinstance(task, dict):
        raise ValueError(f'If "task" is set in TF_CONFIG, it must be an object. Given {task!r}.')
    if task.get("type", "worker") != "worker":
        raise ValueError('If "cluster" is not set in TF_CONFIG, task type must be WORKER.')
    if str(task.get("index", 0)) != "0":
        raise ValueError('If "cluster" is not set in TF_CONFIG, task index must be 0.')


def _model_dir(config: dict[str, Any]) -> str | None:
    found = config.get("model_dir")
    if found == "":
        raise ValueError("model_dir in TF_CONFIG should be non-empty.")
    return None if found is None else str(found)


def _service(config: dict[str, Any]) -> dict[str, Any] | None:
    found = config.get("service")
    if found is not None and not isinstance(found, dict):
        raise TypeError(f'If "service" is set in TF_CONFIG, it must be a dict. Given {type(found)}')
    return found
