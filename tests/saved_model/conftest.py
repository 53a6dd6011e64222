"""A small model to save."""

from __future__ import annotations

import pytest

import trackml as tf


@pytest.fixture
def scaled():
    """A session with y = 2 x."""
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [None], name="x")
        y = tf.multiply(x, tf.get_variable("w", initializer=2.0), name="y")
        session.run(tf.global_variables_initializer())
        yield session, x, y


@pytest.fixture
def signature(scaled):
    """Its signature."""
    _, x, y = scaled
    return {"serving_default": tf.saved_model.predict_signature_def({"x": x}, {"y": y})}
