"""Optimizers make the steps of TensorFlow 2.15's Keras; see tests/golden/keras/PROVENANCE.md."""

from __future__ import annotations

import json
import pathlib
import sys

import numpy as np
import pytest

import trackml as tf
from trackml import keras

GOLDEN = pathlib.Path(__file__).parents[2] / "golden"
sys.path.insert(0, str(GOLDEN / "make"))
import keras_optimizers_cases as table  # noqa: E402

sys.path.pop(0)
FOUND = json.loads((GOLDEN / "keras" / "optimizers.json").read_text(encoding="utf-8"))
CASES = table.cases()
# Ten steps in single precision, each on what the one before has made.
CLOSE = {"rtol": 1e-4, "atol": 2e-6}
NO_OPTIMIZERS = {"Optimizer", "TFOptimizer", "deserialize", "get", "legacy", "schedules", "serialize"}


def _made(name, settings):
    return getattr(keras.optimizers, name)(**table.settled(keras.optimizers.schedules, settings))


def _stepped(name, settings):
    """Both variables after each of the steps, and what they are in the end."""
    optimizer = _made(name, settings)
    variables = [tf.Variable(start) for start in table.starts()][: 1 if name in table.WITHOUT_ROWS else 2]
    dense, values, places = (
        tf.placeholder(tf.float32, [2, 3]),
        tf.placeholder(tf.float32, [3, 2]),
        tf.placeholder(tf.int32),
    )
    places.set_shape([3])
    grads = [dense, tf.IndexedSlices(values, places, tf.constant([4, 2]))]
    step = optimizer.apply_gradients(list(zip(grads, variables)))
    session = keras.backend.get_session()
    for given in table.gradients():
        session.run(step, dict(zip((dense, values, places), given)))
        yield session.run(variables)
    optimizer.finalize_variable_values(variables)
    yield session.run(variables)


@pytest.mark.parametrize("case", sorted(CASES))
def test_an_optimizer_makes_the_steps_that_it_makes_there(case):
    *steps, last = _stepped(*CASES[case])
    for got, expected in zip([*steps[::3], last], FOUND["steps"][case], strict=True):
        for variable, value in zip(got, expected, strict=True):
            np.testing.assert_allclose(variable.reshape(-1), value, **CLOSE)


@pytest.mark.parametrize("place", range(len(table.SCHEDULES)))
def test_a_schedule_gives_the_rates_that_it_gives_there(place):
    name, settings = table.SCHEDULES[place]
    step = tf.placeholder(tf.int64, [])
    rate = getattr(keras.optimizers.schedules, name)(**settings)(step)
    with tf.Session() as session:
        rates = [session.run(rate, {step: number}) for number in range(12)]
    np.testing.assert_allclose(rates, FOUND["schedules"][place], rtol=1e-5, atol=1e-8)


def test_every_optimizer_and_schedule_has_a_case():
    assert set(keras.optimizers.__all__) - NO_OPTIMIZERS == {name for name, _ in CASES.values()}
    schedules = set(keras.optimizers.schedules.__all__) - {"LearningRateSchedule", "deserialize", "serialize"}
    assert schedules == {name for name, _ in table.SCHEDULES}
    assert set(CASES) == set(FOUND["steps"])


@pytest.mark.parametrize("case", sorted(CASES))
def test_an_optimizer_comes_back_from_its_configuration(case):
    optimizer = _made(*CASES[case])
    again = keras.optimizers.deserialize(keras.optimizers.serialize(optimizer))
    assert type(again) is type(optimizer)
    assert again.get_config() == optimizer.get_config()
