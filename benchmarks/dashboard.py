"""The dashboard in a pseudo-terminal of 200x60, as somebody who sits before it would measure it.

    python benchmarks/dashboard.py [ROW ...] [--repeats 5] [--seconds 10]

Rows: start, load, keys, point, idle, memory; all of them without a name. Byte code is cached and the dashboard's own
cache is off, so that files are read. What is drawn is what the process has written to its terminal. `start` asks the
same of TensorBoard, whose first frame is its answer to the first request.
"""

from __future__ import annotations

import argparse
import codecs
import fcntl
import os
import pty
import random
import re
import select
import shutil
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from trackml import SummaryWriter

COLUMNS, ROWS = 200, 60
_SEQUENCE = re.compile(
    r"\x1b\[[\x20-\x3f]*[\x40-\x7e]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[P_^X].*?\x1b\\|\x1b.", re.S
)
_CHART = re.compile("[\u2801-\u28ff]")
_GIVE_UP = 120.0


class Dashboard:
    """The command in a pseudo-terminal, and what it wrote there without colours and movements."""

    def __init__(self, logdir: Path, home: Path) -> None:
        self.text = ""
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "trackml_tui", str(logdir), "--fresh", "--no-cache"],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=_environment(home),
            start_new_session=True,
        )
        os.close(slave)

    def type(self, keys: str) -> None:
        """Presses keys."""
        os.write(self._master, keys.encode())

    def until(self, happened: Callable[[str], object]) -> float:
        """Reads until what was written since the last `forget` is as it should be; gives the seconds it took."""
        begin = time.perf_counter()
        while not happened(self.text):
            if time.perf_counter() - begin > _GIVE_UP:
                raise SystemExit(f"It did not happen; the terminal got: …{self.text[-2000:]}")
            self.read(0.05)
        return time.perf_counter() - begin

    def read(self, seconds: float) -> bool:
        """Waits for something to be drawn; tells whether there was something."""
        if not select.select([self._master], [], [], seconds)[0]:
            return False
        self.text += _SEQUENCE.sub("", self._decode(os.read(self._master, 1 << 16)))
        return True

    def rest(self, seconds: float) -> None:
        """Takes what is drawn for a while."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self.read(left)
        self.text = ""

    def processor_seconds(self) -> float:
        """What the process has used so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def megabytes(self, field: str) -> float:
        """A line of the process's status: VmRSS, VmHWM."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{field}:\s+(\d+) kB", status)[1]) / 1024  # type: ignore[index]

    def close(self) -> None:
        """Ends the process."""
        self.process.kill()
        self.process.wait()
        os.close(self._master)


@contextmanager
def dashboard(logdir: Path) -> Iterator[Dashboard]:
    """The command on a log directory, with nothing remembered of the user."""
    with tempfile.TemporaryDirectory() as home:
        opened = Dashboard(logdir, Path(home))
        try:
            yield opened
        finally:
            opened.close()


def start(root: Path, repeats: int) -> None:
    """Process start to the first frame, and to the first chart, of 100 runs."""
    logdir = make_logdir(root / "start", runs=100, tags=3, points=100)
    frames, charts, used, answers = [], [], [], []
    for _ in range(repeats + 1):  # the first one fills the caches of byte code and files
        with dashboard(logdir) as opened:
            frames.append(opened.until(lambda text: "trackml" in text))
            used.append(opened.processor_seconds())
            charts.append(frames[-1] + opened.until(_CHART.search))
        answers.append(tensorboard_answers(logdir))
    tell("start to first frame, 100 runs", frames[1:], f"TensorBoard {statistics.median(answers[1:]):.2f} s")
    tell("  processor time of it", used[1:])
    tell("  to the first chart", charts[1:])


def load(root: Path, repeats: int) -> None:
    """Process start to the first chart and to the last point of 10 million points in 1,000 runs."""
    logdir = make_logdir(root / "load", runs=1000, tags=10, points=1000)
    charts, ends, used = [], [], []
    for _ in range(repeats):
        with dashboard(logdir) as opened:
            charts.append(opened.until(_CHART.search))
            ends.append(charts[-1] + opened.until(lambda text: is_loaded(text, 1000)))
            used.append(opened.processor_seconds())
    tell("1,000 runs of 10 tags of 1,000 points: first chart", charts)
    tell("  all loaded", ends)
    tell("  processor time of it", used)


def keys(root: Path, repeats: int) -> None:
    """A key press to the frame that shows what it did, while 5 million points are read: letters of a filter."""
    logdir = make_logdir(root / "five", runs=50, tags=10, points=10_000)
    moments, delays = random.Random(0), []
    for _ in range(repeats):
        with dashboard(logdir) as opened:
            opened.until(_CHART.search)
            opened.type("/")
            opened.until(lambda text: "Clear filter" in text)
            typed = ""
            while not is_loaded(opened.text, 50):
                typed += "run|"[len(typed) % 4]
                opened.rest(moments.uniform(0.01, 0.06))
                opened.type(typed[-1])
                delays.append(opened.until(partial(_holds, typed[-6:])))
    tell("key press to frame while 5 million points load", delays, f"95 %: {1000 * percentile(delays, 0.95):.0f} ms")


def point(root: Path, repeats: int) -> None:
    """A point on disk to the point on the screen, among 1 and 1,000 runs."""
    for runs in (1, 1000):
        logdir = make_logdir(root / f"point{runs}", runs=runs, tags=1, points=100)
        delays, moments = [], random.Random(0)
        with SummaryWriter(logdir / "a" / "live") as writer, dashboard(logdir) as opened:
            writer.add_scalar("loss", 0.5, 0)
            writer.flush()
            opened.until(partial(is_loaded, runs=runs + 1))
            opened.rest(2.0)
            for repeat in range(1, 4 * repeats):
                opened.rest(moments.uniform(0.5, 1.5))
                writer.add_scalar("loss", 0.5, 7_000 + repeat)
                writer.flush()
                delays.append(opened.until(partial(_holds, f"{7000 + repeat:,}")))
        tell(f"point on disk to point on screen, {runs:,} runs", delays)


def idle(root: Path, seconds: float) -> None:
    """Processor time with 1,000 live runs that write nothing now."""
    logdir = make_logdir(root / "idle", runs=1000, tags=2, points=100)
    with dashboard(logdir) as opened:
        opened.until(lambda text: is_loaded(text, 1000))
        opened.rest(3.0)
        used, begin = opened.processor_seconds(), time.perf_counter()
        opened.rest(seconds)
        share = (opened.processor_seconds() - used) / (time.perf_counter() - begin)
    print(f"idle, 1,000 live runs: {100 * share:.1f} % of a core")


def memory(root: Path) -> None:
    """Memory that the process holds when 5 million points are on the screen."""
    logdir = make_logdir(root / "five", runs=50, tags=10, points=10_000)
    with dashboard(logdir) as opened:
        opened.until(lambda text: is_loaded(text, 50))
        opened.rest(2.0)
        print(
            f"memory, 5 million points: {opened.megabytes('VmRSS'):.0f} MB, at most {opened.megabytes('VmHWM'):.0f} MB"
        )


def make_logdir(path: Path, *, runs: int, tags: int, points: int) -> Path:
    """A directory of runs that have just been written; ten of them differ."""
    if path.exists():
        return path
    for run in range(runs):
        directory = path / "abcdefghij"[run % 10] / f"run{run:04}"
        if run >= 10:
            shutil.copytree(path / "abcdefghij"[run % 10] / f"run{run % 10:04}", directory)
            continue
        with SummaryWriter(directory) as writer:
            for step in range(points):
                for tag in range(tags):
                    writer.add_scalar(f"metrics/tag{tag}" if tag else "loss", (run + 1) / (step + 1) + tag, step)
    return path


def is_loaded(text: str, runs: int) -> bool:
    """Whether the last status line that was drawn tells of all runs, and of no reading."""
    told = re.findall(rf"(reading [^·]*· )?{runs:,} runs? ·", text)
    return bool(told) and not told[-1]


def tensorboard_answers(logdir: Path) -> float:
    """Seconds from the start of a TensorBoard process to its first answer."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    begin = time.perf_counter()
    command = [sys.executable, "-m", "tensorboard.main", "--logdir", str(logdir), "--port", str(port)]
    with subprocess.Popen(
        command, env=_environment(logdir), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as it:
        try:
            while time.perf_counter() - begin < _GIVE_UP:
                if _answers(port):
                    return time.perf_counter() - begin
                time.sleep(0.01)
            raise SystemExit("TensorBoard does not answer.")
        finally:
            it.terminate()


def _answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/data/environment", timeout=_GIVE_UP).read()
    except urllib.error.URLError:
        return False
    return True


def _holds(told: str, text: str) -> bool:
    return told in text


def percentile(values: list[float], part: float) -> float:
    """The smallest value that `part` of all do not exceed."""
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def tell(what: str, seconds: list[float], more: str = "") -> None:
    """Prints a row."""
    middle, least, most = statistics.median(seconds), min(seconds), max(seconds)
    print(
        f"{what}: {1000 * middle:.0f} ms ({1000 * least:.0f} to {1000 * most:.0f}, {len(seconds)} times) {more}",
        flush=True,
    )


def _environment(home: Path) -> dict[str, str]:
    """That of a terminal with all colours, byte code cached, and nothing of the user."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONDONTWRITEBYTECODE", "NO_COLOR")}
    byte_code = os.path.join(tempfile.gettempdir(), f"trackml-benchmark-{os.getuid()}")
    return {
        **kept,
        "PYTHONPYCACHEPREFIX": byte_code,
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "XDG_CONFIG_HOME": str(home),
        "XDG_STATE_HOME": str(home),
        "XDG_CACHE_HOME": str(home),
    }


def main() -> None:
    names = ("start", "load", "keys", "point", "idle", "memory")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", choices=[*names, []], metavar="ROW")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=10.0, help="how long to measure the idle share")
    parser.add_argument("--keep", type=Path, help="a directory for the log directories, to be used again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        root = options.keep or Path(directory)
        print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
        for name in options.rows or names:
            if name == "idle":
                idle(root, options.seconds)
            elif name == "memory":
                memory(root)
            else:
                globals()[name](root, options.repeats)


if __name__ == "__main__":
    main()
