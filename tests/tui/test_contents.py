"""What is read on demand: in a thread, the latest wish first, kept within a budget."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from trackml_tui.contents import Contents, Loaded, weight
from trackml_tui.messages import ContentsArrived


@pytest.fixture
def arrivals() -> list[Any]:
    return []


@pytest.fixture
def waiting(arrivals: list[Any], deadline: Callable[[], bool]) -> Callable[[int], None]:
    """Waits until so many values have arrived."""
    tick = threading.Event()

    def wait(amount: int) -> None:
        while len(arrivals) < amount:
            assert deadline()
            tick.wait(0.001)

    return wait


def test_a_value_is_there_after_it_was_read(arrivals: list[Any], waiting: Any) -> None:
    contents = Contents(arrivals.append)
    assert contents.get("a", lambda: 1) is None
    waiting(1)
    assert isinstance(arrivals[0], ContentsArrived)
    assert contents.get("a", lambda: 2) == Loaded(1)
    contents.close()


def test_what_reading_raises_is_told(arrivals: list[Any], waiting: Any) -> None:
    def fails() -> int:
        raise ValueError("no PNG")

    contents = Contents(arrivals.append)
    contents.get("a", fails)
    waiting(1)
    assert contents.get("a", fails) == Loaded(None, "no PNG")
    contents.close()


def test_the_latest_wish_is_read_first(arrivals: list[Any], waiting: Any) -> None:
    contents, order, begun, go = Contents(arrivals.append), list[str](), threading.Event(), threading.Event()

    def first() -> None:
        begun.set()
        go.wait(10)

    contents.get("first", first)
    begun.wait(10)
    for name in "abc":
        contents.get(name, lambda name=name: order.append(name))
    go.set()
    waiting(4)
    assert order == ["c", "b", "a"]
    contents.close()


def test_what_is_asked_for_while_it_is_read_is_read_once(arrivals: list[Any], waiting: Any) -> None:
    contents, begun, go, times = Contents(arrivals.append), threading.Event(), threading.Event(), list[int]()

    def slow() -> int:
        times.append(1)
        begun.set()
        go.wait(10)
        return 5

    contents.get("slow", slow)
    begun.wait(10)
    assert contents.get("slow", slow) is None
    contents.get("other", lambda: 6)
    go.set()
    waiting(2)
    assert contents.get("slow", slow) == Loaded(5)
    assert times == [1]
    contents.close()


def test_what_was_used_longest_ago_goes_first(arrivals: list[Any], waiting: Any) -> None:
    contents = Contents(arrivals.append, budget=3000)
    for index in range(3):
        contents.get(index, lambda: bytes(1000))
        waiting(index + 1)
        contents.get(0, lambda: b"again")
    waiting(3)
    assert contents.get(0, lambda: b"") == Loaded(bytes(1000))
    assert contents.get(2, lambda: b"") == Loaded(bytes(1000))
    assert contents.get(1, lambda: b"") is None
    contents.close()


def test_what_is_followed_is_shown_as_it_was_until_it_is_read_again(arrivals: list[Any], waiting: Any) -> None:
    contents, go = Contents(arrivals.append), threading.Event()
    assert contents.follow("a", 1, lambda: "one") is None
    waiting(1)
    assert contents.follow("a", 1, lambda: "never") == Loaded("one")

    def slow() -> str:
        go.wait(10)
        return "two"

    assert contents.follow("a", 2, slow) == Loaded("one")
    assert contents.follow("a", 3, slow) == Loaded("one")
    go.set()
    waiting(2)
    assert contents.follow("a", 3, lambda: "three") == Loaded("two")
    waiting(3)
    assert contents.follow("a", 3, lambda: "never") == Loaded("three")
    contents.close()


def test_nothing_is_read_after_closing(arrivals: list[Any]) -> None:
    contents = Contents(arrivals.append)
    contents.close()
    assert contents.get("a", lambda: 1) is None
    assert arrivals == []


@dataclass
class Pair:
    one: Any
    other: Any


@pytest.mark.parametrize(
    ("value", "least"),
    [
        (np.zeros(1000), 8000),
        (b"x" * 500, 500),
        ("x" * 500, 500),
        ([bytes(100), bytes(100)], 200),
        ({"a": bytes(300)}, 300),
        (Pair(bytes(100), np.zeros(10)), 180),
    ],
)
def test_weights_count_what_is_held(value: Any, least: int) -> None:
    assert least <= weight(value) <= least + 64 * 4
