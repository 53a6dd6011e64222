from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from trackml_tui.board import Board, Status, make_board
from trackml_tui.choices.charts import ChartsChoice
from trackml_tui.curves import Curves
from trackml_tui.palette import SlotBook
from trackml_tui.view import View

LOSS = View(tag="loss", charts=ChartsChoice(smoothing=0.0))


def board_of(logdir: Any, view: View = LOSS, later: float = 0.0) -> Board:
    return make_board(logdir.snapshot(), view, Curves(), SlotBook(), logdir.now + later)


def keys(board: Board) -> list[str]:
    return [row.key for row in board.rows]


@pytest.mark.parametrize(
    ("every", "age", "status"),
    [
        (1.0, 3.0, Status.LIVE),
        (1.0, 149.0, Status.LIVE),
        (1.0, 151.0, Status.IDLE),
        (600.0, 1700.0, Status.LIVE),
        (600.0, 1900.0, Status.IDLE),
        (86400.0, 7100.0, Status.LIVE),
        (86400.0, 7300.0, Status.IDLE),
    ],
)
def test_a_run_is_live_for_three_of_its_own_intervals(logdir: Any, every: float, age: float, status: Status) -> None:
    logdir.write("run", range(30), every=every, age=age)
    (row,) = board_of(logdir).rows
    assert row.status is status
    assert row.age == pytest.approx(age)


def test_a_burst_at_the_start_does_not_tell_the_interval(logdir: Any) -> None:
    logdir.write("run", range(20), tag="setup", every=0.001, age=30_000.0)
    logdir.write("run", range(30), every=600.0, age=1700.0)
    assert board_of(logdir).rows[0].status is Status.LIVE


def test_a_rare_tag_does_not_hide_that_the_usual_one_stopped(logdir: Any) -> None:
    logdir.write("run", range(30), tag="eval/loss", every=3600.0, age=1000.0)
    logdir.write("run", range(30), every=1.0, age=1000.0)
    assert board_of(logdir).rows[0].status is Status.IDLE


def test_a_clock_that_runs_ahead_is_no_age(logdir: Any) -> None:
    logdir.write("run", [1.0], age=-500.0)
    (row,) = board_of(logdir).rows
    assert (row.status, row.age) == (Status.LIVE, 0.0)


def test_a_run_without_the_tag_has_no_value(logdir: Any) -> None:
    logdir.write("run", [1.0], tag="accuracy")
    (row,) = board_of(logdir).rows
    assert (row.value, row.line) == (None, None)


def test_a_hidden_run_keeps_its_value_and_has_no_line(logdir: Any) -> None:
    logdir.write("run", [1.0, 0.5])
    (row,) = board_of(logdir, LOSS.toggled("run")).rows
    assert (row.value, row.shown, row.line) == (0.5, False, None)


def test_smoothed_values_stand_beside_the_raw_ones(logdir: Any) -> None:
    logdir.write("run", [1.0, 2.0, 4.0])
    (row,) = board_of(logdir, replace(LOSS, charts=ChartsChoice(smoothing=0.5))).rows
    assert (row.value, row.smoothed) == (4.0, pytest.approx(3.0))


def test_under_the_cursor_values_and_steps_are_those_of_the_nearest_point(logdir: Any) -> None:
    logdir.write("long", range(100))
    logdir.write("short", range(10))
    rows = board_of(logdir, replace(LOSS, cursor=41.7)).rows
    assert [(row.key, row.value, row.step) for row in rows] == [("long", 42.0, 42), ("short", None, None)]


def test_the_pattern_picks_rows_but_not_the_count(logdir: Any) -> None:
    for run in ("lr=0.1", "lr=0.2", "other"):
        logdir.write(run, [1.0])
    board = board_of(logdir, replace(LOSS, pattern="^lr"))
    assert keys(board) == ["lr=0.1", "lr=0.2"]
    assert board.total == 3


def test_labels_leave_out_the_directory_of_all_runs(logdir: Any) -> None:
    logdir.write("sweep/a", [1.0])
    logdir.write("sweep/b", [1.0])
    board = board_of(logdir)
    assert (board.directory, [row.label for row in board.rows]) == ("sweep/", ["a", "b"])


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("name", ["run2", "run10", "run20", "run30"]),
        ("lowest", ["run20", "run2", "run30", "run10"]),
        ("highest", ["run2", "run20", "run30", "run10"]),
        ("newest", ["run30", "run10", "run2", "run20"]),
        ("step", ["run10", "run20", "run2", "run30"]),
    ],
)
def test_runs_are_sorted(logdir: Any, order: str, expected: list[str]) -> None:
    logdir.write("run2", [1.0, 3.0], age=20.0)
    logdir.write("run10", [1.0] * 9, age=10.0, tag="other")
    logdir.write("run20", [1.0, 2.0, 2.0], age=30.0)
    logdir.write("run30", [float("nan")], age=0.0)
    assert keys(board_of(logdir, replace(LOSS, order=order))) == expected


def test_damaged_files_are_counted(logdir: Any) -> None:
    logdir.write("good", range(9))
    logdir.write("bad", range(9))
    damaged = bytearray(logdir.file("bad").read_bytes())
    damaged[150] ^= 0xFF
    logdir.file("bad").write_bytes(damaged)
    board = board_of(logdir)
    assert {row.key: row.damaged for row in board.rows} == {"bad": 1, "good": 0}
    assert board.damaged == 1


def test_a_file_that_ends_inside_a_record_is_not_damaged(logdir: Any) -> None:
    logdir.write("run", range(9))
    logdir.file("run").write_bytes(logdir.file("run").read_bytes()[:-3])
    assert board_of(logdir).damaged == 0


def test_live_runs_are_counted(logdir: Any) -> None:
    logdir.write("a", [1.0])
    logdir.write("b", [1.0], age=9999.0)
    assert board_of(logdir).live == 1
    assert board_of(logdir, later=1e6).live == 0
