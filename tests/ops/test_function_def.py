"""Conditionals and loops are written with their functions, as TensorFlow takes them.

The graph of `golden/make/functions.py` was run by TensorFlow 1.15 and 2.15; here it is checked that what is written is
still well formed, and that it gives what TensorFlow gave.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trackml as tf
from trackml.graph import NOT_DIFFERENTIABLE, apply_op, register, registered_types
from trackml.graph.output_names import OUTPUT_NAMES

GOLDEN = Path(__file__).parents[1] / "golden"
FUNCTIONS = ("then_branch", "else_branch", "cond", "body")


def functions_module() -> Any:
    spec = importlib.util.spec_from_file_location("functions", GOLDEN / "make" / "functions.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MODULE = functions_module()


@pytest.fixture(scope="module")
def graph() -> tf.Graph:
    with tf.Graph().as_default() as made:
        MODULE.build(tf)
    return made


def test_values_are_those_of_tensorflow(graph: tf.Graph) -> None:
    golden = np.load(GOLDEN / "control_flow" / "functions.npz")
    with tf.Session(graph=graph) as session:
        for name in ("initialize", "settle"):
            session.run(graph.get_operation_by_name(name))
        for key in golden.files:
            value = session.run(f"{key.removeprefix('fetch/')}:0", MODULE.FEEDS)
            np.testing.assert_allclose(value, golden[key], rtol=2e-5, atol=1e-6)


def test_output_names_are_tensorflows_for_every_registered_type(op_defs: dict[str, Any]) -> None:
    for name in registered_types():
        if name not in op_defs:
            continue
        expected = [
            arg.name + "*" * bool(arg.number_attr or arg.type_list_attr) + (arg.number_attr or arg.type_list_attr)
            for arg in op_defs[name].output_arg
        ]
        assert OUTPUT_NAMES.get(name, "").split() == expected, "run tests/golden/make/output_names_tf115.py"


class _Checker:
    """Follows the types of tensors through a function."""

    def __init__(self, function: Any, op_defs: dict[str, Any]) -> None:
        self.function = function
        self.op_defs = op_defs
        self.types = {argument.name: argument.type for argument in function.signature.input_arg}
        for node in function.node_def:
            place: dict[str, int] = {}
            for argument, dtype in self.arguments(node, "output_arg"):
                number = place.get(argument, 0)
                self.types[f"{node.name}:{argument}:{number}"] = dtype
                place[argument] = number + 1

    def arguments(self, node: Any, side: str) -> list[tuple[str, int]]:
        definition = self.op_defs[node.op]
        values = {attr.name: attr.default_value for attr in definition.attr} | dict(node.attr)
        found: list[tuple[str, int]] = []
        for argument in getattr(definition, side):
            if argument.type_list_attr:
                found += [(argument.name, dtype) for dtype in values[argument.type_list_attr].list.type]
            else:
                count = values[argument.number_attr].i if argument.number_attr else 1
                dtype = values[argument.type_attr].type if argument.type_attr else argument.type
                found += [(argument.name, dtype)] * count
        return found

    def check(self) -> None:
        names = {node.name for node in self.function.node_def}
        assert len(names) == len(self.function.node_def)
        for node in self.function.node_def:
            data = [name for name in node.input if not name.startswith("^")]
            assert [self.types[name] for name in data] == [dtype for _, dtype in self.arguments(node, "input_arg")]
            assert {name[1:] for name in node.input if name.startswith("^")} <= names
        for result in self.function.signature.output_arg:
            assert self.types[self.function.ret[result.name]] == result.type


def test_functions_are_well_formed(graph: tf.Graph, op_defs: dict[str, Any]) -> None:
    message = graph.as_graph_def()
    assert len(message.library.function) > 20
    for function in message.library.function:
        _Checker(function, op_defs).check()


def test_operations_and_their_functions_have_one_signature(graph: tf.Graph) -> None:
    message = graph.as_graph_def()
    signatures = {function.signature.name: function.signature for function in message.library.function}
    nodes = [*message.node, *(node for function in message.library.function for node in function.node_def)]
    callers = [node for node in nodes if node.op in ("If", "While")]
    assert {node.op for node in callers} == {"If", "While"}
    for node in callers:
        types = list(node.attr["Tin" if node.op == "If" else "T"].list.type)
        results = list(node.attr["Tout" if node.op == "If" else "T"].list.type)
        for attribute in set(FUNCTIONS) & set(node.attr):
            signature = signatures[node.attr[attribute].func.name]
            assert [argument.type for argument in signature.input_arg] == types
            wanted = [tf.bool.as_datatype_enum] if attribute == "cond" else results
            assert [argument.type for argument in signature.output_arg] == wanted
        assert len([name for name in node.input if name[0] != "^"]) == len(types) + (node.op == "If")


def test_names_of_nodes_and_functions_are_given_once(graph: tf.Graph) -> None:
    message = graph.as_graph_def()
    names = [node.name for node in message.node]
    assert len(names) == len(set(names))
    functions = [function.signature.name for function in message.library.function]
    assert len(functions) == len(set(functions))


def test_inputs_of_nodes_are_there(graph: tf.Graph) -> None:
    message = graph.as_graph_def()
    names = {node.name for node in message.node}
    for node in message.node:
        assert {name.lstrip("^").partition(":")[0] for name in node.input} <= names


def test_a_graph_without_control_flow_has_no_library() -> None:
    with tf.Graph().as_default() as graph:
        tf.constant(1.0) + 2.0
        assert not graph.as_graph_def().HasField("library")


def test_a_function_with_an_operation_of_ones_own_is_written_all_the_same() -> None:
    register("OnlyHere", lambda x: x, shape=lambda op: op.inputs[0].shape, gradient=NOT_DIFFERENTIABLE)
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [])
        tf.cond(x > 0, lambda: apply_op("OnlyHere", x) * 2.0, lambda: x)
        functions = graph.as_graph_def().library.function
    assert {node.op for function in functions for node in function.node_def} == {"OnlyHere", "Const", "Mul"}
