"""Update rules that TensorFlow has for Keras' optimizers and not for those of `tf.train`.

Source: TensorFlow 2.15, core/kernels/training_ops.cc.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from trackml.optimizers.updates import register_update


def _keras_momentum(var: Any, accum: Any, lr: Any, grad: Any, momentum: Any, *, use_nesterov: bool) -> None:
    push = grad * lr
    accum *= momentum
    accum -= push
    if use_nesterov:
        var += accum * momentum - push
    else:
        var += accum


def _ada_max(
    var: Any, m: Any, u: Any, beta1_power: Any, lr: Any, beta1: Any, beta2: Any, epsilon: Any, grad: Any
) -> None:
    m += (grad - m) * (1 - beta1)
    np.maximum(u * beta2, np.abs(grad), out=u)
    var -= lr / (1 - beta1_power) * (m / (u + epsilon))


def _adam_with_amsgrad(
    var: Any, m: Any, v: Any, vhat: Any, beta1_power: Any, beta2_power: Any, lr: Any, beta1: Any, beta2: Any,
    epsilon: Any, grad: Any,
) -> None:  # fmt: skip
    rate = lr * np.sqrt(1 - beta2_power) / (1 - beta1_power)
    m += (grad - m) * (1 - beta1)
    v += (grad * grad - v) * (1 - beta2)
    np.maximum(vhat, v, out=vhat)
    var -= m * rate / (np.sqrt(vhat) + epsilon)


register_update("KerasMomentum", _keras_momentum, cells=2, grad=3, attributes=["use_nesterov"], sparse=False)
register_update("AdaMax", _ada_max, cells=3, grad=8, sparse=False)
register_update("AdamWithAmsgrad", _adam_with_amsgrad, cells=4, grad=10, sparse=False)
