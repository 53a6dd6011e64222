"""Cells made of cells: several on top of each other, and one with dropout around it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from trackml import nest
from trackml.graph.conversion import constant_value, convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.layers.rnn_cells import LSTMStateTuple, RNNCell, weights_of
from trackml.ops.dropout import dropout
from trackml.ops.framework import name_scope
from trackml.ops.joining import concat, split
from trackml.variables import Variable, variable_scope


class MultiRNNCell(RNNCell):
    """Cells on top of each other: the output of one is the input of the next.

    Args:
        cells: The cells, the lowest first.
        state_is_tuple: Whether the state is a tuple of the cells' states, not all of them joined.

    Raises:
        TypeError: `cells` is no list.
        ValueError: It is empty.
    """

    def __init__(self, cells: Sequence[RNNCell], state_is_tuple: bool = True) -> None:
        super().__init__()
        if not isinstance(cells, (list, tuple)):
            raise TypeError(f"cells must be a list or tuple, but saw: {cells}.")
        if not cells:
            raise ValueError("Must specify at least one cell for MultiRNNCell.")
        self._cells = list(cells)
        self._state_is_tuple = state_is_tuple
        if not state_is_tuple and any(nest.is_nested(cell.state_size) for cell in cells):
            raise ValueError("Some cells return tuples of states, but the flag state_is_tuple is not set.")

    @property
    def state_size(self) -> Any:
        """The cells' state sizes; their sum if the state is not a tuple."""
        sizes = tuple(cell.state_size for cell in self._cells)
        return sizes if self._state_is_tuple else sum(sizes)

    @property
    def output_size(self) -> Any:
        """That of the last cell."""
        return self._cells[-1].output_size

    @property
    def trainable_weights(self) -> list[Variable]:
        """Those of all cells."""
        return weights_of(self._cells)[0] if self.trainable else []

    @property
    def non_trainable_weights(self) -> list[Variable]:
        """Those of all cells."""
        trainable, others = weights_of(self._cells)
        return others if self.trainable else trainable + others

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        """The states to begin with, one for each cell."""
        if not self._state_is_tuple:
            return super().zero_state(batch_size, dtype)
        with name_scope("MultiRNNCellZeroState", None, [batch_size]):
            return tuple(cell.zero_state(batch_size, dtype) for cell in self._cells)

    def call(self, inputs: Any, state: Any) -> Any:
        """The output of the last cell, and the next states of all."""
        sizes = [cell.state_size for cell in self._cells]
        states = state if self._state_is_tuple else split(state, sizes, 1)
        following = []
        for index, (cell, own) in enumerate(zip(self._cells, states)):
            with variable_scope(f"cell_{index}"):
                inputs, new_state = cell(inputs, own)
            following.append(new_state)
        return inputs, tuple(following) if self._state_is_tuple else concat(following, 1)


class DropoutWrapper(RNNCell):
    """A cell with dropout on its inputs, its output and its next state.

    Args:
        cell: The cell.
        input_keep_prob: The probability to keep an element of the inputs; a number or a scalar tensor.
        output_keep_prob: The same for the output.
        state_keep_prob: The same for the next state, of which `c` of an `LSTMStateTuple` is never dropped.
        variational_recurrent: Not supported; must be False.
        input_size: Accepted for TensorFlow's sake.
        dtype: Type of the weights.
        seed: Seed of the random numbers.
        dropout_state_filter_visitor: Tells of each part of a state whether it may be dropped.

    Raises:
        ValueError: A probability is not between 0 and 1.
    """

    def __init__(
        self,
        cell: RNNCell,
        input_keep_prob: Any = 1.0,
        output_keep_prob: Any = 1.0,
        state_keep_prob: Any = 1.0,
        variational_recurrent: bool = False,
        input_size: Any = None,
        dtype: Any = None,
        seed: int | None = None,
        dropout_state_filter_visitor: Callable[[Any], Any] | None = None,
    ) -> None:
        super().__init__(dtype=dtype)
        if variational_recurrent:
            raise ValueError("DropoutWrapper has no variational_recurrent dropout; use input and output_keep_prob.")
        self._cell = cell
        self._seed = seed
        self._filter = dropout_state_filter_visitor or _dropped_parts
        self._input_keep_prob = _probability(input_keep_prob, "input_keep_prob")
        self._output_keep_prob = _probability(output_keep_prob, "output_keep_prob")
        self._state_keep_prob = _probability(state_keep_prob, "state_keep_prob")

    @property
    def wrapped_cell(self) -> RNNCell:
        """The cell inside."""
        return self._cell

    @property
    def state_size(self) -> Any:
        """That of the cell."""
        return self._cell.state_size

    @property
    def output_size(self) -> Any:
        """That of the cell."""
        return self._cell.output_size

    @property
    def trainable_weights(self) -> list[Variable]:
        """Those of the cell."""
        return self._cell.trainable_weights

    @property
    def non_trainable_weights(self) -> list[Variable]:
        """Those of the cell."""
        return self._cell.non_trainable_weights

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        """The cell's state to begin with."""
        with name_scope("DropoutWrapperZeroState", None, [batch_size]):
            return self._cell.zero_state(batch_size, dtype)

    def __call__(  # type: ignore[override]
        self, inputs: Any, state: Any, scope: Any = None, **kwargs: Any
    ) -> Any:
        """The cell's output and next state, with dropout. The wrapper adds nothing to the names of the weights."""
        output, following = self._cell(self._dropped(inputs, "input", self._input_keep_prob), state, scope=scope)
        if not _certain(self._state_keep_prob):
            following = self._dropped_state(following)
        return self._dropped(output, "output", self._output_keep_prob), following

    def _dropped(self, values: Any, salt: str, keep_prob: Any) -> Any:
        if _certain(keep_prob):
            return values
        leaves = [self._thinned(value, salt, index, keep_prob) for index, value in enumerate(nest.flatten(values))]
        return nest.pack_like(values, leaves)

    def _dropped_state(self, state: Any) -> Any:
        drop = nest.flatten(self._filter(state))
        leaves = [
            self._thinned(value, "state", index, self._state_keep_prob) if may_drop is not False else value
            for index, (value, may_drop) in enumerate(zip(nest.flatten(state), drop))
        ]
        return nest.pack_like(state, leaves)

    def _thinned(self, value: Any, salt: str, index: int, keep_prob: Any) -> Tensor:
        return dropout(value, rate=1.0 - keep_prob, seed=self._seed_of(salt, index))

    def _seed_of(self, salt: str, index: int) -> int | None:
        """A seed of its own for each place, as TensorFlow derives it."""
        if self._seed is None:
            return None
        text = f"{self._seed}{salt}_{index}".encode()
        return int(hashlib.md5(text, usedforsecurity=False).hexdigest()[:8], 16) & 0x7FFFFFFF


def _probability(value: Any, name: str) -> Any:
    tensor = convert_to_tensor(value)
    known = constant_value(tensor)
    if known is None:
        return tensor
    if not 0 <= float(known) <= 1:
        raise ValueError(f"Parameter {name} must be between 0 and 1: {float(known)}")
    return float(known)


def _certain(keep_prob: Any) -> bool:
    return isinstance(keep_prob, float) and keep_prob == 1.0


def _dropped_parts(state: Any) -> Any:
    if isinstance(state, LSTMStateTuple):
        return LSTMStateTuple(False, True)
    if type(state) in (tuple, list):
        return type(state)(_dropped_parts(part) for part in state)
    return nest.map_structure(lambda _: True, state)
