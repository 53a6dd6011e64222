from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from trackml_tui import formatting


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("lr=0.1/width=32", "lr=0.1/width=32"),
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("[red]markup[/red]", "[red]markup[/red]"),
        ("one\ntwo\r\tthree", r"one\ntwo\r\tthree"),
        ("abc\u202edcba\u2066", r"abc\u202edcba\u2066"),
        ("zero\u200bwidth\ufeff", r"zero\u200bwidth\ufeff"),
        ("\x00\x7f\x9b", r"\x00\x7f\x9b"),
        ("byte\udcff", r"byte\xff"),
        ("\u2028line\u2029", r"\u2028line\u2029"),
        ("損失 über ñandú", "損失 über ñandú"),
        ("\U000e0041tag", r"\U000e0041tag"),
    ],
)
def test_text_is_shown_and_never_obeyed(text: str, shown: str) -> None:
    assert formatting.printable(text) == shown


def test_a_pile_of_combining_marks_is_spelled_out() -> None:
    shown = formatting.printable("x" + "\u0323" * 40)
    assert shown.startswith("x\u0323\u0323\\u0323")


def test_megabytes_keep_their_two_ends() -> None:
    shown = formatting.printable("start" + "x" * 3_000_000 + "end")
    assert len(shown) == 1025
    assert shown.startswith("start")
    assert shown.endswith("end")


@given(st.text(), st.integers(0, 40))
def test_fitted_text_takes_exactly_its_cells(text: str, width: int) -> None:
    shown = formatting.printable(text)
    assert cell_len(formatting.fit(shown, width)) == width
    assert cell_len(formatting.shorten(shown, width)) <= width


def test_the_middle_is_cut_out() -> None:
    assert formatting.fit("learning_rate=0.001", 9) == "lear….001"
    assert formatting.fit("abc", 5) == "abc  "
    assert formatting.fit("損失損失損失", 6) == "損…失 "
    assert formatting.fit("abc", 1) == "…"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.123456, "0.1235"),
        (12.5, "12.5"),
        (9999.0, "9999"),
        (12345.0, "1.23e4"),
        (0.000123, "1.23e-4"),
        (-0.000123, "-1.23e-4"),
        (float("nan"), "NaN"),
        (float("inf"), "inf"),
        (float("-inf"), "-inf"),
    ],
)
def test_numbers_are_short(value: float, text: str) -> None:
    assert formatting.number(value) == text


def test_numbers_of_a_column_have_the_same_decimals() -> None:
    show = formatting.aligned([2.3, 0.0312, float("nan")])
    assert [show(value) for value in (2.3, 0.0312, float("nan"))] == ["2.3000", "0.0312", "NaN"]


def test_a_column_of_very_different_numbers_is_not_forced_into_one_form() -> None:
    assert formatting.aligned([1e-6, 100.0])(1e-6) == "1.00e-6"
    assert formatting.aligned([])(0.5) == "0.5"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-5, "0s"), (0.4, "0s"), (59.9, "59s"), (60, "1m"), (7199, "1h"), (86400 * 3, "3d"), (1e300, "?")],
)
def test_ages_have_one_unit(seconds: float, text: str) -> None:
    assert formatting.age(seconds) == text


@pytest.mark.parametrize("seconds", [float("inf"), float("nan")])
def test_an_impossible_age_is_a_question(seconds: float) -> None:
    assert formatting.age(seconds) in ("?", "0s")


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (9_999, "9,999"), (12_345, "12.3k"), (99_960, "100k"), (3_100_000, "3.1M")]
)
def test_counts_are_compact(value: int, text: str) -> None:
    assert formatting.compact(value) == text


@pytest.mark.parametrize(
    ("amount", "text"), [(0, "0 B"), (999, "999 B"), (1500, "1.5 KB"), (999_990, "1.0 MB"), (3_100_000_000, "3.1 GB")]
)
def test_sizes_have_a_unit(amount: int, text: str) -> None:
    assert formatting.size(amount) == text


def test_plural() -> None:
    assert [formatting.plural(amount, "run") for amount in (0, 1, 2000)] == ["0 runs", "1 run", "2,000 runs"]


@pytest.mark.parametrize(
    ("width", "expected"),
    [(30, ["one · two · three"]), (10, ["one · two", "three"]), (3, ["one", "two", "three"])],
)
def test_parts_flow_into_lines_and_are_never_broken(width: int, expected: list[str]) -> None:
    assert formatting.flow(["one", "two", "three"], width) == expected
