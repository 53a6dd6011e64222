"""The progress bar: there when work is long and somebody looks, gone when it ends."""

from __future__ import annotations

import io

import pytest

from trackml.commands.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_is_drawn_after_a_while_and_erased_at_the_end(clock):
    terminal = Terminal()
    with Progress("reading", str, stream=terminal, clock=clock) as progress:
        progress.update(1, 4)
        assert terminal.getvalue() == ""
        clock.now = 1.0
        progress.update(2, 4)
        assert terminal.getvalue() == "\r\x1b[Kreading  [##########..........]  50%  2 of 4"
        clock.now = 1.01
        progress.update(3, 4)
        assert terminal.getvalue().endswith("2 of 4")
    assert terminal.getvalue().endswith("2 of 4\r\x1b[K")


@pytest.mark.parametrize(("done", "total", "share"), [(0, 0, "100%"), (5, 4, "100%"), (0, 4, "0%")])
def test_shares_stay_between_nothing_and_all(done, total, share, clock):
    terminal = Terminal()
    progress = Progress("reading", str, stream=terminal, clock=clock)
    clock.now = 1.0
    progress.update(done, total)
    assert f" {share} " in terminal.getvalue()


def test_is_cut_at_the_edge_of_a_narrow_terminal(clock, monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")
    terminal = Terminal()
    progress = Progress("reading", str, stream=terminal, clock=clock)
    clock.now = 1.0
    progress.update(1, 2)
    assert terminal.getvalue() == "\r\x1b[Kreading  [#########"


def test_is_not_drawn_where_nobody_looks(clock, monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    for stream in (io.StringIO(), Terminal()):
        with Progress("reading", str, stream=stream, clock=clock) as progress:
            clock.now += 1.0
            progress.update(1, 2)
        assert stream.getvalue() == ""
