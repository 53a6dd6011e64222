"""Keras models as SavedModels: served, and models again."""

from __future__ import annotations

import os

import numpy as np
import pytest

import trackml as tf
from trackml import keras


@pytest.mark.parametrize("case", ["functional", "nested", "sequential"])
def test_a_model_is_served_and_is_a_model_again(case, cases, tmp_path):
    model = cases.compiled(keras, case, keras.optimizers.Adam(0.01))
    for layer in model.layers:
        if isinstance(layer, keras.layers.Dropout):
            layer.rate = 0.0
    cases.train(model, case)
    model.save(tmp_path / "m")
    want = cases.outputs_of(model, case)
    serve = tf.contrib.predictor.from_saved_model(str(tmp_path / "m"))
    served = serve(dict(zip(model.input_names, cases.inputs_of(case))))
    for name, value in zip(model.output_names, want, strict=True):
        np.testing.assert_allclose(served[name], value, rtol=1e-5, atol=1e-6)
    expected = cases.train(model, case)
    with tf.Graph().as_default():
        again = keras.models.load_model(tmp_path / "m")
        for got, value in zip(cases.outputs_of(again, case), want, strict=True):
            np.testing.assert_allclose(got, value, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(cases.train(again, case), expected, rtol=1e-5)


def test_files_are_those_that_tensorflow_looks_for(cases, tmp_path):
    cases.compiled(keras, "nested", "sgd").save(tmp_path / "m")
    found = sorted(str(path.relative_to(tmp_path / "m")) for path in (tmp_path / "m").rglob("*") if path.is_file())
    assert found == [
        "assets.extra/training_config.json",
        "assets/saved_model.json",
        "saved_model.pb",
        "variables/variables.data-00000-of-00001",
        "variables/variables.index",
    ]
    assert os.listdir(tmp_path) == ["m"]


class Own(keras.Model):
    """A model with a call of its own."""

    def __init__(self, units=2):
        super().__init__()
        self.dense = keras.layers.Dense(units)

    def call(self, inputs):
        return self.dense(inputs)


def test_a_model_with_a_call_of_its_own_is_served(tmp_path):
    model = Own(units=3)
    with pytest.raises(ValueError, match="input shapes have not been set"):
        model.save(tmp_path / "m")
    x = np.ones([2, 4], np.float32)
    want = model.predict(x)
    model.save(tmp_path / "m")
    serve = tf.contrib.predictor.from_saved_model(str(tmp_path / "m"))
    np.testing.assert_allclose(next(iter(serve({model.input_names[0]: x}).values())), want, rtol=1e-6)


def test_what_is_there_is_written_over_only_if_it_is_a_model(cases, tmp_path):
    model = cases.compiled(keras, "nested", "sgd")
    model.save(tmp_path / "m")
    model.save(tmp_path / "m")
    with pytest.raises(FileExistsError, match="overwrite=True"):
        model.save(tmp_path / "m", overwrite=False)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.txt").write_text("years of work")
    with pytest.raises(ValueError, match="holds something else"):
        model.save(tmp_path / "other")
    assert (tmp_path / "other" / "thesis.txt").read_text() == "years of work"
    with pytest.raises(ValueError, match="is a file"):
        model.save(tmp_path / "other" / "thesis.txt")


def test_a_model_may_be_saved_without_its_optimizer(cases, tmp_path):
    model = cases.compiled(keras, "nested", "sgd")
    model.save(tmp_path / "m", include_optimizer=False)
    with pytest.warns(UserWarning, match=r"\*not\* compiled"):
        assert not keras.models.load_model(tmp_path / "m").is_compiled
    assert not keras.models.load_model(tmp_path / "m", compile=False).is_compiled


def test_a_saved_model_that_is_no_keras_model_is_refused(tmp_path):
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [None])
        tf.saved_model.simple_save(session, str(tmp_path / "m"), {"x": x}, {"y": x * 2.0})
    with pytest.raises(ValueError, match="no Keras model"):
        keras.models.load_model(tmp_path / "m")
