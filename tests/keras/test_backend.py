"""Functions of `keras.backend`, each against numpy."""

from __future__ import annotations

import numpy as np
import pytest

import trackml as tf
from trackml import keras

K = keras.backend
X = np.array([[-1.5, 0.5, 2.0], [1.0, -0.25, 3.0]], np.float32)
Y = np.array([[0.5, 1.5, -1.0], [2.0, -2.0, 1.0]], np.float32)
POSITIVE = np.abs(X)
SHARES = np.array([[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]], np.float32)
ONE_HOT = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]], np.float32)
CUBE = np.arange(24, dtype=np.float32).reshape(2, 3, 4)


def _softmax(x):
    return np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True)


# What is called, and what numpy says.
TABLE = {
    "abs": (lambda: K.abs(X), np.abs(X)),
    "all": (lambda: K.all(X > 0, axis=1), [False, False]),
    "any": (lambda: K.any(X > 2.5, axis=1), [False, True]),
    "argmax": (lambda: K.argmax(X), [2, 2]),
    "argmin": (lambda: K.argmin(X, axis=0), [0, 1, 0]),
    "batch_dot": (lambda: K.batch_dot(CUBE, CUBE, axes=(2, 2)), np.einsum("bij,bkj->bik", CUBE, CUBE)),
    "batch_flatten": (lambda: K.batch_flatten(CUBE), CUBE.reshape(2, 12)),
    "bias_add": (lambda: K.bias_add(X, np.array([1.0, 2.0, 3.0], np.float32)), X + np.array([1.0, 2.0, 3.0])),
    "binary_crossentropy": (
        lambda: K.binary_crossentropy(ONE_HOT, K.constant(SHARES)),
        -(ONE_HOT * np.log(SHARES) + (1 - ONE_HOT) * np.log(1 - SHARES)),
    ),
    "cast": (lambda: K.cast(X, "int32"), X.astype(int)),
    "categorical_crossentropy": (
        lambda: K.categorical_crossentropy(ONE_HOT, K.constant(SHARES)),
        -np.log((ONE_HOT * SHARES).sum(axis=1)),
    ),
    "clip": (lambda: K.clip(X, -1.0, 1.0), X.clip(-1, 1)),
    "concatenate": (lambda: K.concatenate([X, Y], axis=0), np.concatenate([X, Y])),
    "constant": (lambda: K.constant([1, 2]), [1.0, 2.0]),
    "cos": (lambda: K.cos(X), np.cos(X)),
    "dot": (lambda: K.dot(CUBE, np.ones([4, 2], np.float32)), CUBE @ np.ones([4, 2])),
    "elu": (lambda: K.elu(X), np.where(X > 0, X, np.expm1(X))),
    "equal": (lambda: K.equal(X, 2.0), X == 2.0),
    "exp": (lambda: K.exp(X), np.exp(X)),
    "expand_dims": (lambda: K.expand_dims(X, 1), X[:, None]),
    "eye": (lambda: K.eye(3), np.eye(3)),
    "flatten": (lambda: K.flatten(X), X.ravel()),
    "gather": (lambda: K.gather(X, [1, 0]), X[[1, 0]]),
    "greater": (lambda: K.greater(X, Y), X > Y),
    "greater_equal": (lambda: K.greater_equal(X, Y), X >= Y),
    "hard_sigmoid": (lambda: K.hard_sigmoid(X), (0.2 * X + 0.5).clip(0, 1)),
    "l2_normalize": (lambda: K.l2_normalize(X, axis=1), X / np.linalg.norm(X, axis=1, keepdims=True)),
    "less": (lambda: K.less(X, Y), X < Y),
    "less_equal": (lambda: K.less_equal(X, Y), X <= Y),
    "log": (lambda: K.log(POSITIVE), np.log(POSITIVE)),
    "logsumexp": (lambda: K.logsumexp(X, axis=1), np.log(np.exp(X).sum(axis=1))),
    "max": (lambda: K.max(X, axis=0), X.max(axis=0)),
    "maximum": (lambda: K.maximum(X, Y), np.maximum(X, Y)),
    "mean": (lambda: K.mean(X > 0), np.mean(X > 0)),
    "min": (lambda: K.min(X, axis=1, keepdims=True), X.min(axis=1, keepdims=True)),
    "minimum": (lambda: K.minimum(X, Y), np.minimum(X, Y)),
    "not_equal": (lambda: K.not_equal(X, 2.0), X != 2.0),
    "one_hot": (lambda: K.one_hot(np.array([2, 0]), 3), np.eye(3)[[2, 0]]),
    "ones": (lambda: K.ones([2, 3]), np.ones([2, 3])),
    "ones_like": (lambda: K.ones_like(X), np.ones_like(X)),
    "permute_dimensions": (lambda: K.permute_dimensions(CUBE, (0, 2, 1)), CUBE.transpose(0, 2, 1)),
    "pow": (lambda: K.pow(POSITIVE, 3.0), POSITIVE**3),
    "prod": (lambda: K.prod(X), X.prod()),
    "relu": (lambda: K.relu(X, max_value=1.0), X.clip(0, 1)),
    "repeat": (lambda: K.repeat(X, 2), np.stack([X, X], 1)),
    "reshape": (lambda: K.reshape(X, (3, 2)), X.reshape(3, 2)),
    "reverse": (lambda: K.reverse(X, 1), X[:, ::-1]),
    "round": (lambda: K.round(X), np.round(X)),
    "shape": (lambda: K.shape(CUBE), [2, 3, 4]),
    "sigmoid": (lambda: K.sigmoid(X), 1 / (1 + np.exp(-X))),
    "sign": (lambda: K.sign(X), np.sign(X)),
    "sin": (lambda: K.sin(X), np.sin(X)),
    "softmax": (lambda: K.softmax(X), _softmax(X)),
    "softplus": (lambda: K.softplus(X), np.log1p(np.exp(X))),
    "softsign": (lambda: K.softsign(X), X / (1 + np.abs(X))),
    "sqrt": (lambda: K.sqrt(X), np.sqrt(X.clip(0))),
    "square": (lambda: K.square(X), X**2),
    "squeeze": (lambda: K.squeeze(X[:, None], 1), X),
    "stack": (lambda: K.stack([X, Y], axis=1), np.stack([X, Y], 1)),
    "std": (lambda: K.std(X, axis=0), X.std(axis=0)),
    "stop_gradient": (lambda: K.stop_gradient(X), X),
    "sum": (lambda: K.sum(X, axis=[0, 1]), X.sum()),
    "switch": (lambda: K.switch(np.array([True, False]), X, lambda: Y), np.stack([X[0], Y[1]])),
    "tanh": (lambda: K.tanh(X), np.tanh(X)),
    "tile": (lambda: K.tile(X, [2, 1]), np.tile(X, [2, 1])),
    "transpose": (lambda: K.transpose(X), X.T),
    "var": (lambda: K.var(X, axis=1), X.var(axis=1)),
    "zeros": (lambda: K.zeros([2]), [0.0, 0.0]),
    "zeros_like": (lambda: K.zeros_like(X), np.zeros_like(X)),
}
OTHERS = {
    "clear_session", "dropout", "dtype", "epsilon", "eval", "floatx", "function", "get_session", "get_value",
    "gradients", "initialize", "int_shape", "is_keras_tensor", "ndim", "placeholder", "random_normal",
    "random_uniform", "session_of", "set_value", "truncated_normal", "variable",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(TABLE))
def test_a_function_is_that_of_numpy(name):
    make, expected = TABLE[name]
    np.testing.assert_allclose(K.eval(make()), expected, rtol=2e-5, atol=1e-6)


def test_every_function_is_tested():
    assert set(TABLE) | OTHERS == set(K.__all__)


def test_what_is_known_of_tensors():
    x = keras.Input(shape=(None, 3))
    assert K.int_shape(x) == (None, None, 3)
    assert K.ndim(x) == 3
    assert K.dtype(x) == "float32"
    assert K.is_keras_tensor(x)
    assert not K.is_keras_tensor(tf.zeros([2]))
    assert K.placeholder(ndim=2).shape.as_list() == [None, None]
    assert K.placeholder((None, 2), dtype="int32").dtype is tf.int32


def test_functions_and_gradients():
    x, weight = K.placeholder((None, 2)), K.variable([[1.0], [3.0]])
    assert K.get_value(weight).tolist() == [[1.0], [3.0]]
    total = K.sum(K.square(K.dot(x, weight)))
    slopes = K.function([x], K.gradients(total, [weight]))
    np.testing.assert_allclose(slopes([np.array([[1.0, 1.0]])])[0], [[8.0], [8.0]])
    counted = K.function([x], total, updates=[weight.assign(weight * 0.0, read_value=False)])
    counted([np.ones([1, 2])])
    assert K.get_value(weight).tolist() == [[0.0], [0.0]]


@pytest.mark.parametrize(
    ("draw", "mean", "deviation"),
    [
        (lambda: K.random_normal([4000], 1.0, 2.0, seed=1), 1.0, 2.0),
        (lambda: K.random_uniform([4000], -1.0, 1.0, seed=1), 0.0, 2 / np.sqrt(12)),
        (lambda: K.truncated_normal([4000], seed=1), 0.0, 0.8796),
        (lambda: K.dropout(tf.ones([4000]), 0.2, seed=1), 1.0, 0.5),
    ],
)
def test_random_numbers_are_distributed_as_they_should_be(draw, mean, deviation):
    values = K.eval(draw())
    assert values.mean() == pytest.approx(mean, abs=0.1)
    assert values.std() == pytest.approx(deviation, rel=0.1)


def test_logits_are_taken_too():
    logits = K.log(K.constant(SHARES))
    plain = K.eval(K.categorical_crossentropy(ONE_HOT, K.constant(SHARES)))
    np.testing.assert_allclose(K.eval(K.categorical_crossentropy(ONE_HOT, logits, from_logits=True)), plain, rtol=1e-5)
    odds = np.log(SHARES / (1 - SHARES))
    plain = K.eval(K.binary_crossentropy(ONE_HOT, K.constant(SHARES)))
    got = K.eval(K.binary_crossentropy(ONE_HOT, K.constant(odds), from_logits=True))
    np.testing.assert_allclose(got, plain, rtol=1e-5)
