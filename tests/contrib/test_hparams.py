"""Hyperparameters with their types."""

from __future__ import annotations

import copy

import pytest

import trackml as tf


@pytest.fixture
def hparams():
    return tf.contrib.training.HParams(rate=0.1, layers=[64, 32], name="deep", steps=10, fast=False)


def test_values_are_attributes(hparams):
    assert (hparams.rate, hparams.layers, hparams.name) == (0.1, [64, 32], "deep")
    assert "rate" in hparams
    assert hparams.get("gone", 7) == 7
    assert hparams.get("steps") == 10


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("rate=1", {"rate": 1.0}),
        ("layers=[1,2, 3],name=wide", {"layers": [1, 2, 3], "name": "wide"}),
        ("layers[1]=5", {"layers": [64, 5]}),
        ("fast=true,steps=-3", {"fast": True, "steps": -3}),
        (" rate = 2e-3 , fast=0", {"rate": 0.002, "fast": False}),
        ("", {}),
    ],
)
def test_texts_are_parsed(hparams, text, changed):
    before = hparams.values()
    assert hparams.parse(text) is hparams
    assert hparams.values() == {**before, **changed}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("gone=1", "Unknown hyperparameter type for gone"),
        ("steps=1.5", "Could not parse hparam 'steps' of type 'int' from '1.5'"),
        ("fast=perhaps", "of type 'bool' from 'perhaps'"),
        ("rate", "Malformed hyperparameter value: rate"),
        ("layers=3", "Must pass a list for multi-valued parameter: layers"),
        ("rate=[1,2]", "Must not pass a list for single-valued parameter: rate"),
        ("layers[9]=1", "has 2 items, none of number 9"),
        ("rate[0]=1", "or of one that is no list"),
    ],
)
def test_wrong_texts_are_told(hparams, text, message):
    with pytest.raises(ValueError, match=message.replace("[", r"\[")):
        hparams.parse(text)


def test_dicts_and_json_override(hparams):
    hparams.override_from_dict({"steps": 20.0, "rate": 1})
    assert (hparams.steps, hparams.rate, type(hparams.steps)) == (20, 1.0, int)
    hparams.parse_json('{"name": "x", "layers": [1]}')
    assert hparams.to_json(sort_keys=True) == '{"fast": false, "layers": [1], "name": "x", "rate": 1.0, "steps": 20}'
    with pytest.raises(KeyError, match="no hyperparameter 'gone'"):
        hparams.override_from_dict({"gone": 1})
    for name, value in (("steps", 1.5), ("steps", True), ("name", 3), ("fast", 1)):
        with pytest.raises(ValueError, match=f"Could not cast hparam '{name}'"):
            hparams.set_hparam(name, value)


def test_names_are_free_and_lists_not_empty(hparams):
    with pytest.raises(ValueError, match="name is reserved: values"):
        hparams.add_hparam("values", 1)
    with pytest.raises(ValueError, match="cannot be empty: more"):
        hparams.add_hparam("more", [])
    hparams.del_hparam("rate")
    assert "rate" not in hparams


def test_an_estimator_takes_them_as_params(hparams, tmp_path):
    seen = []

    def model_fn(features, labels, mode, params):
        seen.append(params.layers)
        loss = tf.reduce_sum(features * tf.get_variable("w", initializer=1.0))
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=tf.train.get_global_step().assign_add(1))

    estimator = tf.estimator.Estimator(model_fn, tmp_path, params=hparams)
    estimator.train(lambda: tf.data.Dataset.from_tensors(([1.0], [1.0])))
    assert seen == [[64, 32]]
    assert copy.deepcopy(hparams).values() == hparams.values()
