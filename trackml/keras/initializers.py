"""Initializers by Keras' names, and by string: `keras.initializers.get("glorot_uniform")`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from trackml.dtypes import as_dtype
from trackml.graph.operation import Tensor
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
from trackml.ops.py_function import numpy_function

__all__ = [
    "Constant",
    "GlorotNormal",
    "GlorotUniform",
    "Initializer",
    "Ones",
    "Orthogonal",
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


class Orthogonal(Initializer):
    """A matrix whose rows, or whose columns if they are fewer, are of length 1 and at right angles.

    Args:
        gain: What the matrix is multiplied with.
        seed: Seed of the operation.
        dtype: Its type.

    Source: Saxe et al., Exact solutions to the nonlinear dynamics of learning in deep linear neural networks (2013).
    """

    def __init__(self, gain: float = 1.0, seed: int | None = None, dtype: Any = "float32") -> None:
        self.gain, self.seed, self.dtype = gain, seed, as_dtype(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        """The matrix; axes but the last count as rows."""
        sizes = [int(size) for size in shape]
        if len(sizes) < 2:
            raise ValueError(f"The tensor to initialize must be at least two-dimensional. Received: shape={sizes}")
        kind = self.dtype if dtype is None else as_dtype(dtype)
        normal = RandomNormal(0.0, 1.0, seed=self.seed)(sizes, kind)
        made: Tensor = numpy_function(lambda values: _orthogonal(values, self.gain), [normal], kind)
        made.set_shape(sizes)
        return made

    def get_config(self) -> dict[str, Any]:
        """Gain and seed."""
        return {"gain": self.gain, "seed": self.seed}


def _orthogonal(values: Any, gain: float) -> Any:
    matrix = values.reshape(-1, values.shape[-1])
    tall = matrix if len(matrix) >= matrix.shape[1] else matrix.T
    q, r = np.linalg.qr(tall)
    q = q * np.sign(np.diag(r))
    return (gain * (q if tall is matrix else q.T)).reshape(values.shape).astype(values.dtype)


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
    "orthogonal": Orthogonal,
    "random_normal": RandomNormal,
    "random_uniform": RandomUniform,
    "truncated_normal": TruncatedNormal,
    "uniform": RandomUniform,
    "zeros": Zeros,
}
_BY_NAME |= {
    kind.__name__: kind
    for kind in (
        Constant, GlorotNormal, GlorotUniform, Ones, Orthogonal, RandomNormal, RandomUniform, TruncatedNormal,
        VarianceScaling, Zeros,
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
