"""Every metric, weighted and not, follows TensorFlow's over three batches: updates, values, variables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trackml import metrics
from trackml.graph import Graph, GraphKeys, Session, get_default_graph, placeholder
from trackml.variables import local_variables, local_variables_initializer

GOLDEN = np.load(Path(__file__).parent.parent / "golden" / "engine" / "metrics.npz")
INPUTS = {key.split("/")[1]: GOLDEN[key] for key in GOLDEN.files if key.startswith("in/")}
ARGUMENTS: dict[str, tuple[Any, list[str], dict[str, Any]]] = {
    "accuracy": (metrics.accuracy, ["class_ids", "predicted_ids"], {}),
    "mean": (metrics.mean, ["labels"], {}),
    "mean_squared_error": (metrics.mean_squared_error, ["labels", "predictions"], {}),
    "root_mean_squared_error": (metrics.root_mean_squared_error, ["labels", "predictions"], {}),
    "mean_absolute_error": (metrics.mean_absolute_error, ["labels", "predictions"], {}),
    "precision": (metrics.precision, ["binary", "predicted_binary"], {}),
    "recall": (metrics.recall, ["binary", "predicted_binary"], {}),
    "auc": (metrics.auc, ["binary", "probabilities"], {}),
    "auc_pr": (metrics.auc, ["binary", "probabilities"], {"curve": "PR", "summation_method": "careful_interpolation"}),
    "auc_20": (metrics.auc, ["binary", "probabilities"], {"num_thresholds": 20}),
}
ROUNDING = {"rtol": 2e-6, "atol": 1e-6}
"""A few roundings of float32, whose order is not TensorFlow's."""


@pytest.mark.parametrize("weights", ["none", "weighted"])
@pytest.mark.parametrize("name", sorted(ARGUMENTS))
def test_metric_follows_tensorflow_over_three_batches(name: str, weights: str):
    function, sources, options = ARGUMENTS[name]
    golden = {key.split("/", 2)[2]: GOLDEN[key] for key in GOLDEN.files if key.startswith(f"{name}/{weights}/")}
    with Graph().as_default(), Session() as session:
        batch = {key: placeholder(rows.dtype, rows.shape[1:]) for key, rows in INPUTS.items()}
        given = {"weights": batch["weights"], **options} if weights == "weighted" else options
        value, update_op = function(*[batch[source] for source in sources], **given)
        session.run(local_variables_initializer())
        first, updates, values = session.run(value), [], []
        for step in range(len(INPUTS["weights"])):
            updates.append(session.run(update_op, {batch[key]: rows[step] for key, rows in INPUTS.items()}))
            values.append(session.run(value))
        variables = local_variables()
        state = dict(zip([variable.op.name for variable in variables], session.run(variables)))
        collected = get_default_graph().get_collection(GraphKeys.METRIC_VARIABLES)

    assert list(state) == [str(variable) for variable in golden["variables"]]
    assert collected == variables
    np.testing.assert_allclose(first, golden["first"], **ROUNDING)
    np.testing.assert_allclose(updates, golden["update"], **ROUNDING)
    np.testing.assert_allclose(values, golden["value"], **ROUNDING)
    for variable, total in state.items():
        np.testing.assert_allclose(total, golden[f"state/{variable}"], **ROUNDING)
