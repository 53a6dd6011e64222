"""What callers of PyTorch's and tensorboardX's writers do beside adding: messages of their own, defaults, exports."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboard.compat.proto import event_pb2, graph_pb2, step_stats_pb2, summary_pb2
from tensorboard.plugins.hparams import summary_v2

from trackml import SummaryWriter
from trackml.events import summary_iterator
from trackml.runs import RunStore, RunView
from trackml.writer.foreign_graphs import onnx_graph, openvino_graph

GOLDEN = Path(__file__).parents[1] / "golden" / "writer"
GRAPHS = json.loads((GOLDEN / "graphs.json").read_text())


def load(logdir: Path, run: str = ".") -> RunView:
    store = RunStore(logdir)
    store.refresh()
    return store.snapshot()[run]


def events_of(logdir: Path) -> list[event_pb2.Event]:
    (path,) = logdir.glob("*tfevents*")
    return list(summary_iterator(path))[1:]


def test_hyperparameters_are_added_as_lightnings_logger_does(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        messages = summary_v2.hparams_pb({"lr": 0.1, "name": "adam"}, start_time_secs=1)
        writer.add_scalar("hp_metric", -1, 0)
        writer._get_file_writer().add_summary(messages, 0)
        writer.file_writer.add_summary(messages.SerializeToString(), 3)
    run = load(tmp_path)
    assert run.hparams is not None
    assert run.hparams.values == {"lr": 0.1, "name": "adam"}
    assert [event.step for event in events_of(tmp_path)] == [0, 0, 3]


def test_messages_keep_their_order_among_scalars_and_get_a_wall_time(tmp_path: Path) -> None:
    before = time.time()
    event = event_pb2.Event(wall_time=1, step=7, summary=summary_pb2.Summary())
    event.summary.value.add(tag="own", simple_value=2)
    with SummaryWriter(tmp_path) as writer:
        writer.add_scalar("loss", 1.0, 1)
        writer.file_writer.add_event(event)
        writer.file_writer.add_event(event, np.int64(8), 5.0)
        writer.add_scalar("loss", 2.0, 2)
    read = events_of(tmp_path)
    assert [(event.step, event.summary.value[0].tag) for event in read] == [
        (1, "loss"),
        (7, "own"),
        (8, "own"),
        (2, "loss"),
    ]
    assert read[1].wall_time >= before
    assert read[2].wall_time == 5
    assert (event.step, event.wall_time) == (7, 1)


def test_a_graph_comes_with_its_profile(tmp_path: Path) -> None:
    graph = graph_pb2.GraphDef()
    graph.node.add(name="one", op="Const")
    with SummaryWriter(tmp_path) as writer:
        writer.file_writer.add_graph((graph, step_stats_pb2.StepStats()))
    assert load(tmp_path).read_graph() == graph
    assert [event.tagged_run_metadata.tag for event in events_of(tmp_path)] == ["", "step1"]


def test_the_file_writer_closes_and_goes_on_in_a_new_file(tmp_path: Path) -> None:
    writer = SummaryWriter(tmp_path)
    writer.add_scalar("loss", 1.0, 1)
    writer.file_writer.flush()
    assert len(events_of(tmp_path)) == 1
    writer.file_writer.close()
    writer.file_writer.reopen()
    writer.add_scalar("loss", 2.0, 2)
    writer.close()
    assert load(tmp_path).scalars["loss"].step.tolist() == [1, 2]
    assert len(list(tmp_path.iterdir())) == 2
    assert writer.file_writer.get_logdir() == writer.file_writer.event_writer.get_logdir() == str(tmp_path)


def test_all_writers_are_listed_by_directory(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_scalars("train/loss", {"a": 1.0}, 1)
        writers = writer.all_writers
        assert {logdir: one.get_logdir() for logdir, one in writers.items()} == {
            str(tmp_path): str(tmp_path),
            str(tmp_path / "train_loss_a"): str(tmp_path / "train_loss_a"),
        }
        writers[str(tmp_path / "train_loss_a")].add_summary(summary_pb2.Summary(), 9)
    assert [event.step for event in events_of(tmp_path / "train_loss_a")] == [1, 9]


def test_default_bins_are_those_of_histograms(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        bins = writer.default_bins
        writer.add_histogram("default", [1.0, 2.0], 0)
        writer.add_histogram("given", [1.0, 2.0], 0, bins)
    assert (len(bins), bins[len(bins) // 2], bins[-1] > 1e19) == (1549, 0, True)
    one, two = (event.summary.value[0].histo for event in events_of(tmp_path))
    assert one == two


ADDING: dict[str, Any] = {
    "scalar": lambda writer: writer.add_scalar("x", 1.0),
    "new scalar": lambda writer: writer.add_scalar("x", 1.0, new_style=True),
    "text": lambda writer: writer.add_text("x", "text"),
    "message": lambda writer: writer.file_writer.add_summary(summary_pb2.Summary()),
}


@pytest.mark.parametrize("call", sorted(ADDING))
def test_use_metadata_sets_what_calls_leave_out(tmp_path: Path, call: str) -> None:
    with SummaryWriter(tmp_path) as writer:
        with writer.use_metadata(global_step=10, walltime=5) as same:
            assert same is writer
            ADDING[call](writer)
            with writer.use_metadata(global_step=11):
                ADDING[call](writer)
            writer.add_scalar("y", 1.0, 12, 6.0)
        ADDING[call](writer)
    read = events_of(tmp_path)
    assert [event.step for event in read] == [10, 11, 12, 0]
    assert [event.wall_time for event in read[:3]] == [5, 5, 6]
    assert read[3].wall_time > 1e9


def test_use_metadata_holds_for_runs_below_and_ends_with_an_error(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        with pytest.raises(TypeError), writer.file_writer.use_metadata(global_step=4):
            writer.add_scalars("both", {"a": 1.0, "b": "no number"})
        writer.add_scalars("both", {"a": 2.0})
        with pytest.raises(ValueError, match="use_metadata expects a global_step, a walltime or both; got neither"):
            writer.use_metadata().__enter__()
    assert load(tmp_path, "both_a").scalars["both"].step.tolist() == [4, 0]


def test_scalars_are_exported_to_json_once(tmp_path: Path) -> None:
    logdir, target = tmp_path / "run", tmp_path / "scalars.json"
    exported = []
    with SummaryWriter(logdir) as writer:
        writer.add_scalar("left out", 1.0, 1)
        writer.add_scalars("loss", {"a": 0.5, "b": 2}, 3, 7.0)
        writer.add_scalars("loss", {"a": 0.25}, 4, 8.0)
        for _ in range(2):
            writer.export_scalars_to_json(target)
            exported.append(json.loads(target.read_text()))
        writer.close()
        writer.add_scalars("loss", {"a": 4}, None, 9.0)
        writer.export_scalars_to_json(str(target))
        exported.append(json.loads(target.read_text()))
    assert exported == [
        {f"{logdir}/loss_a": [[7, 3, 0.5], [8, 4, 0.25]], f"{logdir}/loss_b": [[7, 3, 2]]},
        {},
        {f"{logdir}/loss_a": [[9, 0, 4]]},
    ]


def test_an_export_that_fails_may_be_repeated(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path / "run") as writer:
        writer.add_scalars("loss", {"a": 0.5}, 3, 7.0)
        with pytest.raises(FileNotFoundError):
            writer.export_scalars_to_json(tmp_path / "nowhere" / "scalars.json")
        writer.export_scalars_to_json(tmp_path / "scalars.json")
    assert json.loads((tmp_path / "scalars.json").read_text()) == {f"{tmp_path}/run/loss_a": [[7, 3, 0.5]]}


def test_a_writer_without_files_has_the_same_ways(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path / "run", write_to_disk=False) as writer, writer.use_metadata(global_step=1):
        writer.add_scalars("loss", {"a": 0.5})
        writer.file_writer.add_summary(summary_pb2.Summary())
        writer.file_writer.reopen()
        writer.export_scalars_to_json(tmp_path / "scalars.json")
        assert writer.file_writer.get_logdir() == str(tmp_path / "run")
    assert json.loads((tmp_path / "scalars.json").read_text()) == {}
    assert not (tmp_path / "run").exists()


def nodes_of(graph: graph_pb2.GraphDef) -> dict[str, tuple[str, list[str]]]:
    nodes = {node.name: (node.op, list(node.input)) for node in graph.node}
    assert len(nodes) == len(graph.node)
    return nodes


def test_an_onnx_model_is_drawn_as_pytorch_draws_it(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_onnx_graph(GOLDEN / "model.onnx")
        writer.add_onnx_graph(onnx_model_file=str(GOLDEN / "model.onnx"))
    graph = load(tmp_path).read_graph()
    assert graph == onnx_graph(GOLDEN / "model.onnx")
    nodes = nodes_of(graph)
    # PyTorch's leaves weights out, draws outputs a second time, and ties second outputs to nothing.
    peers = {name: (op, [place for place in inputs if place]) for name, op, inputs in GRAPHS["onnx"]}
    peers["sum"] = ("Add", ["left", "left:1"])
    assert nodes == {**peers, "weight": ("Const", []), "sizes": ("Const", [])}
    known = {name for node in nodes for name in (node, f"{node}:1")}
    assert all(set(inputs) <= known for _, inputs in nodes.values())


def test_an_onnx_models_shapes_and_parameters_are_told() -> None:
    nodes = {node.name: node.attr for node in onnx_graph(GOLDEN / "model.onnx").node}
    shapes = {
        name: (attr["dtype"].type, [size.size for size in attr["shape"].shape.dim])
        for name, attr in nodes.items()
        if "shape" in attr
    }
    assert shapes == {
        "x": (1, [-1, 3, 8, 8]),
        "labels": (9, [2]),
        "limit": (1, []),
        "weight": (1, [4, 3, 3, 3]),
        "sizes": (9, [2]),
    }
    assert nodes["conv"]["parameters"].s == b"kernel_shape = [3, 3], pads = [1, 1, 1, 1]"
    assert nodes["relu"]["parameters"].s == b"alpha = 0.25"


def test_an_openvino_model_is_drawn_with_a_node_for_each_layer(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_openvino_graph(GOLDEN / "model.xml")
    graph = load(tmp_path).read_graph()
    assert graph == openvino_graph(GOLDEN / "model.xml")
    assert nodes_of(graph) == {
        "x": ("Parameter", []),
        "weight": ("Const", []),
        "conv": ("Convolution", ["x", "weight"]),
        "conv_3": ("ReLU", ["conv"]),
        "y": ("Result", ["conv_3"]),
    }
    # tensorboardX's has a node for each edge, of an operation "op", and two layers of one name are one.
    assert {(name, source) for name, _, sources in GRAPHS["openvino"] for source in sources} == {
        ("conv", "weight"),
        ("conv", "x"),
        ("conv", "conv"),
        ("y", "conv"),
    }


@pytest.mark.parametrize("content", [b"", b"\xff\xff", b"PK\x03\x04 not a model", b"\x3a\x02\x0a\x00"[:2], b"<net/>"])
@pytest.mark.parametrize("method", ["add_onnx_graph", "add_openvino_graph"])
def test_files_that_are_no_models_are_refused(tmp_path: Path, method: str, content: bytes) -> None:
    (tmp_path / "model").write_bytes(content)
    with (
        SummaryWriter(tmp_path / "run") as writer,
        pytest.raises(ValueError, match=r"model: expected (an ONNX|OpenVINO)"),
    ):
        getattr(writer, method)(tmp_path / "model")
    assert events_of(tmp_path / "run") == []


def test_an_onnx_model_must_be_named(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer, pytest.raises(TypeError, match="expects the file of an ONNX model"):
        writer.add_onnx_graph()
