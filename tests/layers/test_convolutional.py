"""What convolution and pooling layers compute, and what they refuse. Names and shapes are those of TensorFlow 1.15."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from trackml import layers
from trackml.autodiff import gradients
from trackml.graph import Graph, GraphKeys, Session, Tensor, placeholder
from trackml.initializers import Constant, Ones
from trackml.ops import activations, nn
from trackml.ops.framework import get_collection
from trackml.variables import global_variables, global_variables_initializer, trainable_variables


@pytest.fixture(autouse=True)
def graph() -> Iterator[Graph]:
    with Graph().as_default() as graph:
        yield graph


@pytest.fixture
def images() -> Tensor:
    return placeholder("float32", [None, 8, 8, 3], name="images")


@pytest.fixture
def sequences() -> Tensor:
    return placeholder("float32", [None, 8, 3], name="sequences")


def run(output: Tensor, value: Any) -> Any:
    """The output for the value of the only placeholder."""
    (fed,) = [op.outputs[0] for op in output.graph.get_operations() if op.type == "Placeholder"]
    with Session() as session:
        session.run(global_variables_initializer())
        return session.run(output, {fed: value})


def test_conv2d_is_a_convolution_a_bias_and_an_activation() -> None:
    images = placeholder("float32", [None, 2, 2, 1])
    output = layers.conv2d(
        images, 2, 2, activation=activations.relu,
        kernel_initializer=Constant([1, -1, 0, 0, 0, 0, 1, 0]), bias_initializer=Constant([0.5, 0]),
    )  # fmt: skip
    assert run(output, [[[[1.0], [2.0]], [[3.0], [4.0]]]]).tolist() == [[[[5.5, 0.0]]]]


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({}, "conv2d/BiasAdd:0"),
        ({"use_bias": False}, "conv2d/Conv2D:0"),
        ({"activation": activations.relu}, "conv2d/Relu:0"),
        ({"activation": "tanh"}, "conv2d/Tanh:0"),
    ],
)
def test_conv2d_output_is_named_as_in_tensorflow(arguments: dict[str, Any], name: str, images: Tensor) -> None:
    assert layers.conv2d(images, 4, 3, **arguments).name == name


def test_weights_are_named_and_shaped_as_in_tensorflow(images: Tensor, sequences: Tensor) -> None:
    layers.conv2d(images, 4, (3, 2))
    layers.conv1d(sequences, 5, 2)
    layers.separable_conv2d(images, 4, 3, depth_multiplier=2)
    assert {weight.op.name: weight.shape.as_list() for weight in global_variables()} == {
        "conv2d/kernel": [3, 2, 3, 4],
        "conv2d/bias": [4],
        "conv1d/kernel": [2, 3, 5],
        "conv1d/bias": [5],
        "separable_conv2d/depthwise_kernel": [3, 3, 3, 2],
        "separable_conv2d/pointwise_kernel": [1, 1, 6, 4],
        "separable_conv2d/bias": [4],
    }


@pytest.mark.parametrize(
    ("function", "operations"),
    [
        (lambda x: layers.conv1d(x, 4, 3), {"conv1d/conv1d/ExpandDims", "conv1d/conv1d", "conv1d/conv1d/Squeeze"}),
        (
            lambda x: layers.max_pooling1d(x, 2, 2),
            {"max_pooling1d/ExpandDims", "max_pooling1d/MaxPool", "max_pooling1d/Squeeze"},
        ),
        (
            lambda x: layers.average_pooling1d(x, 2, 2),
            {"average_pooling1d/ExpandDims", "average_pooling1d/AvgPool", "average_pooling1d/Squeeze"},
        ),
    ],
)
def test_layers_for_sequences_go_through_images_as_in_tensorflow(
    function: Callable[[Tensor], Tensor], operations: set[str], sequences: Tensor
) -> None:
    function(sequences)
    assert operations <= {op.name for op in sequences.graph.get_operations()}


@pytest.mark.parametrize(
    ("function", "shape"),
    [
        (lambda x: layers.conv2d(x, 4, 3), [None, 6, 6, 4]),
        (lambda x: layers.conv2d(x, 4, 3, padding="SAME"), [None, 8, 8, 4]),
        (lambda x: layers.conv2d(x, 4, 3, strides=(2, 3)), [None, 3, 2, 4]),
        (lambda x: layers.conv2d(x, 4, 3, dilation_rate=2), [None, 4, 4, 4]),
        (lambda x: layers.separable_conv2d(x, 4, 3, 2), [None, 3, 3, 4]),
        (lambda x: layers.separable_conv2d(x, 4, 3, dilation_rate=2, activation="relu"), [None, 4, 4, 4]),
        (lambda x: layers.max_pooling2d(x, 2, 2), [None, 4, 4, 3]),
        (lambda x: layers.max_pooling2d(x, (3, 2), (2, 1), padding="same"), [None, 4, 8, 3]),
        (lambda x: layers.average_pooling2d(x, 3, 2), [None, 3, 3, 3]),
    ],
)
def test_sizes_are_known_before_a_run(function: Callable[[Tensor], Tensor], shape: list[int], images: Tensor) -> None:
    output = function(images)
    assert output.shape.as_list() == shape
    assert run(output, np.ones([2, 8, 8, 3])).shape == (2, *shape[1:])


@pytest.mark.parametrize(
    "layer",
    [
        layers.Conv1D(4, 3, strides=2),
        layers.Conv1D(4, 3, dilation_rate=2, padding="same"),
        layers.MaxPooling1D(3, 2),
        layers.MaxPooling1D(3, None),
        layers.AveragePooling1D(2, 3, padding="same"),
    ],
)
def test_output_shape_of_sequences_is_known_in_advance(layer: Any, sequences: Tensor) -> None:
    assert layer.compute_output_shape(sequences.shape).as_list() == layer(sequences).shape.as_list()


def test_sequences_are_convolved_along_their_length() -> None:
    sequences = placeholder("float32", [None, 4, 1])
    output = layers.conv1d(sequences, 1, 2, kernel_initializer=Constant([1, 10]), use_bias=False)
    assert run(output, [[[1.0], [2.0], [3.0], [4.0]]]).ravel().tolist() == [21, 32, 43]


def test_sequences_are_pooled_along_their_length() -> None:
    sequences = placeholder("float32", [None, 4, 1])
    outputs = [layers.max_pooling1d(sequences, 2, 2), layers.average_pooling1d(sequences, 2, 2)]
    with Session() as session:
        largest, mean = session.run(outputs, {sequences: [[[1.0], [2.0], [5.0], [4.0]]]})
    assert largest.ravel().tolist() == [2, 5]
    assert mean.ravel().tolist() == [1.5, 4.5]


def test_penalties_are_collected_under_tensorflows_names(images: Tensor) -> None:
    layers.conv2d(images, 2, 3, kernel_regularizer=nn.l2_loss, bias_regularizer=nn.l2_loss)
    assert [loss.name for loss in get_collection(GraphKeys.REGULARIZATION_LOSSES)] == [
        "conv2d/kernel/Regularizer/L2Loss:0",
        "conv2d/bias/Regularizer/L2Loss:0",
    ]


def test_a_small_network_of_layers_has_a_gradient_for_each_weight(images: Tensor) -> None:
    hidden = layers.max_pooling2d(layers.conv2d(images, 4, 3, activation="relu"), 2, 2)
    hidden = layers.average_pooling2d(layers.conv2d(hidden, 8, 2, padding="same"), 2, 1)
    output = layers.dense(layers.flatten(hidden), 1)
    slopes = gradients(output, trainable_variables())
    with Session() as session:
        session.run(global_variables_initializer())
        found = session.run(slopes, {images: np.random.default_rng(0).random([2, 8, 8, 3])})
    assert [slope.shape for slope in found] == [tuple(weight.shape.as_list()) for weight in trainable_variables()]
    assert all(np.any(slope) for slope in found)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda x: layers.conv2d(x, 4, [1, 2, 3]), "The `kernel_size` argument must be a tuple of 2 integers."),
        (lambda x: layers.conv2d(x, 4, 0), "`kernel_size` argument must be a tuple of 2 positive integers."),
        (lambda x: layers.conv2d(x, 4, 3, padding="big"), 'must be one of "valid", "same". Received: big'),
        (lambda x: layers.conv2d(x, 4, 3, 2, dilation_rate=2), "strides > 1 not supported in conjunction"),
        (lambda x: layers.conv2d(x, 4, 3, data_format="channels_first"), "Put channels last: tf.transpose"),
        (lambda x: layers.conv2d(x, 4, 9), "Negative dimension size caused by subtracting 9 from 8"),
        (lambda x: layers.conv2d(x[0], 4, 3), "expected ndim=4, found ndim=3. Full shape received: [8, 8, 3]"),
        (lambda x: layers.conv1d(x, 4, 3), "expected ndim=3, found ndim=4"),
        (lambda x: layers.max_pooling2d(x, 9, 1), "Negative dimension size caused by subtracting 9 from 8"),
        (lambda x: layers.max_pooling2d(x, (1, 2, 3), 1), "The `pool_size` argument must be a tuple of 2 integers."),
        (lambda x: layers.max_pooling2d(x, 2, 2, data_format="channels_first"), "Put channels last"),
        (lambda x: layers.average_pooling2d(x, 2, (1,)), "The `strides` argument must be a tuple of 2 integers."),
    ],
)
def test_what_does_not_fit_is_refused(function: Callable[[Tensor], Tensor], message: str, images: Tensor) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        function(images)


def test_an_unknown_number_of_channels_is_refused() -> None:
    with pytest.raises(ValueError, match="The channel dimension of the inputs should be defined"):
        layers.conv2d(placeholder("float32", [None, 8, 8, None]), 4, 3)
    with pytest.raises(ValueError, match="The channel dimension of the inputs should be defined"):
        layers.separable_conv2d(placeholder("float32", [None, 8, 8, None]), 4, 3)


def test_operations_of_a_separable_convolution_are_named_as_in_tensorflow(images: Tensor, graph: Graph) -> None:
    layers.separable_conv2d(images, 4, 3)
    wanted = {"separable_conv2d/separable_conv2d/depthwise", "separable_conv2d/separable_conv2d"}
    assert wanted <= {op.name for op in graph.get_operations()}


def test_unknown_height_and_width_are_found_when_it_is_run() -> None:
    images = placeholder("float32", [None, None, None, 1])
    output = layers.max_pooling2d(layers.conv2d(images, 1, 3, kernel_initializer=Ones()), 2, 2)
    assert output.shape.as_list() == [None, None, None, 1]
    assert run(output, np.ones([1, 6, 8, 1])).tolist() == np.full([1, 2, 3, 1], 9.0).tolist()
