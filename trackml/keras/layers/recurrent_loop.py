"""The loop of recurrent layers: one step after the other, with masks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from trackml import dtypes
from trackml.graph.operation import Tensor
from trackml.ops import array, gathering, joining
from trackml.ops.tensor_array import TensorArray
from trackml.ops.while_loops import while_loop

Step = Callable[[Any, list[Tensor]], tuple[Tensor, list[Tensor]]]
"""Takes what goes into one step and the states; gives the output and the next states."""


class Loop(NamedTuple):
    """How the steps are gone through."""

    unroll: bool = False
    """Whether the steps are written out one by one, rather than as a loop."""
    every_output: bool = False
    """Whether all outputs are wanted, not the last alone."""
    zero_output: bool = False
    """Whether the output of masked steps is zero, rather than the one before."""
    output_is_state: bool = False
    """Whether a step's output is its first state."""


class Results(NamedTuple):
    """What comes of the steps."""

    last: Tensor
    """The last output, `[batch, ...]`."""
    outputs: Tensor | None
    """All outputs, `[steps, batch, ...]`, if they are wanted."""
    states: list[Tensor]
    """The states after the last step."""


def over_steps(
    step: Step, sequence: Tensor, states: Sequence[Tensor], mask: Tensor | None, first_output: Tensor, loop: Loop
) -> Results:
    """Goes through the steps of a sequence.

    Args:
        step: Makes one step.
        sequence: `[steps, batch, ...]`.
        states: The states before the first step.
        mask: `[steps, batch]`, False for steps that change nothing.
        first_output: Zeros in the shape of an output: what it is before the first step that counts.
        loop: How to go.

    Raises:
        ValueError: The loop is to be written out, but the number of steps is not known.
    """
    masked = step if mask is None else _masked(step, first_output if loop.zero_output else None)
    if loop.unroll:
        return _written_out(masked, sequence, list(states), mask, first_output, loop.every_output)
    # What goes from step to step costs in the loop and in its gradient.
    carried = mask is not None or not (loop.every_output or loop.output_is_state)
    return _looped(masked, sequence, list(states), mask, first_output, (loop.every_output, carried))


def _masked(step: Step, zeros: Tensor | None) -> Callable[..., tuple[Tensor, list[Tensor]]]:
    """A step that also takes the mask and the output before it, and keeps what is masked as it was."""

    def kept(item: Any, states: list[Tensor], counts: Tensor, before: Tensor) -> tuple[Tensor, list[Tensor]]:
        output, following = step(item, states)
        output = _where(counts, output, before if zeros is None else zeros)
        return output, [_where(counts, new, old) for new, old in zip(following, states)]

    return kept


def _written_out(
    step: Any, sequence: Tensor, states: list[Tensor], mask: Tensor | None, output: Tensor, every_output: bool
) -> Results:
    count = sequence.shape.as_list()[0]
    if not count:
        raise ValueError(
            "Cannot unroll a RNN if the time dimension is undefined: give the input a number of steps, or leave "
            "`unroll` out."
        )
    items = joining.unstack(sequence, count)
    masks = [None] * count if mask is None else joining.unstack(mask, count)
    outputs = []
    for item, counts in zip(items, masks):
        more = () if counts is None else (counts, output)
        output, states = step(item, states, *more)
        outputs.append(output)
    return Results(output, joining.stack(outputs) if every_output else None, states)


def _looped(
    step: Any, sequence: Tensor, states: list[Tensor], mask: Tensor | None, output: Tensor, kept: tuple[bool, bool]
) -> Results:
    """The steps as a loop. `kept` says whether all outputs are written down, and whether the last one is carried on."""
    every_output, carried = kept
    count = array.shape(sequence)[0]
    items = TensorArray(sequence.dtype, count).unstack(sequence)
    masks = None if mask is None else TensorArray(dtypes.bool_, count).unstack(mask)

    def body(time: Tensor, states: list[Tensor], last: list[Tensor], places: list[Any]) -> Any:
        item = items.read(time)
        item.set_shape(sequence.shape[1:])
        more = () if masks is None else (masks.read(time), last[0])
        after, following = step(item, states, *more)
        following = [_shaped(new, old) for new, old in zip(following, states)]
        after = _shaped(after, output)
        return time + 1, following, [after] * len(last), [place.write(time, after) for place in places]

    places = [TensorArray(output.dtype, count)] if every_output else []
    start = (array.zeros([], dtypes.int32), list(states), [output] if carried else [], places)
    _, states, last, places = while_loop(lambda time, *rest: time < count, body, start)
    final = last[0] if last else states[0] if states else output
    if not places:
        return Results(final, None, list(states))
    outputs = places[0].stack()
    outputs.set_shape([sequence.shape.as_list()[0], *output.shape.as_list()])
    return Results(final, outputs, list(states))


def _where(counts: Tensor, new: Tensor, old: Tensor) -> Tensor:
    """By the examples that count: rows of `new`, else those of `old`."""
    chosen: Tensor = gathering.where(counts, new, old)
    return chosen


def _shaped(new: Tensor, old: Tensor) -> Tensor:
    new.set_shape(old.shape)
    return new
