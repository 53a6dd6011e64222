"""One writer a directory."""

from __future__ import annotations

import shutil
import subprocess
import sys

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


FORKING = """
import os, sys
from trackml.summary import FileWriterCache, Summary

def write(step):
    FileWriterCache.get(sys.argv[1]).add_summary(Summary(value=[Summary.Value(tag="a", simple_value=step)]), step)

write(1)
child = os.fork()
if child == 0:
    write(2)
    FileWriterCache.clear()
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
write(3)
"""


def test_a_fork_writes_into_a_file_of_its_own(tmp_path):
    # Python 3.12 warns of forks beside threads; the writer's thread is the very thing here.
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", FORKING, str(tmp_path)]
    assert subprocess.run(command, check=False).returncode == 0
    files = [[event.step for event in summary_iterator(path)] for path in sorted(tmp_path.iterdir())]
    assert [[step for step in steps if step] for steps in files] == [[1, 3], [2]]
