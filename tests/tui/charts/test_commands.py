from __future__ import annotations

from dataclasses import replace

import pytest

from trackml_tui.charts.commands import CommandError, apply, read_range
from trackml_tui.choices.charts import ChartsChoice
from trackml_tui.view import View

TAGS = {"loss", "eval/loss", "with space"}
VIEW = View(tag="loss")


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("100..500", (100.0, 500.0)),
        ("-1..1", (-1.0, 1.0)),
        ("0.5 1.5", (0.5, 1.5)),
        ("-3 -1", (-3.0, -1.0)),
        ("1k..2.5M", (1e3, 2.5e6)),
        ("1m...2h", (60.0, 7200.0)),
        ("1,000:2_000", (1000.0, 2000.0)),
        ("1e-5..1e-3", (1e-5, 1e-3)),
        ("auto", None),
        ("", None),
    ],
)
def test_ranges_can_be_typed_in_many_ways(text: str, ends: tuple[float, float] | None) -> None:
    assert read_range(text) == ends


@pytest.mark.parametrize("text", ["5", "..", "1..", "..2", "a..b", "2..1", "1..1", "nan..1", "0..inf", "1..2..3"])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(CommandError, match="expected"):
        read_range(text)


def test_a_log_axis_begins_above_zero() -> None:
    with pytest.raises(CommandError, match="above 0"):
        apply("y 0..1", replace(VIEW, charts=ChartsChoice(y_scale="log")), TAGS)


@pytest.mark.parametrize(
    ("text", "charts"),
    [
        ("x 100..500", ChartsChoice(x_range=(100.0, 500.0))),
        ("x wall", ChartsChoice(x_axis="wall")),
        ("x log", ChartsChoice(log_x=True)),
        ("y 0..1", ChartsChoice(y_ranges=(("loss", 0.0, 1.0),))),
        ("y symlog", ChartsChoice(y_scale="symlog")),
        ("grid 2x3", ChartsChoice(grid=(2, 3))),
        ("grid auto", ChartsChoice(grid=(0, 0))),
        ("smooth 0.95", ChartsChoice(smoothing=0.95)),
        ("threshold 0.01", ChartsChoice(symlog_threshold=0.01, y_scale="symlog")),
        ("threshold auto", ChartsChoice()),
        ("band median IQR", ChartsChoice(band="median IQR")),
        ("band none", ChartsChoice()),
        ("sort value", ChartsChoice(sort="value")),
        ("canvas ascii", ChartsChoice(canvas="ascii")),
        ("colours okabe-ito", ChartsChoice(palette="okabe-ito")),
        ("with with space", ChartsChoice(together=("with space",))),
        ("against eval/loss", ChartsChoice(x_tag="eval/loss")),
        ("against none", ChartsChoice()),
    ],
)
def test_what_is_typed_is_chosen(text: str, charts: ChartsChoice) -> None:
    assert apply(text, VIEW, TAGS).charts == charts


def test_groups_can_be_typed() -> None:
    assert apply("group hparam:lr", VIEW, TAGS).runs.group == "hparam:lr"
    assert apply("group none", apply("group seeds", VIEW, TAGS), TAGS).runs.group == ""


def test_all_data_come_back() -> None:
    view = apply("y 0..1", apply("x 1..2", VIEW, TAGS), TAGS)
    assert apply("reset", view, TAGS).charts == ChartsChoice()
    assert apply("y auto", view, TAGS).charts == ChartsChoice(x_range=(1.0, 2.0))


def test_another_unit_of_x_takes_the_cursor_away() -> None:
    view = replace(VIEW, cursor=3.0)
    assert apply("x wall", view, TAGS).cursor is None
    assert apply("x 1..9", view, TAGS).cursor == 3.0


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("zoom 3", "Known"),
        ("grid 9x9", "up to 6x6"),
        ("grid", "got nothing"),
        ("smooth 1", "below 1"),
        ("smooth much", "a number"),
        ("threshold -1", "above 0"),
        ("band wide", "one of none, mean±std"),
        ("group colour", "hparam:NAME"),
        ("group regex:(", "unterminated"),
        ("with nothing", "no tag nothing"),
        ("against gone", "no tag gone"),
        ("x 1..a", "a number"),
    ],
)
def test_what_is_not_understood_is_explained(text: str, reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        apply(text, VIEW, TAGS)


def test_a_y_range_needs_a_tag() -> None:
    with pytest.raises(CommandError, match="no tag"):
        apply("y 0..1", View(), TAGS)
