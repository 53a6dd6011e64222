"""A log directory with a run of every kind of health, and ways to run commands on it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tensorboard.compat.proto import event_pb2, types_pb2
from tensorboard.plugins.hparams import summary_v2
from tensorboard.util import tensor_util

from trackml.cli import main
from trackml.storage import frame

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "schemas"

NOON = 1700049600.0
"""2023-11-15 12:00:00 UTC."""


class Events:
    """Records of event files. Times are in seconds after noon."""

    @staticmethod
    def version() -> bytes:
        """What opens a file."""
        return frame(event_pb2.Event(wall_time=NOON, file_version="brain.Event:2").SerializeToString())

    @staticmethod
    def scalars(step: int, seconds: float, **values: float) -> bytes:
        """A summary of scalars."""
        event = event_pb2.Event(wall_time=NOON + seconds, step=step)
        for tag, value in values.items():
            event.summary.value.add(tag=tag, simple_value=value)
        return frame(event.SerializeToString())

    @staticmethod
    def start(step: int, seconds: float) -> bytes:
        """Says that training starts again at `step`."""
        event = event_pb2.Event(wall_time=NOON + seconds, step=step)
        event.session_log.status = event_pb2.SessionLog.START
        return frame(event.SerializeToString())

    @staticmethod
    def text(step: int, seconds: float, tag: str) -> bytes:
        """A summary of text."""
        event = event_pb2.Event(wall_time=NOON + seconds, step=step)
        value = event.summary.value.add(tag=tag)
        value.metadata.plugin_data.plugin_name = "text"
        value.tensor.dtype = types_pb2.DT_STRING
        value.tensor.string_val.append(b"a note")
        return frame(event.SerializeToString())

    @staticmethod
    def hparams(**values: bool | float | str) -> bytes:
        """A summary that declares hyperparameters."""
        summary = summary_v2.hparams_pb(values, trial_id="trial", start_time_secs=5)
        return frame(event_pb2.Event(wall_time=NOON, summary=summary).SerializeToString())

    @staticmethod
    def tensor(step: int, tag: str, array: Any, plugin: str = "") -> bytes:
        """A summary of a tensor, which a plugin makes images, histograms or whatever else of."""
        event = event_pb2.Event(wall_time=NOON, step=step)
        value = event.summary.value.add(tag=tag, tensor=tensor_util.make_tensor_proto(array))
        value.metadata.plugin_data.plugin_name = plugin
        return frame(event.SerializeToString())

    @staticmethod
    def write(logdir: Path, run: str, *records: bytes) -> Path:
        """Adds records to the event file of a run."""
        path = logdir / run / "events.out.tfevents.1700049600.host"
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "ab") as stream:
            stream.write(b"".join(records))
        return path


@pytest.fixture
def events() -> type[Events]:
    return Events


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """A log directory without damage: a run that was restarted, and one whose name a terminal would obey."""
    logdir = tmp_path / "runs"
    first = [Events.scalars(step, step, loss=1 / step, lr=0.5) for step in (1, 2, 3)]
    again = [Events.scalars(step, 10 + step, loss=-1 / step) for step in (3, 4)]
    note, restart = Events.text(3, 3, "notes"), Events.start(3, 12)
    Events.write(logdir, "a/train", Events.version(), Events.start(0, 0), *first, note, restart, *again)
    Events.write(logdir, "b\x1b[2J", Events.version(), Events.scalars(7, 60, **{"x\ny": float("nan")}))
    return logdir


@pytest.fixture
def damaged(sound: Path) -> Path:
    """The same with a file that was cut and one with a bad byte."""
    Events.write(sound, "cut", Events.version(), Events.scalars(1, 1, loss=1.0), Events.scalars(2, 2, loss=2.0)[:-3])
    bad = bytearray(Events.scalars(1, 1, loss=1.0))
    bad[-5] ^= 1
    Events.write(sound, "flipped", Events.version(), bytes(bad), Events.scalars(2, 2, loss=2.0))
    return sound


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Times of day are those of UTC, here and in what is started from here, and nothing speaks against colours."""
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    time.tzset()


@pytest.fixture
def says(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs the command here, which must end well, and gives what it prints."""

    def run(*arguments: str | os.PathLike[str], status: int = 0) -> str:
        assert main([os.fspath(argument) for argument in arguments]) == status
        return capsys.readouterr().out

    return run


@pytest.fixture
def check_schema() -> Callable[..., None]:
    """Holds a document against the schema of that name in docs/schemas."""

    def check(name: str, document: dict[str, Any]) -> None:
        schema = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator(schema).validate(document)

    return check


@pytest.fixture
def says_json(says: Callable[..., str], check_schema: Callable[..., None]) -> Callable[..., dict[str, Any]]:
    """Runs the command with `--json` and gives the document, which its schema allows."""

    def run(name: str, *arguments: str | os.PathLike[str], status: int = 0, schema: str = "") -> dict[str, Any]:
        option = [] if schema else ["--json"]
        document: dict[str, Any] = json.loads(says(name, *arguments, *option, status=status))
        check_schema(schema or name, document)
        return document

    return run


@pytest.fixture
def fails(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs the command here, which must fail with status 2 and print nothing but the line that this gives."""

    def run(*arguments: str | os.PathLike[str]) -> str:
        assert main([os.fspath(argument) for argument in arguments]) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        return captured.err

    return run


@pytest.fixture
def command() -> Callable[..., list[str]]:
    """Gives the command line that runs the command in a new process, where every warning is an error."""
    return lambda *arguments: [sys.executable, "-W", "error", "-m", "trackml.cli", *map(os.fspath, arguments)]


@pytest.fixture
def process(command: Callable[..., list[str]]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the command in a new process."""
    return lambda *arguments, **options: subprocess.run(
        command(*arguments), capture_output=True, text=True, check=False, timeout=60, **options
    )
