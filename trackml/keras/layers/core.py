"""Layers that every model has: dense, dropout, shapes, functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from trackml.graph.operation import Tensor
from trackml.keras import activations
from trackml.keras.engine.base_layer import Layer
from trackml.layers import core
from trackml.ops import array, comparison, math, reductions


class Dense(Layer, core.Dense):
    """Every output from every input: `activation(inputs @ kernel + bias)`.

    Args:
        units: The number of outputs.
        activation: A function or its name; none by default.
        use_bias: Whether a bias is added.
        kernel_initializer: First values of the kernel, `[inputs, units]`.
        bias_initializer: First values of the bias, `[units]`.
        kernel_regularizer: A penalty on the kernel.
        bias_regularizer: A penalty on the bias.
        activity_regularizer: A penalty on the output.
        kernel_constraint: A function applied to the kernel after an update.
        bias_constraint: The same for the bias.
        kwargs: What `Layer` takes.
    """

    supports_masking = True

    def __init__(
        self,
        units: int,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Callable[[Any], Any] | None = None,
        bias_constraint: Callable[[Any], Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            units=units,
            activation=activations.get(activation),
            use_bias=use_bias,
            kernel_initializer=kernel_initializer,
            bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer,
            bias_regularizer=bias_regularizer,
            activity_regularizer=activity_regularizer,
            kernel_constraint=kernel_constraint,
            bias_constraint=bias_constraint,
            **kwargs,
        )


class Dropout(Layer, core.Dropout):
    """While training, sets inputs to zero at random and scales the others up.

    Args:
        rate: The share of inputs that is set to zero.
        noise_shape: The shape of the random choice; None for a size of the inputs.
        seed: Seed of the operation.
        kwargs: What `Layer` takes.
    """

    supports_masking = True

    def __init__(
        self, rate: float, noise_shape: Sequence[int | None] | None = None, seed: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(rate=rate, noise_shape=noise_shape, seed=seed, **kwargs)


class Flatten(Layer, core.Flatten):
    """Makes one vector of each example: `[batch, a, b]` becomes `[batch, a * b]`.

    Args:
        data_format: `"channels_last"`, or `"channels_first"` to take the second dimension as the last.
        kwargs: What `Layer` takes.
    """

    def __init__(self, data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(data_format=data_format, **kwargs)


class Activation(Layer):
    """A function of each element.

    Args:
        activation: The function or its name.
        kwargs: What `Layer` takes.
    """

    supports_masking = True

    def __init__(self, activation: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.activation = activations.get(activation)

    def call(self, inputs: Tensor) -> Any:
        """The function's values."""
        return self.activation(inputs)


class Reshape(Layer):
    """Another shape for each example.

    Args:
        target_shape: The shape, without the batch; -1 for one size that follows from the others.
        kwargs: What `Layer` takes.
    """

    def __init__(self, target_shape: Sequence[int], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.target_shape = tuple(int(size) for size in target_shape)

    def call(self, inputs: Tensor) -> Tensor:
        """The inputs, reshaped."""
        outputs = array.reshape(inputs, [array.shape(inputs)[0], *self._sizes(inputs)])
        outputs.set_shape([inputs.shape.as_list()[0], *[None if size == -1 else size for size in self._sizes(inputs)]])
        return outputs

    def _sizes(self, inputs: Tensor) -> list[int]:
        sizes = inputs.shape.as_list()[1:]
        known = [size for size in sizes if size is not None]
        if len(known) < len(sizes) or -1 not in self.target_shape:
            return list(self.target_shape)
        rest = -int(np.prod(self.target_shape))
        total = int(np.prod(known))
        if rest == 0 or total % rest:
            raise ValueError(f"total size of new array must be unchanged: {tuple(known)} to {self.target_shape}.")
        return [total // rest if size == -1 else size for size in self.target_shape]


class Permute(Layer):
    """The dimensions of each example in another order.

    Args:
        dims: The order, counted from 1.
        kwargs: What `Layer` takes.

    Raises:
        ValueError: These are not the numbers from 1 on.
    """

    def __init__(self, dims: Sequence[int], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.dims = tuple(dims)
        if sorted(self.dims) != list(range(1, len(self.dims) + 1)):
            raise ValueError(f"Invalid permutation `dims`: expected each number from 1 once. Received: dims={dims}")

    def call(self, inputs: Tensor) -> Tensor:
        """The inputs, transposed."""
        return array.transpose(inputs, [0, *self.dims])


class RepeatVector(Layer):
    """Each example `n` times: `[batch, features]` becomes `[batch, n, features]`.

    Args:
        n: How many times.
        kwargs: What `Layer` takes.
    """

    def __init__(self, n: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.n = int(n)

    def call(self, inputs: Tensor) -> Tensor:
        """The repeated inputs."""
        from trackml.ops.joining import stack

        return stack([inputs] * self.n, axis=1)


class Lambda(Layer):
    """A function of tensors as a layer.

    Args:
        function: The function; it is given the inputs.
        output_shape: Accepted for Keras' sake: shapes follow from the operations.
        mask: The mask of the output, or a function from inputs and mask to it.
        arguments: Further arguments of the function.
        kwargs: What `Layer` takes.
    """

    supports_masking = True

    def __init__(
        self,
        function: Callable[..., Any],
        output_shape: Any = None,
        mask: Any = None,
        arguments: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.function = function
        self.mask = mask
        self.arguments = arguments or {}

    def call(self, inputs: Any) -> Any:
        """What the function gives."""
        return self.function(inputs, **self.arguments)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """The mask that was said, or none."""
        return self.mask(inputs, mask) if callable(self.mask) else self.mask


class Masking(Layer):
    """Masks the steps of sequences of which all elements are of one value.

    Args:
        mask_value: The value.
        kwargs: What `Layer` takes.
    """

    supports_masking = True

    def __init__(self, mask_value: float = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.mask_value = mask_value

    def call(self, inputs: Tensor) -> Any:
        """The inputs, with zeros for masked steps."""
        kept = reductions.reduce_any(comparison.not_equal(inputs, self.mask_value), axis=-1, keepdims=True)
        return inputs * math.cast(kept, inputs.dtype)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """True for the steps that count, `[batch, steps]`."""
        return reductions.reduce_any(comparison.not_equal(inputs, self.mask_value), axis=-1)
