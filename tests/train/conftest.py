"""A graph that counts, and what is written in a directory."""

from __future__ import annotations

import pytest

import trackml as tf
from trackml.events import summary_iterator
from trackml.summary import FileWriterCache


@pytest.fixture(autouse=True)
def _no_writers_are_left():
    yield
    FileWriterCache.clear()


@pytest.fixture
def count():
    """A tensor whose run makes the global step one larger, in a graph that is the default one."""
    with tf.Graph().as_default():
        yield tf.train.get_or_create_global_step().assign_add(1)


@pytest.fixture
def run_steps(count):
    """Counts `steps` times in a session with hooks."""

    def run(steps, *hooks, creator=None):
        with tf.train.MonitoredSession(creator, hooks) as session:
            for _ in range(steps):
                if session.should_stop():
                    break
                session.run(count)

    return run


@pytest.fixture
def events_in():
    """Gives the events of a directory, of all files in the order of their names."""

    def read(directory):
        FileWriterCache.clear()
        return [event for path in sorted(directory.glob("*tfevents*")) for event in summary_iterator(path)]

    return read
