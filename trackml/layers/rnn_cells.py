"""Cells of recurrent networks: layers that take an input and a state, and give an output and the next state.

They are layers, and so they live here; `tf.nn.rnn_cell` and `tf.contrib.rnn` name them. The loops that run them are
in `trackml.nn.recurrent`, which lies above.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from trackml import nest
from trackml.dtypes import as_dtype
from trackml.graph.conversion import constant
from trackml.graph.operation import Tensor
from trackml.initializers import Constant, Zeros
from trackml.layers.base import Layer
from trackml.layers.input_spec import InputSpec
from trackml.ops.array import zeros
from trackml.ops.clipping import clip_by_value
from trackml.ops.framework import name_scope
from trackml.ops.joining import concat, split
from trackml.ops.math import add, multiply, sigmoid, tanh
from trackml.ops.matmul import matmul
from trackml.ops.nn import bias_add
from trackml.shapes import TensorShape
from trackml.variables import Variable


class LSTMStateTuple(NamedTuple):
    """The state of an LSTM cell."""

    c: Any
    """What the cell remembers, `[batch, units]`."""
    h: Any
    """What it gives out, `[batch, units]`."""

    @property
    def dtype(self) -> Any:
        """The type of both; TypeError when they differ."""
        if self.c.dtype is not self.h.dtype:
            raise TypeError(f"Inconsistent internal state: {self.c.dtype} vs {self.h.dtype}")
        return self.c.dtype


class RNNCell(Layer):
    """The base of all cells; a subclass has `state_size`, `output_size` and `call(inputs, state)`.

    Calling a cell with `inputs` `[batch, depth]` and a state gives the output and the next state. Sizes are numbers of
    units, or structures of them.
    """

    @property
    def state_size(self) -> Any:
        """The size of the state, or a structure of sizes."""
        raise AttributeError(f"{type(self).__name__} does not say its state_size.")

    @property
    def output_size(self) -> Any:
        """The size of the output."""
        raise AttributeError(f"{type(self).__name__} does not say its output_size.")

    def call(self, inputs: Any, state: Any) -> Any:
        """The output and the next state."""
        raise AttributeError(f"{type(self).__name__} does not say what it computes: it has no `call`.")

    def __call__(  # type: ignore[override]
        self, inputs: Any, state: Any, scope: Any = None, **kwargs: Any
    ) -> Any:
        """The output for `inputs` and `state`, and the next state; makes the weights the first time."""
        return super().__call__(inputs, state, scope=scope, **kwargs)

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        """The state to begin with: zeros of `[batch_size, size]` in the structure of `state_size`."""
        with name_scope(f"{type(self).__name__}ZeroState", None, [batch_size]):
            return nest.map_structure(lambda size: _zeros(batch_size, size, dtype), self.state_size)

    def get_initial_state(self, inputs: Any = None, batch_size: Any = None, dtype: Any = None) -> Any:
        """The same as `zero_state`, for the batch size and type of `inputs` if these are given."""
        if inputs is not None:
            batch_size, dtype = inputs.shape.as_list()[0] or batch_size, inputs.dtype
        if batch_size is None or dtype is None:
            raise ValueError(f"batch_size and dtype cannot be None while constructing initial state: "
                             f"batch_size={batch_size}, dtype={dtype}")  # fmt: skip
        return self.zero_state(batch_size, dtype)

    def _depth(self, input_shape: Any) -> int:
        depth = TensorShape(input_shape).as_list()[-1]
        if depth is None:
            raise ValueError(f"Expected inputs.shape[-1] to be known, saw shape: {input_shape}")
        return depth


def _zeros(batch_size: Any, size: Any, dtype: Any) -> Tensor:
    sizes = size.as_list() if isinstance(size, TensorShape) else [size]
    return zeros([batch_size, *sizes], as_dtype(dtype))


def _checked_activation(activation: Any) -> Callable[[Any], Any]:
    if activation is None:
        return tanh
    if not callable(activation):
        raise TypeError(f"activation must be a function such as tf.nn.relu; got {activation!r}.")
    chosen: Callable[[Any], Any] = activation
    return chosen


class _Cell(RNNCell):
    """A cell of so many units with weights of its own."""

    def __init__(
        self, num_units: int, activation: Any, reuse: Any, name: str | None, dtype: Any, **kwargs: Any
    ) -> None:
        super().__init__(name=name, dtype=dtype, _reuse=reuse, **kwargs)
        self.input_spec = InputSpec(ndim=2)
        self._num_units = num_units
        self._activation = _checked_activation(activation)

    @property
    def state_size(self) -> Any:
        """The number of units."""
        return self._num_units

    @property
    def output_size(self) -> Any:
        """The number of units."""
        return self._num_units


class BasicRNNCell(_Cell):
    """`output = state = activation([inputs, state] @ kernel + bias)`.

    Args:
        num_units: The number of units.
        activation: A function; tanh by default.
        reuse: Whether the weights exist already.
        name: Name of the scope; `basic_rnn_cell` by default.
        dtype: Type of the weights; that of the first input by default.
    """

    def __init__(
        self,
        num_units: int,
        activation: Any = None,
        reuse: bool | None = None,
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(num_units, activation, reuse, name, dtype, **kwargs)

    def build(self, input_shape: Any) -> None:
        """Makes `kernel` `[depth + units, units]` and `bias` `[units]`."""
        depth = self._depth(input_shape) + self._num_units
        self._kernel = self.add_weight("kernel", [depth, self._num_units])
        self._bias = self.add_weight("bias", [self._num_units], initializer=Zeros())

    def call(self, inputs: Any, state: Any) -> Any:
        """The output, and the same as the next state, `[batch, units]`."""
        output = self._activation(bias_add(matmul(concat([inputs, state], 1), self._kernel), self._bias))
        return output, output


class GRUCell(_Cell):
    """Gated recurrent unit: `new = u * state + (1 - u) * activation([inputs, r * state] @ candidate)`.

    The gates `r` and `u` are sigmoids of `[inputs, state] @ gates`.

    Args:
        num_units: The number of units.
        activation: A function; tanh by default.
        reuse: Whether the weights exist already.
        kernel_initializer: Initializer of both kernels; the scope's by default.
        bias_initializer: Initializer of both biases; ones for the gates and zeros for the candidate by default.
        name: Name of the scope; `gru_cell` by default.
        dtype: Type of the weights; that of the first input by default.

    Source: Cho et al. 2014, https://arxiv.org/abs/1406.1078, equations 5 to 8.
    """

    def __init__(
        self,
        num_units: int,
        activation: Any = None,
        reuse: bool | None = None,
        kernel_initializer: Any = None,
        bias_initializer: Any = None,
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(num_units, activation, reuse, name, dtype, **kwargs)
        self._kernel_initializer = kernel_initializer
        self._bias_initializer = bias_initializer

    def build(self, input_shape: Any) -> None:
        """Makes kernel and bias of `gates`, for both of them at once, and of `candidate`."""
        units = self._num_units
        depth = self._depth(input_shape) + units
        gates, candidate = self._bias_initializer or Constant(1.0), self._bias_initializer or Zeros()
        self._gate_kernel = self.add_weight("gates/kernel", [depth, 2 * units], initializer=self._kernel_initializer)
        self._gate_bias = self.add_weight("gates/bias", [2 * units], initializer=gates)
        self._kernel = self.add_weight("candidate/kernel", [depth, units], initializer=self._kernel_initializer)
        self._bias = self.add_weight("candidate/bias", [units], initializer=candidate)

    def call(self, inputs: Any, state: Any) -> Any:
        """The output, and the same as the next state, `[batch, units]`."""
        gates = bias_add(matmul(concat([inputs, state], 1), self._gate_kernel), self._gate_bias)
        r, u = split(sigmoid(gates), 2, 1)
        candidate = bias_add(matmul(concat([inputs, r * state], 1), self._kernel), self._bias)
        output = u * state + (1.0 - u) * self._activation(candidate)
        return output, output


class BasicLSTMCell(_Cell):
    """Long short-term memory: `c = c * sigmoid(f + forget_bias) + sigmoid(i) * activation(j)`.

    The output is `h = activation(c) * sigmoid(o)`; `i`, `j`, `f`, `o` are the four parts of `[inputs, h] @ kernel +
    bias`, in this order.

    Args:
        num_units: The number of units.
        forget_bias: Added to the forget gate when the cell runs, not to its bias.
        state_is_tuple: Whether the state is an `LSTMStateTuple`, not both joined as `[batch, 2 * units]`.
        activation: A function; tanh by default.
        reuse: Whether the weights exist already.
        name: Name of the scope; `basic_lstm_cell` by default.
        dtype: Type of the weights; that of the first input by default.

    Source: Zaremba et al. 2014, https://arxiv.org/abs/1409.2329, equations of section 3.1 without dropout.
    """

    def __init__(
        self,
        num_units: int,
        forget_bias: float = 1.0,
        state_is_tuple: bool = True,
        activation: Any = None,
        reuse: bool | None = None,
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(num_units, activation, reuse, name, dtype, **kwargs)
        self._forget_bias = forget_bias
        self._state_is_tuple = state_is_tuple

    @property
    def state_size(self) -> Any:
        """The sizes of both parts of the state; their sum if it is not a tuple."""
        units = self._num_units
        return LSTMStateTuple(units, units) if self._state_is_tuple else 2 * units

    def build(self, input_shape: Any) -> None:
        """Makes `kernel` `[depth + units, 4 * units]` and `bias` `[4 * units]`."""
        units = self._num_units
        self._kernel = self.add_weight("kernel", [self._depth(input_shape) + units, 4 * units])
        self._bias = self.add_weight("bias", [4 * units], initializer=Zeros())

    def call(self, inputs: Any, state: Any) -> Any:
        """The output `[batch, units]` and the next state."""
        c, h = state if self._state_is_tuple else split(state, 2, 1)
        gates = bias_add(matmul(concat([inputs, h], 1), self._kernel), self._bias)
        i, j, f, o = split(gates, 4, 1)
        kept = multiply(c, sigmoid(add(f, constant(self._forget_bias, f.dtype))))
        new_c = add(kept, multiply(sigmoid(i), self._activation(j)))
        new_h = multiply(self._activation(new_c), sigmoid(o))
        return new_h, LSTMStateTuple(new_c, new_h) if self._state_is_tuple else concat([new_c, new_h], 1)


class LSTMCell(_Cell):
    """Long short-term memory with the options of the literature: peepholes, clipping, a projection of the output.

    Args:
        num_units: The number of units.
        use_peepholes: Whether the gates see `c` too, each unit its own.
        cell_clip: Limit of the absolute values of `c`.
        initializer: Initializer of kernel, peepholes and projection; the scope's by default.
        num_proj: The size of the output, if it is to be projected.
        proj_clip: Limit of the absolute values of the projected output.
        num_unit_shards: Not supported; must be None or 1.
        num_proj_shards: Not supported; must be None or 1.
        forget_bias: Added to the forget gate when the cell runs, not to its bias.
        state_is_tuple: Whether the state is an `LSTMStateTuple`, not both joined.
        activation: A function; tanh by default.
        reuse: Whether the weights exist already.
        name: Name of the scope; `lstm_cell` by default.
        dtype: Type of the weights; that of the first input by default.

    Source: Sak et al. 2014, https://research.google.com/pubs/archive/43905.pdf, equations 1 to 6.
    """

    def __init__(
        self,
        num_units: int,
        use_peepholes: bool = False,
        cell_clip: float | None = None,
        initializer: Any = None,
        num_proj: int | None = None,
        proj_clip: float | None = None,
        num_unit_shards: int | None = None,
        num_proj_shards: int | None = None,
        forget_bias: float = 1.0,
        state_is_tuple: bool = True,
        activation: Any = None,
        reuse: bool | None = None,
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        if (num_unit_shards or 1) > 1 or (num_proj_shards or 1) > 1:
            raise ValueError("LSTMCell does not split its weights into shards; leave num_*_shards away.")
        super().__init__(num_units, activation, reuse, name, dtype, **kwargs)
        self._peepholes = use_peepholes
        self._cell_clip = cell_clip
        self._initializer = initializer
        self._num_proj = num_proj
        self._proj_clip = proj_clip
        self._forget_bias = forget_bias
        self._state_is_tuple = state_is_tuple

    @property
    def state_size(self) -> Any:
        """The sizes of both parts of the state; their sum if it is not a tuple."""
        sizes = LSTMStateTuple(self._num_units, self.output_size)
        return sizes if self._state_is_tuple else sum(sizes)

    @property
    def output_size(self) -> Any:
        """The size of the projection, or the number of units."""
        return self._num_proj or self._num_units

    def build(self, input_shape: Any) -> None:
        """Makes `kernel`, `bias`, and what options need: `w_f_diag`, `w_i_diag`, `w_o_diag`, `projection/kernel`."""
        units, initializer = self._num_units, self._initializer
        depth = self._depth(input_shape) + self.output_size
        self._kernel = self.add_weight("kernel", [depth, 4 * units], initializer=initializer)
        self._bias = self.add_weight("bias", [4 * units], initializer=Zeros())
        if self._peepholes:
            self._w_f, self._w_i, self._w_o = (
                self.add_weight(f"w_{gate}_diag", [units], initializer=initializer) for gate in "fio"
            )
        if self._num_proj:
            self._projection = self.add_weight("projection/kernel", [units, self._num_proj], initializer=initializer)

    def call(self, inputs: Any, state: Any) -> Any:
        """The output and the next state."""
        c, h = state if self._state_is_tuple else split(state, [self._num_units, self.output_size], 1)
        i, j, f, o = split(bias_add(matmul(concat([inputs, h], 1), self._kernel), self._bias), 4, 1)
        forget = f + constant(self._forget_bias, f.dtype)
        if self._peepholes:
            forget, i = forget + self._w_f * c, i + self._w_i * c
        new_c = sigmoid(forget) * c + sigmoid(i) * self._activation(j)
        if self._cell_clip is not None:
            new_c = clip_by_value(new_c, -self._cell_clip, self._cell_clip)
        new_h = sigmoid(o + self._w_o * new_c if self._peepholes else o) * self._activation(new_c)
        if self._num_proj:
            new_h = matmul(new_h, self._projection)
            if self._proj_clip is not None:
                new_h = clip_by_value(new_h, -self._proj_clip, self._proj_clip)
        return new_h, LSTMStateTuple(new_c, new_h) if self._state_is_tuple else concat([new_c, new_h], 1)


def weights_of(cells: Sequence[RNNCell]) -> tuple[list[Variable], list[Variable]]:
    """The trainable and the other weights of several cells."""
    trainable = [weight for cell in cells for weight in cell.trainable_weights]
    return trainable, [weight for cell in cells for weight in cell.non_trainable_weights]
