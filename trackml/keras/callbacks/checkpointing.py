"""Models kept while they train."""

from __future__ import annotations

import glob
import os
import re
from typing import Any

from trackml import logging
from trackml.keras.callbacks.watching import Watching


class ModelCheckpoint(Watching):
    """Writes the model, or its weights, after epochs or batches.

    Args:
        filepath: The path, with `{epoch}`, `{batch}` and names of logged values in it where wanted, as
            `"w-{epoch:02d}-{val_loss:.2f}.h5"`; what its ending means is told at `Model.save` and `Model.save_weights`.
        monitor: The name of the value that says which epoch is the best.
        verbose: 1 to say when it writes.
        save_best_only: Whether only models better than all before are written.
        save_weights_only: Whether weights alone are written, not the whole model.
        mode: `"min"`, `"max"`, or `"auto"` to know it by the name.
        save_freq: `"epoch"`, or after how many batches it writes.
        options: Accepted for TensorFlow's sake.
        initial_value_threshold: What the first model has to be better than, with `save_best_only`.
        kwargs: `period`, after how many epochs it writes; `load_weights_on_restart`, whether a training begins with the
            weights that were written last.

    Raises:
        TypeError: An argument that it does not take.
        ValueError: `save_freq` is neither `"epoch"` nor a number.
        KeyError: While training: the path names a value that is not logged.
    """

    def __init__(
        self,
        filepath: str | os.PathLike[str],
        monitor: str = "val_loss",
        verbose: int = 0,
        save_best_only: bool = False,
        save_weights_only: bool = False,
        mode: str = "auto",
        save_freq: str | int = "epoch",
        options: Any = None,
        initial_value_threshold: float | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(monitor, mode)
        self.period = int(kwargs.pop("period", 1))
        self.load_weights_on_restart = bool(kwargs.pop("load_weights_on_restart", False))
        if kwargs:
            raise TypeError(f"ModelCheckpoint got unexpected keyword arguments: {sorted(kwargs)}")
        if save_freq != "epoch" and (isinstance(save_freq, str) or int(save_freq) < 1):
            raise ValueError(
                f'Unrecognized save_freq: {save_freq!r}. Expected save_freq are "epoch" or an integer of 1 or more.'
            )
        self.filepath, self.verbose = os.fspath(filepath), verbose
        self.save_best_only, self.save_weights_only, self.save_freq = save_best_only, save_weights_only, save_freq
        if initial_value_threshold is not None:
            self.best = initial_value_threshold
        self.epochs_since_last_save = 0
        self._batches = self._epoch = 0

    def on_train_begin(self, logs: Any = None) -> None:
        """Reads the last weights, if it is to."""
        if not self.load_weights_on_restart:
            return
        path = _latest_like(self.filepath)
        if path is not None:
            self.model.load_weights(path)

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Notes the epoch."""
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Writes, if batches are what counts and it is time."""
        if self.save_freq == "epoch":
            return
        self._batches += 1
        if self._batches >= int(self.save_freq):
            self._batches = 0
            self._save(self._epoch, batch, logs)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Writes, if epochs are what counts and it is time."""
        self.epochs_since_last_save += 1
        if self.save_freq == "epoch" and self.epochs_since_last_save >= self.period:
            self.epochs_since_last_save = 0
            self._save(epoch, None, logs)

    def _save(self, epoch: int, batch: int | None, logs: Any) -> None:
        values = {name: value for name, value in (logs or {}).items() if name not in ("batch", "size")}
        path = self._path(epoch, batch, values)
        said = f"\nEpoch {epoch + 1:05d}: "
        if self.save_best_only:
            value = values.get(self.monitor)
            if value is None:
                logging.warning("Can save best model only with %s available, skipping.", self.monitor)
                return
            if not self._is_better(float(value)):
                if self.verbose:
                    print(f"{said}{self.monitor} did not improve from {self.best:0.5f}")
                return
            said += f"{self.monitor} improved from {self.best:0.5f} to {value:0.5f}, "
            self.best = float(value)
        if self.verbose:
            print(f"{said}saving model to {path}")
        self._write(path)

    def _path(self, epoch: int, batch: int | None, values: dict[str, Any]) -> str:
        places = {"epoch": epoch + 1, **({} if batch is None else {"batch": batch + 1})}
        try:
            return self.filepath.format(**places, **values)
        except KeyError as error:
            raise KeyError(
                f'Failed to format this callback filepath: "{self.filepath}". Reason: {error} is not logged. There '
                f"are: {sorted([*places, *values])}."
            ) from error

    def _write(self, path: str) -> None:
        if self.save_weights_only:
            self.model.save_weights(path, overwrite=True)
        else:
            self.model.save(path, overwrite=True)


def _latest_like(pattern: str) -> str | None:
    """The path that was written last of those that a pattern with `{...}` in it gives."""
    parts = re.split(r"\{.*?\}", pattern)
    wanted = "*".join(glob.escape(part) for part in parts)
    found = [path[: -len(".index")] for path in glob.glob(f"{wanted}.index")]
    times = {path: os.path.getmtime(f"{path}.index") for path in found}
    times.update({path: os.path.getmtime(path) for path in glob.glob(wanted) if path.endswith((".h5", ".hdf5"))})
    return max(times, key=lambda path: (times[path], path)) if times else None
