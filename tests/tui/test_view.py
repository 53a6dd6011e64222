from __future__ import annotations

from trackml_tui.choices.charts import ChartsChoice
from trackml_tui.view import ORDERS, View

RUNS = ["a", "b", "c"]


def shown(view: View) -> list[str]:
    return [run for run in RUNS if view.shows(run)]


def test_toggling_hides_and_shows() -> None:
    assert shown(View().toggled("b")) == ["a", "c"]
    assert shown(View().toggled("b").toggled("b")) == RUNS


def test_a_run_alone_and_back_to_what_was_shown_before() -> None:
    view = View().toggled("b").soloed("a")
    assert shown(view) == ["a"]
    assert shown(view.soloed("a")) == ["a", "c"]


def test_toggling_beside_a_lone_run_adds_to_it() -> None:
    assert shown(View().soloed("a").toggled("c")) == ["a", "c"]


def test_all_comes_before_none() -> None:
    view = View().toggled("b").all_or_none()
    assert shown(view) == RUNS
    assert shown(view.all_or_none()) == []
    assert shown(view.all_or_none().all_or_none()) == RUNS


def test_new_runs_are_shown_except_beside_chosen_ones() -> None:
    assert View().toggled("a").shows("new")
    assert not View().soloed("a").shows("new")


def test_orders_go_round() -> None:
    view = View()
    for _ in ORDERS:
        view = view.next_order()
    assert view == View()


def test_values_are_read_at_the_cursor_or_at_the_chosen_step() -> None:
    assert View(cursor=2.5, step=7).reads_at == 2.5
    assert View(step=7).reads_at == 7.0
    assert View(step=7, charts=ChartsChoice(x_axis="wall")).reads_at is None


def test_several_runs_are_switched_together() -> None:
    view = View().toggled("a", "b")
    assert shown(view) == ["c"]
    assert shown(view.toggled("b", "c")) == ["b", "c"]
    assert shown(view.soloed("a", "b").toggled("b")) == ["a"]
    assert view.soloed("a", "b").soloed("b", "a") == view
