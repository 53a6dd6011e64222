from __future__ import annotations

import pytest

from trackml_tui.widgets.tab_line import Tab, visible_tabs


def tabs(*names: str) -> list[Tab]:
    """`*` marks the one in sight, `-` those with nothing to show."""
    return [Tab(name.strip("*-"), name.strip("*-"), "", here="*" in name, empty="-" in name) for name in names]


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (24, ["aa", "bb", "cc", "dd"]),
        (16, ["aa", "bb", "cc", "dd"]),
        (15, ["aa", "cc", "dd"]),
        (12, ["aa", "cc", "dd"]),
        (8, ["aa", "dd"]),
        (4, ["dd"]),
        (1, ["dd"]),
    ],
)
def test_where_room_is_short_empty_tabs_go_first(width: int, expected: list[str]) -> None:
    assert [tab.key for tab in visible_tabs(tabs("aa", "-bb", "cc", "*dd"), width)] == expected


def test_the_tab_in_sight_stays_even_if_it_is_empty() -> None:
    assert [tab.key for tab in visible_tabs(tabs("aa", "*-bb"), 4)] == ["bb"]
