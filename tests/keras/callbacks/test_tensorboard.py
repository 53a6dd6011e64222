"""The callback `TensorBoard` against what TensorFlow 2.15 writes; see tests/golden/keras/PROVENANCE.md."""

from __future__ import annotations

import json
import pathlib
import sys

import numpy as np
import pytest
from tensorboard.plugins.histogram.summary_v2 import histogram_pb
from tensorboard.util import tensor_util

import trackml as tf
from trackml import keras
from trackml.keras.callbacks.tensorboard_values import histogram_rows
from trackml.runs import RunStore

GOLDEN = pathlib.Path(__file__).parents[2] / "golden"
sys.path.insert(0, str(GOLDEN / "make"))
import keras_tensorboard_cases  # noqa: E402

sys.path.pop(0)
FOUND = json.loads((GOLDEN / "keras" / "tensorboard.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", sorted(set(keras_tensorboard_cases.CASES) - {"batches"}))
def test_files_hold_what_tensorflow_writes(case, tmp_path):
    keras_tensorboard_cases.train(keras, case, str(tmp_path))
    got = keras_tensorboard_cases.runs_of(str(tmp_path), tf.train.summary_iterator)
    assert sorted(got) == sorted(FOUND[case])
    for run, values in FOUND[case].items():
        assert [value for value in got[run] if value[1] != "graph_def"] == values


def test_losses_of_batches_are_written_as_often_as_was_said(tmp_path):
    keras_tensorboard_cases.train(keras, "batches", str(tmp_path))
    got = keras_tensorboard_cases.runs_of(str(tmp_path), tf.train.summary_iterator)["train"]
    assert [value[0] for value in got if value[1] == "batch_loss"] == [2, 4, 6, 8, 10]


@pytest.mark.parametrize("wanted", [True, False])
def test_the_graph_is_written_once(wanted, linear, data, tmp_path):
    callback = keras.callbacks.TensorBoard(tmp_path, write_graph=wanted)
    linear().fit(*data, epochs=2, verbose=0, callbacks=[callback])
    got = keras_tensorboard_cases.runs_of(str(tmp_path), tf.train.summary_iterator)["train"]
    assert [value[1] for value in got].count("graph_def") == int(wanted)
    assert [value[1] for value in got].count("keras") == int(wanted)


def test_values_are_those_of_the_history(linear, data, tmp_path):
    history = linear().fit(
        *data, epochs=3, verbose=0, validation_split=0.5, callbacks=[keras.callbacks.TensorBoard(tmp_path)]
    )
    store = RunStore(tmp_path)
    store.refresh()
    runs = store.snapshot()
    for run, name in (("train", "loss"), ("validation", "val_loss")):
        np.testing.assert_allclose(runs[run].scalars["epoch_loss"].value, history.history[name], rtol=1e-6)
        assert runs[run].scalars["epoch_loss"].step.tolist() == [0, 1, 2]


@pytest.mark.parametrize("values", [np.sin(np.arange(100.0)), np.ones(5), np.array([]), np.array([0.0, 1e-30, 1.0])])
def test_buckets_are_tensorboards(values):
    want = tensor_util.make_ndarray(histogram_pb("tag", values).value[0].tensor)
    np.testing.assert_allclose(histogram_rows(values), want, rtol=1e-12)


def test_embeddings_are_kept_for_the_projector(tmp_path):
    model = keras.Sequential(
        [keras.layers.Embedding(5, 3, input_length=2, name="words"), keras.layers.Flatten(), keras.layers.Dense(1)]
    )
    model.compile("sgd", "mse")
    callback = keras.callbacks.TensorBoard(tmp_path, embeddings_freq=1, embeddings_metadata={"words": "words.tsv"})
    model.fit(np.array([[1, 2], [3, 4]]), np.ones([2, 1]), epochs=2, verbose=0, callbacks=[callback])
    text = (tmp_path / "projector_config.pbtxt").read_text()
    key = "layer_with_weights-0/embeddings/.ATTRIBUTES/VARIABLE_VALUE"
    assert f'tensor_name: "{key}"' in text
    assert 'metadata_path: "words.tsv"' in text
    reader = tf.train.load_checkpoint(str(tmp_path / "train" / "keras_embedding.ckpt-1"))
    np.testing.assert_array_equal(reader.get_tensor(key), model.get_weights()[0])
    wrong = keras.callbacks.TensorBoard(tmp_path, embeddings_freq=1, embeddings_metadata={"wrds": "words.tsv"})
    with pytest.raises(ValueError, match="wrds"):
        wrong.set_model(model)


def test_what_has_no_effect_is_said(caplog):
    keras.callbacks.TensorBoard(profile_batch=2, write_grads=True)
    assert "profile_batch=2 has no effect" in caplog.text
    assert "`write_grads` has no effect" in caplog.text
    with pytest.raises(ValueError, match="histogramm_freq"):
        keras.callbacks.TensorBoard(histogramm_freq=1)


def test_a_model_with_a_lambda_is_drawn_all_the_same(data, tmp_path):
    model = keras.Sequential([keras.layers.Lambda(lambda x: x * 2.0, input_shape=(2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(*data, verbose=0, callbacks=[keras.callbacks.TensorBoard(tmp_path)])
    assert keras_tensorboard_cases.runs_of(str(tmp_path), tf.train.summary_iterator)["train"][0][1] == "keras"
