"""Functions as callbacks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from trackml.keras.callbacks.base import HOOKS, Callback


class LambdaCallback(Callback):
    """Functions as a callback.

    Args:
        on_epoch_begin: Called with epoch and logs.
        on_epoch_end: Called with epoch and logs.
        on_batch_begin: Called with batch and logs.
        on_batch_end: Called with batch and logs.
        on_train_begin: Called with logs.
        on_train_end: Called with logs.
        kwargs: Functions for other methods of `Callback`, as `on_test_end`.

    Raises:
        TypeError: A function for something that is not called.

    Example:
        >>> import numpy as np
        >>> from trackml import keras
        >>> model = keras.Sequential([keras.layers.Dense(1, input_shape=(1,))])
        >>> model.compile("sgd", "mse")
        >>> tell = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: print(epoch, sorted(logs)))
        >>> _ = model.fit(np.ones([2, 1]), np.ones([2, 1]), epochs=2, verbose=0, callbacks=[tell])
        0 ['loss']
        1 ['loss']
    """

    def __init__(
        self,
        on_epoch_begin: Callable[..., Any] | None = None,
        on_epoch_end: Callable[..., Any] | None = None,
        on_batch_begin: Callable[..., Any] | None = None,
        on_batch_end: Callable[..., Any] | None = None,
        on_train_begin: Callable[..., Any] | None = None,
        on_train_end: Callable[..., Any] | None = None,
        **kwargs: Callable[..., Any] | None,
    ) -> None:
        super().__init__()
        unknown = sorted(set(kwargs) - set(HOOKS))
        if unknown:
            raise TypeError(f"LambdaCallback got {unknown}; expected some of: {', '.join(HOOKS)}.")
        functions = {
            "on_epoch_begin": on_epoch_begin,
            "on_epoch_end": on_epoch_end,
            "on_batch_begin": on_batch_begin,
            "on_batch_end": on_batch_end,
            "on_train_begin": on_train_begin,
            "on_train_end": on_train_end,
            **kwargs,
        }
        for name, function in functions.items():
            if function is not None:
                setattr(self, name, function)
