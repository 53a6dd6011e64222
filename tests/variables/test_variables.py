"""Variables in sessions, and what `get_variable` shares."""

from __future__ import annotations

import numpy as np
import pytest

import trackml as tf
from trackml import errors


@pytest.fixture
def session():
    with tf.Graph().as_default(), tf.Session() as session:
        yield session


def test_a_variable_keeps_its_value_from_run_to_run(session):
    v = tf.Variable(1.0)
    session.run(tf.global_variables_initializer())
    assert [session.run(v.assign_add(2.0)) for _ in range(2)] == [3.0, 5.0]
    assert session.run(v) == 5.0


def test_sessions_do_not_share_values(session):
    v = tf.Variable(1.0)
    session.run(tf.global_variables_initializer())
    with tf.Session() as other:
        other.run(tf.global_variables_initializer())
        other.run(v.assign(7.0))
    assert session.run(v) == 1.0


def test_an_uninitialized_variable_names_itself(session):
    v = tf.get_variable("scope/v", [2])
    with pytest.raises(errors.FailedPreconditionError, match=r"uninitialized value scope/v.*test_variables\.py"):
        session.run(v)


def test_a_read_made_before_an_assignment_sees_the_old_value(session):
    v = tf.Variable(1.0)
    session.run(tf.global_variables_initializer())
    before = v * 1.0
    bump = v.assign_add(1.0)
    with tf.control_dependencies([bump]):
        after = v.read_value()
    assert session.run([before, bump, after]) == [1.0, 2.0, 2.0]


def test_names_and_graph_nodes_are_tensorflows(session):
    tf.get_variable("dense/kernel", [2], initializer=tf.zeros_initializer())
    names = [op.name for op in session.graph.get_operations()]
    assert names == [
        "dense/kernel/Initializer/zeros",
        "dense/kernel",
        "dense/kernel/IsInitialized/VarIsInitializedOp",
        "dense/kernel/Assign",
        "dense/kernel/Read/ReadVariableOp",
    ]


def test_variable_scope_is_a_prefix_and_name_scope_is_not(session):
    with tf.variable_scope("scope"):
        v = tf.get_variable("v", [2], initializer=tf.zeros_initializer())
        with tf.name_scope("inner"):
            w = tf.Variable(tf.zeros([1]), name="w", trainable=False)
            x = tf.get_variable("x", [1])
    assert [item.name for item in (v, w, x)] == ["scope/v:0", "scope/inner/w:0", "scope/x:0"]


def test_sharing_must_be_asked_for(session):
    v = tf.get_variable("v", [1])
    with pytest.raises(ValueError, match=r"Variable v already exists.*test_variables\.py"):
        tf.get_variable("v", [1])
    with tf.variable_scope(tf.get_variable_scope(), reuse=True):
        assert tf.get_variable("v", [1]) is v
        with pytest.raises(ValueError, match="does not exist"):
            tf.get_variable("w", [1])
        with pytest.raises(ValueError, match=r"specified shape \(2,\)"):
            tf.get_variable("v", [2])
        with pytest.raises(ValueError, match="specified dtype int32"):
            tf.get_variable("v", [1], tf.int32)


def test_auto_reuse_makes_and_shares(session):
    with tf.variable_scope("s", reuse=tf.AUTO_REUSE):
        assert tf.get_variable("v", [1]) is tf.get_variable("v", [1])


def test_scopes_pass_on_reuse_and_defaults(session):
    with tf.variable_scope("a", initializer=tf.ones_initializer()), tf.variable_scope("b"):
        v = tf.get_variable("v", [1])
    with tf.variable_scope("a", reuse=True), tf.variable_scope("b"):
        assert tf.get_variable("v") is v
    session.run(tf.global_variables_initializer())
    assert session.run(v) == [1.0]


def test_default_names_are_made_unique_and_count_anew_in_each_scope(session):
    def block():
        with tf.variable_scope(None, "dense"):
            return tf.get_variable("w", [1]).op.name

    assert [block(), block()] == ["dense/w", "dense_1/w"]
    with tf.variable_scope("outer"):
        assert [block(), block()] == ["outer/dense/w", "outer/dense_1/w"]


def test_a_scope_object_is_entered_again_and_its_operations_count_on(session):
    with tf.variable_scope("s") as scope:
        tf.get_variable("v", [1])
    with tf.variable_scope(scope, reuse=True):
        assert tf.get_variable("v").op.name == "s/v"
        assert tf.constant(0, name="c").op.name == "s_1/c"


def test_custom_getters_are_called_from_the_inside_out(session):
    seen = []

    def getter(tag):
        def get(real, name, *args, **kwargs):
            seen.append(tag)
            return real(name, *args, **kwargs)

        return get

    with tf.variable_scope("a", custom_getter=getter("outer")), tf.variable_scope("b", custom_getter=getter("inner")):
        tf.get_variable("v", [1])
    assert seen == ["inner", "outer"]


def test_regularizers_add_to_the_losses(session):
    tf.get_variable("v", initializer=[3.0, 4.0], regularizer=lambda w: tf.reduce_sum(w * w))
    session.run(tf.global_variables_initializer())
    (loss,) = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
    assert session.run(loss) == 25.0


def test_collections_tell_trainable_local_and_global_apart(session):
    a = tf.get_variable("a", [1])
    b = tf.get_variable("b", [1], trainable=False)
    c = tf.get_local_variable("c", [1])
    assert tf.global_variables() == [a, b]
    assert tf.trainable_variables() == [a]
    assert tf.local_variables() == [c]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"shape": [None]}, "must be fully defined"),
        ({"shape": [3], "initializer": np.zeros(2, np.float32)}, "do not specify shape"),
        ({}, "must be fully defined"),
    ],
)
def test_a_variable_without_a_definite_shape_is_refused(session, arguments, message):
    with pytest.raises(ValueError, match=message):
        tf.get_variable("v", **arguments)


def test_a_value_of_another_shape_cannot_be_assigned(session):
    v = tf.get_variable("v", [2])
    with pytest.raises(ValueError, match="incompatible"):
        v.assign([1.0, 2.0, 3.0])
    p = tf.placeholder(tf.float32, None)
    with pytest.raises(errors.InvalidArgumentError, match=r"shape \(3,\) to v of shape \(2,\)"):
        session.run(v.assign(p), {p: [1.0, 2.0, 3.0]})


def test_one_variable_can_be_initialized_by_another(session):
    a = tf.Variable(2.0, name="a")
    b = tf.Variable(a.initialized_value() * 3.0, name="b")
    session.run(b.initializer)
    assert session.run(b) == 6.0


def test_missing_values_are_reported_by_name(session):
    a = tf.Variable(2.0, name="a")
    tf.Variable(2.0, name="b")
    session.run(a.initializer)
    assert session.run(tf.report_uninitialized_variables()).tolist() == [b"b"]


def test_gathered_rows_have_sparse_gradients(session):
    table = tf.get_variable("t", initializer=np.arange(6, dtype=np.float32).reshape(3, 2))
    rows = tf.gather(table, [2, 0, 2])
    (grad,) = tf.gradients(tf.reduce_sum(rows * rows), [table])
    session.run(tf.global_variables_initializer())
    dense = np.zeros((3, 2), np.float32)
    value = session.run(grad)
    for index, row in zip(np.ravel(value.indices), value.values):
        dense[index] += row
    assert dense.tolist() == [[0.0, 2.0], [0.0, 0.0], [16.0, 20.0]]


def test_load_gives_a_value_without_a_new_operation(session):
    v = tf.Variable([1.0, 2.0])
    before = session.graph.version
    v.load([3.0, 4.0], session)
    assert session.run(v).tolist() == [3.0, 4.0]
    assert session.graph.version == before


def test_a_scope_without_a_name_scope_remembers_the_one_around_it(session):
    with tf.name_scope("outer"), tf.variable_scope("s", auxiliary_name_scope=False) as scope:
        assert scope.original_name_scope == "outer/"
        assert tf.constant(0, name="c").op.name == "outer/c"
    with tf.variable_scope(scope, auxiliary_name_scope=False) as again:
        assert again.original_name_scope == "outer/"
