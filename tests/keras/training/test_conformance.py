"""Trainings have the histories that Keras gives them; see tests/golden/keras/PROVENANCE.md."""

from __future__ import annotations

import json
import pathlib
import sys

import numpy as np
import pytest

from trackml import keras

GOLDEN = pathlib.Path(__file__).parents[2] / "golden"
sys.path.insert(0, str(GOLDEN / "make"))
import keras_training_cases as table  # noqa: E402

sys.path.pop(0)
NAMED = json.loads((GOLDEN / "keras" / "training_tf115.json").read_text(encoding="utf-8"))
MASKED = json.loads((GOLDEN / "keras" / "training_tf215.json").read_text(encoding="utf-8"))
# What TensorFlow 2 calls by the name that was given.
OLD_NAMES = {"mae": "mean_absolute_error", "mse": "weighted_mean_squared_error"}
# Sums in another order, over nine steps, in single precision.
CLOSE = {"rtol": 2e-4, "atol": 1e-6}


@pytest.mark.parametrize("case", sorted(NAMED))
def test_a_training_has_the_names_and_values_of_tensorflow_1(case):
    got = table.trained(keras, case)
    assert list(got["history"]) == list(NAMED[case]["history"])
    _check(got, NAMED[case])


@pytest.mark.parametrize("case", sorted(MASKED))
def test_masked_and_weighted_steps_count_as_in_tensorflow_2(case):
    expected = MASKED[case]
    history = {OLD_NAMES.get(name, name): values for name, values in expected["history"].items()}
    _check(table.trained(keras, case), {**expected, "history": history})


def test_every_case_was_run_there():
    assert set(NAMED) | set(MASKED) == set(table.CASES)


def _check(got, expected):
    assert sorted(got["history"]) == sorted(expected["history"])
    for name, values in expected["history"].items():
        np.testing.assert_allclose(got["history"][name], values, err_msg=name, **CLOSE)
    for one, other in zip(got["predictions"], expected["predictions"], strict=True):
        np.testing.assert_allclose(one, other, **CLOSE)
