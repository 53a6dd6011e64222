"""A picture of the dashboard: `python -m trackml_tui.screenshot LOGDIR OUT.svg`."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from trackml.runs import RunStore
from trackml_tui.app import DashboardApp
from trackml_tui.svg import portable
from trackml_tui.view import View

SIZE = (120, 34)
"""Columns and rows of the picture, unless others are asked for."""


def render(logdir: str | os.PathLike[str], size: tuple[int, int] = SIZE, tag: str | None = None) -> str:
    """The dashboard on `logdir`, as SVG text that needs no font of its own.

    Args:
        logdir: A directory with runs in it; it is read whole.
        size: Columns and rows of the terminal.
        tag: The tag on the chart; None takes the one that the dashboard shows first.
    """
    store = RunStore(logdir)
    store.refresh()
    app = DashboardApp(store, [Path(path) for _, path in store.logdirs], view=View(tag=tag))
    return portable(asyncio.run(_export(app, size)))


def main(argv: Sequence[str] | None = None) -> int:
    """Writes the picture; gives the exit status."""
    parser = argparse.ArgumentParser(prog="trackml_tui.screenshot", description=__doc__)
    parser.add_argument("logdir", type=Path, metavar="LOGDIR")
    parser.add_argument("out", type=Path, metavar="OUT.svg")
    parser.add_argument("--size", default="x".join(map(str, SIZE)), metavar="COLUMNSxROWS")
    parser.add_argument("--tag", help="the tag on the chart")
    options = parser.parse_args(argv)
    columns, rows = map(int, options.size.split("x"))
    options.out.write_text(render(options.logdir, (columns, rows), options.tag), encoding="utf-8")
    return 0


async def _export(app: DashboardApp, size: tuple[int, int]) -> str:
    async with app.run_test(size=size) as pilot:
        while not app.has_looked:
            await pilot.pause()
        await pilot.pause()
        return app.export_screenshot()


if __name__ == "__main__":
    sys.exit(main())
