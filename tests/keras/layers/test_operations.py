"""Operations between layers, penalties and metrics of networks, and layers of one's own."""

from __future__ import annotations

import numpy as np
import pytest

import trackml as tf
from trackml import keras

X = np.linspace(-1.0, 1.0, 24, dtype=np.float32).reshape(8, 3)
K = keras.backend


def _through(function, **options):
    """A model of a function of one tensor between two layers."""
    x = keras.Input(shape=(3,), name="x")
    h = keras.layers.Dense(3, kernel_initializer="ones", bias_initializer="ones", name="h")(x)
    return keras.Model(x, function(h), **options)


H = X.sum(axis=1, keepdims=True) * np.ones([1, 3]) + 1.0
FUNCTIONS = {
    "arithmetic": (lambda h: 2.0 * h + 1.0, 2.0 * H + 1.0),
    "of_both_sides": (lambda h: h * h - h / (1.0 + h**2), H * H - H / (1.0 + H**2)),
    "slices": (lambda h: h[:, 0:2], H[:, :2]),
    "reductions": (lambda h: tf.reduce_mean(h, axis=-1, keepdims=True), H.mean(axis=-1, keepdims=True)),
    "shapes": (lambda h: tf.reshape(h, [tf.shape(h)[0], 3, 1]), H[..., None]),
    "several_outputs": (lambda h: tf.concat(tf.split(h, 3, axis=1)[::-1], 1), H[:, ::-1]),
    "backend": (lambda h: K.sum(K.square(h), axis=1, keepdims=True), (H**2).sum(axis=1, keepdims=True)),
    "backend_products": (lambda h: K.batch_dot(h, h, axes=1), (H * H).sum(axis=1, keepdims=True)),
    "constants": (lambda h: h + tf.constant([1.0, 2.0, 3.0]), H + np.array([1.0, 2.0, 3.0])),
    "choices": (lambda h: tf.where(h > 0.5, h, tf.zeros_like(h)), np.where(H > 0.5, H, 0.0)),
    "functions": (lambda h: tf.nn.relu(tf.math.sin(h)), np.maximum(np.sin(H), 0.0)),
}


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_operations_between_layers_are_part_of_the_model(name):
    function, expected = FUNCTIONS[name]
    model = _through(function)
    np.testing.assert_allclose(model.predict(X), expected, rtol=1e-5, atol=1e-6)
    assert any(layer.name.startswith("tf_op_layer_") for layer in model.layers)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_model_with_operations_is_made_again(name):
    model = _through(FUNCTIONS[name][0])
    clone = keras.models.clone_model(model)
    clone.set_weights(model.get_weights())
    np.testing.assert_array_equal(clone.predict(X), model.predict(X))
    read = keras.models.model_from_json(model.to_json())
    read.set_weights(model.get_weights())
    np.testing.assert_array_equal(read.predict(X), model.predict(X))


def test_an_operation_is_called_as_in_tensorflow(capsys):
    model = _through(lambda h: tf.reduce_mean(h * 2.0))
    assert [layer.name for layer in model.layers] == ["x", "h", "tf_op_layer_mul", "tf_op_layer_Mean"]
    model.summary()
    assert "tf_op_layer_mul (TensorFlowO" in capsys.readouterr().out


def test_gradients_flow_through_operations():
    model = _through(lambda h: tf.reduce_sum(h * 2.0, axis=1, keepdims=True))
    model.compile(keras.optimizers.SGD(0.01), "mse")
    losses = [model.train_on_batch(X, np.zeros([8, 1])) for _ in range(5)]
    assert losses == sorted(losses, reverse=True)


def test_an_estimator_is_made_of_a_model_with_operations(tmp_path):
    model = _through(lambda h: tf.reduce_sum(h, axis=1, keepdims=True) * 0.1, name="sums")
    model.compile(keras.optimizers.SGD(0.01), "mse")
    estimator = keras.estimator.model_to_estimator(model, model_dir=str(tmp_path))
    dataset = tf.estimator.inputs.numpy_input_fn({"x": X}, np.zeros([8, 1]), batch_size=8, num_epochs=1, shuffle=False)
    estimator.train(dataset)
    model.train_on_batch(X, np.zeros([8, 1]))
    np.testing.assert_allclose(estimator.get_variable_value("h/kernel"), model.get_weights()[0], rtol=1e-5)


def test_a_variable_that_is_no_layers_is_told():
    rows = tf.Variable(np.eye(3, dtype=np.float32))
    x = keras.Input(shape=(), dtype="int32")
    model = keras.Model(x, tf.gather(rows, x))
    np.testing.assert_array_equal(model.predict(np.array([2, 0])), np.eye(3)[[2, 0]])
    with pytest.raises(ValueError, match="works on a variable"):
        model.layers[-1].get_config()


def test_conditions_between_layers_are_told():
    x = keras.Input(shape=(3,))
    y = tf.cond(tf.reduce_sum(x) > 0.0, lambda: x, lambda: -x)
    with pytest.raises(ValueError, match="Lambda layer"):
        keras.layers.Dense(1)(y)


def test_what_comes_from_no_input_is_told():
    x = keras.Input(shape=(3,))
    with pytest.raises(ValueError, match="must come from a `keras"):
        keras.Model(x, tf.zeros([1, 3]) * 2.0)


def test_a_constant_goes_into_a_layer_beside_a_tensor():
    model = _through(lambda h: keras.layers.Add()([h, tf.constant([[1.0, 2.0, 3.0]])]))
    np.testing.assert_allclose(model.predict(X), H + np.array([[1.0, 2.0, 3.0]]), rtol=1e-6)
    np.testing.assert_allclose(keras.models.clone_model(model).predict(X).shape, (8, 3))


def test_states_between_layers_go_as_arguments():
    x = keras.Input(shape=(4, 3))
    _, h, c = keras.layers.LSTM(2, return_state=True)(x)
    model = keras.Model(x, keras.layers.LSTM(2)(x, initial_state=[h, c]))
    values = np.linspace(-1, 1, 24).reshape(2, 4, 3)
    clone = keras.models.clone_model(model)
    clone.set_weights(model.get_weights())
    np.testing.assert_array_equal(clone.predict(values), model.predict(values))


def test_a_loss_of_tensors_counts():
    x = keras.Input(shape=(3,), name="x")
    h = keras.layers.Dense(2, kernel_initializer="ones", name="h")(x)
    model = keras.Model(x, keras.layers.Dense(1, kernel_initializer="zeros")(h))
    model.add_loss(0.5 * K.mean(K.square(h)))
    model.compile("sgd", "mse")
    loss = model.evaluate(X, np.zeros([8, 1]), verbose=0)
    assert loss == pytest.approx(0.5 * np.mean(X.sum(axis=1) ** 2), rel=1e-5)


def test_a_loss_of_tensors_needs_no_targets():
    x = keras.Input(shape=(3,), name="x")
    h = keras.layers.Dense(1, kernel_initializer="ones")(x)
    model = keras.Model(x, h)
    model.add_loss(K.mean(K.square(h - 1.0)))
    model.compile(keras.optimizers.SGD(0.1))
    losses = model.fit(X, epochs=5, verbose=0, shuffle=False).history["loss"]
    assert losses == sorted(losses, reverse=True)


def test_metrics_of_tensors_are_shown():
    x = keras.Input(shape=(3,), name="x")
    h = keras.layers.Dense(2, kernel_initializer="ones")(x)
    model = keras.Model(x, h)
    model.add_metric(K.max(h), name="largest", aggregation="mean")
    model.compile("sgd", "mse")
    history = model.fit(X, np.zeros([8, 2]), epochs=1, verbose=0, batch_size=8).history
    assert history["largest"] == [pytest.approx(X.sum(axis=1).max(), rel=1e-5)]


@pytest.mark.parametrize(
    "again",
    [
        keras.models.clone_model,
        lambda model: keras.models.model_from_json(model.to_json()),
        lambda model: keras.Model.from_config(model.get_config()),
    ],
)
def test_losses_and_metrics_of_tensors_are_made_again(again):
    x = keras.Input(shape=(3,), name="x")
    h = keras.layers.Dense(2, name="h")(x)
    model = keras.Model(x, keras.layers.Dense(1)(h))
    model.add_loss(K.mean(K.square(h)))
    model.add_metric(K.max(h), name="largest", aggregation="mean")
    copy = again(model)
    copy.set_weights(model.get_weights())
    values = []
    for one in (model, copy):
        one.compile("sgd", "mse")
        values.append(one.evaluate(X, np.zeros([8, 1]), verbose=0))
    assert values[0] == pytest.approx(values[1])
    assert len(values[1]) == 2


class Penalized(keras.layers.Layer):
    """A layer with a penalty and a metric of what goes through it."""

    def build(self, input_shape):
        self.kernel = self.add_weight("kernel", [3, 2], initializer="ones", regularizer="l2")
        self.offset = tf.Variable(np.zeros(2, np.float32), name="offset")
        self.add_loss(lambda: tf.reduce_sum(self.offset + 1.0))

    def call(self, inputs):
        outputs = tf.matmul(inputs, self.kernel) + self.offset
        self.add_loss(tf.reduce_mean(outputs))
        self.add_metric(tf.reduce_max(outputs), name="largest", aggregation="mean")
        return outputs


def test_a_layer_of_ones_own_adds_losses_and_metrics():
    x = keras.Input(shape=(3,))
    layer = Penalized()
    model = keras.Model(x, layer(x))
    model.compile("sgd", "mse", metrics=["mae"])
    values = dict(zip(model.metrics_names, model.evaluate(X, np.zeros([8, 2]), verbose=0)))
    outputs = X @ np.ones([3, 2])
    expected = np.mean(outputs**2) + 0.01 * 6.0 + 2.0 + outputs.mean()
    assert values["loss"] == pytest.approx(expected, rel=1e-5)
    assert values["largest"] == pytest.approx(outputs.max(), rel=1e-5)
    assert [weight.shape.as_list() for weight in layer.trainable_weights] == [[3, 2], [2]]
    assert len(layer.losses) == 3
    assert [weight.name for weight in layer.weights] == ["penalized/kernel:0", "penalized/offset:0"]


class Block(keras.layers.Layer):
    """Layers inside a layer, in a list and alone."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.inner = []
        for _ in range(2):
            self.inner.append(keras.layers.Dense(units, activation="tanh"))
        self.norm = keras.layers.BatchNormalization()

    def call(self, inputs, training=None):
        for layer in self.inner:
            inputs = layer(inputs)
        return self.norm(inputs, training=training)


def test_layers_inside_a_layer_are_its_own():
    block = Block(4, name="block")
    x = keras.Input(shape=(3,))
    model = keras.Model(x, block(x))
    assert [weight.name for weight in block.weights] == [
        "block/dense/kernel:0", "block/dense/bias:0", "block/dense_1/kernel:0", "block/dense_1/bias:0",
        "block/batch_normalization/gamma:0", "block/batch_normalization/beta:0",
        "block/batch_normalization/moving_mean:0", "block/batch_normalization/moving_variance:0",
    ]  # fmt: skip
    assert block.count_params() == 12 + 4 + 16 + 4 + 16
    assert len(model.trainable_weights) == 6
    block.trainable = False
    assert not model.trainable_weights
    assert not block.norm.trainable
    assert Block.from_config(block.get_config()).units == 4


class Built(keras.layers.Layer):
    """Makes a model when it knows its input."""

    def build(self, input_shape):
        first = keras.layers.Dense(2, activity_regularizer="l2", input_shape=(input_shape[-1],))
        self.inner = keras.Sequential([first, keras.layers.Dropout(0.5)])

    def call(self, inputs):
        return self.inner(inputs)


def test_a_layer_is_built_of_models(tmp_path):
    model = keras.Sequential([Built(input_shape=(3,), name="built"), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.01), "mse")
    model.fit(X, np.zeros([8, 1]), epochs=1, verbose=0)
    assert model.count_params() == 8 + 3
    outputs = keras.Model(model.input, model.layers[0].output).predict(X)
    assert outputs.shape == (8, 2)
    assert model.layers[0].compute_output_shape((None, 5)).as_list() == [None, 2]
    estimator = keras.estimator.model_to_estimator(model, model_dir=str(tmp_path))
    data = {"built_input": X}, np.zeros([8, 1])
    estimator.train(tf.estimator.inputs.numpy_input_fn(*data, batch_size=8, num_epochs=1, shuffle=False))


def test_a_frozen_layer_keeps_its_averages():
    x = keras.Input(shape=(3,))
    norm = keras.layers.BatchNormalization()
    model = keras.Model(x, keras.layers.Dense(1)(norm(x)))
    norm.trainable = False
    model.compile("sgd", "mse")
    before = norm.get_weights()
    model.train_on_batch(X + 5.0, np.zeros([8, 1]))
    for one, other in zip(before, norm.get_weights()):
        np.testing.assert_array_equal(one, other)


def test_a_layer_tells_its_calls():
    layer = keras.layers.Dense(2)
    with pytest.raises(AttributeError, match="no inbound nodes"):
        _ = layer.input
    with pytest.raises(RuntimeError, match="never been called"):
        layer.get_input_at(0)
    with pytest.raises(ValueError, match="isn't built"):
        layer.count_params()
    one, other = keras.Input(shape=(3,)), keras.Input(shape=(3,))
    first = layer(one)
    assert layer.output is first
    assert layer.input_shape == (None, 3)
    second = layer(other)
    assert layer.get_output_at(0) is first
    assert layer.get_output_at(1) is second
    assert layer.get_input_shape_at(1) == (None, 3)
    assert layer.output_shape == (None, 2)
    with pytest.raises(AttributeError, match="multiple inbound nodes"):
        _ = layer.output
    with pytest.raises(ValueError, match="only 2 inbound nodes"):
        layer.get_output_at(2)


def test_the_summary_tells_calls_of_this_model_alone(capsys):
    inner = keras.Sequential([keras.layers.Dense(2, input_shape=(3,))], name="inner")
    one, other = keras.Input(shape=(3,), name="one"), keras.Input(shape=(3,), name="other")
    model = keras.Model([one, other], keras.layers.concatenate([inner(one), inner(other)]))
    keras.Model(one, keras.layers.concatenate([inner(one), one]))
    model.summary()
    out = capsys.readouterr().out
    assert out.count("one[0][0]") == 1
    assert "inner[1][0]" in out
    assert "inner[2][0]" in out
    assert "inner[3][0]" not in out


def test_a_layer_that_is_not_used_counts_nothing(capsys):
    class Spare(keras.Model):
        def __init__(self):
            super().__init__()
            self.used, self.unused = keras.layers.Dense(2), keras.layers.Dense(2)

        def call(self, inputs):
            return self.used(inputs)

    model = Spare()
    model.predict(X)
    model.summary()
    assert "0 (unused)" in capsys.readouterr().out


def test_weights_start_from_what_is_given():
    kernel, bias = np.arange(6.0).reshape(3, 2), np.array([1.0, -1.0])
    model = keras.Sequential([keras.layers.Dense(2, weights=[kernel, bias], input_shape=(3,))])
    np.testing.assert_allclose(model.predict(X), X @ kernel + bias, rtol=1e-5, atol=1e-6)
    with pytest.raises(ValueError, match="given weights of shape"):
        keras.Sequential([keras.layers.Dense(2, weights=[bias], input_shape=(3,))])


class Forgetful(keras.layers.Layer):
    """Forgets the constructor of its base."""

    def __init__(self):
        self.scale = 2.0


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (lambda x: Forgetful()(x), r"super\(\).__init__\(\)"),
        (lambda x: keras.layers.Dense(2)(keras.Input(shape=(None,))), "last dimension"),
        (lambda x: keras.layers.Add()(x, x), "Give several inputs as a list"),
        (lambda x: keras.layers.LSTM(2)(x), "expected ndim=3, found ndim=2"),
        (lambda x: keras.layers.Conv2D(2, 3)(x), "expected ndim=4, found ndim=2"),
        (lambda x: keras.layers.Conv2D(3, 3, groups=2), "divisible by the number of groups"),
        (lambda x: keras.layers.LSTM(2, stateful=True)(keras.Input(shape=(4, 3))), "needs to know its batch size"),
        (lambda x: keras.layers.LSTM(2, unroll=True)(keras.Input(shape=(None, 3))), "Cannot unroll"),
        (lambda x: keras.layers.BatchNormalization(renorm=True), "does not have `renorm`"),
        (lambda x: keras.layers.Bidirectional(keras.layers.LSTM(2), merge_mode="max"), "Invalid merge mode"),
        (lambda x: keras.layers.TimeDistributed(x), "with a `Layer` instance"),
        (lambda x: keras.layers.TimeDistributed(keras.layers.Dense(1))(x), "at least 3 dimensions"),
        (lambda x: keras.layers.RNN(3), "should have a `call`"),
        (lambda x: keras.layers.Dropout(1.5), "between 0 and 1"),
        (lambda x: keras.layers.Add()([x]), "at least 2 inputs"),
        (lambda x: keras.layers.Dot(axes=1)([x, keras.Input(shape=(4,))]), "Dimension incompatibility"),
        (lambda x: keras.layers.Cropping1D(3)(keras.Input(shape=(5, 2))), "smaller than the spatial dimensions"),
        (lambda x: keras.layers.Reshape((2, 2))(x), "total size of new array"),
        (lambda x: keras.layers.ReLU(negative_slope=-1.0), "cannot be a negative value"),
        (lambda x: keras.layers.Embedding(0, 3), "should be positive"),
        (lambda x: keras.layers.Dense(2, kernel_constraint="max_nrom"), "Unknown constraint 'max_nrom'"),
        (lambda x: keras.regularizers.L2(float("nan")), "finite"),
        (lambda x: keras.Input(3), "A shape is a tuple"),
        (lambda x: keras.Input((3,), sparse=True), "leave `sparse` out"),
        (lambda x: keras.layers.InputLayer((3,), colour="red"), "unexpected keyword arguments"),
        (lambda x: keras.layers.deserialize({"class_name": "Dens", "config": {}}), "Dens"),
        (lambda x: keras.layers.Dense(2, colour="red"), "unexpected keyword arguments"),
        (lambda x: keras.Model([x, keras.Input(shape=(1,))], x * 2.0)([x]), "expects 2 inputs"),
    ],
)
def test_what_is_wrong_is_said(broken, message):
    with pytest.raises((ValueError, TypeError, RuntimeError), match=message):
        broken(keras.Input(shape=(3,)))


def test_a_layer_goes_to_a_dictionary_and_back():
    layer = keras.layers.TimeDistributed(keras.layers.Dense(2, kernel_constraint=keras.constraints.MaxNorm(1.5)))
    again = keras.layers.deserialize(keras.layers.serialize(layer))
    assert type(again) is keras.layers.TimeDistributed
    assert again.layer.units == 2
    assert again.layer.kernel_constraint.max_value == 1.5


def test_a_mask_is_given_by_hand():
    x, mask = keras.Input(shape=(4, 2)), keras.Input(shape=(4,), dtype="bool")
    model = keras.Model([x, mask], keras.layers.GlobalAveragePooling1D()(x, mask=mask))
    values = np.arange(16.0).reshape(2, 4, 2)
    kept = np.array([[True, True, False, False], [True, False, False, False]])
    np.testing.assert_allclose(model.predict([values, kept]), [values[0, :2].mean(axis=0), values[1, 0]])


def test_random_numbers_between_layers_are_drawn_each_time():
    x = keras.Input(shape=(3,))
    h = keras.layers.Dense(2)(x)
    model = keras.Model(x, h + tf.random_normal(tf.shape(h)))
    assert not np.array_equal(model.predict(X), model.predict(X))
    read = keras.models.model_from_json(model.to_json())
    assert not np.array_equal(read.predict(X), read.predict(X))


class Blend(keras.layers.Layer):
    """Takes a second tensor as an argument of its own."""

    def call(self, inputs, other, share=0.5):
        return inputs * share + other * (1.0 - share)


def test_a_call_takes_further_tensors():
    one, other = keras.Input(shape=(3,)), keras.Input(shape=(3,))
    model = keras.Model([one, other], Blend()(one, other, share=0.25))
    for each in (model, keras.models.clone_model(model)):
        np.testing.assert_allclose(each.predict([X, X + 1.0]), X + 0.75, rtol=1e-5)
