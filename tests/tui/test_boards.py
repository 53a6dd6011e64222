from __future__ import annotations

from dataclasses import replace
from typing import Any

from trackml_tui.boards import Boards
from trackml_tui.catalog.labels import NO_LABELS, noted
from trackml_tui.catalog.status import Status
from trackml_tui.curves import Curves
from trackml_tui.palette import SlotBook
from trackml_tui.view import View

VIEW = View(tag="loss")


def test_a_board_is_kept_while_nothing_changed_that_it_shows(logdir: Any) -> None:
    logdir.write("a/x", [1.0], age=4000.0)
    logdir.write("a/y", [2.0], age=4000.0)
    boards, snapshot = Boards(Curves(), SlotBook()), logdir.snapshot()
    board = boards.make(snapshot, VIEW, logdir.now)
    assert boards.make(snapshot, replace(VIEW, current="a/y", pane="text"), logdir.now + 1.0) is board
    assert boards.make(snapshot, VIEW.toggled("a/x"), logdir.now).rows[0].shown is False
    assert [row.key for row in boards.make(snapshot, replace(VIEW, order="highest"), logdir.now).rows] == ["a/y", "a/x"]


def test_ages_go_on(logdir: Any) -> None:
    logdir.write("old", [1.0], age=7300.0)
    logdir.write("new", [1.0], age=2.0)
    boards, snapshot = Boards(Curves(), SlotBook()), logdir.snapshot()
    first = boards.make(snapshot, VIEW, logdir.now)
    later = boards.make(snapshot, VIEW, logdir.now + 5.0)
    assert later.row("old") is first.row("old")
    fresh = later.row("new")
    assert fresh is not None
    assert fresh.age is not None
    assert round(fresh.age) == 7
    assert [line.row for line in later.listed] == [later.row("new"), later.row("old")]


def test_a_run_that_falls_silent_is_told_without_any_news(logdir: Any) -> None:
    logdir.write("run", [1.0], age=0.0)
    boards, snapshot = Boards(Curves(), SlotBook()), logdir.snapshot()
    assert boards.make(snapshot, VIEW, logdir.now).live == 1
    board = boards.make(snapshot, VIEW, logdir.now + 200.0)
    assert (board.live, board.rows[0].status) == (0, Status.IDLE)


def test_a_query_about_ages_is_asked_each_time(logdir: Any) -> None:
    logdir.write("run", [1.0], age=10.0)
    boards, snapshot, view = Boards(Curves(), SlotBook()), logdir.snapshot(), replace(VIEW, pattern="age<20s")
    assert len(boards.make(snapshot, view, logdir.now).rows) == 1
    assert len(boards.make(snapshot, view, logdir.now + 15.0).rows) == 0


def test_news_and_labels_make_a_new_board(logdir: Any) -> None:
    logdir.write("run", [1.0])
    boards, snapshot = Boards(Curves(), SlotBook()), logdir.snapshot()
    assert not boards.make(snapshot, VIEW, logdir.now).rows[0].noted
    labels = NO_LABELS.with_changes(snapshot.values(), noted("good"))
    assert boards.make(snapshot, VIEW, logdir.now, labels).rows[0].noted
    logdir.write("run", [3.0], first_step=9)
    assert boards.make(logdir.snapshot(), VIEW, logdir.now, labels).rows[0].value == 3.0
