from __future__ import annotations

import os
from pathlib import Path

import pytest

from trackml.storage.files import FileIdentity, replace_file, replacing


def test_writes_a_new_file_with_the_usual_permissions(tmp_path: Path) -> None:
    (tmp_path / "usual").write_bytes(b"")
    replace_file(tmp_path / "new", b"content")
    assert (tmp_path / "new").read_bytes() == b"content"
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_replaces_the_content_and_keeps_the_permissions(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old and longer")
    path.chmod(0o640)
    replace_file(str(path), b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640


def test_leaves_no_temporary_file_behind(tmp_path: Path) -> None:
    (tmp_path / "directory").mkdir()
    with pytest.raises(OSError, match="directory"):
        replace_file(tmp_path / "directory", b"content")
    replace_file(tmp_path / "file", b"content")
    assert sorted(os.listdir(tmp_path)) == ["directory", "file"]


def test_a_reader_of_the_old_content_keeps_it(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with open(path, "rb") as reader:
        replace_file(path, b"new")
        assert reader.read() == b"old"


def test_what_fails_half_way_leaves_the_old_content_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def write_half() -> None:
        with replacing(path) as stream:
            stream.write(b"ha")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        write_half()
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file"]


def test_identity_tells_growth_from_replacement(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"one")
    first = FileIdentity.of(path.stat())
    with open(path, "ab") as stream:
        stream.write(b"two")
    grown = FileIdentity.of(path.stat())
    replace_file(path, b"one")
    assert first != grown
    assert first.is_same_file(grown)
    assert not first.is_same_file(FileIdentity.of(path.stat()))
