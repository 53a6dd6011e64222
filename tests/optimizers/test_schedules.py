"""Learning rates fall as TensorFlow's do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trackml.global_step import get_or_create_global_step
from trackml.graph import Graph, Session, constant, placeholder
from trackml.optimizers import GradientDescentOptimizer, schedules
from trackml.variables import get_variable, global_variables_initializer

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent.parent / "golden" / "engine" / "schedules.json").read_text()
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['function']}{case['arguments']}")
def test_rates_are_those_of_tensorflow(case: dict[str, Any]):
    with Graph().as_default(), Session() as session:
        step = placeholder("int64", [])
        given = {"x" if case["function"] == "piecewise_constant" else "global_step": step, **case["arguments"]}
        rate = getattr(schedules, case["function"])(**given)
        rates = [session.run(rate, {step: value}) for value in case["steps"]]
    # Right at a restart, a rounding of the logarithm decides on which side of it a step is.
    np.testing.assert_allclose(rates, case["rates"], rtol=2e-5, atol=2e-7)


def test_rate_falls_while_the_global_step_grows():
    with Graph().as_default(), Session() as session:
        step = get_or_create_global_step()
        v = get_variable("v", initializer=1.0)
        rate = schedules.exponential_decay(1.0, step, decay_steps=1, decay_rate=0.5)
        train_op = GradientDescentOptimizer(rate).minimize(v, global_step=step)
        session.run(global_variables_initializer())
        session.run(train_op)
        assert session.run([v, rate]) == [0.0, 0.5]
        session.run(train_op)
        assert session.run([v, rate]) == [-0.5, 0.25]


def test_rate_has_the_type_that_it_is_given():
    with Graph().as_default():
        rate = schedules.cosine_decay(constant(0.1, "float64"), constant(3, "int64"), 10)
        assert rate.dtype.name == "float64"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: schedules.exponential_decay(0.1, None, 10, 0.5), "global_step is required for ExponentialDecay"),
        (lambda: schedules.piecewise_constant(3, [1], [1.0]), "length of boundaries should be 1 less"),
        (lambda: schedules.piecewise_constant(3, [1.5], [1.0, 2.0]), "Boundaries \\(tf.float32\\) must have the same"),
        (lambda: schedules.piecewise_constant(3, [1], [1.0, 2]), "Values must have elements all with the same dtype"),
    ],
)
def test_mistakes_are_named(call, message: str):
    with Graph().as_default(), pytest.raises(ValueError, match=message):
        call()
