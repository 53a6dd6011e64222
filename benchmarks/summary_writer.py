"""What a call of `add_scalar` costs, everything included, beside the other writers in the same run.

`pip install -e '.[bench]' && python benchmarks/summary_writer.py`

A call is 1/N of the time from making the writer to the return of `close`: appending, encoding, checksums and writing
to a temporary directory. Rounds of all writers take turns, so that a busy machine is busy for all of them; the table
holds the median round, and ratios of medians. PyTorch's writer is measured if torch is installed.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from typing import Any

OPEN_WRITER = Callable[[str], Any]
TAGS = [f"layer{index}/loss" for index in range(10)]


def writers() -> dict[str, tuple[OPEN_WRITER, int]]:
    """How to open each writer, and how many times fewer calls it gets because it is slow."""
    from trackml import SummaryWriter

    found: dict[str, tuple[OPEN_WRITER, int]] = {"trackml": (SummaryWriter, 1)}
    try:
        import tensorboardX
    except ModuleNotFoundError:
        raise SystemExit("tensorboardX is what this measures against: pip install 'trackml-tui[bench]'") from None
    found["tensorboardX"] = (tensorboardX.SummaryWriter, 10)
    try:
        from torch.utils.tensorboard import SummaryWriter as TorchWriter
    except ModuleNotFoundError:
        return found
    found["torch"] = (TorchWriter, 10)
    return found


def one_tag(writer: Any, calls: int) -> None:
    for step in range(calls):
        writer.add_scalar("loss", 0.5, step)


def ten_tags(writer: Any, calls: int) -> None:
    for step in range(calls // len(TAGS)):
        for tag in TAGS:
            writer.add_scalar(tag, 0.5, step)


def numpy_values(writer: Any, calls: int) -> None:
    import numpy as np

    for step, value in enumerate(np.linspace(0, 1, calls, dtype=np.float32)):
        writer.add_scalar("loss", value, step)


def seconds_a_call(open_writer: OPEN_WRITER, work: Callable[[Any, int], None], calls: int) -> float:
    with tempfile.TemporaryDirectory() as logdir:
        began = time.perf_counter()
        writer = open_writer(logdir)
        work(writer, calls)
        writer.close()
        return (time.perf_counter() - began) / calls


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    opened = writers()
    print(f"{'work':14} {'writer':14} {'us a call':>10} {'best':>8} {'of trackml':>11}")
    for work in (one_tag, ten_tags, numpy_values):
        rounds: dict[str, list[float]] = {name: [] for name in opened}
        for _ in range(arguments.rounds):
            for name, (open_writer, fewer) in opened.items():
                rounds[name].append(seconds_a_call(open_writer, work, arguments.calls // fewer))
        ours = statistics.median(rounds["trackml"])
        for name, times in rounds.items():
            median = statistics.median(times)
            print(f"{work.__name__:14} {name:14} {median * 1e6:10.2f} {min(times) * 1e6:8.2f} {median / ours:11.1f}")


if __name__ == "__main__":
    main()
