from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import trackml
from trackml import SummaryWriter
from trackml.events import summary_iterator

Point = tuple[str, int, float]


def points_of(path: Path) -> list[Point]:
    """Tag, step and value of every scalar of a file."""
    return [
        (value.tag, event.step, value.simple_value) for event in summary_iterator(path) for value in event.summary.value
    ]


def files_of(logdir: Path) -> list[Path]:
    return sorted(logdir.glob("*tfevents*"))


def only_file(logdir: Path) -> Path:
    (path,) = files_of(logdir)
    return path


def run_child(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    preamble = "import os, resource, signal, sys, threading\nfrom trackml import SummaryWriter\n"
    command = [sys.executable, "-c", preamble + script, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@given(
    st.lists(
        st.tuples(
            st.text(max_size=5),
            st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)),
            st.floats(width=32, allow_nan=False),
            st.floats(0, 1e11),
        ),
        max_size=30,
    )
)
def test_tensorboards_reader_gives_back_what_was_written(points: list[tuple[str, int | None, float, float]]):
    import tempfile

    from tensorboard.backend.event_processing import event_file_loader

    with tempfile.TemporaryDirectory() as logdir:
        with SummaryWriter(logdir) as writer:
            for tag, step, value, wall_time in points:
                writer.add_scalar(tag, value, step, wall_time)
        (name,) = os.listdir(logdir)
        events = list(event_file_loader.LegacyEventFileLoader(os.path.join(logdir, name)).Load())[1:]
    read = [(e.summary.value[0].tag, e.step, e.summary.value[0].simple_value, e.wall_time) for e in events]
    assert read == [(tag, step or 0, value, wall_time) for tag, step, value, wall_time in points]


def test_everything_is_there_after_flush_and_the_writer_goes_on(tmp_path: Path):
    with SummaryWriter(tmp_path) as writer:
        writer.add_scalar("loss", 1.0, 1)
        writer.add_scalars("both", {"a": 2.0}, 1)
        writer.flush()
        assert points_of(only_file(tmp_path)) == [("loss", 1, 1.0)]
        assert points_of(only_file(tmp_path / "both_a")) == [("both", 1, 2.0)]
        writer.add_scalar("loss", 3.0, 2)
    assert points_of(only_file(tmp_path)) == [("loss", 1, 1.0), ("loss", 2, 3.0)]


def test_adding_after_close_opens_a_new_file(tmp_path: Path):
    writer = SummaryWriter(tmp_path, filename_suffix=".mine")
    writer.add_scalar("loss", 1.0, 1)
    writer.close()
    writer.close()
    writer.flush()
    writer.add_scalar("loss", 2.0, 2)
    writer.close()
    assert [points_of(path) for path in files_of(tmp_path)] == [[("loss", 1, 1.0)], [("loss", 2, 2.0)]]
    assert all(path.name.endswith(".mine") for path in files_of(tmp_path))


def test_the_default_directory_names_time_host_and_comment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    with SummaryWriter(comment="_lr1") as writer:
        assert writer.get_logdir() == writer.log_dir == writer.logdir
    assert Path(writer.log_dir).parts[0] == "runs"
    assert writer.log_dir.endswith(f"_{os.uname().nodename}_lr1")
    assert len(files_of(tmp_path / writer.log_dir)) == 1


def test_tensorboardx_names_of_parameters_are_understood(tmp_path: Path):
    with SummaryWriter(logdir=tmp_path / "run", comet_config={"disabled": True}) as writer:
        writer.add_hparams({"lr": 0.1}, {"accuracy": 0.5}, "session")
        writer.add_hparams({"lr": 0.1}, {"accuracy": 0.5}, name="other")
    assert {path.name for path in (tmp_path / "run").iterdir() if path.is_dir()} == {"session", "other"}
    with pytest.raises(ValueError, match="Comet is not served here"):
        SummaryWriter(tmp_path / "comet", comet_config={"project_name": "x"})


def test_nothing_is_written_when_nothing_shall_be(tmp_path: Path):
    with SummaryWriter(tmp_path / "run", write_to_disk=False, purge_step=3) as writer:
        writer.add_scalar("loss", 1.0)
        writer.add_scalars("loss", {"a": 1.0})
        writer.add_text("note", "text")
        writer.add_embedding(np.zeros((2, 2)))
        writer.add_hparams({"lr": 0.1}, {"accuracy": 0.5})
        writer.flush()
    assert not (tmp_path / "run").exists()


def test_a_graph_is_written_for_tensorboard_to_draw(tmp_path: Path):
    graph = trackml.Graph()
    with graph.as_default():
        trackml.constant(1.0, name="one")
    with SummaryWriter(tmp_path) as writer:
        writer.add_graph(graph)
        with pytest.raises(TypeError, match=r"something with as_graph_def\(\); got object"):
            writer.add_graph(object())
    (event,) = [event for event in summary_iterator(only_file(tmp_path)) if event.graph_def]
    assert event.graph_def == graph.as_graph_def().SerializeToString()


def test_threads_share_a_writer(tmp_path: Path):
    def log(thread: int) -> None:
        for step in range(1, 500):
            writer.add_scalar(f"loss/{thread}", 0.0, step)
            writer.add_scalars("all", {str(thread): 0.0}, step)

    with SummaryWriter(tmp_path) as writer:
        threads = [threading.Thread(target=log, args=(thread,)) for thread in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    points = points_of(only_file(tmp_path))
    for number in range(4):
        assert [step for tag, step, _ in points if tag == f"loss/{number}"] == list(range(1, 500))
        assert len(points_of(only_file(tmp_path / f"all_{number}"))) == 499


@pytest.mark.parametrize("ending", ["pass", "raise RuntimeError", "sys.exit(1)"])
def test_the_interpreters_exit_closes_the_writer(tmp_path: Path, ending: str):
    run_child(f"SummaryWriter(sys.argv[1]).add_scalar('loss', 1.0, 1)\n{ending}", str(tmp_path))
    assert points_of(only_file(tmp_path)) == [("loss", 1, 1.0)]


def test_a_fork_logs_on_its_own(tmp_path: Path):
    script = """
writer = SummaryWriter(sys.argv[1], flush_secs=1000)
writer.add_scalar("loss", 1.0, 1)
writer.add_scalars("all", {"a": 1.0}, 1)
if os.fork():
    os.wait()
    writer.close()
else:
    writer.add_scalar("loss", 2.0, 2)
    writer.add_scalars("all", {"a": 2.0}, 2)
    writer.flush()
    os._exit(0)
"""
    done = run_child(script, str(tmp_path))
    assert done.returncode == 0
    for tag, logdir in (("loss", tmp_path), ("all", tmp_path / "all_a")):
        assert [points_of(path) for path in files_of(logdir)] == [[(tag, 1, 1.0)], [(tag, 2, 2.0)]]


def test_a_fork_that_logs_nothing_makes_no_file(tmp_path: Path):
    script = """
writer = SummaryWriter(sys.argv[1])
if os.fork():
    os.wait()
else:
    writer.flush()
    writer.close()
    os._exit(0)
"""
    assert run_child(script, str(tmp_path)).returncode == 0
    assert points_of(only_file(tmp_path)) == []


def test_a_full_disk_is_told_and_nothing_is_lost_once_there_is_room(tmp_path: Path):
    script = """
writer = SummaryWriter(sys.argv[1])
unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (3000, unlimited[1]))
for step in range(1, 1001):
    writer.add_scalar("loss", 1.0, step)
try:
    writer.flush()
except OSError as error:
    print(error.strerror, os.path.getsize(error.filename) <= 3000)
resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
writer.add_scalar("loss", 1.0, 1001)
writer.close()
"""
    done = run_child(script, str(tmp_path))
    assert (done.stdout, done.stderr) == ("File too large True\n", "")
    assert [step for _, step, _ in points_of(only_file(tmp_path))] == list(range(1, 1002))


def test_a_removed_directory_is_told(tmp_path: Path):
    writer = SummaryWriter(tmp_path / "run")
    path = only_file(tmp_path / "run")
    path.unlink()
    (tmp_path / "run").rmdir()
    writer.add_scalar("loss", 1.0, 1)
    with pytest.raises(FileNotFoundError, match=f"deleted while it was being written: '{path}'"):
        writer.flush()
    with pytest.raises(FileNotFoundError):
        writer.close()
    writer.add_scalar("loss", 1.0, 2)
    writer.close()
    assert points_of(only_file(tmp_path / "run")) == [("loss", 2, 1.0)]


def test_a_purge_step_hides_what_earlier_files_hold_from_there_on(tmp_path: Path):
    with SummaryWriter(tmp_path) as writer:
        for step in range(10):
            writer.add_scalar("loss", 1.0, step)
    with SummaryWriter(tmp_path, purge_step=5) as writer:
        for step in range(5, 8):
            writer.add_scalar("loss", 2.0, step)
    run = trackml.runs.RunStore(tmp_path)
    run.refresh()
    series = run.snapshot()["."].scalars["loss"]
    assert series.value.tolist() == [1.0] * 5 + [2.0] * 3


DTYPES = ["float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "bool"]


@pytest.mark.parametrize("dtype", DTYPES)
def test_tensorboard_reads_tensors_of_each_dtype(tmp_path: Path, dtype: str):
    from tensorboard.util import tensor_util

    tensor = np.array([[1, 0], [3, 100]]).astype(dtype)
    with SummaryWriter(tmp_path) as writer:
        writer.add_tensor("tensor", tensor)
    (value,) = [value for event in summary_iterator(only_file(tmp_path)) for value in event.summary.value]
    read = tensor_util.make_ndarray(value.tensor)
    np.testing.assert_array_equal(read, tensor)
    assert read.dtype == ("int64" if dtype == "uint32" else dtype)


def test_float16_tensors_keep_their_bits(tmp_path: Path):
    with SummaryWriter(tmp_path) as writer:
        writer.add_tensor("tensor", np.array([1.5, -2.0], np.float16))
    (value,) = [value for event in summary_iterator(only_file(tmp_path)) for value in event.summary.value]
    assert np.array(value.tensor.half_val, np.uint16).view(np.float16).tolist() == [1.5, -2.0]


class Canvas:
    """Draws a figure as matplotlib's canvases do."""

    def __init__(self, pixels: np.ndarray) -> None:
        self.pixels = pixels

    def print_figure(self, stream: io.BytesIO, *, format: str, dpi: float) -> None:
        assert (format, dpi) == ("png", 50)
        Image.fromarray(self.pixels).save(stream, "PNG")


class Figure:
    """What of matplotlib's figures is used."""

    dpi = 50

    def __init__(self, pixels: np.ndarray) -> None:
        self.canvas = Canvas(pixels)


def test_a_figure_is_drawn_by_its_canvas(tmp_path: Path):
    drawn = (np.arange(2 * 4 * 5 * 4) % 256).astype(np.uint8).reshape(2, 4, 5, 4)
    drawn[..., 3] = 255
    with SummaryWriter(tmp_path) as writer:
        writer.add_figure("one", Figure(drawn[0]), 3)
        writer.add_figure("two", [Figure(drawn[0]), Figure(drawn[1])], 3)
    one, two = [
        np.asarray(Image.open(io.BytesIO(value.image.encoded_image_string)))
        for event in summary_iterator(only_file(tmp_path))
        for value in event.summary.value
    ]
    np.testing.assert_array_equal(one, drawn[0, ..., :3])
    np.testing.assert_array_equal(two, np.concatenate([drawn[0, ..., :3], drawn[1, ..., :3]], axis=1))


REFUSED: list[tuple[str, tuple[Any, ...], type[Exception], str]] = [
    ("add_scalar", (3, 1.0), TypeError, "A tag must be a str; got 3 of type int"),
    ("add_scalar", ("loss", "1"), TypeError, "Real numbers are wanted, as an array or a tensor; got '1'"),
    ("add_scalar", ("loss", [1, 2]), ValueError, r"A scalar is one number; got \[1, 2\]"),
    ("add_scalar", ("loss", 1.0, 2**63), ValueError, "step must be an integer of 64 bits; got 9223372036854775808"),
    ("add_text", ("note", "text", -(2**63) - 1), ValueError, "global_step must be an integer of 64 bits"),
    ("add_histogram", ("w", []), ValueError, "The histogram of tag 'w' got no numbers"),
    ("add_histogram", ("w", [float("nan")]), ValueError, "No number in the histogram of tag 'w' lies in any bucket"),
    ("add_histogram_raw", ("w", 0, 1, 1, 1, 1, [1, 2], [1]), ValueError, "got 2 bucket_limits and 1 bucket_counts"),
    ("add_image", ("i", np.zeros((3, 4))), ValueError, r"shape \[3, 4\] by the letters of 'HWC', each once; got 'CHW'"),
    ("add_image", ("i", np.zeros((2, 4, 4))), ValueError, "An image has 1, 3 or 4 channels; got 2"),
    ("add_video", ("v", np.zeros((2, 4, 4))), ValueError, "by the letters of 'NTCHW'"),
    ("add_audio", ("s", np.zeros((5, 3))), ValueError, r"\[frames, 1 or 2 channels\]; got \[5, 3\]"),
    ("add_mesh", ("m", np.zeros((5, 3))), ValueError, r"\[batch, points, 3\]; got \[5, 3\]"),
    ("add_tensor", ("t", np.zeros(2, np.longdouble)), TypeError, "A tensor of dtype float128 cannot be written"),
    (
        "add_custom_scalars_marginchart",
        (["a", "b"],),
        ValueError,
        r"A margin chart has three tags, .* got \['a', 'b'\]",
    ),
    ("add_hparams", ([], {}), TypeError, "hparam_dict and metric_dict must be dicts; got list and dict"),
    ("add_hparams", ({"sizes": [1, 2]}, {}), TypeError, r"got \[1, 2\] of type list for 'sizes'. Write str"),
    ("add_hparams", ({"lr": 1.0}, {}, {"lr": ["a"]}), TypeError, "must list values of the type of 1.0; got"),
    ("add_embedding", (np.zeros(3),), ValueError, r"An embedding has shape \[points, dimensions\]; got \[3\]"),
    ("add_embedding", (np.zeros((3, 2)), ["a"]), ValueError, "got 3 points and 1 of metadata"),
    ("add_embedding", (np.zeros((1, 2)), None, np.zeros((1, 3, 4, 5))), ValueError, "1 or 3 channels, side, side"),
]


@pytest.mark.parametrize(("method", "arguments", "error", "message"), REFUSED)
def test_what_does_not_fit_is_refused_and_nothing_is_written(
    tmp_path: Path, method: str, arguments: tuple[Any, ...], error: type[Exception], message: str
):
    with SummaryWriter(tmp_path) as writer, pytest.raises(error, match=message):
        getattr(writer, method)(*arguments)
    assert list(tmp_path.rglob("*")) == files_of(tmp_path)
    assert points_of(only_file(tmp_path)) == []


def test_an_embedding_of_the_same_name_and_step_is_replaced_and_others_are_kept(tmp_path: Path):
    for points in (2, 3):  # the second writer goes on with the list of the first
        with SummaryWriter(tmp_path) as writer:
            writer.add_embedding(np.ones((points, 2)), tag="same")
            writer.add_embedding(np.ones((points, 2)), global_step=points)
    config = (tmp_path / "projector_config.pbtxt").read_text()
    assert [line.split('"')[1] for line in config.splitlines() if "tensor_name" in line] == [
        "default:00002",
        "same:00000",
        "default:00003",
    ]
    assert (tmp_path / "00000/same/tensors.tsv").read_text() == "1.0\t1.0\n" * 3


def test_a_list_of_embeddings_that_cannot_be_read_is_told_and_left_alone(tmp_path: Path):
    (tmp_path / "projector_config.pbtxt").write_text("embeddings {")
    with SummaryWriter(tmp_path) as writer, pytest.raises(ValueError, match=r"projector_config.pbtxt cannot be read: "):
        writer.add_embedding(np.ones((2, 2)))
    assert (tmp_path / "projector_config.pbtxt").read_text() == "embeddings {"
