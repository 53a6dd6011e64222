from __future__ import annotations

from trackml_tui.plotting.grid import LABEL
from trackml_tui.plotting.legend import Entry, legend

ENTRIES = [Entry(f"run{index}", 4, index) for index in range(9)]


def text(entries: list[Entry], width: int, rows: int) -> list[str]:
    return ["".join(span.text for span in line).rstrip() for line in legend(entries, width, rows)]


def test_entries_flow_over_the_rows() -> None:
    assert text(ENTRIES[:3], 16, 2) == ["━ run0  ━ run1", "━ run2"]


def test_what_does_not_fit_is_counted() -> None:
    assert text(ENTRIES, 24, 2) == ["━ run0  ━ run1  ━ run2", "━ run3  ━ run4  +4 more"]


def test_the_sample_has_the_ink_of_the_line() -> None:
    assert [span.ink for span in legend(ENTRIES[3:5], 40, 1)[0]] == [3, LABEL, 4, LABEL]


def test_nothing_to_name() -> None:
    assert text([], 20, 2) == [""]
