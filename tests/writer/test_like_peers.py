"""Each method writes what tensorboardX's and PyTorch's write, as TensorBoard's reader reads both back."""

from __future__ import annotations

import inspect
import io
import json
import runpy
import wave
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from google.protobuf import text_format
from google.protobuf.json_format import MessageToDict
from PIL import Image, ImageSequence
from tensorboard.plugins.custom_scalar import layout_pb2
from tensorboard.plugins.hparams import plugin_data_pb2 as hparams_pb2
from tensorboard.plugins.mesh import plugin_data_pb2 as mesh_pb2
from tensorboard.plugins.pr_curve import plugin_data_pb2 as pr_curve_pb2
from tensorboard.plugins.projector import projector_config_pb2

from trackml import SummaryWriter
from trackml.writer.file_writer import FileWriter

GOLDEN = Path(__file__).parents[1] / "golden"
MADE = runpy.run_path(str(GOLDEN / "make/summary_writer.py"))
WALL = MADE["WALL"]
POINTS = MADE["POINTS"]
# matplotlib is not installed for tests: what figures are written as is tested with images.
NEEDS_MATPLOTLIB = ("figure", "figures")

Call = Callable[[SummaryWriter], None]


def purge(writer: SummaryWriter) -> None:
    writer.add_scalar("loss", 1.0, 5, WALL)


def calls_like(library: str) -> dict[str, Call]:
    more: dict[str, Call] = dict(MADE["TENSORBOARDX_CALLS"])
    if library == "torch":
        more = {
            **MADE["TORCH_CALLS"],
            "embedding_images": lambda w: w.add_embedding(POINTS, label_img=MADE["SPRITES"]),
            "tensor": lambda w: w.add_tensor("t", POINTS, 2, WALL),
            "tensor_integers": lambda w: w.add_tensor("t", np.array([[1, -2]]), 2, WALL),
        }
    left_out = (*NEEDS_MATPLOTLIB, *(MADE["TORCH_LACKS"] if library == "torch" else ()))
    return {name: call for name, call in {**MADE["CALLS"], **more}.items() if name not in left_out}


CALLS = [(library, name, call) for library in ("tensorboardx", "torch") for name, call in calls_like(library).items()]
NAMES = [f"{library}-{name}" for library, name, _ in CALLS]


_CONTENTS = {
    "hparams": hparams_pb2.HParamsPluginData,
    "mesh": mesh_pb2.MeshPluginData,
    "pr_curves": pr_curve_pb2.PrCurvePluginData,
}


def read_events(path: Path) -> list[Any]:
    """Every event of a file, as TensorBoard's reader gives it before it rewrites the old forms."""
    from tensorboard.backend.event_processing import event_file_loader

    return list(event_file_loader.LegacyEventFileLoader(str(path)).Load())


def event_files(logdir: Path) -> dict[str, Path]:
    """Event files by the run's name."""
    return {path.parent.relative_to(logdir).as_posix(): path for path in sorted(logdir.rglob("*tfevents*"))}


def values_of(path: Path) -> list[tuple[int, float, Any]]:
    """Step, wall time and value of every summary value."""
    events = read_events(path)
    return [(event.step, event.wall_time, value) for event in events for value in event.summary.value]


def plain(value: Any) -> dict[str, Any]:
    """A summary value without what is encoded: pictures as pixels, sound as samples, contents as messages."""
    kept = type(value)()
    kept.CopyFrom(value)
    found: dict[str, Any] = {}
    field = value.WhichOneof("value")
    if field == "image":
        kept.image.encoded_image_string = b""
        found["pixels"] = pixels(value.image.encoded_image_string)
    elif field == "audio":
        kept.audio.encoded_audio_string = b""
        found["samples"] = samples(value.audio.encoded_audio_string)
    plugin = value.metadata.plugin_data
    if plugin.plugin_name in _CONTENTS:
        kept.metadata.plugin_data.content = b""
        found["content"] = MessageToDict(_CONTENTS[plugin.plugin_name].FromString(plugin.content))
    if plugin.plugin_name == "custom_scalars":
        kept.tensor.string_val[:] = []
        found["layout"] = MessageToDict(layout_pb2.Layout.FromString(value.tensor.string_val[0]))
    return {"message": MessageToDict(kept), **found}


def pixels(encoded: bytes) -> np.ndarray:
    """Every frame of a picture, `[frames, height, width, channels]`."""
    frames = ImageSequence.Iterator(Image.open(io.BytesIO(encoded)))
    return np.stack([np.asarray(frame.convert("RGB")) for frame in frames]).astype(np.int32)


def samples(encoded: bytes) -> np.ndarray:
    """The samples of a WAV of 16 bits."""
    with wave.open(io.BytesIO(encoded)) as clip:
        assert clip.getsampwidth() == 2
        return np.frombuffer(clip.readframes(clip.getnframes()), "<i2").astype(np.int32)


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("golden")
    for library in ("tensorboardx", "torch"):
        with zipfile.ZipFile(GOLDEN / f"writer/{library}.zip") as archive:
            archive.extractall(folder / library)
    return folder


@pytest.mark.parametrize(("library", "name", "call"), CALLS, ids=NAMES)
def test_summaries_are_the_peers(tmp_path: Path, golden: Path, library: str, name: str, call: Call):
    with SummaryWriter(tmp_path) as writer:
        call(writer)
    expected = {
        run.replace("/", "_") if name == "scalars" else run: path
        for run, path in event_files(golden / library / name).items()
    }
    assert event_files(tmp_path).keys() == expected.keys()
    for run, path in event_files(tmp_path).items():
        ours, theirs = values_of(path), values_of(expected[run])
        assert [step for step, _, _ in ours] == [step for step, _, _ in theirs]
        assert [wall for _, wall, _ in ours if wall == WALL] == [wall for _, wall, _ in theirs if wall == WALL]
        for (_, _, value), (_, _, reference) in zip(ours, theirs):
            assert_same(value, reference, library)


def assert_same(value: Any, reference: Any, library: str) -> None:
    ours, theirs = plain(value), plain(reference)
    if value.HasField("image"):
        np.testing.assert_array_equal(ours.pop("pixels"), theirs.pop("pixels"))
    if value.HasField("audio"):
        # Samples are rounded as tensorboardX does; PyTorch scales by 32767 and cuts.
        tolerance = 2 if library == "torch" else 0
        np.testing.assert_allclose(ours.pop("samples"), theirs.pop("samples"), atol=tolerance, rtol=0)
    if library == "tensorboardx" and value.metadata.plugin_data.plugin_name == "mesh":
        # Tags and components are PyTorch's, which are those that TensorBoard's own summary has.
        del ours["content"]["components"]
        theirs["message"]["tag"] = f"mesh_{theirs['content']['contentType']}"
        theirs["content"]["jsonConfig"] = theirs["content"]["jsonConfig"].replace("null", "{}")
    assert ours == theirs


@pytest.mark.parametrize("library", ["tensorboardx", "torch"])
def test_purging_begins_with_the_peers_events(tmp_path: Path, golden: Path, library: str):
    with SummaryWriter(tmp_path, purge_step=5) as writer:
        purge(writer)
    (ours,), (theirs,) = event_files(tmp_path).values(), event_files(golden / library / "purge").values()
    described = [
        [(event.step, event.file_version, event.session_log.status) for event in read_events(path)]
        for path in (ours, theirs)
    ]
    # The peers write one START, which TensorBoard takes for the beginning of a directory that has none before.
    assert described[1][1:] == [(5, "brain.Event:2", 0), (5, "", 1), (5, "", 0)]
    assert described[0][1:] == [(5, "brain.Event:2", 0), (5, "", 1), (5, "", 1), (5, "", 0)]


@pytest.mark.parametrize("library", ["tensorboardx", "torch"])
@pytest.mark.parametrize("name", ["embedding", "embedding_header", "embedding_images"])
def test_projector_files_are_the_peers(tmp_path: Path, golden: Path, library: str, name: str):
    with SummaryWriter(tmp_path) as writer:
        calls_like(library)[name](writer)
    reference = golden / library / name
    theirs = [path.relative_to(reference) for path in reference.rglob("*.*") if "tfevents" not in path.name]
    assert len(theirs) >= 3
    for path in theirs:
        ours, expected = (tmp_path / path).read_bytes(), (reference / path).read_bytes()
        if path.suffix == ".png":
            np.testing.assert_array_equal(pixels(ours), pixels(expected))
        elif path.suffix == ".pbtxt":
            escaped = expected if library == "torch" else expected.replace(b"\\", b"\\\\")  # tensorboardX forgets to
            assert config_of(ours) == config_of(escaped)
        else:
            assert ours == expected


def config_of(text: bytes) -> projector_config_pb2.ProjectorConfig:
    return text_format.Parse(text.decode(), projector_config_pb2.ProjectorConfig())


# Parameters that stand elsewhere, or need a default, since the peers disagree.
ELSEWHERE = {
    ("torch", "add_onnx_graph"): {"prototxt"},
    ("tensorboardx", "add_onnx_graph"): {"onnx_model_file"},
    ("tensorboardx", "__init__"): {"logdir", "log_dir", "comet_config"},
    ("tensorboardx", "add_scalar"): {"display_name", "summary_description"},
    ("tensorboardx", "add_hparams"): {"name", "global_step"},
    ("tensorboardx", "add_image_with_boxes"): {"dataformats", "labels"},
}


def parameters_of(method: str, of: type = SummaryWriter) -> list[tuple[str, str | None]]:
    parameters = list(inspect.signature(getattr(of, method)).parameters.values())[1:]
    return [
        (parameter.name, None if parameter.default is parameter.empty else repr(parameter.default))
        for parameter in parameters
    ]


@pytest.mark.parametrize("library", ["tensorboardx", "torch"])
def test_signatures_begin_with_the_peers(golden: Path, library: str):
    signatures = json.loads((golden / library / "signatures.json").read_text())
    for method in signatures:
        ours, elsewhere = parameters_of(method), ELSEWHERE.get((library, method), set())
        for place, (name, default) in enumerate(signatures[method]):
            if name in elsewhere:
                assert name in dict(ours)
            else:
                assert ours[place] == (name, default), f"{library} {method}"


@pytest.mark.parametrize("library", ["tensorboardx", "torch"])
def test_the_file_writer_has_the_peers_methods(library: str):
    signatures = json.loads((GOLDEN / "writer/graphs.json").read_text())["FileWriter"][library]
    assert len(signatures) >= 8
    for method, parameters in signatures.items():
        assert parameters_of(method, FileWriter) == [tuple(parameter) for parameter in parameters], method
