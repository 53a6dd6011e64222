"""Threads that help with the parts of a kernel's work."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import numpy as np
import pytest

from trackml.graph import workers
from trackml.graph.workers import for_each, pieces


def test_each_part_is_worked_on_once() -> None:
    counts = np.zeros(1000, int)

    def count(part: int) -> None:
        counts[part] += 1

    for _ in range(50):
        for_each(count, range(1000))
    assert counts.tolist() == [50] * 1000


def test_what_a_part_raises_reaches_the_caller() -> None:
    def fail(part: int) -> None:
        if part == 3:
            raise ValueError(f"part {part}")

    with pytest.raises(ValueError, match="part 3"):
        for_each(fail, range(8))
    done: list[int] = []
    for_each(done.append, range(8))
    assert sorted(done) == list(range(8))


def test_parts_may_have_parts_of_their_own() -> None:
    done: list[tuple[int, int]] = []
    for_each(lambda a: for_each(lambda b: done.append((a, b)), range(5)), range(5))
    assert sorted(done) == [(a, b) for a in range(5) for b in range(5)]


def test_two_callers_at_once_each_have_their_parts_done() -> None:
    results: dict[int, list[int]] = {0: [], 1: []}

    def call(number: int) -> None:
        for _ in range(100):
            results[number].clear()
            for_each(results[number].append, range(20))
            assert sorted(results[number]) == list(range(20))

    callers = [threading.Thread(target=call, args=(number,)) for number in results]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert all(sorted(done) == list(range(20)) for done in results.values())


def test_helpers_end_when_told_to() -> None:
    helpers = workers._Helpers(2)
    names = {thread.name for thread in helpers._threads}
    helpers.stop()
    assert not any(thread.is_alive() for thread in helpers._threads)
    assert names == {"trackml-helper-0", "trackml-helper-1"}


def test_helpers_do_not_warn_of_infinities() -> None:
    values = np.ones(4, np.float32)
    zero = np.zeros(1, np.float32)

    def divide(part: int) -> None:
        values[part : part + 1] /= zero

    with np.errstate(all="ignore"):
        for_each(divide, range(4))
    assert np.isinf(values).all()


@pytest.mark.parametrize("count", [0, 1, 7, 1000])
@pytest.mark.parametrize("least", [1, 10, 5000])
def test_pieces_hold_everything_once(count: int, least: int) -> None:
    places = [place for piece in pieces(count, least) for place in range(piece.start, piece.stop)]
    assert places == list(range(count))
    assert all(piece.stop - piece.start >= min(least, count) for piece in pieces(count, least))


SCRIPT = """
import numpy as np, threading, trackml as tf
from trackml.graph import workers
from trackml.graph.blas import limit, restore
print(workers.thread_count(), limit())
x = np.ones([600, 600], np.float32)
with tf.Session() as session:
    value = session.run(tf.matmul(tf.placeholder_with_default(x, [None, None]), x))
print(bool((value == 600).all()), sum(thread.name.startswith("trackml-helper") for thread in threading.enumerate()))
"""


def run(code: str, **environment: str) -> list[str]:
    kept = {key: value for key, value in os.environ.items() if key not in workers.SETTINGS}
    done = subprocess.run(
        [sys.executable, "-c", code], env={**kept, **environment}, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_the_environment_says_how_many_threads_there_are() -> None:
    assert run(SCRIPT, TRACKML_THREADS="3", TRACKML_BLAS_THREADS="keep") == ["3", "0", "True", "2"]
    assert run(SCRIPT, OMP_NUM_THREADS="1") == ["1", "0", "True", "0"]


FORK = """
import os, numpy as np
from trackml.graph.workers import for_each
done = []
for_each(done.append, range(9))
child = os.fork()
if child == 0:
    done.clear()
    for _ in range(20):
        for_each(done.append, range(9))
    os._exit(0 if sorted(done) == sorted(list(range(9)) * 20) else 1)
print(os.waitpid(child, 0)[1])
"""


def test_a_forked_child_has_helpers_of_its_own() -> None:
    assert run(FORK, TRACKML_THREADS="2") == ["0"]
