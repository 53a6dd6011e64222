"""Each test has a graph of its own."""

from __future__ import annotations

import pytest

import trackml as tf


@pytest.fixture(autouse=True)
def _own_graph():
    with tf.Graph().as_default():
        yield
