"""What of recurrent layers is not a matter of numbers alone: states that are kept, drops, cells of one's own."""

from __future__ import annotations

import numpy as np
import pytest

import trackml as tf
from trackml import keras

X = np.random.RandomState(1).randn(3, 4, 2).astype(np.float32)


def _model(layer, **options):
    return keras.Sequential([keras.layers.InputLayer(batch_input_shape=(3, 4, 2)), layer], **options)


@pytest.mark.parametrize("kind", ["SimpleRNN", "LSTM", "GRU"])
def test_a_stateful_layer_goes_on_where_it_was(kind):
    make = getattr(keras.layers, kind)
    model = _model(make(2, stateful=True))
    whole = keras.Sequential([make(2, input_shape=(8, 2))])
    whole.set_weights(model.get_weights())
    first, second = model.predict(X), model.predict(X)
    np.testing.assert_allclose(second, whole.predict(np.concatenate([X, X], 1)), rtol=1e-5, atol=1e-6)
    model.reset_states()
    np.testing.assert_array_equal(model.predict(X), first)


def test_a_stateful_layer_takes_states():
    layer = keras.layers.LSTM(2, stateful=True)
    model = _model(layer)
    assert [state.shape.as_list() for state in layer.states] == [[3, 2], [3, 2]]
    first = model.predict(X)
    layer.reset_states([np.ones([3, 2]), np.zeros([3, 2])])
    assert not np.allclose(model.predict(X), first)
    assert len(model.weights) == 3
    with pytest.raises(ValueError, match="expects 2 states"):
        layer.reset_states([np.ones([3, 2])])
    with pytest.raises(AttributeError, match="must be stateful"):
        keras.layers.LSTM(2).reset_states()


def test_both_directions_are_stateful():
    layer = keras.layers.Bidirectional(keras.layers.GRU(2, stateful=True))
    model = _model(layer)
    first = model.predict(X)
    assert not np.allclose(model.predict(X), first)
    layer.reset_states()
    np.testing.assert_array_equal(model.predict(X), first)


@pytest.mark.parametrize("implementation", [1, 2])
@pytest.mark.parametrize("kind", ["SimpleRNN", "LSTM", "GRU"])
def test_what_is_dropped_is_the_same_in_all_steps(kind, implementation):
    settings = {"kernel_initializer": "ones", "recurrent_initializer": "zeros", "return_sequences": True}
    make = getattr(keras.layers, kind)
    layer = make(3, dropout=0.5, implementation=implementation, **settings)
    run = keras.backend.get_session
    outputs = layer(tf.ones([200, 4, 2]), training=True)
    quiet = layer(tf.ones([200, 4, 2]), training=False)
    drawn, steady = run().run([outputs, quiet])
    assert len(np.unique(drawn[:, 0].round(4), axis=0)) >= 3
    assert len(np.unique(steady[:, 0].round(4), axis=0)) == 1
    if kind == "SimpleRNN":
        np.testing.assert_allclose(drawn[:, 0], drawn[:, 3], rtol=1e-5)


@pytest.mark.parametrize("reset_after", [True, False])
@pytest.mark.parametrize("implementation", [1, 2])
def test_states_are_dropped_while_training(implementation, reset_after):
    cells = [
        keras.layers.GRUCell(3, recurrent_dropout=0.5, reset_after=reset_after, implementation=implementation),
        keras.layers.LSTMCell(3, recurrent_dropout=0.5, dropout=0.2, implementation=implementation),
    ]
    layer = keras.layers.RNN(cells)
    outputs, quiet = layer(tf.ones([100, 4, 2]), training=True), layer(tf.ones([100, 4, 2]))
    drawn, steady = keras.backend.get_session().run([outputs, quiet])
    assert len(np.unique(drawn.round(4), axis=0)) > 10
    assert len(np.unique(steady.round(4), axis=0)) == 1


class Counting(keras.layers.Layer):
    """A cell that adds its inputs up, and counts."""

    state_size = (2, 1)
    output_size = 2

    def build(self, input_shape):
        self.scale = self.add_weight("scale", [], initializer="ones")

    def call(self, inputs, states, constants=None, training=None):
        total, count = states
        total = total + inputs * self.scale
        if constants is not None:
            total = total + constants[0]
        return total, (total, count + 1.0)


def test_a_cell_of_ones_own_runs():
    layer = keras.layers.RNN(Counting(), return_state=True)
    x = keras.Input(shape=(None, 2))
    model = keras.Model(x, layer(x))
    outputs, total, count = model.predict(X)
    np.testing.assert_allclose(outputs, X.sum(axis=1), rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(total, outputs)
    np.testing.assert_array_equal(count, np.full([3, 1], 4.0))
    assert [weight.name for weight in layer.weights] == ["rnn/scale:0"]


def test_a_cell_takes_constants():
    layer = keras.layers.RNN(Counting())
    x, more = keras.Input(shape=(4, 2)), keras.Input(shape=(2,))
    model = keras.Model([x, more], layer(x, constants=[more]))
    got = model.predict([X, np.ones([3, 2])])
    np.testing.assert_allclose(got, X.sum(axis=1) + 4.0, rtol=1e-5)


class Plain:
    """A cell that is no layer."""

    state_size = 2

    def call(self, inputs, states):
        return inputs + states[0], [inputs + states[0]]


def test_a_cell_needs_not_be_a_layer():
    x = keras.Input(shape=(4, 2))
    model = keras.Model(x, keras.layers.RNN([Plain(), Plain()], unroll=True)(x))
    expected = np.cumsum(np.cumsum(X, axis=1), axis=1)[:, -1]
    np.testing.assert_allclose(model.predict(X), expected, rtol=1e-5, atol=1e-6)


def test_masked_steps_give_zero_where_that_is_wanted():
    x = keras.Input(shape=(4, 2))
    masked = keras.layers.Masking()(x)
    values = X.copy()
    values[:, 2:] = 0.0
    kept = keras.layers.SimpleRNN(2, return_sequences=True, zero_output_for_mask=True)(masked)
    outputs = keras.Model(x, kept).predict(values)
    np.testing.assert_array_equal(outputs[:, 2:], 0.0)
    assert np.abs(outputs[:, :2]).min() > 0.0


def test_names_are_those_of_tensorflow_1():
    x = keras.Input(shape=(4, 2))
    layers = [
        keras.layers.LSTM(2),
        keras.layers.RNN([keras.layers.LSTMCell(2), keras.layers.GRUCell(3)]),
        keras.layers.Bidirectional(keras.layers.SimpleRNN(2)),
        keras.layers.TimeDistributed(keras.layers.Dense(2)),
    ]
    for layer in layers:
        layer(x)
    kernels = [[weight.name for weight in layer.weights if "recurrent" not in weight.name] for layer in layers]
    assert kernels == [
        ["lstm/kernel:0", "lstm/bias:0"],
        ["rnn/kernel:0", "rnn/bias:0", "rnn/kernel_1:0", "rnn/bias_1:0"],
        [
            "bidirectional/forward_simple_rnn/kernel:0", "bidirectional/forward_simple_rnn/bias:0",
            "bidirectional/backward_simple_rnn/kernel:0", "bidirectional/backward_simple_rnn/bias:0",
        ],
        ["time_distributed/kernel:0", "time_distributed/bias:0"],
    ]  # fmt: skip


def test_a_wrapped_layer_is_made_again_in_an_estimator(tmp_path):
    inner = keras.layers.LSTM(2, return_sequences=True, kernel_constraint=keras.constraints.MaxNorm(0.5))
    layers = [keras.layers.Bidirectional(inner, input_shape=(4, 2), name="both")]
    layers += [keras.layers.TimeDistributed(keras.layers.Dense(1)), keras.layers.GlobalAveragePooling1D()]
    model = keras.Sequential(layers)
    model.compile(keras.optimizers.SGD(0.5), "mse")
    estimator = keras.estimator.model_to_estimator(model, model_dir=str(tmp_path))
    data = {"both_input": X}, np.ones([3, 1])
    estimator.train(tf.estimator.inputs.numpy_input_fn(*data, batch_size=3, num_epochs=2, shuffle=False))
    for _ in range(2):
        model.train_on_batch(X, np.ones([3, 1]))
    kernel = estimator.get_variable_value("both/forward_lstm/kernel")
    np.testing.assert_allclose(kernel, model.get_weights()[0], rtol=1e-4, atol=1e-5)
    assert np.sqrt((kernel**2).sum(axis=0)).max() <= 0.5 + 1e-5
