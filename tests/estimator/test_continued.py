"""TensorFlow and this library go on where the other one stopped."""

from __future__ import annotations

import importlib.util
import json
import pathlib
import shutil

import numpy as np
import pytest

import trackml as tf

GOLDEN = pathlib.Path(__file__).parents[1] / "golden"
TURNS = json.loads((GOLDEN / "continued" / "turns.json").read_text())
KINDS = sorted(TURNS)

TOLERANCE = 1e-5
"""Of logits around 1, after a hundred steps in float32, whose sums the libraries add in another order."""


def _load_models():
    spec = importlib.util.spec_from_file_location("continued_models", GOLDEN / "make" / "continued_models.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MODELS = _load_models()


def begun(source, directory, step):
    """Puts a checkpoint into a directory."""
    directory.mkdir(parents=True)
    for path in source.glob("model.ckpt*"):
        shutil.copy(path, directory)
    (directory / "checkpoint").write_text(f'model_checkpoint_path: "model.ckpt-{step}"\n')


def assert_same(found, wanted):
    assert found["global_step"] == wanted["global_step"]
    np.testing.assert_allclose(found["logits"], wanted["logits"], atol=TOLERANCE, rtol=0)


@pytest.mark.parametrize("kind", KINDS)
def test_a_hundred_steps_here_are_a_hundred_there(kind, tmp_path):
    begun(GOLDEN / "continued" / kind, tmp_path / kind, 100)
    assert_same(MODELS.told(tf, kind, str(tmp_path)), TURNS[kind]["pure_100"])
    assert_same(MODELS.told(tf, kind, str(tmp_path), 200), TURNS[kind]["pure_200"])


@pytest.mark.parametrize("kind", KINDS)
def test_tensorflow_went_on_from_what_was_trained_here(kind):
    turns = TURNS[kind]
    assert_same(turns["mixed_200"], turns["pure_200"])
    assert_same(turns["mixed_300"], turns["pure_300"])
    assert_same(turns["reverse_100_by_tensorflow"], turns["reverse_100"])
    assert_same(turns["reverse_200_by_trackml"], turns["reverse_200"])
    assert turns["reverse_300"]["global_step"] == 300


@pytest.mark.parametrize("kind", KINDS)
def test_event_files_go_on_under_the_same_tags_at_the_same_steps(kind):
    turns = TURNS[kind]
    assert turns["mixed_events"] == turns["pure_events"]
    assert turns["reverse_events"] == turns["pure_events"]


class Losses(tf.train.SessionRunHook):
    """Keeps the loss of each step."""

    def begin(self):
        self.values = []

    def before_run(self, run_context):
        return tf.train.SessionRunArgs(tf.get_collection(tf.GraphKeys.LOSSES)[-1])

    def after_run(self, run_context, run_values):
        self.values.append(run_values.results)


def test_from_tensorflows_first_checkpoint_come_its_losses_and_weights(tmp_path):
    begun(GOLDEN / "continued" / "iris", tmp_path / "iris", 0)
    run = np.load(GOLDEN / "continued" / "iris" / "run.npz")
    names = ["SepalLength", "SepalWidth", "PetalLength", "PetalWidth"]
    features = {name: run["X"][:, index] for index, name in enumerate(names)}
    columns = [tf.feature_column.numeric_column(name) for name in names]
    estimator = tf.estimator.DNNClassifier([10, 10], columns, str(tmp_path / "iris"), n_classes=3)
    losses = Losses()
    estimator.train(
        lambda: tf.data.Dataset.from_tensor_slices((features, run["Y"])).repeat().batch(40), hooks=[losses], steps=250
    )
    np.testing.assert_allclose([losses.values[step] for step in (0, 100, 200, 249)], run["losses"], rtol=1e-5)
    kept = [name for name in run.files if name.startswith("ckpt250/")]
    assert len(kept) == 13
    for name in kept:
        found = estimator.get_variable_value(name.removeprefix("ckpt250/"))
        np.testing.assert_allclose(found, run[name], rtol=1e-5, atol=1e-5, err_msg=name)
