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

import numpy as np
from numpy.typing import NDArray

_LARGEST_WEIGHT_EXPONENT = 100
_LONGEST_BLOCK = 4096


def smooth(values: NDArray[np.float64], weight: float) -> NDArray[np.float64]:
    """The smoothed values, [n] float64.

    Args:
        values: The series, in its order [n].
        weight: How much of the past is kept, clamped to [0, 1]; not finite counts as 0.
    """
    weight = min(max(weight, 0.0), 1.0) if math.isfinite(weight) else 0.0
    finite = np.isfinite(values)
    everything = bool(finite.all())
    clean = values if everything else values[finite]
    if weight == 0.0 or clean.size == 0 or (everything and bool((values == values[0]).all())):
        return values.astype(np.float64, copy=True)
    averaged = np.zeros_like(clean) if weight == 1.0 else _debiased(clean, weight)
    if everything:
        return averaged
    result = values.astype(np.float64, copy=True)
    result[finite] = averaged
    return result


def _debiased(values: NDArray[np.float64], weight: float) -> NDArray[np.float64]:
    largest = float(np.abs(values).max()) or 1.0
    average = _moving_average(values / largest, weight)
    counts = np.arange(1, values.size + 1, dtype=np.float64)
    # 1 - w**n, exact for w near 1 too.
    average /= -np.expm1(counts * math.log(weight))
    result: NDArray[np.float64] = average * largest
    return result


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
