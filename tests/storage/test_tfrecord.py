from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest

from trackml.storage import tfrecord
from trackml.storage.crc32c import masked_crc32c
from trackml.storage.tfrecord import Corrupt, Outcome, Record, RecordReader, Truncated, find_header, frame

PAYLOADS = [b"first", b"", b"the third payload", bytes(48), b"last"]
FRAMES = [frame(payload) for payload in PAYLOADS]
FILE = b"".join(FRAMES)
STARTS = [sum(map(len, FRAMES[:index])) for index in range(len(FRAMES))]


class ScriptedFile(io.BytesIO):
    """A file that grows when the test says so."""

    def append(self, data: bytes) -> None:
        self.seek(0, io.SEEK_END)
        self.write(data)

    def overwrite(self, offset: int, data: bytes) -> None:
        self.seek(offset)
        self.write(data)


def payloads(outcomes: list[Outcome]) -> list[bytes]:
    return [outcome.payload for outcome in outcomes if isinstance(outcome, Record)]


def test_frame_is_the_documented_layout() -> None:
    framed = frame(b"payload")
    assert framed[:8] == struct.pack("<Q", 7)
    assert framed[8:12] == struct.pack("<I", masked_crc32c(framed[:8]))
    assert framed[12:] == b"payload" + struct.pack("<I", masked_crc32c(b"payload"))


def test_reads_a_file_by_path_and_closes_it(tmp_path: Path) -> None:
    (tmp_path / "records").write_bytes(FILE)
    with RecordReader(tmp_path / "records") as reader:
        outcomes = list(reader)
    assert outcomes == [Record(start, payload) for start, payload in zip(STARTS, PAYLOADS, strict=True)]
    with pytest.raises(ValueError, match="closed"):
        list(reader)


def test_starts_at_an_offset() -> None:
    assert payloads(list(RecordReader(io.BytesIO(FILE), offset=STARTS[3]))) == PAYLOADS[3:]


def test_an_iteration_that_stops_early_goes_on_where_it_stopped() -> None:
    reader = RecordReader(io.BytesIO(FILE))
    next(iter(reader))
    assert payloads(list(reader)) == PAYLOADS[1:]


@pytest.mark.parametrize("cut", range(len(FILE)))
def test_truncated_record_resumes_after_append(cut: int) -> None:
    file = ScriptedFile(FILE[:cut])
    reader = RecordReader(file)
    before = list(reader)
    file.append(FILE[cut:])
    after = list(reader)
    assert payloads(before) + payloads(after) == PAYLOADS
    assert not [outcome for outcome in before + after if isinstance(outcome, Corrupt)]
    assert any(isinstance(outcome, Truncated) for outcome in before) == (cut not in STARTS)


def test_truncated_says_how_much_is_missing() -> None:
    whole = frame(b"payload")
    assert list(RecordReader(io.BytesIO(whole[:-3]))) == [Truncated(0, 3)]
    assert list(RecordReader(io.BytesIO(whole[:5]))) == [Truncated(0, 7)]


def test_grows_byte_by_byte() -> None:
    file = ScriptedFile()
    reader = RecordReader(file)
    seen = []
    for byte in FILE:
        file.append(bytes([byte]))
        seen += payloads(list(reader))
    assert seen == PAYLOADS


@pytest.mark.parametrize("bit", range(8))
@pytest.mark.parametrize("byte", range(len(FILE)))
def test_a_flipped_bit_costs_its_own_record_only(byte: int, bit: int) -> None:
    damaged = bytearray(FILE)
    damaged[byte] ^= 1 << bit
    hit = max(index for index, start in enumerate(STARTS) if start <= byte)
    outcomes = list(RecordReader(io.BytesIO(damaged)))
    assert payloads(outcomes) == PAYLOADS[:hit] + PAYLOADS[hit + 1 :]
    (corrupt,) = [outcome for outcome in outcomes if isinstance(outcome, Corrupt)]
    assert (corrupt.offset, corrupt.bytes_lost) == (STARTS[hit], len(FRAMES[hit]))
    assert corrupt.final == (hit < len(FRAMES) - 1)


@pytest.mark.parametrize("size", [1, 11, 12, 13, 500, 3000])
def test_resynchronises_after_garbage(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tfrecord, "_WINDOW_BYTES", 64)
    garbage = np.random.default_rng(size).bytes(size)
    outcomes = list(RecordReader(io.BytesIO(FRAMES[0] + garbage + FRAMES[2])))
    assert payloads(outcomes) == [PAYLOADS[0], PAYLOADS[2]]
    assert isinstance(outcomes[1], Corrupt)
    assert outcomes[1].bytes_lost == size


def test_a_block_of_zeros_that_is_filled_later_loses_nothing() -> None:
    file = ScriptedFile(FRAMES[0] + bytes(len(FILE) - len(FRAMES[0])))
    reader = RecordReader(file)
    before = list(reader)
    file.overwrite(0, FILE)
    assert isinstance(before[-1], Corrupt)
    assert not before[-1].final
    assert payloads(before) + payloads(list(reader)) == PAYLOADS


def test_bytes_lost_inside_a_payload_do_not_swallow_the_next_record() -> None:
    shortened = FRAMES[3][:20] + FRAMES[3][40:]
    outcomes = list(RecordReader(io.BytesIO(shortened + FRAMES[0] + FRAMES[2])))
    assert payloads(outcomes) == [PAYLOADS[0], PAYLOADS[2]]
    assert outcomes[0][3:] == (True,)


def test_an_absurd_length_with_a_good_checksum_is_damage_not_an_allocation() -> None:
    length = struct.pack("<Q", 2**60)
    header = length + struct.pack("<I", masked_crc32c(length))
    outcomes = list(RecordReader(io.BytesIO(header + FRAMES[0])))
    assert payloads(outcomes) == [PAYLOADS[0]]
    length = struct.pack("<Q", 2**31 - 1)
    header = length + struct.pack("<I", masked_crc32c(length))
    assert list(RecordReader(io.BytesIO(header + FRAMES[0]))) == [Truncated(0, 2**31 + 15 - len(header + FRAMES[0]))]


def test_a_file_that_shrinks_during_an_iteration_is_truncated() -> None:
    file = ScriptedFile(FILE)
    reader = RecordReader(file)
    outcomes = iter(reader)
    next(outcomes)
    file.truncate(STARTS[1] + 3)
    reader._window = b""
    assert isinstance(list(outcomes)[-1], Truncated)


def test_records_longer_than_the_window_are_read() -> None:
    payload = np.random.default_rng(2).bytes(3 << 20)
    reader = RecordReader(io.BytesIO(FRAMES[0] + frame(payload) + FRAMES[2]))
    assert payloads(list(reader)) == [PAYLOADS[0], payload, PAYLOADS[2]]


def test_find_header_finds_the_first() -> None:
    assert find_header(b"x" * 7 + FILE) == 7
    assert find_header(FILE[1 : len(FRAMES[0])]) is None
    assert find_header(bytes(1000)) is None
    assert find_header(b"short") is None
