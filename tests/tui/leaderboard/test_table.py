from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from trackml.runs import RunManifest
from trackml_tui.board import make_board
from trackml_tui.choices.leaderboard import LeaderboardChoice
from trackml_tui.curves import Curves
from trackml_tui.leaderboard.columns import default_metrics, span
from trackml_tui.leaderboard.table import Table, make_table, name_width, places
from trackml_tui.palette import SlotBook
from trackml_tui.scene import Scene
from trackml_tui.view import View


@pytest.fixture
def sweep(logdir: Any) -> Any:
    """Three runs of a sweep, one of which diverged, and one that has no loss."""
    for lr, values in ((0.1, [3.0, 0.5, 2.0]), (0.01, [3.0, 1.0, 1.0]), (1.0, [2.5, float("nan")])):
        logdir.write_hparams(f"lr={lr}", lr=lr, batch_size=32)
        logdir.write(f"lr={lr}", values, every=10.0)
    logdir.write("other", [0.9], tag="accuracy", age=9999.0)
    return logdir


def table_of(logdir: Any, manifests: Any = None, **choices: Any) -> Table:
    snapshot, slots = logdir.snapshot(), SlotBook()
    view = replace(View(tag="loss"), **choices)
    board = make_board(snapshot, view, Curves(), slots, logdir.now, manifests=manifests or {})
    return make_table(
        Scene(snapshot=snapshot, view=view, board=board, slots=slots, now=logdir.now, manifests=manifests or {})
    )


def cells(table: Table, key: str) -> list[str]:
    column = next(column for column in table.offered if column.key == key)
    return [column.text(row.entry).strip() for row in table.rows]


def names(table: Table) -> list[str]:
    return [row.key for row in table.rows]


def test_the_best_of_the_first_metric_is_on_top(sweep: Any) -> None:
    table = table_of(sweep)
    assert names(table) == ["lr=0.1", "lr=0.01", "lr=1.0", "other"]
    assert [row.rank for row in table.rows] == [1, 2, 3, None]
    assert cells(table, "best:loss") == ["0.500 @1", "1.000 @1", "2.500 @0", "–"]
    assert cells(table, "last:loss") == ["2.00", "1.00", "NaN", "–"]


def test_hyperparameters_have_as_many_digits_as_tell_them_apart(logdir: Any) -> None:
    rates, seeds = (1.2345678901e-5, 6.17283945e-6, 0.1), (123456789.0, 123456788.0, 1.0)
    decays = (0.1, 0.10000001, 1.0)
    for run, rate, seed, decay in zip("abc", rates, seeds, decays, strict=True):
        logdir.write(run, [1.0])
        logdir.write_hparams(run, rate=rate, seed=seed, decay=decay, odd=float("nan") if run == "a" else run == "b")
    table = table_of(logdir)
    assert sorted(cells(table, "hparam:rate")) == ["0.1", "1.2346e-05", "6.1728e-06"]
    assert sorted(cells(table, "hparam:seed")) == ["1", "123456788", "123456789"]
    assert sorted(cells(table, "hparam:decay")) == ["0.1", "0.10000001", "1"]
    assert sorted(cells(table, "hparam:odd")) == ["false", "nan", "true"]


def test_the_best_values_are_marked(sweep: Any) -> None:
    table = table_of(sweep)
    assert {column.key: column.best for column in table.columns if column.best} == {
        "best:loss": frozenset({"lr=0.1"}),
        "last:loss": frozenset({"lr=0.01"}),
    }


def test_accuracy_is_better_when_higher_and_can_be_flipped(logdir: Any) -> None:
    for run, value in (("a", 0.5), ("b", 0.9)):
        logdir.write(run, [value, 0.1], tag="accuracy")
    assert names(table_of(logdir, tag="accuracy")) == ["b", "a"]
    flipped = table_of(logdir, tag="accuracy", leaderboard=LeaderboardChoice(flipped=frozenset({"accuracy"})))
    assert cells(flipped, "best:accuracy") == ["0.100 @1", "0.100 @1"]
    assert next(column.heading for column in flipped.columns) == "min accuracy"


@pytest.mark.parametrize(
    ("sort", "reverse", "expected"),
    [
        ("run", False, ["lr=0.01", "lr=0.1", "lr=1.0", "other"]),
        ("run", True, ["other", "lr=1.0", "lr=0.1", "lr=0.01"]),
        ("hparam:lr", False, ["lr=0.01", "lr=0.1", "lr=1.0", "other"]),
        ("hparam:lr", True, ["lr=1.0", "lr=0.1", "lr=0.01", "other"]),
        ("last:loss", False, ["lr=0.01", "lr=0.1", "lr=1.0", "other"]),
        ("last:loss", True, ["lr=0.1", "lr=0.01", "lr=1.0", "other"]),
        ("step", False, ["lr=0.01", "lr=0.1", "lr=1.0", "other"]),
        ("age", True, ["other", "lr=0.01", "lr=0.1", "lr=1.0"]),
        ("gone", False, ["lr=0.1", "lr=0.01", "lr=1.0", "other"]),
    ],
)
def test_any_column_sorts_and_what_is_nothing_is_last(
    sweep: Any, sort: str, reverse: bool, expected: list[str]
) -> None:
    assert names(table_of(sweep, leaderboard=LeaderboardChoice(sort=sort, reverse=reverse))) == expected


def test_only_hyperparameters_that_differ_have_columns(sweep: Any) -> None:
    keys = [column.key for column in table_of(sweep).columns]
    assert "hparam:lr" in keys
    assert "hparam:batch_size" not in keys


def test_columns_are_hidden_and_moved(sweep: Any) -> None:
    keys = [column.key for column in table_of(sweep).offered]
    choice = LeaderboardChoice().hidden_or_not("status").moved("hparam:lr", -99, keys)
    moved = [column.key for column in table_of(sweep, leaderboard=choice).columns]
    assert moved[0] == "hparam:lr"
    assert "status" not in moved
    assert moved[1:] == [key for key in keys if key not in ("hparam:lr", "status")]


def test_metrics_are_chosen(sweep: Any) -> None:
    choice = LeaderboardChoice().with_metric("accuracy", ("loss",)).with_metric("loss", ("loss", "accuracy"))
    assert choice.metrics == ("accuracy",)
    assert table_of(sweep, leaderboard=choice).metrics == ("accuracy",)
    assert names(table_of(sweep, leaderboard=choice))[0] == "other"


def test_runs_that_are_switched_off_are_left_out_unless_wanted(sweep: Any) -> None:
    hidden = frozenset({"lr=0.1"})
    assert "lr=0.1" not in names(table_of(sweep, hidden=hidden))
    assert "lr=0.1" in names(table_of(sweep, hidden=hidden, leaderboard=LeaderboardChoice(everything=True)))


def test_the_time_left_is_to_the_told_end_or_to_where_others_are(logdir: Any) -> None:
    logdir.write("told", [1.0] * 11, every=1.0)
    logdir.write("far", [1.0] * 101, every=1.0, age=9999.0)
    logdir.write("near", [1.0] * 11, every=1.0)
    manifest = RunManifest("running", 0.0, None, logdir.now, 15.0, None, {"max_steps": 310})
    table = table_of(logdir, {"told": manifest}, leaderboard=LeaderboardChoice(sort="run"))
    assert dict(zip(names(table), cells(table, "left"), strict=True)) == {"far": "–", "near": "~1m30s", "told": "5m00s"}
    assert dict(zip(names(table), cells(table, "status"), strict=True)) == {
        "far": "idle",
        "near": "live?",
        "told": "running",
    }


def test_an_evaluation_belongs_to_its_training(logdir: Any) -> None:
    logdir.write("model", [1.0])
    logdir.write("model/eval", [0.7], tag="accuracy")
    logdir.write("fit/train", [1.0])
    logdir.write("fit/validation", [2.0])
    table = table_of(logdir)
    assert names(table) == ["fit/train", "model"]
    assert {"eval/accuracy", "validation/loss"} <= table.tags
    assert cells(table, "best:eval/accuracy") == ["–", "0.700 @0"]


def test_metrics_that_tell_most_come_first() -> None:
    tags = ["a", "train/loss", "eval/loss", "lr", "eval/accuracy", "grad"]
    assert default_metrics(tags, "grad") == ("grad", "eval/loss", "train/loss")
    assert default_metrics(["b", "a"], None) == ("a",)
    assert default_metrics([], None) == ()


def test_the_column_under_the_cursor_is_in_sight(sweep: Any) -> None:
    columns = table_of(sweep).columns
    first = places(columns, 60, 12, "")
    assert first[0].column is columns[0]
    assert first[0].x == 18
    later = places(columns, 60, 12, columns[-1].key)
    assert later[-1].column is columns[-1]
    assert all(place.x + place.column.width <= 60 for place in later)
    assert places(columns, 20, 12, columns[0].key) == []


@pytest.mark.parametrize(("labels", "width", "cells"), [(["a"], 200, 12), (["a" * 90], 200, 40), (["a" * 90], 40, 18)])
def test_names_get_what_they_need_and_a_third_at_most(labels: list[str], width: int, cells: int) -> None:
    assert name_width(labels, width) == cells


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.4, "0s"), (59.9, "59s"), (200.0, "3m20s"), (7500.0, "2h05m"), (273_600.0, "3d04h"), (-1.0, "?"), (1e30, "?")],
)
def test_spans(seconds: float, text: str) -> None:
    assert span(seconds) == text
