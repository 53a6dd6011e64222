"""Weights in checkpoints of objects, as TensorFlow's Keras writes and reads them."""

from __future__ import annotations

import json

import numpy as np
import pytest
from tensorboard.compat.proto.trackable_object_graph_pb2 import TrackableObjectGraph

import trackml as tf
from trackml import keras
from trackml.keras.saving.object_graph import KEY


@pytest.mark.parametrize("case", ["recurrent", "nested"])
def test_a_checkpoint_of_tensorflow_is_read(case, cases, saved):
    told = saved["models"][case]
    model = keras.models.model_from_json(json.dumps(told["json"]))
    model.load_weights(saved["folder"] / f"{case}_checkpoint")
    np.testing.assert_allclose(cases.outputs_of(model, case), told["outputs"], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("case", ["recurrent", "nested"])
def test_variables_are_under_tensorflows_keys(case, cases, saved, tmp_path):
    model = keras.models.model_from_json(json.dumps(saved["models"][case]["json"]))
    model.save_weights(tmp_path / "w")
    ours, theirs = (
        tf.train.load_checkpoint(str(path)) for path in (tmp_path / "w", saved["folder"] / f"{case}_checkpoint")
    )
    extra = {KEY, "save_counter/.ATTRIBUTES/VARIABLE_VALUE"}
    shapes = [{k: v for k, v in one.get_variable_to_shape_map().items() if k not in extra} for one in (ours, theirs)]
    assert shapes[0] == shapes[1]


def test_the_state_file_names_the_checkpoint(cases, tmp_path):
    cases.model_of(keras, "nested").save_weights(tmp_path / "deep" / "w")
    assert tf.train.latest_checkpoint(str(tmp_path / "deep")) == str(tmp_path / "deep" / "w")


@pytest.mark.parametrize("optimizer", ["Adam", "Nadam", "Ftrl", "RMSprop"])
def test_the_optimizer_goes_on_where_it_was(optimizer, cases, tmp_path):
    kind = getattr(keras.optimizers, optimizer)
    model = cases.compiled(keras, "nested", kind(0.01))
    cases.train(model, "nested")
    model.save_weights(tmp_path / "w")
    expected = cases.train(model, "nested")
    with tf.Graph().as_default():
        again = cases.compiled(keras, "nested", kind(0.01))
        again.load_weights(tmp_path / "w")
        np.testing.assert_allclose(cases.train(again, "nested"), expected, rtol=1e-5)
    with tf.Graph().as_default():  # another optimizer begins anew
        other = cases.compiled(keras, "nested", keras.optimizers.SGD(0.01, momentum=0.5))
        other.load_weights(tmp_path / "w")
        assert cases.train(other, "nested")[0] == pytest.approx(expected[0], rel=1e-5)


def test_slots_are_told_by_their_variables(cases, tmp_path):
    model = cases.compiled(keras, "nested", keras.optimizers.Adam(0.01))
    cases.train(model, "nested")
    model.save_weights(tmp_path / "w")
    proto = TrackableObjectGraph.FromString(tf.train.load_checkpoint(str(tmp_path / "w")).get_tensor(KEY))
    optimizer = next(child.node_id for child in proto.nodes[0].children if child.local_name == "optimizer")
    slots = proto.nodes[optimizer].slot_variables
    assert [slot.slot_name for slot in slots] == ["m"] * 6 + ["v"] * 6
    key = proto.nodes[slots[0].slot_variable_node_id].attributes[0].checkpoint_key
    assert (
        key == "layer_with_weights-0/layer_with_weights-0/kernel/.OPTIMIZER_SLOT/optimizer/m/.ATTRIBUTES/VARIABLE_VALUE"
    )


class Own(keras.Model):
    """A model whose layers are in attributes, lists and dicts."""

    def __init__(self):
        super().__init__()
        self.first = keras.layers.Dense(3)
        self.blocks = [keras.layers.Dense(3), keras.layers.Dense(3)]
        self.ends = {"one": keras.layers.Dense(1)}

    def call(self, inputs):
        for layer in [self.first, *self.blocks]:
            inputs = layer(inputs)
        return self.ends["one"](inputs)


def test_a_model_with_a_call_of_its_own_is_kept_by_its_attributes(tmp_path):
    model, again = Own(), Own()
    for one in (model, again):
        one.compile("sgd", "mse")
        one.predict(np.ones([2, 2]))
    model.save_weights(tmp_path / "w")
    names = tf.train.load_checkpoint(str(tmp_path / "w")).get_variable_to_shape_map()
    assert {name.split("/.")[0] for name in names} >= {"first/kernel", "blocks/1/bias", "ends/one/kernel"}
    again.load_weights(tmp_path / "w")
    np.testing.assert_array_equal(again.predict(np.ones([2, 2])), model.predict(np.ones([2, 2])))


def test_checkpoints_of_estimators_are_read_by_names(tmp_path):
    x = np.ones([4, 2], np.float32)
    model = keras.Sequential([keras.layers.Dense(1, name="XYZ", input_shape=(2,))])
    model.compile("sgd", "mse")
    estimator = keras.estimator.model_to_estimator(model, model_dir=str(tmp_path))
    estimator.train(lambda: ({"XYZ_input": x}, x[:, :1]), steps=2)
    model.load_weights(estimator.latest_checkpoint())
    np.testing.assert_array_equal(model.get_weights()[0], estimator.get_variable_value("XYZ/kernel"))


def test_another_models_checkpoint_is_refused(cases, tmp_path):
    cases.model_of(keras, "nested").save_weights(tmp_path / "w")
    other = keras.Sequential([keras.layers.Dense(2, input_shape=(2,), name="d")])
    with pytest.raises(ValueError, match=r"has no values for \['d/kernel:0', 'd/bias:0'\]"):
        other.load_weights(tmp_path / "w")
    keras.Sequential([keras.layers.Dense(3, input_shape=(2,))]).save_weights(tmp_path / "x")
    with pytest.raises(ValueError, match=r"\(2, 2\), but in the checkpoint .* \(2, 3\)"):
        other.load_weights(tmp_path / "x")
    with pytest.raises(ValueError, match=r"no file .*none\.index"):
        other.load_weights(tmp_path / "none")
    with pytest.raises(ValueError, match="by_name=True"):
        other.load_weights(tmp_path / "x", by_name=True)
    with pytest.raises(ValueError, match="not created its variables"):
        keras.Sequential([keras.layers.Dense(3)]).load_weights(tmp_path / "x")
