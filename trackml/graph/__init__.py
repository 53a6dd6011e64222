"""The graph engine: tensors and operations, the registry of operation types, plans and sessions."""

from __future__ import annotations

from trackml.graph.conversion import (
    constant,
    constant_value,
    constant_value_as_shape,
    convert_to_tensor,
    placeholder,
)
from trackml.graph.function import FuncGraph, TensorSpec, trace
from trackml.graph.graph import Graph, apply_op, get_default_graph, reset_default_graph
from trackml.graph.keys import GraphKeys
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, OpSpec, register, registered_types
from trackml.graph.session import InteractiveSession, Session, get_default_session

__all__ = [
    "NOT_DIFFERENTIABLE",
    "FuncGraph",
    "Graph",
    "GraphKeys",
    "InteractiveSession",
    "OpSpec",
    "Operation",
    "Session",
    "Tensor",
    "TensorSpec",
    "apply_op",
    "constant",
    "constant_value",
    "constant_value_as_shape",
    "convert_to_tensor",
    "get_default_graph",
    "get_default_session",
    "placeholder",
    "register",
    "registered_types",
    "reset_default_graph",
    "trace",
]
