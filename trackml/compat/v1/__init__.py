"""`tf.compat.v1`: the same names as `trackml` itself, since those are TensorFlow 1's.

Example:
    >>> import trackml.compat.v1 as tf
    >>> tf.disable_v2_behavior()
    >>> import trackml
    >>> tf.estimator is trackml.estimator
    True
"""

from __future__ import annotations

import importlib
from typing import Any


def disable_v2_behavior() -> None:
    """Does nothing: there is no other behaviour here."""


def disable_eager_execution() -> None:
    """Does nothing: operations run in a session here."""


def disable_v2_tensorshape() -> None:
    """Does nothing: sizes of shapes are `Dimension`s here."""


def disable_tensor_equality() -> None:
    """Does nothing: `==` tells whether two tensors are the same one here."""


def enable_resource_variables() -> None:
    """Does nothing: all variables are resources here."""


def executing_eagerly() -> bool:
    """False: operations run in a session here."""
    return False


def __getattr__(name: str) -> Any:
    return getattr(importlib.import_module("trackml"), name)


def __dir__() -> list[str]:
    return sorted({*dir(importlib.import_module("trackml")), *__all__})


__all__ = [
    "disable_eager_execution",
    "disable_tensor_equality",
    "disable_v2_behavior",
    "disable_v2_tensorshape",
    "enable_resource_variables",
    "executing_eagerly",
]
