from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from trackml.events.event_file import EventFile
from trackml.storage.tfrecord import Record, RecordReader, frame, whole_records


def payloads(path: Path) -> list[bytes]:
    """Every payload after the file version; no damage anywhere."""
    with RecordReader(path) as reader:
        outcomes = list(reader)
    assert all(isinstance(outcome, Record) for outcome in outcomes)
    return [outcome.payload for outcome in outcomes if isinstance(outcome, Record)][1:]


def test_whole_records_counts_bytes_up_to_the_last_whole_record():
    one, two = frame(b"one"), frame(b"two!")
    records = one + two
    counted = [whole_records(records[:end]) for end in range(len(records) + 1)]
    assert counted == [0] * len(one) + [len(one)] * len(two) + [len(records)]


FULL_DISK = """
import resource, sys
from pathlib import Path
from trackml.events.event_file import EventFile
from trackml.storage.tfrecord import frame
limit = resource.RLIMIT_FSIZE
file = EventFile(Path(sys.argv[1]))
resource.setrlimit(limit, (400, resource.getrlimit(limit)[1]))
for number in range(3):
    try:
        file.append(b"".join(frame(b"%d" % (10 * number + i) * 50) for i in range(9)))
    except OSError as error:
        print(error.errno, error.filename == str(file.path), file.path.stat().st_size <= 400)
resource.setrlimit(limit, (resource.getrlimit(limit)[1],) * 2)
file.append(frame(b"last"))
"""


def test_a_full_disk_leaves_whole_records_and_nothing_is_lost_when_there_is_room_again(tmp_path: Path):
    done = subprocess.run([sys.executable, "-c", FULL_DISK, str(tmp_path)], capture_output=True, check=True)
    assert done.stdout.decode().splitlines() == ["27 True True"] * 3
    (path,) = tmp_path.iterdir()
    expected = [b"%d" % (10 * number + i) * 50 for number in range(3) for i in range(9)]
    assert payloads(path) == [*expected, b"last"]


def test_a_deleted_file_is_an_error_and_what_was_to_be_written_is_kept(tmp_path: Path):
    file = EventFile(tmp_path / "run")
    os.unlink(file.path)
    (tmp_path / "run").rmdir()
    for _ in range(2):
        with pytest.raises(FileNotFoundError, match=r"was deleted while it was being written: '.*tfevents"):
            file.append(frame(b"lost"))
    assert file.unwritten == frame(b"lost") * 2
    file.close()


def test_a_directory_that_is_renamed_takes_its_file_along(tmp_path: Path):
    file = EventFile(tmp_path / "run")
    (tmp_path / "run").rename(tmp_path / "other")
    file.append(frame(b"found"))
    file.close()
    assert payloads(tmp_path / "other" / file.path.name) == [b"found"]
