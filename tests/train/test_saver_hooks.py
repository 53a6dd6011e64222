"""Hooks that write checkpoints and summaries: when, what, and around whose calls."""

from __future__ import annotations

import pytest
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.compat.proto.meta_graph_pb2 import MetaGraphDef

import trackml as tf
from trackml.train import CheckpointSaverHook, CheckpointSaverListener, SummarySaverHook


class Listener(CheckpointSaverListener):
    """Notes its calls; asks for the end at `last`."""

    def __init__(self, last=None):
        self.calls, self.last = [], last

    def begin(self):
        self.calls.append("begin")

    def before_save(self, session, global_step_value):
        self.calls.append(f"before {global_step_value}")

    def after_save(self, session, global_step_value):
        self.calls.append(f"after {global_step_value}")
        return global_step_value == self.last

    def end(self, session, global_step_value):
        self.calls.append(f"end {global_step_value}")


@pytest.fixture
def saved_steps(tmp_path):
    return lambda: sorted(int(path.stem.split("-")[1]) for path in tmp_path.glob("*.index"))


@pytest.fixture
def now(monkeypatch):
    """The time, in a list, to be changed."""
    now = [1000.0]
    monkeypatch.setattr("time.time", lambda: now[0])
    return now


class Ticking(tf.train.SessionRunHook):
    """Lets a second pass with each step."""

    def __init__(self, now):
        self.now = now

    def after_run(self, run_context, run_values):
        self.now[0] += 1


def test_saves_at_the_begin_every_so_many_steps_and_at_the_end(run_steps, tmp_path, saved_steps):
    run_steps(7, CheckpointSaverHook(str(tmp_path), save_steps=3))
    assert saved_steps() == [0, 3, 6, 7]


def test_saves_every_so_many_seconds(run_steps, tmp_path, saved_steps, now):
    run_steps(7, Ticking(now), CheckpointSaverHook(str(tmp_path), save_secs=3))
    assert saved_steps() == [0, 3, 6, 7]


def test_the_name_of_checkpoints_is_chosen(run_steps, tmp_path):
    run_steps(1, CheckpointSaverHook(str(tmp_path), save_steps=3, checkpoint_basename="mine"))
    assert (tmp_path / "mine-1.index").exists()


def test_listeners_are_called_around_each_checkpoint(run_steps, tmp_path):
    listener = Listener()
    run_steps(3, CheckpointSaverHook(str(tmp_path), save_steps=2, listeners=[listener]))
    assert listener.calls == ["begin", "before 0", "after 0", "before 2", "after 2", "before 3", "after 3", "end 3"]


def test_a_listener_ends_the_session(run_steps, tmp_path, log_lines):
    listener = Listener(last=2)
    run_steps(10, CheckpointSaverHook(str(tmp_path), save_steps=1, listeners=[listener]))
    assert listener.calls[-1] == "end 2"
    assert [line for line in log_lines if "requested that training be stopped" in line]


def test_a_listener_is_added_once(run_steps, tmp_path):
    listener = Listener()
    hook = CheckpointSaverHook(str(tmp_path), save_steps=2, listeners=[listener])
    hook.add_listeners([listener, listener])
    run_steps(1, hook)
    assert listener.calls.count("begin") == 1


def test_the_graph_is_written_with_the_saver(run_steps, count, tmp_path, events_in):
    run_steps(1, CheckpointSaverHook(str(tmp_path), save_steps=2))
    events = events_in(tmp_path)
    assert [event.WhichOneof("what") for event in events][:5] == ["file_version", *["graph_def", "meta_graph_def"] * 2]
    names = {node.name for node in GraphDef.FromString(events[3].graph_def).node}
    meta = MetaGraphDef.FromString(events[4].meta_graph_def)
    assert meta.saver_def.restore_op_name in names
    assert (tmp_path / "graph.pbtxt").exists()


def test_each_checkpoint_is_an_event(run_steps, tmp_path, events_in):
    run_steps(3, CheckpointSaverHook(str(tmp_path), save_steps=2))
    logs = [(event.step, event.session_log) for event in events_in(tmp_path) if event.HasField("session_log")]
    assert [step for step, _ in logs] == [0, 2, 3]
    assert {log.checkpoint_path for _, log in logs} == {str(tmp_path / "model.ckpt")}
    assert {log.status for _, log in logs} == {tf.summary.SessionLog.CHECKPOINT}


def test_a_saver_may_be_given(run_steps, count, tmp_path, saved_steps):
    saver = tf.train.Saver(max_to_keep=1)
    run_steps(3, CheckpointSaverHook(str(tmp_path), save_steps=1, saver=saver))
    assert saved_steps() == [3]


def test_a_scaffold_may_be_given(run_steps, count, tmp_path, saved_steps):
    scaffold = tf.train.Scaffold(saver=tf.train.Saver(max_to_keep=2))
    hook = CheckpointSaverHook(str(tmp_path), save_steps=1, scaffold=scaffold)
    run_steps(3, hook, creator=tf.train.ChiefSessionCreator(scaffold))
    assert saved_steps() == [2, 3]


def test_a_saver_and_a_scaffold_are_too_many(count, tmp_path):
    with pytest.raises(ValueError, match="You cannot provide both saver and scaffold"):
        CheckpointSaverHook(str(tmp_path), save_steps=1, saver=tf.train.Saver(), scaffold=tf.train.Scaffold())


@pytest.mark.parametrize("intervals", [{}, {"save_secs": 1, "save_steps": 1}])
def test_checkpoints_need_exactly_one_interval(tmp_path, intervals):
    with pytest.raises(ValueError, match="exactly one of every_secs and every_steps"):
        CheckpointSaverHook(str(tmp_path), **intervals)


@pytest.fixture
def summarised(count, run_steps, tmp_path, events_in):
    """Runs seven steps with a SummarySaverHook of a summary and gives the steps at which it was written."""

    def steps(*hooks, **arguments):
        summary = tf.summary.scalar("one", 1.0)
        run_steps(7, *hooks, SummarySaverHook(output_dir=str(tmp_path), summary_op=summary, **arguments))
        return [event.step for event in events_in(tmp_path) if event.HasField("summary")]

    return steps


def test_summarises_at_the_first_step_and_every_so_many_after_it(summarised):
    assert summarised(save_steps=3) == [1, 4, 7]


def test_summarises_every_so_many_seconds(summarised, now):
    # The question is asked before the step, whose second has not passed yet.
    assert summarised(Ticking(now), save_secs=3) == [1, 5]


def test_the_start_is_an_event_before_the_first_summary(summarised, tmp_path, events_in):
    summarised(save_steps=100)
    start, summary = events_in(tmp_path)[-2:]
    assert (start.step, start.session_log.status) == (1, tf.summary.SessionLog.START)
    assert (summary.step, summary.summary.value[0].tag) == (1, "one")


def test_summaries_that_are_not_due_are_not_computed(count, run_steps, tmp_path):
    runs = []
    counted = tf.py_func(lambda: runs.append(1) or 1.0, [], tf.float64)
    summary = tf.summary.scalar("one", counted)
    run_steps(7, SummarySaverHook(save_steps=3, output_dir=str(tmp_path), summary_op=summary))
    assert len(runs) == 3


def test_several_summaries_may_be_given(count, run_steps, tmp_path, events_in):
    summaries = [tf.summary.scalar(name, 1.0) for name in "ab"]
    run_steps(1, SummarySaverHook(save_steps=1, output_dir=str(tmp_path), summary_op=summaries))
    assert [v.tag for event in events_in(tmp_path) for v in event.summary.value] == ["a", "b"]


def test_a_writer_may_be_given(count, run_steps, tmp_path, events_in):
    summary = tf.summary.scalar("one", 1.0)
    with tf.summary.FileWriter(tmp_path) as writer:
        run_steps(2, SummarySaverHook(save_steps=1, summary_writer=writer, summary_op=summary))
    assert [event.step for event in events_in(tmp_path) if event.HasField("summary")] == [1, 2]


def test_a_scaffold_without_summaries_writes_the_start_alone(count, run_steps, tmp_path, events_in):
    scaffold = tf.train.Scaffold()
    hook = SummarySaverHook(save_steps=1, output_dir=str(tmp_path), scaffold=scaffold)
    run_steps(3, hook, creator=tf.train.ChiefSessionCreator(scaffold))
    assert [event.WhichOneof("what") for event in events_in(tmp_path)][3:] == ["session_log"]


@pytest.mark.parametrize("arguments", [{}, {"scaffold": tf.train.Scaffold(), "summary_op": "summary"}])
def test_summaries_come_from_exactly_one_place(arguments):
    with pytest.raises(ValueError, match="Exactly one of scaffold or summary_op must be provided"):
        SummarySaverHook(save_steps=1, **arguments)
