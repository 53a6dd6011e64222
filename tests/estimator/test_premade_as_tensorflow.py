"""Heads and premade models say, learn and leave what they do on TensorFlow 1.15."""

from __future__ import annotations

import importlib.util
import json
import pathlib

import numpy as np
import pytest

import trackml as tf

GOLDEN = pathlib.Path(__file__).parents[1] / "golden"
EXPECTED = json.loads((GOLDEN / "estimator/heads_tf115.json").read_text())

HEADS = {
    "binary": tf.estimator.BinaryClassHead,
    "multi_class": tf.estimator.MultiClassHead,
    "multi_label": tf.estimator.MultiLabelHead,
    "regression": tf.estimator.RegressionHead,
    "poisson": tf.estimator.PoissonRegressionHead,
    "logistic": tf.estimator.LogisticRegressionHead,
}


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """What the script that made the golden file finds with trackml."""
    spec = importlib.util.spec_from_file_location("heads", GOLDEN / "make/heads.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    root = str(tmp_path_factory.mktemp("models"))
    result = script.run(tf, lambda kind, **arguments: HEADS[kind](**arguments), root)
    return json.loads(json.dumps(result))


def assert_close(found, expected):
    """Equal, numbers to 1e-5 of their size or 1e-5."""
    if isinstance(expected, dict):
        assert sorted(found) == sorted(expected)
        for key in expected:
            assert_close(found[key], expected[key])
    elif isinstance(expected, list):
        assert len(found) == len(expected)
        for one, other in zip(found, expected):
            assert_close(one, other)
    elif isinstance(expected, float):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)
    else:
        assert found == expected


@pytest.mark.parametrize("case", EXPECTED["heads"])
@pytest.mark.parametrize("part", ["losses", "summaries", "metrics", "predictions", "outputs"])
def test_heads_say_the_same(ours, case, part):
    assert_close(ours["heads"][case][part], EXPECTED["heads"][case][part])


@pytest.mark.parametrize("case", EXPECTED["models"])
@pytest.mark.parametrize("part", ["variables", "tags", "eval_tags", "values", "scores", "predictions"])
def test_models_learn_the_same(ours, case, part):
    assert_close(ours["models"][case][part], EXPECTED["models"][case][part])


@pytest.mark.parametrize("case", EXPECTED["networks"])
@pytest.mark.parametrize("part", ["variables", "tags", "eval_tags", "scores"])
def test_networks_leave_the_same(ours, case, part):
    assert_close(ours["networks"][case][part], EXPECTED["networks"][case][part])
