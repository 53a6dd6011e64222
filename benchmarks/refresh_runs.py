"""Looking again at a log directory of many runs, of which none or one has changed.

    python benchmarks/refresh_runs.py [--runs 1000] [--repeats 21]

Medians in milliseconds of wall time: a refresh when nothing changed, and a refresh that finds one new point in one run.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tensorboard.compat.proto import event_pb2

from trackml.runs import RunStore
from trackml.storage import frame


def record(step: int) -> bytes:
    event = event_pb2.Event(wall_time=1.7e9 + step, step=step)
    event.summary.value.add(tag="loss", simple_value=1 / (1 + step))
    return frame(event.SerializeToString())


def make_logdir(root: Path, runs: int) -> None:
    for run in range(runs):
        directory = root / f"group{run // 100}" / f"run{run}"
        directory.mkdir(parents=True)
        (directory / "events.out.tfevents.1700000000.host").write_bytes(b"".join(map(record, range(10))))
    for directory, _, _ in os.walk(root):
        os.utime(directory, (1.7e9, 1.7e9))  # as if nothing had come for long


def median_ms(repeats: int, prepare: Callable[[int], None], store: RunStore, expected: bool) -> float:
    times = []
    for repeat in range(repeats):
        prepare(repeat)
        begin = time.perf_counter()
        changed = store.refresh()
        times.append(time.perf_counter() - begin)
        if changed != expected:
            raise SystemExit(f"refresh told {changed}, expected {expected}")
    return 1000 * statistics.median(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--repeats", type=int, default=21)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        make_logdir(root, options.runs)
        store = RunStore(root)
        begin = time.perf_counter()
        store.refresh()
        print(f"{options.runs} runs, load {os.getloadavg()[0]:.1f}")
        print(f"  first look          {1000 * (time.perf_counter() - begin):8.1f} ms")

        def add_point(repeat: int) -> None:
            with open(root / "group0" / "run7" / "events.out.tfevents.1700000000.host", "ab") as stream:
                stream.write(record(10 + repeat))

        print(f"  nothing changed     {median_ms(options.repeats, lambda _: None, store, False):8.1f} ms")
        print(f"  one new point       {median_ms(options.repeats, add_point, store, True):8.1f} ms")


if __name__ == "__main__":
    main()
