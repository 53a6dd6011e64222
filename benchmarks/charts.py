"""What a frame of the charts costs, without and with a terminal around it.

    python benchmarks/charts.py [--repeats 15]

Medians in milliseconds of processor time. "first": making the lines, and the first picture of them. "again": nothing
changed but the picture is drawn anew; "range": the x axis has other ends, so that all columns are decimated anew;
"grown": a point more in every series. Reading and writing are not in it.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "tui"))

from trackml.runs import RunStore, Series
from trackml_tui.app import DashboardApp
from trackml_tui.charts.content import Picture
from trackml_tui.curves import Curves, LineOptions
from trackml_tui.plotting.axes import Axes
from trackml_tui.plotting.grid import solid
from trackml_tui.plotting.plot import Stroke, draw
from trackml_tui.widgets.chart import Chart

SIZE = (200, 60)
OPTIONS = LineOptions(smoothing=0.6)


def median_ms(repeats: int, work: Callable[[], object], prepare: Callable[[], object] = lambda: None) -> float:
    times = []
    for _ in range(repeats):
        prepare()
        begin = time.thread_time()
        work()
        times.append(time.thread_time() - begin)
    return 1000 * statistics.median(times)


def make_series(runs: int, points: int) -> list[Series]:
    """Random walks in float32, as event files have them, in columns with some room at the end."""
    generator = np.random.default_rng(0)
    series = []
    for _ in range(runs):
        step, wall = np.arange(points + 1000), 0.1 * np.arange(points + 1000, dtype=np.float64)
        value = generator.standard_normal(points + 1000).cumsum().astype(np.float32)
        series.append(Series(step, wall, value))
    return series


class Lines:
    """Lines of series that can be made to grow."""

    def __init__(self, runs: int, points: int) -> None:
        self._series = make_series(runs, points)
        self._curves = Curves()
        self.points = points
        self.strokes: list[Stroke] = []
        self.make()

    def make(self) -> None:
        self.strokes = []
        for index, series in enumerate(self._series):
            line = self._curves.line(f"run{index}", "loss", series.part(0, self.points), OPTIONS)
            self.strokes.append(Stroke(line.curve, solid(index % 10), style=index // 10 % 5))

    def grown(self) -> list[Stroke]:
        self.points += 1
        self.make()
        return self.strokes


def measure(name: str, runs: int, points: int, repeats: int) -> None:
    begin = time.thread_time()
    lines = Lines(runs, points)
    made = 1000 * (time.thread_time() - begin)
    ends = iter(np.linspace(0.1, 0.9, 10_000) * points)
    first = median_ms(1, lambda: draw(lines.strokes, *SIZE))
    again = median_ms(repeats, lambda: draw(lines.strokes, *SIZE))
    ranged = median_ms(repeats, lambda: draw(lines.strokes, *SIZE, axes=Axes(x_range=(0.0, float(next(ends))))))
    fixed = Axes(x_range=(0.0, points * 1.1))
    draw(lines.strokes, *SIZE, axes=fixed)
    grown = median_ms(repeats, lambda: draw(lines.grown(), *SIZE, axes=fixed))
    print(
        f"{name:<34} first {made:7.1f} + {first:6.1f}   again {again:6.1f}   range {ranged:6.1f}   grown {grown:6.1f}"
    )


async def measure_widget(runs: int, points: int, repeats: int) -> None:
    """The same frame as a widget draws it: with styles and segments for every row."""
    lines = Lines(runs, points)
    directory = tempfile.TemporaryDirectory()
    app = DashboardApp(RunStore(directory.name), [Path(directory.name)])
    async with app.run_test(size=SIZE) as pilot:
        chart = Chart()
        await app.screen.mount(chart)
        chart.styles.width, chart.styles.height = SIZE
        await pilot.pause()
        chart.picture = Picture("loss", "loss", (), tuple(lines.strokes))

        def frame() -> None:
            chart._forget()
            for row in range(chart.size.height):
                chart.render_line(row)

        frame()
        print(f"{'the first with widget and styles':<34} again {median_ms(repeats, frame):6.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=15)
    repeats = parser.parse_args().repeats
    measure("50 series of 100,000 points", 50, 100_000, repeats)
    measure("1,000 series of 1,000 points", 1000, 1000, repeats)
    measure("one series of 5,000,000 points", 1, 5_000_000, repeats)
    asyncio.run(measure_widget(50, 100_000, repeats))


if __name__ == "__main__":
    main()
