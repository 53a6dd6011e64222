"""Convolutions and pooling: values and gradients as TensorFlow 1.15 has them, shapes, what is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trackml import nn
from trackml.autodiff import gradients
from trackml.errors import InvalidArgumentError
from trackml.graph import Graph, Session, constant, placeholder
from trackml.ops import convolution, depthwise, pooling, reductions, windows
from trackml.testing import assert_gradients

CASES = json.loads(Path(__file__).parents[1].joinpath("golden/convolution/values.json").read_text())

# Sums of up to 100 products in float32, in another order.
ROUNDING = {"rtol": 1e-5, "atol": 1e-5}


@pytest.fixture(autouse=True)
def graph() -> Iterator[Graph]:
    with Graph().as_default() as graph:
        yield graph


def distinct(shape: list[int]) -> Any:
    """The numbers of `convolution_tf115.py`."""
    count = int(np.prod(shape))
    return ((np.arange(count) * 37 % 101 - 50) / 16.0).reshape(shape).astype(np.float32)


def unlike(*shape: int) -> Any:
    """Numbers of which no two are so near that a small step changes their order."""
    count = int(np.prod(shape))
    return np.random.default_rng(3).permutation(np.linspace(-2, 2, count)).reshape(shape)


def identity_of(case: dict[str, Any]) -> str:
    return "-".join([case["function"], str(case["shapes"]), str(case["keywords"])]).replace(" ", "")


def as_array(stated: dict[str, Any]) -> Any:
    return np.array(stated["values"], np.float32).reshape(stated["shape"])


@pytest.mark.parametrize("known", [True, False], ids=["known sizes", "unknown sizes"])
@pytest.mark.parametrize("case", CASES, ids=identity_of)
def test_values_and_gradients_are_tensorflows(
    case: dict[str, Any], known: bool, assert_tensorflow_takes: Callable[[Graph], None], graph: Graph
) -> None:
    arrays = [distinct(shape) for shape in case["shapes"]]
    tensors = [placeholder("float32", shape if known else [None] * len(shape)) for shape in case["shapes"]]
    output = getattr(nn, case["function"])(*tensors, **case["keywords"])
    weights = distinct(case["output"]["shape"])
    slopes = gradients(reductions.reduce_sum(output * weights), tensors)
    with Session() as session:
        value, *found = session.run([output, *slopes], dict(zip(tensors, arrays)))

    assert output.shape.is_compatible_with(value.shape)
    assert output.shape.is_fully_defined() or not known
    for given, wanted in zip([value, *found], [case["output"], *case["gradients"]], strict=True):
        assert given.dtype == np.float32
        np.testing.assert_allclose(given, as_array(wanted), **ROUNDING)
    assert_tensorflow_takes(graph)


SECOND = [
    (lambda x, k: convolution.conv2d(x, k, 1, "SAME"), [(2, 3, 4, 2), (2, 3, 2, 2)]),
    (lambda x, k: convolution.conv2d(x, k, [2, 1], "VALID"), [(1, 5, 4, 2), (3, 2, 2, 3)]),
    (lambda x, k: convolution.conv2d(x, k, 2, "SAME"), [(1, 4, 4, 1), (3, 3, 1, 4)]),
    (lambda x, k: convolution.conv2d(x, k, 1, "SAME", dilations=2), [(1, 4, 5, 1), (2, 2, 1, 2)]),
    (lambda x, k: convolution.conv2d(x, k, 1, [[0, 0], [2, 0], [0, 3], [0, 0]]), [(1, 3, 3, 1), (2, 2, 1, 2)]),
    (lambda x, k: convolution.conv2d(x, k, 1, "VALID"), [(2, 2, 3, 3), (1, 1, 3, 2)]),
    (lambda x, k: convolution.conv1d(x, k, 1, "SAME", dilations=2), [(1, 6, 2), (2, 2, 2)]),
    (lambda x, k: convolution.conv2d_transpose(x, k, [1, 4, 4, 2], 2), [(1, 2, 2, 2), (3, 3, 2, 2)]),
    (
        lambda x, g: convolution.conv2d_backprop_filter(x, [2, 2, 1, 2], g, 1, "SAME"),
        [(2, 3, 3, 1), (2, 3, 3, 2)],
    ),
    (lambda x, k: depthwise.depthwise_conv2d(x, k, 1, "SAME"), [(2, 3, 3, 2), (2, 2, 2, 2)]),
    (lambda x, k: depthwise.depthwise_conv2d(x, k, 2, "VALID"), [(1, 4, 5, 2), (3, 2, 2, 1)]),
    (lambda x: pooling.max_pool(x, 2, 2, "VALID"), [(2, 4, 4, 2)]),
    (lambda x: pooling.max_pool(x, [3, 2], [2, 1], "SAME"), [(1, 5, 4, 2)]),
    (lambda x: pooling.avg_pool(x, 2, 2, "SAME"), [(2, 3, 4, 2)]),
    (lambda x: pooling.avg_pool(x, 3, 1, "SAME"), [(1, 4, 4, 2)]),
    (lambda x: pooling.max_pool(x, 2, 3, "SAME") ** 2, [(1, 5, 5, 1)]),
]


@pytest.mark.parametrize("static_shapes", [True, False])
@pytest.mark.parametrize(("function", "shapes"), SECOND)
def test_first_and_second_gradients(function: Any, shapes: list[tuple[int, ...]], static_shapes: bool) -> None:
    assert_gradients(function, [unlike(*shape) for shape in shapes], static_shapes=static_shapes)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_the_element_type_is_kept(dtype: str) -> None:
    x, kernel = constant(unlike(1, 4, 4, 2), dtype), constant(unlike(3, 3, 2, 2), dtype)
    output = pooling.avg_pool(pooling.max_pool(convolution.conv2d(x, kernel, 1, "SAME"), 2, 1, "SAME"), 2, 2, "VALID")
    with Session() as session:
        values = session.run([output, *gradients(output, [x, kernel])])
    assert {str(value.dtype) for value in values} == {dtype}


def test_integers_are_pooled_too() -> None:
    with Session() as session:
        largest = session.run(pooling.max_pool(constant([[[[-3], [-2]], [[-9], [-5]]]]), 3, 1, "SAME"))
    assert largest.tolist() == [[[[-2], [-2]], [[-2], [-2]]]]


def test_large_batches_are_worked_on_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    x, kernel = constant(unlike(5, 6, 6, 2)), constant(unlike(3, 3, 2, 4))
    output = pooling.max_pool(convolution.conv2d(x, kernel, 1, "SAME"), 2, 2, "SAME")
    wanted = [output, *gradients(output**2, [x, kernel])]
    with Session() as session:
        whole = session.run(wanted)
        monkeypatch.setattr(windows, "_WORKING_BYTES", 2 * 36 * 18 * 8)
        in_parts = session.run(wanted)
    for one, other in zip(whole, in_parts):
        np.testing.assert_allclose(one, other, rtol=1e-12)


def test_an_empty_batch_gives_an_empty_batch_and_no_slope() -> None:
    x, kernel = placeholder("float32", [None, 4, 4, 2]), constant(unlike(3, 3, 2, 2), "float32")
    output = pooling.avg_pool(pooling.max_pool(convolution.conv2d(x, kernel, 1, "SAME"), 2, 2, "SAME"), 2, 2, "SAME")
    with Session() as session:
        value, slope = session.run([output, gradients(output, kernel)[0]], {x: np.zeros([0, 4, 4, 2])})
    assert value.shape == (0, 1, 1, 2)
    assert not slope.any()


def test_gradients_at_ties_go_to_the_first() -> None:
    x = constant(np.ones([1, 2, 2, 1]))
    with Session() as session:
        slope = session.run(gradients(pooling.max_pool(x, 2, 2, "VALID"), x)[0])
    assert slope.ravel().tolist() == [1, 0, 0, 0]


def test_rank_is_known_of_inputs_without_any() -> None:
    x = placeholder("float32")
    assert convolution.conv2d(x, np.ones([3, 3, 2, 5], np.float32), 1, "SAME").shape.as_list() == [None, None, None, 5]
    assert pooling.max_pool(x, 2, 2, "SAME").shape.as_list() == [None] * 4


IMAGES, KERNEL = (np.ones([2, 4, 4, 3], np.float32), np.ones([3, 3, 3, 2], np.float32))


@pytest.mark.parametrize(
    ("function", "error", "message"),
    [
        (lambda: convolution.conv2d(IMAGES[..., :2], KERNEL, 1, "SAME"), ValueError, "Depth of input (2)"),
        (lambda: convolution.conv2d(IMAGES[:, :2], KERNEL, 1, "VALID"), ValueError, "subtracting 3 from 2"),
        (lambda: convolution.conv2d(IMAGES[0], KERNEL, 1, "VALID"), ValueError, "must be rank 4 but is rank 3"),
        (lambda: convolution.conv2d(IMAGES, KERNEL, 1, "BIG"), ValueError, "padding must be"),
        (lambda: convolution.conv2d(IMAGES, KERNEL, 1, [[1, 1]] * 4), ValueError, "batch and depth"),
        (lambda: convolution.conv2d(IMAGES, KERNEL, [1, 2, 2], "SAME"), ValueError, "of length 1, 2 or 4 but was 3"),
        (lambda: convolution.conv2d(IMAGES, KERNEL, [2, 1, 1, 1], "SAME"), ValueError, "must be 1 in the batch"),
        (lambda: convolution.conv2d(IMAGES, KERNEL, 0, "SAME"), ValueError, "strides must be positive"),
        (lambda: convolution.conv2d(IMAGES, KERNEL, None, "SAME"), ValueError, "strides must be given"),
        (lambda: convolution.conv2d(IMAGES, KERNEL, 1, "SAME", data_format="NCHW"), ValueError, "Transpose the"),
        (lambda: convolution.conv2d(np.ones([1, 2, 2, 1], int), KERNEL, 1, "SAME"), TypeError, "has DataType int64"),
        (lambda: convolution.conv2d(IMAGES, KERNEL, 1, "SAME", filters=KERNEL), ValueError, "Cannot specify both"),
        (lambda: convolution.convolution(KERNEL[0, 0], KERNEL, "SAME"), ValueError, "input must have rank 3"),
        (lambda: convolution.conv1d(IMAGES[0], KERNEL[0], [1, 2], "SAME"), ValueError, "stride must be one number"),
        (lambda: depthwise.depthwise_conv2d(IMAGES, KERNEL[..., :2, :], 1, "SAME"), ValueError, "are 3 and 2"),
        (lambda: depthwise.depthwise_conv2d(IMAGES[0], KERNEL, 1, "SAME"), ValueError, "must be rank 4"),
        (lambda: pooling.max_pool(IMAGES, 5, 1, "VALID"), ValueError, "subtracting 5 from 4"),
        (lambda: pooling.max_pool(IMAGES, [1, 2, 2, 2], 1, "VALID"), ValueError, "ksize must be 1 in the batch"),
        (lambda: pooling.avg_pool(IMAGES[0], 2, 1, "VALID"), ValueError, "must be rank 4 but is rank 3"),
        (lambda: pooling.avg_pool(np.ones([1, 2, 2, 1], int), 2, 1, "VALID"), TypeError, "has DataType int64"),
    ],
)
def test_what_does_not_fit_is_refused(function: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=re.escape(message)):
        function()


def test_a_gradient_of_another_shape_is_refused_when_it_is_run() -> None:
    slope = convolution.conv2d_backprop_input([2, 4, 4, 3], KERNEL, np.ones([2, 2, 2, 2], np.float32), 1, "SAME")
    with Session() as session, pytest.raises(InvalidArgumentError, match="out_backprop must have shape"):
        session.run(slope)


@pytest.mark.parametrize(
    ("function", "names"),
    [
        (lambda x: convolution.conv2d(x, KERNEL, 1, "SAME"), ["Conv2D"]),
        (lambda x: pooling.max_pool(x, 2, 2, "SAME"), ["MaxPool"]),
        (lambda x: pooling.avg_pool2d(x, 2, 2, "SAME"), ["AvgPool"]),
        (lambda x: pooling.max_pool1d(x[0], 2, 2, "SAME"), ["MaxPool1d/ExpandDims", "MaxPool1d", "MaxPool1d/Squeeze"]),
        (
            lambda x: convolution.conv1d(x[0], KERNEL[0], 1, "SAME"),
            ["conv1d/ExpandDims", "conv1d/ExpandDims_1", "conv1d", "conv1d/Squeeze"],
        ),
    ],
)
def test_names_are_tensorflows(function: Any, names: list[str], graph: Graph) -> None:
    function(placeholder("float32", [2, 4, 4, 3]))
    found = [op.name for op in graph.get_operations()]
    assert [name for name in found if name in names] == names
