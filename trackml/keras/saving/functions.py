"""Operations between layers as TensorFlow 2 tells them: functions by their names."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from typing import Any

from trackml.keras.engine.base_layer import Layer

# Only these are looked up: functions of tensors, nothing that reads or writes.
_MODULES = ("linalg", "math", "nn")
_TOP = (
    "boolean_mask", "broadcast_to", "cast", "clip_by_value", "concat", "expand_dims", "fill", "gather", "gather_nd",
    "identity", "one_hot", "ones_like", "pad", "repeat", "reshape", "reverse", "shape", "size", "slice", "split",
    "squeeze", "stack", "stop_gradient", "tile", "transpose", "unstack", "where", "zeros_like",
)  # fmt: skip
_OPERATORS: dict[str, Callable[..., Any]] = {
    "add": lambda x, y: x + y,
    "eq": lambda x, y: _function("math.equal")(x, y),
    "ne": lambda x, y: _function("math.not_equal")(x, y),
}


def _function(name: str) -> Callable[..., Any]:
    """The function of a name.

    Raises:
        ValueError: It is none of those that work on tensors alone, or is not there.
    """
    module, _, attribute = name.rpartition(".")
    if module == "__operators__" and attribute in _OPERATORS:
        return _OPERATORS[attribute]
    home = "trackml" if not module and attribute in _TOP else f"trackml.{module}" if module in _MODULES else None
    found = None if home is None else getattr(importlib.import_module(home), attribute, None)
    if attribute.startswith("_") or not inspect.isfunction(found) or not found.__module__.startswith("trackml."):
        raise ValueError(f"The model has the operation tf.{name} between layers, which is not known here.")
    chosen: Callable[..., Any] = found
    return chosen


class TFOpLambda(Layer):
    """A function of TensorFlow between layers.

    Args:
        function: Its name below `tf`, as `math.square`.
        kwargs: What `Layer` takes.
    """

    supports_masking = True

    def __init__(self, function: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.function = function
        self._called = _function(function)

    def call(self, inputs: Any, **kwargs: Any) -> Any:
        """What the function gives."""
        return self._called(inputs, **{name: value for name, value in kwargs.items() if name != "name"})


class SlicingOpLambda(Layer):
    """A slice of a tensor between layers.

    Args:
        function: `__operators__.getitem`.
        kwargs: What `Layer` takes.
    """

    def __init__(self, function: str = "__operators__.getitem", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.function = function

    def call(self, inputs: Any, slice_spec: Any = (), **kwargs: Any) -> Any:
        """The slice."""
        several = isinstance(slice_spec, (list, tuple))
        places = [_place(one) for one in slice_spec] if several else [_place(slice_spec)]
        return inputs[tuple(places)]

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """None: a slice of a mask would have to be told."""
        return None


def _place(told: Any) -> Any:
    """One place of a slice: a number, a range, or `...`."""
    if isinstance(told, dict):
        return slice(told.get("start"), told.get("stop"), told.get("step"))
    return Ellipsis if told in ("Ellipsis", "...") else told
