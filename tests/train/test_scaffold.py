"""What a scaffold makes, and what it takes."""

from __future__ import annotations

import pytest

import trackml as tf
from trackml.train import Scaffold


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def test_finalizing_makes_what_is_missing_and_closes_the_graph(graph, log_lines):
    tf.get_variable("v", [])
    summary = tf.summary.scalar("one", 1.0)
    scaffold = Scaffold().finalize()
    assert graph.finalized
    assert log_lines == ["INFO:Graph was finalized."]
    assert summary.op in {tensor.op for tensor in scaffold.summary_op.op.inputs}
    assert None not in (scaffold.init_op, scaffold.ready_op, scaffold.local_init_op, scaffold.saver.saver_def)


def test_what_was_made_is_found_in_the_graph_again():
    first = Scaffold().finalize()
    second = Scaffold().finalize()
    assert (first.init_op, first.ready_op, first.saver) == (second.init_op, second.ready_op, second.saver)


def test_without_summaries_there_is_no_summary_op():
    assert Scaffold().finalize().summary_op is None


def test_what_is_given_is_kept():
    given = {"init_op": tf.no_op(), "local_init_op": tf.no_op(), "summary_op": tf.constant("")}
    scaffold = Scaffold(**given).finalize()
    assert {name: getattr(scaffold, name) for name in given} == given


def test_what_is_not_given_is_copied():
    init_op, local_init_op = tf.no_op(), tf.no_op()
    base = Scaffold(init_op=init_op, local_init_op=tf.no_op())
    scaffold = Scaffold(local_init_op=local_init_op, copy_from_scaffold=base)
    assert (scaffold.init_op, scaffold.local_init_op) == (init_op, local_init_op)


def test_a_copied_function_gets_the_scaffold_it_is_called_for():
    called = []
    base = Scaffold(init_fn=lambda scaffold, session: called.append(scaffold))
    scaffold = Scaffold(copy_from_scaffold=base)
    with tf.train.MonitoredSession(tf.train.ChiefSessionCreator(scaffold)):
        assert called == [scaffold]


def test_an_initialisation_may_be_fed():
    x = tf.placeholder(tf.float32, [])
    v = tf.get_variable("v", initializer=x)
    scaffold = Scaffold(init_op=v.initializer, init_feed_dict={x: 3.0})
    with tf.train.MonitoredSession(tf.train.ChiefSessionCreator(scaffold)) as session:
        assert session.run(v) == 3.0


def test_two_savers_in_the_graph_are_too_many(graph):
    tf.get_variable("v", [])
    for _ in range(2):
        graph.add_to_collection(tf.GraphKeys.SAVERS, tf.train.Saver())
    with pytest.raises(RuntimeError, match="More than one item in the collection 'savers'"):
        Scaffold().finalize()


def test_the_default_local_initialisation_runs_local_variables_and_tables(graph):
    local = tf.get_variable("l", [], initializer=tf.zeros_initializer(), collections=[tf.GraphKeys.LOCAL_VARIABLES])
    done = []
    graph.add_to_collection(tf.GraphKeys.TABLE_INITIALIZERS, tf.py_func(lambda: done.append(1) or 1, [], tf.int64).op)
    local_init_op = Scaffold.default_local_init_op()
    with tf.Session() as session:
        session.run(local_init_op)
        assert session.run(local) == 0
    assert done == [1]
