"""Models: names, training on arrays and datasets, callbacks, weights, summaries."""

from __future__ import annotations

import numpy as np
import pytest

import trackml as tf
from trackml import keras

X = np.linspace(-1.0, 1.0, 40).astype(np.float32).reshape(20, 2)
Y = (X[:, 0] - 2.0 * X[:, 1] + 0.5).astype(np.float32)


def _linear(**kwargs):
    model = keras.Sequential([keras.layers.Dense(1, input_shape=(2,), kernel_initializer="zeros")])
    model.compile(**{"optimizer": keras.optimizers.SGD(0.1), "loss": "mse", **kwargs})
    return model


def test_layers_and_variables_are_called_as_keras_calls_them():
    first, second = keras.layers.Dense(2, input_shape=(3,)), keras.layers.Dense(1)
    model = keras.Sequential([first, second])
    assert [layer.name for layer in model.layers] == ["dense", "dense_1"]
    assert [weight.name for weight in model.weights] == [
        "dense/kernel:0", "dense/bias:0", "dense_1/kernel:0", "dense_1/bias:0",
    ]  # fmt: skip
    assert (model.input_names, model.output_names) == (["dense_input"], ["dense_1"])
    assert keras.Input(shape=(1,)).op.name == "input_1"


def test_labels_of_rank_1_are_a_column():
    model = _linear()
    history = model.fit(X, Y, epochs=60, verbose=0)
    assert history.history["loss"][-1] < 1e-2 < history.history["loss"][0]


def test_a_dataset_trains_as_its_arrays_do():
    arrays, dataset = _linear(), _linear()
    first = arrays.fit(X, Y, batch_size=5, epochs=3, shuffle=False, verbose=0)
    data = tf.data.Dataset.from_tensor_slices((X, Y)).batch(5)
    second = dataset.fit(data, epochs=3, verbose=0)
    np.testing.assert_allclose(first.history["loss"], second.history["loss"], rtol=1e-6)
    assert dataset.evaluate(data, verbose=0) == pytest.approx(arrays.evaluate(X, Y, verbose=0), rel=1e-5)
    np.testing.assert_allclose(dataset.predict(data), arrays.predict(X), rtol=1e-5, atol=1e-6)


def test_a_generator_gives_as_many_batches_as_an_epoch_has():
    def batches():
        while True:
            yield X[:5], Y[:5]

    history = _linear().fit(batches(), steps_per_epoch=4, epochs=2, verbose=0)
    assert len(history.history["loss"]) == 2


def test_the_last_rows_are_kept_for_validation():
    history = _linear(metrics=["mae"]).fit(X, Y, validation_split=0.25, epochs=2, verbose=0)
    assert sorted(history.history) == ["loss", "mean_absolute_error", "val_loss", "val_mean_absolute_error"]


def test_the_accuracy_goes_with_the_labels():
    model = keras.Sequential([keras.layers.Dense(3, activation="softmax", input_shape=(2,))])
    model.compile("adam", "sparse_categorical_crossentropy", ["accuracy"])
    labels = np.arange(20) % 3
    loss, accuracy = model.evaluate(X, labels, verbose=0)
    assert model.metrics_names == ["loss", "acc"]
    probabilities = model.predict(X)
    assert accuracy == pytest.approx(np.mean(probabilities.argmax(axis=1) == labels))
    assert loss == pytest.approx(-np.mean(np.log(probabilities[np.arange(20), labels])), rel=1e-5)


def test_weights_of_examples_and_classes_count():
    model = _linear()
    weights = np.linspace(0.0, 2.0, 20)
    expected = np.mean(weights * Y**2)
    assert model.evaluate(X, Y, sample_weight=weights, verbose=0) == pytest.approx(expected, rel=1e-5)
    labels = (Y > 0).astype(np.float32)
    loss = model.train_on_batch(X, labels, class_weight={0: 1.0, 1: 3.0})
    assert loss == pytest.approx(np.mean(3.0 * labels), rel=1e-5)


def test_what_is_not_trainable_stays():
    model = keras.Sequential([keras.layers.Dense(2, input_shape=(2,)), keras.layers.Dense(1)])
    model.layers[0].trainable = False
    model.compile("sgd", "mse")
    before = model.get_weights()
    model.fit(X, Y, epochs=1, verbose=0)
    after = model.get_weights()
    np.testing.assert_array_equal(before[0], after[0])
    assert not np.array_equal(before[2], after[2])


def test_weights_come_back_from_a_checkpoint(tmp_path):
    model = _linear()
    model.fit(X, Y, epochs=2, verbose=0)
    model.save_weights(tmp_path / "w")
    learned = model.get_weights()
    model.set_weights([np.zeros([2, 1]), np.zeros([1])])
    model.load_weights(tmp_path / "w")
    np.testing.assert_array_equal(model.get_weights()[0], learned[0])


def test_several_outputs_have_losses_of_their_own():
    x = keras.Input(shape=(2,), name="x")
    outputs = [keras.layers.Dense(1, name="a")(x), keras.layers.Dense(1, name="b")(x)]
    model = keras.Model(x, outputs)
    model.compile("sgd", {"a": "mse", "b": "mae"}, loss_weights={"a": 1.0, "b": 2.0})
    values = model.evaluate(X, {"a": Y, "b": Y}, verbose=0)
    assert model.metrics_names == ["loss", "a_loss", "b_loss"]
    assert values[0] == pytest.approx(values[1] + 2.0 * values[2], rel=1e-5)


def test_a_model_with_a_call_of_its_own_learns():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(1, kernel_initializer="zeros")

        def call(self, inputs):
            return self.dense(inputs)

    model = Own()
    model.compile(keras.optimizers.SGD(0.1), "mse")
    losses = model.fit(X, Y, epochs=20, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    assert [weight.shape.as_list() for weight in model.weights] == [[2, 1], [1]]


def test_a_sequential_without_a_shape_learns_it_from_data():
    model = keras.Sequential([keras.layers.Dense(3), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(X, Y, verbose=0)
    assert model.count_params() == 13


def test_callbacks_stop_lower_and_write(tmp_path):
    model = _linear(optimizer=keras.optimizers.SGD(0.0))
    rates = keras.callbacks.LearningRateScheduler(lambda epoch: 0.0)
    stop = keras.callbacks.EarlyStopping(monitor="loss", patience=2)
    log = keras.callbacks.CSVLogger(str(tmp_path / "log.csv"))
    path = str(tmp_path / "w-{epoch:02d}")
    save = keras.callbacks.ModelCheckpoint(path, monitor="loss", save_best_only=True, save_weights_only=True)
    history = model.fit(X, Y, epochs=10, verbose=0, shuffle=False, callbacks=[rates, stop, log, save])
    assert history.epoch == [0, 1, 2]
    assert (tmp_path / "log.csv").read_text().splitlines()[0] == "epoch,loss,lr"
    assert sorted(path.name for path in tmp_path.glob("*.index")) == ["w-01.index"]


def test_a_plateau_lowers_the_rate():
    model = _linear(optimizer=keras.optimizers.SGD(1e-9))
    lower = keras.callbacks.ReduceLROnPlateau(monitor="loss", factor=0.5, patience=1)
    history = model.fit(X, Y, epochs=4, verbose=0, shuffle=False, callbacks=[lower])
    np.testing.assert_allclose(history.history["lr"], [1e-9, 1e-9, 5e-10, 2.5e-10], rtol=1e-5)


def test_the_summary_is_keras_table(capsys):
    keras.Sequential([keras.layers.Dense(4, input_shape=(3,)), keras.layers.Dropout(0.5)]).summary()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == 'Model: "sequential"'
    assert lines[4] == "dense (Dense)                (None, 4)                 16        "
    assert "Total params: 16" in lines


def test_the_progress_bar_ends_with_the_loss(capsys):
    _linear().fit(X, Y, batch_size=10, epochs=1)
    out = capsys.readouterr().out
    assert out.startswith("Train on 20 samples\n")
    assert "20/20 [==============================] - 0s" in out
    assert " - loss: " in out


def test_dropout_works_in_training_alone():
    model = keras.Sequential([keras.layers.Dropout(0.5, input_shape=(2,))])
    model.compile("sgd", "mse")
    np.testing.assert_array_equal(model.predict(X), X)
    assert model.test_on_batch(X, X) == 0.0


def test_a_new_recurrent_kernel_is_orthogonal():
    layer = keras.layers.SimpleRNN(4)
    keras.Model(x := keras.Input(shape=(3, 2)), layer(x))
    kernel = layer.get_weights()[1]
    np.testing.assert_allclose(kernel @ kernel.T, np.eye(4), atol=1e-5)


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (lambda: keras.Sequential([keras.layers.Dense(1)]).fit(X, Y), "must compile"),
        (lambda: _linear(loss="mze"), "Unknown loss"),
        (lambda: _linear(optimizer="sdg"), "Unknown optimizer"),
        (lambda: _linear().fit(X, Y[:3]), "same number of examples"),
        (lambda: _linear().predict(np.zeros([3, 5])), r"expected input 'dense_input' to have shape \(None, 2\)"),
        (lambda: _linear().set_weights([np.zeros([2, 1])]), "weight list of length 1"),
        (lambda: _linear().get_layer("nobody"), "No such layer"),
        (lambda: keras.Model(tf.zeros([1, 1]), tf.zeros([1, 1])), "must come from"),
    ],
)
def test_what_is_wrong_is_said(broken, message):
    with pytest.raises((ValueError, RuntimeError), match=message):
        broken()


def test_masked_steps_do_not_count():
    model = keras.Sequential([keras.layers.Embedding(5, 3, mask_zero=True), keras.layers.GRU(2)])
    np.testing.assert_allclose(model.predict(np.array([[1, 2, 0, 0]])), model.predict(np.array([[1, 2]])), rtol=1e-6)


def test_a_model_is_a_layer_of_another(tmp_path):
    inner = keras.Sequential([keras.layers.Dense(3, input_shape=(2,), activation="relu")], name="inner")
    x = keras.Input(shape=(2,), name="x")
    model = keras.Model(x, keras.layers.Dense(1, name="out")(inner(x)))
    model.compile(keras.optimizers.SGD(0.05), "mse")
    model.fit(X, Y, epochs=2, verbose=0)
    estimator = keras.estimator.model_to_estimator(model, model_dir=str(tmp_path))
    estimator.train(lambda: ({"x": X}, Y), steps=1)
    model.train_on_batch(X, Y)
    np.testing.assert_allclose(estimator.get_variable_value("out/kernel"), model.get_weights()[2], rtol=1e-5)


def test_an_optimizer_of_tf_train_trains():
    model = _linear(optimizer=tf.train.AdamOptimizer(0.1))
    losses = model.fit(X, Y, epochs=30, verbose=0).history["loss"]
    assert losses[-1] < losses[0]


def test_a_custom_layer_needs_no_configuration_of_its_own(tmp_path):
    class Scale(keras.layers.Layer):
        def __init__(self, start, **kwargs):
            super().__init__(**kwargs)
            self.start = start

        def build(self, input_shape):
            self.scale = self.add_weight("scale", [2], initializer=keras.initializers.Constant(self.start))

        def call(self, inputs):
            return inputs * self.scale

    model = keras.Sequential([Scale(3.0, input_shape=(2,), name="scale")])
    model.compile(keras.optimizers.SGD(0.0), "mse")
    estimator = keras.estimator.model_to_estimator(model, model_dir=str(tmp_path))
    estimator.train(lambda: ({"scale_input": X}, X), steps=1)
    np.testing.assert_array_equal(estimator.get_variable_value("scale/scale"), [3.0, 3.0])
