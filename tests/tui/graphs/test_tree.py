"""Graphs as trees of scopes, from graphs that the engine writes and from hostile ones."""

from __future__ import annotations

from typing import Any

import pytest
from tensorboard.compat.proto import graph_pb2

import trackml as tf
from trackml_tui.graphs.tree import find, graph_of, rows_of


@pytest.fixture
def definition() -> Any:
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [None, 3], name="x")
        hidden = tf.layers.dense(x, 4, name="first")
        tf.layers.dense(hidden, 2, name="second")
    return graph_pb2.GraphDef.FromString(graph.as_graph_def().SerializeToString())


def test_scopes_count_operations_and_parameters(definition: Any) -> None:
    graph = graph_of(definition)
    assert graph.root.parameters == 3 * 4 + 4 + 4 * 2 + 2
    assert graph.nodes == graph.root.ops == len(definition.node)
    assert graph.variables == 4
    first = find(graph, "first")
    assert first is not None
    assert first.parameters == 16
    kernel = find(graph, "first/kernel")
    assert kernel is not None
    assert kernel.node is not None
    assert (kernel.node.op, kernel.node.shapes, kernel.parameters) == ("VarHandleOp", ("3×4",), 12)
    assert ("dtype", "DT_FLOAT") in kernel.node.attrs
    assert find(graph, "nothing/there") is None
    assert dict(graph.kinds)["MatMul"] == 2


def test_rows_unfold(definition: Any) -> None:
    graph = graph_of(definition)
    closed = rows_of(graph, frozenset())
    assert {row.label for row in closed} >= {"first", "second", "x"}
    assert all(row.depth == 0 for row in closed)
    assert [row.folded for row in closed if row.label in ("first", "x")] == [True, None]
    opened = rows_of(graph, frozenset({"first"}))
    inside = [row.key for row in opened if row.depth == 1]
    assert "first/kernel" in inside
    place = [row.key for row in opened].index("first")
    assert [row.key for row in opened][place + 1 : place + 1 + len(inside)] == inside


def test_the_deepest_names_do_no_harm() -> None:
    definition = graph_pb2.GraphDef()
    definition.node.add(name="/".join(["s"] * 20_000), op="NoOp")
    definition.node.add(name="", op="")
    definition.node.add(name="v", op="VariableV2").attr["shape"].shape.dim.add(size=-1)
    graph = graph_of(definition)
    assert graph.root.ops == 3
    assert graph.root.parameters == 0
    assert len(rows_of(graph, frozenset({"s", "s/s"}))) == 5


def test_attributes_are_short() -> None:
    definition = graph_pb2.GraphDef()
    node = definition.node.add(name="c", op="Const")
    node.attr["value"].tensor.tensor_shape.dim.add(size=3)
    node.attr["text"].s = b"x" * 500
    node.attr["bytes"].s = b"\xff"
    node.attr["kind"].type = 999
    node.attr["call"].func.name = "f"
    node.attr["empty"].CopyFrom(type(node.attr["text"])())
    attrs = dict(graph_of(definition).root.children["c"].node.attrs)  # type: ignore[union-attr]
    assert attrs == {
        "value": "tensor 3",
        "text": "x" * 80 + "…",
        "bytes": "�",
        "kind": "999",
        "call": "f()",
        "empty": "",
    }
