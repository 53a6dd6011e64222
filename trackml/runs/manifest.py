"""What a run says of itself, if it keeps a manifest: how its training goes, its checkpoints, when it is evaluated.

See `trackml.events.manifest` for the files.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from google.protobuf.message import DecodeError
from tensorboard.compat.proto import event_pb2

from trackml.events.manifest import HEARTBEAT_SECS, KEY, is_manifest
from trackml.storage.tfrecord import Record, RecordReader

_MISSED_HEARTBEATS = 3
"""So many in a row show that a process is gone, or stopped."""


@dataclass(frozen=True)
class ManifestCheckpoint:
    """A checkpoint that was written."""

    step: int
    name: str
    """What the names of its files begin with."""
    size: int
    """Of its files, in bytes."""
    written: float
    """When, in seconds since the epoch."""
    deleted: float | None
    """When it was seen to be gone; None if it is kept."""


@dataclass(frozen=True)
class ManifestDecision:
    """What was decided about evaluating a checkpoint."""

    evaluation: str | None
    """The name of the evaluation."""
    decision: str
    """"evaluating", "evaluated" or "skipped"."""
    step: int
    """Of the checkpoint."""
    reason: str
    made: float
    """When, in seconds since the epoch."""
    next_due: float | None
    """When the throttle is over, in seconds since the epoch."""


@dataclass(frozen=True)
class RunManifest:
    """What a run says of itself."""

    status: str
    """"running", "finished", "failed" or "interrupted"; "unknown" if it does not say."""
    started: float | None
    """When the last training began, in seconds since the epoch."""
    ended: float | None
    """When it ended; None while it runs."""
    heartbeat: float
    """When the last record was written."""
    heartbeat_secs: float
    """The longest silence of a process that is alive."""
    error: str | None
    """What made the training fail."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """All else that was said last: `command`, `directory`, `host`, `process`, `python`, `git_commit`, `params`,
    `config`, `steps`, `max_steps`."""
    checkpoints: tuple[ManifestCheckpoint, ...] = ()
    """In the order in which they were written; one that was written again is there once."""
    throttle_secs: Mapping[str | None, float] = field(default_factory=dict)
    """The least time between the starts of two evaluations, by name of the evaluation."""
    decisions: tuple[ManifestDecision, ...] = ()
    """In the order in which they were made."""

    def is_silent(self, now: float) -> bool:
        """Whether a training that should run has shown no sign of life for three heartbeats.

        Args:
          now: Seconds since the epoch, by the clock of the machine that trains.
        """
        return self.status == "running" and now - self.heartbeat > _MISSED_HEARTBEATS * self.heartbeat_secs


def read_manifest(paths: Iterable[Path]) -> RunManifest | None:
    """Reads the manifests among some event files of one run; None if there is none.

    Files that cannot be read, damaged records and records of somebody else are passed over.

    Args:
      paths: The event files.
    """
    return ManifestReader().read(paths)


class ManifestReader:
    """Reads the manifests of one run again and again, and each time only what was added.

    It belongs to one thread at a time.
    """

    def __init__(self) -> None:
        self._begin()

    def read(self, paths: Iterable[Path]) -> RunManifest | None:
        """Reads on; gives all that is known by now, as `read_manifest` does.

        Args:
          paths: The event files, which may be more than the last time.
        """
        manifests = [path for path in paths if is_manifest(path.name)]
        if any(_size(path) < offset for path, offset in self._offsets.items()):
            self._begin()  # a file was replaced
        records = self._new_records(manifests)
        if records and self._state.heartbeat > records[0][0]:
            self._begin()  # somebody else's clock, or a file that was copied here late
            records = self._new_records(manifests)
        for time, facts in records:
            self._state.take(time, facts)
        return self._state.manifest() if self._state.heartbeat > -math.inf else None

    def _begin(self) -> None:
        self._state = _State()
        self._offsets: dict[Path, int] = {}

    def _new_records(self, paths: list[Path]) -> list[tuple[float, dict[str, Any]]]:
        """Gives (wall time, facts) of each record that was not read yet, in the order of time."""
        records = [record for path in paths for record in self._records(path)]
        return sorted(records, key=lambda record: record[0])

    def _records(self, path: Path) -> Iterator[tuple[float, dict[str, Any]]]:
        try:
            with open(path, "rb") as stream:
                reader = RecordReader(stream, self._offsets.get(path, 0))
                for outcome in reader:
                    facts = _facts(outcome.payload) if isinstance(outcome, Record) else None
                    if facts is not None:
                        yield facts
                self._offsets[path] = reader.offset
        except OSError:
            return


def _size(path: Path) -> float:
    """Gives the bytes of a file; of one that is gone more than of any other: what it said is kept."""
    try:
        return path.stat().st_size
    except OSError:
        return math.inf


def _facts(payload: bytes) -> tuple[float, dict[str, Any]] | None:
    try:
        event = event_pb2.Event.FromString(payload)
        said = json.loads(event.log_message.message) if event.log_message.message else None
    except (DecodeError, ValueError, RecursionError):
        return None
    facts = said.get(KEY) if isinstance(said, dict) else None
    return (event.wall_time, facts) if isinstance(facts, dict) else None


class _State:
    """What the records say so far."""

    def __init__(self) -> None:
        self._facts: dict[str, Any] = {}
        self.heartbeat = -math.inf
        """When the last record was written."""
        self._started: float | None = None
        self._ended: float | None = None
        self._checkpoints: dict[str, ManifestCheckpoint] = {}
        self._throttle_secs: dict[str | None, float] = {}
        self._decisions: list[ManifestDecision] = []

    def take(self, time: float, facts: dict[str, Any]) -> None:
        """Takes in a record."""
        self.heartbeat = time
        if "status" in facts:
            self._started = time if facts["status"] == "running" else self._started
            self._ended = None if facts["status"] == "running" else time
        self._take_checkpoint(time, facts.pop("checkpoint", None))
        self._take_kept(time, facts.pop("kept", None))
        self._take_evaluation(time, facts.pop("evaluation", None))
        self._facts.update(facts)

    def _take_checkpoint(self, time: float, said: Any) -> None:
        if isinstance(said, dict) and isinstance(said.get("name"), str):
            name = said["name"]
            self._checkpoints.pop(name, None)
            step, size = _whole(said.get("step")), _whole(said.get("bytes"))
            self._checkpoints[name] = ManifestCheckpoint(step or 0, name, size or 0, time, None)

    def _take_kept(self, time: float, said: Any) -> None:
        if isinstance(said, list):
            for name, checkpoint in self._checkpoints.items():
                if checkpoint.deleted is None and name not in said:
                    self._checkpoints[name] = ManifestCheckpoint(
                        checkpoint.step, name, checkpoint.size, checkpoint.written, time
                    )

    def _take_evaluation(self, time: float, said: Any) -> None:
        if not isinstance(said, dict):
            return
        name = said.get("name") if isinstance(said.get("name"), str) else None
        throttle = _number(said.get("throttle_secs"))
        if throttle is not None:
            self._throttle_secs[name] = throttle
        step = _whole(said.get("step"))
        if isinstance(said.get("decision"), str) and step is not None:
            reason, due = str(said.get("reason", "")), _number(said.get("next_due"))
            self._decisions.append(ManifestDecision(name, said["decision"], step, reason, time, due))

    def manifest(self) -> RunManifest:
        """Gives what was said."""
        facts = dict(self._facts)
        status, error = facts.pop("status", None), facts.pop("error", None)
        heartbeat_secs = _number(facts.pop("heartbeat_secs", None))
        for name in ("alive", "schema"):
            facts.pop(name, None)
        return RunManifest(
            status=status if isinstance(status, str) else "unknown",
            started=self._started,
            ended=self._ended,
            heartbeat=self.heartbeat,
            heartbeat_secs=HEARTBEAT_SECS if heartbeat_secs is None else heartbeat_secs,
            error=error if isinstance(error, str) else None,
            facts=facts,
            checkpoints=tuple(self._checkpoints.values()),
            throttle_secs=dict(self._throttle_secs),
            decisions=tuple(self._decisions),
        )


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
