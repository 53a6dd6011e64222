"""One step of a recurrent layer: SimpleRNNCell, LSTMCell, GRUCell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from trackml import nest
from trackml.graph.operation import Tensor
from trackml.keras import activations
from trackml.keras.engine.base_layer import Layer
from trackml.keras.layers.cells import zero_states
from trackml.ops import array, joining, matmul
from trackml.ops.dropout import dropout as dropped
from trackml.shapes import as_shape


class _Cell(Layer):
    """What the cells here share: kernels for inputs and state, dropout of both, and one large product for all steps."""

    _gates: ClassVar[int] = 1

    def __init__(
        self,
        units: int,
        activation: Any,
        use_bias: bool,
        initializers: Sequence[Any],
        regularizers: Sequence[Any],
        constraints: Sequence[Any],
        dropout: float,
        recurrent_dropout: float,
        **kwargs: Any,
    ) -> None:
        self.implementation = kwargs.pop("implementation", 2)
        super().__init__(**kwargs)
        if units <= 0:
            raise ValueError(
                f"Received an invalid value for argument `units`, expected a positive integer, got {units}."
            )
        self.units = int(units)
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer, self.recurrent_initializer, self.bias_initializer = initializers
        self.kernel_regularizer, self.recurrent_regularizer, self.bias_regularizer = regularizers
        self.kernel_constraint, self.recurrent_constraint, self.bias_constraint = constraints
        self.dropout = min(1.0, max(0.0, dropout))
        self.recurrent_dropout = min(1.0, max(0.0, recurrent_dropout))
        self.state_size: Any = self.units
        self.output_size = self.units
        self.bias: Any = None
        self._masks: tuple[list[Tensor], list[Tensor]] = [], []

    def build(self, input_shape: Any) -> None:
        """Makes `kernel`, `[inputs, gates]`, `recurrent_kernel`, `[units, gates]`, and `bias`."""
        inputs = as_shape(input_shape).as_list()[-1]
        if inputs is None:
            raise ValueError("The last dimension of the inputs of a recurrent layer should be defined. Found None.")
        columns = self._gates * self.units
        self.kernel = self._one_weight("kernel", [inputs, columns], self.kernel_initializer)
        self.recurrent_kernel = self._one_weight("recurrent_kernel", [self.units, columns], self.recurrent_initializer)
        if self.use_bias:
            self.bias = self._one_weight("bias", self._bias_shape(), self._first_bias())
        super().build(input_shape)

    def _one_weight(self, name: str, shape: list[int], initializer: Any) -> Any:
        kind = name.removesuffix("_kernel")
        penalty, bound = getattr(self, f"{kind}_regularizer"), getattr(self, f"{kind}_constraint")
        return self.add_weight(name, shape, None, initializer, penalty, constraint=bound)

    def _bias_shape(self) -> list[int]:
        return [self._gates * self.units]

    def _first_bias(self) -> Any:
        return self.bias_initializer

    def call(self, inputs: Tensor, states: Any, training: Any = None) -> Any:
        """One step.

        Args:
            inputs: `[batch, inputs]`.
            states: The states before it, `[batch, units]` each.
            training: Whether inputs and state are dropped.

        Returns:
            The output, and the states after the step.
        """
        flat = nest.flatten(states)
        alone = self._masks == ([], [])
        if alone:
            self.begin(inputs, array.shape(inputs)[0], training)
        output, following = self.advance(self.project(inputs), flat)
        if alone:
            self.end()
        return output, following if nest.is_nested(states) else following[0]

    def begin(self, inputs: Tensor, batch_size: Any, training: Any) -> None:
        """Draws what is dropped, the same for all steps until `end`."""
        rates = (self.dropout, inputs.shape.as_list()[-1]), (self.recurrent_dropout, self.units)
        count = self._gates if self.implementation == 1 else 1
        made = [
            [dropped(array.ones([batch_size, size], inputs.dtype), rate=rate) for _ in range(count)]
            if training and 0.0 < rate < 1.0
            else []
            for rate, size in rates
        ]
        self._masks = made[0], made[1]

    def end(self) -> None:
        """Forgets what was dropped."""
        self._masks = [], []

    def project(self, inputs: Tensor) -> Tensor:
        """Inputs times `kernel`, and the bias: for one step, `[batch, inputs]`, or all, `[steps, batch, inputs]`."""
        product = _product(inputs, self.kernel, self._masks[0])
        bias = self._input_bias()
        return product if bias is None else product + bias

    def _input_bias(self) -> Any:
        return self.bias

    def advance(self, projected: Tensor, states: list[Tensor]) -> tuple[Tensor, list[Tensor]]:
        """The output and the states after a step, of what `project` gave for it."""
        raise TypeError(f"{type(self).__name__} must define advance(projected, states).")

    def _recurrent(self, state: Tensor) -> Tensor:
        return _product(state, self.recurrent_kernel, self._masks[1])

    def get_initial_state(self, inputs: Any = None, batch_size: Any = None, dtype: Any = None) -> Any:
        """Zeros for the states before the first step, a list of them for cells of several states."""
        return zero_states(self.state_size, inputs, batch_size, dtype)


def _product(inputs: Tensor, kernel: Any, masks: Sequence[Tensor]) -> Tensor:
    """Inputs times a kernel, with elements dropped: by one mask, or by one for the columns of each gate."""
    multiply: Callable[[Any, Any], Tensor] = matmul.matmul
    if len(inputs.shape) == 3:
        multiply = _over_steps
    if not masks:
        return multiply(inputs, kernel)
    kernels = joining.split(kernel, len(masks), axis=1) if len(masks) > 1 else [kernel]
    return joining.concat([multiply(inputs * mask, part) for mask, part in zip(masks, kernels)], -1)


def _over_steps(inputs: Tensor, kernel: Any) -> Tensor:
    return matmul.tensordot(inputs, kernel, [[2], [0]])


class SimpleRNNCell(_Cell):
    """`h = activation(x @ kernel + h @ recurrent_kernel + bias)`.

    Args:
        units: How long the state is.
        activation: A function or its name.
        use_bias: Whether a bias is added.
        kernel_initializer: First values of the kernel.
        recurrent_initializer: First values of the recurrent kernel.
        bias_initializer: First values of the bias.
        kernel_regularizer: A penalty on the kernel.
        recurrent_regularizer: A penalty on the recurrent kernel.
        bias_regularizer: A penalty on the bias.
        kernel_constraint: A bound on the kernel, applied after each update.
        recurrent_constraint: The same for the recurrent kernel.
        bias_constraint: The same for the bias.
        dropout: The share of inputs that is dropped while training, the same in all steps.
        recurrent_dropout: The share of the state that is dropped on its way to the next step.
        kwargs: What `Layer` takes; `implementation`: 1 for drops of each gate's own, 2 for the same for all.
    """

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None,
        bias_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        **kwargs: Any,
    ) -> None:
        initializers = kernel_initializer, recurrent_initializer, bias_initializer
        penalties = kernel_regularizer, recurrent_regularizer, bias_regularizer
        bounds = kernel_constraint, recurrent_constraint, bias_constraint
        shares = dropout, recurrent_dropout
        super().__init__(units, activation, use_bias, initializers, penalties, bounds, *shares, **kwargs)

    def advance(self, projected: Tensor, states: list[Tensor]) -> tuple[Tensor, list[Tensor]]:
        """The next state, which is the output."""
        output = self.activation(projected + self._recurrent(states[0]))
        return output, [output]


class LSTMCell(_Cell):
    """Long short-term memory: a state beside the output, behind gates for input, forgetting and output.

    Args:
        units: How long output and state are.
        activation: The function of what goes into the state, and of the state on its way out.
        recurrent_activation: The function of the gates.
        unit_forget_bias: Whether the forget gates' bias starts from ones. The other arguments are those of
            `SimpleRNNCell`.

    Source: Hochreiter and Schmidhuber, Long Short-Term Memory (1997); forget gates: Gers et al. 2000.
    """

    _gates = 4

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        recurrent_activation: Any = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None,
        bias_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        **kwargs: Any,
    ) -> None:
        initializers = kernel_initializer, recurrent_initializer, bias_initializer
        penalties = kernel_regularizer, recurrent_regularizer, bias_regularizer
        bounds = kernel_constraint, recurrent_constraint, bias_constraint
        shares = dropout, recurrent_dropout
        super().__init__(units, activation, use_bias, initializers, penalties, bounds, *shares, **kwargs)
        self.recurrent_activation = activations.get(recurrent_activation)
        self.unit_forget_bias = unit_forget_bias
        self.state_size = [self.units, self.units]

    def _first_bias(self) -> Any:
        if not self.unit_forget_bias:
            return self.bias_initializer
        from trackml.keras import initializers

        rest = initializers.get(self.bias_initializer)

        def first(shape: Any, dtype: Any = None) -> Tensor:
            size = self.units
            return joining.concat([rest([size], dtype), array.ones([size], dtype), rest([2 * size], dtype)], 0)

        return first

    def advance(self, projected: Tensor, states: list[Tensor]) -> tuple[Tensor, list[Tensor]]:
        """The next output and state."""
        output, memory = states
        enter, forget, value, leave = joining.split(projected + self._recurrent(output), 4, axis=1)
        gate = self.recurrent_activation
        memory = gate(forget) * memory + gate(enter) * self.activation(value)
        output = gate(leave) * self.activation(memory)
        return output, [output, memory]


class GRUCell(_Cell):
    """Gated recurrent units: gates that update and reset one state.

    Args:
        units: How long the state is.
        activation: The function of the new state.
        recurrent_activation: The function of the gates.
        reset_after: Whether the reset gate is applied after the product with the recurrent kernel, as TensorFlow 2
            has it by default; TensorFlow 1 has it before. The other arguments are those of `SimpleRNNCell`.

    Source: Cho et al., Learning Phrase Representations using RNN Encoder-Decoder (2014).
    """

    _gates = 3

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        recurrent_activation: Any = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None,
        bias_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        reset_after: bool = True,
        **kwargs: Any,
    ) -> None:
        initializers = kernel_initializer, recurrent_initializer, bias_initializer
        penalties = kernel_regularizer, recurrent_regularizer, bias_regularizer
        bounds = kernel_constraint, recurrent_constraint, bias_constraint
        shares = dropout, recurrent_dropout
        super().__init__(units, activation, use_bias, initializers, penalties, bounds, *shares, **kwargs)
        self.recurrent_activation = activations.get(recurrent_activation)
        self.reset_after = reset_after

    def _bias_shape(self) -> list[int]:
        return [2, 3 * self.units] if self.reset_after else [3 * self.units]

    def _input_bias(self) -> Any:
        return self.bias[0] if self.bias is not None and self.reset_after else self.bias

    def advance(self, projected: Tensor, states: list[Tensor]) -> tuple[Tensor, list[Tensor]]:
        """The next state, which is the output."""
        update, reset, value = joining.split(projected, 3, axis=1)
        made = self._after if self.reset_after else self._before
        update, value = made(update, reset, value, states[0])
        output = update * states[0] + (1.0 - update) * value
        return output, [output]

    def _after(self, update: Tensor, reset: Tensor, value: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        gate, inner = self.recurrent_activation, self._recurrent(state)
        inner = inner if self.bias is None else inner + self.bias[1]
        update_inner, reset_inner, value_inner = joining.split(inner, 3, axis=1)
        return gate(update + update_inner), self.activation(value + gate(reset + reset_inner) * value_inner)

    def _before(self, update: Tensor, reset: Tensor, value: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        gate = self.recurrent_activation
        kept = ([state * mask for mask in self._masks[1]] or [state]) * 3
        kernels = joining.split(self.recurrent_kernel, 3, axis=1)
        update = gate(update + matmul.matmul(kept[0], kernels[0]))
        reset = gate(reset + matmul.matmul(kept[1], kernels[1]))
        return update, self.activation(value + matmul.matmul(reset * kept[2], kernels[2]))
