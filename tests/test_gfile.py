"""Files and directories under TensorFlow's names."""

from __future__ import annotations

import pytest

import trackml as tf


def test_files_are_written_and_read(tmp_path):
    path = str(tmp_path / "a.txt")
    with tf.gfile.GFile(path, "w") as file:
        file.write("één\ntwee\n")
    with tf.gfile.Open(path) as file:
        assert file.readline() == "één\n"
        assert file.tell() == 6
        assert file.readlines() == ["twee\n"]
        file.seek(0)
        assert list(file) == ["één\n", "twee\n"]
    assert tf.gfile.GFile(path, "rb").read(4) == "éé".encode()[:4]
    assert tf.gfile.FastGFile(path).size() == tf.gfile.Stat(path).length == 11
    with tf.gfile.GFile(path, "a") as file:
        file.write("drie")
        file.flush()
    assert tf.gfile.GFile(path).read().endswith("drie")


def test_a_file_that_nothing_was_written_to_is_there(tmp_path):
    tf.gfile.GFile(tmp_path / "empty", "w").close()
    assert tf.gfile.Exists(tmp_path / "empty")


def test_directories(tmp_path):
    root = str(tmp_path / "r")
    tf.gfile.MkDir(root)
    tf.gfile.MakeDirs(f"{root}/a/b")
    tf.gfile.MakeDirs(f"{root}/a/b")
    for name in ("2.csv", "1.csv", "x.txt"):
        tf.gfile.GFile(f"{root}/{name}", "w").close()
    assert sorted(tf.gfile.ListDirectory(root)) == ["1.csv", "2.csv", "a", "x.txt"]
    assert tf.gfile.Glob(f"{root}/*.csv") == [f"{root}/1.csv", f"{root}/2.csv"]
    assert tf.gfile.Glob([f"{root}/*.txt", f"{root}/1*"]) == [f"{root}/x.txt", f"{root}/1.csv"]
    assert [folder for folder, _, _ in tf.gfile.Walk(root)] == [root, f"{root}/a", f"{root}/a/b"]
    assert tf.gfile.IsDirectory(root)
    assert not tf.gfile.IsDirectory(f"{root}/1.csv")
    assert tf.gfile.Stat(root).is_directory
    tf.gfile.DeleteRecursively(root)
    assert not tf.gfile.Exists(root)


def test_files_are_copied_and_moved(tmp_path):
    one, two = str(tmp_path / "one"), str(tmp_path / "two")
    for path in (one, two):
        with tf.gfile.GFile(path, "w") as file:
            file.write(path)
    for function in (tf.gfile.Copy, tf.gfile.Rename):
        with pytest.raises(tf.errors.AlreadyExistsError, match="overwrite=True"):
            function(one, two)
    tf.gfile.Copy(one, two, overwrite=True)
    assert tf.gfile.GFile(two).read() == one
    tf.gfile.Rename(two, str(tmp_path / "three"))
    assert sorted(tf.gfile.ListDirectory(tmp_path)) == ["one", "three"]
    tf.gfile.Remove(one)
    assert tf.gfile.ListDirectory(tmp_path) == ["three"]


@pytest.mark.parametrize(
    "use",
    [
        lambda path: tf.gfile.GFile(path).read(),
        lambda path: tf.gfile.Stat(path),
        lambda path: tf.gfile.ListDirectory(path),
        lambda path: tf.gfile.Remove(path),
        lambda path: tf.gfile.DeleteRecursively(path),
        lambda path: tf.gfile.Copy(path, path + "2"),
    ],
)
def test_what_is_not_there_is_named(use, tmp_path):
    with pytest.raises(tf.errors.NotFoundError, match="gone"):
        use(str(tmp_path / "gone"))


def test_a_directory_is_no_file(tmp_path):
    with pytest.raises(tf.errors.FailedPreconditionError):
        tf.gfile.GFile(tmp_path).read()
    tf.gfile.MkDir(tmp_path / "d")
    with pytest.raises(tf.errors.AlreadyExistsError):
        tf.gfile.MkDir(tmp_path / "d")
