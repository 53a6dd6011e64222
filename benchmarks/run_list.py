"""The dashboard's run list: a second with nothing new, a change, a query, the leaderboard; 1,000 runs of 10 tags.

    python benchmarks/run_list.py [--runs 1000] [--tags 10] [--repeat 15]

Runs are read before the clock starts. Prints the best of all repetitions in milliseconds.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

from trackml import SummaryWriter
from trackml.runs import RunStore, Snapshot
from trackml_tui.board import make_board
from trackml_tui.boards import Boards
from trackml_tui.choices.runs import RunsChoice
from trackml_tui.curves import Curves
from trackml_tui.leaderboard.table import make_table
from trackml_tui.palette import SlotBook
from trackml_tui.scene import Scene
from trackml_tui.view import View

POINTS = 20


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--tags", type=int, default=10)
    parser.add_argument("--repeat", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        _write(Path(directory), options.runs, options.tags)
        store = RunStore(directory, cache=False)
        store.refresh()
        for name, work in _works(store.snapshot()).items():
            print(f"{name:<34}{_best(work, options.repeat) * 1e3:8.1f} ms")


def _write(directory: Path, runs: int, tags: int) -> None:
    for run in range(runs):
        with SummaryWriter(str(directory / f"sweep{run % 10}" / f"run{run}")) as writer:
            for step in range(POINTS):
                for tag in range(tags):
                    writer.add_scalar(f"tag{tag}" if tag else "loss", run + 1 / (step + 1), step)


def _works(snapshot: Snapshot) -> dict[str, Callable[[], object]]:
    now, seconds, view = time.time(), count(), View(tag="loss")
    curves, slots = Curves(), SlotBook()
    boards = Boards(curves, slots)
    boards.make(snapshot, view, now)

    def board(chosen: View) -> Callable[[], object]:
        return lambda: make_board(snapshot, chosen, curves, slots, now)

    scene = Scene(snapshot=snapshot, view=view, board=make_board(snapshot, view, curves, slots, now), slots=slots)
    return {
        "a second later, all live": lambda: boards.make(snapshot, view, now + next(seconds) % 60),
        "a second later, all a day old": lambda: boards.make(snapshot, view, now + 86400 + next(seconds)),
        "something changed: tree": board(view),
        "something changed: groups": board(View(tag="loss", runs=RunsChoice(group="folder"))),
        "a query over a metric": board(View(tag="loss", pattern="loss.min<500 and not name~9")),
        "the leaderboard": lambda: make_table(scene),
    }


def _best(work: Callable[[], object], repeat: int) -> float:
    work()
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


if __name__ == "__main__":
    main()
