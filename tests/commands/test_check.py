"""`trackml check`: the health of files, and an exit status that says it."""

from __future__ import annotations

import pytest

FILE = "events.out.tfevents.1700049600.host"

CHECKED = f"""\
STATUS      SIZE  EVENTS  LOST  FILE
ok         403 B       9   0 B  a/train/{FILE}
ok          81 B       2   0 B  b\\x1b[2J/{FILE}
truncated  121 B       2   0 B  cut/{FILE}
corrupt    124 B       2  42 B  flipped/{FILE}

4 files in 4 runs: 2 ok, 1 truncated, 1 corrupt; 42 B lost
"""


def without_messages(text):
    """The table without its last column, whose words are those of the library."""
    lines = text.splitlines()
    end = lines[0].index("MESSAGE")
    return "".join(f"{line[:end].rstrip()}\n" for line in lines)


def test_sound_files_are_fine(sound, says):
    assert says("check", sound, status=0).endswith("\n\n2 files in 2 runs: 2 ok; 0 B lost\n")


def test_damage_is_told_file_by_file(damaged, says):
    assert without_messages(says("check", damaged, status=1)) == CHECKED


def test_damage_has_a_message(damaged, says_json):
    files = says_json("check", damaged, status=1)["files"]
    assert [bool(file["message"]) for file in files] == [False, False, True, True]


def test_json(damaged, says_json):
    document = says_json("check", damaged, status=1)
    assert document["damaged"] is True
    assert [(file["run"], file["status"]) for file in document["files"]] == [
        ("a/train", "ok"),
        ("b\x1b[2J", "ok"),
        ("cut", "truncated"),
        ("flipped", "corrupt"),
    ]


@pytest.mark.parametrize(("options", "status"), [((), 1), (("--allow-truncated",), 0)])
def test_a_cut_record_can_be_allowed(options, status, tmp_path, events, says_json):
    events.write(tmp_path, "r", events.scalars(1, 1, x=1.0)[:-1])
    assert says_json("check", tmp_path, *options, status=status)["damaged"] is bool(status)


@pytest.mark.parametrize("cut", range(40))
def test_every_cut_of_a_record_is_damage(cut, tmp_path, events, says):
    record = events.scalars(1, 1, x=1.0)
    events.write(tmp_path, "r", record, record[: cut % (len(record) - 1) + 1])
    says("check", tmp_path, status=1)


def test_garbage_and_zeros_are_damage(tmp_path, events, says_json):
    events.write(tmp_path, "zeros", events.version(), bytes(64), events.scalars(1, 1, x=1.0))
    events.write(tmp_path, "garbage", events.version(), b"\xa5" * 64, events.scalars(1, 1, x=1.0))
    files = says_json("check", tmp_path, status=1)["files"]
    assert [(file["status"], file["bytes_lost"]) for file in files] == [("corrupt", 64), ("corrupt", 64)]
