from __future__ import annotations

from dataclasses import replace

import pytest

from trackml_tui.charts.pages import ordered_tags, page_of, room_for, shape_for, turned
from trackml_tui.choices.charts import ChartsChoice

TAGS = ["loss", "eval/loss", "eval/acc", "train/a", "train/b", "train/c"]
TREE = ["eval/acc", "eval/loss", "loss", "train/a", "train/b", "train/c"]


def test_tags_come_as_the_tree_has_them() -> None:
    assert ordered_tags(TAGS, ChartsChoice()) == TREE


def test_pinned_tags_come_first_and_hidden_ones_not_at_all() -> None:
    choice = ChartsChoice(pinned=("train/c", "gone", "loss"), hidden=frozenset({"eval/acc"}))
    assert ordered_tags(TAGS, choice) == ["train/c", "loss", "eval/loss", "train/a", "train/b"]


def test_an_order_holds_and_new_tags_find_their_place() -> None:
    choice = ChartsChoice(order=("loss", "train/a", "eval/acc"))
    ordered = ordered_tags(TAGS, choice)
    assert [tag for tag in ordered if tag in choice.order] == list(choice.order)
    assert ordered.index("eval/loss") == ordered.index("eval/acc") + 1
    assert ordered.index("train/b") == ordered.index("train/a") + 1


def test_moving_changes_the_order_that_is_seen() -> None:
    choice = ChartsChoice().moved("train/c", -5, TREE)
    assert ordered_tags(TAGS, choice)[0] == "train/c"


@pytest.mark.parametrize(
    ("size", "charts", "shape"),
    [
        ((42, 17), 12, (2, 1)),
        ((132, 53), 12, (4, 3)),
        ((132, 53), 2, (1, 2)),
        ((300, 90), 99, (6, 6)),
        ((9, 3), 9, (1, 1)),
    ],
)
def test_the_grid_suits_the_room(size: tuple[int, int], charts: int, shape: tuple[int, int]) -> None:
    assert room_for(*size, charts) == shape
    assert shape_for(ChartsChoice(grid=(0, 0)), *size, charts) == shape


def test_a_grid_that_does_not_fit_is_cut_to_what_does() -> None:
    assert shape_for(ChartsChoice(grid=(6, 6)), 42, 17, 50) == (2, 2)
    assert shape_for(ChartsChoice(grid=(6, 6)), 200, 60, 50) == (6, 6)
    assert shape_for(ChartsChoice(grid=(6, 6), alone=True), 200, 60, 50) == (1, 1)


def test_a_group_that_fits_on_a_page_is_not_torn_apart() -> None:
    pages = [page_of(TREE, tag, (2, 2)).tags for tag in ("loss", "train/b")]
    assert pages == [("eval/acc", "eval/loss", "loss"), ("train/a", "train/b", "train/c")]


def test_a_group_that_does_not_fit_is() -> None:
    page = page_of(TREE, "train/c", (1, 2))
    assert page.tags == ("train/b", "train/c")
    assert (page.number, page.pages, page.charts) == (2, 3, 6)


def test_a_tag_without_a_chart_shows_the_first_page() -> None:
    assert page_of(TREE, "gone", (1, 2)).number == 0
    assert page_of([], None, (2, 2)).tags == ()


def test_pages_turn_up_to_the_ends() -> None:
    assert turned(TREE, "eval/loss", (2, 2), 1) == "train/a"
    assert turned(TREE, "train/b", (2, 2), 1) == "train/a"
    assert turned(TREE, "train/b", (2, 2), -9) == "eval/acc"
    assert turned([], None, (2, 2), 1) is None


def test_more_charts_begin_with_as_many_as_there_is_room_for() -> None:
    choice = ChartsChoice().more_charts(1, (1, 1))
    assert choice.grid == (0, 0)
    assert choice.more_charts(1, (2, 3)).grid == (3, 3)
    assert choice.more_charts(-1, (2, 2)).grid == (1, 2)
    assert replace(choice, alone=True).more_charts(-1, (1, 1)).alone is False
