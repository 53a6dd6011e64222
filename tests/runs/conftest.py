"""A log directory that grows when the test says so."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tensorboard.compat.proto import event_pb2

from trackml.storage import frame

FIRST = "events.out.tfevents.0000000001.host"
START = event_pb2.SessionLog.START


class ScriptedLogdir:
    """Event files below `path`, written byte by byte as the test wants."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, data: bytes, run: str = ".", file: str = FIRST) -> Path:
        """Adds bytes to a file, which is made if need be."""
        path = self.path / run / file
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "ab") as stream:
            stream.write(data)
        return path

    @staticmethod
    def scalars(step: int, wall_time: float | None = None, **values: float) -> bytes:
        """Gives a record with a summary of scalars."""
        event = event_pb2.Event(wall_time=1000.0 + step if wall_time is None else wall_time, step=step)
        for tag, value in values.items():
            event.summary.value.add(tag=tag, simple_value=value)
        return frame(event.SerializeToString())

    @staticmethod
    def start(step: int, wall_time: float) -> bytes:
        """Gives a record that says a session starts."""
        event = event_pb2.Event(wall_time=wall_time, step=step)
        event.session_log.status = START
        return frame(event.SerializeToString())

    @staticmethod
    def version(wall_time: float = 1000.0, number: str = "2") -> bytes:
        """Gives the record that opens a file."""
        return frame(event_pb2.Event(wall_time=wall_time, file_version=f"brain.Event:{number}").SerializeToString())


@pytest.fixture(scope="session")
def make_logdir(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], ScriptedLogdir]:
    """Makes a new one with each call, for tests that need many."""
    return lambda: ScriptedLogdir(tmp_path_factory.mktemp("logdir"))


@pytest.fixture
def logdir(make_logdir: Callable[[], ScriptedLogdir]) -> ScriptedLogdir:
    return make_logdir()


@pytest.fixture
def public_directory() -> Iterator[Path]:
    """A directory that every user may enter, unlike those of pytest."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        yield Path(name)


@pytest.fixture
def as_nobody() -> Iterator[Callable[[], None]]:
    """Gives up root's right to read everything, for the rest of the test."""
    before = os.geteuid()
    yield lambda: os.seteuid(before or 65534)
    os.seteuid(before)
