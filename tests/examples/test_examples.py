"""Each script of examples/ runs as it stands there, and finds what it is about."""

from __future__ import annotations

import contextlib
import io
import pathlib
import re
import runpy
import sys

import pytest

import trackml as tf

FOLDER = pathlib.Path(__file__).parents[2] / "examples"
SCRIPTS = sorted(path.stem for path in FOLDER.glob("*.py"))


@pytest.fixture
def said(tmp_path, monkeypatch):
    """Runs a script with a directory of its own; gives what it printed."""

    def run(name, *arguments):
        monkeypatch.setattr(sys, "argv", [f"{name}.py", str(tmp_path / "runs"), *arguments])
        out = io.StringIO()
        with tf.Graph().as_default(), contextlib.redirect_stdout(out):
            runpy.run_path(str(FOLDER / f"{name}.py"), run_name="__main__")
        return out.getvalue()

    return run


def _number(text, name):
    """The first number behind a name."""
    return float(re.search(rf"{re.escape(name)}.*?(-?\d+\.?\d*)", text).group(1))


def test_prices_are_predicted_by_either_model(said):
    out = said("house_prices")
    for name, house, flat in (("linear", 8.1, 12.4), ("deep", 7.5, 11.8)):
        found = re.search(rf"{name}: \[([\d.]+), ([\d.]+)\]", out).groups()
        assert [float(value) for value in found] == pytest.approx([house, flat], abs=1.5)


def test_columns_make_categories(said):
    out = said("categorical_columns")
    assert "vocabulary: [[0, 1, 0, 0, 0], [0, 0, 0, 0, 0]]" in out
    assert "identity: [[0, 0, 0, 0, 1], [1, 0, 0, 0, 0]]" in out
    assert "hash bucket: 278" in out
    assert _number(out, "accuracy:") == 1.0


def test_an_embedding_is_taken_over(said):
    out = said("feature_crosses")
    assert "embedding: (168, 2)" in out
    assert "traffic is learned: True" in out
    assert "taken over as it was: True" in out


def test_a_training_goes_on_from_its_checkpoint(said):
    out = said("checkpointing")
    assert _number(out, "global step:") == 200
    assert "'model.ckpt-200.index'" in out
    first, second = map(float, re.search(r"predictions: \[([\d.]+), ([\d.]+)\]", out).groups())
    assert 6.0 < first < second < 14.0


def test_data_in_memory_end_or_go_on(said):
    out = said("data_in_memory")
    found = [_number(out, name) for name in ("after 10 epochs:", "after 25 more steps:", "up to 80 steps:")]
    assert found == [40, 65, 80]


def test_text_files_are_learned_from(said):
    out = said("text_files")
    assert _number(out, "global step:") == 110
    assert _number(out, "average loss:") < 2.0


def test_summaries_are_read_back(said):
    out = said("summaries")
    for line in ("scalars: meanVar1", "histograms: var1", "images: inputs/image/0", "text: outClass"):
        assert line in out
    assert "loss at steps: [1, 51, 101, 151]" in out
    assert "it fell: True" in out


def test_jpegs_are_served(said):
    assert "served: ['blue', 'red', 'green']" in said("serving_input")


def test_digits_are_told_apart(said):
    assert _number(said("custom_estimator"), "accuracy:") > 0.9


def test_a_wave_is_continued(said):
    out = said("sequence_estimator")
    assert _number(out, "rmse:") < 0.2
    assert "exported: True" in out


def test_a_neuron_finds_a_line(said):
    out = said("keras_fit")
    assert _number(out, "f(10) =") == pytest.approx(19.0, abs=0.1)
    assert _number(out, "7 bedrooms:") == pytest.approx(4.0, abs=0.1)


def test_a_keras_model_is_an_estimator_and_serves(said):
    out = said("keras_to_estimator")
    assert _number(out, "fit:") > 0.9
    assert _number(out, "estimator:") > 0.9
    assert "3 before 5: [True, False]" in out


def test_labels_that_broadcast_are_learned_as_their_mean(said):
    out = said("embedding_keras_and_estimator", "40")
    errors = {name: _number(out, f"{name}: error") for name in ("fit", "model_to_estimator", "labels [batch, 1]")}
    assert max(errors.values()) < 0.6
    # The figures of the question: an error of 0.929, a variance of 0.0002, a correlation of 0.7.
    assert _number(out, "labels [batch]: error") == pytest.approx(0.929, abs=0.005)
    line = next(line for line in out.splitlines() if line.startswith("labels [batch]:"))
    assert _number(line, "variance") < 0.001
    assert 0.5 < _number(line, "correlation") < 0.9


def test_every_script_is_listed_and_tested():
    listed = re.findall(r"^\| \[(\w+)\.py\]", (FOLDER / "README.md").read_text(encoding="utf-8"), flags=re.M)
    assert sorted(listed) == SCRIPTS
    tested = pathlib.Path(__file__).read_text(encoding="utf-8")
    assert [name for name in SCRIPTS if f'said("{name}"' not in tested] == []
