"""Values and gradients at the corners, as TensorFlow 1.15 has them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trackml import errors
from trackml.autodiff import gradients
from trackml.dtypes import as_dtype
from trackml.graph import Graph, Session, constant
from trackml.ops import activations, clipping, cross_entropy, math, matmul, nn, reductions, scans, softmax

CASES = json.loads(Path(__file__).parents[1].joinpath("golden/engine_ops/values.json").read_text())
MODULES = (math, reductions, scans, matmul, activations, softmax, cross_entropy, nn, clipping)

# TensorFlow's Eigen approximates exp, log and tanh in float32 to a few units in the last place.
RTOL = 2e-5
ATOL = 1e-6

# Eigen's tanh and logistic functions are cut off where the true value is still smaller than 1e-6 but not 0, so
# there is no relative error to hold them to; ATOL covers them.


def _function(path: str) -> Any:
    name = path.rsplit(".", 1)[-1]
    return next(getattr(module, name) for module in MODULES if hasattr(module, name))


def _array(stated: Any) -> Any:
    if not isinstance(stated, dict):
        return stated
    return np.array(stated["values"], stated["dtype"]).reshape(stated["shape"])


def _run(case: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    arguments = [_array(value) for value in case["arguments"]]
    tensors = [constant(value) if isinstance(value, np.ndarray) else value for value in arguments]
    result = _function(case["function"])(*tensors, **case["keywords"])
    outputs = list(result) if isinstance(result, tuple) else [result]
    moved = [tensors[place] for place in case["moved"]]
    grads = gradients(outputs[0], moved) if moved else []
    with Session() as session:
        values = session.run(outputs)
        found = [None if grad is None else session.run(grad) for grad in grads]
    return values, found


def _identity(case: dict[str, Any]) -> str:
    first = next(value for value in case["arguments"] if value is not None)
    kind = first["dtype"] if isinstance(first, dict) else "plain"
    return "-".join([case["function"], kind, *(f"{k}={v}" for k, v in case["keywords"].items())]).replace(" ", "")


@pytest.mark.parametrize("case", [case for case in CASES if "error" not in case], ids=_identity)
def test_values_and_gradients_are_tensorflows(case: dict[str, Any]) -> None:
    with Graph().as_default():
        values, grads = _run(case)

    for value, wanted in zip(values, map(_array, case["outputs"]), strict=True):
        assert as_dtype(np.asarray(value).dtype) is as_dtype(wanted.dtype)
        np.testing.assert_allclose(value, wanted, rtol=RTOL, atol=ATOL)
    for grad, wanted in zip(grads, map(_array, case["gradients"]), strict=True):
        assert (grad is None) == (wanted is None)
        if grad is not None:
            np.testing.assert_allclose(grad, wanted, rtol=RTOL, atol=ATOL)


@pytest.mark.parametrize("case", [case for case in CASES if "error" in case], ids=_identity)
def test_what_tensorflow_refuses_is_refused(case: dict[str, Any]) -> None:
    with Graph().as_default(), pytest.raises(getattr(errors, case["error"])):
        _run(case)
