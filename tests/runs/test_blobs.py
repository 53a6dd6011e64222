"""What is no scalar is read on demand and gives what TensorBoard's rules make of it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboard import data_compat
from tensorboard.compat.proto import event_pb2, graph_pb2, meta_graph_pb2, summary_pb2
from tensorboard.plugins.custom_scalar import layout_pb2
from tensorboard.plugins.custom_scalar import metadata as custom_scalar_metadata
from tensorboard.plugins.hparams import api_pb2, plugin_data_pb2, summary_v2
from tensorboard.plugins.pr_curve import metadata as pr_curve_metadata
from tensorboard.util import tensor_util

from trackml.errors import DataLossError, NotFoundError
from trackml.runs import RunStore, RunView
from trackml.storage import frame

GOLDEN = Path(__file__).parents[1] / "golden" / "events"


def load(path: Path, run: str = ".") -> RunView:
    store = RunStore(path)
    store.refresh()
    return store.snapshot()[run]


def event(step: int, *values: summary_pb2.Summary.Value, wall_time: float = 1.0) -> bytes:
    return frame(
        event_pb2.Event(step=step, wall_time=wall_time, summary=summary_pb2.Summary(value=values)).SerializeToString()
    )


def tensorboards(directory: str) -> dict[str, list[tuple[int, Any]]]:
    """The tensors of a run as TensorBoard's loader has them after it brought all formats into one."""
    from tensorboard.backend.event_processing import event_file_loader

    (path,) = (GOLDEN / directory).iterdir()
    found: dict[str, list[tuple[int, Any]]] = {}
    for message in event_file_loader.EventFileLoader(str(path)).Load():
        for value in message.summary.value:
            array = tensor_util.make_ndarray(data_compat.migrate_value(value).tensor)
            found.setdefault(value.tag, []).append((message.step, array))
    return found


@pytest.mark.parametrize("directory", ["tf115_v1", "tf215_v1", "tf215_v2"])
def test_what_tensorflow_wrote_is_what_tensorboard_shows(directory: str) -> None:
    run = load(GOLDEN, directory)
    expected = tensorboards(directory)
    for tag, histograms in run.histograms.items():
        assert histograms.step.tolist() == [step for step, _ in expected[tag]]
        for histogram, (_, array) in zip(histograms, expected[tag]):
            np.testing.assert_array_equal(np.stack(histogram, axis=1).astype(np.float32), array.astype(np.float32))
    for tag, series in run.images.items():
        for images, (_, array) in zip(series, expected[tag]):
            assert [str(images.width).encode(), str(images.height).encode(), *images.encoded] == array.tolist()
            assert all(encoded.startswith(b"\x89PNG") for encoded in images.encoded)
    for tag, clips in run.audio.items():
        for audio, (_, array) in zip(clips, expected[tag]):
            assert list(audio.encoded) == array.reshape(len(array), -1)[:, 0].tolist()
            assert all(encoded.startswith(b"RIFF") for encoded in audio.encoded)
    for tag, texts in run.texts.items():
        for text, (_, array) in zip(texts, expected[tag]):
            assert text.shape == array.shape
            assert [line.encode() for line in text.ravel()] == array.ravel().tolist()
    kinds = [run.histograms, run.images, run.audio, run.texts]
    assert all(kinds)
    assert sorted(tag for kind in kinds for tag in kind) == sorted(run.blobs)


def test_metadata_is_that_of_the_first_value() -> None:
    run = load(GOLDEN, "tf215_v2")
    assert run.metadata["note"].plugin_data.plugin_name == "text"
    assert run.metadata["weights"].plugin_data.plugin_name == "histograms"
    assert set(run.metadata) <= set(run.tags)


def test_the_graph_is_read_on_demand(logdir: Any) -> None:
    first, second = graph_pb2.GraphDef(), graph_pb2.GraphDef()
    first.node.add(name="first")
    second.node.add(name="second")
    meta = meta_graph_pb2.MetaGraphDef(graph_def=first)
    logdir.append(frame(event_pb2.Event(meta_graph_def=meta.SerializeToString()).SerializeToString()))
    of_meta_graph = load(logdir.path).read_graph()
    logdir.append(frame(event_pb2.Event(graph_def=second.SerializeToString()).SerializeToString()))
    logdir.append(frame(event_pb2.Event(meta_graph_def=meta.SerializeToString()).SerializeToString()))
    own = load(logdir.path).read_graph()
    assert (of_meta_graph, own) == (first, second)


def test_no_graph_and_no_layout_are_none(logdir: Any) -> None:
    logdir.append(logdir.scalars(1, loss=1))
    run = load(logdir.path)
    assert (run.read_graph(), run.read_custom_scalars(), run.hparams) == (None, None, None)
    assert (dict(run.blobs), dict(run.metadata), dict(run.pr_curves)) == ({}, {}, {})


def test_single_tensors_without_a_plugin_are_tensors(logdir: Any) -> None:
    for step in range(100):
        value = summary_pb2.Summary.Value(tag="bare", tensor=tensor_util.make_tensor_proto(np.float32(step)))
        logdir.append(event(step, value))
    tensors = load(logdir.path).tensors["bare"]
    assert tensors.step.tolist() == list(range(100))
    assert [float(tensor) for tensor in tensors] == list(range(100))
    assert tensors[-1] == 99


def test_precision_recall_curves(logdir: Any) -> None:
    curve = np.arange(30, dtype=np.float32).reshape(6, 5)
    metadata = pr_curve_metadata.create_summary_metadata("curve", "", 5)
    tensor = tensor_util.make_tensor_proto(curve)
    value = summary_pb2.Summary.Value(tag="curve", tensor=tensor, metadata=metadata)
    other = summary_pb2.Summary.Value(tag="other", tensor=tensor)
    logdir.append(event(1, value, other) + event(2, value))
    run = load(logdir.path)
    assert list(run.pr_curves) == ["curve"]
    assert run.pr_curves["curve"].step.tolist() == [1, 2]
    np.testing.assert_array_equal(run.pr_curves["curve"][1], curve)


def test_hyperparameters(logdir: Any) -> None:
    values = {"lr": 0.1, "name": "sgd", "nesterov": True}
    logdir.append(event(0, *summary_v2.hparams_pb(values, trial_id="g", start_time_secs=5).value))
    running = load(logdir.path).hparams
    end = summary_pb2.Summary.Value(tag="_hparams_/session_end_info")
    info = plugin_data_pb2.SessionEndInfo(status=api_pb2.STATUS_SUCCESS, end_time_secs=9)
    end.metadata.plugin_data.plugin_name = "hparams"
    end.metadata.plugin_data.content = plugin_data_pb2.HParamsPluginData(session_end_info=info).SerializeToString()
    logdir.append(event(0, end))
    done = load(logdir.path).hparams
    assert running is not None
    assert done is not None
    assert running.values == values
    assert (running.group, running.started, running.ended, running.status) == ("g", 5, None, "RUNNING")
    assert (done.ended, done.status) == (9, "SUCCESS")


def test_the_layout_of_custom_scalars(logdir: Any) -> None:
    layout = layout_pb2.Layout(category=[layout_pb2.Category(title="losses")])
    value = summary_pb2.Summary.Value(
        tag=custom_scalar_metadata.CONFIG_SUMMARY_TAG,
        tensor=tensor_util.make_tensor_proto(layout.SerializeToString()),
        metadata=custom_scalar_metadata.create_summary_metadata(),
    )
    logdir.append(event(0, value))
    assert load(logdir.path).read_custom_scalars() == layout


def histogram(tag: str, least: float) -> summary_pb2.Summary.Value:
    value = summary_pb2.Summary.Value(tag=tag)
    value.histo.min, value.histo.max = least, 10
    value.histo.bucket_limit.extend([0, 5, 20])
    value.histo.bucket.extend([0, 1, 2])
    return value


def test_restarts_supersede_all_kinds(logdir: Any) -> None:
    logdir.append(logdir.version() + logdir.start(0, 1000))
    for step in range(5):
        logdir.append(event(step, histogram("h", step), wall_time=1001 + step))
    logdir.append(logdir.version(1010) + logdir.start(2, 1010), file="events.out.tfevents.0000000002.host")
    again = event(2, histogram("h", -1), wall_time=1011)
    logdir.append(again, file="events.out.tfevents.0000000002.host")
    histograms = load(logdir.path).histograms["h"]
    assert histograms.step.tolist() == [0, 1, 2]
    assert [float(value.left[0]) for value in histograms] == [0, 1, -1]


def test_values_of_one_event_are_told_apart(logdir: Any) -> None:
    logdir.append(event(1, histogram("a", 1), histogram("b", 2), histogram("a", 3)))
    run = load(logdir.path)
    assert [float(value.left[0]) for value in run.histograms["a"]] == [1, 3]
    assert run.histograms["b"][0].right.tolist() == [5, 10]


def test_a_value_that_is_gone_is_an_error(logdir: Any) -> None:
    path = logdir.append(event(1, histogram("h", 1)))
    histograms = load(logdir.path).histograms["h"]
    with pytest.raises(IndexError):
        histograms[1]
    path.write_bytes(event(1, histogram("g", 1)))
    with pytest.raises(DataLossError, match="'h' is not at byte 0"):
        histograms[0]
    path.write_bytes(b"x" * 100)
    with pytest.raises(DataLossError, match="no event at byte 0"):
        histograms[0]
    path.unlink()
    with pytest.raises(NotFoundError):
        histograms[0]


def test_a_value_that_is_not_what_its_tag_promises_is_told(logdir: Any) -> None:
    value = summary_pb2.Summary.Value(tag="h", tensor=tensor_util.make_tensor_proto(np.zeros(4)))
    value.metadata.plugin_data.plugin_name = "histograms"
    logdir.append(event(1, value))
    with pytest.raises(ValueError, match="Tag 'h': expected a value of kind 'histograms'"):
        load(logdir.path).histograms["h"][0]


def test_a_replaced_file_is_read_from_its_new_places(logdir: Any) -> None:
    path = logdir.append(event(1, histogram("h", 1)))
    store = RunStore(logdir.path)
    store.refresh()
    new = logdir.path / "new"
    new.write_bytes(logdir.scalars(1, loss=1) + event(2, histogram("h", 2)))
    os.replace(new, path)
    store.refresh()
    histograms = store.snapshot()["."].histograms["h"]
    assert (histograms.step.tolist(), float(histograms[0].left[0])) == ([2], 2)


def test_blobs_grow_with_the_file(logdir: Any) -> None:
    logdir.append(event(1, histogram("h", 1)))
    store = RunStore(logdir.path)
    store.refresh()
    before = store.snapshot()["."].histograms["h"]
    logdir.append(event(2, histogram("h", 2)))
    store.refresh()
    after = store.snapshot()["."].histograms["h"]
    assert (len(before), len(after), float(after[1].left[0])) == (1, 2, 2)


def test_a_copied_run_reads_its_own_files(logdir: Any, tmp_path: Path) -> None:
    logdir.append(event(1, histogram("h", 7)), run="a")
    shutil.copytree(logdir.path, tmp_path / "copy")
    shutil.rmtree(logdir.path)
    assert float(load(tmp_path / "copy", "a").histograms["h"][0].left[0]) == 7
