"""What is called while a model trains: histories, early stops, checkpoints, rates."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from typing import Any, TextIO

import numpy as np

from trackml.keras import backend

__all__ = [
    "CSVLogger",
    "Callback",
    "CallbackList",
    "EarlyStopping",
    "History",
    "LambdaCallback",
    "LearningRateScheduler",
    "ModelCheckpoint",
    "ReduceLROnPlateau",
]


class Callback:
    """What is called at the beginning and the end of trainings, epochs and batches; each call does nothing here."""

    def __init__(self) -> None:
        self.model: Any = None
        self.params: dict[str, Any] = {}

    def set_model(self, model: Any) -> None:
        """Takes the model that is trained."""
        self.model = model

    def set_params(self, params: dict[str, Any]) -> None:
        """Takes `epochs`, `steps` and `verbose` of the training."""
        self.params = params

    def on_train_begin(self, logs: Any = None) -> None:
        """Before the first epoch."""

    def on_train_end(self, logs: Any = None) -> None:
        """After the last epoch."""

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Before an epoch, counted from 0."""

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """After an epoch, with its losses and metrics, and those of the validation under `val_`."""

    def on_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Before a batch, counted from 0 in each epoch."""

    def on_batch_end(self, batch: int, logs: Any = None) -> None:
        """After a batch, with losses and metrics of the epoch so far, `batch` and `size`."""

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        """The same as `on_batch_begin`, which it calls."""
        self.on_batch_begin(batch, logs)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """The same as `on_batch_end`, which it calls."""
        self.on_batch_end(batch, logs)


class CallbackList:
    """The callbacks of a training, with the history.

    Args:
        callbacks: What the caller wants called.
        model: The model.
        params: What the callbacks are told of the training.
    """

    def __init__(self, callbacks: Any, model: Any, params: dict[str, Any]) -> None:
        given = list(callbacks) if isinstance(callbacks, (list, tuple)) else [callbacks]
        model.history = History()
        self._callbacks: list[Callback] = [*given, model.history]
        kinds = type(self)._overriding(self._callbacks)
        self._of_batches = kinds
        for callback in self._callbacks:
            callback.set_params(params)
            callback.set_model(model)

    @staticmethod
    def _overriding(callbacks: Sequence[Callback]) -> list[Callback]:
        """Those that want to know of batches."""
        names = ("on_batch_begin", "on_batch_end", "on_train_batch_begin", "on_train_batch_end")
        return [
            callback
            for callback in callbacks
            if any(getattr(type(callback), name, None) is not getattr(Callback, name) for name in names)
        ]

    def on_train_begin(self) -> None:
        """Tells all."""
        for callback in self._callbacks:
            callback.on_train_begin({})

    def on_train_end(self) -> None:
        """Tells all."""
        for callback in self._callbacks:
            callback.on_train_end({})

    def on_epoch_begin(self, epoch: int) -> None:
        """Tells all."""
        for callback in self._callbacks:
            callback.on_epoch_begin(epoch, {})

    def on_epoch_end(self, epoch: int, logs: dict[str, Any]) -> None:
        """Tells all; what one of them adds to the logs, those after it see."""
        for callback in self._callbacks:
            callback.on_epoch_end(epoch, logs)

    def on_batch_begin(self, batch: int) -> None:
        """Tells those that want to know."""
        for callback in self._of_batches:
            callback.on_train_batch_begin(batch, {"batch": batch})

    def on_batch_end(self, batch: int, facts: dict[str, Any], logs: dict[str, Any]) -> None:
        """Tells those that want to know."""
        for callback in self._of_batches:
            callback.on_train_batch_end(batch, {**facts, **logs})


class History(Callback):
    """Losses and metrics of each epoch: `history[name][i]` is that of `epoch[i]`."""

    def __init__(self) -> None:
        super().__init__()
        self.epoch: list[int] = []
        self.history: dict[str, list[Any]] = {}

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Notes the epoch."""
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)


class LambdaCallback(Callback):
    """Functions as a callback.

    Args:
        on_epoch_begin: Called with epoch and logs.
        on_epoch_end: Called with epoch and logs.
        on_batch_begin: Called with batch and logs.
        on_batch_end: Called with batch and logs.
        on_train_begin: Called with logs.
        on_train_end: Called with logs.
    """

    def __init__(
        self,
        on_epoch_begin: Callable[..., Any] | None = None,
        on_epoch_end: Callable[..., Any] | None = None,
        on_batch_begin: Callable[..., Any] | None = None,
        on_batch_end: Callable[..., Any] | None = None,
        on_train_begin: Callable[..., Any] | None = None,
        on_train_end: Callable[..., Any] | None = None,
    ) -> None:
        super().__init__()
        self._functions = {
            "epoch_begin": on_epoch_begin,
            "epoch_end": on_epoch_end,
            "batch_begin": on_batch_begin,
            "batch_end": on_batch_end,
            "train_begin": on_train_begin,
            "train_end": on_train_end,
        }

    def _call(self, moment: str, *arguments: Any) -> None:
        function = self._functions[moment]
        if function is not None:
            function(*arguments)

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Calls its function."""
        self._call("epoch_begin", epoch, logs)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Calls its function."""
        self._call("epoch_end", epoch, logs)

    def on_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Calls its function."""
        self._call("batch_begin", batch, logs)

    def on_batch_end(self, batch: int, logs: Any = None) -> None:
        """Calls its function."""
        self._call("batch_end", batch, logs)

    def on_train_begin(self, logs: Any = None) -> None:
        """Calls its function."""
        self._call("train_begin", logs)

    def on_train_end(self, logs: Any = None) -> None:
        """Calls its function."""
        self._call("train_end", logs)


class _Watching(Callback):
    """Tells whether a logged value is better than the best so far."""

    def __init__(self, monitor: str, mode: str, min_delta: float = 0.0) -> None:
        super().__init__()
        if mode not in ("auto", "min", "max"):
            raise ValueError(f"mode must be auto, min or max; got {mode!r}.")
        self.monitor = monitor
        self._sign = 1.0 if mode == "max" or (mode == "auto" and _grows(monitor)) else -1.0
        self._delta = abs(min_delta)
        self.best = -self._sign * np.inf

    def _value(self, logs: Any) -> float:
        if self.monitor not in (logs or {}):
            raise ValueError(
                f"{type(self).__name__} monitors {self.monitor!r}, which is not logged. "
                f"There are: {sorted(logs or {})}."
            )
        return float(logs[self.monitor])

    def _is_better(self, value: float) -> bool:
        return self._sign * (value - self.best) > self._delta


def _grows(monitor: str) -> bool:
    return "acc" in monitor or "auc" in monitor or monitor.startswith("fmeasure")


class EarlyStopping(_Watching):
    """Stops a training whose monitored value gets no better.

    Args:
        monitor: The name of the value.
        min_delta: By how much it has to get better to count.
        patience: For how many epochs it may be no better.
        verbose: 1 to say so when it stops.
        mode: `"min"`, `"max"`, or `"auto"` to know it by the name.
        baseline: What it has to be better than at all.
        restore_best_weights: Whether the model gets the weights of its best epoch back when it is stopped.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0.0,
        patience: int = 0,
        verbose: int = 0,
        mode: str = "auto",
        baseline: float | None = None,
        restore_best_weights: bool = False,
    ) -> None:
        super().__init__(monitor, mode, min_delta)
        self.patience, self.verbose = patience, verbose
        self.baseline, self.restore_best_weights = baseline, restore_best_weights

    def on_train_begin(self, logs: Any = None) -> None:
        """Forgets earlier trainings."""
        self.wait = self.stopped_epoch = 0
        self.best = -self._sign * np.inf if self.baseline is None else self.baseline
        self._weights: Any = None

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Looks at the value."""
        value = self._value(logs)
        if self._is_better(value):
            self.best, self.wait = value, 0
            if self.restore_best_weights:
                self._weights = self.model.get_weights()
            return
        self.wait += 1
        if self.wait >= self.patience:
            self.stopped_epoch, self.model.stop_training = epoch, True
            if self._weights is not None:
                self.model.set_weights(self._weights)

    def on_train_end(self, logs: Any = None) -> None:
        """Says that it stopped."""
        if self.stopped_epoch > 0 and self.verbose > 0:
            print(f"Epoch {self.stopped_epoch + 1:05d}: early stopping")


class ModelCheckpoint(_Watching):
    """Writes the weights after epochs, as TensorFlow checkpoints.

    Args:
        filepath: The path, with `{epoch}` and names of logged values in it where wanted: `"w-{epoch:02d}-{loss:.2f}"`.
        monitor: The name of the value that says which epoch is the best.
        verbose: 1 to say when it writes.
        save_best_only: Whether only epochs better than all before are written.
        save_weights_only: Accepted for Keras' sake: weights alone are written.
        mode: `"min"`, `"max"`, or `"auto"` to know it by the name.
        period: After how many epochs it writes.
    """

    def __init__(
        self,
        filepath: str,
        monitor: str = "val_loss",
        verbose: int = 0,
        save_best_only: bool = False,
        save_weights_only: bool = True,
        mode: str = "auto",
        period: int = 1,
    ) -> None:
        super().__init__(monitor, mode)
        self.filepath, self.verbose, self.save_best_only, self.period = filepath, verbose, save_best_only, period

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Writes, if it is time and worth it."""
        if (epoch + 1) % self.period:
            return
        if self.save_best_only:
            value = self._value(logs)
            if not self._is_better(value):
                return
            self.best = value
        path = str(self.filepath).format(epoch=epoch + 1, **(logs or {}))
        if self.verbose:
            print(f"\nEpoch {epoch + 1:05d}: saving model to {path}")
        self.model.save_weights(path)


class CSVLogger(Callback):
    """Writes losses and metrics of each epoch into a CSV file.

    Args:
        filename: The file.
        separator: What is between values.
        append: Whether an existing file is gone on with.
    """

    def __init__(self, filename: str, separator: str = ",", append: bool = False) -> None:
        super().__init__()
        self.filename, self.separator, self.append = filename, separator, append
        self._file: TextIO | None = None
        self._names: list[str] = []

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Writes a line; names come first, in a new file."""
        values = logs or {}
        if self._file is None:
            self._file = open(self.filename, "a" if self.append else "w", newline="", encoding="utf-8")  # noqa: SIM115
            self._names = sorted(values)
            if self._file.tell() == 0:
                csv.writer(self._file, delimiter=self.separator).writerow(["epoch", *self._names])
        csv.writer(self._file, delimiter=self.separator).writerow([epoch, *(values.get(name) for name in self._names)])
        self._file.flush()

    def on_train_end(self, logs: Any = None) -> None:
        """Closes the file."""
        if self._file is not None:
            self._file.close()
        self._file = None


class LearningRateScheduler(Callback):
    """Sets the learning rate before each epoch.

    Args:
        schedule: A function from the epoch, and the rate as it is if it takes two arguments, to the rate.
        verbose: 1 to say the rate.
    """

    def __init__(self, schedule: Callable[..., float], verbose: int = 0) -> None:
        super().__init__()
        self.schedule, self.verbose = schedule, verbose

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Sets the rate."""
        try:
            rate = self.schedule(epoch, float(backend.get_value(self.model.optimizer.lr)))
        except TypeError:
            rate = self.schedule(epoch)
        self.model.optimizer.learning_rate = float(rate)
        if self.verbose:
            print(f"\nEpoch {epoch + 1:05d}: LearningRateScheduler setting learning rate to {rate}.")

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Logs the rate as `lr`."""
        if logs is not None:
            logs["lr"] = float(backend.get_value(self.model.optimizer.lr))


class ReduceLROnPlateau(_Watching):
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
    ) -> None:
        if factor >= 1.0:
            raise ValueError(f"ReduceLROnPlateau does not support a factor >= 1.0. Got {factor}")
        super().__init__(monitor, mode, min_delta)
        self.factor, self.patience, self.verbose = factor, patience, verbose
        self.cooldown, self.min_lr = cooldown, min_lr

    def on_train_begin(self, logs: Any = None) -> None:
        """Forgets earlier trainings."""
        self.wait = self.cooldown_counter = 0
        self.best = -self._sign * np.inf

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Looks at the value."""
        rate = float(backend.get_value(self.model.optimizer.lr))
        if logs is not None:
            logs["lr"] = rate
        value = self._value(logs)
        if self.cooldown_counter > 0:
            self.cooldown_counter, self.wait = self.cooldown_counter - 1, 0
        if self._is_better(value):
            self.best, self.wait = value, 0
        elif self.cooldown_counter <= 0:
            self.wait += 1
            if self.wait >= self.patience and rate > self.min_lr:
                self._lower(epoch, rate)

    def _lower(self, epoch: int, rate: float) -> None:
        lower = max(rate * self.factor, self.min_lr)
        self.model.optimizer.learning_rate = lower
        self.cooldown_counter, self.wait = self.cooldown, 0
        if self.verbose:
            print(f"\nEpoch {epoch + 1:05d}: ReduceLROnPlateau reducing learning rate to {lower}.")
