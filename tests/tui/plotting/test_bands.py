"""Percentile bands, bars and waves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackml_tui.plotting.bands import draw_bands
from trackml_tui.plotting.bars import bar_of_column, draw_bars
from trackml_tui.plotting.paint import Paint
from trackml_tui.plotting.waves import FLOOR_DB, draw_wave, envelope, spectrogram

PAINT, PLAIN = Paint(), Paint(colour=False)
COLOUR = (20, 168, 212)


def test_bands_grow_stronger_towards_the_median() -> None:
    lines = np.tile(np.arange(9.0), (2, 1))
    text = draw_bands(lines, np.array([0.0, 1.0]), -1.0, 9.0, 12, 15, COLOUR, PLAIN).text()
    column = "".join(row[6] for row in text)
    assert column.strip() == column.strip()[::-1]
    assert set(column) == set(" .:=#@")
    order = [" .:=#@".index(character) for character in column[: column.index("@") + 1]]
    assert order == sorted(order)


def test_bands_begin_and_end_with_the_first_and_the_last_moment() -> None:
    lines = np.tile(np.arange(9.0), (2, 1))
    grid = draw_bands(lines, np.array([0.26, 0.74]), 0.0, 8.0, 40, 4, COLOUR, PLAIN)
    drawn = np.flatnonzero((grid.codes != ord(" ")).any(axis=0))
    assert (drawn.min(), drawn.max()) == (10, 29)


def test_bands_of_one_value_are_a_line() -> None:
    grid = draw_bands(np.full((1, 9), 3.0), np.array([0.5]), 3.0, 3.0, 9, 4, COLOUR, PAINT)
    assert grid.columns == 9


@given(st.integers(1, 200), st.integers(1, 40))
def test_every_column_belongs_to_a_bar(columns: int, bars: int) -> None:
    bar = bar_of_column(columns, bars)
    assert (np.diff(bar) >= 0).all()
    assert 0 <= bar.min() <= bar.max() < bars


def test_bars_in_eighths() -> None:
    grid = draw_bars(np.array([0.0, 1.0, 8.0, 16.0]), 16.0, 4, 2, COLOUR, PAINT)
    assert grid.text() == ["   █", " ▁██"]


def test_what_is_not_zero_can_be_seen() -> None:
    assert draw_bars(np.array([1e-9, 1.0]), 1.0, 2, 3, COLOUR, PAINT).text()[-1] == "▁█"


def test_the_chosen_bar_is_pointed_out_even_if_empty() -> None:
    grid = draw_bars(np.array([0.0, 1.0]), 1.0, 2, 2, COLOUR, PAINT, chosen=0)
    assert grid.text() == ["┊█", "┊█"]
    assert tuple(grid.fore[0, 0]) == PAINT.accent


def test_no_peak_of_a_wave_is_lost() -> None:
    samples = np.zeros(100_000, np.float32)
    samples[77_777] = 0.9
    low, high = envelope(samples, 60)
    assert high.max() == pytest.approx(0.9)
    assert np.flatnonzero(high > 0.5).tolist() == [int(77_777 / 100_000 * 60)]
    assert low.min() == 0.0


def test_an_envelope_of_fewer_samples_than_columns() -> None:
    low, high = envelope(np.array([0.5, -0.5], np.float32), 5)
    assert (low == high).all()
    assert np.isnan(envelope(np.empty(0, np.float32), 3)[0]).all()


def test_a_wave_reaches_from_its_least_to_its_greatest_sample() -> None:
    grid = draw_wave(np.array([-1.0, 0.0]), np.array([1.0, 0.0]), 3, COLOUR, PAINT)
    assert all(row != " " for row in grid.text())
    assert [ord(row) - 0x2800 & 0x47 == 0x47 for row in grid.text()] == [True, True, True]


def test_a_tone_is_a_line_at_its_frequency() -> None:
    rate, frequency = 8000, 1000
    samples = np.sin(2 * np.pi * frequency * np.arange(2 * rate) / rate).astype(np.float32)
    loudness = spectrogram(samples, 20, 40)
    assert loudness.shape == (40, 20)
    loudest = 39 - loudness.argmax(axis=0)
    assert set(loudest.tolist()) == {int(frequency / (rate / 2) * 40)}
    assert loudness.max() == pytest.approx(0.0)
    assert loudness.min() == pytest.approx(FLOOR_DB)


def test_silence_and_short_clips_have_spectrograms_too() -> None:
    assert (spectrogram(np.zeros(5000, np.float32), 7, 9) == FLOOR_DB).all()
    assert spectrogram(np.ones(3, np.float32), 7, 9).shape == (9, 7)
    assert spectrogram(np.full(2000, np.nan, np.float32), 4, 4).shape == (4, 4)
