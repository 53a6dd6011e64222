"""Opening a log directory again, with what the cache of decoded columns holds of it.

    python benchmarks/reopen_runs.py [--points 5000000] [--repeats 5]

The log directory is the regular one of read_runs.py: five runs, 227 MB. Medians of seconds of wall time until all is
in a `RunStore`: without a cache, with an empty one (which is filled behind the caller's back), with a full one, and
with a full one in a process that has just started, from the start of Python. The memory is what a process holds more
than before it opened the directory.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from read_runs import make_logdir

OPEN = """
import os, sys, time
from trackml.runs import ColumnCache, RunStore
def held():
    return int(open("/proc/self/statm").read().split()[1]) * 4096
before = held()
begin = time.perf_counter()
cache = ColumnCache(sys.argv[2]) if sys.argv[2] else False
store = RunStore(sys.argv[1], cache=cache)
store.refresh()
seconds = time.perf_counter() - begin
points = sum(len(series) for run in store.snapshot().values() for series in run.scalars.values())
if cache:
    cache.flush(wait=True)
print(seconds, time.perf_counter() - begin, (held() - before) / points, points)
"""


def opened(logdir: Path, cache: Path | None) -> tuple[float, float, float, float]:
    """Seconds until all is there, until all is written, and of the whole process; and bytes a point."""
    begin = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", OPEN, logdir, cache or ""], check=True, capture_output=True, text=True)
    process = time.perf_counter() - begin
    seconds, written, held, _ = map(float, done.stdout.split())
    return seconds, written, process, held


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=5_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        logdir, cache = Path(directory) / "runs", Path(directory) / "cache"
        make_logdir(logdir, "regular", options.points)
        results: dict[str, list[tuple[float, float, float, float]]] = {"no cache": [], "empty": [], "full": []}
        for _ in range(options.repeats):
            results["no cache"].append(opened(logdir, None))
            shutil.rmtree(cache, ignore_errors=True)
            results["empty"].append(opened(logdir, cache))
            results["full"].append(opened(logdir, cache))
        size = sum(path.stat().st_size for path in cache.iterdir())
        print(f"{options.points / 1e6:g} M points, {size / 1e6:.0f} MB in the cache, load {os.getloadavg()[0]:.1f}")
        for name, measured in results.items():
            seconds, written, process, held = map(statistics.median, zip(*measured))
            print(
                f"  {name:9s} {seconds:7.3f} s, all written after {written:7.3f} s, whole process {process:7.3f} s, "
                f"{held:5.1f} bytes a point"
            )


if __name__ == "__main__":
    main()
