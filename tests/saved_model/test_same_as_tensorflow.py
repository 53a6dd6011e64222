"""TensorFlow loads what is exported here, and both compute the same numbers with it."""

from __future__ import annotations

import json
import pathlib

import numpy as np
import pytest

import trackml as tf

GOLDEN = pathlib.Path(__file__).parents[1] / "golden" / "saved_model"
NUMBERS = json.loads((GOLDEN / "numbers.json").read_text())


def example(colour, size):
    feature = {
        "colour": tf.train.Feature(bytes_list=tf.train.BytesList(value=[colour])),
        "size": tf.train.Feature(float_list=tf.train.FloatList(value=[size])),
    }
    return tf.train.Example(features=tf.train.Features(feature=feature)).SerializeToString()


# As in tests/golden/make/exported_model_tf.py.
FEEDS = {
    "classifier": [example(b"red", 0.5), example(b"green", 1.5), example(b"pink", 2.5), example(b"blue", 9.0)],
    "regressor": [[1.0, 2.0], [-3.0, 0.5]],
}
SIGNATURES = [
    (version, name, key)
    for version, models in NUMBERS.items()
    for name, signatures in models.items()
    for key in signatures
]


@pytest.mark.parametrize(("version", "name", "key"), SIGNATURES)
def test_the_loader_gives_tensorflows_numbers(version, name, key):
    wanted = NUMBERS[version][name][key]
    with tf.Graph().as_default(), tf.Session() as session:
        message = tf.saved_model.loader.load(session, ["serve"], GOLDEN / name)
        signature = message.signature_def[key]
        (feed,) = signature.inputs.values()
        fetches = {output: info.name for output, info in signature.outputs.items()}
        values = session.run(fetches, {feed.name: FEEDS[name]})
    assert signature.method_name == wanted["method"]
    assert sorted(values) == sorted(wanted["outputs"])
    for output, expected in wanted["outputs"].items():
        found = values[output].ravel()
        if found.dtype == object:
            assert [item.decode() for item in found] == expected
        else:
            np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_both_versions_were_seen_to_load_them():
    assert sorted(NUMBERS) == ["1.15.0", "2.15.1"]


def test_a_model_that_tensorflow_wrote_is_loaded():
    predict = tf.contrib.predictor.from_saved_model(GOLDEN / "tf215")
    np.testing.assert_array_equal(predict({"x": [[1.0], [2.0]]})["y"], [[2, 3], [4, 6]])
