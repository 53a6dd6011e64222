"""Metrics give over streams of batches what TensorFlow 2.15's Keras gives; see tests/golden/keras/PROVENANCE.md."""

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
import keras_metrics_cases as table  # noqa: E402

sys.path.pop(0)
FOUND = json.loads((GOLDEN / "keras" / "metrics.json").read_text(encoding="utf-8"))
CASES = table.cases()
# Sums in another order, in single precision.
CLOSE = {"rtol": 2e-5, "atol": 2e-6}
NO_METRICS = {"Metric", "MeanMetricWrapper", "deserialize", "get", "serialize"}


def _streamed(name, settings, stream, weights):
    """What the metric gives after each batch: the same operations for all batches, as in a model."""
    batches = list(zip(table.STREAMS[stream], table.weights_of(stream, weights)))
    metric = getattr(keras.metrics, name)(**settings)
    fed = [tf.placeholder(tf.float32, part.shape) for part in batches[0][0]]
    weight = None if weights is None else tf.placeholder(tf.float32, batches[0][1].shape)
    update = metric.update_state(*fed, sample_weight=weight)
    result = metric.result()
    with tf.Session() as session:
        session.run(tf.local_variables_initializer())
        for parts, weighed in batches:
            given = dict(zip(fed, parts)) | ({} if weight is None else {weight: weighed})
            session.run(update, given)
            yield np.reshape(session.run(result), -1)


@pytest.mark.parametrize("case", sorted(CASES))
def test_a_metric_gives_after_each_batch_what_it_gives_there(case):
    for got, expected in zip(_streamed(*CASES[case]), FOUND["metrics"][case], strict=True):
        np.testing.assert_allclose(got, expected, **CLOSE)


@pytest.mark.parametrize("place", range(len(table.FUNCTIONS)))
def test_a_function_gives_what_it_gives_there(place):
    name, settings, stream = table.FUNCTIONS[place]
    values = getattr(keras.metrics, name)(*map(tf.constant, table.STREAMS[stream][0]), **settings)
    with tf.Session() as session:
        np.testing.assert_allclose(np.reshape(session.run(values), -1), FOUND["functions"][place], **CLOSE)


def test_every_metric_has_a_case():
    tested = {name for name, *_ in CASES.values()} | {name for name, *_ in table.FUNCTIONS}
    losses = {name for name in keras.metrics.__all__ if getattr(keras.losses, name, None) is _of(name)}
    aliases = {name for name in keras.metrics.__all__ if _of(name) is keras.metrics.cosine_similarity}
    assert set(keras.metrics.__all__) - NO_METRICS == tested | losses | aliases
    assert set(CASES) == set(FOUND["metrics"])


def _of(name):
    return getattr(keras.metrics, name)


@pytest.mark.parametrize(
    ("name", "settings"), sorted({row[0]: row[1] for row in CASES.values()}.items(), key=lambda row: row[0])
)
def test_a_metric_comes_back_from_its_configuration(name, settings):
    metric = getattr(keras.metrics, name)(**settings, name="mine")
    again = keras.metrics.deserialize(keras.metrics.serialize(metric))
    assert type(again) is type(metric)
    assert again.get_config() == metric.get_config()
    assert again.name == "mine"
