"""Texts made fit to be shown: escapes, parts, tables; Markdown that executes nothing."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from trackml_tui.plotting.paint import Paint
from trackml_tui.text.cleaning import MOST_CHARACTERS, PART, document, visible
from trackml_tui.text.layout import RunText, column_width, columns_of, sheet
from trackml_tui.text.rendering import Page, found_in, render

PAINT = Paint()


def text(value: object) -> np.ndarray:
    return np.array(value, object)


def lines_of(value: object, width: int = 60, *, raw: bool = False, part: int = 0) -> list[str]:
    page = render(document(text(value)), part, width, PAINT, raw=raw)
    return ["".join(segment.text for segment in line) for line in page.lines]


@given(st.text(max_size=300))
def test_nothing_that_a_terminal_obeys_is_left(value: str) -> None:
    shown = visible(value)
    unseen = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
    assert not {unicodedata.category(character) for character in shown if character != "\n"} & unseen
    assert shown.count("\n") == value.replace("\r\n", "\n").count("\n")


@pytest.mark.parametrize(
    ("value", "expected"),
    [("\x1b[31mred", r"\x1b[31mred"), ("a\u202eb", r"a\u202eb"), ("a\tb", "a   b"), ("\x00", r"\x00")],
)
def test_control_characters_are_spelled_out(value: str, expected: str) -> None:
    assert visible(value) == expected


def test_long_lines_are_not_cut() -> None:
    assert visible("é" * 5000) == "é" * 5000


@given(st.text(alphabet="ab \n", min_size=0, max_size=200).map(lambda piece: piece * 300))
def test_parts_are_the_whole_text(value: str) -> None:
    parts = document(text(value)).parts
    assert "".join(parts).replace("\n", "") == value.replace("\n", "")
    assert all(len(part) <= PART for part in parts)


def test_megabytes_are_cut_and_say_so() -> None:
    long = document(text("word " * 1_000_000))
    assert sum(map(len, long.parts)) <= MOST_CHARACTERS
    assert long.characters == 5_000_000
    assert "Cut after 4,000,000" in long.remark


def test_a_list_is_texts_with_rules_between_and_a_matrix_a_table() -> None:
    assert document(text(["# one"])).parts == ("# one",)
    assert document(text(["one", "two"])).parts == ("one\n\n---\n\ntwo",)
    table = "\n".join(lines_of([["a", "b|c"], ["d\ne", "f"]]))
    assert "b|c" in table
    assert "d e" in table


def test_of_a_higher_tensor_the_first_matrix_is_shown() -> None:
    cube = document(text([[["a", "b"], ["c", "d"]], [["e", "f"], ["g", "h"]]]))
    assert "2×2×2" in cube.remark
    assert "d" in cube.parts[0]
    assert "e" not in cube.parts[0].replace("---", "")


def test_markdown_is_rendered_and_raw_is_not() -> None:
    source = "# Title\n\nSome *words* with `code`.\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    shown, raw = "\n".join(lines_of(source)), "\n".join(lines_of(source, raw=True))
    assert "*words*" not in shown
    assert "words" in shown
    assert "|---|" not in shown
    assert raw == source


def test_links_are_words_and_html_does_nothing() -> None:
    page = render(
        document(text("[x](http://e.com) <script>alert(1)</script> ![i](file:///etc/passwd)")), 0, 60, PAINT, raw=False
    )
    assert all(segment.style is None or segment.style.link is None for line in page.lines for segment in line)
    assert all(not segment.control for line in page.lines for segment in line)
    assert "<script>" not in "".join(segment.text for line in page.lines for segment in line)


@given(st.text(alphabet=st.sampled_from("#*_`|->[]()!\n \\1a漢<&~"), max_size=200), st.integers(1, 50), st.booleans())
def test_any_markdown_fits_its_width(value: str, width: int, raw: bool) -> None:
    lines_of(value, width, raw=raw)
    if width >= 20:
        assert all(cell_len(line) <= width for line in lines_of(value, width, raw=raw))


def test_deep_nesting_is_no_burden() -> None:
    assert lines_of("> " * 5000 + "deep")
    assert lines_of("[" * 3000)


def test_finding_words_whatever_their_case() -> None:
    assert found_in(["One one", "none"], "ONE") == [(0, 0), (0, 4), (1, 1)]
    assert found_in(["aaa"], "") == []


def run(label: str, value: str) -> RunText:
    return RunText(label, 0, "step 1 · 12:00:00", render(document(text(value)), 0, 20, PAINT, raw=True))


def test_runs_below_and_beside_each_other() -> None:
    below = [line.text for line in sheet([run("a", "x"), run("b", "y")], 1, 60, PAINT)]
    assert [line.strip() for line in below if "x" in line or "y" in line] == ["x", "y"]
    columns = columns_of(2, 80, beside=True)
    beside = [line.text for line in sheet([run("a", "x"), run("b", "y")], columns, 80, PAINT)]
    assert columns == 2
    assert beside[1].split() == ["x", "│", "y"]
    assert column_width(2, 80) == 38


def test_what_could_not_be_read_is_told() -> None:
    texts = [RunText("a", 0, "", "file is\x1b gone"), RunText("b", 1, "", None)]
    shown = "\n".join(line.text for line in sheet(texts, 1, 40, PAINT))
    assert r"file is\x1b gone" in shown
    assert "reading" in shown


def test_parts_are_counted_in_words() -> None:
    page = render(document(text("word " * 10_000)), 1, 40, PAINT, raw=True)
    assert isinstance(page, Page)
    shown = [line.text for line in sheet([RunText("a", 0, "", page)], 1, 60, PAINT)]
    assert "part 2 of 5, 50,000 characters" in shown[1]
