"""Plans compiled for the shapes that come: what depends on shapes alone is constant, results are those of any shape."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

import trackml as tf
from trackml.graph.plan import Plan


@pytest.fixture
def session() -> Iterator[tf.Session]:
    with tf.Graph().as_default(), tf.Session() as session:
        yield session


def types_run(session: tf.Session) -> list[str]:
    """The types of the operations that the session's plans have lines for."""
    return [op.type for plan in session._plans.values() for op in plan.steps]


def test_arithmetic_on_shapes_is_done_once(session: tf.Session) -> None:
    x = tf.placeholder(tf.float32, [None, 3])
    mean = tf.reduce_sum(x) / tf.cast(tf.shape(x)[0] * tf.size(x), tf.float32)
    for rows in (2, 5, 2):
        assert session.run(mean, {x: np.ones([rows, 3], np.float32)}) == 1.0 / rows
    assert set(types_run(session)) == {"Sum", "RealDiv"}


def test_sizes_follow_through_the_operations_between(session: tf.Session) -> None:
    x = tf.placeholder(tf.float32, [None, 4])
    y = tf.matmul(tf.nn.relu(x), np.ones([4, 2], np.float32))
    wide = tf.reshape(y, [tf.shape(y)[0] * 2])
    assert session.run(tf.shape(wide), {x: np.zeros([6, 4])}).tolist() == [12]
    assert types_run(session) == []


def test_more_shapes_than_functions_are_computed_all_the_same(session: tf.Session) -> None:
    x = tf.placeholder(tf.float32, [None])
    y = tf.reshape(x * 2.0, [tf.size(x), 1])
    for rows in [*range(12), 3, 11]:
        fed = np.arange(rows, dtype=np.float32)
        np.testing.assert_array_equal(session.run(y, {x: fed}), 2 * fed[:, np.newaxis])


def test_batches_of_a_dataset_may_be_smaller_at_the_end(session: tf.Session) -> None:
    dataset = tf.data.Dataset.from_tensor_slices(np.arange(7, dtype=np.float32)).batch(3)
    batch = tf.data.make_one_shot_iterator(dataset).get_next()
    found = [session.run([tf.shape(batch)[0], tf.reduce_sum(batch)]) for _ in range(3)]
    assert found == [[3, 3.0], [3, 12.0], [1, 6.0]]
    with pytest.raises(tf.errors.OutOfRangeError):
        session.run(batch)


def test_shapes_that_depend_on_values_are_not_taken_for_known(session: tf.Session) -> None:
    x = tf.placeholder(tf.int32, [None])
    count = tf.size(tf.unique(x)[0])
    assert session.run(count, {x: [1, 1, 2]}) == 2
    assert session.run(count, {x: [1, 2, 3]}) == 3


def test_a_fed_value_in_the_middle_has_its_own_shape(session: tf.Session) -> None:
    x = tf.placeholder(tf.float32, [None])
    doubled = x * 2.0
    total = tf.size(doubled) + tf.size(x)
    assert session.run(total, {x: np.zeros(2), doubled: np.zeros(5)}) == 7
    assert session.run(total, {x: np.zeros(2)}) == 4


def test_an_error_behind_the_values_names_operation_and_line(session: tf.Session) -> None:
    x = tf.placeholder(tf.float32, [None])
    y = tf.reshape(x, [2, 2], name="square")
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"with 3 values.*op 'square'.*test_plan_shapes"):
        session.run(y, {x: np.zeros(3)})


def test_an_error_before_them_does_too(session: tf.Session) -> None:
    dataset = tf.data.Dataset.from_tensor_slices(np.arange(4)).batch(2)
    iterator = tf.data.make_initializable_iterator(dataset)
    following = iterator.get_next(name="following")
    with pytest.raises(tf.errors.FailedPreconditionError, match=r"op 'following'"):
        session.run(tf.shape(following))


def test_a_failure_for_one_shape_leaves_others_alone(session: tf.Session) -> None:
    x = tf.placeholder(tf.float32, [None])
    y = tf.reshape(x, [2, -1])
    with pytest.raises(tf.errors.InvalidArgumentError):
        session.run(y, {x: np.zeros(3)})
    assert session.run(y, {x: np.zeros(4)}).shape == (2, 2)


def test_operations_that_nobody_takes_are_left_out_and_fetched_ones_run(session: tf.Session) -> None:
    x = tf.placeholder(tf.float32, [None])
    square = tf.square(x)
    rows = tf.shape(square)[0]
    assert session.run(rows, {x: np.zeros(3)}) == 3
    assert types_run(session) == []
    session.run(square.op, {x: np.zeros(3)})
    assert types_run(session) == ["Square"]


def test_a_plan_by_itself_relies_on_no_static_shape() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [2])
        rows = tf.Graph.create_op(x.graph, "Shape", [x], {"out_type": tf.int32}).outputs[0]
        plan = Plan([rows], [x], session.runtime)
        assert plan(np.zeros(3, np.float32))[0].tolist() == [3]
