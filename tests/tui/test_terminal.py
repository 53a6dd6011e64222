"""The installed command in a pseudo-terminal, driven as a person would, while another process writes."""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

COLUMNS, ROWS = 80, 24
COMMAND = Path(sys.executable).with_name("trackml-tui")
WRITER = """
import sys
from tensorboard.compat.proto import event_pb2, summary_pb2
from trackml.events import EventFileWriter, scalar_value
import time
writers = {}
for line in sys.stdin:
    run, step, value = line.split()
    writer = writers.setdefault(run, None) or EventFileWriter(f"{sys.argv[1]}/{run}")
    writers[run] = writer
    summary = summary_pb2.Summary(value=[scalar_value("loss", float(value))])
    writer.add_event(event_pb2.Event(wall_time=time.time(), step=int(step), summary=summary))
    writer.flush()
"""
_CONTROL = r"\x1b\[[\x20-\x3f]*[\x40-\x7e]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[P_^X].*?\x1b\\|\x1b[^\[\]P_^X]"
_SEQUENCE = re.compile(_CONTROL, re.DOTALL)
_TOKEN = re.compile(rf"\x1b\[(?P<arguments>[\d;]*)H|{_CONTROL}|(?P<text>[^\x1b\r\n]+)|(?P<line>\r?\n)", re.DOTALL)


class Screen:
    """As much of a terminal as the dashboard needs: cursor addressing and text."""

    def __init__(self) -> None:
        self._unread = ""
        self._cells = [[" "] * COLUMNS for _ in range(ROWS)]
        self._row = self._column = 0

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join("".join(row).rstrip() for row in self._cells)

    def feed(self, output: str) -> None:
        """Takes what the program wrote, and keeps the beginning of a sequence for the next time."""
        output = self._unread + output
        last = output.rfind("\x1b")
        whole = last < 0 or _SEQUENCE.match(output, last) is not None
        output, self._unread = (output, "") if whole else (output[:last], output[last:])
        for token in _TOKEN.finditer(output):
            if token["arguments"] is not None:
                row, column = ([*token["arguments"].split(";"), "1", "1"] if token["arguments"] else ["1", "1"])[:2]
                self._row, self._column = int(row) - 1, int(column) - 1
            elif token["line"]:
                self._row, self._column = self._row + 1, 0
            elif token["text"]:
                self._put(token["text"])

    def _put(self, text: str) -> None:
        for character in text:
            if self._row < ROWS and self._column < COLUMNS:
                self._cells[self._row][self._column] = character
            self._column += 1


class Terminal:
    """A process in a pseudo-terminal, and its screen."""

    def __init__(self, arguments: list[str], deadline: Callable[[], bool]) -> None:
        self._deadline = deadline
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self.screen = Screen()
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self.process = subprocess.Popen(
            arguments, stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True
        )
        os.close(slave)

    def type(self, keys: str) -> None:
        """Presses keys."""
        os.write(self._master, keys.encode())

    def until(self, happened: Callable[[str], object]) -> None:
        """Reads what the program draws until the screen is as it should be."""
        while not happened(self.screen.text):
            assert self._deadline(), f"It did not happen. The screen:\n{self.screen.text}"
            self._read()

    def wait(self) -> int:
        """Reads until the process ends; gives its status."""
        while self.process.poll() is None:
            assert self._deadline(), f"It does not end. The screen:\n{self.screen.text}"
            self._read()
        return self.process.returncode

    def close(self) -> None:
        """Ends the process if it still runs."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._master)

    def _read(self) -> None:
        if select.select([self._master], [], [], 0.05)[0]:
            try:
                self.screen.feed(self._decode(os.read(self._master, 1 << 16)))
            except OSError:
                # Linux says so when the other end is closed.
                return


@pytest.fixture
def terminal(logdir: Any, deadline: Callable[[], bool]) -> Iterator[Terminal]:
    # Whatever comes in time is there because the system told of it.
    terminal = Terminal([str(COMMAND), f"base:{logdir.path}", "--interval", "3600"], deadline)
    yield terminal
    terminal.close()


@pytest.fixture
def write(logdir: Any) -> Iterator[Callable[[str, int, float], None]]:
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(logdir.path)], stdin=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        stdin = process.stdin

        def write(run: str, step: int, value: float) -> None:
            stdin.write(f"{run} {step} {value}\n")
            stdin.flush()

        yield write
        stdin.close()


def test_following_a_run_that_another_process_writes(
    terminal: Terminal, write: Callable[[str, int, float], None]
) -> None:
    terminal.until(lambda text: "No runs yet" in text)
    write("first", 1, 0.75)
    terminal.until(lambda text: re.search(r"● base/first +0\.750 +▸", text))
    write("first", 2, 0.5)
    terminal.until(lambda text: re.search(r"● base/first +0\.500 +▸", text))
    write("second", 1, 0.25)
    terminal.until(lambda text: "● second" in text and "2 runs · 2 live" in text)
    terminal.type(" ")
    terminal.until(lambda text: "○ first" in text)
    terminal.type("?")
    terminal.until(lambda text: "Steps, relative time, wall time" in text)
    terminal.type("\x1b")
    terminal.until(lambda text: "Steps, relative time, wall time" not in text)
    terminal.type("q")
    assert terminal.wait() == 0


def test_point_on_disk_to_point_on_screen(terminal: Terminal, write: Callable[[str, int, float], None]) -> None:
    write("run", 1, 0.75)
    terminal.until(lambda text: re.search(r"● base/run +0\.750", text))
    started = time.monotonic()
    write("run", 2, 0.125)
    terminal.until(lambda text: re.search(r"● base/run +0\.125", text))
    assert time.monotonic() - started < 10.0
    terminal.type("q")
    assert terminal.wait() == 0
