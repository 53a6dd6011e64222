"""Sessions with hooks: in which order what is called, how they begin and how they end."""

from __future__ import annotations

import pytest

import trackml as tf
from trackml.train import MonitoredSession, SessionRunArgs, SessionRunHook


class Noting(SessionRunHook):
    """Notes each call in a list; asks for `wants` and feeds `feeds`."""

    def __init__(self, name="hook", calls=None, wants=None, feeds=None):
        self.name, self.wants, self.feeds = name, wants, feeds
        self.calls = [] if calls is None else calls

    def begin(self):
        self.calls.append((self.name, "begin", tf.get_default_graph().finalized))

    def after_create_session(self, session, coord):
        self.calls.append((self.name, "after_create_session", session.graph.finalized))

    def before_run(self, run_context):
        self.calls.append((self.name, "before_run", run_context.original_args.feed_dict))
        return SessionRunArgs(self.wants, self.feeds)

    def after_run(self, run_context, run_values):
        self.calls.append((self.name, "after_run", run_values.results))

    def end(self, session):
        self.calls.append((self.name, "end", None))


@pytest.fixture
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def test_hooks_are_called_in_their_order_phase_by_phase(graph):
    calls = []
    one = tf.constant(1.0)
    with MonitoredSession(hooks=[Noting("a", calls), Noting("b", calls)]) as session:
        session.run(one)
    phases = ["begin", "after_create_session", "before_run", "after_run", "end"]
    assert [call[:2] for call in calls] == [(name, phase) for phase in phases for name in "ab"]


def test_the_graph_may_grow_until_all_hooks_have_begun(graph):
    one = tf.constant(1.0)
    hook = Noting()
    with MonitoredSession(hooks=[hook]) as session:
        session.run(one)
        with pytest.raises(RuntimeError, match="Graph is finalized"):
            tf.constant(2.0)
    assert hook.calls[0] == ("hook", "begin", False)
    assert hook.calls[1] == ("hook", "after_create_session", True)
    assert not graph.finalized


def test_each_hook_gets_what_it_asked_for_in_its_form(graph):
    one, two = tf.constant(1.0), tf.constant(2.0)
    hooks = [Noting(wants={"one": one, "both": (one, two)}), Noting(wants=two), Noting()]
    with MonitoredSession(hooks=hooks) as session:
        assert session.run([two, one]) == [2.0, 1.0]
    results = [value for hook in hooks for _, phase, value in hook.calls if phase == "after_run"]
    assert results == [{"one": 1.0, "both": (1.0, 2.0)}, 2.0, None]


def test_a_hook_may_feed(graph):
    x = tf.placeholder(tf.float32, [])
    twice = 2 * x
    with MonitoredSession(hooks=[Noting(feeds={x: 3.0})]) as session:
        assert session.run(twice) == 6.0


def test_a_tensor_is_fed_once(graph):
    x = tf.placeholder(tf.float32, [])
    session = MonitoredSession(hooks=[Noting(feeds={x: 3.0})])
    with pytest.raises(RuntimeError, match="Same tensor is fed by"):
        session.run(x, {x: 4.0})


def test_hooks_see_what_the_caller_asked_for(graph):
    x = tf.placeholder(tf.float32, [])
    hook = Noting()
    with MonitoredSession(hooks=[hook]) as session:
        session.run(x, {x: 4.0})
    assert ("hook", "before_run", {x: 4.0}) in hook.calls


def test_variables_are_initialised(graph):
    variables = [tf.get_variable("v", [], initializer=tf.ones_initializer())]
    variables.append(tf.get_variable("l", [], initializer=tf.ones_initializer(), collections=["local_variables"]))
    with MonitoredSession() as session:
        assert session.run(variables) == [1.0, 1.0]


def test_a_variable_that_nothing_initialises_is_named(graph):
    tf.get_variable("v", [], initializer=tf.ones_initializer())
    scaffold = tf.train.Scaffold(init_op=tf.no_op())
    with pytest.raises(RuntimeError, match=r"did not make model ready. Variables not initialized: v\."):
        MonitoredSession(tf.train.ChiefSessionCreator(scaffold))


def test_the_end_of_the_input_ends_the_context_and_the_hooks(graph):
    element = tf.data.Dataset.range(3).make_one_shot_iterator().get_next()
    hook = Noting()
    seen = []
    with MonitoredSession(hooks=[hook]) as session:
        while not session.should_stop():
            seen.append(session.run(element))
    assert seen == [0, 1, 2]
    assert hook.calls[-1][1] == "end"


def test_an_error_comes_through_and_does_not_end_the_hooks(graph):
    hook = Noting()
    with pytest.raises(KeyError), MonitoredSession(hooks=[hook]):
        raise KeyError("mine")
    assert hook.calls[-1][1] == "after_create_session"
    assert not graph.finalized


def test_a_failed_begin_of_a_session_leaves_the_graph_open(graph):
    class Broken(SessionRunHook):
        def after_create_session(self, session, coord):
            raise KeyError("mine")

    with pytest.raises(KeyError):
        MonitoredSession(hooks=[Broken()])
    assert not graph.finalized


def test_a_hook_stops_the_session(graph):
    class Stopping(SessionRunHook):
        def after_run(self, run_context, run_values):
            run_context.request_stop()

    one = tf.constant(1.0)
    with MonitoredSession(hooks=[Stopping()]) as session:
        assert not session.should_stop()
        session.run(one)
        assert session.should_stop()
        with pytest.raises(RuntimeError, match="Run called even after should_stop requested"):
            session.run(one)


def test_a_closed_session_stops_and_runs_no_more(graph):
    one = tf.constant(1.0)
    session = MonitoredSession()
    session.close()
    session.close()
    assert session.should_stop()
    with pytest.raises(RuntimeError, match="Session is closed"):
        session.run(one)


def test_a_step_function_runs_with_and_without_hooks(count):
    hook = Noting()

    def step_fn(context):
        context.session.run(count)
        return context.run_with_hooks(count)

    with MonitoredSession(hooks=[hook]) as session:
        assert session.run_step_fn(step_fn) == 2
    assert [call[1] for call in hook.calls].count("before_run") == 1


def test_a_step_function_may_stop(count):
    with MonitoredSession() as session:
        session.run_step_fn(lambda context: context.request_stop())
    assert session.should_stop()


def test_what_is_no_hook_is_refused(graph):
    with pytest.raises(TypeError, match="`SessionRunHook` instances"):
        MonitoredSession(hooks=["hook"])


def test_a_singular_session_gives_the_plain_one(count):
    with tf.train.SingularMonitoredSession(hooks=[Noting()]) as session:
        assert session.raw_session().run(count) == 1


def test_a_training_session_saves_and_summarises(count, tmp_path, events_in):
    tf.summary.scalar("one", 1.0)
    hooks = [tf.train.StopAtStepHook(last_step=5)]
    with tf.train.MonitoredTrainingSession(
        checkpoint_dir=str(tmp_path),
        hooks=hooks,
        save_summaries_steps=2,
        save_checkpoint_steps=3,
        log_step_count_steps=2,
    ) as session:
        while not session.should_stop():
            session.run(count)
    steps = {}
    for event in events_in(tmp_path):
        for value in event.summary.value:
            steps.setdefault(value.tag, []).append(event.step)
    assert steps == {"one": [1, 3, 5], "global_step/sec": [3, 5]}
    assert sorted(path.name for path in tmp_path.glob("*.index")) == [f"model.ckpt-{n}.index" for n in (0, 3, 5)]


def test_a_training_session_goes_on_from_its_directory(count, tmp_path):
    for last_step in (2, 5):
        hooks = [tf.train.StopAtStepHook(last_step=last_step)]
        with tf.train.MonitoredTrainingSession(checkpoint_dir=str(tmp_path), hooks=hooks) as session:
            while not session.should_stop():
                step = session.run(count)
    assert step == 5


def test_a_training_session_without_a_directory_writes_nothing(count, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with tf.train.MonitoredTrainingSession(hooks=[tf.train.StopAtStepHook(2)]) as session:
        while not session.should_stop():
            session.run(count)
    assert list(tmp_path.iterdir()) == []


def test_there_is_only_one_process(count):
    with pytest.raises(ValueError, match="is_chief must be True"):
        tf.train.MonitoredTrainingSession(is_chief=False)
