"""Following a log directory of many runs, of which none or one has changed.

    python benchmarks/refresh_runs.py [--runs 1000] [--repeats 21] [--seconds 10]

First medians in milliseconds of wall time: a refresh when nothing changed, and a refresh that finds one new point in
one run. Then what following costs and how long a point takes from the disk into the store, with changes told by the
system and with polling. TensorBoard looks every `--reload_interval` seconds: what is written waits half of that on
average, and then for the page, which asks every 30 seconds if it was told to.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import threading
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


class Follower:
    """Keeps a store up to date in a thread, as the dashboard does."""

    def __init__(self, store: RunStore) -> None:
        self._store = store
        self._watcher = store.watch()
        self._thread = threading.Thread(target=self._follow)
        self.caught_up = threading.Semaphore(0)
        """Released when a refresh found something, after the first look."""

    def __enter__(self) -> Follower:
        self._watcher.wait()
        self._store.refresh()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._watcher.close()
        self._thread.join()

    @property
    def method(self) -> str:
        return self._watcher.method

    def _follow(self) -> None:
        while self._watcher.wait():
            if self._store.refresh():
                self.caught_up.release()


def share_of_a_core(seconds: float) -> float:
    """Gives what this process uses while it does nothing else."""
    used, begin = time.process_time(), time.perf_counter()
    time.sleep(seconds)
    return (time.process_time() - used) / (time.perf_counter() - begin)


def delays_ms(follower: Follower, add_point: Callable[[int], None], repeats: int) -> list[float]:
    """Gives how long points that come at random moments take from the disk into the store."""
    moments = random.Random(0)
    delays = []
    for repeat in range(repeats):
        time.sleep(moments.random())
        add_point(repeat)
        begin = time.perf_counter()
        follower.caught_up.acquire()
        delays.append(1000 * (time.perf_counter() - begin))
    return sorted(delays)


def tensorboards_interval() -> float:
    from tensorboard.plugins.core.core_plugin import CorePluginLoader

    parser = argparse.ArgumentParser()
    CorePluginLoader().define_flags(parser)
    return float(parser.get_default("reload_interval"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--repeats", type=int, default=21)
    parser.add_argument("--seconds", type=float, default=10.0, help="how long to measure the idle share")
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
                stream.flush()

        print(f"  nothing changed     {median_ms(options.repeats, lambda _: None, store, False):8.1f} ms")
        print(f"  one new point       {median_ms(options.repeats, add_point, store, True):8.1f} ms")
        for polls in ("", "1"):
            os.environ["WATCHFILES_FORCE_POLLING"] = polls
            with Follower(store) as follower:
                idle = share_of_a_core(options.seconds)
                delays = delays_ms(follower, add_point, options.repeats)
                print(f"followed by {follower.method}")
                print(f"  idle                {100 * idle:8.2f} % of a core")
                print(f"  disk to store       {statistics.median(delays):8.1f} ms (at most {delays[-1]:.1f})")
        print(f"TensorBoard looks every {1000 * tensorboards_interval():.0f} ms")


if __name__ == "__main__":
    main()
