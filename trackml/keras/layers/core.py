"""Layers that every model has: dense ones, functions, masks."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from trackml import nest
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
        kernel_constraint: A bound on the kernel, applied after each update.
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
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
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


class Lambda(Layer):
    """A function of tensors as a layer.

    Args:
        function: The function; it is given the inputs, and `mask` and `training` if it has arguments of these names.
        output_shape: Accepted for Keras' sake: shapes follow from the operations.
        mask: The mask of the output, or a function from inputs and mask to it.
        arguments: Further arguments of the function.
        kwargs: What `Layer` takes.
    """

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
        self.arguments = dict(arguments or {})
        self.supports_masking = mask is not None

    def call(self, inputs: Any, mask: Any = None, training: Any = None) -> Any:
        """What the function gives."""
        surroundings = {"mask": mask, "training": training}
        taken = {name: value for name, value in surroundings.items() if name in _names_of(self.function)}
        return self.function(inputs, **{**taken, **self.arguments})

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """The mask that was said, or none."""
        return self.mask(inputs, mask) if callable(self.mask) else self.mask


def _names_of(function: Any) -> tuple[str, ...]:
    try:
        return tuple(inspect.signature(function).parameters)
    except (TypeError, ValueError):  # a function of C has no signature
        return ()


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


class Identity(Layer):
    """Gives its input back."""

    supports_masking = True

    def call(self, inputs: Any) -> Any:
        """The input."""
        return nest.map_structure(array.identity, inputs)
