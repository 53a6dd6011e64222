"""Conditionals and loops: the values and gradients of TensorFlow, what runs and when, and what is refused."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trackml as tf
from trackml.testing import assert_gradients

_HERE = Path(__file__).parent
_GOLDEN = json.loads((_HERE.parent / "golden/control_flow/control_flow.json").read_text())
FLOAT32 = 1e-6
"""Rounding of a few operations on float32."""


def _cases() -> dict[str, Any]:
    spec = importlib.util.spec_from_file_location("control_flow_cases", _HERE / "control_flow_cases.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    cases: dict[str, Any] = module.CASES
    return cases


_CASES = _cases()


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, (list, tuple)):
        return [leaf for item in value for leaf in _leaves(item)]
    if isinstance(value, np.ndarray):
        return _leaves(value.tolist())
    return [value]


@pytest.mark.parametrize("name", sorted(_CASES))
def test_programs_give_what_tensorflow_gives(name: str) -> None:
    ours = _leaves(_CASES[name](tf))
    theirs = _leaves(_GOLDEN[name])
    assert len(ours) == len(theirs)
    known = [index for index, value in enumerate(theirs) if value is not None]
    assert [ours[index] is None for index in range(len(ours))] == [value is None for value in theirs]
    np.testing.assert_allclose([ours[i] for i in known], [theirs[i] for i in known], rtol=FLOAT32, atol=FLOAT32)


def test_every_program_has_a_golden_value() -> None:
    assert sorted(_CASES) == sorted(_GOLDEN)


_ONE = [np.array([0.3, -0.5])]
_TWO = [np.array([0.3, 0.5]), np.array([0.2, 1.0])]


def _loop(rounds: int, body: Callable[..., Any]) -> Callable[..., Any]:
    return lambda a, b: tf.while_loop(lambda i, v: i < rounds, lambda i, v: (i + 1, body(i, v, a)), (0, b))[1]


@pytest.mark.parametrize("static_shapes", [True, False])
@pytest.mark.parametrize(
    ("function", "inputs"),
    [
        (lambda a: tf.cond(tf.reduce_sum(a) < 0, lambda: tf.tanh(a) * a, lambda: a * a * a), _ONE),
        (lambda a: tf.cond(tf.reduce_sum(a) > 0, lambda: tf.tanh(a) * a, lambda: a * a * a), _ONE),
        (lambda a, b: tf.cond(a[0] > 0, lambda: tf.cond(b[0] > 0, lambda: a * b * b, lambda: a), lambda: b), _TWO),
        (lambda a: tf.map_fn(lambda x: tf.tanh(x) * x, a), _ONE),
        (lambda a: tf.scan(lambda total, x: total * x + tf.sin(x), a), _ONE),
        (_loop(3, lambda i, v, a: tf.tanh(v * a) + v), _TWO),
        (_loop(3, lambda i, v, a: tf.cond(tf.equal(i, 1), lambda: tf.tanh(v * a), lambda: v * v + v)), _TWO),
        (_loop(2, lambda i, v, a: _loop(2, lambda j, u, w: tf.tanh(u * w * v))(a, v)), _TWO),
        (lambda a, b: tf.cond(a[0] > 0, lambda: _loop(2, lambda i, v, w: tf.tanh(v * w))(a, b), lambda: a), _TWO),
    ],
    ids=["true", "false", "cond in cond", "map", "scan", "loop", "cond in loop", "loop in loop", "loop in cond"],
)
def test_first_and_second_gradients(function: Any, inputs: list[Any], static_shapes: bool) -> None:
    assert_gradients(function, inputs, static_shapes=static_shapes)


def _counted(value: float) -> tuple[list[float], Callable[[], Any]]:
    runs: list[float] = []

    def run() -> np.ndarray[Any, Any]:
        runs.append(value)
        return np.array(value, np.float32)

    return runs, lambda: tf.py_func(run, [], tf.float32)


def test_only_the_chosen_branch_runs() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        first, true_fn = _counted(1.0)
        second, false_fn = _counted(2.0)
        y = tf.cond(tf.constant(False), true_fn, false_fn)
        assert session.run(y) == 2.0
    assert (first, second) == ([], [2.0])


def test_what_is_made_outside_of_a_branch_runs_in_any_case() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        runs, made = _counted(1.0)
        outside = made()
        session.run(tf.cond(tf.constant(False), lambda: outside, lambda: tf.constant(0.0)))
    assert runs == [1.0]


def test_a_branch_waits_for_the_control_dependencies_around() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        v = tf.get_variable("v", [], initializer=tf.zeros_initializer())
        session.run(v.initializer)
        with tf.control_dependencies([v.assign(3.0)]):
            y = tf.cond(tf.constant(True), lambda: v + 1.0, lambda: v * 0.0)
        assert session.run(y) == 4.0


def test_control_dependencies_inside_a_branch_hold() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        v = tf.get_variable("v", [], initializer=tf.zeros_initializer())

        def branch() -> Any:
            with tf.control_dependencies([v.assign_add(1.0)]):
                return v * 10.0

        y = tf.cond(tf.constant(True), branch, lambda: tf.constant(0.0))
        session.run(v.initializer)
        assert [session.run(y), session.run(y), session.run(v)] == [10.0, 20.0, 2.0]


def test_a_branch_may_give_an_operation() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        v = tf.get_variable("v", [], initializer=tf.zeros_initializer())
        pred = tf.placeholder(tf.bool, [])
        done = tf.cond(pred, lambda: tf.group(v.assign(5.0)), lambda: tf.no_op())
        session.run(v.initializer)
        for value, expected in [(False, 0.0), (True, 5.0)]:
            session.run(done, {pred: value})
            assert session.run(v) == expected


def test_a_variable_is_read_anew_in_each_round() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        v = tf.get_variable("v", [], initializer=tf.ones_initializer())

        def body(i: Any, total: Any) -> Any:
            with tf.control_dependencies([v.assign_add(1.0)]):
                return i + 1, total + v

        loop = tf.while_loop(lambda i, _: i < 3, body, (0, 0.0))
        session.run(v.initializer)
        assert session.run(loop[1]) == 2.0 + 3.0 + 4.0


def test_layers_in_a_branch_have_the_names_they_have_outside() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.ones([1, 2])
        tf.layers.dense(x, 1)
        y = tf.cond(tf.constant(True), lambda: tf.layers.dense(x, 1), lambda: tf.zeros([1, 1]))
        assert [v.name for v in tf.trainable_variables()][2:] == ["dense_1/kernel:0", "dense_1/bias:0"]
        session.run(tf.global_variables_initializer())
        grads = tf.gradients(y, tf.trainable_variables()[2:])
        assert [value.tolist() for value in session.run(grads)] == [[[1.0], [1.0]], [1.0]]


def test_an_optimizer_may_run_in_a_branch() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        w = tf.get_variable("w", [], initializer=tf.ones_initializer())
        pred = tf.placeholder(tf.bool, [])
        step = tf.cond(pred, lambda: tf.train.GradientDescentOptimizer(0.5).minimize(w * w), lambda: tf.no_op())
        session.run(w.initializer)
        session.run(step, {pred: False})
        assert session.run(w) == 1.0
        session.run(step, {pred: True})
        assert session.run(w) == 0.0


def test_random_numbers_of_a_branch_are_those_that_its_gradient_uses() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.ones([100])
        y = tf.cond(tf.constant(True), lambda: tf.nn.dropout(x, keep_prob=0.5), lambda: x)
        value, grad = session.run([y, tf.gradients(y, x)[0]])
    assert value.tolist() == grad.tolist()
    assert sorted(set(value.tolist())) == [0.0, 2.0]


def test_a_loop_draws_new_random_numbers_in_each_round() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(1)
        draws = session.run(tf.map_fn(lambda _: tf.random_uniform([]), tf.zeros([5])))
    assert len(set(draws.tolist())) == 5


def test_static_shapes_are_what_both_branches_have_in_common() -> None:
    with tf.Graph().as_default():
        pred = tf.placeholder(tf.bool, [])
        y = tf.cond(pred, lambda: tf.zeros([2, 3]), lambda: tf.zeros([4, 3]))
        z = tf.cond(pred, lambda: tf.zeros([2]), lambda: tf.zeros([]))
    assert y.shape.as_list() == [None, 3]
    assert z.shape.ndims is None


def test_an_error_in_a_branch_names_its_line() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, None)
        y = tf.cond(tf.constant(True), lambda: tf.matmul(x, x, name="product"), lambda: x)
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"op 'product' .*test_control_flow\.py"):
            session.run(y, {x: np.ones([2, 3])})


def test_the_graph_shows_conditionals_and_loops_as_tensorflow_names_them(
    assert_tensorflow_takes: Callable[[tf.Graph], None],
) -> None:
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [2])
        tf.cond(x[0] > 0.0, lambda: x, lambda: -x, name="choice")
        tf.while_loop(lambda i, v: i < 3, lambda i, v: (i + 1, v * x), (0, x), name="rounds")
        tf.map_fn(lambda v: v * v, x)
        types = {op.name: op.type for op in graph.get_operations()}
    assert (types["choice"], types["rounds"]) == ("If", "While")
    assert_tensorflow_takes(graph)


def test_the_conditional_with_its_gradient_is_tensorflows_too(
    assert_tensorflow_takes: Callable[[tf.Graph], None],
) -> None:
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [2])
        tf.gradients(tf.cond(x[0] > 0.0, lambda: tf.tanh(x) * x, lambda: -x), x)
    assert_tensorflow_takes(graph)


def test_case_may_demand_that_one_condition_holds() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.int32, [])
        y = tf.case({tf.equal(x, 1): lambda: tf.constant(10)})
        assert session.run(y, {x: 1}) == 10
        with pytest.raises(tf.errors.InvalidArgumentError, match="None of the conditions evaluated as True"):
            session.run(y, {x: 2})


def test_case_may_demand_that_no_two_conditions_hold() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.int32, [])
        pairs = [(x > 1, lambda: tf.constant(1)), (x > 2, lambda: tf.constant(2))]
        y = tf.case(pairs, default=lambda: tf.constant(0), exclusive=True)
        assert [session.run(y, {x: 0}), session.run(y, {x: 2})] == [0, 1]
        with pytest.raises(tf.errors.InvalidArgumentError, match="More than one condition evaluated as True"):
            session.run(y, {x: 3})


def _one() -> Any:
    return tf.constant(1)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: tf.cond(True, _one, _one), TypeError, "pred must not be a Python bool"),
        (lambda: tf.cond(tf.constant(1), _one, _one), TypeError, "pred must be a boolean scalar"),
        (lambda: tf.cond(tf.constant(True), _one), TypeError, "false_fn argument required"),
        (lambda: tf.cond(tf.constant(True), 1, _one), TypeError, "true_fn must be callable"),  # type: ignore[arg-type]
        (lambda: tf.cond(tf.constant(True), lambda: None, _one), ValueError, "true_fn must have a return value"),
        (lambda: tf.cond(tf.constant(True), lambda: 1.0, _one), ValueError, "must have the same type"),
        (lambda: tf.cond(tf.constant(True), lambda: (1, 2), _one), ValueError, "Incompatible return values"),
        (lambda: tf.cond(tf.constant(True), _one, _one, fn1=_one), TypeError, "may not be set simultaneously"),
        (lambda: tf.case([]), ValueError, "at least one pair"),
        (lambda: tf.case([(tf.constant(True), 1)]), TypeError, "must be a 2-tuple"),
        (lambda: tf.while_loop(1, lambda i: i, [0]), TypeError, "cond must be callable"),  # type: ignore[arg-type]
        (lambda: tf.while_loop(lambda i: i < 1, 1, [0]), TypeError, "body must be callable"),  # type: ignore[arg-type]
        (lambda: tf.while_loop(lambda: True, lambda: 1, []), ValueError, "No loop variables provided"),
        (lambda: tf.while_loop(lambda i: i, lambda i: i + 1, [0]), TypeError, "cond must give a boolean scalar"),
        (lambda: tf.while_loop(lambda i: i < 1, lambda i: [i, i], [0]), ValueError, "same nested structure"),
        (lambda: tf.while_loop(lambda i: i < 1, lambda i: 1.5, [0]), TypeError, "float32 after one iteration"),
        (
            lambda: tf.while_loop(lambda v: v[0] < 1, lambda v: tf.concat([v, v], 0), [tf.zeros([1])]),
            ValueError,
            r"enters the loop with shape \(1,\), but has shape \(2,\) after one iteration",
        ),
        (
            lambda: tf.while_loop(lambda v: v[0] < 1, lambda v: v, [tf.zeros([1])], [tf.TensorShape([2])]),
            ValueError,
            "shape invariant specified for",
        ),
        (lambda: tf.map_fn(1, tf.zeros([2])), TypeError, "fn must be callable"),  # type: ignore[arg-type]
        (lambda: tf.TensorArray(tf.float32), ValueError, "Size must be provided"),
    ],
)
def test_mistakes_are_found_while_the_graph_is_built(make: Any, error: Any, message: str) -> None:
    with tf.Graph().as_default(), pytest.raises(error, match=message):
        make()


def test_a_loop_without_back_prop_has_no_gradient() -> None:
    with tf.Graph().as_default():
        x = tf.constant(1.0)
        loop = tf.while_loop(lambda v: v < 3.0, lambda v: v * 2.0, [x], back_prop=False)
        assert tf.gradients(loop, x) == [None]


def test_a_single_variable_comes_bare_or_in_its_structure() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        bare = tf.while_loop(lambda i: i < 3, lambda i: i + 1, [0])
        listed = tf.while_loop(lambda i: i < 3, lambda i: [i + 1], [0], return_same_structure=True)
        assert session.run([bare, listed]) == [3, [3]]


def test_writing_outside_of_an_array_is_an_error_of_the_session() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        array = tf.TensorArray(tf.float32, 2).write(2, 1.0)
        with pytest.raises(tf.errors.InvalidArgumentError, match="Tried to write to index 2"):
            session.run(array.stack())


def test_an_item_that_was_not_written_counts_as_zeros_once_the_shape_is_known() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        array = tf.TensorArray(tf.float32, 3, element_shape=[2])
        assert session.run(array.read(1)).tolist() == [0.0, 0.0]
        assert session.run(array.write(1, [1.0, 2.0]).stack()).tolist() == [[0.0, 0.0], [1.0, 2.0], [0.0, 0.0]]
        with pytest.raises(tf.errors.InvalidArgumentError, match="was not written"):
            session.run(tf.TensorArray(tf.float32, 3).read(1))


def test_a_loop_runs_in_many_sessions_each_with_its_own_variables() -> None:
    with tf.Graph().as_default() as graph:
        v = tf.get_variable("v", [], initializer=tf.ones_initializer())
        y = tf.while_loop(lambda i, x: i < 2, lambda i, x: (i + 1, x + v), (0, 0.0))[1]
        init = v.initializer
    values = []
    for start in (1.0, 5.0):
        with tf.Session(graph=graph) as session:
            session.run(init)
            v.load(start, session)
            values.append(session.run(y))
    assert values == [2.0, 10.0]
