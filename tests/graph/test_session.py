"""What a session fetches, feeds, and says when something is wrong."""

from __future__ import annotations

import collections

import numpy as np
import pytest

import trackml as tf
from trackml import errors
from trackml.graph import Graph, Session, apply_op, constant, placeholder, register
from trackml.graph.order import needed, ordered
from trackml.graph.shape_rules import same_as_input, unknown

register("TestReshapeToSeven", lambda x: np.reshape(x, (7,)), shape=unknown)
register("TestOutOfMemory", lambda x: (_ for _ in ()).throw(MemoryError("too large")), shape=unknown)
_CALLS: list[float] = []


def _counted(x):
    _CALLS.append(float(np.sum(x)))
    return x


register("TestCounted", _counted, shape=same_as_input)


@pytest.fixture
def session():
    with Graph().as_default(), Session() as session:
        yield session


def test_results_come_in_the_form_of_the_fetches(session):
    a, b = constant(1.0), constant([2.0, 3.0])
    Pair = collections.namedtuple("Pair", "x y")
    result = session.run({"one": a, "more": [b, (a,)], "pair": Pair(a, b)})
    assert list(result) == ["one", "more", "pair"]
    assert result["one"] == 1.0
    assert isinstance(result["more"], list)
    assert isinstance(result["more"][1], tuple)
    assert isinstance(result["pair"], Pair)


def test_scalars_are_numpy_scalars_and_strings_are_bytes(session):
    assert isinstance(session.run(constant(1.0)), np.float32)
    assert session.run(constant("ä")) == "ä".encode()
    assert session.run(constant(["a", b"b"])).tolist() == [b"a", b"b"]


def test_operations_and_names_are_fetched_too(session):
    x = constant(5, name="x")
    assert session.run(x.op) is None
    assert session.run("x:0") == 5
    assert session.run(["x:0", x.op]) == [5, None]


def test_any_tensor_can_be_fed(session):
    p = placeholder("float32", [2])
    doubled = p * 2.0
    assert session.run(doubled + 1.0, {doubled: [10.0, 20.0]}).tolist() == [11.0, 21.0]
    assert session.run([doubled, p], {p: [1.0, 2.0]})[0].tolist() == [2.0, 4.0]


def test_a_fed_output_is_what_is_fetched(session):
    x = constant(1.0)
    assert session.run(x, {x: 7.0}) == 7.0


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        ([1.0, 2.0, 3.0], ValueError, r"Cannot feed value of shape \(3,\) for Tensor 'p:0'"),
        ("text", TypeError, "Expected float32"),
        (None, TypeError, "None values not supported"),
    ],
)
def test_a_wrong_feed_is_refused(session, value, error, message):
    p = placeholder("float32", [2], name="p")
    with pytest.raises(error, match=message):
        session.run(p, {p: value})


def test_a_tensor_is_no_value_to_feed(session):
    p = placeholder("float32", [])
    with pytest.raises(TypeError, match=r"cannot be a tf\.Tensor"):
        session.run(p, {p: constant(1.0)})


@pytest.mark.parametrize(("fetch", "error"), [(None, TypeError), (3.0, TypeError), ("nothing:0", ValueError)])
def test_what_cannot_be_fetched_is_refused(session, fetch, error):
    with pytest.raises(error, match="Fetch argument"):
        session.run(fetch)


def test_a_tensor_of_another_graph_cannot_be_fetched(session):
    with Graph().as_default():
        other = constant(1.0)
    with pytest.raises(ValueError, match="not an element of this graph"):
        session.run(other)


def test_an_unfed_placeholder_names_itself_and_the_line(session):
    p = placeholder("float32", [2], name="p")
    with pytest.raises(errors.InvalidArgumentError, match=r"placeholder tensor 'p'.*test_session\.py:\d+"):
        session.run(p * 2.0)


def test_a_failing_kernel_names_operation_shapes_and_line(session):
    bad = apply_op("TestReshapeToSeven", placeholder("float32", [None], name="x"), name="bad")
    with pytest.raises(errors.InvalidArgumentError) as caught:
        session.run(bad, {"x:0": [1.0, 2.0]})
    assert caught.value.op is bad.op
    assert "op 'bad' (TestReshapeToSeven of float32[?]" in str(caught.value)
    assert "test_session.py" in str(caught.value)


def test_running_out_of_memory_is_an_exhausted_resource(session):
    x = placeholder("float32", [])
    with pytest.raises(errors.ResourceExhaustedError, match="too large"):
        session.run(apply_op("TestOutOfMemory", x), {x: 1.0})


def test_shapes_that_do_not_fit_name_operation_and_line(session):
    with pytest.raises(ValueError, match=r"Dimensions must be equal.*test_session\.py:\d+"):
        constant([1.0, 2.0]) + constant([1.0, 2.0, 3.0])


def test_what_is_constant_is_computed_once(session):
    _CALLS.clear()
    constant_sum = apply_op("TestCounted", constant([1.0, 2.0]))
    p = placeholder("float32", [])
    product = constant_sum * p
    for value in (1.0, 2.0):
        session.run(product, {p: value})
    assert _CALLS == [3.0]


def test_each_operation_runs_once_a_run(session):
    _CALLS.clear()
    p = placeholder("float32", [])
    counted = apply_op("TestCounted", p)
    session.run([counted, counted + 1.0, counted * counted], {p: 4.0})
    assert _CALLS == [4.0]


def test_what_is_not_fetched_is_not_run(session):
    _CALLS.clear()
    p = placeholder("float32", [])
    apply_op("TestCounted", p)
    session.run(p * 2.0, {p: 1.0})
    assert _CALLS == []


def test_writing_into_a_result_changes_nothing_in_the_session(session):
    v = tf.get_variable("v", initializer=[1.0, 2.0])
    session.run(tf.global_variables_initializer())
    session.run(v)[0] = 9.0
    session.run(constant([1.0, 2.0], name="c"))[0] = 9.0
    assert session.run(v).tolist() == [1.0, 2.0]
    assert session.run("c:0").tolist() == [1.0, 2.0]


def test_an_array_that_is_fed_stays_the_callers(session):
    array = np.array([1.0, 2.0], np.float32)
    p = placeholder("float32", [2])
    v = tf.get_variable("v", initializer=tf.zeros([2]))
    session.run(v.assign(p), {p: array})
    array[0] = 9.0
    assert session.run(v).tolist() == [1.0, 2.0]


def test_callables_run_without_the_settling(session):
    p = placeholder("float32", [])
    double = session.make_callable([p * 2.0], [p])
    assert [double(value)[0] for value in (1.0, 2.0)] == [2.0, 4.0]


def test_a_closed_session_runs_nothing():
    with Graph().as_default():
        x = constant(1.0)
        session = Session()
        session.close()
        with pytest.raises(RuntimeError, match="closed"):
            session.run(x)


def test_eval_uses_the_default_session():
    with Graph().as_default():
        x = constant(1.0)
        with pytest.raises(ValueError, match="no default session"):
            x.eval()
        with Session():
            assert x.eval() == 1.0


def test_a_cycle_of_control_inputs_is_an_error():
    with Graph().as_default():
        a, b = constant(1.0), constant(2.0)
    a.op.control_inputs, b.op.control_inputs = (b.op,), (a.op,)
    with pytest.raises(ValueError, match="cycle"):
        ordered(needed([a], []))


def test_operations_that_wait_for_newer_ones_are_put_in_order():
    with Graph().as_default():
        a, b, c = constant(1.0, name="a"), constant(2.0, name="b"), constant(3.0, name="c")
    a.op.control_inputs = (c.op,)
    assert [op.name for op in ordered([a.op, b.op, c.op])] == ["b", "c", "a"]
