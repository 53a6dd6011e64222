"""Initializers by Keras' names, and by string: `keras.initializers.get("glorot_uniform")`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from trackml.initializers import (
    Constant,
    GlorotNormal,
    GlorotUniform,
    Initializer,
    Ones,
    RandomNormal,
    RandomUniform,
    TruncatedNormal,
    VarianceScaling,
    Zeros,
    he_normal,
    he_uniform,
    lecun_normal,
    lecun_uniform,
)

__all__ = [
    "Constant",
    "GlorotNormal",
    "GlorotUniform",
    "Initializer",
    "Ones",
    "RandomNormal",
    "RandomUniform",
    "TruncatedNormal",
    "VarianceScaling",
    "Zeros",
    "get",
    "he_normal",
    "he_uniform",
    "lecun_normal",
    "lecun_uniform",
]

_BY_NAME: dict[str, Callable[..., Initializer]] = {
    "constant": Constant,
    "glorot_normal": GlorotNormal,
    "glorot_uniform": GlorotUniform,
    "he_normal": he_normal,
    "he_uniform": he_uniform,
    "lecun_normal": lecun_normal,
    "lecun_uniform": lecun_uniform,
    "normal": RandomNormal,
    "ones": Ones,
    "random_normal": RandomNormal,
    "random_uniform": RandomUniform,
    "truncated_normal": TruncatedNormal,
    "uniform": RandomUniform,
    "zeros": Zeros,
}
_BY_NAME |= {
    kind.__name__: kind
    for kind in (
        Constant, GlorotNormal, GlorotUniform, Ones, RandomNormal, RandomUniform, TruncatedNormal, VarianceScaling,
        Zeros,
    )
}  # fmt: skip


def get(identifier: Any) -> Any:
    """The initializer that a name, a configuration (`class_name` and `config`), a class or an object stands for.

    Raises:
        ValueError: There is no initializer of that name.
    """
    if isinstance(identifier, Mapping):
        return _named(identifier["class_name"])(**identifier.get("config", {}))
    if isinstance(identifier, str):
        return _named(identifier)()
    if isinstance(identifier, type):
        return identifier()
    if identifier is None or callable(identifier):
        return identifier
    raise ValueError(f"Could not interpret initializer identifier: {identifier!r}")


def _named(name: str) -> Callable[..., Initializer]:
    if name not in _BY_NAME:
        raise ValueError(f"Unknown initializer {name!r}; expected one of: {', '.join(sorted(_BY_NAME))}.")
    return _BY_NAME[name]
