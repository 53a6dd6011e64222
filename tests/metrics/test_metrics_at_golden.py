"""Metrics at thresholds, at k and by class follow TensorFlow's over three batches: updates, values, variables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trackml as tf

GOLDEN = np.load(Path(__file__).parent.parent / "golden" / "engine" / "metrics_at.npz")
INPUTS = {key.split("/")[1]: GOLDEN[key] for key in GOLDEN.files if key.startswith("in/")}
ROUNDING: dict[str, Any] = {"rtol": 2e-6, "atol": 1e-6}
"""A few roundings of float32, whose order is not TensorFlow's."""


METRICS: dict[str, Any] = json.loads(str(GOLDEN["table"]))


def source(batch: dict[str, Any], name: str) -> Any:
    kind, _, key = name.rpartition(":")
    tensor = batch[key]
    if not kind:
        return tensor
    places = tf.where(tf.greater_equal(tensor, 0))
    return tf.SparseTensor(places, tf.gather_nd(tensor, places), tf.shape(tensor, out_type=tf.int64))


@pytest.mark.parametrize("weights", ["none", "weighted"])
@pytest.mark.parametrize("name", sorted(METRICS))
def test_metric_follows_tensorflow_over_three_batches(name: str, weights: str) -> None:
    sources, options, weights_of = METRICS[name]
    prefix = f"{name}|{weights}|"
    golden = {key[len(prefix) :]: GOLDEN[key] for key in GOLDEN.files if key.startswith(prefix)}
    with tf.Graph().as_default(), tf.Session() as session:
        batch = {key: tf.placeholder(rows.dtype, rows.shape[1:]) for key, rows in INPUTS.items()}
        given = {**options, "weights": batch[weights_of]} if weights == "weighted" else options
        value, update_op = getattr(tf.metrics, name.split("/")[0])(*[source(batch, item) for item in sources], **given)
        session.run(tf.local_variables_initializer())
        first, updates, values = session.run(value), [], []
        for step in range(len(INPUTS["weights"])):
            updates.append(session.run(update_op, {batch[key]: rows[step] for key, rows in INPUTS.items()}))
            values.append(session.run(value))
        variables = tf.local_variables()
        state = dict(zip([variable.op.name for variable in variables], session.run(variables)))

    assert list(state) == [str(variable) for variable in golden["variables"]]
    for found, key in ((first, "first"), (updates, "update"), (values, "value")):
        np.testing.assert_allclose(found, golden[key], **ROUNDING)
        assert np.asarray(found).dtype == golden[key].dtype
    for variable, total in state.items():
        np.testing.assert_allclose(total, golden[f"state/{variable}"], **ROUNDING)
        assert total.dtype == golden[f"state/{variable}"].dtype
