"""Layers that every network has: dense, dropout, flatten."""

from __future__ import annotations

import math as pymath
from collections.abc import Callable, Sequence
from typing import Any

from trackml import dtypes
from trackml.graph.conversion import constant_value, convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.initializers import Zeros
from trackml.layers.base import Layer
from trackml.layers.input_spec import InputSpec
from trackml.ops import activations, array, gathering, math, matmul, nn, softmax
from trackml.ops.dropout import dropout as nn_dropout
from trackml.shapes import TensorShape, as_shape
from trackml.variables import Variable

Activation = Callable[[Any], Any] | str | None

_ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "elu": activations.elu,
    "exponential": math.exp,
    "relu": activations.relu,
    "relu6": activations.relu6,
    "selu": activations.selu,
    "sigmoid": math.sigmoid,
    "softmax": softmax.softmax,
    "softplus": activations.softplus,
    "softsign": activations.softsign,
    "tanh": math.tanh,
}


class Dense(Layer):
    """Every output from every input: `activation(inputs @ kernel + bias)`.

    Args:
        units: The number of outputs.
        activation: A function applied to the result, or its name in `tf.nn`; None for none.
        use_bias: Whether a bias is added.
        kernel_initializer: First values of the kernel; the scope's default (Glorot, uniform) if None.
        bias_initializer: First values of the bias.
        kernel_regularizer: A function from the kernel to a scalar penalty.
        bias_regularizer: A function from the bias to a scalar penalty.
        activity_regularizer: A function from the output to a scalar penalty.
        kernel_constraint: A function applied to the kernel after an optimizer's update.
        bias_constraint: The same for the bias.
        trainable: Whether optimizers change the weights.
        name: Name of the scope.

    Raises:
        ValueError: At the first call: the input has no last dimension of known size.
        TypeError: At the first call: the input is not of floating point.
    """

    def __init__(
        self,
        units: int,
        activation: Activation = None,
        use_bias: bool = True,
        kernel_initializer: Any = None,
        bias_initializer: Any = Zeros(),  # noqa: B008  it has no state
        kernel_regularizer: Callable[[Any], Any] | None = None,
        bias_regularizer: Callable[[Any], Any] | None = None,
        activity_regularizer: Callable[[Any], Any] | None = None,
        kernel_constraint: Callable[[Any], Any] | None = None,
        bias_constraint: Callable[[Any], Any] | None = None,
        trainable: bool = True,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(trainable=trainable, name=name, activity_regularizer=activity_regularizer, **kwargs)
        self.units = int(units)
        self.activation = activation_function(activation)
        self.use_bias = use_bias
        self.kernel_initializer = kernel_initializer
        self.bias_initializer = bias_initializer
        self.kernel_regularizer = kernel_regularizer
        self.bias_regularizer = bias_regularizer
        self.kernel_constraint = kernel_constraint
        self.bias_constraint = bias_constraint
        self.input_spec = InputSpec(min_ndim=2)
        self.bias: Variable | None = None

    def build(self, input_shape: Any) -> None:
        """Makes `kernel`, `[inputs, units]`, and `bias`, `[units]`."""
        dtype = self._float_dtype()
        inputs = as_shape(input_shape).as_list()[-1]
        if inputs is None:
            raise ValueError("The last dimension of the inputs to `Dense` should be defined. Found `None`.")
        self.input_spec = InputSpec(min_ndim=2, axes={-1: inputs})
        self.kernel = self.add_weight(
            "kernel",
            [inputs, self.units],
            dtype,
            self.kernel_initializer,
            self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )
        if self.use_bias:
            self.bias = self.add_weight(
                "bias",
                [self.units],
                dtype,
                self.bias_initializer,
                self.bias_regularizer,
                constraint=self.bias_constraint,
            )
        super().build(input_shape)

    def call(self, inputs: Tensor) -> Any:
        """The outputs, `[batch, ..., units]`."""
        if len(inputs.shape) > 2:
            outputs = matmul.tensordot(inputs, self.kernel, [[len(inputs.shape) - 1], [0]])
            outputs.set_shape(self.compute_output_shape(inputs.shape))
        else:
            outputs = matmul.matmul(math.cast(inputs, self._float_dtype()), self.kernel)
        if self.bias is not None:
            outputs = nn.bias_add(outputs, self.bias)
        return outputs if self.activation is None else self.activation(outputs)

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """The shape of the input with `units` as its last size."""
        return as_shape(input_shape).with_rank_at_least(2)[:-1].concatenate([self.units])


class Dropout(Layer):
    """While training, sets inputs to zero at random and scales the others up, so that the sum stays as expected.

    Args:
        rate: The share of inputs that is set to zero, in [0, 1).
        noise_shape: The shape of the random choice: where its size is 1, inputs share their fate; None for a size
            of the inputs. One choice an element by default.
        seed: Seed of the operation.
        name: Name of the scope.
    """

    def __init__(
        self,
        rate: Any = 0.5,
        noise_shape: Sequence[int | None] | None = None,
        seed: int | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name=name, **kwargs)
        self.rate = rate
        self.noise_shape = noise_shape
        self.seed = seed

    def call(self, inputs: Tensor, training: Any = False) -> Any:
        """The inputs, with some of them zero when `training`, a Python bool or a boolean scalar tensor."""
        known = known_bool(training)
        if known is False:
            return array.identity(inputs)
        dropped = nn_dropout(inputs, noise_shape=self._noise_shape(inputs), seed=self.seed, rate=self.rate)
        return dropped if known else gathering.where(training, dropped, inputs)

    def _noise_shape(self, inputs: Tensor) -> Any:
        if self.noise_shape is None:
            return None
        sizes = array.shape(inputs)
        return convert_to_tensor([sizes[axis] if size is None else size for axis, size in enumerate(self.noise_shape)])


class Flatten(Layer):
    """Makes one vector of each example: `[batch, a, b]` becomes `[batch, a * b]`.

    Args:
        data_format: `"channels_last"`, or `"channels_first"` to take the second dimension as the last.
        name: Name of the scope.
    """

    def __init__(self, data_format: str | None = "channels_last", name: str | None = None, **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)
        self.data_format = checked_data_format(data_format)
        self.input_spec = InputSpec(min_ndim=1)

    def call(self, inputs: Tensor) -> Tensor:
        """The vectors, `[batch, features]`."""
        rank = len(inputs.shape)
        if self.data_format == "channels_first" and rank > 2:
            inputs = array.transpose(inputs, [0, *range(2, rank), 1])
        known = inputs.shape.as_list()[0]
        outputs = array.reshape(inputs, [array.shape(inputs)[0] if known is None else known, -1])
        outputs.set_shape(self.compute_output_shape(inputs.shape))
        return outputs

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """The batch size and the product of the other sizes."""
        batch, *sizes = as_shape(input_shape).as_list()
        known = [size for size in sizes if size is not None]
        return TensorShape([batch, pymath.prod(known) if len(known) == len(sizes) else None])


def dense(
    inputs: Any,
    units: int,
    activation: Activation = None,
    use_bias: bool = True,
    kernel_initializer: Any = None,
    bias_initializer: Any = Zeros(),  # noqa: B008  it has no state
    kernel_regularizer: Callable[[Any], Any] | None = None,
    bias_regularizer: Callable[[Any], Any] | None = None,
    activity_regularizer: Callable[[Any], Any] | None = None,
    kernel_constraint: Callable[[Any], Any] | None = None,
    bias_constraint: Callable[[Any], Any] | None = None,
    trainable: bool = True,
    name: str | None = None,
    reuse: Any = None,
) -> Tensor:
    """Every output from every input: `activation(inputs @ kernel + bias)`.

    Args:
        inputs: `[batch, ..., inputs]`.
        units: The number of outputs; the other arguments are those of `Dense`.
        reuse: Whether to share the weights of an earlier layer of that `name`.

    Returns:
        `[batch, ..., units]`.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default():
        ...     x = tf.placeholder(tf.float32, [None, 3])
        ...     print(tf.layers.dense(x, 5, activation=tf.nn.relu))
        Tensor("dense/Relu:0", shape=(?, 5), dtype=float32)
    """
    layer = Dense(
        units,
        activation,
        use_bias,
        kernel_initializer,
        bias_initializer,
        kernel_regularizer,
        bias_regularizer,
        activity_regularizer,
        kernel_constraint,
        bias_constraint,
        trainable,
        name,
        _scope=name,
        _reuse=reuse,
    )
    outputs: Tensor = layer.apply(inputs)
    return outputs


def dropout(
    inputs: Any,
    rate: Any = 0.5,
    noise_shape: Sequence[int | None] | None = None,
    seed: int | None = None,
    training: Any = False,
    name: str | None = None,
) -> Tensor:
    """While `training`, sets inputs to zero at random and scales the others up; arguments are those of `Dropout`.

    Returns:
        The inputs' shape and type.
    """
    outputs: Tensor = Dropout(rate, noise_shape, seed, name).apply(inputs, training=training)
    return outputs


def flatten(inputs: Any, name: str | None = None, data_format: str | None = "channels_last") -> Tensor:
    """Makes one vector of each example: `[batch, a, b]` becomes `[batch, a * b]`."""
    outputs: Tensor = Flatten(data_format, name).apply(inputs)
    return outputs


def activation_function(activation: Activation) -> Callable[[Any], Any] | None:
    """The function that an activation is, or that has its name in `tf.nn`; None for none.

    Raises:
        ValueError: There is no function of that name.
    """
    if activation is None or activation == "linear":
        return None
    if not isinstance(activation, str):
        return activation
    if activation not in _ACTIVATIONS:
        raise ValueError(f"Unknown activation function: {activation!r}. Use one of {sorted(_ACTIVATIONS)}.")
    return _ACTIVATIONS[activation]


def known_bool(value: Any) -> bool | None:
    """What a Python value or a tensor is as a bool, None when only running the graph will tell."""
    if not isinstance(value, (Tensor, Variable)):
        return bool(value)
    if isinstance(value, Tensor) and value.dtype is dtypes.bool_:
        known = constant_value(value)
        return None if known is None else bool(known)
    raise TypeError(f"training must be a Python bool or a boolean tensor; got {value}.")


def checked_data_format(data_format: str | None) -> str:
    """`data_format` in lower case, channels last by default; ValueError when there is no such format."""
    known = "channels_last" if data_format is None else data_format.lower()
    if known not in ("channels_first", "channels_last"):
        raise ValueError(
            f'The `data_format` argument must be one of "channels_first", "channels_last". Received: {data_format}'
        )
    return known
