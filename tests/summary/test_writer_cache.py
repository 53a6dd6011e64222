"""One writer a directory."""

from __future__ import annotations

import shutil

import pytest

import trackml as tf
from trackml.events import summary_iterator
from trackml.summary import FileWriterCache, Summary


@pytest.fixture(autouse=True)
def _empty_cache():
    FileWriterCache.clear()
    yield
    FileWriterCache.clear()


def kinds(logdir):
    return [event.WhichOneof("what") for path in sorted(logdir.iterdir()) for event in summary_iterator(path)]


def test_a_directory_has_one_writer(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert FileWriterCache.get(tmp_path / "a") is FileWriterCache.get("a")
    assert FileWriterCache.get("a") is not FileWriterCache.get("b")


def test_a_new_writer_writes_the_default_graph(tmp_path):
    with tf.Graph().as_default():
        tf.constant(1.0)
        FileWriterCache.get(tmp_path)
        FileWriterCache.get(tmp_path).flush()
    assert kinds(tmp_path) == ["file_version", "graph_def", "meta_graph_def"]


def test_clear_closes_the_writers(tmp_path):
    writer = FileWriterCache.get(tmp_path)
    writer.add_summary(Summary(), 1)
    FileWriterCache.clear()
    assert kinds(tmp_path)[-1] == "summary"
    assert FileWriterCache.get(tmp_path) is not writer


def test_a_writer_whose_directory_was_deleted_is_replaced(tmp_path):
    writer = FileWriterCache.get(tmp_path / "run")
    shutil.rmtree(tmp_path / "run")
    assert FileWriterCache.get(tmp_path / "run") is not writer
    FileWriterCache.clear()
    assert kinds(tmp_path / "run")[0] == "file_version"


def test_a_writer_that_was_closed_is_replaced(tmp_path):
    writer = FileWriterCache.get(tmp_path)
    writer.close()
    assert FileWriterCache.get(tmp_path) is not writer
