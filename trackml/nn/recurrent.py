"""Loops over time that run a recurrent cell: `static_rnn` written out step by step, `dynamic_rnn` as a loop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trackml import dtypes, nest
from trackml.dtypes import as_dtype
from trackml.graph.conversion import constant, convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.layers.rnn_cells import RNNCell
from trackml.ops import array
from trackml.ops.checks import assert_equal
from trackml.ops.comparison import greater_equal
from trackml.ops.conditional import cond
from trackml.ops.framework import control_dependencies
from trackml.ops.gathering import where
from trackml.ops.math import cast, maximum, minimum
from trackml.ops.reductions import reduce_max
from trackml.ops.tensor_array import TensorArray
from trackml.ops.while_loops import while_loop
from trackml.shapes import TensorShape
from trackml.variables import get_variable_scope, variable_scope


def static_rnn(
    cell: RNNCell,
    inputs: Sequence[Any],
    initial_state: Any = None,
    dtype: Any = None,
    sequence_length: Any = None,
    scope: Any = None,
) -> tuple[list[Any], Any]:
    """Runs a cell over a list of inputs, with operations of their own for each step.

    Args:
        cell: A recurrent cell.
        inputs: A tensor `[batch, depth]` for each step.
        initial_state: The state to begin with; zeros by default.
        dtype: The type of that state; needed without one.
        sequence_length: The number of steps of each example, `[batch]`: beyond it outputs are zeros and the state
            stays.
        scope: Variable scope; `rnn` by default.

    Returns:
        A list with the output of each step, and the last state.

    Raises:
        TypeError: `cell` is no cell, or `inputs` no list.
        ValueError: `inputs` is empty, or there is neither a state nor a type.
    """
    _check_cell(cell)
    if not isinstance(inputs, (list, tuple)):
        raise TypeError("inputs must be a sequence")
    if not inputs:
        raise ValueError("inputs must not be empty")
    with variable_scope(scope or "rnn"):
        steps = [nest.map_structure(convert_to_tensor, item) for item in inputs]
        batch_size = _batch_size(nest.flatten(steps[0])[0], 0)
        state = _initial_state(cell, initial_state, batch_size, dtype)
        lengths = None if sequence_length is None else _lengths(sequence_length)
        longest = None if lengths is None else reduce_max(lengths)
        outputs: list[Any] = []
        for time, item in enumerate(steps):
            if time > 0:
                get_variable_scope().reuse_variables()
            if lengths is None or longest is None:
                output, state = cell(item, state)
            else:
                output, state = _unless_done(constant(time), lengths, longest, cell, item, state)
            outputs.append(output)
        return outputs, state


def dynamic_rnn(
    cell: RNNCell,
    inputs: Any,
    sequence_length: Any = None,
    initial_state: Any = None,
    dtype: Any = None,
    parallel_iterations: int | None = None,
    swap_memory: bool = False,
    time_major: bool = False,
    scope: Any = None,
) -> tuple[Any, Any]:
    """Runs a cell over the time of its inputs, in a loop.

    Args:
        cell: A recurrent cell.
        inputs: A tensor `[batch, time, depth]`, or a structure of such.
        sequence_length: The number of steps of each example, `[batch]`: beyond it outputs are zeros and the state
            stays.
        initial_state: The state to begin with; zeros by default.
        dtype: The type of that state; needed without one.
        parallel_iterations: Accepted for TensorFlow's sake.
        swap_memory: Accepted for TensorFlow's sake.
        time_major: Whether inputs and outputs are `[time, batch, ...]`, which saves two transpositions.
        scope: Variable scope; `rnn` by default.

    Returns:
        The outputs `[batch, time, output_size]`, and the last state.

    Raises:
        TypeError: `cell` is no cell.
        ValueError: There is neither a state nor a type, or the depth of the inputs is not known.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default():
        ...     cell = tf.nn.rnn_cell.BasicLSTMCell(8)
        ...     outputs, state = tf.nn.dynamic_rnn(cell, tf.zeros([2, 5, 3]), dtype=tf.float32)
        ...     print(outputs.shape, state.h.shape)
        (2, 5, 8) (2, 8)
    """
    _check_cell(cell)
    with variable_scope(scope or "rnn"):
        steps = nest.map_structure(lambda item: _time_first(convert_to_tensor(item), time_major), inputs)
        first = nest.flatten(steps)[0]
        batch_size = _batch_size(first, 1)
        lengths = None if sequence_length is None else _checked_lengths(sequence_length, batch_size)
        state = _initial_state(cell, initial_state, batch_size, dtype)
        outputs, last = _looped(cell, steps, state, lengths, _type_of(dtype, state))
        return nest.map_structure(lambda item: _time_first(item, time_major), outputs), last


def _looped(cell: RNNCell, steps: Any, state: Any, lengths: Tensor | None, dtype: Any) -> tuple[Any, Any]:
    first = nest.flatten(steps)[0]
    for item in nest.flatten(steps):
        if not item.shape.with_rank_at_least(3)[2:].is_fully_defined():
            raise ValueError(
                "Input size (depth of inputs) must be accessible via shape inference, but saw value None: "
                f"shape {item.shape} for '{item.name}'."
            )
    known_time, known_batch = first.shape.as_list()[:2]
    count = array.shape(first)[0] if known_time is None else constant(known_time, name="time_steps")
    parts = nest.map_structure(lambda item: TensorArray(item.dtype, count).unstack(item), steps)
    written = nest.map_structure(
        lambda size: TensorArray(dtype, count, element_shape=TensorShape([known_batch]).concatenate(_sizes(size))),
        cell.output_size,
    )

    def step(time: Tensor, arrays: Any, state: Any) -> Any:
        item = nest.map_structure(lambda part: part.read(time), parts)
        if lengths is None:
            output, following = cell(item, state)
        else:
            output, following = _masked(time, lengths, cell, item, state)
        return time + 1, nest.map_structure(lambda place, value: place.write(time, value), arrays, output), following

    # With lengths the loop ends with the longest example; at least one round makes the shapes known.
    bound = count if lengths is None else minimum(count, maximum(1, reduce_max(lengths)))
    _, arrays, last = while_loop(
        lambda time, *_: time < bound, step, (constant(0, name="time"), written, state), maximum_iterations=count
    )
    return nest.map_structure(lambda place: place.stack(), arrays), last


def _masked(time: Tensor, lengths: Tensor, cell: RNNCell, item: Any, state: Any) -> tuple[Any, Any]:
    """A step in which examples that have ended give zeros and keep their state."""
    output, following = cell(item, state)
    nest.assert_same_structure(state, following)
    done = greater_equal(time, lengths)
    outputs = nest.map_structure(lambda new: where(done, array.zeros_like(new), new), output)
    return outputs, nest.map_structure(lambda old, new: _kept(done, old, new), state, following)


def _kept(done: Tensor, old: Any, new: Any) -> Any:
    return new if new.shape.ndims == 0 else where(done, old, new)


def _unless_done(
    time: Tensor, lengths: Tensor, longest: Tensor, cell: RNNCell, item: Any, state: Any
) -> tuple[Any, Any]:
    """A step that is not computed at all when every example has ended."""
    batch_size = _batch_size(nest.flatten(item)[0], 0)
    dtype = nest.flatten(state)[0].dtype

    def ended() -> Any:
        blank = nest.map_structure(lambda size: array.zeros([batch_size, *_sizes(size)], dtype), cell.output_size)
        return blank, nest.map_structure(array.identity, state)

    output, following = cond(
        greater_equal(time, reduce_max(lengths)), ended, lambda: _masked(time, lengths, cell, item, state)
    )
    return output, following


def _check_cell(cell: Any) -> None:
    if not all(hasattr(cell, name) for name in ("output_size", "state_size", "zero_state")) or not callable(cell):
        raise TypeError(f"The argument 'cell' ({cell!r}) is not an RNNCell.")


def _sizes(size: Any) -> list[Any]:
    return size.as_list() if isinstance(size, TensorShape) else [size]


def _batch_size(tensor: Tensor, axis: int) -> Any:
    known = tensor.shape.with_rank_at_least(axis + 1).as_list()[axis]
    return array.shape(tensor)[axis] if known is None else known


def _initial_state(cell: RNNCell, state: Any, batch_size: Any, dtype: Any) -> Any:
    if state is not None:
        return nest.map_structure(convert_to_tensor, state)
    if dtype is None:
        raise ValueError("If there is no initial_state, you must give a dtype.")
    return cell.zero_state(batch_size, dtype)


def _type_of(dtype: Any, state: Any) -> Any:
    return nest.flatten(state)[0].dtype if dtype is None else as_dtype(dtype)


def _lengths(sequence_length: Any) -> Tensor:
    lengths = cast(convert_to_tensor(sequence_length), dtypes.int32)
    if lengths.shape.ndims not in (None, 1):
        raise ValueError(f"sequence_length must be a vector of length batch_size, but saw shape: {lengths.shape}")
    return array.identity(lengths, name="sequence_length")


def _checked_lengths(sequence_length: Any, batch_size: Any) -> Tensor:
    lengths = _lengths(sequence_length)
    message = "Expected one sequence_length for each example of the batch"
    with control_dependencies([assert_equal(array.shape(lengths)[0], batch_size, message=message)]):
        return array.identity(lengths, name="CheckSeqLen")


def _time_first(tensor: Tensor, time_major: bool) -> Tensor:
    """Exchanges batch and time, unless time is first already."""
    if time_major:
        return tensor
    if tensor.shape.ndims is None:
        raise ValueError(f"The rank of inputs must be known; got shape {tensor.shape} for '{tensor.name}'.")
    return array.transpose(tensor, [1, 0, *range(2, tensor.shape.ndims)])
