"""Configurations of layers: what their constructors were given, and layers made again from it."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from functools import lru_cache
from typing import Any


def arguments_of(cls: type, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """What a constructor is given, by the names of its parameters."""
    signature = inspect.signature(cls.__init__)  # type: ignore[misc]
    try:
        bound = signature.bind(None, *args, **kwargs).arguments
    except TypeError:  # the constructor will say it better
        return {}
    given: dict[str, Any] = {}
    for name, value in list(bound.items())[1:]:
        kind = signature.parameters[name].kind
        if kind is inspect.Parameter.VAR_KEYWORD:
            given.update(value)
        elif kind is not inspect.Parameter.VAR_POSITIONAL:
            given[name] = value
    return given


def parameters_of(cls: Any, method: str = "__init__") -> tuple[str | None, ...]:
    """The names of a method's parameters in their order; None for those that take any."""
    return _parameters(getattr(cls, method))


@lru_cache(maxsize=4096)
def _parameters(function: Any) -> tuple[str | None, ...]:
    parameters = inspect.signature(function).parameters.values()
    several = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    return tuple(None if parameter.kind in several else parameter.name for parameter in parameters)


def remade(value: Any) -> Any:
    """A configuration with all layers in it made again, so that what is built from it shares nothing.

    Layers in lists, tuples and dicts are found, too.
    """
    if isinstance(value, Configured):
        return type(value).from_config(value.get_config())
    if type(value) in (list, tuple):
        return type(value)(remade(item) for item in value)
    if type(value) is dict:
        return {key: remade(item) for key, item in value.items()}
    return value


class Configured:
    """What can be made again: the constructor's arguments are the configuration."""

    _given: dict[str, Any]

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        """Keeps the arguments."""
        made = super().__new__(cls)
        object.__setattr__(made, "_given", arguments_of(cls, args, kwargs))
        return made

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes to make such an object; layers that it was given are in it themselves."""
        return dict(self._given)

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Any:
        """A new object of a configuration; layers in it are made again, with weights of their own."""
        return cls(**remade(dict(config)))
