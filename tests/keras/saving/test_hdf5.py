"""Weights and models in HDF5 files, as TensorFlow's Keras writes and reads them."""

from __future__ import annotations

import json
import sys

import h5py
import numpy as np
import pytest

import trackml as tf
from trackml import keras

CLOSE = {"rtol": 1e-4, "atol": 1e-6}


@pytest.mark.parametrize("case", ["functional", "nested"])
def test_a_model_of_tensorflow_goes_on_learning_here(case, cases, saved, unpacked):
    trained = saved["models"][case]["trained"]
    model = keras.models.load_model(unpacked(f"{case}.h5"))
    for got, want in zip(cases.outputs_of(model, case), trained["outputs"], strict=True):
        np.testing.assert_allclose(got, want, **CLOSE)
    np.testing.assert_allclose(cases.train(model, case), trained["losses"], **CLOSE)


@pytest.mark.parametrize("case", ["functional", "nested", "sequential"])
@pytest.mark.parametrize(
    "optimizer", ["SGD", "Momentum", "RMSprop", "Adam", "Adagrad", "Adadelta", "Adamax", "Nadam", "Ftrl", "Scheduled"]
)
def test_a_model_that_was_saved_goes_on_as_if_it_were_not(case, optimizer, cases, tmp_path):
    optimizers = keras.optimizers
    schedule = optimizers.schedules.ExponentialDecay(0.1, 2, 0.5)
    special = {"Momentum": lambda: optimizers.SGD(0.1, momentum=0.9), "Scheduled": lambda: optimizers.SGD(schedule)}
    made = special[optimizer]() if optimizer in special else getattr(optimizers, optimizer)()
    model = cases.compiled(keras, case, made)
    _without_chance(model)
    cases.train(model, case)
    model.save(tmp_path / "m.h5")
    expected = cases.train(model, case)
    with tf.Graph().as_default():
        again = keras.models.load_model(tmp_path / "m.h5")
        _without_chance(again)
        assert type(again.optimizer) is type(made)
        np.testing.assert_allclose(cases.train(again, case), expected, rtol=1e-5)


def _without_chance(model):
    for layer in model.layers:
        if isinstance(layer, keras.layers.Dropout):
            layer.rate = 0.0


def test_weights_of_tensorflow_are_read(cases, saved, unpacked):
    name = "recurrent_weights.h5" if saved["folder"].name == "tf115" else "recurrent.weights.h5"
    told = saved["models"]["recurrent"]
    model = keras.models.model_from_json(json.dumps(told["json"]))
    model.load_weights(unpacked(name))
    np.testing.assert_allclose(cases.outputs_of(model, "recurrent"), told["outputs"], **CLOSE)


def test_a_file_is_laid_out_as_tensorflow_lays_it_out(cases, saved, unpacked, tmp_path):
    case = "functional"
    model = keras.models.load_model(unpacked(f"{case}.h5"))
    model.save(tmp_path / "ours.h5")
    with h5py.File(tmp_path / "ours.h5") as ours, h5py.File(unpacked(f"{case}.h5")) as theirs:
        assert set(ours.attrs) == set(theirs.attrs)
        mine, others = ours["model_weights"], theirs["model_weights"]
        assert sorted(_texts(mine.attrs["layer_names"])) == sorted(_texts(others.attrs["layer_names"]))
        for name in _texts(mine.attrs["layer_names"]):
            shapes = [[np.shape(group[name][one]) for one in _texts(group[name].attrs["weight_names"])]
                      for group in (mine, others)]  # fmt: skip
            assert shapes[0] == shapes[1]
        if saved["folder"].name == "tf115":
            orders = [_texts(file["optimizer_weights"].attrs["weight_names"]) for file in (ours, theirs)]
            slots = [[name.rsplit("/", 1)[-1] for name in order] for order in orders]
            assert slots[0] == slots[1]


def _texts(names):
    return [name.decode() if isinstance(name, bytes) else str(name) for name in names]


def test_weights_are_where_both_versions_look(cases, tmp_path):
    model = cases.model_of(keras, "nested")
    cases.fix_weights(model)
    model.save_weights(tmp_path / "a.weights.h5")
    with h5py.File(tmp_path / "a.weights.h5") as file:
        old = file["inner/deep/kernel:0"]
        new = file["layers/sequential/layers/dense/vars/0"]
        np.testing.assert_array_equal(old, new)
        assert old.id == new.id  # a link, not a copy
        assert "layers/functional/layers/dense/vars/1" in file
    with tf.Graph().as_default():
        again = cases.model_of(keras, "nested")
        again.load_weights(tmp_path / "a.weights.h5")
        assert cases.outputs_of(again, "nested") == cases.outputs_of(model, "nested")


def _two(first=3, last="last"):
    layers = keras.layers
    return keras.Sequential([layers.Dense(first, input_shape=(2,), name="first"), layers.Dense(1, name=last)])


def test_layers_get_weights_by_their_names(tmp_path):
    source, target = _two(), _two(last="other")
    source.save_weights(tmp_path / "w.h5")
    before = target.layers[1].get_weights()
    target.load_weights(tmp_path / "w.h5", by_name=True)
    np.testing.assert_array_equal(target.layers[0].get_weights()[0], source.layers[0].get_weights()[0])
    np.testing.assert_array_equal(target.layers[1].get_weights()[0], before[0])


def test_a_layer_that_does_not_fit_is_refused_or_left_alone(tmp_path):
    source, target = _two(), _two(first=4)
    source.save_weights(tmp_path / "w.h5")
    with pytest.raises(ValueError, match=r"Shape mismatch in layer #0 \(named first.*\(2, 4\).*\(2, 3\)"):
        target.load_weights(tmp_path / "w.h5")
    with pytest.raises(ValueError, match=r"Shape mismatch in layer #0 \(named first\)"):
        target.load_weights(tmp_path / "w.h5", by_name=True)
    with pytest.warns(UserWarning, match="Skipping loading of weights for layer #0"):
        keras.Sequential([*_two(first=4).layers[:1]]).load_weights(tmp_path / "w.h5", by_name=True, skip_mismatch=True)
    with pytest.raises(ValueError, match="only be set to True when by_name"):
        target.load_weights(tmp_path / "w.h5", skip_mismatch=True)
    with pytest.raises(ValueError, match="Model expected 1 layers, found 2 saved"):
        keras.Sequential([keras.layers.Dense(3, input_shape=(2,))]).load_weights(tmp_path / "w.h5")


def test_weights_are_read_out_of_a_whole_model(tmp_path):
    model = _two()
    model.compile("sgd", "mse")
    model.save(tmp_path / "m.h5")
    again = _two()
    again.load_weights(tmp_path / "m.h5")
    np.testing.assert_array_equal(again.get_weights()[0], model.get_weights()[0])


def test_long_lists_of_names_are_in_pieces(tmp_path):
    layers = [keras.layers.Dense(1, name=f"{place:03}_{'x' * 900}") for place in range(80)]
    model = keras.Sequential(layers)
    model.build((None, 1))
    model.save_weights(tmp_path / "w.h5")
    with h5py.File(tmp_path / "w.h5") as file:
        assert "layer_names" not in file.attrs
        assert len(file.attrs["layer_names0"]) < 80
    before = model.get_weights()
    model.set_weights([np.zeros_like(value) for value in before])
    model.load_weights(tmp_path / "w.h5")
    np.testing.assert_array_equal(model.get_weights()[-2], before[-2])


def test_metrics_losses_and_their_weights_come_back(cases, tmp_path):
    model = cases.compiled(keras, "functional", "adam")
    model.save(tmp_path / "m.h5")
    again = keras.models.load_model(tmp_path / "m.h5")
    assert again.metrics_names == model.metrics_names
    inputs, targets = cases.given("functional"), [np.ones([8, 1]), np.ones([8, 2])]
    expected = model.evaluate(inputs, targets, verbose=0)
    np.testing.assert_allclose(again.evaluate(inputs, targets, verbose=0), expected, rtol=1e-6)


def test_a_loss_of_ones_own_needs_its_name(tmp_path):
    def cubed(y_true, y_pred):
        return tf.reduce_mean(tf.abs(y_true - y_pred) ** 3, axis=-1)

    model = _two()
    model.compile("sgd", cubed)
    model.save(tmp_path / "m.h5")
    with pytest.raises(ValueError, match="cubed"):
        keras.models.load_model(tmp_path / "m.h5").metrics_names  # noqa: B018
    assert keras.models.load_model(tmp_path / "m.h5", {"cubed": cubed}).loss is cubed
    assert not keras.models.load_model(tmp_path / "m.h5", compile=False).is_compiled


def test_an_optimizer_of_tf_train_is_not_saved(tmp_path):
    model = _two()
    model.compile(tf.train.AdamOptimizer(), "mse")
    with pytest.warns(UserWarning, match="without optimizer"):
        model.save(tmp_path / "m.h5")
    with pytest.warns(UserWarning, match=r"\*not\* compiled"):
        assert not keras.models.load_model(tmp_path / "m.h5").is_compiled


class Own(keras.Model):
    """A model with a call of its own."""

    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1)

    def call(self, inputs):
        return self.dense(inputs)


def test_what_hdf5_cannot_hold_is_refused(tmp_path):
    with pytest.raises(ValueError, match="Functional model or a Sequential"):
        Own().save(tmp_path / "m.h5")
    with pytest.raises(ValueError, match="has none yet"):
        Own().save_weights(tmp_path / "w.h5")
    with pytest.raises(ValueError, match=r"Keras 3 \(\.keras\)"):
        _two().save(tmp_path / "m.keras")
    with pytest.raises(ValueError, match=r'Was expecting one of \{"tf", "h5"\}'):
        _two().save_weights(tmp_path / "w", save_format="zip")
    with pytest.raises(ValueError, match="is that of HDF5"):
        _two().save_weights(tmp_path / "w.h5", save_format="tf")
    _two().save_weights(tmp_path / "w.h5")
    with pytest.raises(FileExistsError, match="overwrite=True"):
        _two().save_weights(tmp_path / "w.h5", overwrite=False)
    with pytest.raises(ValueError, match="No model config found"):
        keras.models.load_model(tmp_path / "w.h5")
    with pytest.raises(FileNotFoundError, match="No file or directory"):
        keras.models.load_model(tmp_path / "none.h5")
    (tmp_path / "text.h5").write_text("text")
    with pytest.raises(ValueError, match="no HDF5 file, or is damaged"):
        keras.models.load_model(tmp_path / "text.h5")


def test_a_write_that_fails_leaves_the_old_file(tmp_path):
    model = _two()
    model.save(tmp_path / "m.h5")
    before = (tmp_path / "m.h5").read_bytes()
    model.layers[0].activation = lambda x: x
    with pytest.raises(TypeError, match="lambda"):
        model.save(tmp_path / "m.h5")
    assert (tmp_path / "m.h5").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["m.h5"]


def test_without_h5py_one_sentence_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "h5py", None)
    with pytest.raises(ImportError, match=r"pip install 'trackml-tui\[h5\]'"):
        _two().save_weights(tmp_path / "w.h5")


def test_losses_and_metrics_that_are_objects_come_back(cases, saved, unpacked, tmp_path):
    model = keras.models.load_model(unpacked("measured.h5"))
    want = saved["models"]["measured"]
    np.testing.assert_allclose(model.evaluate(*cases.measured_data(), verbose=0), want, **CLOSE)
    names = model.metrics_names
    assert names == ["loss", "acc", "auc", "precision", "recall", "mean_squared_error", "binary_accuracy", "squares"]
    model.save(tmp_path / "again.h5")
    with h5py.File(tmp_path / "again.h5") as file:
        told = json.loads(file.attrs["training_config"])
    # What TensorFlow 1.15 does not take is not told.
    assert sorted(told["loss"]["config"]) == ["from_logits", "label_smoothing", "name", "reduction"]
    with tf.Graph().as_default():
        again = keras.models.load_model(tmp_path / "again.h5")
        assert again.metrics_names == names
        np.testing.assert_allclose(again.evaluate(*cases.measured_data(), verbose=0), want, **CLOSE)
