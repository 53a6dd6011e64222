"""The `trackml-tui` command."""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trackml.runs import RunStore

_DESCRIPTION = "Watch the runs of TensorBoard log directories, live, in the terminal."


def main(argv: Sequence[str] | None = None) -> int:
    """Opens the dashboard; gives the exit status.

    Args:
        argv: The arguments; None takes the process's own.
    """
    parser = _parser()
    options = parser.parse_args(argv)
    from trackml.runs import RunStore

    try:
        store = RunStore(*options.logdirs, cache=not options.no_cache, max_points=options.max_points)
    except ValueError as error:
        parser.error(str(error))
    for _, path in store.logdirs:
        if os.path.exists(path) and not os.path.isdir(path):
            parser.error(f"{path} is a file; give the directory that holds the event files.")
    # Textual draws on standard error, so that standard output may go elsewhere.
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        parser.error("the dashboard needs a terminal as its standard input and standard error.")
    return _run(store, tag=options.tag, interval=options.interval, dark=options.theme == "dark")


def _run(store: RunStore, *, tag: str | None, interval: float, dark: bool) -> int:
    from trackml_tui.app import DashboardApp
    from trackml_tui.state_files import state_directory
    from trackml_tui.view import View

    logdirs = [Path(path) for _, path in store.logdirs]
    app = DashboardApp(store, logdirs, view=View(tag=tag), interval=interval, dark=dark, state=state_directory())
    app.run()
    return app.return_code or 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="trackml-tui", description=_DESCRIPTION)
    parser.add_argument(
        "logdirs",
        nargs="+",
        metavar="LOGDIR",
        help="a directory with runs in it; NAME:LOGDIR names it, and commas separate several",
    )
    parser.add_argument("--tag", help="the tag to show first")
    parser.add_argument(
        "--interval",
        type=_seconds,
        default=0.5,
        metavar="SECONDS",
        help="rest between two looks where the system does not tell of changes, as on network disks (default 0.5)",
    )
    parser.add_argument("--theme", choices=("dark", "light"), default="dark", help="colours (default dark)")
    parser.add_argument(
        "--max-points", type=int, metavar="N", help="hold no more scalars than N: longer series are sampled"
    )
    parser.add_argument("--no-cache", action="store_true", help="read the files themselves, and keep nothing of them")
    version = importlib.metadata.version("trackml-tui")
    parser.add_argument("--version", action="version", version=f"%(prog)s {version}")
    return parser


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0.0 < seconds < float("inf"):
        raise ValueError(f"seconds must be positive; got {text}.")
    return seconds
