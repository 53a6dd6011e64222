"""The loops of `fit`, `evaluate` and `predict`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from trackml import logging
from trackml.keras.callbacks import CallbackList
from trackml.keras.engine import steps
from trackml.keras.engine.batches import Batch, plain
from trackml.keras.progress import Progress

Logs = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """What `fit` was told beside the data."""

    epochs: int
    initial_epoch: int
    verbose: int
    shuffle: Any
    validation_freq: Any
    """Each how many epochs there is a validation, or a list of the epochs, counted from 1."""

    def validates(self, epoch: int) -> bool:
        """Whether there is a validation after an epoch, counted from 0."""
        if isinstance(self.validation_freq, int):
            return (epoch + 1) % self.validation_freq == 0
        return epoch + 1 in self.validation_freq


class _Totals:
    """Losses as means weighted by the number of examples; metrics as they are after the last batch."""

    def __init__(self) -> None:
        self._sums: list[float] = []
        self._step: Any = None
        self.rows = 0
        self.batches = 0

    def add(self, step: steps.Step, batch: Batch) -> None:
        """Runs a step, and takes what it gives in."""
        values = step.run(batch)
        rows = batch.rows
        sums = self._sums or [0.0] * len(step.losses)
        self._sums = [total + float(value) * rows for total, value in zip(sums, values)]
        self._step = step
        self.rows += rows
        self.batches += 1

    def logs(self) -> Logs:
        """Losses and metrics so far."""
        values = [total / max(self.rows, 1) for total in self._sums]
        return dict(zip(self._step.names, [*values, *plain(self._step.metrics())]))


def fit(model: Any, source: Any, validation: Any, plan: Plan, callbacks: Any) -> Any:
    """Trains a model; see `Model.fit`."""
    called = listed(callbacks, model, _params(source, validation, plan), add_history=True)
    model.stop_training = False
    if plan.verbose and source.announced and source.total is not None:
        print(_announcement(source, validation))
    called.on_train_begin()
    logs: Logs = {}
    for epoch in range(plan.initial_epoch, plan.epochs):
        if plan.verbose and plan.epochs > 1:
            print(f"Epoch {epoch + 1}/{plan.epochs}")
        called.on_epoch_begin(epoch)
        bar = _bar(source, plan.verbose)
        total = _epoch(model, source, plan.shuffle, called, bar)
        if not total.batches:
            _no_batches(epoch > plan.initial_epoch)
            break
        logs = total.logs()
        if validation is not None and plan.validates(epoch):
            logs |= {f"val_{name}": value for name, value in evaluate(model, validation, 0, called).items()}
        bar.update(_done(source, total), logs, finished=True)
        called.on_epoch_end(epoch, logs)
        if model.stop_training or _ran_out(source, total):
            break
    model.optimizer.finalize_variable_values(model.trainable_weights)
    called.on_train_end(logs)
    return model.history


def listed(callbacks: Any, model: Any, params: dict[str, Any], *, add_history: bool = False) -> CallbackList:
    """Callbacks as one, told of the model and of what is done."""
    if not isinstance(callbacks, CallbackList):
        return CallbackList(callbacks, add_history=add_history, model=model, **params)
    callbacks.set_model(model)
    callbacks.set_params(params)
    return callbacks


def _params(source: Any, validation: Any, plan: Plan) -> dict[str, Any]:
    """What callbacks are told of a training."""
    return {
        "batch_size": source.batch_size,
        "epochs": plan.epochs,
        "steps": source.steps,
        "samples": source.samples,
        "verbose": plan.verbose,
        "do_validation": validation is not None,
    }


def _announcement(source: Any, validation: Any) -> str:
    line = f"Train on {source.total} {_unit(source)}s"
    if validation is None or validation.total is None:
        return line
    return f"{line}, validate on {validation.total} {_unit(validation)}s"


def _unit(source: Any) -> str:
    return "sample" if source.counts_samples else "step"


def _bar(source: Any, verbose: int) -> Progress:
    return Progress(source.total, verbose, _unit(source))


def _done(source: Any, total: _Totals) -> int:
    return total.rows if source.counts_samples else total.batches


def _epoch(model: Any, source: Any, shuffle: Any, called: CallbackList, bar: Progress) -> _Totals:
    total = _Totals()
    model.reset_metrics()
    told = called.wants_batches("train")
    for batch in source.epoch(shuffle):
        step = model.step_for(steps.TRAIN, batch)
        if told:
            called.on_train_batch_begin(total.batches, {"batch": total.batches})
        total.add(step, batch)
        if told:
            done = total.batches - 1
            called.on_train_batch_end(done, {"batch": done, "size": batch.rows, **total.logs()})
        if bar.is_due(_done(source, total)):
            bar.update(_done(source, total), total.logs())
        if model.stop_training:
            break
    return total


def _no_batches(began: bool) -> None:
    """Says that the data are at their end; ValueError when there were none at all."""
    if not began:
        raise ValueError("The data gave no batch: a generator is at its end, or a dataset is empty.")
    logging.warning(
        "Your input ran out of data; interrupting training. A generator gives its batches once: give "
        "`steps_per_epoch` and enough batches for all epochs, or a Dataset or Sequence, which begin anew."
    )


def _ran_out(source: Any, total: _Totals) -> bool:
    if source.steps is None or total.batches >= source.steps:
        return False
    logging.warning(
        f"Your input ran out of data; interrupting training. There were {total.batches} batches instead of the "
        f"{source.steps} that `steps_per_epoch` says. You may need to use the repeat() function of the dataset."
    )
    return True


def evaluate(model: Any, source: Any, verbose: int, callbacks: Any = None) -> Logs:
    """Loss and metrics on data; see `Model.evaluate`."""
    called = _called_aside(callbacks, model, source, verbose)
    total, bar = _Totals(), _bar(source, verbose)
    told = called.wants_batches("test")
    model.reset_metrics()
    called.on_test_begin()
    for batch in source.epoch(shuffle=False):
        done = total.batches
        if told:
            called.on_test_batch_begin(done, {"batch": done, "size": batch.rows})
        total.add(model.step_for(steps.TEST, batch), batch)
        if told:
            called.on_test_batch_end(done, {"batch": done, "size": batch.rows, **total.logs()})
        if bar.is_due(_done(source, total)):
            bar.update(_done(source, total), total.logs())
    if not total.batches:
        _no_batches(began=False)
    logs = total.logs()
    bar.update(_done(source, total), logs, finished=True)
    called.on_test_end(logs)
    return logs


def _called_aside(callbacks: Any, model: Any, source: Any, verbose: int) -> CallbackList:
    """The callbacks of an evaluation or of predictions; those of a training are told of it already."""
    if isinstance(callbacks, CallbackList):
        return callbacks
    params = {"batch_size": source.batch_size, "steps": source.steps, "samples": source.samples, "verbose": verbose}
    return listed(callbacks, model, params)


def predict(model: Any, source: Any, verbose: int, callbacks: Any = None) -> list[Any]:
    """One array an output; see `Model.predict`."""
    called = _called_aside(callbacks, model, source, verbose)
    bar, total = _bar(source, verbose), _Totals()
    called.on_predict_begin()
    pieces = list(_outputs(model, source, bar, total, called))
    if not pieces:
        _no_batches(began=False)
    bar.update(_done(source, total), {}, finished=True)
    called.on_predict_end()
    return [np.concatenate(parts) if len(parts) > 1 else parts[0] for parts in zip(*pieces)]


def _outputs(model: Any, source: Any, bar: Progress, total: _Totals, called: CallbackList) -> Iterator[list[Any]]:
    told = called.wants_batches("predict")
    for batch in source.epoch(shuffle=False):
        bare = batch._replace(targets=[], weights=None)
        facts = {"batch": total.batches, "size": batch.rows}
        if told:
            called.on_predict_batch_begin(total.batches, facts)
        made = model.step_for(steps.PREDICT, bare).run(bare)
        if told:
            called.on_predict_batch_end(total.batches, {**facts, "outputs": made})
        yield made
        total.rows += batch.rows
        total.batches += 1
        if bar.is_due(_done(source, total)):
            bar.update(_done(source, total), {})
