"""Warm starts are TensorFlow's: the same values, lines and messages for the same arguments."""

from __future__ import annotations

import importlib.util
import json
import logging
import pathlib
import re

import numpy as np
import pytest

import trackml as tf

GOLDEN = pathlib.Path(__file__).parents[1] / "golden"
PREFIX = "tests/golden/warm_start/model.ckpt"
EXPECTED = json.loads((GOLDEN / "warm_start" / "warm_start_tf115.json").read_text())


def _load_cases():
    spec = importlib.util.spec_from_file_location("warm_start_cases", GOLDEN / "make" / "warm_start_cases.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CASES = _load_cases()


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch):
    """The paths in TensorFlow's messages are relative to it."""
    monkeypatch.chdir(GOLDEN.parents[1])


def arguments_of(name):
    return CASES.cases(tf, "tests/golden/warm_start/old.txt", "tests/golden/warm_start/new.txt")[name]


@pytest.mark.parametrize("name", [name for name, case in EXPECTED.items() if "values" in case])
def test_variables_start_with_tensorflows_values(name, caplog):
    caplog.set_level(logging.INFO, "tensorflow")
    with tf.Graph().as_default(), tf.Session() as session:
        CASES.new_model(tf)
        tf.train.warm_start(PREFIX, **arguments_of(name))
        session.run(tf.global_variables_initializer())
        values = session.run({variable.op.name: variable for variable in tf.global_variables()})
    assert {key: value.tolist() for key, value in values.items()} == EXPECTED[name]["values"]
    assert [f"{record.levelname}:{record.getMessage()}" for record in caplog.records] == EXPECTED[name]["lines"]


@pytest.mark.parametrize("name", ["missing", "unused_vocabulary"])
def test_misspelt_names_are_told(name):
    with tf.Graph().as_default():
        CASES.new_model(tf)
        with pytest.raises(ValueError, match=re.escape(EXPECTED[name]["error"][:30])):
            tf.train.warm_start(PREFIX, **arguments_of(name))


def test_other_shapes_are_told_as_tensorflow_tells_them():
    with tf.Graph().as_default():
        CASES.new_model(tf)
        with pytest.raises(ValueError, match=re.escape(EXPECTED["shape"]["error"])):
            tf.train.warm_start(PREFIX, **arguments_of("shape"))


def test_a_vector_is_taken_over_by_word_too(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_text("no\nyes\n")
    new.write_text("yes\nmaybe\nno\n")
    with tf.Graph().as_default(), tf.Session() as session:
        offset = tf.get_variable("offset", [3], initializer=tf.ones_initializer())
        info = tf.estimator.VocabInfo(new, 3, 0, old)
        tf.train.warm_start(PREFIX, None, {"offset": info}, {"offset": "net/bias"})
        session.run(tf.global_variables_initializer())
        np.testing.assert_array_equal(session.run(offset), [8, 0, 7])


def test_a_vocabulary_of_another_size_is_told(tmp_path):
    with tf.Graph().as_default():
        CASES.new_model(tf)
        info = tf.estimator.VocabInfo("tests/golden/warm_start/new.txt", 7, 1, "tests/golden/warm_start/old.txt")
        with pytest.raises(ValueError, match=r"7 words and 1 buckets, 8 together, but .* shape \(6, 3\)"):
            tf.train.warm_start(PREFIX, None, {"net/embedding": info})


def test_a_vocabulary_file_that_is_not_there_is_named(tmp_path):
    with tf.Graph().as_default(), tf.Session() as session:
        CASES.new_model(tf)
        info = tf.estimator.VocabInfo("tests/golden/warm_start/new.txt", 5, 1, str(tmp_path / "gone.txt"))
        tf.train.warm_start(PREFIX, None, {"net/embedding": info})
        with pytest.raises(tf.errors.NotFoundError, match=r"gone\.txt"):
            session.run(tf.global_variables_initializer())


def test_only_rows_and_columns_have_words():
    with pytest.raises(ValueError, match="0 and 1"):
        tf.estimator.VocabInfo("new", 5, 1, "old", axis=2)


def test_what_is_no_name_nor_variable_is_refused():
    with tf.Graph().as_default():
        CASES.new_model(tf)
        with pytest.raises(ValueError, match="all `Variable` or all `str`"):
            tf.train.warm_start(PREFIX, ["net/kernel", 3])
        with pytest.raises(ValueError, match="`list` or `str`"):
            tf.train.warm_start(PREFIX, 3)


@pytest.mark.parametrize(
    ("assignment", "name", "wanted"),
    [
        ({"net/bias": "net/offset"}, "net/offset", [7, 8]),
        ({"net/": "same/"}, "same/bias", [7, 8]),
        ({"/": "root/"}, "root/net/bias", [7, 8]),
        ({"net/": "/"}, "bias", [7, 8]),
    ],
)
def test_init_from_checkpoint_maps_variables_and_scopes(assignment, name, wanted):
    with tf.Graph().as_default(), tf.Session() as session:
        variable = tf.get_variable(name, [2])
        tf.train.init_from_checkpoint(PREFIX, assignment)
        session.run(tf.global_variables_initializer())
        np.testing.assert_array_equal(session.run(variable), wanted)


def test_init_from_checkpoint_takes_variables():
    with tf.Graph().as_default(), tf.Session() as session:
        variable = tf.Variable([0.0, 0.0], name="anything")
        tf.train.init_from_checkpoint(PREFIX, {"net/bias": variable})
        session.run(variable.initializer)
        np.testing.assert_array_equal(session.run(variable), [7, 8])


def test_init_from_checkpoint_names_what_is_not_there(tmp_path):
    with tf.Graph().as_default():
        variable = tf.get_variable("v", [2])
        with pytest.raises(ValueError, match="none called 'w'"):
            tf.train.init_from_checkpoint(PREFIX, {"net/bias": "w"})
        with pytest.raises(ValueError, match="Tensor net/gone is not found"):
            tf.train.init_from_checkpoint(PREFIX, {"net/gone": variable})
        with pytest.raises(ValueError, match="checkpoint"):
            tf.train.init_from_checkpoint(tmp_path, {"net/bias": variable})
