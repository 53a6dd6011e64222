"""File writers, read back by TensorBoard's own reader and event by event."""

from __future__ import annotations

import time

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto.config_pb2 import RunMetadata
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.compat.proto.meta_graph_pb2 import MetaGraphDef

import trackml as tf
from trackml.events import summary_iterator
from trackml.summary import Event, FileWriter, SessionLog, Summary, TaggedRunMetadata


def events(logdir):
    return [event for path in sorted(logdir.iterdir()) for event in summary_iterator(path)]


def kinds(logdir):
    return [event.WhichOneof("what") for event in events(logdir)]


def scalar(value, tag="loss"):
    return Summary(value=[Summary.Value(tag=tag, simple_value=value)])


@pytest.fixture
def graph():
    """A graph of one summary."""
    with tf.Graph().as_default() as graph:
        tf.summary.scalar("loss", tf.placeholder(tf.float32, [], name="value"))
    return graph


@pytest.fixture
def accumulator(tmp_path):
    """TensorBoard's reader over a file with all kinds of summaries at step 7."""
    with tf.Graph().as_default() as graph, tf.Session() as session:
        tf.summary.scalar("loss", 0.25)
        tf.summary.histogram("weights", [1.0, 2.0, 4.0])
        tf.summary.image("picture", tf.zeros([2, 4, 5, 3]))
        tf.summary.audio("sound", tf.zeros([1, 10]), 8000)
        tf.summary.text("note", tf.constant("*hello*"))
        with FileWriter(tmp_path, graph) as writer:
            writer.add_summary(session.run(tf.summary.merge_all()), 7)
    return EventAccumulator(str(tmp_path)).Reload()


def test_tensorboard_reads_scalars(accumulator):
    (event,) = accumulator.Scalars("loss")
    assert (event.step, event.value) == (7, 0.25)


def test_tensorboard_reads_histograms(accumulator):
    (event,) = accumulator.Histograms("weights")
    value = event.histogram_value
    assert (event.step, value.min, value.max, value.num, value.sum) == (7, 1.0, 4.0, 3.0, 7.0)


def test_tensorboard_reads_images(accumulator):
    assert [(event.step, event.width, event.height) for event in accumulator.Images("picture/image/1")] == [(7, 5, 4)]


def test_tensorboard_reads_audio(accumulator):
    (event,) = accumulator.Audio("sound/audio/0")
    assert (event.step, event.sample_rate, event.length_frames, event.content_type) == (7, 8000.0, 10, "audio/wav")


def test_tensorboard_reads_texts(accumulator):
    (event,) = accumulator.Tensors("note")
    assert (event.step, event.tensor_proto.string_val[0]) == (7, b"*hello*")
    assert list(accumulator.PluginTagToContent("text")) == ["note"]


def test_tensorboard_reads_the_graph(accumulator):
    names = [node.name for node in accumulator.Graph().node]
    assert {"loss", "weights", "picture", "sound", "note"} <= set(names)


def test_a_graph_given_to_the_writer_comes_first_with_its_collections(tmp_path, graph):
    FileWriter(tmp_path, graph).close()
    version, graph_def, meta_graph_def = events(tmp_path)
    assert version.file_version == "brain.Event:2"
    assert [node.name for node in GraphDef.FromString(graph_def.graph_def).node] == ["value", "loss/tags", "loss"]
    meta = MetaGraphDef.FromString(meta_graph_def.meta_graph_def)
    assert meta.graph_def == GraphDef.FromString(graph_def.graph_def)
    assert list(meta.collection_def["summaries"].node_list.value) == ["loss:0"]


def test_without_a_graph_there_is_none(tmp_path):
    FileWriter(tmp_path).close()
    assert kinds(tmp_path) == ["file_version"]


def test_a_graph_def_is_taken_with_a_warning(tmp_path, graph, log_lines):
    FileWriter(tmp_path, graph_def=graph.as_graph_def()).close()
    assert kinds(tmp_path) == ["file_version", "graph_def", "meta_graph_def"]
    assert log_lines[0].startswith("WARNING:Passing a `GraphDef` to the SummaryWriter is deprecated.")


def test_what_is_no_graph_is_refused(tmp_path, graph):
    with FileWriter(tmp_path) as writer:
        with pytest.raises(TypeError, match="must be an instance of `Graph`"):
            writer.add_graph("graph")
        with pytest.raises(ValueError, match="not both"):
            writer.add_graph(graph, graph_def=graph.as_graph_def())
        with pytest.raises(TypeError, match="must be type MetaGraphDef"):
            writer.add_meta_graph(graph.as_graph_def())


@pytest.mark.parametrize("form", ["message", "bytes"])
def test_a_summary_may_be_a_message_or_bytes(tmp_path, form):
    summary = scalar(0.5)
    with FileWriter(tmp_path) as writer:
        writer.add_summary(summary if form == "message" else summary.SerializeToString(), 3)
    event = events(tmp_path)[1]
    assert (event.step, event.summary) == (3, summary)
    assert abs(event.wall_time - time.time()) < 60


def test_a_step_may_be_missing_or_a_numpy_number(tmp_path):
    with tf.Graph().as_default(), tf.Session() as session, FileWriter(tmp_path) as writer:
        writer.add_summary(scalar(1.0))
        writer.add_summary(scalar(2.0), session.run(tf.constant(5, tf.int64)))
    assert [event.step for event in events(tmp_path)] == [0, 0, 5]


def test_metadata_is_written_with_the_first_value_of_a_tag_alone(tmp_path):
    with tf.Graph().as_default(), tf.Session() as session, FileWriter(tmp_path) as writer:
        serialized = session.run(tf.summary.merge([tf.summary.text("a", "x"), tf.summary.text("b", "y")]))
        writer.add_summary(serialized, 1)
        writer.add_summary(serialized, 2)
    with_metadata = [[v.HasField("metadata") for v in event.summary.value] for event in events(tmp_path)[1:]]
    assert with_metadata == [[True, True], [False, False]]


def test_a_summary_that_is_added_stays_as_it_is(tmp_path):
    metadata = tf.summary.Summary.Value(tag="a", simple_value=1.0)
    metadata.metadata.plugin_data.plugin_name = "scalars"
    summary = Summary(value=[metadata])
    with FileWriter(tmp_path) as writer:
        writer.add_summary(summary, 1)
        writer.add_summary(summary, 2)
    assert summary.value[0].metadata.plugin_data.plugin_name == "scalars"


def test_session_logs_and_run_metadata_are_events(tmp_path):
    log = SessionLog(status=SessionLog.CHECKPOINT, checkpoint_path="model.ckpt")
    with FileWriter(tmp_path) as writer:
        writer.add_session_log(log, 4)
        writer.add_run_metadata(RunMetadata(), "trace", 5)
        with pytest.raises(ValueError, match="already used"):
            writer.add_run_metadata(RunMetadata(), "trace", 6)
    _, logged, traced = events(tmp_path)
    assert (logged.step, logged.session_log) == (4, log)
    assert (traced.step, traced.tagged_run_metadata) == (5, TaggedRunMetadata(tag="trace", run_metadata=b""))


def test_an_event_is_written_as_it_is(tmp_path):
    event = Event(wall_time=12.5, step=3, summary=scalar(1.0))
    with FileWriter(tmp_path) as writer:
        writer.add_event(event)
    assert events(tmp_path)[1] == event


def test_live_readers_see_an_event_soon_without_a_flush(tmp_path):
    deadline = time.monotonic() + 30
    with FileWriter(tmp_path, flush_secs=120) as writer:
        writer.add_summary(scalar(1.0), 1)
        while len(events(tmp_path)) < 2 and time.monotonic() < deadline:
            pass
        assert [event.step for event in events(tmp_path)] == [0, 1]


def test_a_closed_writer_drops_events_with_a_warning(tmp_path):
    writer = FileWriter(tmp_path)
    writer.close()
    with pytest.warns(UserWarning, match="Attempting to use a closed FileWriter"):
        writer.add_summary(scalar(1.0), 1)
    assert kinds(tmp_path) == ["file_version"]


def test_a_reopened_writer_goes_on_in_a_new_file_that_stands_alone(tmp_path):
    with tf.Graph().as_default(), tf.Session() as session:
        serialized = session.run(tf.summary.text("a", "x"))
    writer = FileWriter(tmp_path)
    writer.add_summary(serialized, 1)
    writer.close()
    writer.reopen()
    writer.add_summary(serialized, 2)
    writer.close()
    first, second = sorted(tmp_path.iterdir())
    assert [event.step for event in summary_iterator(first)] == [0, 1]
    (_, event) = summary_iterator(second)
    assert (event.step, event.summary.value[0].metadata.plugin_data.plugin_name) == (2, "text")


def test_the_directory_and_the_suffix_are_the_callers(tmp_path):
    with FileWriter(str(tmp_path / "run"), filename_suffix=".mine") as writer:
        assert writer.get_logdir() == str(tmp_path / "run")
    (path,) = (tmp_path / "run").iterdir()
    assert path.name.startswith("events.out.tfevents.")
    assert path.name.endswith(".mine")


def test_a_session_of_tensorflows_second_writer_is_refused(tmp_path):
    with pytest.raises(ValueError, match="do not exist here"):
        FileWriter(tmp_path, session=object())
