"""Sound as a picture: its waveform, and its spectrogram."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from trackml_tui.plotting.braille import DOT_ROWS, dotted
from trackml_tui.plotting.paint import Paint
from trackml_tui.plotting.rgb import Colour, RgbGrid

Floats: TypeAlias = NDArray[np.float32]

FLOOR_DB = -80.0
"""What a spectrogram does not show any more, in dB below the loudest."""
_WINDOW = 1024
_SMALLEST_WINDOW = 64
_MOST_WINDOWS = 4096


def envelope(samples: Floats, columns: int) -> tuple[Floats, Floats]:
    """The least and the greatest sample in each of `columns` equal stretches; NaN where there is none."""
    if not len(samples):
        nothing = np.full(columns, np.nan, np.float32)
        return nothing, nothing
    edges = np.linspace(0, len(samples), columns + 1).astype(np.int64)
    starts = np.minimum(edges[:-1], len(samples) - 1)
    low = np.minimum.reduceat(samples, starts)
    high = np.maximum.reduceat(samples, starts)
    return low, high


def draw_wave(low: Floats, high: Floats, rows: int, colour: Colour, paint: Paint) -> RgbGrid:
    """A waveform between -1 and 1, in dots.

    Args:
        low: The least sample of each column of dots, shape `[2 * columns]`.
        high: The greatest sample of each column of dots, shape `[2 * columns]`.
        rows: Height in cells.
        colour: The colour of the wave.
        paint: The colours of the rest.
    """
    height = DOT_ROWS * rows
    down = np.arange(height)[:, None]
    top = np.rint((1.0 - np.clip(high, -1, 1)) / 2 * (height - 1))
    bottom = np.rint((1.0 - np.clip(low, -1, 1)) / 2 * (height - 1))
    return dotted((down >= top) & (down <= bottom), colour, paint)


def spectrogram(samples: Floats, columns: int, bins: int) -> NDArray[np.float64]:
    """Loudness over time and frequency, in dB below the loudest, the highest frequency first, shape `[bins, columns]`.

    Hann windows, one or more a column; of those in one column the loudest counts, as does the loudest of the
    frequencies in one bin, so that a short click or a thin line is not lost.

    Args:
        samples: One channel.
        columns: Stretches of time.
        bins: Stretches of frequency, from 0 to half of the sample rate.
    """
    window = _window_length(len(samples), bins)
    if len(samples) < window:
        samples = np.pad(samples, (0, window - len(samples)))
    count = min(max(2 * columns, 1), _MOST_WINDOWS)
    starts = np.linspace(0, len(samples) - window, count).astype(np.int64)
    frames = np.nan_to_num(samples)[starts[:, None] + np.arange(window)] * np.hanning(window)
    power = np.abs(np.fft.rfft(frames, axis=1)) ** 2
    by_bin = np.maximum.reduceat(power[:, :-1], np.arange(bins) * (power.shape[1] - 1) // bins, axis=1)
    by_column = np.maximum.reduceat(by_bin, np.arange(columns) * count // columns, axis=0)
    loudest = float(by_column.max(initial=0.0))
    if not loudest > 0:
        return np.full((bins, columns), FLOOR_DB)
    decibels = 10 * np.log10(np.maximum(by_column / loudest, 10 ** (FLOOR_DB / 10)))
    result: NDArray[np.float64] = decibels.T[::-1]
    return result


def _window_length(samples: int, bins: int) -> int:
    """A power of two that gives each bin a frequency at least, and is short against the sound where it can be."""
    length = _WINDOW
    while length // 2 < bins:
        length *= 2
    while length > _SMALLEST_WINDOW and length > samples and length // 2 >= 2 * bins:
        length //= 2
    return length
