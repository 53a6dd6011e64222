"""Activations by Keras' names, and by string: `keras.activations.get("relu")`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from trackml.graph.conversion import convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.ops import activations, math
from trackml.ops.softmax import softmax as _softmax

__all__ = [
    "elu",
    "exponential",
    "get",
    "hard_sigmoid",
    "linear",
    "relu",
    "selu",
    "sigmoid",
    "softmax",
    "softplus",
    "softsign",
    "tanh",
]

Activation = Callable[[Any], Tensor]


def linear(x: Any) -> Tensor:
    """`x` itself."""
    return convert_to_tensor(x)


def relu(x: Any) -> Tensor:
    """`max(x, 0)`."""
    return activations.relu(x)


def elu(x: Any, alpha: float = 1.0) -> Tensor:
    """`x` where positive, `alpha * (exp(x) - 1)` elsewhere."""
    tensor = convert_to_tensor(x)
    return (
        activations.elu(tensor)
        if alpha == 1.0
        else math.maximum(tensor, 0.0) + alpha * activations.elu(math.minimum(tensor, 0.0))
    )


def selu(x: Any) -> Tensor:
    """The scaled exponential linear unit of Klambauer et al. 2017."""
    return activations.selu(x)


def sigmoid(x: Any) -> Tensor:
    """`1 / (1 + exp(-x))`."""
    return math.sigmoid(x)


def hard_sigmoid(x: Any) -> Tensor:
    """`0.2 * x + 0.5`, clipped to the range 0 to 1."""
    return math.minimum(math.maximum(convert_to_tensor(x) * 0.2 + 0.5, 0.0), 1.0)


def tanh(x: Any) -> Tensor:
    """The hyperbolic tangent."""
    return math.tanh(x)


def exponential(x: Any) -> Tensor:
    """`exp(x)`."""
    return math.exp(x)


def softmax(x: Any, axis: int = -1) -> Tensor:
    """`exp(x) / sum(exp(x))` along `axis`."""
    return _softmax(x, axis=axis)


def softplus(x: Any) -> Tensor:
    """`log(1 + exp(x))`."""
    return activations.softplus(x)


def softsign(x: Any) -> Tensor:
    """`x / (1 + abs(x))`."""
    return activations.softsign(x)


def get(identifier: Any) -> Activation:
    """The activation that a name, a function or None (for `linear`) stands for.

    Raises:
        ValueError: There is no activation of that name.
    """
    if identifier is None:
        return linear
    if callable(identifier):
        function: Activation = identifier
        return function
    if identifier in __all__ and identifier != "get":
        found: Activation = globals()[identifier]
        return found
    known = ", ".join(name for name in __all__ if name != "get")
    raise ValueError(f"Unknown activation {identifier!r}; expected a function or one of: {known}.")
