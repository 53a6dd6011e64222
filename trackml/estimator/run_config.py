"""How an Estimator runs: where it writes, how often it saves, summarises and logs."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

_UNSET: Any = object()
_REPLACEABLE = (
    "model_dir",
    "tf_random_seed",
    "save_summary_steps",
    "save_checkpoints_steps",
    "save_checkpoints_secs",
    "session_config",
    "keep_checkpoint_max",
    "keep_checkpoint_every_n_hours",
    "log_step_count_steps",
    "train_distribute",
    "device_fn",
    "protocol",
    "eval_distribute",
    "experimental_distribute",
    "experimental_max_worker_delay_secs",
    "session_creation_timeout_secs",
)
_ONE_MACHINE = ("train_distribute", "eval_distribute", "experimental_distribute", "protocol")


class RunConfig:
    """The settings of an Estimator's runs. Instances do not change; `replace` makes another.

    Args:
        model_dir: Where checkpoints and events go.
        tf_random_seed: Seed of the graph's random operations; None for other numbers each time.
        save_summary_steps: Steps between summaries; None or 0 for none.
        save_checkpoints_steps: Steps between checkpoints.
        save_checkpoints_secs: Seconds between checkpoints; 600 when neither is given.
        session_config: Accepted for TensorFlow's sake.
        keep_checkpoint_max: How many checkpoints are kept; 0 or None keeps all.
        keep_checkpoint_every_n_hours: One checkpoint in that time is kept for good.
        log_step_count_steps: Steps between log lines of loss and `global_step/sec`; None for none.
        train_distribute: Must be None: there is one machine.
        device_fn: Accepted for TensorFlow's sake.
        protocol: Must be None: there is one machine.
        eval_distribute: Must be None: there is one machine.
        experimental_distribute: Must be None: there is one machine.
        experimental_max_worker_delay_secs: Accepted for TensorFlow's sake.
        session_creation_timeout_secs: Accepted for TensorFlow's sake.

    Raises:
        ValueError: Both kinds of checkpoint intervals are given, or a value is out of range.
    """

    def __init__(
        self,
        model_dir: str | None = None,
        tf_random_seed: int | None = None,
        save_summary_steps: int | None = 100,
        save_checkpoints_steps: Any = _UNSET,
        save_checkpoints_secs: Any = _UNSET,
        session_config: Any = None,
        keep_checkpoint_max: int | None = 5,
        keep_checkpoint_every_n_hours: float = 10000,
        log_step_count_steps: int | None = 100,
        train_distribute: Any = None,
        device_fn: Callable[..., Any] | None = None,
        protocol: str | None = None,
        eval_distribute: Any = None,
        experimental_distribute: Any = None,
        experimental_max_worker_delay_secs: int | None = None,
        session_creation_timeout_secs: int = 7200,
    ) -> None:
        steps, secs = _checkpoint_interval(save_checkpoints_steps, save_checkpoints_secs)
        self._values: dict[str, Any] = {
            "model_dir": None if model_dir is None else str(model_dir),
            "tf_random_seed": tf_random_seed,
            "save_summary_steps": save_summary_steps,
            "save_checkpoints_steps": steps,
            "save_checkpoints_secs": secs,
            "session_config": session_config,
            "keep_checkpoint_max": keep_checkpoint_max,
            "keep_checkpoint_every_n_hours": keep_checkpoint_every_n_hours,
            "log_step_count_steps": log_step_count_steps,
            "train_distribute": train_distribute,
            "device_fn": device_fn,
            "protocol": protocol,
            "eval_distribute": eval_distribute,
            "experimental_distribute": experimental_distribute,
            "experimental_max_worker_delay_secs": experimental_max_worker_delay_secs,
            "session_creation_timeout_secs": session_creation_timeout_secs,
        }
        _check(self._values)

    def replace(self, **kwargs: Any) -> RunConfig:
        """A configuration with some settings changed.

        Raises:
            ValueError: A name is not among those that can be changed.
        """
        for name in kwargs:
            if name not in _REPLACEABLE:
                raise ValueError(
                    f"Replacing {name} is not supported. Allowed properties are {list(_REPLACEABLE)}."
                )
        values = {**self._values, **kwargs}
        if "save_checkpoints_steps" in kwargs and "save_checkpoints_secs" not in kwargs:
            values["save_checkpoints_secs"] = None
        if "save_checkpoints_secs" in kwargs and "save_checkpoints_steps" not in kwargs:
            values["save_checkpoints_steps"] = None
        return type(self)(**copy.copy(values))

    @property
    def model_dir(self) -> str | None:
        """Where checkpoints and events go."""
        return self._get("model_dir")

    @property
    def tf_random_seed(self) -> int | None:
        """Seed of the graph's random operations."""
        return self._get("tf_random_seed")

    @property
    def save_summary_steps(self) -> int | None:
        """Steps between summaries."""
        return self._get("save_summary_steps")

    @property
    def save_checkpoints_steps(self) -> int | None:
        """Steps between checkpoints, or None."""
        return self._get("save_checkpoints_steps")

    @property
    def save_checkpoints_secs(self) -> float | None:
        """Seconds between checkpoints, or None."""
        return self._get("save_checkpoints_secs")

    @property
    def session_config(self) -> Any:
        """What was given; it has no effect here."""
        return self._get("session_config")

    @property
    def keep_checkpoint_max(self) -> int | None:
        """How many checkpoints are kept."""
        return self._get("keep_checkpoint_max")

    @property
    def keep_checkpoint_every_n_hours(self) -> float:
        """One checkpoint in that time is kept for good."""
        return float(self._get("keep_checkpoint_every_n_hours"))

    @property
    def log_step_count_steps(self) -> int | None:
        """Steps between log lines."""
        return self._get("log_step_count_steps")

    @property
    def train_distribute(self) -> None:
        """None: there is one machine."""

    @property
    def eval_distribute(self) -> None:
        """None: there is one machine."""

    @property
    def device_fn(self) -> Callable[..., Any] | None:
        """What was given; it has no effect here."""
        return self._get("device_fn")

    @property
    def protocol(self) -> None:
        """None: there is one machine."""

    @property
    def session_creation_timeout_secs(self) -> int:
        """What was given; it has no effect here."""
        return int(self._get("session_creation_timeout_secs"))

    @property
    def is_chief(self) -> bool:
        """True: there is one process."""
        return True

    @property
    def master(self) -> str:
        """Empty: there is one process."""
        return ""

    @property
    def evaluation_master(self) -> str:
        """Empty: there is one process."""
        return ""

    @property
    def task_type(self) -> str:
        """`worker`, as TensorFlow says for a local run."""
        return "worker"

    @property
    def task_id(self) -> int:
        """0: there is one process."""
        return 0

    @property
    def global_id_in_cluster(self) -> int:
        """0: there is one process."""
        return 0

    @property
    def num_ps_replicas(self) -> int:
        """0: there is one process."""
        return 0

    @property
    def num_worker_replicas(self) -> int:
        """1: there is one process."""
        return 1

    @property
    def service(self) -> None:
        """None: there is one process."""

    def _get(self, name: str) -> Any:
        return self._values[name]

    def as_dict(self) -> dict[str, Any]:
        """The settings by name, as the log line `Using config:` shows them."""
        return {f"_{name}": value for name, value in self._values.items()}

    def __repr__(self) -> str:
        return f"RunConfig({', '.join(f'{name}={value!r}' for name, value in self._values.items())})"


def _checkpoint_interval(steps: Any, secs: Any) -> tuple[Any, Any]:
    if steps is _UNSET and secs is _UNSET:
        return None, 600
    steps = None if steps is _UNSET else steps
    secs = None if secs is _UNSET else secs
    if steps is not None and secs is not None:
        raise ValueError("`save_checkpoints_steps` and `save_checkpoints_secs` cannot be both set.")
    return steps, secs


def _check(values: dict[str, Any]) -> None:
    for name in _ONE_MACHINE:
        if values[name] is not None:
            raise ValueError(f"{name} must be None: training runs in one process here; got {values[name]!r}.")
    if values["model_dir"] == "":
        raise ValueError("model_dir should be non-empty")
    for name in ("save_summary_steps", "save_checkpoints_steps", "save_checkpoints_secs", "keep_checkpoint_max"):
        if values[name] is not None and values[name] < 0:
            raise ValueError(f"{name} should be >= 0, given: {values[name]}")
    if values["keep_checkpoint_every_n_hours"] <= 0:
        raise ValueError(f"keep_checkpoint_every_n_hours should be > 0, given: {values['keep_checkpoint_every_n_hours']}")
    if values["log_step_count_steps"] is not None and values["log_step_count_steps"] <= 0:
        raise ValueError(f"log_step_count_steps should be > 0, given: {values['log_step_count_steps']}")
    seed = values["tf_random_seed"]
    if seed is not None and not hasattr(seed, "__index__"):
        raise ValueError(f"tf_random_seed must be integer, given: {seed!r}")
