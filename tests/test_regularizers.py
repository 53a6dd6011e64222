"""Penalties on weights: their values, and the scales that are refused."""

from __future__ import annotations

import numpy as np
import pytest

import trackml as tf
from trackml.regularizers import l1_l2_regularizer, l1_regularizer, l2_regularizer

WEIGHTS = np.array([[1.0, -2.0], [3.0, 0.5]], np.float32)


@pytest.mark.parametrize(
    ("regularizer", "penalty"),
    [
        (l1_regularizer(0.1), 0.1 * 6.5),
        (l2_regularizer(0.1), 0.1 * 14.25 / 2),
        (l1_l2_regularizer(0.1, 0.2), 0.1 * 6.5 + 0.2 * 14.25 / 2),
    ],
)
def test_penalty_is_that_of_the_formula(regularizer, penalty):
    with tf.Graph().as_default(), tf.Session() as session:
        assert session.run(regularizer(tf.constant(WEIGHTS))) == pytest.approx(penalty)


@pytest.mark.parametrize("make", [l1_regularizer, l2_regularizer])
def test_a_negative_scale_is_refused(make):
    with pytest.raises(ValueError, match="-1"):
        make(-1.0)
