"""The `trackml-tui` command."""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trackml.runs import RunStore
    from trackml_tui.settings import Settings
    from trackml_tui.view import View

_FORMS = ("text", "svg", "html", "markdown", "csv", "json", "sixel")
"""The keys of `exports.formats.PRINTED`, which takes long to load."""
_DESCRIPTION = "Watch the runs of TensorBoard log directories, live, in the terminal."


def main(argv: Sequence[str] | None = None) -> int:
    """Opens the dashboard; gives the exit status.

    Args:
        argv: The arguments; None takes the process's own.
    """
    parser = _parser()
    options = parser.parse_args(argv)
    from trackml.runs import RunStore
    from trackml_tui.settings import read_settings, settings_path

    settings, complaints = read_settings(options.config or settings_path())
    given = {name: getattr(options, name) for name in ("interval", "theme", "max_points", "cache")}
    settings = replace(settings, **{name: value for name, value in given.items() if value is not None})
    try:
        store = RunStore(*options.logdirs, cache=settings.cache, max_points=settings.max_points)
        view, wrong = _view(options, settings)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    for _, path in store.logdirs:
        if os.path.exists(path) and not os.path.isdir(path):
            parser.error(f"{path} is a file; give the directory that holds the event files.")
    if options.once:
        return _once(parser, store, settings, view, options)
    # Textual draws on standard error, so that standard output may go elsewhere.
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        parser.error("the dashboard needs a terminal as its standard input and standard error.")
    return _run(store, settings, view, [*complaints, *wrong])


def _view(options: argparse.Namespace, settings: Settings) -> tuple[View | None, list[str]]:
    """What the command line asks to be shown; None for what was shown the last time.

    Raises:
        OSError: If the file cannot be read.
        ValueError: If it is no file of a view.
    """
    from trackml_tui.views import read_view

    view: View | None = None
    complaints: list[str] = []
    if options.view is not None:
        view, complaints = read_view(options.view, settings.view)
    elif options.fresh or options.tag is not None:
        view = settings.view
    if options.tag is not None and view is not None:
        view = replace(view, tag=options.tag)
    return view, complaints


def _once(
    parser: argparse.ArgumentParser,
    store: RunStore,
    settings: Settings,
    view: View | None,
    options: argparse.Namespace,
) -> int:
    from trackml_tui.once import print_once

    logdirs = [Path(path) for _, path in store.logdirs]
    try:
        return print_once(store, logdirs, view or settings.view, options.once, options.output)
    except OSError as error:
        parser.error(str(error))


def _run(store: RunStore, settings: Settings, view: View | None, complaints: Sequence[str]) -> int:
    from trackml_tui.app import DashboardApp
    from trackml_tui.state_files import state_directory

    logdirs = [Path(path) for _, path in store.logdirs]
    app = DashboardApp(store, logdirs, view=view, settings=settings, complaints=complaints, state=state_directory())
    app.run()
    return app.return_code or 0


def _parser() -> argparse.ArgumentParser:
    import shtab

    parser = argparse.ArgumentParser(prog="trackml-tui", description=_DESCRIPTION)
    logdirs = parser.add_argument(
        "logdirs",
        nargs="+",
        metavar="LOGDIR",
        help="a directory with runs in it; NAME:LOGDIR names it, and commas separate several",
    )
    parser.add_argument("--tag", help="the tag to show first")
    view = parser.add_argument("--view", type=Path, metavar="FILE", help="show what this file of a view says")
    parser.add_argument("--fresh", action="store_true", help="do not resume what was shown the last time")
    config = parser.add_argument("--config", type=Path, metavar="FILE", help="settings, in place of the user's own")
    parser.add_argument(
        "--interval",
        type=_seconds,
        metavar="SECONDS",
        help="rest between two looks where the system does not tell of changes, as on network disks (default 0.5)",
    )
    parser.add_argument("--theme", metavar="NAME", help="dark, light, contrast, or any theme of Textual (default dark)")
    parser.add_argument(
        "--max-points", type=int, metavar="N", help="hold no more scalars than N: longer series are sampled"
    )
    parser.add_argument(
        "--no-cache",
        dest="cache",
        action="store_const",
        const=False,
        help="read the files themselves, and keep nothing of them",
    )
    parser.add_argument(
        "--once",
        nargs="?",
        const="text",
        choices=_FORMS,
        metavar="FORM",
        help=f"print what there is and leave: {', '.join(_FORMS)} (default text); needs no terminal",
    )
    output = parser.add_argument(
        "--output", type=Path, metavar="FILE", help="with --once: write a file that is not there yet"
    )
    version = importlib.metadata.version("trackml-tui")
    parser.add_argument("--version", action="version", version=f"%(prog)s {version}")
    shtab.add_argument_to(parser, "--print-completion", help="print the completion script of a shell")
    for action, complete in (
        (logdirs, shtab.DIRECTORY),
        (view, shtab.FILE),
        (config, shtab.FILE),
        (output, shtab.FILE),
    ):
        vars(action)["complete"] = complete
    return parser


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0.0 < seconds < float("inf"):
        raise ValueError(f"seconds must be positive; got {text}.")
    return seconds
