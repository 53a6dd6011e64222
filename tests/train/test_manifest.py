"""An Estimator keeps a manifest: how its training goes, what it was given, which checkpoints there are."""

from __future__ import annotations

import json
import os
import sys

import numpy as np
import pytest

import trackml as tf
from trackml.events.manifest import is_manifest
from trackml.train import manifest as manifests


def said(directory):
    """The records of all manifests of a directory."""
    return [
        json.loads(event.log_message.message)["trackml"]
        for path in sorted(directory.iterdir())
        if is_manifest(path.name)
        for event in tf.train.summary_iterator(os.fspath(path))
        if event.HasField("log_message")
    ]


def told(directory, key):
    """What was said of one thing, in order."""
    return [record[key] for record in said(directory) if key in record]


def model_fn(features, labels, mode, params):
    """A slope; `params["loss"]` may spoil the loss."""
    slope = tf.get_variable("slope", [], initializer=tf.zeros_initializer())
    loss = tf.reduce_mean(tf.square(slope * features - labels)) * params["loss"]
    train_op = tf.train.GradientDescentOptimizer(0.01).minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def inputs():
    x = np.ones(4, np.float32)
    return x, 2 * x


@pytest.fixture
def estimator(tmp_path):
    """Makes an Estimator in `tmp_path`."""

    def make(loss=1.0, **config):
        settings = tf.estimator.RunConfig(str(tmp_path), **{"save_checkpoints_steps": 2, **config})
        return tf.estimator.Estimator(model_fn, config=settings, params={"loss": loss})

    return make


def test_a_training_says_that_it_runs_and_that_it_is_done(tmp_path, estimator):
    estimator().train(inputs, steps=2)
    assert told(tmp_path, "status") == ["running", "finished"]


def test_what_was_given_is_there(tmp_path, estimator):
    estimator().train(inputs, max_steps=2)
    assert told(tmp_path, "params") == [{"loss": 1.0}]
    assert told(tmp_path, "max_steps") == [2]
    assert told(tmp_path, "config")[0]["_save_checkpoints_steps"] == 2
    assert told(tmp_path, "command") == [sys.argv]
    assert told(tmp_path, "process") == [os.getpid()]


def test_checkpoints_are_told_with_their_size_and_those_that_are_kept(tmp_path, estimator):
    estimator(keep_checkpoint_max=2).train(inputs, steps=4)
    checkpoints = told(tmp_path, "checkpoint")
    assert [(item["step"], item["name"]) for item in checkpoints] == [
        (0, "model.ckpt-0"), (2, "model.ckpt-2"), (4, "model.ckpt-4")
    ]  # fmt: skip
    assert checkpoints[-1]["bytes"] == sum(path.stat().st_size for path in tmp_path.glob("model.ckpt-4.*"))
    assert told(tmp_path, "kept")[-1] == ["model.ckpt-2", "model.ckpt-4"]


def test_a_failure_is_told(tmp_path, estimator):
    with pytest.raises(tf.train.NanLossDuringTrainingError):
        estimator(loss=float("nan")).train(inputs, steps=2)
    assert told(tmp_path, "status") == ["running", "failed"]
    assert told(tmp_path, "error")[-1].startswith("NanLossDuringTrainingError: ")


class Interrupt(tf.train.SessionRunHook):
    """Somebody presses Ctrl-C."""

    def after_run(self, run_context, run_values):
        raise KeyboardInterrupt


def test_an_interruption_is_told(tmp_path, estimator):
    with pytest.raises(KeyboardInterrupt):
        estimator().train(inputs, hooks=[Interrupt()], steps=2)
    assert told(tmp_path, "status") == ["running", "interrupted"]


def test_a_process_goes_on_in_its_manifest(tmp_path, estimator):
    estimator().train(inputs, steps=2)
    estimator().train(inputs, steps=2)
    assert told(tmp_path, "status") == ["running", "finished", "running", "finished"]
    assert len(list(tmp_path.glob("*.manifest"))) == 1


def test_a_manifest_that_was_deleted_is_begun_anew(tmp_path, estimator):
    estimator().train(inputs, steps=2)
    for path in tmp_path.glob("*.manifest"):
        path.unlink()
    estimator().train(inputs, steps=2)
    assert told(tmp_path, "status") == ["running", "finished"]


def test_without_checkpoints_nothing_is_told_of_them(tmp_path, estimator):
    estimator(save_checkpoints_steps=None, save_checkpoints_secs=None).train(inputs, steps=2)
    assert told(tmp_path, "checkpoint") == []


@pytest.mark.parametrize("packed", [False, True])
def test_the_commit_of_the_program_is_told(tmp_path, monkeypatch, packed):
    commit = "0123456789" * 4
    git = tmp_path / "project" / ".git"
    (git / "refs/heads").mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    if packed:
        (git / "packed-refs").write_text(f"# pack-refs with: peeled\n{commit} refs/heads/main\n")
    else:
        (git / "refs/heads/main").write_text(f"{commit}\n")
    (tmp_path / "project/scripts").mkdir()
    monkeypatch.chdir(tmp_path / "project/scripts")
    manifests.manifest_of(tmp_path / "run")
    assert told(tmp_path / "run", "git_commit") == [commit]


def test_a_program_without_a_repository_has_no_commit(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    manifests.manifest_of(tmp_path / "run")
    assert told(tmp_path / "run", "git_commit") == [None]
