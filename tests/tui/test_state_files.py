from __future__ import annotations

from pathlib import Path

import pytest

from trackml_tui.state_files import replace_text, set_aside


def test_a_file_is_replaced_as_a_whole_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "file.json"
    replace_text(path, "one")
    replace_text(path, "two é")
    assert path.read_text(encoding="utf-8") == "two é"
    assert [entry.name for entry in path.parent.iterdir()] == ["file.json"]


def test_what_cannot_be_written_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    replace_text(path, "one")
    (tmp_path / "directory").mkdir()
    with pytest.raises(OSError, match="directory"):
        replace_text(tmp_path / "directory", "two")
    assert path.read_text() == "one"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["directory", "file"]


def test_damaged_files_are_all_kept(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for text in ("one", "two"):
        path.write_text(text)
        set_aside(path)
    assert {entry.name: entry.read_text() for entry in tmp_path.iterdir()} == {
        "file.damaged-1": "one",
        "file.damaged-2": "two",
    }
