"""Activations by Keras' names, and by string: `keras.activations.get("relu")`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from trackml.graph.conversion import convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.ops import activations, comparison, math
from trackml.ops.softmax import softmax as _softmax

__all__ = [
    "deserialize",
    "elu",
    "exponential",
    "gelu",
    "get",
    "hard_sigmoid",
    "linear",
    "mish",
    "relu",
    "selu",
    "serialize",
    "sigmoid",
    "softmax",
    "softplus",
    "softsign",
    "swish",
    "tanh",
]

Activation = Callable[[Any], Tensor]


def linear(x: Any) -> Tensor:
    """`x` itself."""
    return convert_to_tensor(x)


def relu(x: Any, alpha: float = 0.0, max_value: float | None = None, threshold: float = 0.0) -> Tensor:
    """`x` from `threshold` to `max_value`, `max_value` above, and `alpha * (x - threshold)` below.

    Args:
        x: A tensor.
        alpha: The slope below the threshold.
        max_value: The largest value; None for no bound.
        threshold: From where on `x` is taken as it is.
    """
    tensor = convert_to_tensor(x)
    if max_value is None and threshold == 0.0:
        return activations.leaky_relu(tensor, alpha) if alpha else activations.relu(tensor)
    result = activations.relu(tensor)
    if threshold:
        result = tensor * math.cast(comparison.greater(tensor, threshold), tensor.dtype)
    if max_value is not None:
        result = math.minimum(math.maximum(result, 0.0), max_value)
    return result - alpha * activations.relu(threshold - tensor) if alpha else result


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


def swish(x: Any) -> Tensor:
    """`x * sigmoid(x)`."""
    tensor = convert_to_tensor(x)
    return tensor * math.sigmoid(tensor)


def gelu(x: Any, approximate: bool = False) -> Tensor:
    """`x` times the share of a unit normal that is below `x`; by tanh if `approximate`.

    Source: Hendrycks and Gimpel, Gaussian Error Linear Units (2016).
    """
    tensor = convert_to_tensor(x)
    if approximate:
        return 0.5 * tensor * (1.0 + math.tanh(0.7978845608028654 * (tensor + 0.044715 * math.pow(tensor, 3.0))))
    return 0.5 * tensor * (1.0 + math.erf(tensor / 1.4142135623730951))


def mish(x: Any) -> Tensor:
    """`x * tanh(log(1 + exp(x)))`."""
    tensor = convert_to_tensor(x)
    return tensor * math.tanh(activations.softplus(tensor))


def serialize(activation: Any) -> Any:
    """The name of a function, the configuration of a layer."""
    if hasattr(activation, "get_config"):
        return {"class_name": type(activation).__name__, "config": activation.get_config()}
    name = getattr(activation, "__name__", None)
    if name is None:
        raise ValueError(f"{activation!r} has no name, so that it cannot be written down.")
    return name


def deserialize(name: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The activation of a name; ValueError when there is none.

    Args:
        name: The name.
        custom_objects: Functions of one's own, by their names.
    """
    from trackml.keras.saving.registry import get_registered_object

    own = (custom_objects or {}).get(name) or get_registered_object(name)
    if own is not None:
        return own
    known = [item for item in __all__ if item not in ("deserialize", "get", "serialize")]
    if name not in known:
        raise ValueError(f"Unknown activation {name!r}; expected a function or one of: {', '.join(known)}.")
    return globals()[name]


def get(identifier: Any) -> Activation:
    """The activation that a name, a function, a layer or None (for `linear`) stands for.

    Raises:
        ValueError: There is no activation of that name.
    """
    if identifier is None:
        return linear
    if callable(identifier):
        function: Activation = identifier
        return function
    named: Activation = deserialize(identifier)
    return named
