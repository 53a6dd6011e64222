"""A whole run, line by line, event by event and number by number as on TensorFlow 1.15."""

from __future__ import annotations

import importlib.util
import json
import pathlib

import pytest

import trackml as tf
from trackml.summary import FileWriterCache

GOLDEN = pathlib.Path(__file__).parents[1] / "golden"
EXPECTED = json.loads((GOLDEN / "estimator/run_tf115.json").read_text())
RELATIVE = 1e-5  # sums in another order, over 70 steps in float32


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """What the script that made the golden file finds with trackml."""
    spec = importlib.util.spec_from_file_location("estimator_run", GOLDEN / "make/estimator_run.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    result = script.run(tf, str(tmp_path_factory.mktemp("run")))
    FileWriterCache.clear()
    return json.loads(json.dumps(result))


def assert_same(found, expected):
    """Equal, numbers within `RELATIVE`."""
    if isinstance(expected, dict):
        assert sorted(found) == sorted(expected)
        found, expected = [found[key] for key in sorted(found)], [expected[key] for key in sorted(expected)]
    if isinstance(expected, list):
        assert len(found) == len(expected)
        for one, other in zip(found, expected):
            assert_same(one, other)
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, rel=RELATIVE)
    else:
        assert found == expected


def test_training_says_and_calls_the_same_in_the_same_order(ours):
    assert ours["train"]["lines"] == EXPECTED["train"]["lines"]


def test_training_writes_the_same_events(ours):
    assert_same(ours["train"]["events"], EXPECTED["train"]["events"])


def test_training_leaves_the_same_files(ours):
    assert ours["train"]["files"] == EXPECTED["train"]["files"]


def test_the_state_file_is_the_same_to_the_byte(ours):
    assert ours["train"]["state"] == EXPECTED["train"]["state"]


def test_evaluation_says_and_calls_the_same(ours):
    assert ours["evaluate"]["lines"] == EXPECTED["evaluate"]["lines"]


@pytest.mark.parametrize("scores", ["scores", "short"])
def test_evaluation_finds_the_same(ours, scores):
    assert_same(ours["evaluate"][scores], EXPECTED["evaluate"][scores])


def test_evaluation_writes_the_same_events(ours):
    assert_same(ours["evaluate"]["events"], EXPECTED["evaluate"]["events"])


def test_evaluation_leaves_the_same_files(ours):
    assert ours["evaluate"]["files"] == EXPECTED["evaluate"]["files"]


def test_prediction_says_and_calls_the_same(ours):
    assert ours["predict"]["lines"] == EXPECTED["predict"]["lines"]


def test_predictions_are_the_same(ours):
    assert_same(ours["predict"]["predictions"], EXPECTED["predict"]["predictions"])


def test_batches_of_predictions_are_the_same(ours):
    assert_same(ours["predict"]["batches"], EXPECTED["predict"]["batches"])


def test_resuming_says_and_calls_the_same(ours):
    assert ours["resume"]["lines"] == EXPECTED["resume"]["lines"]


def test_resuming_appends_the_same_events_to_the_file(ours):
    assert_same(ours["resume"]["events"], EXPECTED["resume"]["events"])


def test_resuming_leaves_the_same_files(ours):
    assert ours["resume"]["files"] == EXPECTED["resume"]["files"]
    assert ours["resume"]["state"] == EXPECTED["resume"]["state"]


def test_variables_have_the_same_names_and_values(ours):
    assert_same(ours["resume"]["variables"], EXPECTED["resume"]["variables"])
