"""What dense, dropout and flatten compute."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest

from trackml import layers
from trackml.graph import Graph, GraphKeys, Session, Tensor, placeholder
from trackml.initializers import Constant
from trackml.ops import activations, math, nn
from trackml.ops.framework import get_collection
from trackml.variables import global_variables, global_variables_initializer


@pytest.fixture(autouse=True)
def graph() -> Iterator[Graph]:
    with Graph().as_default() as graph:
        yield graph


@pytest.fixture
def x() -> Tensor:
    return placeholder("float32", [None, 3], name="x")


def run(output: Tensor, value: object) -> np.ndarray:
    with Session() as session:
        session.run(global_variables_initializer())
        found: np.ndarray = session.run(output, {"x:0": value})
        return found


def test_dense_is_a_product_a_bias_and_an_activation(x: Tensor):
    output = layers.dense(
        x, 2, activations.relu, kernel_initializer=Constant([1, -1, 0, 1, 2, -1]), bias_initializer=Constant([0.5, 0])
    )
    assert run(output, [[1.0, 2.0, 3.0]]).tolist() == [[7.5, 0.0]]


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({}, "dense/BiasAdd:0"),
        ({"use_bias": False}, "dense/MatMul:0"),
        ({"activation": activations.relu}, "dense/Relu:0"),
        ({"activation": "relu"}, "dense/Relu:0"),
        ({"activation": "linear"}, "dense/BiasAdd:0"),
        ({"activation": math.tanh}, "dense/Tanh:0"),
    ],
)
def test_dense_output_is_named_as_in_tensorflow(arguments, name: str, x: Tensor):
    assert layers.dense(x, 2, **arguments).name == name


def test_dense_of_rank_three_is_that_of_its_vectors():
    x = placeholder("float32", [None, 2, 3], name="x")
    values = np.arange(12, dtype=np.float32).reshape(2, 2, 3)
    output = layers.dense(x, 4, kernel_initializer=Constant(np.arange(12)))
    assert output.shape.as_list() == [None, 2, 4]
    np.testing.assert_allclose(run(output, values), values @ np.arange(12, dtype=np.float32).reshape(3, 4))


def test_dense_starts_from_glorots_limits_and_a_zero_bias(x: Tensor):
    layers.dense(x, 100)
    with Session() as session:
        session.run(global_variables_initializer())
        kernel, bias = session.run(global_variables())
    limit = np.sqrt(6 / 103)
    assert 0.9 * limit < np.abs(kernel).max() <= limit
    assert not bias.any()


def test_dense_penalties_are_collected_under_tensorflows_names(x: Tensor):
    layers.dense(x, 2, kernel_regularizer=nn.l2_loss, bias_regularizer=nn.l2_loss, activity_regularizer=nn.l2_loss)
    assert [loss.name for loss in get_collection(GraphKeys.REGULARIZATION_LOSSES)] == [
        "dense/kernel/Regularizer/L2Loss:0",
        "dense/bias/Regularizer/L2Loss:0",
        "dense/ActivityRegularizer/truediv:0",
    ]


def test_penalty_of_the_output_is_divided_by_the_batch_size(x: Tensor):
    layers.dense(x, 1, kernel_initializer=Constant(1.0), activity_regularizer=nn.l2_loss)
    (penalty,) = get_collection(GraphKeys.REGULARIZATION_LOSSES)
    assert run(penalty, [[1.0, 1.0, 2.0], [0.0, 0.0, 0.0]]) == 4.0


def test_dense_refuses_inputs_without_a_known_last_size():
    with pytest.raises(ValueError, match="The last dimension of the inputs to `Dense` should be defined"):
        layers.dense(placeholder("float32", [None, None]), 2)


def test_dense_refuses_vectors():
    message = "Input 0 of layer dense_1 is incompatible with the layer: : expected min_ndim=2, found ndim=1."
    with pytest.raises(ValueError, match=re.escape(message)):
        layers.dense(placeholder("float32", [3]), 2)


def test_unknown_activation_is_refused(x: Tensor):
    with pytest.raises(ValueError, match="Unknown activation function: 'rely'"):
        layers.dense(x, 2, activation="rely")


def test_dropout_does_nothing_unless_training(x: Tensor):
    output = layers.dropout(x, rate=0.9)
    assert output.name == "dropout/Identity:0"
    assert run(output, [[1.0, 2.0, 3.0]]).tolist() == [[1.0, 2.0, 3.0]]


@pytest.mark.parametrize("training", [True, 1])
def test_dropout_keeps_the_expected_sum_while_training(training: object):
    placeholder("float32", [None, 1000], name="x")
    output = layers.dropout(np.ones([50, 1000], np.float32), rate=0.25, training=training, seed=1)
    found = run(output, np.zeros([1, 1000]))
    assert sorted(np.unique(found)) == [0.0, np.float32(4 / 3)]
    assert found.mean() == pytest.approx(1.0, abs=0.02)


def test_dropout_may_be_switched_by_a_tensor(x: Tensor):
    training = placeholder("bool", [], name="training")
    output = layers.dropout(x, rate=0.999999, training=training)
    with Session() as session:
        assert session.run(output, {x: [[1.0, 2.0, 3.0]], training: False}).tolist() == [[1.0, 2.0, 3.0]]
        assert session.run(output, {x: [[1.0, 2.0, 3.0]], training: True}).tolist() == [[0.0, 0.0, 0.0]]


def test_dropout_of_a_noise_shape_drops_rows_together():
    x = placeholder("float32", [None, 8], name="x")
    found = run(layers.dropout(x, noise_shape=[None, 1], training=True, seed=3), np.ones([64, 8]))
    assert set(found.sum(axis=1).tolist()) == {0.0, 16.0}


def test_dropout_refuses_a_switch_that_is_no_boolean(x: Tensor):
    with pytest.raises(TypeError, match="training must be a Python bool or a boolean tensor"):
        layers.dropout(x, training=placeholder("float32", []))


@pytest.mark.parametrize(
    ("shape", "flat"),
    [
        ([None, 2, 3], [None, 6]),
        ([5, 2, 3], [5, 6]),
        ([None], [None, 1]),
        ([None, None, 3], [None, None]),
        ([None, 6], [None, 6]),
    ],
)
def test_flatten_keeps_the_batch(shape: list[int | None], flat: list[int | None]):
    output = layers.flatten(placeholder("float32", shape, name="x"))
    value = np.arange(np.prod([size or 5 for size in shape]), dtype=np.float32).reshape([size or 5 for size in shape])
    assert output.name == "flatten/Reshape:0"
    assert output.shape.as_list() == flat
    np.testing.assert_array_equal(run(output, value), value.reshape(5, -1))


def test_flatten_of_channels_first_puts_channels_last():
    x = placeholder("float32", [None, 2, 3], name="x")
    value = np.arange(6).reshape(1, 2, 3)
    output = layers.flatten(x, data_format="channels_first")
    np.testing.assert_array_equal(run(output, value), value.transpose(0, 2, 1).reshape(1, -1))


def test_flatten_refuses_an_unknown_format(x: Tensor):
    with pytest.raises(ValueError, match="Received: channels_middle"):
        layers.flatten(x, data_format="channels_middle")
