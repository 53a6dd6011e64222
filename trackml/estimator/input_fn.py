"""From what an input function returns to the features and labels that a model function is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from trackml.data.dataset import Dataset
from trackml.estimator.arguments import argument_names, place_of, required_names
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.train.session_run_hook import SessionRunHook


class _IteratorInitializer(SessionRunHook):
    """Starts the iterator of a dataset with each session."""

    def __init__(self, iterator: Any) -> None:
        self._iterator = iterator

    def begin(self) -> None:
        self._initializer = self._iterator.initializer

    def after_create_session(self, session: Any, coord: Any) -> None:
        session.run(self._initializer)


def call_input_fn(input_fn: Callable[..., Any], available: Mapping[str, Any]) -> Any:
    """Calls an input function with those of `available` (mode, params, config) that it has parameters for.

    Raises:
        TypeError: `input_fn` cannot be called, or has parameters that nobody fills.
    """
    if not callable(input_fn):
        raise TypeError(
            f"input_fn must be a function that returns a Dataset or (features, labels); got {input_fn!r:.100} "
            f"of type {type(input_fn).__name__}. "
            "Pass the function itself, as in `lambda: my_input_fn(x, y)`."
        )
    names = argument_names(input_fn)
    unfilled = [name for name in required_names(input_fn) if name not in available]
    if unfilled:
        raise TypeError(
            f"Nobody fills {unfilled} of the input_fn {place_of(input_fn)}; an Estimator passes {list(available)}. "
            "Pass a function without other parameters, as in `lambda: my_input_fn(path, batch_size)`."
        )
    return input_fn(**{name: value for name, value in available.items() if name in names})


def features_and_labels(result: Any) -> tuple[Any, Any, list[SessionRunHook]]:
    """(features, labels, hooks) from what an input function returned.

    Args:
        result: A `Dataset`, or (features, labels), or features alone; features and labels are tensors, arrays,
            lists, pandas Series, or dicts of these; or pandas DataFrames, which are dicts of their columns.

    Raises:
        ValueError: A tuple that is no pair, nothing at all, or arrays of unequal lengths in one dict.
    """
    hooks: list[SessionRunHook] = []
    if isinstance(result, Dataset):
        iterator = result.make_initializable_iterator()
        hooks.append(_IteratorInitializer(iterator))
        result = iterator.get_next()
    if result is None:
        raise ValueError("input_fn must return a Dataset or (features, labels); it returned None.")
    if isinstance(result, (list, tuple)):
        if len(result) != 2:
            raise ValueError(
                f"input_fn should return (features, labels) as a len 2 tuple; got {len(result)} items. "
                "Put several features into a dict."
            )
        return _as_tensors(result[0]), _as_tensors(result[1]), hooks
    return _as_tensors(result), None, hooks


def _as_tensors(values: Any) -> Any:
    """Arrays and lists as tensors, in their dict; the model function sees nothing else."""
    if values is None or isinstance(values, Tensor):
        return values
    if _is_data_frame(values):
        return {key: _as_tensors(values[key].to_numpy()) for key in values.columns}
    if isinstance(values, Mapping):
        _check_lengths(values)
        return type(values)((key, _as_tensors(value)) for key, value in values.items())  # type: ignore[call-arg]
    if isinstance(values, (list, tuple)) and _is_structure(values):
        parts = [_as_tensors(item) for item in values]
        return type(values)(*parts) if hasattr(values, "_fields") else type(values)(parts)
    return values if hasattr(values, "_components") else convert_to_tensor(values)


def _is_data_frame(values: Any) -> bool:
    """Whether `values` is a pandas DataFrame; told by what it has, as pandas need not be there."""
    return hasattr(values, "columns") and hasattr(values, "iloc")


def _check_lengths(values: Mapping[Any, Any]) -> None:
    """Raises ValueError unless all arrays and lists of a dict are for the same number of examples."""
    lengths = {key: len(value) for key, value in values.items() if _is_column(value)}
    if len(set(lengths.values())) > 1:
        raise ValueError(
            f"The features of one batch must have the same number of examples; input_fn returned {lengths}."
        )


def _is_column(value: Any) -> bool:
    """Whether a value has one entry an example: an array, a list or a Series."""
    if type(value) in (list, tuple):
        return not _is_structure(value)
    return hasattr(value, "iloc") or (isinstance(value, np.ndarray) and value.ndim > 0)


def _is_structure(values: Any) -> bool:
    """Whether a list or tuple holds features, each by itself, and is not an array that is written as a list."""
    return any(
        isinstance(item, (Mapping, Tensor)) or (isinstance(item, (list, tuple)) and _is_structure(item))
        for item in values
    )
