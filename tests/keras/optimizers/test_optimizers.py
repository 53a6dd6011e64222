"""Rates, states, limits and optimizers of one's own, in models; and what is refused."""

from __future__ import annotations

import copy
import gc
import weakref

import numpy as np
import pytest

import trackml as tf
from trackml import keras

X = np.linspace(-1.0, 1.0, 16).astype(np.float32).reshape(8, 2)
Y = X[:, :1] - 2.0 * X[:, 1:]


def _model(optimizer, **kwargs):
    model = keras.Sequential([keras.layers.Dense(1, kernel_initializer="ones", input_shape=(2,), **kwargs)])
    model.compile(optimizer, "mse")
    return model


def _rate(optimizer):
    return float(keras.backend.get_value(optimizer.lr))


def test_the_rate_is_a_variable_that_can_be_set():
    model = _model(keras.optimizers.SGD(lr=0.25))
    assert _rate(model.optimizer) == 0.25
    before = model.get_weights()
    keras.backend.set_value(model.optimizer.lr, 0.0)
    model.train_on_batch(X, Y)
    np.testing.assert_array_equal(model.get_weights()[0], before[0])
    model.optimizer.learning_rate = 0.5
    assert _rate(model.optimizer) == 0.5
    assert model.optimizer.get_config()["learning_rate"] == 0.5
    model.train_on_batch(X, Y)
    assert not np.array_equal(model.get_weights()[0], before[0])


def test_a_schedule_sets_the_rate_by_the_steps():
    halved = keras.optimizers.schedules.ExponentialDecay(0.5, decay_steps=1, decay_rate=0.5)
    model = _model(keras.optimizers.SGD(halved))
    for expected in (0.5, 0.25, 0.125):
        model.train_on_batch(X, Y)
        assert _rate(model.optimizer) == expected
    with pytest.raises(TypeError, match="created with a `LearningRateSchedule`"):
        model.optimizer.learning_rate = 0.1
    again = keras.optimizers.SGD.from_config(model.optimizer.get_config())
    assert again.get_config() == model.optimizer.get_config()


def test_a_schedule_of_ones_own():
    class Linear(keras.optimizers.schedules.LearningRateSchedule):
        def __call__(self, step):
            return 0.1 * tf.cast(step, tf.float32)

    model = _model(keras.optimizers.SGD(Linear()))
    before = model.get_weights()[0]
    model.train_on_batch(X, Y)
    np.testing.assert_array_equal(model.get_weights()[0], before)
    model.train_on_batch(X, Y)
    assert _rate(model.optimizer) == pytest.approx(0.1)


def test_schedules_have_their_names_of_tensorflow_1():
    experimental = keras.experimental
    assert experimental.CosineDecay is keras.optimizers.schedules.CosineDecay
    schedule = experimental.LinearCosineDecay(0.5, decay_steps=8, num_periods=1.0, alpha=0.1, beta=0.01)
    again = type(schedule).from_config(schedule.get_config())
    with tf.Session() as session:
        rates = session.run([again(step) for step in range(10)])
    part = np.minimum(np.arange(10), 8) / 8
    expected = 0.5 * ((0.1 + 1.0 - part) * 0.5 * (1.0 + np.cos(2.0 * np.pi * part)) + 0.01)
    np.testing.assert_allclose(rates, expected, rtol=1e-5)


def test_a_decay_lowers_what_the_rate_does():
    plain, falling = (_model(keras.optimizers.SGD(0.1, decay=decay), use_bias=False) for decay in (0.0, 1.0))
    for model in (plain, falling):
        model.train_on_batch(X, Y)
    np.testing.assert_array_equal(plain.get_weights()[0], falling.get_weights()[0])
    before = falling.get_weights()[0]
    falling.train_on_batch(X, Y)
    gradient = 2.0 * X.T @ (X @ before - Y) / len(X)
    np.testing.assert_allclose(falling.get_weights()[0], before - 0.05 * gradient, rtol=1e-5)


def test_steps_are_counted():
    model = _model("adam")
    model.fit(X, Y, batch_size=2, epochs=3, verbose=0)
    assert keras.backend.get_value(model.optimizer.iterations) == 12


def test_what_an_optimizer_remembers_is_read_and_given_to_another():
    first, second = _model(keras.optimizers.Adam(0.1)), _model(keras.optimizers.Adam(0.1))
    for _ in range(3):
        first.train_on_batch(X, Y)
    second.optimizer.build(second.trainable_weights)
    second.optimizer.set_weights(first.optimizer.get_weights())
    second.set_weights(first.get_weights())
    assert first.train_on_batch(X, Y) == second.train_on_batch(X, Y)
    np.testing.assert_array_equal(first.get_weights()[0], second.get_weights()[0])
    names = [weight.name for weight in first.optimizer.weights]
    assert names == [
        "training/Adam/iter:0", "training/Adam/dense/kernel/m:0", "training/Adam/dense/bias/m:0",
        "training/Adam/dense/kernel/v:0", "training/Adam/dense/bias/v:0",
    ]  # fmt: skip


def test_weights_left_out_do_not_decay():
    optimizer = keras.optimizers.SGD(0.0, weight_decay=0.5)
    optimizer.exclude_from_weight_decay(var_names=["bias"])
    model = _model(optimizer, bias_initializer="ones")
    optimizer.learning_rate = 0.1
    x, y = np.zeros([1, 2]), np.ones([1, 1])
    model.train_on_batch(x, y)
    kernel, bias = model.get_weights()
    np.testing.assert_allclose(kernel, np.full([2, 1], 0.95))
    np.testing.assert_array_equal(bias, [1.0])


def test_weights_become_their_averages_at_the_end_of_a_training():
    model = _model(keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.5))
    plain = _model(keras.optimizers.SGD(0.1))
    values = [plain.get_weights()[0]]
    for _ in range(2):
        plain.train_on_batch(X, Y)
        values.append(plain.get_weights()[0])
    model.fit(X, Y, batch_size=8, epochs=2, verbose=0)
    np.testing.assert_allclose(model.get_weights()[0], values[0] / 4 + values[1] / 4 + values[2] / 2, rtol=1e-5)


def test_constraints_hold_after_each_step():
    model = _model(keras.optimizers.SGD(10.0), kernel_constraint=lambda kernel: tf.clip_by_value(kernel, -0.5, 0.5))
    model.train_on_batch(X, Y)
    assert np.abs(model.get_weights()[0]).max() <= 0.5


def test_an_optimizer_as_tensorflow_2_writes_it():
    class Pushed(keras.optimizers.Optimizer):
        def __init__(self, learning_rate=0.1, name="Pushed", **kwargs):
            super().__init__(name=name, **kwargs)
            self._learning_rate = self._build_learning_rate(learning_rate)

        def build(self, var_list):
            super().build(var_list)
            self.sums = [self.add_variable_from_reference(var, "sum") for var in var_list]

        def update_step(self, gradient, variable):
            total = self.sums[self._index_dict[self._var_key(variable)]]
            total.assign_add(gradient)
            variable.assign_sub(tf.cast(self.learning_rate, variable.dtype) * gradient)

    model, plain = _model(Pushed()), _model(keras.optimizers.SGD(0.1))
    for one in (model, plain):
        one.train_on_batch(X, Y)
    np.testing.assert_array_equal(model.get_weights()[0], plain.get_weights()[0])
    _, kernel_sum, _ = model.optimizer.get_weights()
    np.testing.assert_allclose(kernel_sum, (1.0 - model.get_weights()[0]) / 0.1, rtol=1e-5)


def test_an_optimizer_as_tensorflow_1_writes_it():
    class Heavy(keras.optimizers.Optimizer):
        def __init__(self, learning_rate=0.1, name="Heavy", **kwargs):
            super().__init__(name, **kwargs)
            self._set_hyper("learning_rate", learning_rate)

        def _create_slots(self, var_list):
            for var in var_list:
                self.add_slot(var, "push")

        def _resource_apply_dense(self, grad, var):
            push = self.get_slot(var, "push")
            step = push.assign(0.5 * push - self._decayed_lr(var.dtype) * grad)
            return tf.group(step, var.assign_add(step))

    model, expected = _model(Heavy()), _model(keras.optimizers.SGD(0.1, momentum=0.5))
    for one in (model, expected):
        one.fit(X, Y, epochs=3, shuffle=False, verbose=0)
    np.testing.assert_allclose(model.get_weights()[0], expected.get_weights()[0], rtol=1e-5)


def test_updates_by_the_name_of_tensorflow_1():
    weight = tf.Variable([1.0, 2.0])
    (step,) = keras.optimizers.SGD(0.5).get_updates(tf.reduce_sum(weight * weight), [weight])
    session = keras.backend.get_session()
    session.run(step)
    assert session.run(weight).tolist() == [0.0, 0.0]


def test_a_model_function_counts_by_the_global_step(tmp_path):
    def model_fn(features, labels, mode):
        predictions = keras.layers.Dense(1)(features["x"])
        loss = tf.losses.mean_squared_error(labels, predictions)
        optimizer = keras.optimizers.Adam(0.1)
        optimizer.iterations = tf.train.get_or_create_global_step()
        (step,) = optimizer.get_updates(loss, tf.trainable_variables())
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=step)

    estimator = tf.estimator.Estimator(model_fn, str(tmp_path))
    for _ in range(2):
        estimator.train(lambda: ({"x": X}, Y), steps=3)
    assert estimator.get_variable_value("global_step") == 6
    assert "training/Adam/dense/kernel/m" in estimator.get_variable_names()
    optimizer = keras.optimizers.SGD()
    assert optimizer.lr is not None
    with pytest.raises(RuntimeError, match="Cannot set `iterations` of SGD any more"):
        optimizer.iterations = tf.train.get_or_create_global_step()


def test_a_copy_knows_no_graph_and_lets_graphs_go():
    optimizer = keras.optimizers.Adam(0.3, amsgrad=True, clipnorm=1.0)
    with tf.Graph().as_default() as graph:
        _model(optimizer).train_on_batch(X, Y)
        again = copy.deepcopy(optimizer)
    assert again.get_config() == pytest.approx(optimizer.get_config())
    assert again.slots_in(graph) == {}
    gone = weakref.ref(graph)
    del graph
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize(
    ("broken", "kind", "message"),
    [
        (lambda: keras.optimizers.get("sdg"), ValueError, "Unknown optimizer: 'sdg'.*adamw"),
        (lambda: keras.optimizers.get(3), ValueError, "Could not interpret optimizer identifier: 3"),
        (lambda: keras.optimizers.SGD(rate=1.0), TypeError, r"SGD got unexpected keyword arguments: \['rate'\]"),
        (lambda: keras.optimizers.SGD(-1.0), ValueError, "must be a number from 0 on, or a schedule; got -1.0"),
        (lambda: keras.optimizers.SGD("fast"), ValueError, "got 'fast'"),
        (lambda: keras.optimizers.SGD(momentum=2.0), ValueError, "`momentum` must be between 0 and 1"),
        (lambda: keras.optimizers.Adam(clipnorm=1.0, global_clipnorm=1.0), ValueError, "At most one of"),
        (lambda: keras.optimizers.Adam(use_ema=True, ema_momentum=2.0), ValueError, "`ema_momentum` must be"),
        (lambda: keras.optimizers.Ftrl(learning_rate_power=0.5), ValueError, "`learning_rate_power` must be 0 or less"),
        (lambda: keras.optimizers.Adagrad(initial_accumulator_value=-1.0), ValueError, "must be 0 or more"),
        (lambda: keras.optimizers.Lion(beta_1=0.0), ValueError, "`beta_1` must be above 0"),
        (
            lambda: keras.optimizers.schedules.PiecewiseConstantDecay([1], [0.1]),
            ValueError,
            "should be 1 less than the length of values",
        ),
        (lambda: keras.optimizers.SGD().set_weights([1, 2]), ValueError, "Slots are made when the optimizer"),
        (
            lambda: keras.optimizers.SGD().minimize(tf.constant(1.0), [tf.Variable(1.0)]),
            ValueError,
            "No gradients provided for any variable",
        ),
    ],
)
def test_what_is_wrong_is_said(broken, kind, message):
    with pytest.raises(kind, match=message):
        broken()
