"""Operations that read, write and find files."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trackml as tf


def test_a_file_is_read_anew_at_each_run(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_bytes(b"first")
    with tf.Graph().as_default(), tf.Session() as session:
        contents = tf.read_file(str(path))
        assert session.run(contents) == b"first"
        path.write_bytes(b"second")
        assert session.run(contents) == b"second"


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with (
        tf.Graph().as_default(),
        tf.Session() as session,
        pytest.raises(tf.errors.NotFoundError, match="none; No such"),
    ):
        session.run(tf.read_file(str(tmp_path / "none")))


def test_what_is_written_is_there_with_its_directories(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "out.bin"
    with tf.Graph().as_default(), tf.Session() as session:
        session.run(tf.write_file(str(path), b"\x00\xff"))
    assert path.read_bytes() == b"\x00\xff"


def test_writing_where_a_directory_is_fails(tmp_path: Path) -> None:
    with tf.Graph().as_default(), tf.Session() as session, pytest.raises(tf.errors.InvalidArgumentError):
        session.run(tf.write_file(str(tmp_path), b""))


def test_matching_files_of_several_patterns_are_in_order_and_once(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "c.csv"):
        (tmp_path / name).touch()
    with tf.Graph().as_default(), tf.Session() as session:
        patterns = [str(tmp_path / pattern) for pattern in ("*.txt", "a.*", "*.csv")]
        found = session.run(tf.io.matching_files(patterns)).tolist()
        nothing = session.run(tf.matching_files(str(tmp_path / "*.none")))
    assert [Path(item.decode()).name for item in found] == ["a.txt", "b.txt", "c.csv"]
    assert nothing.shape == (0,)


@pytest.mark.parametrize(
    ("kind", "packed"), [("GZIP", gzip.compress(b"text")), ("ZLIB", zlib.compress(b"text"))], ids=["GZIP", "ZLIB"]
)
def test_compressed_strings(kind: str, packed: bytes) -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        assert session.run(tf.decode_compressed([packed], kind)).tolist() == [b"text"]
        assert session.run(tf.decode_compressed([packed])).tolist() == [packed]
        with pytest.raises(tf.errors.InvalidArgumentError, match=f"Cannot unpack {kind} data"):
            session.run(tf.decode_compressed([b"text"], kind))
        with pytest.raises(ValueError, match="compression_type must be"):
            tf.decode_compressed([packed], "LZ4")


@pytest.mark.parametrize(
    "options", [None, "GZIP", "ZLIB", tf.io.TFRecordOptions(1, 9)], ids=["none", "GZIP", "ZLIB", "options"]
)
def test_records_that_are_written_are_read(tmp_path: Path, options: str | None) -> None:
    path, records = tmp_path / "rows", [b"first", b"", b"third" * 100]
    with tf.python_io.TFRecordWriter(path, options) as writer:
        for record in records:
            writer.write(record)
        writer.flush()
    kind = tf.io.TFRecordOptions(options).compression_type
    with tf.Graph().as_default(), tf.Session() as session:
        dataset = tf.data.TFRecordDataset(str(path), compression_type=kind).batch(3)
        assert session.run(dataset.make_one_shot_iterator().get_next()).tolist() == records


def test_an_unknown_compression_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match='Not a valid compression_type: "LZ4"'):
        tf.io.TFRecordWriter(tmp_path / "rows", "LZ4")


def test_operations_are_ones_of_tensorflow(assert_tensorflow_takes: Any) -> None:
    with tf.Graph().as_default() as graph:
        tf.write_file("a", tf.read_file("b"))
        tf.matching_files("c")
        tf.decode_compressed("d", "ZLIB")
        image = tf.image.decode_image(tf.read_file("e"), dtype=tf.float32)
        tf.write_file("f", tf.image.encode_jpeg(np.zeros([2, 2, 3], np.uint8)))
    assert image.shape.ndims is None
    assert_tensorflow_takes(graph)
