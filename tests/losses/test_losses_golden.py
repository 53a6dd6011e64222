"""Every loss, every kind of weights and every reduction gives the values and gradients that TensorFlow gave."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trackml import losses
from trackml.autodiff import gradients
from trackml.graph import Graph, Session, constant

GOLDEN = np.load(Path(__file__).parent.parent / "golden" / "engine" / "losses.npz")
CASES = sorted({key.rpartition("/")[0] for key in GOLDEN.files if key.count("/") == 2})
REDUCTIONS = [str(name) for name in GOLDEN["reductions"]]
ARGUMENTS: dict[str, tuple[Any, str, str, dict[str, float]]] = {
    "sparse_softmax_cross_entropy": (losses.sparse_softmax_cross_entropy, "class_ids", "logits", {}),
    "softmax_cross_entropy": (losses.softmax_cross_entropy, "one_hot", "logits", {}),
    "softmax_cross_entropy_smooth": (losses.softmax_cross_entropy, "one_hot", "logits", {"label_smoothing": 0.1}),
    "sigmoid_cross_entropy": (losses.sigmoid_cross_entropy, "binary", "logits", {}),
    "sigmoid_cross_entropy_smooth": (losses.sigmoid_cross_entropy, "binary", "logits", {"label_smoothing": 0.2}),
    "mean_squared_error": (losses.mean_squared_error, "labels", "predictions", {}),
    "absolute_difference": (losses.absolute_difference, "labels", "predictions", {}),
    "huber_loss": (losses.huber_loss, "labels", "predictions", {}),
    "huber_loss_delta": (losses.huber_loss, "labels", "predictions", {"delta": 0.5}),
    "log_loss": (losses.log_loss, "binary", "probabilities", {}),
    "log_loss_epsilon": (losses.log_loss, "binary", "probabilities", {"epsilon": 0.1}),
    "hinge_loss": (losses.hinge_loss, "binary", "logits", {}),
}
ROUNDING = {"rtol": 2e-6, "atol": 2e-6}
"""A few roundings of float32, whose order is not TensorFlow's."""


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_value_and_gradient_are_those_of_tensorflow(case: str, reduction: str):
    name, weighting = case.split("/")
    function, labels, predicted, options = ARGUMENTS[name]
    place = REDUCTIONS.index(reduction)
    with Graph().as_default(), Session() as session:
        source = constant(GOLDEN[f"in/{predicted}"])
        given = {"logits" if predicted == "logits" else "predictions": source, "reduction": reduction, **options}
        if weighting != "none":
            given["weights"] = GOLDEN[f"in/weights_{weighting}"]
        loss = function(constant(GOLDEN[f"in/{labels}"]), **given)
        value, slope = session.run([loss, gradients(loss, source)[0]])

    expected = GOLDEN[f"{case}/none"] if reduction == "none" else GOLDEN[f"{case}/reduced"][place - 1]
    np.testing.assert_allclose(value, expected, **ROUNDING)
    np.testing.assert_allclose(slope, GOLDEN[f"{case}/grads"][place], **ROUNDING)


def test_every_golden_loss_is_compared():
    assert {case.split("/")[0] for case in CASES} == set(ARGUMENTS)
