"""Cells one upon the other: `StackedRNNCells`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trackml import nest
from trackml.graph.operation import Tensor
from trackml.keras.engine.base_layer import Layer
from trackml.keras.layers.cells import build_cell, check_cell, first_states, one_step, output_size_of, sizes_of
from trackml.ops import array
from trackml.shapes import TensorShape, as_shape


class StackedRNNCells(Layer):
    """Cells one upon the other: each takes the output of the one before.

    Args:
        cells: The cells.
        kwargs: What `Layer` takes.

    Raises:
        ValueError: One of them is no cell.
    """

    def __init__(self, cells: Sequence[Any], **kwargs: Any) -> None:
        for cell in cells:
            check_cell(cell)
        super().__init__(**kwargs)
        self.cells = list(cells)

    @property
    def state_size(self) -> tuple[Any, ...]:
        """The sizes of the states of each cell."""
        return tuple(cell.state_size for cell in self.cells)

    @property
    def output_size(self) -> Any:
        """The size of the last cell's output."""
        return output_size_of(self.cells[-1])

    def get_initial_state(self, inputs: Any = None, batch_size: Any = None, dtype: Any = None) -> tuple[Any, ...]:
        """The states of each cell before the first step."""
        return tuple(first_states(cell, inputs, batch_size, dtype) for cell in self.cells)

    def build(self, input_shape: Any) -> None:
        """Makes the weights of all cells."""
        shape = as_shape(input_shape)
        for cell in self.cells:
            build_cell(cell, shape, self)
            shape = TensorShape([shape.as_list()[0]]).concatenate(as_shape(sizes_of(output_size_of(cell))))
        super().build(input_shape)

    def begin(self, inputs: Tensor, batch_size: Any, training: Any) -> None:
        """Draws what each cell drops, the same for all steps until `end`."""
        for cell in self.cells:
            if hasattr(cell, "begin"):
                cell.begin(inputs, batch_size, training)
            size = output_size_of(cell)
            inputs = array.zeros([batch_size, *sizes_of(size)], inputs.dtype)
            inputs.set_shape([None, *sizes_of(size)])

    def end(self) -> None:
        """Forgets what was dropped."""
        for cell in self.cells:
            if hasattr(cell, "end"):
                cell.end()

    def call(self, inputs: Tensor, states: Any, constants: Any = None, training: Any = None) -> Any:
        """One step through all cells: the last output, and the states of each."""
        following = []
        for cell, mine in zip(self.cells, nest.pack_like(self.state_size, nest.flatten(states))):
            several = nest.is_nested(mine)
            inputs, after = one_step(cell, inputs, mine if several else [mine], constants, training)
            flat = nest.flatten(after)
            following.append(nest.pack_like(mine, flat) if several else flat[0])
        return inputs, tuple(following)
