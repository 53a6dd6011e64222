"""The loops of `fit`, `evaluate` and `predict`."""

from __future__ import annotations

from typing import Any

import numpy as np

from trackml.keras.callbacks import CallbackList
from trackml.keras.engine import steps
from trackml.keras.progress import Progress


class _Logs:
    """Losses as means weighted by the number of examples; metrics as they are after the last batch."""

    def __init__(self) -> None:
        self._sums: dict[str, float] = {}
        self._last: dict[str, float] = {}
        self._count = 0

    def add(self, step: steps.Step, values: list[Any], count: int) -> dict[str, float]:
        """Takes a batch in; gives the logs so far."""
        assert step.objective is not None
        self._count += count
        losses = 1 + len(step.objective.parts)
        for place, name in enumerate(step.names):
            value = float(values[place])
            if place < losses:
                self._sums[name] = self._sums.get(name, 0.0) + value * count
                self._last[name] = self._sums[name] / self._count
            else:
                self._last[name] = value
        return self._last


def fit(
    model: Any,
    source: Any,
    validation: Any,
    epochs: int,
    initial_epoch: int,
    verbose: int,
    callbacks: Any,
    shuffle: bool,
) -> Any:
    """Trains a model; see `Model.fit`."""
    called = CallbackList(callbacks, model, {"epochs": epochs, "steps": source.steps, "verbose": verbose})
    model.stop_training = False
    called.on_train_begin()
    for epoch in range(initial_epoch, epochs):
        if verbose:
            print(f"Epoch {epoch + 1}/{epochs}")
        called.on_epoch_begin(epoch)
        bar = Progress(source.steps, verbose)
        logs, done = _epoch(model, source, shuffle, called, bar)
        if validation is not None:
            logs |= {f"val_{name}": value for name, value in evaluate(model, validation, 0).items()}
        bar.update(done, logs, finished=True)
        called.on_epoch_end(epoch, logs)
        if model.stop_training:
            break
    called.on_train_end()
    return model.history


def _epoch(model: Any, source: Any, shuffle: bool, called: Any, bar: Progress) -> tuple[dict[str, float], int]:
    total, done, logs = _Logs(), 0, {}
    seen: set[int] = set()
    for batch in source.epoch(shuffle):
        step = model.step_for(steps.TRAIN, batch)
        if id(step) not in seen:
            step.reset()
            seen.add(id(step))
        called.on_batch_begin(done)
        logs = total.add(step, step.run(batch), batch.rows)
        called.on_batch_end(done, {"batch": done, "size": batch.rows}, logs)
        done += 1
        bar.update(done, logs)
        if model.stop_training:
            break
    if not done:
        raise ValueError("The data gave no batch: a generator is at its end, or a dataset is empty.")
    return dict(logs), done


def evaluate(model: Any, source: Any, verbose: int) -> dict[str, float]:
    """Loss and metrics on data; see `Model.evaluate`."""
    total, bar, done, logs = _Logs(), Progress(source.steps, verbose), 0, {}
    seen: set[int] = set()
    for batch in source.epoch(shuffle=False):
        step = model.step_for(steps.TEST, batch)
        if id(step) not in seen:
            step.reset()
            seen.add(id(step))
        logs = total.add(step, step.run(batch), batch.rows)
        done += 1
        bar.update(done, logs)
    if not done:
        raise ValueError("The data gave no batch: a generator is at its end, or a dataset is empty.")
    bar.update(done, logs, finished=True)
    return dict(logs)


def predict(model: Any, source: Any, verbose: int) -> list[Any]:
    """One array an output; see `Model.predict`."""
    bar, pieces = Progress(source.steps, verbose), []
    for batch in source.epoch(shuffle=False):
        bare = batch._replace(targets=[], weights=None)
        pieces.append(model.step_for(steps.PREDICT, bare).run(bare))
        bar.update(len(pieces), {})
    if not pieces:
        raise ValueError("The data gave no batch: a generator is at its end, or a dataset is empty.")
    bar.update(len(pieces), {}, finished=True)
    return [np.concatenate(parts) for parts in zip(*pieces)]
