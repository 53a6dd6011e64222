"""The `trackml-tui` command."""

from __future__ import annotations

import argparse
import importlib.metadata
import sys
from collections.abc import Sequence
from pathlib import Path

_DESCRIPTION = "Watch the runs of TensorBoard log directories, live, in the terminal."


def main(argv: Sequence[str] | None = None) -> int:
    """Opens the dashboard; gives the exit status.

    Args:
        argv: The arguments; None takes the process's own.
    """
    parser = _parser()
    options = parser.parse_args(argv)
    for path in options.logdirs:
        if path.exists() and not path.is_dir():
            parser.error(f"{path} is a file; give the directory that holds the event files.")
    # Textual draws on standard error, so that standard output may go elsewhere.
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        parser.error("the dashboard needs a terminal as its standard input and standard error.")
    return run(options.logdirs, tag=options.tag, interval=options.interval, dark=options.theme == "dark")


def run(logdirs: Sequence[Path], *, tag: str | None = None, interval: float = 0.5, dark: bool = True) -> int:
    """Runs the dashboard on `logdirs` until the user leaves; gives the exit status."""
    from trackml.runs import RunStore
    from trackml_tui.app import DashboardApp
    from trackml_tui.view import View

    app = DashboardApp(RunStore(*logdirs), logdirs, view=View(tag=tag), interval=interval, dark=dark)
    app.run()
    return app.return_code or 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="trackml-tui", description=_DESCRIPTION)
    parser.add_argument("logdirs", nargs="+", type=Path, metavar="LOGDIR", help="a directory with runs in it")
    parser.add_argument("--tag", help="the tag to show first")
    parser.add_argument(
        "--interval", type=_seconds, default=0.5, metavar="SECONDS", help="rest between two looks (default 0.5)"
    )
    parser.add_argument("--theme", choices=("dark", "light"), default="dark", help="colours (default dark)")
    version = importlib.metadata.version("trackml-tui")
    parser.add_argument("--version", action="version", version=f"%(prog)s {version}")
    return parser


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0.0 < seconds < float("inf"):
        raise ValueError(f"seconds must be positive; got {text}.")
    return seconds
