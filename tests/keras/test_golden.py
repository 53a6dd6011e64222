"""What TensorFlow 2.15's Keras computes and learns; see tests/golden/keras/PROVENANCE.md."""

from __future__ import annotations

import json
import pathlib
import sys

import numpy as np
import pytest

import trackml as tf
from trackml import keras

GOLDEN = pathlib.Path(__file__).parents[1] / "golden"
sys.path.insert(0, str(GOLDEN / "make"))
import keras_cases  # noqa: E402

sys.path.pop(0)
FOUND = json.loads((GOLDEN / "keras" / "tf215.json").read_text(encoding="utf-8"))
# Sums in another order, over ten steps, in single precision.
CLOSE = {"rtol": 2e-4, "atol": 2e-5}


def _check(got, want):
    assert sorted(got) == sorted(want)
    for name in want:
        np.testing.assert_allclose(got[name], want[name], err_msg=name, **CLOSE)


@pytest.mark.parametrize("case", keras_cases.CASES)
def test_a_model_computes_and_learns_what_it_does_there(case):
    _check(keras_cases.trained(keras, case, keras.optimizers.SGD(0.01)), FOUND["cases"][case])


@pytest.mark.parametrize("name", sorted(keras_cases.OPTIMIZERS))
def test_an_optimizer_makes_the_same_steps(name):
    kind, settings = keras_cases.OPTIMIZERS[name]
    optimizer = getattr(keras.optimizers, kind)(**settings)
    _check(keras_cases.trained(keras, "dense", optimizer), FOUND["optimizers"][name])


@pytest.mark.parametrize("name", sorted(FOUND["sparse"]))
def test_an_optimizer_makes_the_same_steps_for_rows_of_embeddings(name):
    kind, settings = keras_cases.OPTIMIZERS[name]
    optimizer = getattr(keras.optimizers, kind)(**settings)
    _check(keras_cases.trained(keras, "gru", optimizer), FOUND["sparse"][name])


@pytest.mark.parametrize("name", keras_cases.LOSSES)
def test_a_loss_has_the_same_values(name):
    with tf.Session() as session:
        got = session.run(keras.losses.get(name)(*keras_cases.values_of_losses()))
    np.testing.assert_allclose(got, FOUND["losses"][name], rtol=1e-5, atol=1e-6)
