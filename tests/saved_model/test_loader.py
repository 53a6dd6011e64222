"""Reading SavedModels, and what is wrong with some."""

from __future__ import annotations

import pytest

import trackml as tf


@pytest.fixture
def saved(scaled, tmp_path):
    session, x, y = scaled
    tf.saved_model.simple_save(session, tmp_path / "m", {"x": x}, {"y": y})
    return tmp_path / "m"


def test_names_can_get_a_scope(saved):
    with tf.Graph().as_default(), tf.Session() as session:
        message = tf.saved_model.load(session, ["serve"], saved, import_scope="inner")
        assert session.run("inner/y:0", {"inner/x:0": [5.0]}).tolist() == [10]
        assert [variable.name for variable in tf.global_variables()] == ["inner/w:0"]
    assert message.signature_def["serving_default"].outputs["y"].name == "y:0"


def test_a_directory_without_a_model_is_told(tmp_path):
    with tf.Session() as session, pytest.raises(OSError, match="SavedModel file does not exist at"):
        tf.saved_model.load(session, ["serve"], tmp_path)


@pytest.mark.parametrize("name", ["saved_model.pb", "saved_model.pbtxt"])
def test_a_damaged_file_is_told(tmp_path, name):
    (tmp_path / name).write_bytes(b"\xff\x00 nothing")
    with tf.Session() as session, pytest.raises(OSError, match="Cannot parse the SavedModel in"):
        tf.saved_model.load(session, ["serve"], tmp_path)


def test_a_model_without_its_variables_says_so_when_it_is_run(saved):
    for path in (saved / "variables").iterdir():
        path.unlink()
    predict = tf.contrib.predictor.from_saved_model(saved)
    with pytest.raises(tf.errors.FailedPreconditionError, match="w"):
        predict({"x": [1.0]})
