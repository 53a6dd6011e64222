"""Recurrent layers: SimpleRNN, LSTM, GRU."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trackml import dtypes
from trackml.graph.operation import Tensor
from trackml.initializers import Ones, Zeros
from trackml.keras import activations
from trackml.keras.engine.base_layer import Layer
from trackml.ops import array, gathering, joining, matmul
from trackml.ops.tensor_array import TensorArray
from trackml.ops.while_loops import while_loop


class _Recurrent(Layer):
    """What recurrent layers share: the loop over the steps, masks and states. `_step` makes one step."""

    _gates = 1
    _states = 1

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
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        **kwargs: Any,
    ) -> None:
        if kwargs.pop("stateful", False) or kwargs.pop("dropout", 0.0) or kwargs.pop("recurrent_dropout", 0.0):
            raise ValueError(
                f"{type(self).__name__} has neither `stateful` nor `dropout`: put a Dropout layer before it."
            )
        super().__init__(**kwargs)
        self.units = int(units)
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = kernel_initializer
        self.recurrent_initializer = recurrent_initializer
        self.bias_initializer = bias_initializer
        self.kernel_regularizer = kernel_regularizer
        self.recurrent_regularizer = recurrent_regularizer
        self.bias_regularizer = bias_regularizer
        self.return_sequences = return_sequences
        self.return_state = return_state
        self.go_backwards = go_backwards
        self.bias: Any = None

    def build(self, input_shape: Any) -> None:
        """Makes `kernel`, `[inputs, gates]`, `recurrent_kernel`, `[units, gates]`, and `bias`."""
        shape = input_shape[0] if isinstance(input_shape, (list, tuple)) else input_shape
        inputs = shape.as_list()[-1]
        if inputs is None:
            raise ValueError("The last dimension of the inputs of a recurrent layer should be defined. Found None.")
        columns = self._gates * self.units
        self.kernel = self.add_weight(
            "kernel", [inputs, columns], None, self.kernel_initializer, self.kernel_regularizer
        )
        self.recurrent_kernel = self.add_weight(
            "recurrent_kernel", [self.units, columns], None, self.recurrent_initializer, self.recurrent_regularizer
        )
        if self.use_bias:
            self.bias = self.add_weight("bias", self._bias_shape(), None, self._first_bias(), self.bias_regularizer)
        super().build(input_shape)

    def _bias_shape(self) -> list[int]:
        return [self._gates * self.units]

    def _first_bias(self) -> Any:
        return self.bias_initializer

    def _step(self, projected: Tensor, states: Sequence[Tensor]) -> list[Tensor]:
        """The states after a step; the first of them is the output.

        Args:
            projected: The inputs of the step times `kernel`, with the bias added, `[batch, gates]`.
            states: The states before it, `[batch, units]` each.
        """
        raise TypeError(f"{type(self).__name__} must define _step(projected, states).")

    def call(self, inputs: Any, mask: Any = None, initial_state: Any = None) -> Any:
        """The last output, or all with `return_sequences`; the last states behind it with `return_state`."""
        if isinstance(inputs, (list, tuple)):
            inputs, *given = inputs
            initial_state = given or initial_state
            mask = mask[0] if isinstance(mask, (list, tuple)) else mask
        sequence = array.transpose(self._projected(inputs), [1, 0, 2])
        masks = None if mask is None else array.transpose(mask, [1, 0])
        if self.go_backwards:
            sequence = joining.reverse(sequence, [0])
            masks = None if masks is None else joining.reverse(masks, [0])
        outputs, states = self._looped(sequence, masks, self._first_states(inputs, initial_state))
        result = array.transpose(outputs, [1, 0, 2]) if outputs is not None else states[0]
        return [result, *states] if self.return_state else result

    def _projected(self, inputs: Tensor) -> Tensor:
        """All steps times `kernel` at once: one large product in place of many small ones."""
        product = matmul.tensordot(inputs, self.kernel, [[2], [0]])
        bias = self._input_bias()
        return product if bias is None else product + bias

    def _input_bias(self) -> Any:
        return self.bias

    def _first_states(self, inputs: Tensor, given: Any) -> list[Tensor]:
        if given is not None:
            return list(given) if isinstance(given, (list, tuple)) else [given]
        zeros = array.zeros([array.shape(inputs)[0], self.units], dtypes.as_dtype(self.dtype or "float32"))
        zeros.set_shape([inputs.shape.as_list()[0], self.units])
        return [zeros] * self._states

    def _looped(self, sequence: Tensor, masks: Any, first: list[Tensor]) -> tuple[Any, list[Tensor]]:
        """Goes over the steps; outputs `[steps, batch, units]` where they are wanted, and the last states."""
        count = array.shape(sequence)[0]
        kind = first[0].dtype
        steps = TensorArray(sequence.dtype, count).unstack(sequence)
        kept = None if masks is None else TensorArray(dtypes.bool_, count).unstack(masks)
        written = TensorArray(kind, count) if self.return_sequences else None
        time = array.zeros([], dtypes.int32)

        def step(time: Tensor, states: list[Tensor], *arrays: Any) -> Any:
            following = self._step(steps.read(time), states)
            if kept is not None:
                following = [_where(kept.read(time), new, old) for new, old in zip(following, states)]
            following = [_shaped(new, old) for new, old in zip(following, states)]
            return (time + 1, following, *(place.write(time, following[0]) for place in arrays))

        variables = (time, list(first), *([written] if written is not None else []))
        _, states, *arrays = while_loop(lambda time, *rest: time < count, step, variables)
        if not arrays:
            return None, list(states)
        outputs = arrays[0].stack()
        outputs.set_shape([sequence.shape.as_list()[0], sequence.shape.as_list()[1], self.units])
        return outputs, list(states)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """The mask of the steps where all outputs are returned; none for the last one."""
        first = mask[0] if isinstance(mask, (list, tuple)) else mask
        if not self.return_sequences:
            return None
        return [first, *[None] * self._states] if self.return_state else first


def _where(kept: Tensor, new: Tensor, old: Tensor) -> Tensor:
    chosen: Tensor = gathering.where(kept, new, old)
    return chosen


def _shaped(new: Tensor, old: Tensor) -> Tensor:
    new.set_shape(old.shape)
    return new


class SimpleRNN(_Recurrent):
    """`h = activation(x @ kernel + h @ recurrent_kernel + bias)`, step by step: `[batch, steps, inputs]`.

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
        return_sequences: Whether all outputs are returned, `[batch, steps, units]`, rather than the last.
        return_state: Whether the last states are returned behind the output.
        go_backwards: Whether the steps are taken from the last to the first.
        kwargs: What `Layer` takes.
    """

    def _step(self, projected: Tensor, states: Sequence[Tensor]) -> list[Tensor]:
        return [self.activation(projected + matmul.matmul(states[0], self.recurrent_kernel))]


class LSTM(_Recurrent):
    """Long short-term memory: a state beside the output, behind gates for input, forgetting and output.

    Args:
        units: How long output and state are.
        activation: The function of what goes into the state, and of the state on its way out.
        recurrent_activation: The function of the gates.
        unit_forget_bias: Whether the forget gates' bias starts from ones.
        kwargs: What `SimpleRNN` takes.

    Source: Hochreiter and Schmidhuber, Long Short-Term Memory (1997); forget gates: Gers et al. 2000.
    """

    _gates = 4
    _states = 2

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        recurrent_activation: Any = "sigmoid",
        use_bias: bool = True,
        unit_forget_bias: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(units, activation, use_bias, **kwargs)
        self.recurrent_activation = activations.get(recurrent_activation)
        self.unit_forget_bias = unit_forget_bias

    def _first_bias(self) -> Any:
        if not self.unit_forget_bias:
            return self.bias_initializer

        def first(shape: Any, dtype: Any = None) -> Tensor:
            zeros, size = Zeros(), self.units
            return joining.concat([zeros([size], dtype), Ones()([size], dtype), zeros([2 * size], dtype)], 0)

        return first

    def _step(self, projected: Tensor, states: Sequence[Tensor]) -> list[Tensor]:
        output, memory = states
        gates = projected + matmul.matmul(output, self.recurrent_kernel)
        enter, forget, value, leave = joining.split(gates, 4, axis=1)
        gate = self.recurrent_activation
        memory = gate(forget) * memory + gate(enter) * self.activation(value)
        return [gate(leave) * self.activation(memory), memory]


class GRU(_Recurrent):
    """Gated recurrent units: gates that update and reset one state.

    Args:
        units: How long the state is.
        activation: The function of the new state.
        recurrent_activation: The function of the gates.
        reset_after: Whether the reset gate is applied after the product with the recurrent kernel, as in TensorFlow 2.
        kwargs: What `SimpleRNN` takes.

    Source: Cho et al., Learning Phrase Representations using RNN Encoder-Decoder (2014).
    """

    _gates = 3

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        recurrent_activation: Any = "sigmoid",
        use_bias: bool = True,
        reset_after: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(units, activation, use_bias, **kwargs)
        self.recurrent_activation = activations.get(recurrent_activation)
        self.reset_after = reset_after

    def _bias_shape(self) -> list[int]:
        return [2, 3 * self.units] if self.reset_after else [3 * self.units]

    def _input_bias(self) -> Any:
        return self.bias[0] if self.bias is not None and self.reset_after else self.bias

    def _step(self, projected: Tensor, states: Sequence[Tensor]) -> list[Tensor]:
        (state,) = states
        update, reset, value = joining.split(projected, 3, axis=1)
        gate = self.recurrent_activation
        if self.reset_after:
            inner = matmul.matmul(state, self.recurrent_kernel)
            inner = inner if self.bias is None else inner + self.bias[1]
            update_inner, reset_inner, value_inner = joining.split(inner, 3, axis=1)
            update = gate(update + update_inner)
            value = self.activation(value + gate(reset + reset_inner) * value_inner)
        else:
            kernels = joining.split(self.recurrent_kernel, 3, axis=1)
            update = gate(update + matmul.matmul(state, kernels[0]))
            reset = gate(reset + matmul.matmul(state, kernels[1]))
            value = self.activation(value + matmul.matmul(reset * state, kernels[2]))
        return [update * state + (1.0 - update) * value]
