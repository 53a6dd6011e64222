"""Recurrent cells and the loops that run them: TensorFlow's names, values and gradients, and what is refused."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trackml as tf

_HERE = Path(__file__).parent
_GOLDEN = json.loads((_HERE.parent / "golden/control_flow/rnn.json").read_text())
FLOAT32 = 2e-6
"""Rounding of a few steps of a cell on float32."""

rnn_cell = tf.nn.rnn_cell


def _cases() -> dict[str, Any]:
    spec = importlib.util.spec_from_file_location("rnn_cases", _HERE / "rnn_cases.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    cases: dict[str, Any] = module.CASES
    return cases


_CASES = _cases()


def _flat(value: Any) -> list[Any]:
    if isinstance(value, (list, tuple)):
        return [leaf for item in value for leaf in _flat(item)]
    return list(np.asarray(value).ravel())


@pytest.mark.parametrize("name", sorted(_GOLDEN))
def test_networks_have_tensorflows_names_values_and_gradients(name: str) -> None:
    names, *numbers = _CASES[name](tf)
    golden_names, *golden_numbers = _GOLDEN[name]
    assert names == golden_names
    np.testing.assert_allclose(_flat(numbers), _flat(golden_numbers), rtol=FLOAT32, atol=FLOAT32)


def test_every_network_has_golden_values() -> None:
    assert sorted(_CASES) == sorted(_GOLDEN)


@pytest.mark.parametrize(
    "make",
    [
        lambda: rnn_cell.BasicRNNCell(2),
        lambda: rnn_cell.GRUCell(2),
        lambda: rnn_cell.BasicLSTMCell(2),
        lambda: rnn_cell.LSTMCell(2, use_peepholes=True, num_proj=3),
        lambda: rnn_cell.MultiRNNCell([rnn_cell.GRUCell(2), rnn_cell.BasicLSTMCell(2)]),
    ],
    ids=["basic", "gru", "basic lstm", "lstm", "multi"],
)
def test_gradients_of_cells_agree_with_differences(make: Any) -> None:
    value = np.random.default_rng(0).normal(size=(2, 3, 2))
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float64, [2, 3, 2])
        with tf.variable_scope("network", initializer=tf.constant_initializer(0.3)):
            outputs, _ = tf.nn.dynamic_rnn(make(), x, dtype=tf.float64)
        total = tf.reduce_sum(tf.sin(outputs))
        (grad,) = tf.gradients(total, x)
        session.run(tf.global_variables_initializer())
        stated = session.run(grad, {x: value})
        for place in np.ndindex(value.shape):
            shift = np.zeros_like(value)
            shift[place] = 1e-5
            above, below = session.run(total, {x: value + shift}), session.run(total, {x: value - shift})
            np.testing.assert_allclose(stated[place], (above - below) / 2e-5, rtol=1e-6, atol=1e-8)


def test_outputs_are_zeros_and_states_stay_beyond_the_length() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.ones([2, 4, 3])
        outputs, state = tf.nn.dynamic_rnn(rnn_cell.GRUCell(2), x, sequence_length=[2, 3], dtype=tf.float32)
        session.run(tf.global_variables_initializer())
        values, last = session.run([outputs, state])
    assert values.shape == (2, 4, 2)
    assert not values[0, 2:].any()
    assert not values[1, 3:].any()
    assert last.tolist() == [values[0, 1].tolist(), values[1, 2].tolist()]


def test_lengths_must_go_with_the_batch() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        lengths = tf.placeholder(tf.int32, [None])
        outputs, _ = tf.nn.dynamic_rnn(rnn_cell.GRUCell(2), tf.ones([2, 4, 3]), lengths, dtype=tf.float32)
        session.run(tf.global_variables_initializer())
        with pytest.raises(tf.errors.InvalidArgumentError, match="one sequence_length for each example"):
            session.run(outputs, {lengths: [1, 2, 3]})


def test_static_shapes_are_known() -> None:
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [None, None, 3])
        outputs, state = tf.nn.dynamic_rnn(rnn_cell.BasicLSTMCell(5), x, dtype=tf.float32)
    assert outputs.shape.as_list() == [None, None, 5]
    assert state.c.shape.as_list() == [None, 5]


def test_sizes_and_zero_states() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        cell = rnn_cell.MultiRNNCell([rnn_cell.BasicLSTMCell(2), rnn_cell.LSTMCell(3, num_proj=4)])
        assert cell.state_size == ((2, 2), (3, 4))
        assert cell.output_size == 4
        state = session.run(cell.zero_state(5, tf.float32))
    assert [part.shape for pair in state for part in pair] == [(5, 2), (5, 2), (5, 3), (5, 4)]
    assert isinstance(state[0], rnn_cell.LSTMStateTuple)


def test_a_cell_shares_its_weights_between_calls() -> None:
    with tf.Graph().as_default():
        cell = rnn_cell.GRUCell(2)
        state = cell.zero_state(1, tf.float32)
        for _ in range(3):
            _, state = cell(tf.ones([1, 3]), state)
        assert len(tf.trainable_variables()) == len(cell.trainable_weights) == 4


def test_a_cell_of_ones_own_may_get_its_variables_when_it_is_called() -> None:
    class Sum(rnn_cell.RNNCell):
        """Adds up its inputs."""

        state_size = output_size = 3

        def call(self, inputs: Any, state: Any) -> Any:
            total = state + inputs * tf.get_variable("w", [3], initializer=tf.ones_initializer())
            return total, total

    with tf.Graph().as_default(), tf.Session() as session:
        outputs, _ = tf.nn.static_rnn(Sum(), [tf.ones([1, 3])] * 3, dtype=tf.float32)
        assert [v.name for v in tf.trainable_variables()] == ["rnn/sum/w:0"]
        session.run(tf.global_variables_initializer())
        assert session.run(outputs[-1]).tolist() == [[3.0, 3.0, 3.0]]


def test_dropout_thins_output_and_state_but_not_the_memory() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        cell = rnn_cell.BasicLSTMCell(200)
        wrapped = rnn_cell.DropoutWrapper(cell, output_keep_prob=0.5, state_keep_prob=0.5, seed=1)
        output, state = wrapped(tf.ones([1, 3]), wrapped.zero_state(1, tf.float32))
        session.run(tf.global_variables_initializer())
        values = session.run([output, state.h, state.c])
    zeros = [int((value == 0).sum()) for value in values]
    assert zeros[2] == 0
    assert all(60 < count < 140 for count in zeros[:2])
    assert wrapped.trainable_weights == cell.trainable_weights


def _cell() -> Any:
    return rnn_cell.GRUCell(2)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: tf.nn.dynamic_rnn(1, tf.ones([1, 2, 3]), dtype=tf.float32), TypeError, "is not an RNNCell"),  # type: ignore[arg-type]
        (lambda: tf.nn.dynamic_rnn(_cell(), tf.ones([1, 2, 3])), ValueError, "you must give a dtype"),
        (lambda: tf.nn.static_rnn(_cell(), []), ValueError, "inputs must not be empty"),
        (lambda: tf.nn.static_rnn(_cell(), tf.ones([1])), TypeError, "inputs must be a sequence"),  # type: ignore[arg-type]
        (
            lambda: tf.nn.dynamic_rnn(_cell(), tf.placeholder(tf.float32, [1, 2, None]), dtype=tf.float32),
            ValueError,
            "Input size",
        ),
        (
            lambda: tf.nn.dynamic_rnn(_cell(), tf.ones([1, 2, 3]), [[1]], dtype=tf.float32),
            ValueError,
            "sequence_length must be a vector",
        ),
        (lambda: rnn_cell.MultiRNNCell([]), ValueError, "at least one cell"),
        (lambda: rnn_cell.MultiRNNCell(_cell()), TypeError, "cells must be a list or tuple"),
        (lambda: rnn_cell.DropoutWrapper(_cell(), input_keep_prob=1.5), ValueError, "must be between 0 and 1"),
        (lambda: rnn_cell.DropoutWrapper(_cell(), variational_recurrent=True), ValueError, "variational_recurrent"),
        (lambda: rnn_cell.GRUCell(2, activation="tanh"), TypeError, "activation must be a function"),
        (lambda: rnn_cell.LSTMCell(2, num_unit_shards=2), ValueError, "does not split its weights"),
    ],
)
def test_mistakes_are_found_while_the_graph_is_built(make: Any, error: Any, message: str) -> None:
    with tf.Graph().as_default(), pytest.raises(error, match=message):
        make()
