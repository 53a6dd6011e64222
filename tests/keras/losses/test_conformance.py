"""Losses give the values and gradients of TensorFlow 2.15's Keras; see tests/golden/keras/PROVENANCE.md."""

from __future__ import annotations

import json
import pathlib
import sys

import numpy as np
import pytest

import trackml as tf
from trackml import keras
from trackml.keras.engine.nodes import set_mask

GOLDEN = pathlib.Path(__file__).parents[2] / "golden"
sys.path.insert(0, str(GOLDEN / "make"))
import keras_losses_cases as table  # noqa: E402

sys.path.pop(0)
FOUND = json.loads((GOLDEN / "keras" / "losses.json").read_text(encoding="utf-8"))
CASES = table.cases()
# Sums in another order, in single precision, with logarithms of numbers near zero.
CLOSE = {"rtol": 2e-5, "atol": 2e-6}
NO_LOSSES = {"Loss", "Reduction", "deserialize", "get", "serialize"}


def _computed(family, name, settings, data, weights):
    true, pred = (tf.constant(part) for part in table.DATA[data])
    if family == "function":
        value = getattr(keras.losses, name)(true, pred, **settings)
    else:
        if family == "masked":
            set_mask(pred, tf.constant(table.MASK))
        given = None if weights is None else table.WEIGHTS[weights]
        value = getattr(keras.losses, name)(**settings)(true, pred, given)
    with tf.Session() as session:
        return [np.reshape(item, -1) for item in session.run([value, tf.gradients(value, pred)[0]])]


@pytest.mark.parametrize("case", sorted(CASES))
def test_a_loss_has_the_values_and_gradients_that_it_has_there(case):
    value, gradient = _computed(*CASES[case])
    np.testing.assert_allclose(value, FOUND[case][0], **CLOSE)
    np.testing.assert_allclose(gradient, FOUND[case][1], **CLOSE)


def test_every_loss_has_a_case():
    tested = {name for _, name, *_ in CASES.values()}
    by_alias = {name for name in keras.losses.__all__ if getattr(keras.losses, name).__name__ in tested}
    assert set(keras.losses.__all__) - NO_LOSSES == by_alias
    assert set(CASES) == set(FOUND)


@pytest.mark.parametrize("name", sorted({name for family, name, *_ in CASES.values() if family != "function"}))
def test_a_class_comes_back_from_its_configuration(name):
    loss = getattr(keras.losses, name)(reduction="sum", name="mine")
    again = keras.losses.deserialize(keras.losses.serialize(loss))
    assert type(again) is type(loss)
    assert again.get_config() == loss.get_config()
    assert (again.reduction, again.name) == ("sum", "mine")
