"""The parameters that users' functions have, and whether an Estimator can call them."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

_ALLOWED = ("features", "labels", "mode", "params", "config")


def argument_names(function: Callable[..., Any]) -> tuple[str, ...]:
    """The names of the parameters that a call can still fill: those of a `partial` that it fills are left out."""
    if isinstance(function, functools.partial):
        filled = set(function.keywords)
        remaining = argument_names(function.func)[len(function.args) :]
        return tuple(name for name in remaining if name not in filled)
    parameters = inspect.signature(function).parameters.values()
    named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return tuple(parameter.name for parameter in parameters if parameter.kind in named)


def required_names(function: Callable[..., Any]) -> tuple[str, ...]:
    """The names of those parameters that have no default."""
    parameters = inspect.signature(function).parameters
    return tuple(name for name in argument_names(function) if parameters[name].default is inspect.Parameter.empty)


def check_model_fn(model_fn: Callable[..., Any], params: Any) -> None:
    """Raises ValueError unless a model function has the parameters that an Estimator knows, and no others."""
    if not callable(model_fn):
        raise ValueError(f"model_fn must be a function; got {model_fn!r}.")
    names = set(argument_names(model_fn))
    if "features" not in names:
        raise ValueError(f"model_fn ({model_fn}) must include features argument.")
    if params is not None and "params" not in names:
        raise ValueError(
            f"model_fn ({model_fn}) does not include params argument, but params ({params}) is passed to Estimator."
        )
    unexpected = sorted(names - set(_ALLOWED) - {"self"})
    if unexpected:
        raise ValueError(
            f"model_fn ({model_fn}) has following not expected args: {unexpected}. Allowed: {list(_ALLOWED)}."
        )


def place_of(function: Callable[..., Any]) -> str:
    """Where a function is defined, for messages: `my_model (model.py:12)`."""
    inner = function.func if isinstance(function, functools.partial) else function
    inner = inspect.unwrap(inner)
    code = getattr(inner, "__code__", None)
    name = getattr(inner, "__qualname__", repr(function))
    return f"{name} ({code.co_filename}:{code.co_firstlineno})" if code is not None else name
