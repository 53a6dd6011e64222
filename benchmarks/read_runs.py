"""Reading log directories, beside TensorBoard's own loaders, in one run.

    python benchmarks/read_runs.py [--points 5000000] [--repeats 3] [--layouts regular,merged,irregular] [--python]

Writes a log directory for each layout, then loads it in turns: with `RunStore` in a fresh process, and with
TensorBoard's data server (Rust) with and without checksums, all points kept, from its start until it lists every run
to its last step. TensorBoard's Python loader takes minutes for millions of points, so it gets a twentieth of them, and
only on request. All files are in the page cache, and `RunStore` has no cache of its own. Medians of the repeats; the
memory is what a process holds more than before it loaded. Besides the time by the clock there is that of all
processors: the peers use two and more, and other work on the machine changes it less.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from trackml.storage import frame
from trackml.storage.crc32c import mask_rows
from trackml.storage.crc32c_batch import crc32c_spans

RUNS = 5
TAGS = [
    "train/loss",
    "train/acc",
    "val/loss",
    "val/accuracy",
    "lr",
    "grad_norm",
    "time/step_ms",
    "mem/gb",
    "ppl",
    "epoch",
]
MANY_TAGS = [
    f"{name}/{kind}/{what}" for name in ("train", "eval", "test") for kind in TAGS for what in ("mean", "std", "p99")
]
EVENTS_AT_ONCE = 100_000


class Load(NamedTuple):
    """What loading a log directory took."""

    seconds: float
    processor_seconds: float
    held_bytes: int


LOAD = """
import json, sys, time
from trackml.runs import RunStore
def held():
    return int(open("/proc/self/statm").read().split()[1]) * 4096
before = held()
begin, processor = time.perf_counter(), time.process_time()
store = RunStore(sys.argv[1], cache=False)
store.refresh()
seconds, processor = time.perf_counter() - begin, time.process_time() - processor
assert sum(len(series) for run in store.snapshot().values() for series in run.scalars.values()) == int(sys.argv[2])
print(json.dumps([seconds, processor, held() - before]))
"""


def varint(number: int) -> bytes:
    encoded = bytearray()
    while number >= 0x80:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*encoded, number])


def event(wall_time: float, step: int, values: list[tuple[bytes, float]]) -> bytes:
    summary = b"".join(
        b"\x0a" + varint(len(tag) + 7) + b"\x0a" + varint(len(tag)) + tag + struct.pack("<Bf", 0x15, value)
        for tag, value in values
    )
    return b"%b\x10%b\x2a%b%b" % (struct.pack("<Bd", 9, wall_time), varint(step), varint(len(summary)), summary)


def events(layout: str, points: int, chance: random.Random) -> Iterator[bytes]:
    tags = [tag.encode() for tag in TAGS]
    many = [tag.encode() for tag in MANY_TAGS]
    wall_time = 1.7e9
    yield struct.pack("<Bd", 9, wall_time) + b"\x1a\x0dbrain.Event:2"
    for step in range(1, points // len(tags) + 1):
        wall_time += 0.1 * chance.random()
        if layout == "merged":
            yield event(wall_time, step, [(tag, chance.random()) for tag in tags])
            continue
        for tag in tags:
            wall_time += 0.001 * chance.random()
            yield event(wall_time, step, [(tag if layout == "regular" else chance.choice(many), chance.random())])


def write(path: Path, payloads: Iterator[bytes]) -> None:
    headers: dict[int, bytes] = {}
    with open(path, "wb") as stream:
        while batch := [payload for _, payload in zip(range(EVENTS_AT_ONCE), payloads)]:
            lengths = np.array([len(payload) for payload in batch])
            checksums = mask_rows(crc32c_spans(b"".join(batch), np.cumsum(lengths) - lengths, lengths)).tolist()
            for payload, checksum in zip(batch, checksums):
                header = headers.get(len(payload)) or headers.setdefault(len(payload), frame(payload)[:12])
                stream.write(header + payload + checksum.to_bytes(4, "little"))


def make_logdir(root: Path, layout: str, points: int) -> int:
    """Writes five runs; gives their last step."""
    for run in range(RUNS):
        directory = root / f"run{run}"
        directory.mkdir(parents=True)
        write(directory / "events.out.tfevents.1700000000.host", events(layout, points // RUNS, random.Random(run)))
    return points // RUNS // len(TAGS)


def load_with_trackml(logdir: Path, last_step: int) -> Load:
    points = last_step * len(TAGS) * RUNS
    command = [sys.executable, "-c", LOAD, str(logdir), str(points)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Load(*json.loads(done.stdout))


def load_with_data_server(logdir: Path, last_step: int, *flags: str) -> Load:
    """Starts TensorBoard's data server as TensorBoard does, and waits until it lists every run to its last step."""
    from tensorboard.data import server_ingester
    from tensorboard.data.proto import data_provider_pb2
    from tensorboard.util import grpc_util

    with tempfile.TemporaryDirectory() as directory:
        port_file = Path(directory) / "port"
        binary = server_ingester.get_server_binary().path
        options = ["--reload=once", "--samples-per-plugin=scalars=all", "--port=0", "--die-after-stdin", *flags]
        begin = time.perf_counter()
        server = subprocess.Popen(
            [binary, f"--logdir={logdir}", f"--port-file={port_file}", *options],
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        while not (port_file.exists() and port_file.read_text().endswith("\n")):
            time.sleep(0.002)
        address = f"localhost:{int(port_file.read_text())}"
        stub = server_ingester._make_stub(address, grpc_util.ChannelCredsType.LOCAL)
        request = data_provider_pb2.ListScalarsRequest()
        request.plugin_filter.plugin_name = "scalars"
        while not is_complete(stub.ListScalars(request), last_step):
            time.sleep(0.01)
        seconds = time.perf_counter() - begin
        held = int(Path(f"/proc/{server.pid}/statm").read_text().split()[1]) * 4096
        # The fourteenth and fifteenth field: ticks of the user's and of the system's time.
        ticks = Path(f"/proc/{server.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        server.communicate(b"")
        return Load(seconds, sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"), held)


def is_complete(listing: Any, last_step: int) -> bool:
    if not listing.runs or len(listing.runs) != RUNS:
        return False
    steps = [[tag.metadata.max_step for tag in run.tags] for run in listing.runs]
    return all(max(of_run, default=0) == last_step for of_run in steps)


def load_with_tensorboard(logdir: Path, last_step: int) -> Load:
    from tensorboard.backend.event_processing import plugin_event_multiplexer as multiplexers

    begin, processor = time.perf_counter(), time.process_time()
    multiplexer = multiplexers.EventMultiplexer(size_guidance={"tensors": 0}, tensor_size_guidance={"scalars": 0})
    multiplexer.AddRunsFromDirectory(str(logdir)).Reload()
    return Load(time.perf_counter() - begin, time.process_time() - processor, 0)


def measure(layout: str, points: int, repeats: int, loaders: Mapping[str, Callable[[Path, int], Load]]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        logdir = Path(directory) / layout
        last_step = make_logdir(logdir, layout, points)
        size = sum(path.stat().st_size for path in logdir.rglob("*tfevents*"))
        print(f"{layout}: {points / 1e6:g} M points, {size / 1e6:.0f} MB, {RUNS} runs, load {os.getloadavg()[0]:.1f}")
        results: dict[str, list[Load]] = {name: [] for name in loaders}
        for _ in range(repeats):
            for name, load in loaders.items():
                results[name].append(load(logdir, last_step))
    medians = {name: Load(*map(statistics.median, zip(*loads))) for name, loads in results.items()}
    ours = next(iter(medians.values()))
    for name, took in medians.items():
        rate = f"{points / took.seconds / 1e6:8.3f} M/s {took.seconds:8.3f} s  x{took.seconds / ours.seconds:6.2f}"
        processor = f"{took.processor_seconds:8.2f} s  x{took.processor_seconds / ours.processor_seconds:6.2f}"
        print(f"  {name:24s} {rate}  processors {processor}  {took.held_bytes / points:6.1f} bytes a point")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=5_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--layouts", default="regular,merged,irregular")
    parser.add_argument("--python", action="store_true", help="with TensorBoard's Python loader, too")
    options = parser.parse_args()
    rust = "TensorBoard, Rust"
    for layout in options.layouts.split(","):
        measure(
            layout,
            options.points,
            options.repeats,
            {
                "trackml": load_with_trackml,
                f"{rust}, checksums": lambda logdir, step: load_with_data_server(logdir, step, "--checksum"),
                f"{rust}": load_with_data_server,
            },
        )
        if options.python:
            loaders = {"trackml": load_with_trackml, "TensorBoard, Python": load_with_tensorboard}
            measure(layout, options.points // 20, 1, loaders)


if __name__ == "__main__":
    main()
