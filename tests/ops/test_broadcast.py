"""Broadcasting undone: what it costs in operations, and where sizes are unknown."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from trackml import dtypes
from trackml.autodiff import gradients
from trackml.graph import Graph, Session, apply_op, constant, placeholder
from trackml.ops.broadcast import unbroadcast
from trackml.ops.math import add


def types_made(x_shape: Any, y_shape: Any) -> list[str]:
    with Graph().as_default() as graph:
        x, y = placeholder(dtypes.float32, x_shape), placeholder(dtypes.float32, y_shape)
        total = add(x, y)
        grad = placeholder(dtypes.float32, total.shape)
        before = graph.version
        gradients(total, [x, y], grad)
        return [op.type for op in graph.get_operations()[before:] if op.type != "Const"]


@pytest.mark.parametrize(
    ("x_shape", "y_shape", "types"),
    [
        ([3, 4], [3, 4], []),
        ([3, 4], [4], ["Sum"]),
        ([None, 4], [4], ["Sum"]),
        ([3, 4], [], ["Sum"]),
        ([2, 3, 4], [3, 1], ["Sum", "Reshape"]),
    ],
)
def test_what_is_known_of_the_shapes_is_settled_while_the_graph_is_built(
    x_shape: Any, y_shape: Any, types: list[str]
) -> None:
    assert types_made(x_shape, y_shape) == types


def test_two_unknown_sizes_are_compared_once_at_run_time() -> None:
    assert types_made([None], [None]).count("BroadcastGradientArgs") == 1


@pytest.mark.parametrize(
    "shapes", [((3,), (3,)), ((1,), (3,)), ((3,), (1,)), ((2, 3), (3,)), ((), (2,)), ((2, 1), (1, 3))]
)
def test_unknown_ranks_are_settled_at_run_time(shapes: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    with Graph().as_default(), Session() as session:
        x, y = placeholder(dtypes.float32), placeholder(dtypes.float32)
        feeds = {x: np.ones(shapes[0]), y: np.ones(shapes[1])}
        x_grad, y_grad = session.run(gradients(add(x, y), [x, y]), feeds)

    count = np.prod(np.broadcast_shapes(*shapes))
    np.testing.assert_array_equal(x_grad, np.full(shapes[0], count / np.prod(shapes[0])))
    np.testing.assert_array_equal(y_grad, np.full(shapes[1], count / np.prod(shapes[1])))


def test_unbroadcast_gives_the_gradient_itself_where_nothing_was_added() -> None:
    with Graph().as_default():
        grad = constant(np.ones((2, 3), np.float32))
        assert unbroadcast(grad, grad, constant(1.0)) is grad


@pytest.mark.parametrize(
    ("x", "y", "x_axes", "y_axes"),
    [
        ([2, 3], [2, 3], [], []),
        ([2, 1], [1, 3], [1], [0]),
        ([3], [2, 3], [0], []),
        ([], [2], [0], []),
        ([1], [1, 1], [0], []),
        ([0, 1], [1, 5], [1], [0]),
    ],
)
def test_reduced_axes(x: list[int], y: list[int], x_axes: list[int], y_axes: list[int]) -> None:
    with Graph().as_default(), Session() as session:
        shapes = [constant(sizes, dtypes.int32) for sizes in (x, y)]
        found = session.run(apply_op("BroadcastGradientArgs", *shapes))

    assert [axes.tolist() for axes in found] == [x_axes, y_axes]
