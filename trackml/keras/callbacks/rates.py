"""Learning rates that change from epoch to epoch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from trackml.keras import backend
from trackml.keras.callbacks.base import Callback
from trackml.keras.callbacks.watching import Watching


class LearningRateScheduler(Callback):
    """Sets the learning rate before each epoch.

    Args:
        schedule: A function from the epoch, and the rate as it is if it takes two arguments, to the rate.
        verbose: 1 to say the rate.

    Raises:
        ValueError: While training: the schedule gives no number, or the optimizer has no rate to set.
    """

    def __init__(self, schedule: Callable[..., float], verbose: int = 0) -> None:
        super().__init__()
        self.schedule, self.verbose = schedule, verbose

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Sets the rate."""
        before = _rate_of(self.model)
        try:
            rate = self.schedule(epoch, before)
        except TypeError:  # a function of the epoch alone
            rate = self.schedule(epoch)
        if isinstance(rate, bool) or not isinstance(rate, (float, np.floating, int, np.integer)):
            raise ValueError(f'The output of the "schedule" function should be float. Got: {rate!r}')
        self.model.optimizer.learning_rate = float(rate)
        if self.verbose:
            print(f"\nEpoch {epoch + 1:05d}: LearningRateScheduler setting learning rate to {rate}.")

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Logs the rate as `lr`."""
        if logs is not None:
            logs["lr"] = _rate_of(self.model)


class ReduceLROnPlateau(Watching):
    """Lowers the learning rate when a monitored value gets no better.

    Args:
        monitor: The name of the value.
        factor: What the rate is multiplied with.
        patience: For how many epochs the value may be no better.
        verbose: 1 to say so.
        mode: `"min"`, `"max"`, or `"auto"` to know it by the name.
        min_delta: By how much the value has to get better to count.
        cooldown: For how many epochs it does not look after it lowered the rate.
        min_lr: The lowest rate.
        kwargs: `epsilon`, an older name of `min_delta`.

    Raises:
        ValueError: The factor is 1 or more.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        factor: float = 0.1,
        patience: int = 10,
        verbose: int = 0,
        mode: str = "auto",
        min_delta: float = 1e-4,
        cooldown: int = 0,
        min_lr: float = 0.0,
        **kwargs: float,
    ) -> None:
        if factor >= 1.0:
            raise ValueError(f"ReduceLROnPlateau does not support a factor >= 1.0. Got {factor}")
        chosen = kwargs.pop("epsilon", min_delta)
        if kwargs:
            raise TypeError(f"ReduceLROnPlateau got unexpected keyword arguments: {sorted(kwargs)}")
        super().__init__(monitor, mode, chosen)
        self.factor, self.patience, self.verbose = factor, patience, verbose
        self.min_delta, self.cooldown, self.min_lr = chosen, cooldown, min_lr
        self.wait = self.cooldown_counter = 0

    def on_train_begin(self, logs: Any = None) -> None:
        """Forgets earlier trainings."""
        self.wait = self.cooldown_counter = 0
        self.best = self._worst

    def in_cooldown(self) -> bool:
        """Whether it does not look now."""
        return self.cooldown_counter > 0

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Looks at the value; logs the rate as `lr`."""
        rate = _rate_of(self.model)
        if logs is not None:
            logs["lr"] = rate
        value = self._value(logs)
        if value is None:
            return
        if self.in_cooldown():
            self.cooldown_counter, self.wait = self.cooldown_counter - 1, 0
        if self._is_better(value):
            self.best, self.wait = value, 0
        elif not self.in_cooldown():
            self.wait += 1
            if self.wait >= self.patience and rate > np.float32(self.min_lr):
                self._lower(epoch, rate)

    def _lower(self, epoch: int, rate: float) -> None:
        lower = max(rate * self.factor, self.min_lr)
        self.model.optimizer.learning_rate = lower
        self.cooldown_counter, self.wait = self.cooldown, 0
        if self.verbose:
            print(f"\nEpoch {epoch + 1:05d}: ReduceLROnPlateau reducing learning rate to {lower}.")


def _rate_of(model: Any) -> float:
    """The rate of a model's optimizer.

    Raises:
        ValueError: It has none that could be set.
    """
    with model.graph.as_default():
        rate = getattr(model.optimizer, "learning_rate", None)
        if rate is None or type(model.optimizer).__name__ == "TFOptimizer":
            raise ValueError(
                'Optimizer must have a "lr" attribute: optimizers of `tf.train` keep their rate to themselves.'
            )
        return float(backend.get_value(rate))
