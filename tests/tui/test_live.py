from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.message import Message

from trackml.runs import RunStore
from trackml_tui.live import Follower, rest_after_drawing
from trackml_tui.messages import FollowingStopped, RunsChanged

SECONDS = 30.0


class Following:
    """A follower, and the messages that it posts."""

    def __init__(self, *paths: Path, store: RunStore | None = None, interval: float = 0.001) -> None:
        self.store = store or RunStore(*paths)
        self.messages: queue.Queue[Message] = queue.Queue()
        self.follower = Follower(self.store, paths, self.messages.put, interval=interval)

    def next(self) -> Message:
        return self.messages.get(timeout=SECONDS)

    def wait_for_points(self, run: str, count: int) -> None:
        while self._points(run) < count:
            self.next()

    def _points(self, run: str) -> int:
        """How many points of `loss` are known; a file may be seen before there is anything in it."""
        found = self.store.snapshot().get(run)
        return len(found.scalars.get("loss", ())) if found is not None else 0


@pytest.fixture
def following(logdir: Any) -> Iterator[Following]:
    following = Following(logdir.path)
    yield following
    following.follower.stop()


def test_the_first_look_is_told_even_if_there_is_nothing(following: Following) -> None:
    following.follower.start()
    assert isinstance(following.next(), RunsChanged)


def test_new_points_and_new_runs_are_told(following: Following, logdir: Any) -> None:
    following.follower.start()
    logdir.write("a", [1.0])
    following.wait_for_points("a", 1)
    logdir.write("a", [2.0], first_step=1)
    following.wait_for_points("a", 2)
    logdir.write("b", [1.0])
    following.wait_for_points("b", 1)


def test_where_the_system_tells_of_changes_nobody_waits_for_the_next_look(logdir: Any) -> None:
    following = Following(logdir.path, interval=3600.0)
    following.follower.start()
    for step in range(3):
        logdir.write("a", [1.0], first_step=step)
        following.wait_for_points("a", step + 1)
    assert following.follower.polls == ""
    following.follower.stop()


def test_why_it_polls_is_told(logdir: Any, tmp_path: Path) -> None:
    logdir.write("a", [1.0])
    link = tmp_path / "linked" / "tfevents"
    link.parent.mkdir()
    link.symlink_to(logdir.file("a"))
    following = Following(link.parent)
    following.follower.start()
    for count in (1, 2, 3):
        following.wait_for_points(".", count)
        logdir.write("a", [1.0], first_step=count)
    assert following.follower.polls == f"'{link}' is a link"
    following.follower.stop()


def test_a_missing_directory_is_told_and_followed_once_it_is_there(tmp_path: Path) -> None:
    path = tmp_path / "later"
    following = Following(path)
    following.follower.start()
    following.next()
    assert following.follower.missing == (path,)
    path.mkdir()
    following.next()
    assert following.follower.missing == ()
    following.follower.stop()


@pytest.mark.parametrize("below", ["", "missing"])
def test_the_thread_ends_when_it_is_stopped(logdir: Any, below: str) -> None:
    following = Following(logdir.path / below, interval=3600.0)
    following.follower.start()
    following.next()
    following.follower.stop()
    assert "trackml-follow" not in {thread.name for thread in threading.enumerate()}


class BrokenStore(RunStore):
    """A store on a machine that has run out of something."""

    def refresh(self, budget: float | None = None) -> bool:
        raise MemoryError("no memory for 3 GB")


def test_an_error_reaches_the_owner(logdir: Any) -> None:
    following = Following(logdir.path, store=BrokenStore(logdir.path))
    following.follower.start()
    message = following.next()
    assert isinstance(message, FollowingStopped)
    assert message.reason == "MemoryError: no memory for 3 GB"


def test_a_later_look_replaces_an_earlier_one() -> None:
    assert RunsChanged(1).can_replace(RunsChanged(2))
    assert not RunsChanged(1).can_replace(FollowingStopped("x"))


def test_what_takes_long_to_draw_is_drawn_less_often_while_there_is_much_to_read() -> None:
    assert rest_after_drawing(0.01, is_loading=True) == rest_after_drawing(0.01, is_loading=False) == 0.3
    assert rest_after_drawing(0.4, is_loading=False) == 0.4
    assert rest_after_drawing(0.4, is_loading=True) == 1.6
    assert rest_after_drawing(3600.0, is_loading=True) == 2.0


def test_what_was_put_off_is_told_later(following: Following, logdir: Any) -> None:
    following.follower.start()
    following.next()
    for step in range(3):
        logdir.write("a", [1.0], first_step=step)
        following.follower.drawn(0.0)
        following.wait_for_points("a", step + 1)
