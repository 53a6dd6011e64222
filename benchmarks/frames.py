"""Log directories as pandas frames and Parquet, beside tbparse in the same run.

    pip install -e '.[bench,pandas,parquet]' && python benchmarks/frames.py [--scalars 200000] [--histograms 4000]

Writes a log directory for each kind with `trackml.SummaryWriter`, then makes a frame of it in turns, each time in a
fresh process whose imports are done before the clock starts: with `trackml.runs`, and with tbparse, which reads one
kind alone (`event_types`) and as many columns. Images are decoded by both; tbparse needs TensorFlow for that and is
left out without. Scalars are also written to Parquet, from the log directory to the closed file. All files are in the
page cache, and the cache of decoded columns is not used. Medians of the repeats.
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from trackml import SummaryWriter

TAGS = [f"layer{index}/loss" for index in range(10)]
RUNS = 4

TIMED = """
import sys, time
{imports}
begin = time.perf_counter()
frame = {call}
print(time.perf_counter() - begin, len(frame))
"""

OURS = "import pandas, trackml.runs as runs"
STORE = "runs.RunStore(sys.argv[1], cache=False)"
THEIRS = """
import tbparse
from tensorboard.compat.tensorflow_stub import dtypes
dtypes.int4 = dtypes.uint4 = None  # tbparse 0.0.9 compares dtypes with these, which TensorBoard lacks
"""
COLUMNS = {
    "scalars": {"dir_name", "wall_time"},
    "histograms": {"dir_name", "wall_time", "min", "max", "num", "sum", "sum_squares"},
    "text": {"dir_name", "wall_time"},
    "images": {"dir_name", "wall_time", "height", "width"},
}


def write_scalars(writer: SummaryWriter, steps: int) -> None:
    for step in range(steps // len(TAGS)):
        for tag in TAGS:
            writer.add_scalar(tag, 1 / (1 + step), step)


def write_histograms(writer: SummaryWriter, steps: int) -> None:
    numbers = np.random.default_rng(0).normal(size=2000)
    for step in range(steps // len(TAGS)):
        for tag in TAGS:
            writer.add_histogram(tag, numbers * (1 + step % 7), step)


def write_text(writer: SummaryWriter, steps: int) -> None:
    for step in range(steps // len(TAGS)):
        for tag in TAGS:
            writer.add_text(tag, f"*step* {step} of {tag}" * 5, step)


def write_images(writer: SummaryWriter, steps: int) -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (3, 64, 64), np.uint8)
    for step in range(steps):
        writer.add_image("picture", np.roll(pixels, step, 2), step)


WRITERS: dict[str, Callable[[SummaryWriter, int], None]] = {
    "scalars": write_scalars,
    "histograms": write_histograms,
    "text": write_text,
    "images": write_images,
}


def seconds(imports: str, call: str, *arguments: str) -> tuple[float, int]:
    """What a call takes in a process of its own, and how many rows it gives."""
    code = TIMED.format(imports=imports, call=call)
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    taken, rows = done.stdout.split()[-2:]
    return float(taken), int(rows)


def measure(name: str, ours: str, theirs: str | None, arguments: list[str], repeats: int) -> None:
    """Prints a line: both sides take turns."""
    times: dict[str, list[float]] = {"trackml": [], "tbparse": []}
    rows = 0
    for _ in range(repeats):
        taken, rows = seconds(OURS, ours, *arguments)
        times["trackml"].append(taken)
        if theirs is not None:
            times["tbparse"].append(seconds(THEIRS, theirs, *arguments)[0])
    mine = statistics.median(times["trackml"])
    line = f"{name:20} {rows:9} rows  trackml {mine:8.3f} s"
    if theirs is not None:
        peer = statistics.median(times["tbparse"])
        line += f"  tbparse {peer:8.3f} s  ratio {peer / mine:7.1f}"
    print(line, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scalars", type=int, default=200_000)
    parser.add_argument("--histograms", type=int, default=4_000)
    parser.add_argument("--text", type=int, default=20_000)
    parser.add_argument("--images", type=int, default=400)
    parser.add_argument("--repeats", type=int, default=3)
    options = vars(parser.parse_args())
    if importlib.util.find_spec("tbparse") is None:
        raise SystemExit("tbparse is what this measures against: pip install 'trackml-tui[bench]'")
    has_tensorflow = importlib.util.find_spec("tensorflow") is not None
    with tempfile.TemporaryDirectory() as root:
        for kind, write in WRITERS.items():
            for run in range(RUNS):
                with SummaryWriter(str(Path(root, kind, f"run{run}"))) as writer:
                    write(writer, options[kind] // RUNS)
            logdir = str(Path(root, kind))
            function, values = ("texts" if kind == "text" else kind), (", values='decoded'" if kind == "images" else "")
            peer = (
                f"tbparse.SummaryReader(sys.argv[1], extra_columns={COLUMNS[kind]!r}, event_types={{{kind!r}}}).{kind}"
            )
            theirs = peer if kind != "images" or has_tensorflow else None
            measure(kind, f"runs.{function}({STORE}{values})", theirs, [logdir], options["repeats"])
            if kind == "scalars":
                pivot = peer.replace("event_types", "pivot=True, event_types")
                measure("scalars, wide", f"runs.scalars({STORE}, form='wide')", pivot, [logdir], options["repeats"])
                out = str(Path(root, "out.parquet"))
                writes = f"range(runs.export({STORE}, {out!r}))"
                read = f"[frame := {peer}, frame.to_parquet({out!r})][0]"
                measure("scalars to Parquet", writes, read, [logdir], options["repeats"])


if __name__ == "__main__":
    main()
