"""How an Estimator runs: where it writes, how often it saves, summarises and logs."""

from __future__ import annotations

import copy
import dataclasses
import os
import tempfile
from dataclasses import dataclass
from typing import Any

from trackml import logging
from trackml.estimator.arguments import argument_names
from trackml.estimator.tf_config import environment, settled_model_dir

_UNSET: Any = object()
_ONE_MACHINE = ("train_distribute", "eval_distribute", "experimental_distribute", "protocol")
_NOT_NEGATIVE = ("save_summary_steps", "save_checkpoints_steps", "save_checkpoints_secs", "keep_checkpoint_max")
_POSITIVE = ("keep_checkpoint_every_n_hours", "log_step_count_steps", "session_creation_timeout_secs")


@dataclass(frozen=True)
class RunConfig:
    """The settings of an Estimator's runs. Instances do not change; `replace` makes another.

    The environment variable `TF_CONFIG` is read for `model_dir` and `service`; one that tells of a cluster is refused.

    Raises:
        ValueError: Both kinds of checkpoint intervals are given, a value is out of range, or `TF_CONFIG` is not that of
            a single process.

    Example:
        >>> import trackml as tf
        >>> config = tf.estimator.RunConfig(save_checkpoints_steps=500)
        >>> config.save_checkpoints_secs is None, config.replace(save_summary_steps=10).save_summary_steps
        (True, 10)
    """

    model_dir: str | None = None
    """Where checkpoints and events go."""
    tf_random_seed: int | None = None
    """Seed of the graph's random operations; None for other numbers each time."""
    save_summary_steps: int | None = 100
    """Steps between summaries; None or 0 for none."""
    save_checkpoints_steps: int | None = _UNSET
    """Steps between checkpoints."""
    save_checkpoints_secs: float | None = _UNSET
    """Seconds between checkpoints; 600 when neither interval is given."""
    session_config: Any = None
    """Accepted for TensorFlow's sake."""
    keep_checkpoint_max: int | None = 5
    """How many checkpoints are kept; 0 or None keeps all."""
    keep_checkpoint_every_n_hours: float = 10000
    """One checkpoint in that time is kept for good."""
    log_step_count_steps: int | None = 100
    """Steps between log lines of the loss and of `global_step/sec`; None for none."""
    train_distribute: Any = None
    """Must be None: there is one machine."""
    device_fn: Any = None
    """Accepted for TensorFlow's sake."""
    protocol: str | None = None
    """Must be None: there is one machine."""
    eval_distribute: Any = None
    """Must be None: there is one machine."""
    experimental_distribute: Any = None
    """Must be None: there is one machine."""
    experimental_max_worker_delay_secs: int | None = None
    """Accepted for TensorFlow's sake."""
    session_creation_timeout_secs: int = 7200
    """Accepted for TensorFlow's sake."""
    debug_numerics: bool = False
    """Whether runs stop at the first operation that makes NaN or infinity, and name it with its inputs and the line
    of the program that made it. Slow, for debugging; TensorFlow has no such setting."""
    show_progress: bool = True
    """Whether a line in the terminal says how far a training is; see `trackml.train.progress_hook.ProgressHook`.
    TensorFlow has no such setting."""

    def __post_init__(self) -> None:
        """Settles the interval of checkpoints and checks the values."""
        steps, secs = self.save_checkpoints_steps, self.save_checkpoints_secs
        if steps is _UNSET and secs is _UNSET:
            secs = 600
        self._set("save_checkpoints_steps", None if steps is _UNSET else steps)
        self._set("save_checkpoints_secs", None if secs is _UNSET else secs)
        self._check()
        said = environment()
        self._set("_service", said.service)
        self._set("model_dir", settled_model_dir(self.model_dir, said.model_dir))

    def _set(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)

    def _check(self) -> None:
        if self.model_dir is not None:
            self._set("model_dir", os.fspath(self.model_dir))
        if self.save_checkpoints_steps is not None and self.save_checkpoints_secs is not None:
            raise ValueError("`save_checkpoints_steps` and `save_checkpoints_secs` cannot be both set.")
        for name in _ONE_MACHINE:
            if getattr(self, name) is not None:
                raise ValueError(f"{name} must be None: training runs in one process; got {getattr(self, name)!r}.")
        if self.model_dir == "":
            raise ValueError("model_dir should be non-empty")
        for name in _NOT_NEGATIVE:
            value = getattr(self, name)
            if value is not None and value < 0:
                raise ValueError(f"{name} should be >= 0, given: {value}")
        for name in _POSITIVE:
            value = getattr(self, name)
            if value is not None and value <= 0:
                raise ValueError(f"{name} should be > 0, given: {value}")
        if self.tf_random_seed is not None and not hasattr(self.tf_random_seed, "__index__"):
            raise ValueError(f"tf_random_seed must be integer, given: {self.tf_random_seed!r}")
        delay, device_fn = self.experimental_max_worker_delay_secs, self.device_fn
        if delay is not None and not isinstance(delay, int):
            raise ValueError(f"experimental_max_worker_delay_secs must be an integer if set. Given: {delay!r}")
        if device_fn is not None and not (callable(device_fn) and argument_names(device_fn) == ("op",)):
            raise ValueError(f'device_fn must be callable with exactly one argument "op". Given: {device_fn!r}')

    def replace(self, **kwargs: Any) -> RunConfig:
        """A configuration with some settings changed; setting one interval of checkpoints drops the other.

        Raises:
            ValueError: There is no such setting, or a value is out of range.
        """
        allowed = [field.name for field in dataclasses.fields(self)]
        for name in kwargs:
            if name not in allowed:
                raise ValueError(f"Replacing {name} is not supported. Allowed properties are {allowed}.")
        intervals = {"save_checkpoints_steps", "save_checkpoints_secs"}
        given = {name for name in intervals if kwargs.get(name) is not None}
        if len(given) == 1:
            kwargs = {**dict.fromkeys(intervals), **kwargs}
        replaced = copy.copy(self)
        for name, value in kwargs.items():
            replaced._set(name, value)
        replaced._check()
        return replaced

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
    def service(self) -> dict[str, Any] | None:
        """What `TF_CONFIG` says under that name, or None."""
        found: dict[str, Any] | None = self.__dict__.get("_service")
        return found

    def as_dict(self) -> dict[str, Any]:
        """The settings by name, as the log line `Using config:` shows them."""
        fields = {f"_{field.name}": getattr(self, field.name) for field in dataclasses.fields(self)}
        shown = ("service", "task_type", "task_id", "global_id_in_cluster", "master", "evaluation_master", "is_chief",
                 "num_ps_replicas", "num_worker_replicas")  # fmt: skip
        return fields | {f"_{name}": getattr(self, name) for name in shown}


def with_model_dir(config: RunConfig | None, model_dir: str | None) -> RunConfig:
    """The settings with a directory: the one given, that of `config`, or a temporary one.

    Raises:
        ValueError: The two are not the same, or `config` is something else.
    """
    if config is None:
        logging.info("Using default config.")
        config = RunConfig()
    elif not isinstance(config, RunConfig):
        raise ValueError(f"config must be an instance of `RunConfig`, but provided {config!r}.")
    if model_dir is not None and config.model_dir is not None and model_dir != config.model_dir:
        raise ValueError(
            "`model_dir` are set both in constructor and `RunConfig`, but with different values. "
            f"In constructor: '{model_dir}', in `RunConfig`: '{config.model_dir}'"
        )
    directory = model_dir or config.model_dir
    if directory is None:
        directory = tempfile.mkdtemp()
        logging.warning("Using temporary folder as model directory: %s", directory)
    return config.replace(model_dir=directory) if directory != config.model_dir else config
