"""Shapes of outputs, found by calling layers in graphs that are thrown away."""

from __future__ import annotations

from typing import Any

from trackml import dtypes, nest
from trackml.graph.conversion import placeholder
from trackml.graph.graph import Graph
from trackml.keras.engine import context
from trackml.keras.engine.configuration import remade
from trackml.shapes import TensorShape


def output_shape_of(layer: Any, input_shape: Any) -> Any:
    """The shape of what a layer gives for an input of a shape, or for several inputs of several shapes.

    Args:
        layer: The layer, with weights or without.
        input_shape: A shape, or a list or dict of shapes.

    Returns:
        A `TensorShape`, or a list of them.
    """
    with Graph().as_default(), context.outside():
        copy = remade(layer)
        kind = dtypes.as_dtype(layer.dtype or "float32")
        inputs = _map_shapes(lambda shape: placeholder(kind, shape), input_shape)
        outputs = copy(inputs)
        shapes = nest.map_structure(lambda tensor: tensor.shape, outputs)
    return list(shapes) if isinstance(shapes, (list, tuple)) else shapes


def _map_shapes(function: Any, shapes: Any) -> Any:
    if isinstance(shapes, dict):
        return {name: function(TensorShape(shape)) for name, shape in shapes.items()}
    several = isinstance(shapes, list) and shapes and not isinstance(shapes[0], (int, type(None)))
    if several:
        return [function(TensorShape(shape)) for shape in shapes]
    return function(TensorShape(shapes))
