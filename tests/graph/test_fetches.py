"""What was asked for once is looked up the next time, and comes in the form of each request."""

from __future__ import annotations

from collections import OrderedDict, namedtuple
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import trackml as tf
from trackml.graph.fetches import key_of

Pair = namedtuple("Pair", ["first", "second"])


@pytest.fixture(autouse=True)
def graph() -> Iterator[tf.Graph]:
    with tf.Graph().as_default() as graph:
        yield graph


def structures(a: Any, b: Any) -> list[Any]:
    return [
        a,
        [a, b],
        (a, b),
        [a, [b]],
        [[a], b],
        {"x": a, "y": b},
        {"y": a, "x": b},
        {"x": [a, {"z": b}], "y": ()},
        Pair(a, b),
        OrderedDict([("y", a), ("x", b)]),
        [Pair([a], (b,)), {"k": Pair(b, a)}],
        [],
    ]


def test_each_form_comes_back_at_each_run() -> None:
    a, b = tf.constant(1), tf.constant(2)
    with tf.Session() as session:
        for _ in range(2):
            for wanted, values in zip(structures(a, b), structures(1, 2)):
                found = session.run(wanted)
                assert found == values
                assert type(found) is type(values) or np.isscalar(found)
                assert list(found) == list(values) if isinstance(values, dict) else True


def test_forms_have_keys_of_their_own() -> None:
    a, b = tf.constant(1), tf.constant(2)
    plain = [wanted for wanted in structures(a, b) if "Pair" not in repr(wanted) and type(wanted) is not OrderedDict]
    assert len({key_of(wanted) for wanted in plain}) == len(plain)


def test_a_changed_list_is_another_request() -> None:
    a, b = tf.constant(1), tf.constant(2)
    wanted = [a]
    with tf.Session() as session:
        assert session.run(wanted) == [1]
        wanted.append(b)
        assert session.run(wanted) == [1, 2]
        wanted[0] = b
        assert session.run(wanted) == [2, 2]


def test_sparse_tensors_names_variables_and_operations_are_looked_up_too() -> None:
    v = tf.get_variable("v", initializer=tf.constant([3.0]))
    sparse = tf.SparseTensor([[0, 1]], [5.0], [1, 2])
    with tf.Session() as session:
        session.run(v.initializer)
        for _ in range(2):
            value, parts, named, nothing = session.run([v, sparse, "v/Read/ReadVariableOp:0", v.initializer])
            assert value.tolist() == named.tolist() == [3.0]
            assert parts.values.tolist() == [5.0]
            assert nothing is None


def test_a_wrong_request_is_wrong_each_time() -> None:
    with tf.Session() as session:
        for _ in range(2):
            with pytest.raises(TypeError, match="Fetch argument None"):
                session.run(None)
            with pytest.raises(TypeError, match="has invalid type int"):
                session.run([1])
            with pytest.raises(ValueError, match="cannot be interpreted as a Tensor"):
                session.run({"a": "missing:0"})


def test_a_name_that_is_missing_at_first_is_found_once_it_is_there() -> None:
    with tf.Session() as session:
        with pytest.raises(ValueError, match="cannot be interpreted as a Tensor"):
            session.run("late:0")
        tf.constant(7, name="late")
        assert session.run("late:0") == 7


@pytest.mark.parametrize("asked", ["w:0", ["w:0"], {"a": "w:0"}])
def test_the_name_of_a_variable_gives_its_value(asked: Any) -> None:
    variable = tf.Variable(3.0, name="w")
    with tf.Session() as session:
        session.run(variable.initializer)
        assert session.run(asked) == session.run(tf.nest.map_structure(lambda _: variable, asked))
        session.run(variable.assign(4.0))
        assert tf.nest.flatten(session.run(asked)) == [4.0]
