"""What any cell of a recurrent layer has: sizes of states, first states, one step."""

from __future__ import annotations

from typing import Any

from trackml import nest
from trackml.graph.operation import Tensor
from trackml.keras.engine.base_layer import Layer
from trackml.keras.engine.configuration import parameters_of
from trackml.ops import array
from trackml.shapes import TensorShape


class AbstractRNNCell(Layer):
    """The base for cells of one's own: with `state_size`, `output_size` and `call(inputs, states)`."""

    @property
    def state_size(self) -> Any:
        """The sizes of the states: a number, or a list of them."""
        raise TypeError(f"{type(self).__name__} must define the property state_size.")

    @property
    def output_size(self) -> Any:
        """The size of the output."""
        raise TypeError(f"{type(self).__name__} must define the property output_size.")

    def call(self, inputs: Any, states: Any) -> Any:
        """One step: the output, and the states after it."""
        raise TypeError(f"{type(self).__name__} must define call(inputs, states).")

    def get_initial_state(self, inputs: Any = None, batch_size: Any = None, dtype: Any = None) -> Any:
        """Zeros for the states before the first step."""
        return zero_states(self.state_size, inputs, batch_size, dtype)


def check_cell(cell: Any) -> None:
    """Raises ValueError for what is no cell."""
    for name in ("call", "state_size"):
        if not hasattr(cell, name):
            raise ValueError(
                f"A RNN cell should have a `{name}` {'method' if name == 'call' else 'attribute'}: {cell!r}"
            )


def build_cell(cell: Any, shape: TensorShape, outer: Layer) -> None:
    """Makes the weights of a cell, under the name of the layer that it is in."""
    if isinstance(cell, Layer):
        if cell.built:
            return
        cell._dtype = cell._dtype or outer._dtype
        cell._weight_scope = outer._weights_in()
        cell.build(shape)
        cell.built = True
    elif hasattr(cell, "build"):
        cell.build(shape)


def one_step(cell: Any, inputs: Any, states: Any, constants: Any, training: Any) -> Any:
    """Calls a cell, with what it takes of `constants` and `training`."""
    accepted = parameters_of(type(cell), "call")
    given = {"constants": constants, "training": training}
    arguments = {name: value for name, value in given.items() if name in accepted and value is not None}
    return cell(inputs, states, **arguments) if callable(cell) else cell.call(inputs, states, **arguments)


def output_size_of(cell: Any) -> Any:
    """The size of a cell's output: that of its first state, if it does not say."""
    size = getattr(cell, "output_size", None)
    return nest.flatten(cell.state_size)[0] if size is None else size


def first_states(cell: Any, inputs: Any, batch_size: Any, dtype: Any) -> Any:
    """The states of a cell before the first step: zeros, if it does not say."""
    if hasattr(cell, "get_initial_state"):
        return cell.get_initial_state(inputs=inputs, batch_size=batch_size, dtype=dtype)
    return zero_states(cell.state_size, inputs, batch_size, dtype)


def zero_states(sizes: Any, inputs: Any, batch_size: Any, dtype: Any) -> Any:
    """Zeros in the structure of `sizes`, `[batch, size]` each.

    Raises:
        ValueError: Neither inputs nor a batch size and a type are given.
    """
    if inputs is not None:
        batch_size, dtype = array.shape(inputs)[0], inputs.dtype
    if batch_size is None or dtype is None:
        raise ValueError("batch_size and dtype cannot be None while constructing initial state.")
    known = batch_size if isinstance(batch_size, int) else None if inputs is None else inputs.shape.as_list()[0]

    def zeros(size: Any) -> Tensor:
        made = array.zeros([batch_size, *sizes_of(size)], dtype)
        made.set_shape([known, *sizes_of(size)])
        return made

    return nest.map_structure(zeros, sizes)


def sizes_of(size: Any) -> list[int]:
    """A size of a state, a number or a shape, as a list of numbers."""
    if isinstance(size, TensorShape):
        return [int(item or 0) for item in size.as_list()]
    return [int(item) for item in nest.flatten(size)]
