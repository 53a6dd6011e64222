"""`Callback`, and the list of callbacks that a training tells what happens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

BATCH_HOOKS = (
    "on_batch_begin",
    "on_batch_end",
    "on_train_batch_begin",
    "on_train_batch_end",
    "on_test_batch_begin",
    "on_test_batch_end",
    "on_predict_batch_begin",
    "on_predict_batch_end",
)
"""What is called with each batch."""
HOOKS = (
    "on_train_begin",
    "on_train_end",
    "on_epoch_begin",
    "on_epoch_end",
    "on_test_begin",
    "on_test_end",
    "on_predict_begin",
    "on_predict_end",
    *BATCH_HOOKS,
)
"""Everything that is called."""


class Callback:
    """What is called at the beginning and the end of trainings, epochs and batches; each call does nothing here.

    A subclass has the methods that it wants called. `logs` is a dictionary; what a method puts into that of
    `on_epoch_end`, callbacks after it and the history see.
    """

    def __init__(self) -> None:
        self.model: Any = None
        self.params: dict[str, Any] = {}
        self.validation_data: Any = None

    def set_model(self, model: Any) -> None:
        """Takes the model that is trained."""
        self.model = model

    def set_params(self, params: dict[str, Any]) -> None:
        """Takes `epochs`, `steps`, `verbose` and the like of the training."""
        self.params = params

    def on_train_begin(self, logs: Any = None) -> None:
        """Before the first epoch."""

    def on_train_end(self, logs: Any = None) -> None:
        """After the last epoch, with its logs."""

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Before an epoch, counted from 0."""

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """After an epoch, with its losses and metrics, and those of the validation under `val_`."""

    def on_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Before a batch of a training, counted from 0 in each epoch."""

    def on_batch_end(self, batch: int, logs: Any = None) -> None:
        """After a batch of a training, with losses and metrics of the epoch so far, `batch` and `size`."""

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        """The same as `on_batch_begin`, which it calls."""
        self.on_batch_begin(batch, logs)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """The same as `on_batch_end`, which it calls."""
        self.on_batch_end(batch, logs)

    def on_test_begin(self, logs: Any = None) -> None:
        """Before an evaluation, that of `fit` included."""

    def on_test_end(self, logs: Any = None) -> None:
        """After an evaluation, with its losses and metrics."""

    def on_test_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Before a batch of an evaluation."""

    def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
        """After a batch of an evaluation."""

    def on_predict_begin(self, logs: Any = None) -> None:
        """Before predictions."""

    def on_predict_end(self, logs: Any = None) -> None:
        """After predictions."""

    def on_predict_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Before a batch of predictions."""

    def on_predict_batch_end(self, batch: int, logs: Any = None) -> None:
        """After a batch of predictions, with its `outputs`."""


class CallbackList:
    """Callbacks as one: each call goes to all of them, in their order.

    Args:
        callbacks: A callback or a list of them.
        add_history: Whether a `History` comes last, unless there is one; it is the model's `history`.
        add_progbar: Whether a `ProgbarLogger` comes before it, unless there is one.
        model: The model.
        params: What the callbacks are told of the training: `epochs`, `steps`, `verbose` and the like.
    """

    def __init__(
        self,
        callbacks: Any = None,
        add_history: bool = False,
        add_progbar: bool = False,
        model: Any = None,
        **params: Any,
    ) -> None:
        given = list(callbacks) if isinstance(callbacks, (list, tuple)) else [] if callbacks is None else [callbacks]
        self.callbacks: list[Any] = given
        if add_progbar:
            self._add_progbar()
        if add_history:
            self._add_history(model)
        self.params: dict[str, Any] = {}
        self.model: Any = None
        self._called: dict[str, list[Callable[..., None]]] = {}
        if model is not None:
            self.set_model(model)
        if params:
            self.set_params(params)

    def _add_progbar(self) -> None:
        from trackml.keras.callbacks.logs import ProgbarLogger

        if not any(isinstance(callback, ProgbarLogger) for callback in self.callbacks):
            self.callbacks.append(ProgbarLogger(count_mode="steps"))

    def _add_history(self, model: Any) -> None:
        from trackml.keras.callbacks.history import History

        history = next((callback for callback in self.callbacks if isinstance(callback, History)), None)
        if history is None:
            history = History()
            self.callbacks.append(history)
        if model is not None:
            model.history = history

    def append(self, callback: Any) -> None:
        """Puts a callback at the end."""
        self.callbacks.append(callback)
        self._called.clear()

    def set_params(self, params: Mapping[str, Any]) -> None:
        """Tells all of them of the training."""
        self.params = dict(params)
        for callback in self.callbacks:
            callback.set_params(self.params)

    def set_model(self, model: Any) -> None:
        """Tells all of them which model it is."""
        self.model = model
        for callback in self.callbacks:
            callback.set_model(model)

    def wants_batches(self, kind: str) -> bool:
        """Whether anything wants to know of batches of a `"train"`, `"test"` or `"predict"`."""
        return bool(self._those(f"on_{kind}_batch_begin") or self._those(f"on_{kind}_batch_end"))

    def _those(self, hook: str) -> list[Callable[..., None]]:
        """The methods of that name that do something."""
        if hook not in self._called:
            self._called[hook] = [getattr(callback, hook) for callback in self.callbacks if _does(callback, hook)]
        return self._called[hook]

    def _tell(self, hook: str, *arguments: Any, logs: Any) -> None:
        told = {} if logs is None else logs
        for method in self._those(hook):
            method(*arguments, told)

    def on_train_begin(self, logs: Any = None) -> None:
        """Tells all."""
        self._tell("on_train_begin", logs=logs)

    def on_train_end(self, logs: Any = None) -> None:
        """Tells all."""
        self._tell("on_train_end", logs=logs)

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Tells all."""
        self._tell("on_epoch_begin", epoch, logs=logs)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Tells all; what one of them adds to the logs, those after it see."""
        self._tell("on_epoch_end", epoch, logs=logs)

    def on_batch_begin(self, batch: int, logs: Any = None) -> None:
        """The same as `on_train_batch_begin`."""
        self.on_train_batch_begin(batch, logs)

    def on_batch_end(self, batch: int, logs: Any = None) -> None:
        """The same as `on_train_batch_end`."""
        self.on_train_batch_end(batch, logs)

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Tells those that want to know."""
        self._tell("on_train_batch_begin", batch, logs=logs)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Tells those that want to know."""
        self._tell("on_train_batch_end", batch, logs=logs)

    def on_test_begin(self, logs: Any = None) -> None:
        """Tells all."""
        self._tell("on_test_begin", logs=logs)

    def on_test_end(self, logs: Any = None) -> None:
        """Tells all."""
        self._tell("on_test_end", logs=logs)

    def on_test_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Tells those that want to know."""
        self._tell("on_test_batch_begin", batch, logs=logs)

    def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
        """Tells those that want to know."""
        self._tell("on_test_batch_end", batch, logs=logs)

    def on_predict_begin(self, logs: Any = None) -> None:
        """Tells all."""
        self._tell("on_predict_begin", logs=logs)

    def on_predict_end(self, logs: Any = None) -> None:
        """Tells all."""
        self._tell("on_predict_end", logs=logs)

    def on_predict_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Tells those that want to know."""
        self._tell("on_predict_batch_begin", batch, logs=logs)

    def on_predict_batch_end(self, batch: int, logs: Any = None) -> None:
        """Tells those that want to know."""
        self._tell("on_predict_batch_end", batch, logs=logs)


# These call the methods of the older names, so that they do something if those do.
_OLDER = {"on_train_batch_begin": "on_batch_begin", "on_train_batch_end": "on_batch_end"}


def _does(callback: Any, hook: str) -> bool:
    """Whether a callback has a method of its own of that name; one that is no `Callback` may lack it."""
    return any(_is_own(callback, name) for name in (hook, _OLDER.get(hook, hook)))


def _is_own(callback: Any, name: str) -> bool:
    method = getattr(callback, name, None)
    return method is not None and getattr(method, "__func__", method) is not getattr(Callback, name)
