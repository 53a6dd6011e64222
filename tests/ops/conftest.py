"""What tests of operations share: TensorFlow's definitions of operation types."""

from __future__ import annotations

import lzma
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from tensorboard.compat.proto.op_def_pb2 import OpDef, OpList

from trackml.dtypes import DType
from trackml.graph import Graph, Operation

_OP_LIST = Path(__file__).parents[1] / "golden/engine_ops/op_list.pb.xz"
_ATTR_FIELDS = {
    "type": "type",
    "int": "i",
    "float": "f",
    "bool": "b",
    "shape": "shape",
    "string": "s",
    "tensor": "tensor",
    "func": "func",
}


@pytest.fixture(scope="session")
def op_defs() -> dict[str, Any]:
    """TensorFlow 1.15's definition of each operation type."""
    return {op.name: op for op in OpList.FromString(lzma.decompress(_OP_LIST.read_bytes())).op}


@pytest.fixture(scope="session")
def assert_tensorflow_takes(op_defs: dict[str, Any]) -> Callable[[Graph], None]:
    """A check that each node of a graph is one of TensorFlow's: type, inputs, outputs and attributes."""

    def check(graph: Graph) -> None:
        for op in graph.get_operations():
            assert op.type in op_defs, f"TensorFlow has no operation type {op.type}"
            _check_node(op, op_defs[op.type])

    return check


def _check_node(op: Operation, definition: OpDef) -> None:
    node = op.node_def
    known = {attr.name: attr for attr in definition.attr}
    assert set(node.attr) <= set(known), f"{op.type} has no attributes {set(node.attr) - set(known)}"
    for name, attr in known.items():
        assert name in node.attr or attr.HasField("default_value"), f"{op.type} needs the attribute {name}"
        if name in node.attr:
            _check_attr(op, attr, node.attr[name])
    values = {name: node.attr[name] if name in node.attr else known[name].default_value for name in known}
    assert _types(definition.input_arg, values) == _enums(tensor.dtype for tensor in op.inputs), f"inputs of {op.type}"
    assert _types(definition.output_arg, values) == _enums(tensor.dtype for tensor in op.outputs), (
        f"outputs of {op.type}"
    )


def _check_attr(op: Operation, attr: Any, value: Any) -> None:
    field = "list" if attr.type.startswith("list(") else _ATTR_FIELDS[attr.type]
    assert value.WhichOneof("value") == field, f"{attr.name} of {op.type} must be {attr.type}"
    allowed = attr.allowed_values.list
    if allowed.type and attr.type == "type":
        assert value.type in allowed.type, f"{attr.name} of {op.type} cannot be of type {value.type}"
    if allowed.s and attr.type == "string":
        assert value.s in allowed.s, f"{attr.name} of {op.type} cannot be {value.s!r}"


def _types(arguments: Iterable[Any], values: dict[str, Any]) -> list[int]:
    """The element types of all tensors that stand for `arguments`."""
    found: list[int] = []
    for argument in arguments:
        if argument.type_list_attr:
            found.extend(values[argument.type_list_attr].list.type)
        else:
            one = values[argument.type_attr].type if argument.type_attr else argument.type
            found.extend([one] * (values[argument.number_attr].i if argument.number_attr else 1))
    return found


def _enums(types: Iterable[DType]) -> list[int]:
    return [dtype.as_datatype_enum for dtype in types]
