"""Embeddings that start from a checkpoint: from a prefix, a directory or a pattern; trained or frozen."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trackml as tf
from trackml.bundle.bundle import BundleWriter
from trackml.checkpoint.state import update_checkpoint_state

fc = tf.feature_column
TABLE = np.arange(6, dtype=np.float32).reshape(3, 2)


@pytest.fixture
def london(tmp_path: Path) -> Path:
    """A directory with the checkpoints of steps 10 and 1000; the newer one holds ten times the table."""
    for step, factor in ((10, 1), (1000, 10)):
        with BundleWriter(str(tmp_path / f"model.ckpt-{step}")) as writer:
            writer.add("embed", factor * TABLE)
    update_checkpoint_state(str(tmp_path), str(tmp_path / "model.ckpt-1000"))
    return tmp_path


def layer(checkpoint: Any, name: str = "embed", **arguments: Any) -> tf.Tensor:
    words = fc.categorical_column_with_vocabulary_list("w", ["a", "b", "c"])
    column = fc.embedding_column(words, 2, ckpt_to_load_from=checkpoint, tensor_name_in_ckpt=name, **arguments)
    return fc.input_layer({"w": ["c", "a"]}, [column])


def run(net: tf.Tensor) -> list[Any]:
    with tf.Session() as session:
        session.run([tf.global_variables_initializer(), tf.tables_initializer()])
        found: list[Any] = session.run(net).tolist()
        return found


@pytest.mark.parametrize(
    ("checkpoint", "factor"),
    [("model.ckpt-10", 1.0), ("", 10.0), ("*ckpt-1000*", 10.0), ("model.ckpt-1000", 10.0), ("model.ckpt-1?", 1.0)],
)
def test_vectors_start_from_the_checkpoint_that_is_meant(london: Path, checkpoint: str, factor: float) -> None:
    with tf.Graph().as_default():
        assert run(layer(str(london / checkpoint))) == [[4 * factor, 5 * factor], [0.0, factor]]


def test_frozen_vectors_stay_what_they_are(london: Path) -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        net = tf.layers.dense(layer(str(london), trainable=False), 1)
        assert [variable.op.name for variable in tf.trainable_variables()] == ["dense/kernel", "dense/bias"]
        step = tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_sum(net))
        session.run([tf.global_variables_initializer(), tf.tables_initializer()])
        session.run(step)
        assert session.run(tf.global_variables()[0]).tolist() == (10 * TABLE).tolist()


def test_columns_that_share_vectors_share_the_checkpoint(london: Path) -> None:
    ids = [fc.categorical_column_with_identity(key, 3) for key in "ab"]
    columns = fc.shared_embedding_columns(ids, 2, ckpt_to_load_from=str(london), tensor_name_in_ckpt="embed")
    with tf.Graph().as_default():
        assert run(fc.input_layer({"a": [1], "b": [2]}, columns)) == [[20.0, 30.0, 40.0, 50.0]]


@pytest.mark.parametrize(
    ("checkpoint", "name", "error", "message"),
    [
        ("model.ckpt-10", "other", ValueError, "Tensor other is not found in"),
        ("model.ckpt-7", "embed", tf.errors.NotFoundError, "model.ckpt-7"),
        ("*ckpt-1*", "embed", ValueError, "Several checkpoints fit"),
        ("nowhere/*", "embed", tf.errors.NotFoundError, "nowhere/*"),
    ],
)
def test_a_checkpoint_that_does_not_do_is_named(
    london: Path, checkpoint: str, name: str, error: type[Exception], message: str
) -> None:
    with tf.Graph().as_default(), pytest.raises(error, match=re.escape(message)):
        layer(str(london / checkpoint), name)


def test_a_table_of_another_shape_is_named(london: Path) -> None:
    column = fc.embedding_column(
        fc.categorical_column_with_identity("i", 4), 2, ckpt_to_load_from=str(london), tensor_name_in_ckpt="embed"
    )
    message = (
        "Shape of variable input_layer/i_embedding/embedding_weights:0 ((4, 2)) doesn't match with shape of tensor"
    )
    with tf.Graph().as_default(), pytest.raises(ValueError, match=re.escape(message)):
        fc.input_layer({"i": [1]}, [column])


def test_a_directory_without_checkpoints_is_named(tmp_path: Path) -> None:
    with tf.Graph().as_default(), pytest.raises(ValueError, match="Couldn't find 'checkpoint' file or checkpoints"):
        layer(str(tmp_path))
