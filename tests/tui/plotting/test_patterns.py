from __future__ import annotations

import numpy as np
import pytest

from trackml_tui.plotting.patterns import DASHES, MARKERS, broken, marker_columns, pattern


def test_the_first_style_is_a_solid_line() -> None:
    first = pattern(0)
    assert (first.dash.all(), first.marker, first.sample) == (True, "", "━━")


def test_no_two_styles_are_alike() -> None:
    styles = [pattern(style) for style in range(DASHES * len(MARKERS))]
    assert len({(style.dash.tobytes(), style.dash.size, style.marker) for style in styles}) == len(styles)
    assert len({style.sample for style in styles}) == len(styles)
    assert pattern(len(styles)).sample == styles[0].sample


def test_a_dash_breaks_a_level_line() -> None:
    top = np.full(16, 3)
    bottom = broken(top, top, pattern(1).dash)
    assert (bottom >= top).tolist() == [True] * 4 + [False] * 4 + [True] * 4 + [False] * 4


def test_a_dash_never_hides_a_spike() -> None:
    top, bottom = np.zeros(8, np.int64), np.full(8, 40)
    assert broken(top, bottom, pattern(2).dash).tolist() == bottom.tolist()


@pytest.mark.parametrize("turn", range(6))
def test_lines_have_their_marks_in_different_columns(turn: int) -> None:
    columns = marker_columns(60, turn)
    assert 4 <= columns.size <= 5
    assert set(columns.tolist()).isdisjoint(marker_columns(60, turn + 1).tolist())
