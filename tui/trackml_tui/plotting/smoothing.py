"""TensorBoard's smoothing: an exponential moving average with the bias of its start removed.

For each finite value `y`, in order: `last = w * last + (1 - w) * y`, `n += 1`, and the smoothed value is
`last / (1 - w ** n)`. Values that are not finite pass through and do not count; a constant series is
returned as it is. Unlike TensorBoard, which smooths a sample of at most 1,000 points, every point counts
here, so the curve does not depend on how long the run is.

The recurrence is evaluated in blocks: inside a block it is a cumulative sum of `y[j] / w ** j`, scaled
back by `w ** j`, and blocks are short enough for `w ** -j` to stay below 1e100. Only one number a block
is carried on in Python.

Source: tensorboard/webapp/widgets/line_chart_v2/data_transformer.ts (TensorBoard 2.21).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trackml_tui.plotting.series import Y

_LARGEST_WEIGHT_EXPONENT = 100
_LONGEST_BLOCK = 4096
_SLACK = 8


@dataclass(frozen=True, slots=True, eq=False)
class Smoothed:
    """Smoothed values, and what it takes to go on."""

    values: NDArray[np.float64]
    """[n]; a view of a longer array that later values are written into."""
    average: float
    """`last` of the recurrence; 0 as long as values pass through unchanged."""
    count: int
    """Finite values that went into it."""
    constant: float | None
    """The value that all had so far; None if they differ, or if one is not finite."""


def smooth(values: Y, weight: float) -> NDArray[np.float64]:
    """The smoothed values, [n] float64.

    Args:
        values: The series, in its order [n].
        weight: How much of the past is kept, clamped to [0, 1]; not finite counts as 0.
    """
    return smooth_on(None, values, weight).values


def smooth_on(begun: Smoothed | None, values: Y, weight: float) -> Smoothed:
    """The smoothed values of a series, going on from those of its beginning.

    Args:
        begun: What this gave for the first of these values, with the same weight; None to begin.
        values: The series, in its order [n].
        weight: How much of the past is kept, clamped to [0, 1]; not finite counts as 0.
    """
    weight = min(max(weight, 0.0), 1.0) if math.isfinite(weight) else 0.0
    held = begun.values.size if begun is not None else 0
    if begun is not None and begun.constant is not None and not bool((values[held:] == begun.constant).all()):
        begun, held = None, 0  # What was left as it is because it did not change has to be smoothed after all.
    new = values[held:].astype(np.float64)
    constant = _constant(begun, new)
    if weight == 0.0 or constant is not None:
        return Smoothed(_appended(begun, new), 0.0, 0, constant)
    finite = np.isfinite(new)
    clean = new if finite.all() else new[finite]
    average, count = (begun.average, begun.count) if begun is not None else (0.0, 0)
    if clean.size:
        averaged, average = _averages(clean, weight, average)
        counts = np.arange(count + 1, count + 1 + clean.size, dtype=np.float64)
        # 1 - w**n, exact for w near 1 too.
        new[finite] = averaged / (-np.expm1(counts * math.log(weight)) if weight < 1.0 else 1.0)
    return Smoothed(_appended(begun, new), average, count + clean.size, None)


def _constant(begun: Smoothed | None, new: NDArray[np.float64]) -> float | None:
    """The value that all values have, those of `begun` too; None if there is none, or if it is not finite."""
    if begun is not None and begun.values.size:
        return begun.constant
    if not new.size or not math.isfinite(new[0]) or not bool((new == new[0]).all()):
        return None
    return float(new[0])


def _appended(begun: Smoothed | None, new: NDArray[np.float64]) -> NDArray[np.float64]:
    """The values of `begun` and the new ones, in the room behind the former where there is some."""
    if begun is None or not begun.values.size:
        return new
    held, total = begun.values.size, begun.values.size + new.size
    room = begun.values.base
    if not isinstance(room, np.ndarray) or room.size < total:
        room = np.empty(total + total // _SLACK)
        room[:held] = begun.values
    room[held:total] = new
    return room[:total]


def _averages(values: NDArray[np.float64], weight: float, before: float) -> tuple[NDArray[np.float64], float]:
    """`last` of the recurrence after each value, and after all of them."""
    if weight == 1.0:
        return np.full(values.size, before), before
    largest = max(float(np.abs(values).max()), abs(before)) or 1.0
    averages = _moving_average(values / largest, weight)
    if before:
        averages += (before / largest) * weight ** np.arange(1, values.size + 1, dtype=np.float64)
    averages *= largest
    return averages, float(averages[-1])


def _moving_average(values: NDArray[np.float64], weight: float) -> NDArray[np.float64]:
    block = int(min(_LONGEST_BLOCK, max(1.0, _LARGEST_WEIGHT_EXPONENT / -math.log10(weight)), values.size))
    blocks = -(-values.size // block)
    padded = np.zeros(blocks * block)
    padded[: values.size] = values
    decay = weight ** np.arange(1, block + 1)
    inside = np.cumsum(padded.reshape(blocks, block) / decay, axis=1)
    inside *= (1.0 - weight) * decay
    carried, carries = 0.0, np.empty(blocks)
    for index, end in enumerate(inside[:, -1].tolist()):
        carries[index] = carried
        carried = end + carried * decay[-1]
    inside += carries[:, None] * decay
    return inside.ravel()[: values.size]
