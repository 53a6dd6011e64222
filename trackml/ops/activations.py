"""Activation functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import register
from trackml.graph.shape_rules import same_as_input
from trackml.ops import comparison, math
from trackml.ops.elementwise import ORDERED, REALS, elementwise
from trackml.ops.framework import name_scope
from trackml.ops.joining import concat
from trackml.ops.passes import masked, masked_in_place, rectified, rectified_in_place

_Grads = list[Tensor | None]
_GRAD_NAMES = ("gradients", "features")

# Rectifiers.


def relu(features: Any, name: str | None = None) -> Tensor:
    """`max(x, 0)`; its gradient at 0 is 0."""
    return elementwise("Relu", features, name=name, allowed=ORDERED, names=("features",))


def _linear_in_pieces(type: str, **attrs: str) -> Callable[[Operation, Tensor], _Grads]:
    """The gradient of a gradient that depends on the features only through which piece they are in."""

    def gradient(op: Operation, grad: Tensor) -> _Grads:
        own = {name: op.get_attr(attr) for name, attr in attrs.items()}
        return [elementwise(type, grad, op.inputs[1], names=_GRAD_NAMES, **own), None]

    return gradient


def _from_output(type: str) -> Callable[[Operation, Tensor], Tensor]:
    return lambda op, grad: elementwise(type, grad, op.outputs[0], names=_GRAD_NAMES)


def _from_input(type: str) -> Callable[[Operation, Tensor], Tensor]:
    return lambda op, grad: elementwise(type, grad, op.inputs[0], names=_GRAD_NAMES)


register(
    "Relu",
    rectified,
    shape=same_as_input,
    gradient=_from_output("ReluGrad"),
    fresh=True,
    in_place=rectified_in_place,
)
register(
    "ReluGrad",
    masked,
    shape=same_as_input,
    gradient=_linear_in_pieces("ReluGrad"),
    fresh=True,
    in_place=masked_in_place,
)


def relu6(features: Any, name: str | None = None) -> Tensor:
    """`min(max(x, 0), 6)`."""
    return elementwise("Relu6", features, name=name, allowed=ORDERED, names=("features",))


def _relu6_grad(grad: Any, features: Any) -> Any:
    return np.multiply(grad, np.logical_and(np.greater(features, 0), np.less(features, 6)))


register("Relu6", lambda x: np.clip(x, 0, 6), shape=same_as_input, gradient=_from_output("Relu6Grad"))
register("Relu6Grad", _relu6_grad, shape=same_as_input, gradient=_linear_in_pieces("Relu6Grad"))


def crelu(features: Any, name: str | None = None, axis: int = -1) -> Tensor:
    """`relu(x)` and `relu(-x)` side by side along `axis`, which becomes twice as long."""
    with name_scope(name, "CRelu", [features]) as scope:
        x = convert_to_tensor(features, name="features")
        return relu(concat([x, -x], axis), name=scope)


def leaky_relu(features: Any, alpha: float = 0.2, name: str | None = None) -> Tensor:
    """`x` where it is positive, else `alpha * x`; integers are cast to float32."""
    with name_scope(name, "LeakyRelu", [features]) as scope:
        x = convert_to_tensor(features, name="features")
        if x.dtype.is_integer:
            x = math.cast(x, dtypes.float32)
        return elementwise("LeakyRelu", x, name=scope, allowed=REALS, alpha=float(alpha))


def _leaky_relu(x: Any, *, alpha: float) -> Any:
    return np.where(np.greater(x, 0), x, np.multiply(x, x.dtype.type(alpha)))


def _leaky_relu_grad(grad: Any, features: Any, *, alpha: float) -> Any:
    return np.where(np.greater(features, 0), grad, np.multiply(grad, grad.dtype.type(alpha)))


register(
    "LeakyRelu",
    _leaky_relu,
    shape=same_as_input,
    gradient=lambda op, grad: elementwise("LeakyReluGrad", grad, op.inputs[0], alpha=op.get_attr("alpha")),
)
register(
    "LeakyReluGrad",
    _leaky_relu_grad,
    shape=same_as_input,
    gradient=_linear_in_pieces("LeakyReluGrad", alpha="alpha"),
)

# Exponential units. Their gradients are computed from the output y: where x < 0, y + alpha is alpha * exp(x).


def elu(features: Any, name: str | None = None) -> Tensor:
    """`x` where it is not negative, else `exp(x) - 1`."""
    return elementwise("Elu", features, name=name, allowed=REALS, names=("features",))


def _elu(x: Any) -> Any:
    return np.where(np.less(x, 0), np.expm1(x), x)


def _elu_grad(grad: Any, y: Any) -> Any:
    return np.where(np.less(y, 0), np.multiply(grad, np.add(y, 1)), grad)


def _exponential_grad_grad(type: str) -> Callable[[Operation, Tensor], _Grads]:
    def gradient(op: Operation, grad: Tensor) -> _Grads:
        dy, y = op.inputs
        through_y = math.cast(comparison.less(y, 0.0), y.dtype) * grad * dy
        return [elementwise(type, grad, y, names=_GRAD_NAMES), through_y]

    return gradient


register("Elu", _elu, shape=same_as_input, gradient=_from_output("EluGrad"))
register("EluGrad", _elu_grad, shape=same_as_input, gradient=_exponential_grad_grad("EluGrad"))

_SELU_SCALE = 1.0507009873554804934193349852946
_SELU_SCALE_ALPHA = 1.7580993408473768599402175208123


def selu(features: Any, name: str | None = None) -> Tensor:
    """`scale * x` where it is not negative, else `scale * alpha * (exp(x) - 1)`.

    Source:
        Klambauer et al., "Self-Normalizing Neural Networks", 2017, equation 2, with its fixed point's constants.
    """
    return elementwise("Selu", features, name=name, allowed=REALS, names=("features",))


def _selu(x: Any) -> Any:
    return np.where(np.less(x, 0), np.multiply(np.expm1(x), _SELU_SCALE_ALPHA), np.multiply(x, _SELU_SCALE))


def _selu_grad(grad: Any, y: Any) -> Any:
    return np.multiply(grad, np.where(np.less(y, 0), np.add(y, _SELU_SCALE_ALPHA), y.dtype.type(_SELU_SCALE)))


register("Selu", _selu, shape=same_as_input, gradient=_from_output("SeluGrad"))
register("SeluGrad", _selu_grad, shape=same_as_input, gradient=_exponential_grad_grad("SeluGrad"))

# Smooth functions.


def softplus(features: Any, name: str | None = None) -> Tensor:
    """`log(1 + exp(x))`, safe against overflow."""
    return elementwise("Softplus", features, name=name, allowed=REALS, names=("features",))


def _softplus(x: Any) -> Any:
    return np.add(np.maximum(x, 0), np.log1p(np.exp(np.negative(np.abs(x)))))


def _softplus_grad(grad: Any, x: Any) -> Any:
    return np.true_divide(grad, np.add(np.exp(np.negative(x)), 1))


def _softplus_grad_grad(op: Operation, grad: Tensor) -> _Grads:
    dy, x = op.inputs
    slope = math.sigmoid(x)
    return [elementwise("SoftplusGrad", grad, x, names=_GRAD_NAMES), grad * dy * slope * (1.0 - slope)]


register("Softplus", _softplus, shape=same_as_input, gradient=_from_input("SoftplusGrad"))
register("SoftplusGrad", _softplus_grad, shape=same_as_input, gradient=_softplus_grad_grad)


def log_sigmoid(x: Any, name: str | None = None) -> Tensor:
    """`log(sigmoid(x))`, safe against overflow."""
    with name_scope(name, "LogSigmoid", [x]) as scope:
        return math.negative(softplus(-convert_to_tensor(x, name="x")), name=scope)


def softsign(features: Any, name: str | None = None) -> Tensor:
    """`x / (1 + |x|)`."""
    return elementwise("Softsign", features, name=name, allowed=REALS, names=("features",))


def _softsign(x: Any) -> Any:
    return np.true_divide(x, np.add(np.abs(x), 1))


def _softsign_grad(grad: Any, x: Any) -> Any:
    return np.true_divide(grad, np.square(np.add(np.abs(x), 1)))


def _softsign_grad_grad(op: Operation, grad: Tensor) -> _Grads:
    dy, x = op.inputs
    dx = elementwise("SoftsignGrad", grad, x, names=_GRAD_NAMES)
    return [dx, -2.0 * dx * dy * math.sign(x) / (1.0 + math.abs(x))]


register("Softsign", _softsign, shape=same_as_input, gradient=_from_input("SoftsignGrad"))
register("SoftsignGrad", _softsign_grad, shape=same_as_input, gradient=_softsign_grad_grad)


def swish(features: Any, name: str | None = None) -> Tensor:
    """`x * sigmoid(x)`."""
    with name_scope(name, "swish", [features]) as scope:
        x = convert_to_tensor(features, name="features")
        return math.multiply(x, math.sigmoid(x), name=scope)
