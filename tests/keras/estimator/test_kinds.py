"""Estimators of models of all kinds: saved, nested, with a call of their own, with optimizers of `tf.train`."""

from __future__ import annotations

import numpy as np
import pytest

import trackml as tf
from trackml import keras

X = np.linspace(-1.0, 1.0, 40).astype(np.float32).reshape(20, 2)
Y = (X[:, 0] - 2.0 * X[:, 1] + 0.5).astype(np.float32)


def _input_fn(name):
    return lambda: tf.data.Dataset.from_tensor_slices(({name: X}, Y)).batch(20).repeat()


def _agree(model, estimator, name):
    """After one more step both have the same loss."""
    estimator.train(_input_fn(name), steps=1)
    model.train_on_batch(X, Y)
    scores = estimator.evaluate(_input_fn(name), steps=1)
    expected = model.evaluate(X, Y, batch_size=20, verbose=0)
    assert scores["loss"] == pytest.approx(np.ravel(expected)[0], rel=1e-4)


class Blocks(keras.Model):
    """Layers in attributes and lists, tied together by `call`."""

    def __init__(self, units=3, depth=2):
        super().__init__()
        self.blocks = [keras.layers.Dense(units, activation="tanh") for _ in range(depth)]
        self.norm = keras.layers.BatchNormalization()
        self.drop = keras.layers.Dropout(0.0)
        self.out = keras.layers.Dense(1)

    def call(self, inputs, training=None):
        for block in self.blocks:
            inputs = block(inputs)
        return self.out(self.drop(self.norm(inputs), training=training))


def test_a_model_with_a_call_of_its_own_keeps_what_it_learned(tmp_path):
    model = Blocks(units=4)
    model.blocks[0].trainable = False
    model.compile(keras.optimizers.SGD(0.05), "mse", ["mae"])
    model.fit(X, Y, batch_size=20, epochs=3, verbose=0)
    before = model.get_weights()
    estimator = keras.estimator.model_to_estimator(model, model_dir=str(tmp_path))
    estimator.train(_input_fn("input_1"), steps=2)
    for value, kept in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(value, kept)
    frozen = [name for name in estimator.get_variable_names() if name.endswith("dense/kernel")]
    np.testing.assert_array_equal(estimator.get_variable_value(frozen[0]), before[0])
    with tf.Graph().as_default():
        again = keras.estimator.model_to_estimator(_compiled(Blocks(units=4)), model_dir=str(tmp_path / "new"))
        again.train(lambda: (X, Y), steps=1)
        assert len(again.get_variable_names()) == len(estimator.get_variable_names())


def _compiled(model, optimizer=None):
    model.compile(optimizer or keras.optimizers.SGD(0.05), "mse")
    return model


def test_a_model_with_a_call_of_its_own_goes_on_with_its_weights(tmp_path):
    model = _compiled(Blocks())
    model.fit(X, Y, batch_size=20, epochs=2, verbose=0)
    _agree(model, keras.estimator.model_to_estimator(model, model_dir=str(tmp_path)), "input_1")


def test_a_model_that_saw_no_data_takes_features_as_they_are(tmp_path):
    class Named(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(1)

        def call(self, inputs):
            return self.dense(inputs["left"]) + self.dense(inputs["right"])

    estimator = keras.estimator.model_to_estimator(_compiled(Named()), model_dir=str(tmp_path))
    estimator.train(lambda: ({"left": X, "right": X.astype(np.float64)}, Y), steps=3)
    assert estimator.get_variable_value("global_step") == 3
    row = next(iter(estimator.predict(lambda: tf.data.Dataset.from_tensor_slices({"left": X, "right": X}).batch(5))))
    assert row["output_1"].shape == (1,)


def test_a_model_called_on_a_dict_takes_features_of_its_names(tmp_path):
    class Named(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense, self.other = keras.layers.Dense(1), keras.layers.Dense(1)

        def call(self, inputs):
            return self.dense(inputs["right"]) + self.other(inputs["left"])

    model = _compiled(Named())
    model.fit({"right": X, "left": 2.0 * X}, Y, batch_size=20, verbose=0)
    estimator = keras.estimator.model_to_estimator(model, model_dir=str(tmp_path))
    data = tf.data.Dataset.from_tensor_slices({"left": 2.0 * X, "right": X})
    rows = list(estimator.predict(lambda: data.batch(20), checkpoint_path=str(tmp_path / "keras" / "keras_model.ckpt")))
    got = [row["output_1"] for row in rows]
    np.testing.assert_allclose(got, model.predict({"left": 2.0 * X, "right": X}), rtol=1e-5, atol=1e-6)


def test_layers_that_the_constructor_does_not_make_are_missed(tmp_path):
    class Late(keras.Model):
        def call(self, inputs):
            return self.dense(inputs)

    model = _compiled(Late())
    model.dense = keras.layers.Dense(1)
    model.fit(X, Y, verbose=0)
    with pytest.raises((ValueError, AttributeError), match=r"dense|Make all layers"):
        keras.estimator.model_to_estimator(model, model_dir=str(tmp_path))


@pytest.mark.parametrize("ending", [".h5", ""])
def test_a_saved_model_becomes_an_estimator(ending, tmp_path):
    def double(x):
        return 2.0 * x

    model = keras.Sequential([keras.layers.Dense(1, activation=double, input_shape=(2,), name="XYZ")])
    model.compile(keras.optimizers.SGD(0.05), "mse")
    model.fit(X, Y, batch_size=20, verbose=0)
    model.save(tmp_path / f"model{ending}")
    estimator = keras.estimator.model_to_estimator(
        keras_model_path=tmp_path / f"model{ending}", custom_objects={"double": double}, model_dir=tmp_path / "runs"
    )
    _agree(model, estimator, "XYZ_input")


def test_nested_and_shared_layers_are_made_once(tmp_path):
    layers = [
        keras.layers.Dense(2, activation="tanh", input_shape=(2,), name="deep"),
        keras.layers.BatchNormalization(),
    ]
    inner = keras.Sequential(layers, name="inner")
    x = keras.Input(shape=(2,), name="x")
    both = keras.layers.Concatenate(name="both")([inner(x), inner(keras.layers.Activation("tanh", name="t")(x))])
    model = _compiled(keras.Model(x, keras.layers.Dense(1, name="out")(both)))
    model.fit(X, Y, batch_size=20, verbose=0)
    estimator = keras.estimator.model_to_estimator(model, model_dir=str(tmp_path))
    _agree(model, estimator, "x")
    kernels = [name for name in estimator.get_variable_names() if name.endswith("kernel")]
    assert sorted(kernels) == ["deep/kernel", "out/kernel"]


@pytest.mark.parametrize(
    "optimizer",
    [
        lambda: tf.train.GradientDescentOptimizer(0.05),
        lambda: tf.train.MomentumOptimizer(0.05, 0.9),
        lambda: tf.train.AdamOptimizer(0.05),
        lambda: keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True),
        lambda: keras.optimizers.RMSprop(0.02, rho=0.8),
        lambda: keras.optimizers.Adam(0.05, clipnorm=0.1),
    ],
)
def test_optimizers_keep_their_settings(optimizer, tmp_path):
    model = keras.Sequential([keras.layers.Dense(1, input_shape=(2,), name="d", kernel_initializer="zeros")])
    model.compile(optimizer(), "mse")
    estimator = keras.estimator.model_to_estimator(model, model_dir=str(tmp_path))
    estimator.train(_input_fn("d_input"), max_steps=3)
    for _ in range(3):
        model.train_on_batch(X, Y)
    np.testing.assert_allclose(estimator.get_variable_value("d/kernel"), model.get_weights()[0], rtol=1e-4)


def test_a_rate_that_was_set_is_kept(tmp_path):
    model = keras.Sequential([keras.layers.Dense(1, input_shape=(2,), name="d", kernel_initializer="zeros")])
    model.compile(keras.optimizers.SGD(0.5), "mse")
    model.train_on_batch(X, Y)
    keras.backend.set_value(model.optimizer.lr, 0.0)
    before = model.get_weights()[0]
    estimator = keras.estimator.model_to_estimator(model, model_dir=str(tmp_path))
    estimator.train(_input_fn("d_input"), steps=2)
    np.testing.assert_array_equal(estimator.get_variable_value("d/kernel"), before)


def test_exporters_keep_what_serves(tmp_path):
    model = keras.Sequential([keras.layers.Dense(1, input_shape=(2,), name="d")])
    model.compile(keras.optimizers.SGD(0.1), "mse", ["mae"])
    estimator = keras.estimator.model_to_estimator(model, model_dir=str(tmp_path))

    def serving_input_fn():
        rows = tf.placeholder(tf.float32, [None, 2], name="rows")
        return tf.estimator.export.ServingInputReceiver({"d_input": rows}, {"rows": rows})

    tf.estimator.train_and_evaluate(
        estimator,
        tf.estimator.TrainSpec(_input_fn("d_input"), max_steps=10),
        tf.estimator.EvalSpec(
            _input_fn("d_input"),
            steps=1,
            exporters=tf.estimator.LatestExporter("latest", serving_input_fn),
            start_delay_secs=0,
            throttle_secs=0,
        ),
    )
    (exported,) = (tmp_path / "export" / "latest").iterdir()
    by_hand = estimator.export_saved_model(str(tmp_path / "mine"), serving_input_fn)
    want = [row["d"] for row in estimator.predict(lambda: tf.data.Dataset.from_tensor_slices({"d_input": X}).batch(20))]
    for path in (str(exported), by_hand.decode()):
        served = tf.contrib.predictor.from_saved_model(path)({"rows": X})
        np.testing.assert_allclose(served["d"], want, rtol=1e-5)


def test_checkpoints_go_back_into_the_model(tmp_path):
    model = keras.Sequential([keras.layers.Dense(1, input_shape=(2,), name="d")])
    model.compile(keras.optimizers.SGD(0.1), "mse")
    estimator = keras.estimator.model_to_estimator(model, model_dir=str(tmp_path))
    estimator.train(_input_fn("d_input"), steps=20)
    model.load_weights(tf.train.latest_checkpoint(str(tmp_path)))
    scores = estimator.evaluate(_input_fn("d_input"), steps=1)
    assert model.evaluate(X, Y, verbose=0) == pytest.approx(scores["loss"], rel=1e-5)


def test_a_sequential_without_a_shape_learns_it_from_features(tmp_path):
    model = _compiled(keras.Sequential([keras.layers.Dense(3), keras.layers.Dense(1)]))
    estimator = keras.estimator.model_to_estimator(model, model_dir=str(tmp_path))
    estimator.train(lambda: (X, Y), steps=2)
    assert estimator.get_variable_value("global_step") == 2


def test_penalties_and_moving_means_are_part_of_the_training(tmp_path):
    layers = [
        keras.layers.Dense(
            2, input_shape=(2,), kernel_regularizer="l2", activity_regularizer=keras.regularizers.l2(0.1)
        ),
        keras.layers.BatchNormalization(momentum=0.5, name="bn"),
        keras.layers.Dense(1),
    ]
    model = _compiled(keras.Sequential(layers))
    estimator = keras.estimator.model_to_estimator(model, model_dir=str(tmp_path))
    _agree(model, estimator, model.input_names[0])
    mean = estimator.get_variable_value("bn/moving_mean")
    np.testing.assert_allclose(mean, model.get_layer("bn").get_weights()[2], rtol=1e-4, atol=1e-6)
    assert np.abs(mean).max() > 0
