"""One run of the sweep: what it writes, and that it goes on from where it stopped."""

from __future__ import annotations

import pytest

from trackml.demo.runs import RunSettings, read_result
from trackml.demo.training import train
from trackml.runs import RunStore
from trackml.train import latest_checkpoint

SHORT = RunSettings(learning_rate=0.2, units=16, steps=400)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / SHORT.name
    steps: list[int] = []
    return folder, train(folder, SHORT, steps.append), steps


@pytest.fixture(scope="module")
def runs(trained):
    store = RunStore(trained[0])
    store.refresh()
    return store.snapshot()


def test_learns_most_digits_in_a_few_hundred_steps(trained):
    _, result, _ = trained
    assert result.accuracy > 0.7


def test_result_is_kept_beside_the_model(trained):
    folder, result, _ = trained
    assert read_result(folder) == result


def test_steps_are_reported_at_each_checkpoint(trained):
    assert trained[2] == [0, 400]


def test_every_kind_of_summary_is_written(runs):
    assert set(runs["."].tags.values()) >= {"scalars", "histograms", "images", "text"}


def test_scalars_are_written_every_hundred_steps(runs):
    assert runs["."].scalars["loss"].step.tolist() == [1, 101, 201, 301]


def test_evaluation_is_a_run_of_its_own(runs):
    assert runs["eval"].scalars["accuracy"].step.tolist() == [0, 400]


def test_training_again_with_more_steps_goes_on_from_the_checkpoint(tmp_path):
    steps: list[int] = []
    train(tmp_path, RunSettings(0.2, 4, steps=100), steps.append)
    train(tmp_path, RunSettings(0.2, 4, steps=150), steps.append)
    assert steps == [0, 100, 100, 150]


def test_a_run_that_was_only_not_marked_as_finished_is_evaluated_again(tmp_path):
    run = RunSettings(0.2, 4, steps=100)
    first = train(tmp_path, run, print)
    (tmp_path / "result.json").unlink()
    assert train(tmp_path, run, print).accuracy == first.accuracy
    assert latest_checkpoint(str(tmp_path)).endswith("model.ckpt-100")
