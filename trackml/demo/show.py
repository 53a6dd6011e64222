"""What `trackml demo` shows: the dashboard in a terminal, otherwise a progress line, and the table of results."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from trackml.demo.runs import RUNS, Result, RunSettings, next_folder
from trackml.demo.sweep import RunError, Sweep

__all__ = ["run_demo"]

LINE_SECONDS = 5.0
"""Between two lines of progress, where lines cannot be drawn over."""

REDRAW_SECONDS = 0.2
"""Between two states of one progress line in a terminal."""


def run_demo(logdir: Path, runs: Sequence[RunSettings] = RUNS) -> int:
    """Trains the sweep in `logdir`, shows it, and gives the exit status of the command.

    A sweep that was interrupted is gone on with; after a finished one the next is a new one beside it. In a terminal
    the dashboard is open meanwhile.
    """
    folder = next_folder(logdir, runs)
    in_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    began = time.monotonic()
    try:
        print(f"Training {len(runs)} models of hand-written digits in {folder}.", flush=True)
        with Sweep(folder, runs) as sweep:
            if in_terminal:
                _open_dashboard(logdir)
            _follow(sweep, began, in_terminal)
            print("\n" + _table(sweep.results()))
    except RunError as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\nInterrupted. The same command goes on with {folder}.", file=sys.stderr)
        return 130
    print(f"\nLook at the runs with either of\n\n  trackml-tui {logdir}\n  tensorboard --logdir {logdir}")
    return 0


def _open_dashboard(logdir: Path) -> None:
    """Shows the dashboard until its user leaves it."""
    status = subprocess.call([sys.executable, "-m", "trackml_tui", str(logdir)])
    if status:
        print(f"The dashboard ended with status {status}; training goes on.", file=sys.stderr)


def _follow(sweep: Sweep, began: float, in_terminal: bool) -> None:
    """Shows how far the sweep is until it has ended."""
    ended = False
    while not ended:
        part = sweep.steps_done / sweep.steps_in_all
        line = f"{part:4.0%} of {sweep.steps_in_all} steps, {sweep.runs_done} of {len(sweep.runs)} runs"
        print(f"{line}, {time.monotonic() - began:.0f} s", end="\r" if in_terminal else "\n", flush=True)
        ended = sweep.wait(REDRAW_SECONDS if in_terminal else LINE_SECONDS)
    print("Finished.".ljust(60))  # covers the progress line


def _table(results: Mapping[RunSettings, Result]) -> str:
    """Gives the results as text, best run first."""
    head = f"{'run':<16} {'learning rate':>13} {'units':>6} {'loss':>8} {'accuracy':>9} {'seconds':>8}"
    best_first = sorted(results.items(), key=lambda item: -item[1].accuracy)
    rows = [
        f"{run.name:<16} {run.learning_rate:>13g} {run.units:>6} {result.loss:>8.4f} {result.accuracy:>9.4f}"
        f" {result.seconds:>8.1f}"
        for run, result in best_first
    ]
    return "\n".join([head, *rows])
