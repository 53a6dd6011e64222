from __future__ import annotations

from dataclasses import replace

import pytest

from trackml_tui.choices.charts import BANDS, PALETTES, SMOOTHING, X_AXES, Y_SCALES, ChartsChoice

PLAIN = ChartsChoice()


def test_axes_scales_bands_and_palettes_go_round() -> None:
    choice = PLAIN
    for _ in X_AXES:
        choice = choice.next_x_axis()
    for _ in Y_SCALES:
        choice = choice.next_y_scale()
    for _ in BANDS:
        choice = choice.next_band()
    for _ in PALETTES:
        choice = choice.next_palette()
    assert choice == PLAIN


def test_smoothing_stays_inside_its_list() -> None:
    choice = PLAIN
    for _ in range(20):
        choice = choice.smoother(1)
    assert choice.smoothing == SMOOTHING[-1]
    for _ in range(20):
        choice = choice.smoother(-1)
    assert choice.smoothing == 0.0
    assert ChartsChoice(smoothing=0.61).smoother(1).smoothing == 0.8


def test_another_unit_of_x_frees_its_ends() -> None:
    assert replace(PLAIN, x_range=(1.0, 2.0)).next_x_axis().x_range is None
    assert replace(PLAIN, x_range=(1.0, 2.0)).against("loss").x_range is None


def test_steps_are_back_after_another_tag_was_x() -> None:
    choice = replace(PLAIN, x_axis="wall").against("loss").next_x_axis()
    assert (choice.x_tag, choice.x_axis) == (None, "step")


def test_each_tag_has_its_own_y_ends() -> None:
    choice = PLAIN.with_y_range("loss", (0.0, 1.0)).with_y_range("acc", (-1.0, 1.0)).with_y_range("loss", (0.0, 2.0))
    assert choice.y_range("loss") == (0.0, 2.0)
    assert choice.y_range("acc") == (-1.0, 1.0)
    assert choice.with_y_range("acc", None).y_range("acc") is None
    assert choice.unzoomed("loss").y_ranges == (("acc", -1.0, 1.0),)
    assert choice.unzoomed().y_ranges == ()


def test_a_log_axis_frees_the_ends_that_it_cannot_show() -> None:
    choice = PLAIN.with_y_range("loss", (0.5, 1.0)).with_y_range("acc", (-1.0, 1.0)).next_y_scale()
    assert choice.y_ranges == (("loss", 0.5, 1.0),)


@pytest.mark.parametrize("action", ["pinned_or_not", "hidden_or_not", "together_or_not"])
def test_marks_on_tags_are_taken_back_by_the_same_key(action: str) -> None:
    once = getattr(PLAIN, action)("loss")
    assert once != PLAIN
    assert getattr(once, action)("loss") == PLAIN


def test_charts_are_moved_among_their_kind() -> None:
    tags = ["a", "b", "c", "d"]
    assert PLAIN.moved("a", 2, tags).order == ("b", "c", "a", "d")
    assert PLAIN.moved("d", -9, tags).order == ("d", "a", "b", "c")
    pinned = replace(PLAIN, pinned=("d", "c")).moved("d", 1, ["d", "c", "a", "b"])
    assert (pinned.pinned, pinned.order) == (("c", "d"), ())
