"""Recurrent layers of the usual cells: SimpleRNN, LSTM, GRU."""

from __future__ import annotations

from typing import Any

from trackml.keras.engine.base_layer import Layer
from trackml.keras.layers.recurrent_cells import GRUCell, LSTMCell, SimpleRNNCell
from trackml.keras.layers.rnn import RNN


class _OfCell(RNN):
    """A layer of one of the cells here: the cell's settings are its own."""

    def __init__(self, cell: Layer, *args: Any, **kwargs: Any) -> None:
        super().__init__(cell, *args, **kwargs)
        for name, value in cell._given.items():
            if name not in ("trainable", "dtype", "name"):
                setattr(self, name, getattr(cell, name, value))


class SimpleRNN(_OfCell):
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
        activity_regularizer: A penalty on the output.
        kernel_constraint: A bound on the kernel, applied after each update.
        recurrent_constraint: The same for the recurrent kernel.
        bias_constraint: The same for the bias.
        dropout: The share of inputs that is dropped while training, the same in all steps.
        recurrent_dropout: The share of the state that is dropped on its way to the next step.
        return_sequences: Whether all outputs are returned, `[batch, steps, units]`, rather than the last.
        return_state: Whether the last states are returned behind the output.
        go_backwards: Whether the steps are taken from the last to the first.
        stateful: Whether the states go on from one batch to the next, until `reset_states`.
        unroll: Whether the steps are written out one by one; their number must be known.
        kwargs: What `RNN` takes; `implementation`: 1 for drops of each gate's own, 2 for the same for all.
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
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        **kwargs: Any,
    ) -> None:
        cell = SimpleRNNCell(
            units, activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer,
            kernel_regularizer, recurrent_regularizer, bias_regularizer, kernel_constraint, recurrent_constraint,
            bias_constraint, dropout, recurrent_dropout, **_of_the_cell(kwargs),
        )  # fmt: skip
        passes = return_sequences, return_state, go_backwards, stateful, unroll
        super().__init__(cell, *passes, activity_regularizer=activity_regularizer, **kwargs)


class LSTM(_OfCell):
    """Long short-term memory: a state beside the output, behind gates for input, forgetting and output.

    Args:
        units: How long output and state are.
        activation: The function of what goes into the state, and of the state on its way out.
        recurrent_activation: The function of the gates.
        unit_forget_bias: Whether the forget gates' bias starts from ones.
        time_major: Whether inputs and outputs have the steps first. The other arguments are those of `SimpleRNN`.

    Source: Hochreiter and Schmidhuber, Long Short-Term Memory (1997); forget gates: Gers et al. 2000.
    """

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
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        time_major: bool = False,
        unroll: bool = False,
        **kwargs: Any,
    ) -> None:
        cell = LSTMCell(
            units, activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer,
            bias_initializer, unit_forget_bias, kernel_regularizer, recurrent_regularizer, bias_regularizer,
            kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout,
            **_of_the_cell(kwargs),
        )  # fmt: skip
        passes = return_sequences, return_state, go_backwards, stateful, unroll, time_major
        super().__init__(cell, *passes, activity_regularizer=activity_regularizer, **kwargs)


class GRU(_OfCell):
    """Gated recurrent units: gates that update and reset one state.

    Args:
        units: How long the state is.
        activation: The function of the new state.
        recurrent_activation: The function of the gates.
        time_major: Whether inputs and outputs have the steps first.
        reset_after: Whether the reset gate is applied after the product with the recurrent kernel, as TensorFlow 2
            has it by default; TensorFlow 1 has it before. The other arguments are those of `SimpleRNN`.

    Source: Cho et al., Learning Phrase Representations using RNN Encoder-Decoder (2014).
    """

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
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        time_major: bool = False,
        reset_after: bool = True,
        **kwargs: Any,
    ) -> None:
        cell = GRUCell(
            units, activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer,
            bias_initializer, kernel_regularizer, recurrent_regularizer, bias_regularizer, kernel_constraint,
            recurrent_constraint, bias_constraint, dropout, recurrent_dropout, reset_after, **_of_the_cell(kwargs),
        )  # fmt: skip
        passes = return_sequences, return_state, go_backwards, stateful, unroll, time_major
        super().__init__(cell, *passes, activity_regularizer=activity_regularizer, **kwargs)


def _of_the_cell(settings: dict[str, Any]) -> dict[str, Any]:
    """The further settings that go to the cell: those that it alone has are taken out."""
    shared: dict[str, Any] = {name: settings[name] for name in ("dtype", "trainable") if name in settings}
    if "weights" in settings:
        shared["weights"] = settings.pop("weights")
    return {**shared, "implementation": settings.pop("implementation", 2)}
