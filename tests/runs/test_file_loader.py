"""Errors of the file system in the middle of a read; the rest of the loader is tested through the store."""

from __future__ import annotations

import io
from typing import Any

import pytest

from trackml.events import columns
from trackml.runs.file_loader import FileLoader
from trackml.storage.files import FileIdentity


class FailingStream(io.BytesIO):
    """A file whose disk gives up after some reads."""

    def __init__(self, data: bytes, reads: int) -> None:
        super().__init__(data)
        self._reads = reads

    def read(self, size: int | None = -1, /) -> bytes:
        self._reads -= 1
        if self._reads < 0:
            raise OSError(5, "Input/output error")
        return super().read(size)

    def readinto(self, buffer: Any, /) -> int:
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


@pytest.mark.parametrize("reads", range(16))
def test_an_error_while_reading_makes_no_point_count_twice(
    logdir: Any, monkeypatch: pytest.MonkeyPatch, reads: int
) -> None:
    monkeypatch.setattr(columns, "_RECORDS_A_CALL", 4)
    data = b"".join(logdir.scalars(step, loss=step) for step in range(10))
    path = logdir.append(data)
    identity = FileIdentity.of(path.stat())
    loader = FileLoader(path)
    loader.notice(identity)
    with FailingStream(data, reads) as stream, pytest.raises(OSError, match="Input/output"):
        loader._read_stream(stream, identity, {}, lambda: False)
    loader.read({}, lambda: False)
    assert loader.history.scalars["loss"].points.view().step.tolist() == list(range(10))
    assert loader.health().status in ("ok", "replaced")
