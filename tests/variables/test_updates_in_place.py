"""Updates write into the variable's own array, and nobody who was given the value before sees it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import trackml as tf
import trackml.optimizers.scatter  # registers the operations on rows
from trackml.graph.graph import apply_op

SHAPE = [64, 64]
"""More than `SMALL_BYTES`: smaller values are replaced, not written into."""
OPTIMIZERS: dict[str, Callable[[], Any]] = {
    "adadelta": lambda: tf.train.AdadeltaOptimizer(0.5),
    "adagrad": lambda: tf.train.AdagradOptimizer(0.5),
    "adam": lambda: tf.train.AdamOptimizer(0.5),
    "ftrl": lambda: tf.train.FtrlOptimizer(0.5, l2_shrinkage_regularization_strength=0.1),
    "gradient_descent": lambda: tf.train.GradientDescentOptimizer(0.5),
    "momentum": lambda: tf.train.MomentumOptimizer(0.5, 0.9),
    "rms_prop": lambda: tf.train.RMSPropOptimizer(0.5),
    "rms_prop_centered": lambda: tf.train.RMSPropOptimizer(0.5, centered=True),
}


def dense_step(optimizer: Callable[[], Any]) -> Callable[[tf.Variable], Any]:
    return lambda v: optimizer().minimize(tf.reduce_sum(v * np.linspace(1, 2, 64, dtype=np.float32)))


def sparse_step(optimizer: Callable[[], Any]) -> Callable[[tf.Variable], Any]:
    return lambda v: optimizer().minimize(tf.reduce_sum(tf.gather(v, [3, 1, 3, 60])))


def scattered(type: str) -> Callable[[tf.Variable], Any]:
    return lambda v: apply_op(type, v.handle, tf.constant([2, 5]), tf.ones([2, 64]))


UPDATES: dict[str, Callable[[tf.Variable], Any]] = {
    "assign_add": lambda v: v.assign_add(np.ones(SHAPE), read_value=False),
    "assign_sub": lambda v: v.assign_sub(np.ones(SHAPE), read_value=False),
    "assign": lambda v: v.assign(np.full(SHAPE, 7.0), read_value=False),
    **{type: scattered(type) for type in ("ResourceScatterAdd", "ResourceScatterSub", "ResourceScatterUpdate")},
    **{f"dense_{name}": dense_step(make) for name, make in OPTIMIZERS.items()},
    **{f"sparse_{name}": sparse_step(make) for name, make in OPTIMIZERS.items()},
}


@pytest.fixture(autouse=True)
def graph() -> Iterator[tf.Graph]:
    with tf.Graph().as_default() as graph:
        yield graph


def variable(name: str = "v") -> tf.Variable:
    first = np.arange(64 * 64, dtype=np.float32).reshape(SHAPE)
    return tf.get_variable(name, initializer=tf.constant(first))


def started(session: tf.Session) -> tf.Session:
    session.run(tf.global_variables_initializer())
    return session


def address(session: tf.Session, name: str = "v") -> int:
    return session.runtime.variable(name).read().ctypes.data


@pytest.mark.parametrize("update", UPDATES.values(), ids=UPDATES)
def test_an_update_writes_into_the_array_that_nobody_else_has(update: Callable[[tf.Variable], Any]) -> None:
    v = variable()
    step = update(v)
    with tf.Session() as session:
        place = address(started(session))
        before = session.run(v)
        session.run(step)
        assert address(session) == place
        assert not np.array_equal(session.run(v), before)


@pytest.mark.parametrize("update", UPDATES.values(), ids=UPDATES)
def test_a_value_read_before_an_update_in_the_same_run_stays(update: Callable[[tf.Variable], Any]) -> None:
    v = variable()
    old = v.value()
    with tf.control_dependencies([old]):
        step = update(v)
    with tf.control_dependencies([step]):
        kept, new = old + 0.0, v.value()
    with tf.Session() as session:
        before = started(session).run(v)
        first, kept_value, last = session.run([old, kept, new])
        np.testing.assert_array_equal(first, before)
        np.testing.assert_array_equal(kept_value, before)
        assert not np.array_equal(last, before)


@pytest.mark.parametrize("update", UPDATES.values(), ids=UPDATES)
def test_an_update_comes_to_the_same_whether_the_array_is_shared(update: Callable[[tf.Variable], Any]) -> None:
    v = variable()
    step = update(v)
    results = []
    for shared in (False, True):
        with tf.Session() as session:
            cells = [started(session).runtime.variable(item.op.name) for item in tf.global_variables()]
            for _ in range(3):
                held = [cell.read() for cell in cells] if shared else []
                session.run(step)
                del held
            results.append([cell.read() for cell in cells])
    for alone, shared_value in zip(*results):
        np.testing.assert_array_equal(alone, shared_value)


VIEWS: dict[str, Callable[[Any], Any]] = {
    "identity": tf.identity,
    "reshape": lambda value: tf.reshape(value, [-1]),
    "expand_dims": lambda value: tf.expand_dims(value, 0),
    "transpose": tf.transpose,
    "slice": lambda value: value[2:10, ::2],
    "row": lambda value: value[5],
    "split": lambda value: tf.split(value, 2)[1],
    "unstack": lambda value: tf.unstack(value)[7],
    "stop_gradient": tf.stop_gradient,
    "reverse": lambda value: tf.reverse(value, [0]),
    "broadcast": lambda value: tf.broadcast_to(value, [2, *SHAPE]),
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_a_view_made_before_an_update_keeps_the_old_value(view: Callable[[Any], Any]) -> None:
    v = variable()
    seen = view(v.value())
    with tf.control_dependencies([seen]):
        step = v.assign_add(np.ones(SHAPE), read_value=False)
    with tf.control_dependencies([step]):
        kept = tf.identity(seen)
        new = view(v.value())
    with tf.Session() as session:
        old_value, new_value = started(session).run([kept, new])
        np.testing.assert_array_equal(new_value, old_value + 1)


def test_two_reads_around_two_updates_are_three_values() -> None:
    v = variable()
    reads = [v.value()]
    for _ in range(2):
        with tf.control_dependencies([reads[-1]]):
            reads.append(v.assign_add(np.ones(SHAPE)))
    with tf.Session() as session:
        values = started(session).run(reads)
        np.testing.assert_array_equal(values[1], values[0] + 1)
        np.testing.assert_array_equal(values[2], values[0] + 2)


def test_what_runs_gave_stays_over_later_steps() -> None:
    v = variable()
    step = v.assign_add(np.ones(SHAPE))
    run = started(tf.Session()).make_callable([step, v.value()])
    results = [run() for _ in range(4)]
    for number, (after, before) in enumerate(results, start=1):
        assert after[0, 0] == number
        np.testing.assert_array_equal(after, before + after[0, 0] - before[0, 0])


def test_what_the_user_writes_into_a_result_does_not_reach_the_variable() -> None:
    v = variable()
    with tf.Session() as session:
        mine = started(session).run(v)
        mine[...] = -1
        assert session.run(v)[0, 1] == 1


def test_an_array_that_a_python_function_kept_is_not_written_into() -> None:
    v = variable()
    kept: list[Any] = []
    keep = tf.py_func(lambda value: kept.append(value), [v.value()], [])
    step = v.assign_add(np.ones(SHAPE), read_value=False)
    with tf.Session() as session:
        started(session).run(keep)
        copy = kept[0].copy()
        session.run(step)
        np.testing.assert_array_equal(kept[0], copy)
        assert session.run(v)[0, 0] == 1


def test_a_value_assigned_from_another_variable_is_not_shared_with_it() -> None:
    v, w = variable("v"), variable("w")
    copy = w.assign(v.value(), read_value=False)
    step = v.assign_add(np.ones(SHAPE), read_value=False)
    with tf.Session() as session:
        started(session).run(copy)
        session.run(step)
        assert session.run(w)[0, 0] == 0


def test_a_fed_array_is_not_written_into() -> None:
    v = variable()
    value = tf.placeholder(tf.float32, SHAPE)
    put, step = v.assign(value, read_value=False), v.assign_add(np.ones(SHAPE), read_value=False)
    mine = np.zeros(SHAPE, np.float32)
    with tf.Session() as session:
        started(session).run(put, {value: mine})
        session.run(step)
        assert not mine.any()


def test_a_loop_sees_the_value_of_each_round() -> None:
    v = variable()

    def body(i: Any, total: Any) -> Any:
        old = v.value()
        with tf.control_dependencies([old]):
            step = v.assign_add(np.ones(SHAPE), read_value=False)
        with tf.control_dependencies([step]):
            return i + 1, total + tf.identity(old)[0, 0]

    _, total = tf.while_loop(lambda i, _: i < 4, body, (tf.constant(0), tf.constant(0.0)))
    with tf.Session() as session:
        assert started(session).run(total) == 0 + 1 + 2 + 3
        assert session.run(v)[0, 0] == 4


def test_a_value_captured_by_a_branch_is_the_one_from_before_its_update() -> None:
    v = variable()
    old = v.value()

    def branch() -> Any:
        with tf.control_dependencies([v.assign_add(np.ones(SHAPE), read_value=False)]):
            return tf.identity(old)

    result = tf.cond(tf.constant(True), branch, lambda: old)
    with tf.Session() as session:
        assert started(session).run(result)[0, 0] == 0
        assert session.run(v)[0, 0] == 1


def test_a_reader_in_another_thread_never_sees_half_an_update() -> None:
    size = 200_000
    v = tf.get_variable("v", initializer=tf.zeros([size]))
    step = v.assign_add(np.ones(size), read_value=False)
    read = v.value()
    with tf.Session() as session:
        started(session)
        update = session.make_callable(step)
        done = threading.Event()

        def train() -> None:
            for _ in range(300):
                update()
            done.set()

        trainer = threading.Thread(target=train, name="trainer")
        trainer.start()
        values = [session.run(read)]
        while not done.is_set():
            values[1:] = [session.run(read)]
            assert values[-1].min() == values[-1].max()
        trainer.join()
        assert session.run(read)[0] == 300


def test_updates_from_two_threads_are_all_made() -> None:
    v = variable()
    step = v.assign_add(np.ones(SHAPE), read_value=False)
    with tf.Session() as session:
        update = started(session).make_callable(step)
        threads = [threading.Thread(target=lambda: [update() for _ in range(200)]) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert session.run(v)[0, 0] == 400


def test_an_update_that_fails_leaves_the_variable_usable() -> None:
    v = tf.get_variable("v", initializer=np.zeros([4, 64, 64], np.float32), validate_shape=False)
    rows = tf.placeholder(tf.float32)
    step = apply_op("ResourceScatterAdd", v.handle, tf.constant([1]), rows)
    with tf.Session() as session:
        started(session)
        with pytest.raises(tf.errors.InvalidArgumentError):
            session.run(step, {rows: np.ones([3, 5])})
        session.run(step, {rows: np.ones([1, 64, 64])})
        assert session.run(v)[:, 0, 0].tolist() == [0, 1, 0, 0]


def test_an_update_of_a_variable_without_a_value_says_so() -> None:
    v = variable()
    step = v.assign_add(np.ones(SHAPE), read_value=False)
    with tf.Session() as session, pytest.raises(tf.errors.FailedPreconditionError, match="uninitialized value v"):
        session.run(step)
