"""TensorBoard's own readers read what the writer here wrote, with equal values."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tensorboard.compat.proto import event_pb2, summary_pb2

from trackml.events import (
    EventFileWriter,
    audio_values,
    histogram_value,
    image_values,
    scalar_value,
    text_value,
)

STEPS = range(3)
LOSSES = [0.5, float(np.float32(0.1)), -3.0]
WEIGHTS = np.linspace(-1, 1, 7)
IMAGES = np.random.default_rng(0).integers(0, 256, (2, 4, 5, 3), dtype=np.uint8)
AUDIO = np.sin(np.arange(40, dtype=np.float32)).reshape(2, 10, 2)
GRAPH = b"\x0a\x05\x0a\x03one"  # a GraphDef with one node named "one"


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("logdir")
    with EventFileWriter(directory / "run") as writer:
        writer.add_event(event_pb2.Event(wall_time=100.0, graph_def=GRAPH))
        for step in STEPS:
            values = [
                scalar_value("scope/loss", LOSSES[step]),
                histogram_value("weights", WEIGHTS + step),
                *image_values("picture", IMAGES),
                *audio_values("sound", AUDIO, 8000),
                text_value("note", [f"step *{step}*", "zwölf"]),
            ]
            writer.add_event(
                event_pb2.Event(wall_time=100.5 + step, step=step, summary=summary_pb2.Summary(value=values))
            )
    return directory


@pytest.fixture(scope="module")
def accumulator(logdir: Path) -> Any:
    from tensorboard.backend.event_processing import event_accumulator

    loaded = event_accumulator.EventAccumulator(
        str(logdir / "run"), dict.fromkeys(event_accumulator.DEFAULT_SIZE_GUIDANCE, 0)
    )
    return loaded.Reload()


@pytest.fixture(scope="module")
def plugins(logdir: Path) -> Any:
    from tensorboard.backend.event_processing import plugin_event_multiplexer

    multiplexer = plugin_event_multiplexer.EventMultiplexer()
    multiplexer.AddRunsFromDirectory(str(logdir))
    multiplexer.Reload()
    return multiplexer


def test_scalars(accumulator: Any) -> None:
    assert [(read.step, read.wall_time, read.value) for read in accumulator.Scalars("scope/loss")] == [
        (step, 100.5 + step, LOSSES[step]) for step in STEPS
    ]


def test_histograms(accumulator: Any) -> None:
    reads = accumulator.Histograms("weights")
    assert [read.step for read in reads] == list(STEPS)
    for read in reads:
        expected = histogram_value("weights", WEIGHTS + read.step).histo
        assert read.histogram_value.bucket == list(expected.bucket)
        assert read.histogram_value.bucket_limit == list(expected.bucket_limit)
        assert read.histogram_value.sum == expected.sum


@pytest.mark.parametrize("index", [0, 1])
def test_images(accumulator: Any, index: int) -> None:
    reads = accumulator.Images(f"picture/image/{index}")
    assert [read.step for read in reads] == list(STEPS)
    for read in reads:
        assert (read.height, read.width) == (4, 5)
        np.testing.assert_array_equal(Image.open(io.BytesIO(read.encoded_image_string)), IMAGES[index])


@pytest.mark.parametrize("index", [0, 1])
def test_audio(accumulator: Any, index: int) -> None:
    reads = accumulator.Audio(f"sound/audio/{index}")
    assert [read.step for read in reads] == list(STEPS)
    for read in reads:
        assert (read.sample_rate, read.length_frames, read.content_type) == (8000, 10, "audio/wav")
        assert read.encoded_audio_string == audio_values("sound", AUDIO, 8000)[index].audio.encoded_audio_string


def test_texts(accumulator: Any) -> None:
    assert [(read.step, list(read.tensor_proto.string_val)) for read in accumulator.Tensors("note")] == [
        (step, [f"step *{step}*".encode(), "zwölf".encode()]) for step in STEPS
    ]


def test_the_graph(accumulator: Any) -> None:
    assert [node.name for node in accumulator.Graph().node] == ["one"]


def test_every_kind_finds_its_plugin(plugins: Any) -> None:
    assert list(plugins.Runs()) == ["run"]
    found = {plugin: sorted(plugins.PluginRunToTagToContent(plugin)["run"]) for plugin in plugins.ActivePlugins()}
    assert found == {
        "scalars": ["scope/loss"],
        "histograms": ["weights"],
        "images": ["picture/image/0", "picture/image/1"],
        "audio": ["sound/audio/0", "sound/audio/1"],
        "text": ["note"],
        "graphs": ["__run_graph__"],
    }


def test_the_plugins_see_the_values(plugins: Any) -> None:
    read = plugins.Tensors("run", "scope/loss")
    assert [(tensor.step, tensor.tensor_proto.float_val[0]) for tensor in read] == list(zip(STEPS, LOSSES))
