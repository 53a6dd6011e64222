"""Batch normalization follows TensorFlow's: outputs, gradients, moving averages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trackml import layers
from trackml.autodiff import gradients
from trackml.graph import Graph, GraphKeys, Session, placeholder
from trackml.ops import reductions
from trackml.ops.framework import get_collection
from trackml.variables import assign, global_variables, global_variables_initializer

GOLDEN = np.load(Path(__file__).parent.parent / "golden" / "engine" / "batch_normalization.npz")
CASES: dict[str, dict[str, Any]] = {
    "vectors": {},
    "middle_axis": {"axis": 1},
    "images": {},
    "images_not_fused": {"fused": False},
    "two_axes": {"axis": [1, 2]},
    "settings": {"momentum": 0.8, "epsilon": 0.1},
}
ROUNDING = {"rtol": 2e-4, "atol": 2e-4}
"""The gradient of cubes of normalized values is a difference of large sums in float32."""


@pytest.fixture(autouse=True)
def graph() -> Iterator[Graph]:
    with Graph().as_default() as graph:
        yield graph


@pytest.mark.parametrize("name", sorted(CASES))
@pytest.mark.parametrize("by_tensor", [False, True])
def test_two_steps_and_inference_are_those_of_tensorflow(name: str, by_tensor: bool):
    golden = {key.partition("/")[2]: GOLDEN[key] for key in GOLDEN.files if key.startswith(f"{name}/")}
    x = golden["x"]
    source = placeholder("float32", [None, *x.shape[2:]])
    switch = placeholder("bool", []) if by_tensor else None
    layer = layers.BatchNormalization(name="bn", **CASES[name])
    outputs = layer(source, training=True if switch is None else switch)
    inferred = layer(source, training=False) if switch is None else outputs
    gamma, beta, mean, variance = global_variables()
    slopes = gradients(reductions.reduce_sum(outputs**3), [source, gamma])
    updates = get_collection(GraphKeys.UPDATE_OPS)
    training, at_rest = ({}, {}) if switch is None else ({switch: True}, {switch: False})
    with Session() as session:
        session.run(global_variables_initializer())
        session.run([assign(gamma, golden["gamma"]), assign(beta, golden["beta"])])
        found_slopes = session.run(slopes, {source: x[0], **training})
        found = [session.run([outputs, *updates], {source: step, **training})[0] for step in x]
        averages = session.run([mean, variance])
        at_inference = session.run([inferred, *updates] if by_tensor else [inferred], {source: x[0], **at_rest})[0]
        assert all(np.array_equal(*pair) for pair in zip(averages, session.run([mean, variance])))

    np.testing.assert_allclose(found, golden["outputs"], **ROUNDING)
    np.testing.assert_allclose(averages[0], golden["moving_mean"], rtol=1e-5)
    np.testing.assert_allclose(averages[1], golden["moving_variance"], rtol=1e-5)
    np.testing.assert_allclose(at_inference, golden["inferred"], **ROUNDING)
    np.testing.assert_allclose(found_slopes[0], golden["x_grad"], rtol=1e-3, atol=1e-3)
    np.testing.assert_allclose(found_slopes[1], golden["gamma_grad"], rtol=1e-3, atol=1e-3)


def test_moving_averages_are_not_trained():
    layer = layers.BatchNormalization()
    layer(placeholder("float32", [None, 2]))
    assert [weight.op.name.split("/")[1] for weight in layer.trainable_weights] == ["gamma", "beta"]
    assert [weight.op.name.split("/")[1] for weight in layer.non_trainable_weights] == [
        "moving_mean",
        "moving_variance",
    ]


def test_without_scale_and_center_there_are_only_averages():
    outputs = layers.batch_normalization(
        placeholder("float32", [None, 2], name="x"), center=False, scale=False, training=True
    )
    with Session() as session:
        session.run(global_variables_initializer())
        found = session.run(outputs, {"x:0": [[0.0, 1.0], [2.0, 5.0]]})
    np.testing.assert_allclose(found, [[-1.0, -1.0], [1.0, 1.0]], atol=1e-3)
    assert len(global_variables()) == 2


def test_nothing_is_updated_unless_training():
    layers.batch_normalization(placeholder("float32", [None, 2]))
    assert get_collection(GraphKeys.UPDATE_OPS) == []


@pytest.mark.parametrize(
    ("shape", "arguments", "message"),
    [
        ([None, None], {}, "Input has undefined `axis` dimension. Input shape: (?, ?)"),
        (None, {}, "Input has undefined rank: <unknown>"),
        ([None, 2], {"axis": 2}, "Invalid axis: 2"),
        ([None, 2, 2], {"axis": [1, -2]}, "Duplicate axis: [1, 1]"),
        ([None, 2], {"renorm": True}, "does not support renorm"),
    ],
)
def test_what_cannot_be_normalized_is_refused(shape: Any, arguments: dict[str, Any], message: str):
    with pytest.raises(ValueError, match=re.escape(message)):
        layers.batch_normalization(placeholder("float32", shape), **arguments)
