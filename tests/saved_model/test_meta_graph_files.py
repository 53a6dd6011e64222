"""Graphs from `.meta` files."""

from __future__ import annotations

import pytest

import trackml as tf


@pytest.fixture
def prefix(scaled, tmp_path):
    return tf.train.Saver().save(scaled[0], str(tmp_path / "model.ckpt"), global_step=3)


def test_a_checkpoint_is_restored_without_the_code(prefix):
    with tf.Graph().as_default(), tf.Session() as session:
        saver = tf.train.import_meta_graph(f"{prefix}.meta")
        saver.restore(session, prefix)
        assert session.run("y:0", {"x:0": [1.5]}).tolist() == [3]
        assert [variable.op.name for variable in tf.trainable_variables()] == ["w"]


def test_what_was_imported_can_be_trained_and_saved(prefix, tmp_path):
    with tf.Graph().as_default() as graph, tf.Session() as session:
        saver = tf.train.import_meta_graph(f"{prefix}.meta")
        loss = tf.square(graph.get_tensor_by_name("y:0") - 6.0)
        train_op = tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_sum(loss))
        saver.restore(session, prefix)
        session.run(train_op, {"x:0": [1.0]})
        path = saver.save(session, str(tmp_path / "later"))
    assert tf.train.load_variable(path, "w") == pytest.approx(2.8)


def test_names_can_get_a_scope(prefix):
    with tf.Graph().as_default(), tf.Session() as session:
        saver = tf.train.import_meta_graph(f"{prefix}.meta", import_scope="old")
        saver.restore(session, prefix)
        assert session.run("old/w/Read/ReadVariableOp:0") == 2


@pytest.mark.parametrize("as_text", [False, True])
def test_a_graph_is_exported_and_imported(scaled, tmp_path, as_text):
    message = tf.train.export_meta_graph(tmp_path / "graph.meta", as_text=as_text, collection_list=["variables"])
    assert list(message.collection_def) == ["variables"]
    with tf.Graph().as_default(), tf.Session() as session:
        assert tf.train.import_meta_graph(tmp_path / "graph.meta") is not None
        session.run(tf.global_variables_initializer())
        assert session.run("y:0", {"x:0": [1.0]}).tolist() == [2]


def test_files_that_are_none_are_told(tmp_path):
    with pytest.raises(OSError, match="does not exist"):
        tf.train.import_meta_graph(tmp_path / "gone.meta")
    (tmp_path / "bad.meta").write_bytes(b"\xff nothing")
    with pytest.raises(OSError, match="Cannot parse file"):
        tf.train.import_meta_graph(tmp_path / "bad.meta")
