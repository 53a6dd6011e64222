"""A recurrent layer over any cell: `RNN`."""

from __future__ import annotations

from typing import Any

import numpy as np

from trackml import dtypes, nest
from trackml.graph.operation import Tensor
from trackml.keras import backend
from trackml.keras.engine.base_layer import Layer
from trackml.keras.layers.cells import build_cell, check_cell, first_states, one_step, output_size_of, sizes_of
from trackml.keras.layers.recurrent_loop import Loop, Results, over_steps
from trackml.keras.layers.stacked_cells import StackedRNNCells
from trackml.ops import array, joining, math, reductions
from trackml.ops.framework import control_dependencies, name_scope
from trackml.shapes import TensorShape
from trackml.variables import Variable


class RNN(Layer):
    """A cell, applied to the steps of sequences `[batch, steps, inputs]` one after the other.

    Args:
        cell: What makes one step: it has `state_size`, and `call(inputs, states)` that gives the output and the next
            states. A list of cells is one upon the other.
        return_sequences: Whether all outputs are returned, `[batch, steps, units]`, rather than the last.
        return_state: Whether the last states are returned behind the output.
        go_backwards: Whether the steps are taken from the last to the first.
        stateful: Whether the states go on from one batch to the next, until `reset_states`; batches are of one size
            then.
        unroll: Whether the steps are written out one by one; their number must be known.
        time_major: Whether inputs and outputs have the steps first, `[steps, batch, inputs]`.
        kwargs: What `Layer` takes; `zero_output_for_mask`: whether the output of masked steps is zero.

    Raises:
        ValueError: The cell is none.
    """

    supports_masking = True

    def __init__(
        self,
        cell: Any,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        time_major: bool = False,
        **kwargs: Any,
    ) -> None:
        cell = StackedRNNCells(cell) if isinstance(cell, (list, tuple)) else cell
        check_cell(cell)
        self.zero_output_for_mask = kwargs.pop("zero_output_for_mask", False)
        length = kwargs.pop("input_length", None)
        if "input_dim" in kwargs and not {"input_shape", "batch_input_shape"} & set(kwargs):
            kwargs["input_shape"] = (length, kwargs.pop("input_dim"))
        super().__init__(**kwargs)
        self.cell = cell
        self.return_sequences = return_sequences
        self.return_state = return_state
        self.go_backwards = go_backwards
        self.stateful = stateful
        self.unroll = unroll
        self.time_major = time_major
        self._kept: list[Variable] = []

    def build(self, input_shape: Any) -> None:
        """Makes the cell's weights, and what keeps the states of a stateful layer."""
        shape = input_shape[0] if isinstance(input_shape, (list, tuple)) else input_shape
        sizes = shape.as_list()
        if len(sizes) < 3:
            raise ValueError(
                f"Input 0 of layer {self.name} is incompatible with the layer: expected ndim=3, found "
                f"ndim={len(sizes)}. Full shape received: {sizes}"
            )
        batch = sizes[1] if self.time_major else sizes[0]
        build_cell(self.cell, TensorShape([batch, *sizes[2:]]), self)
        if self.stateful:
            self._make_states(batch)
        super().build(input_shape)

    def _make_states(self, batch: int | None) -> None:
        if not batch:
            raise ValueError(
                "If a RNN is stateful, it needs to know its batch size. Specify the batch size of your input tensors: "
                "by `batch_input_shape` of the first layer of a Sequential model, or by `batch_shape` of an Input."
            )
        kind = dtypes.as_dtype(self.dtype or "float32").as_numpy_dtype
        with name_scope(self._weights_in()):
            for size in nest.flatten(self.cell.state_size):
                first = np.zeros([batch, *sizes_of(size)], kind)
                self._kept.append(Variable(first, trainable=False, name="state"))

    @property
    def states(self) -> list[Any]:
        """What keeps the states of a stateful layer; None for each state of others."""
        return list(self._kept) or [None for _ in nest.flatten(self.cell.state_size)]

    def call(
        self, inputs: Any, mask: Any = None, training: Any = None, initial_state: Any = None, constants: Any = None
    ) -> Any:
        """The last output, or all with `return_sequences`; the last states behind it with `return_state`.

        Args:
            inputs: The sequences; or a list of them and the initial states.
            mask: `[batch, steps]`, False for steps that change nothing.
            training: Whether inputs and states are dropped.
            initial_state: The states before the first step, instead of zeros.
            constants: Tensors that the cell is given at each step, if its `call` has an argument of that name.

        Raises:
            ValueError: There are too few or too many initial states.
        """
        if isinstance(inputs, (list, tuple)):
            inputs, *given = inputs
            initial_state = given or initial_state
        mask = next(iter(nest.flatten(mask)))
        states = self._states_before(inputs, initial_state)
        sequence, mask = self._in_order(inputs), None if mask is None else self._in_order(math.cast(mask, dtypes.bool_))
        with self._drawn(sequence, training):
            found = self._over(sequence, states, mask, constants, training)
        output = found.last if found.outputs is None else found.outputs
        if self.stateful:
            output = self._keep(found.states, output)
        if self.return_sequences and not self.time_major:
            output = array.transpose(output, [1, 0, *range(2, len(output.shape))])
        return [output, *found.states] if self.return_state else output

    def _in_order(self, tensor: Tensor) -> Tensor:
        """Steps first, in the order in which they are taken."""
        if not self.time_major:
            tensor = array.transpose(tensor, [1, 0, *range(2, len(tensor.shape))])
        return joining.reverse(tensor, [0]) if self.go_backwards else tensor

    def _drawn(self, sequence: Tensor, training: Any) -> Any:
        """What the cell drops is the same in all steps."""
        return _Drawn(self.cell, sequence, training)

    def _over(self, sequence: Tensor, states: list[Tensor], mask: Any, constants: Any, training: Any) -> Results:
        cell = self.cell
        project = getattr(cell, "project", None)
        # The inputs of all steps times one kernel are one large product, in place of many small ones.
        items = sequence if project is None else project(sequence)

        def step(item: Tensor, flat: list[Tensor]) -> tuple[Tensor, list[Tensor]]:
            if project is not None:
                made: tuple[Tensor, list[Tensor]] = cell.advance(item, flat)
                return made
            packed = nest.pack_like(cell.state_size, flat) if nest.is_nested(cell.state_size) else flat
            output, following = one_step(cell, item, packed, constants, training)
            return output, nest.flatten(following)

        sizes = sizes_of(output_size_of(cell))
        zeros = array.zeros([array.shape(sequence)[1], *sizes], states[0].dtype if states else sequence.dtype)
        zeros.set_shape([sequence.shape.as_list()[1], *sizes])
        loop = Loop(self.unroll, self.return_sequences, self.zero_output_for_mask, project is not None)
        return over_steps(step, items, states, mask, zeros, loop)

    def _states_before(self, inputs: Tensor, given: Any) -> list[Tensor]:
        count = len(nest.flatten(self.cell.state_size))
        flat = None if given is None else nest.flatten(given)
        if flat is not None and len(flat) != count:
            raise ValueError(f"Layer has {count} states but was passed {len(flat)} initial states: {flat}")
        if not self.stateful:
            return flat if flat is not None else nest.flatten(self.get_initial_state(inputs))
        kept: list[Any] = [state.value() for state in self._kept]
        if flat is None:
            return kept
        # Where states were kept they go on; what is given holds after a reset.
        used = math.add_n([math.cast(reductions.count_nonzero(state), kept[0].dtype) for state in kept])
        goes_on = math.cast(math.sign(used), kept[0].dtype)
        return [state + (1.0 - goes_on) * first for state, first in zip(kept, flat)]

    def get_initial_state(self, inputs: Any) -> Any:
        """The states before the first step, for sequences of that shape."""
        first = inputs[0] if self.time_major else inputs[:, 0]
        return first_states(self.cell, first, None, None)

    def _keep(self, states: list[Tensor], output: Tensor) -> Tensor:
        """The output, once the states are kept for the next batch."""
        updates = [state.assign(value, read_value=False) for state, value in zip(self._kept, states)]
        with control_dependencies(updates):
            return array.identity(output)

    def reset_states(self, states: Any = None) -> None:
        """Lets a stateful layer begin anew.

        Args:
            states: The states to begin from, an array or a list of them; zeros by default.

        Raises:
            AttributeError: The layer is not stateful.
            ValueError: There are too few or too many states, or one has another shape.
        """
        if not self.stateful:
            raise AttributeError("Layer must be stateful.")
        sizes = [[size or 0 for size in state.shape.as_list()] for state in self._kept]
        given = [np.zeros(size) for size in sizes] if states is None else nest.flatten(states)
        if len(given) != len(self._kept):
            raise ValueError(f"Layer {self.name} expects {len(self._kept)} states, but it received {len(given)}.")
        for state, value in zip(self._kept, given):
            if list(np.shape(value)) != state.shape.as_list():
                raise ValueError(
                    f"A state of layer {self.name} has shape {state.shape}, but it was given one of {np.shape(value)}."
                )
            backend.set_value(state, value)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """The mask of the steps where all outputs are returned; none for the last one."""
        first = next(iter(nest.flatten(mask)))
        kept = first if self.return_sequences else None
        return [kept, *[None for _ in nest.flatten(self.cell.state_size)]] if self.return_state else kept


class _Drawn:
    """A `with` block in which a cell drops the same in all steps."""

    def __init__(self, cell: Any, sequence: Tensor, training: Any) -> None:
        self._cell, self._sequence, self._training = cell, sequence, training

    def __enter__(self) -> None:
        if hasattr(self._cell, "begin"):
            self._cell.begin(self._sequence, array.shape(self._sequence)[1], self._training)

    def __exit__(self, *error: object) -> None:
        if hasattr(self._cell, "end"):
            self._cell.end()
