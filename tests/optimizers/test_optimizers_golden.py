"""Every optimizer follows TensorFlow's own over many steps: variables and slots, dense gradients and rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trackml import optimizers
from trackml.graph import Graph, Session, constant, placeholder
from trackml.graph.indexed_slices import IndexedSlices
from trackml.ops import math, matmul, reductions
from trackml.optimizers import Optimizer
from trackml.variables import get_variable, global_variables, global_variables_initializer

ENGINE = Path(__file__).parent.parent / "golden" / "engine"
GOLDEN = np.load(ENGINE / "optimizers.npz")
SPARSE = np.load(ENGINE / "optimizers_sparse.npz")
DESCRIBED: dict[str, dict[str, Any]] = json.loads((ENGINE / "optimizers.json").read_text())
RECORDED = [int(step) for step in GOLDEN["steps"]]
SPARSE_OPTIMIZERS: dict[str, Optimizer] = {
    "sgd": optimizers.GradientDescentOptimizer(0.1),
    "adagrad": optimizers.AdagradOptimizer(0.1),
    "adam": optimizers.AdamOptimizer(0.1),
    "momentum": optimizers.MomentumOptimizer(0.05, 0.9),
    "nesterov": optimizers.MomentumOptimizer(0.05, 0.9, use_nesterov=True),
    "rmsprop": optimizers.RMSPropOptimizer(0.01, momentum=0.5),
    "rmsprop_centered": optimizers.RMSPropOptimizer(0.01, momentum=0.5, centered=True),
    "ftrl": optimizers.FtrlOptimizer(0.2, l1_regularization_strength=0.05),
    "ftrl_shrinkage": optimizers.FtrlOptimizer(0.2, l2_shrinkage_regularization_strength=0.1),
    "ftrl_power": optimizers.FtrlOptimizer(0.2, learning_rate_power=-0.3),
    "adadelta": optimizers.AdadeltaOptimizer(1.0),
}
ONE_UPDATE = {"rtol": 1e-5, "atol": 1e-6}
"""What float32 roundings of the update alone add up to in 100 steps."""
WITH_GRADIENTS = {"rtol": 5e-3, "atol": 1e-4}
"""The same where each step's gradient depends on the steps before, which with momentum amplifies a rounding."""


def optimizer_of(name: str) -> Optimizer:
    made: Optimizer = getattr(optimizers, DESCRIBED[name]["class"])(**DESCRIBED[name]["arguments"])
    return made


def assert_follows(session: Session, prefix: str, recorded: int, tolerance: dict[str, float]) -> None:
    variables = global_variables()
    for variable, value in zip(variables, session.run(variables)):
        np.testing.assert_allclose(
            value, GOLDEN[f"{prefix}/{variable.op.name}"][recorded], **tolerance, err_msg=variable.name
        )


@pytest.mark.parametrize("name", sorted(DESCRIBED))
def test_given_gradients_move_variables_and_slots_as_in_tensorflow(name: str):
    with Graph().as_default(), Session() as session:
        w = get_variable("w", initializer=GOLDEN["w"])
        gradient = placeholder("float32", [4, 3])
        train_op = optimizer_of(name).apply_gradients([(gradient, w)])
        session.run(global_variables_initializer())
        assert [variable.op.name for variable in global_variables()] == DESCRIBED[name]["fed_variables"]
        for step, value in enumerate(GOLDEN["gradients"], start=1):
            session.run(train_op, {gradient: value})
            if step in RECORDED:
                assert_follows(session, f"fed/{name}", RECORDED.index(step), ONE_UPDATE)


@pytest.mark.parametrize("name", sorted(DESCRIBED))
def test_a_fit_goes_as_in_tensorflow(name: str):
    with Graph().as_default(), Session() as session:
        w = get_variable("w", initializer=GOLDEN["w"])
        b = get_variable("b", initializer=GOLDEN["b"])
        predictions = math.tanh(matmul.matmul(GOLDEN["x"], w) + b)
        loss = reductions.reduce_mean(math.square(predictions - GOLDEN["y"]))
        train_op = optimizer_of(name).minimize(loss)
        assert [variable.op.name for variable in global_variables()] == DESCRIBED[name]["fit_variables"]
        session.run(global_variables_initializer())
        losses = []
        for step in range(1, RECORDED[-1] + 1):
            losses.append(session.run([loss, train_op])[0])
            if step in RECORDED:
                assert_follows(session, f"fit/{name}", RECORDED.index(step), WITH_GRADIENTS)
    np.testing.assert_allclose(losses, GOLDEN[f"fit/{name}/loss"], rtol=1e-4)


@pytest.mark.parametrize("name", sorted(SPARSE_OPTIMIZERS))
def test_rows_of_which_some_come_twice_move_as_in_tensorflow(name: str):
    with Graph().as_default(), Session() as session:
        table = get_variable("table", initializer=SPARSE["table"])
        indices, values = placeholder("int64", [4]), placeholder("float32", [4, 2])
        grad = IndexedSlices(values, indices, constant([6, 2]))
        train_op = SPARSE_OPTIMIZERS[name].apply_gradients([(grad, table)])
        session.run(global_variables_initializer())
        for step in range(len(SPARSE["indices"])):
            session.run(train_op, {indices: SPARSE["indices"][step], values: SPARSE["values"][step]})
        found = {variable.op.name: session.run(variable) for variable in global_variables()}

    expected = {key.partition("/")[2]: SPARSE[key] for key in SPARSE.files if key.startswith(f"{name}/")}
    assert sorted(found) == sorted(expected)
    for variable, value in found.items():
        np.testing.assert_allclose(value, expected[variable], **ONE_UPDATE, err_msg=variable)


def test_every_golden_run_by_rows_is_compared():
    assert {key.partition("/")[0] for key in SPARSE.files if "/" in key} == set(SPARSE_OPTIMIZERS)
