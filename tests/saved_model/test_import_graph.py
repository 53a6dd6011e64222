"""Graphs from `GraphDef` messages."""

from __future__ import annotations

import pytest

import trackml as tf


@pytest.fixture
def message():
    with tf.Graph().as_default() as graph:
        a = tf.placeholder(tf.float32, [], name="a")
        b = tf.add(a, 1.0, name="b")
        tf.multiply(b, 2.0, name="c")
        with tf.control_dependencies([b]):
            tf.no_op(name="d")
        return graph.as_graph_def()


def test_names_get_a_prefix(message):
    with tf.Graph().as_default(), tf.Session() as session:
        tf.import_graph_def(message)
        assert session.run("import/c:0", {"import/a:0": 3.0}) == 8
        tf.import_graph_def(message, name="")
        assert session.run("c:0", {"a:0": 3.0}) == 8
        with pytest.raises(ValueError, match="Node name 'a' already exists in the Graph"):
            tf.import_graph_def(message, name="")


def test_tensors_can_be_put_in_the_place_of_others(message):
    with tf.Graph().as_default(), tf.Session() as session:
        own = tf.constant(10.0)
        (c,) = tf.import_graph_def(message, {"b": own}, ["c:0"])
        assert session.run(c) == 20


def test_elements_are_returned(message):
    with tf.Graph().as_default():
        op, tensor = tf.import_graph_def(message, return_elements=["b", "b:0"], name="x")
        assert op.name == "x/b"
        assert tensor is op.outputs[0]
        assert [control.name for control in tensor.graph.get_operation_by_name("x/d").control_inputs] == ["x/b"]
        with pytest.raises(ValueError, match="return_element 'gone' is not in the graph"):
            tf.import_graph_def(message, return_elements=["gone"])


def test_what_cannot_be_imported_is_named(message):
    with tf.Graph().as_default():
        with pytest.raises(TypeError, match="must be a GraphDef proto; got str"):
            tf.import_graph_def("graph")
        unknown = tf.GraphDef(node=[tf.NodeDef(name="n", op="NoSuchOp")])
        with pytest.raises(ValueError, match="Node 'n' is of type NoSuchOp"):
            tf.import_graph_def(unknown)
        missing = tf.GraphDef(node=[tf.NodeDef(name="n", op="Identity", input=["gone"])])
        with pytest.raises(ValueError, match="Node 'n' has an input 'gone' that is not in the graph"):
            tf.import_graph_def(missing)
        cycle = tf.GraphDef(
            node=[tf.NodeDef(name="n", op="Identity", input=["m"]), tf.NodeDef(name="m", op="Identity", input=["n"])]
        )
        with pytest.raises(ValueError, match="waits for itself"):
            tf.import_graph_def(cycle)
