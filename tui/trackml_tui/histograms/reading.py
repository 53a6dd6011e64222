"""The histograms of a tag over time, of which as many are read as can be told apart on the screen.

They are read in blocks that stay the same while a run grows, so that a new step costs one small block.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from trackml.runs import BlobSeries, Histogram
from trackml_tui.gallery.shown import Shown
from trackml_tui.gallery.steps import Steps, thinned
from trackml_tui.scene import Scene

_BLOCK = 32
Value: TypeAlias = "Histogram | str"
"""A histogram, or why it could not be read."""


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """What was read so far of one run."""

    steps: Steps
    """Going up, shape `[len(histograms)]`."""
    histograms: tuple[Histogram, ...]
    stride: int
    """How many there are for each that is read."""
    waiting: int
    """How many are still to be read."""
    errors: tuple[str, ...]
    key: Hashable
    """Tells it from other histories."""


def read_history(scene: Scene, shown: Shown, most: int) -> History:
    """Every k-th histogram of a run, so that at most about `most` are read; what is not at hand yet is asked for."""
    stride, indices = thinned(len(shown.series), most)
    found: dict[int, Value] = {}
    for start in range(0, len(indices), _BLOCK):
        block = tuple(indices[start : start + _BLOCK])
        key = ("histograms", stride, len(block), shown.identity(block[0]), shown.identity(block[-1]))
        series = shown.series
        loaded = scene.contents.get(key, lambda series=series, block=block: _read_block(series, block))  # type: ignore[misc]
        if loaded is not None and loaded.value is not None:
            found.update(zip(block, loaded.value))
    good: list[int] = [index for index, value in found.items() if isinstance(value, Histogram) and len(value.counts)]
    order = np.argsort(shown.steps[good], kind="stable").tolist()
    ordered = [good[place] for place in order]
    return History(
        shown.steps[ordered],
        tuple(value for index in ordered if isinstance(value := found[index], Histogram)),
        stride,
        len(indices) - len(found),
        tuple(value for value in found.values() if isinstance(value, str)),
        (shown.identity(len(shown.series) - 1), stride, tuple(found)),
    )


def read_one(scene: Scene, shown: Shown, index: int) -> Histogram | str | None:
    """One histogram; why it cannot be read; or None while it is being read."""
    loaded = shown.read(scene, "histogram", index, lambda value: value)
    if loaded is None:
        return None
    return loaded.value if loaded.value is not None else loaded.error


def _read_block(series: BlobSeries[Histogram], block: tuple[int, ...]) -> tuple[Value, ...]:
    return tuple(_read(series, index) for index in block)


def _read(series: BlobSeries[Histogram], index: int) -> Value:
    try:
        return series[index]
    except Exception as error:  # one damaged value hides no other
        return str(error) or type(error).__name__
