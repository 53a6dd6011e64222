"""Runs as TensorBoard's own loader has them, all points of all kinds, and the comparison with a `RunView`.

Source: tensorboard/backend/event_processing/plugin_event_accumulator.py.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from tensorboard.backend.event_processing import plugin_event_accumulator as accumulators
from tensorboard.util import tensor_util

from trackml.events.contents import Audio, Histogram, Images
from trackml.runs import RunView

_KINDS = ("scalars", "histograms", "images", "audio", "text")
_RUN_GRAPH = "__run_graph__"
_RUN_METADATA = "graph_tagged_run_metadata"
_SHAPED_ANEW = ("graph_run_metadata", "graph_run_metadata_graph", "graph_keras_model")
"""Plugins whose scalars TensorBoard makes lists of one."""


logging.getLogger("tensorboard").setLevel(logging.ERROR)  # it tells of each purge


class Point(NamedTuple):
    """A value of a tag."""

    step: int
    wall_time: float
    array: npt.NDArray[Any]


class Run(NamedTuple):
    """A run as TensorBoard has it."""

    points: dict[str, list[Point]]
    kinds: dict[str, str]
    metadata: dict[str, Any]
    graph: Any
    """The GraphDef, None if there is none."""


def load(path: Path) -> Run:
    """Gives the run in a directory, without the sampling that TensorBoard does."""
    accumulator = accumulators.EventAccumulator(str(path), size_guidance={accumulators.TENSORS: 0}).Reload()
    all_metadata = accumulator.AllSummaryMetadata()
    metadata = {tag: found for tag, found in all_metadata.items() if _is_shown(tag, found)}
    tags = [tag for tag in accumulator.Tags()["tensors"] if tag in metadata or tag not in all_metadata]
    plugins = {tag: metadata[tag].plugin_data.plugin_name if tag in metadata else "" for tag in tags}
    return Run(
        {tag: [_point(event, plugins[tag]) for event in accumulator.Tensors(tag)] for tag in tags},
        {tag: plugin if plugin in _KINDS else "tensors" for tag, plugin in plugins.items()},
        metadata,
        accumulator.Graph() if accumulator.Tags()["graph"] else None,
    )


def assert_same(view: RunView, path: Path) -> None:
    """Checks that the run has every point of every tag as TensorBoard has it, in its order, and nothing else.

    Raises:
      AssertionError: If there is a difference.
    """
    run = load(path)
    assert dict(view.tags) == run.kinds
    assert view.read_graph() == run.graph
    for tag, series in view.scalars.items():
        expected = run.points[tag]
        _assert_same_points(series.step, series.wall_time, expected)
        np.testing.assert_array_equal(series.value, [float(point.array) for point in expected])
    for tag, blobs in view.blobs.items():
        expected = run.points[tag]
        _assert_same_points(blobs.step, blobs.wall_time, expected)
        for content, point in zip(blobs, expected, strict=True):
            _assert_same_content(content, point.array)
    for tag, metadata in view.metadata.items():
        assert metadata.plugin_data.plugin_name in (run.metadata[tag].plugin_data.plugin_name, "")


def _is_shown(tag: str, metadata: Any) -> bool:
    """Tells whether a tag is one that a file has: TensorBoard makes tags of graphs and of traces."""
    return tag != _RUN_GRAPH and metadata.plugin_data.plugin_name != _RUN_METADATA


def _point(event: Any, plugin: str) -> Point:
    tensor = event.tensor_proto
    array = tensor_util.make_ndarray(tensor) if tensor.dtype else np.empty(0)
    if plugin in _SHAPED_ANEW and array.shape == (1,):
        array = array.reshape(())
    return Point(event.step, event.wall_time, array)


def _assert_same_points(step: Any, wall_time: Any, expected: list[Point]) -> None:
    assert step.tolist() == [point.step for point in expected]
    np.testing.assert_array_equal(wall_time, [point.wall_time for point in expected])


def _assert_same_content(content: Any, array: npt.NDArray[Any]) -> None:
    if isinstance(content, Histogram):
        np.testing.assert_array_equal(np.stack(content, axis=1).astype(np.float32), array.astype(np.float32))
    elif isinstance(content, Images):
        assert [str(content.width).encode(), str(content.height).encode(), *content.encoded] == array.tolist()
    elif isinstance(content, Audio):
        assert list(content.encoded) == array.tolist()
    elif array.dtype == object:
        assert [_encoded(text) for text in content.ravel()] == array.ravel().tolist()
        assert content.shape == array.shape
    else:
        np.testing.assert_array_equal(content, array)


def _encoded(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text
