"""Embeddings of runs; TensorBoard's projector is the oracle."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboard.plugins.projector import EmbeddingInfo, ProjectorConfig, visualize_embeddings

from trackml.bundle import BundleWriter
from trackml.errors import DataLossError, NotFoundError
from trackml.runs import RunStore
from trackml.runs.projector import Embedding, Projector

ASSETS = "plugins/org_tensorflow_tensorboard_projector"
POINTS = np.array([[1.5, -2, 3e-20], [0.1, np.nan, np.inf], [7, 8, 9]], np.float32)
TSV = "1.5\t-2\t3e-20\n0.1\tnan\tinf\n\n7\t8\t9\n"


@pytest.fixture
def run(logdir: Any) -> Path:
    """The directory of a run."""
    path: Path = logdir.append(logdir.scalars(1, loss=1), run="run").parent
    return path


def write(run: Path, *embeddings: EmbeddingInfo, place: str = "", **config: Any) -> None:
    (run / place).mkdir(parents=True, exist_ok=True)
    visualize_embeddings(str(run / place), ProjectorConfig(embeddings=embeddings, **config))


def read(run: Path) -> Projector:
    store = RunStore(run)
    store.refresh()
    projector = store.snapshot()["."].read_projector()
    assert projector is not None
    return projector


def only(run: Path) -> Embedding:
    (embedding,) = read(run).embeddings
    return embedding


def tensorboards(logdir: Path) -> Any:
    """TensorBoard's projector, which has looked for embeddings."""
    from tensorboard.backend.event_processing import data_provider, plugin_event_multiplexer
    from tensorboard.plugins import base_plugin
    from tensorboard.plugins.projector import projector_plugin

    multiplexer = plugin_event_multiplexer.EventMultiplexer().AddRunsFromDirectory(str(logdir))
    multiplexer.Reload()
    provider = data_provider.MultiplexerDataProvider(multiplexer, str(logdir))
    plugin = projector_plugin.ProjectorPlugin(base_plugin.TBContext(logdir=str(logdir), data_provider=provider))
    plugin._update_configs()
    return plugin


def test_embeddings_are_those_of_tensorboard(logdir: Any, run: Path) -> None:
    (run / "points.tsv").write_text(TSV)
    (run / "points.bytes").write_bytes(b"\xff" + POINTS.tobytes()[1:])
    write(
        run,
        EmbeddingInfo(tensor_path="points.tsv"),
        EmbeddingInfo(tensor_name="bytes:0", tensor_path="points.bytes", tensor_shape=[3, 3]),
        EmbeddingInfo(tensor_name="words:00003", tensor_path="points.tsv", metadata_path="words.tsv"),
    )
    theirs = tensorboards(logdir.path)._configs["run"].embeddings
    ours = read(run).embeddings
    assert [(one.name, one.tensor_path, one.metadata_path) for one in ours] == [
        (one.tensor_name, one.tensor_path, one.metadata_path) for one in theirs
    ]
    assert [one.read_tensor().shape for one in ours] == [tuple(one.tensor_shape) for one in theirs]


@pytest.mark.parametrize("place", [ASSETS, ""])
def test_the_list_may_be_among_the_plugins_assets(place: str, logdir: Any, run: Path) -> None:
    write(run, EmbeddingInfo(tensor_name="beside", tensor_path="a.tsv"))
    write(run, EmbeddingInfo(tensor_name="chosen", tensor_path="b.tsv"), place=place)
    for path in (run / "a.tsv", run / "b.tsv", run / place / "b.tsv"):
        path.write_text(TSV)
    theirs = tensorboards(logdir.path)
    assert [one.tensor_name for one in theirs._configs["run"].embeddings] == [only(run).name] == ["chosen"]
    assert theirs.config_fpaths["run"] == str(read(run).path)


def test_text_is_read_as_by_tensorboard(run: Path) -> None:
    from tensorboard.plugins.projector import projector_plugin

    (run / "points.tsv").write_text(TSV)
    write(run, EmbeddingInfo(tensor_path="points.tsv"))
    tensor = only(run).read_tensor()
    assert tensor.dtype == np.float32
    np.testing.assert_array_equal(tensor, POINTS)
    np.testing.assert_array_equal(tensor, projector_plugin._read_tensor_tsv_file(str(run / "points.tsv")))


@pytest.mark.parametrize("points", [POINTS, np.zeros((2, 4), np.float32)])
def test_bytes_are_read_in_the_shape_that_the_list_gives(points: Any, run: Path) -> None:
    (run / "points.bytes").write_bytes(points.tobytes())
    write(run, EmbeddingInfo(tensor_path="points.bytes", tensor_shape=points.shape))
    np.testing.assert_array_equal(only(run).read_tensor(), points)


def test_labels_and_pictures(run: Path) -> None:
    (run / "words.tsv").write_text("word\tcount\nzwölf\t3\n\t4\n")
    (run / "plain.tsv").write_text("one\ntwo\n")
    (run / "sprite.png").write_bytes(b"png")
    info = EmbeddingInfo(tensor_path="x", metadata_path="words.tsv", bookmarks_path="views.json")
    info.sprite.image_path = "sprite.png"
    info.sprite.single_image_dim.extend([28, 14])
    write(run, info, EmbeddingInfo(tensor_path="x", metadata_path="plain.tsv"))
    first, second = read(run).embeddings
    assert first.read_metadata() == (("word", "count"), [("zwölf", "3"), ("", "4")])
    assert second.read_metadata() == ((), [("one",), ("two",)])
    assert (first.read_sprite(), first.sprite_size, first.bookmarks_path) == (b"png", (28, 14), "views.json")
    assert (second.sprite_path, second.sprite_size) == ("", ())


def save(prefix: Path, **values: Any) -> None:
    with BundleWriter(prefix) as writer:
        for name, value in values.items():
            writer.add(name, value)


def test_points_in_a_checkpoint_are_read(run: Path) -> None:
    for step in (7, 8):
        save(run / f"model.ckpt-{step}", words=step * POINTS)
    write(run, EmbeddingInfo(tensor_name="words:0"), model_checkpoint_path="/elsewhere/model.ckpt-7")
    assert read(run).checkpoint == "/elsewhere/model.ckpt-7"
    np.testing.assert_array_equal(only(run).read_tensor(), 7 * POINTS)
    write(run, EmbeddingInfo(tensor_name="words"))
    np.testing.assert_array_equal(only(run).read_tensor(), 8 * POINTS)


def test_points_that_no_checkpoint_holds_are_told(run: Path) -> None:
    write(run, EmbeddingInfo(tensor_name="words"), model_checkpoint_path="model.ckpt-7")
    with pytest.raises(NotFoundError, match=r"no checkpoint 'model.ckpt-7' that holds the embedding 'words'"):
        only(run).read_tensor()
    save(run / "model.ckpt-7", other=POINTS)
    with pytest.raises(DataLossError, match="has no variable 'words'"):
        only(run).read_tensor()
    save(run / "model.ckpt-7", words=np.zeros(3))
    with pytest.raises(DataLossError, match=r"\[points, dimensions\]; got float64 of shape \[3\]"):
        only(run).read_tensor()


def test_without_a_list_there_is_none(run: Path) -> None:
    store = RunStore(run)
    store.refresh()
    assert store.snapshot()["."].read_projector() is None


@pytest.mark.parametrize(
    ("data", "shape", "said"),
    [
        (b"1\t2\n3\n", [], "expected rows of numbers with tabs between"),
        (b"", [], "got 0 bytes, and it is empty"),
        (b"\n\n", [], "got 2 bytes, and it is empty"),
        (b"1\tx\n", [], "could not convert string 'x' to float32"),
        (b"\xff" * 12, [], "float32 of a shape that its list gives; got 12 bytes, and it is no text"),
        (b"\xff" * 12, [2, 2], r"or \[2, 2\] float32; got 12 bytes, and it is no text"),
    ],
)
def test_what_is_no_table_is_told(data: bytes, shape: list[int], said: str, run: Path) -> None:
    (run / "points").write_bytes(data)
    write(run, EmbeddingInfo(tensor_path="points", tensor_shape=shape))
    with pytest.raises(DataLossError, match=said):
        only(run).read_tensor()


@pytest.mark.parametrize("path", ["../secret", "/etc/hostname", "~/secret", "link"])
def test_a_list_cannot_make_us_read_other_files(path: str, run: Path) -> None:
    (run.parent / "secret").write_text(TSV)
    (run / "link").symlink_to("../secret")
    write(run, EmbeddingInfo(tensor_path=path, metadata_path=path))
    for read_file in (only(run).read_tensor, only(run).read_metadata):
        with pytest.raises(ValueError, match="leads out of the directory"):
            read_file()


@pytest.mark.parametrize("path", ["missing", "directory"])
def test_a_file_that_is_not_there_is_told(path: str, run: Path) -> None:
    os.mkdir(run / "directory")
    write(run, EmbeddingInfo(tensor_path=path, metadata_path=path))
    for read_file in (only(run).read_tensor, only(run).read_metadata):
        with pytest.raises(NotFoundError, match=path):
            read_file()
    with pytest.raises(ValueError, match="has no pictures"):
        only(run).read_sprite()


@pytest.mark.parametrize("text", [b"embeddings {", b"\xff\xfe", b"other: 3"])
def test_a_damaged_list_is_told(text: bytes, run: Path) -> None:
    (run / "projector_config.pbtxt").write_bytes(text)
    store = RunStore(run)
    store.refresh()
    with pytest.raises(DataLossError, match=r"projector_config\.pbtxt is no list of embeddings"):
        store.snapshot()["."].read_projector()


def test_what_our_own_writer_leaves_is_read(tmp_path: Path) -> None:
    from trackml.writer import SummaryWriter

    with SummaryWriter(tmp_path) as writer:
        writer.add_embedding(POINTS, metadata=["a", "b", "c"], global_step=3, tag="words")
    embedding = only(tmp_path)
    assert embedding.name == "words:00003"
    np.testing.assert_array_equal(embedding.read_tensor(), POINTS)
    assert embedding.read_metadata().rows == [("a",), ("b",), ("c",)]
