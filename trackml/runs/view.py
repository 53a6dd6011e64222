"""What readers of runs get: immutable views that stay as they are while the store reads on."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from tensorboard.compat.proto import graph_pb2, meta_graph_pb2, summary_pb2

from trackml.events.contents import Audio, Content, Histogram, Images, read_event
from trackml.events.manifest import is_manifest
from trackml.runs.blobs import BlobSeries
from trackml.runs.hyperparameters import HParams, hparams_of
from trackml.runs.manifest import RunManifest, read_manifest
from trackml.runs.projector import Projector, read_projector
from trackml.runs.series import Series

if TYPE_CHECKING:
    from tensorboard.plugins.custom_scalar import layout_pb2

Array: TypeAlias = "npt.NDArray[Any]"
FileStatus: TypeAlias = Literal["ok", "truncated", "corrupt", "replaced", "deleted", "unreadable"]


_LAYOUT_TAG = "custom_scalars__config__"


@dataclasses.dataclass(frozen=True)
class FileHealth:
    """How far an event file was read, and what was wrong with it."""

    path: Path
    size: int
    """In bytes."""
    bytes_read: int
    """Up to where whole records were read."""
    status: FileStatus
    """"truncated": it ends inside a record, as a file that is being written may. "replaced": another file came in its
    place, or its bytes changed, and it was read again. "deleted": it is gone, what it said is kept."""
    events: int
    bytes_lost: int
    """Damaged bytes that were left out."""
    message: str
    """What happened, in words; empty if nothing did."""


class Written(NamedTuple):
    """What one file holds of a tag, in the order in which it was written."""

    file: Path
    points: Series
    """Scalars, or the places of what is no scalar."""
    superseded: npt.NDArray[np.bool_]
    """Which points a restart has replaced, shape `[points]`."""


@dataclasses.dataclass(frozen=True, eq=False)
class RunView:
    """One run, as it was when the snapshot was taken."""

    name: str
    """The path below the log directory, "." for the log directory itself."""
    path: Path
    scalars: Mapping[str, Series]
    """Points by tag, tags sorted. All points are here, in the order in which they were written."""
    tags: Mapping[str, str]
    """The kind of every tag, tags sorted: "scalars", "histograms", "images", "audio", "text" or "tensors"."""
    has_graph: bool
    first_wall_time: float | None
    """The earliest of any event, in seconds since the epoch."""
    last_wall_time: float | None
    """The latest of any event, in seconds since the epoch."""
    last_step: int | None
    """The step of the last summary or session log; of several files, that of the file written last."""
    superseded: Mapping[str, tuple[Series, ...]]
    """What restarts replaced, by tag: a series for each session that lost points, oldest first."""
    health: tuple[FileHealth, ...]
    """One entry a file, in the order of their names."""
    blobs: Mapping[str, BlobSeries[Content]]
    """All values that are no scalars, by tag, tags sorted. Restarts supersede them as they do scalars."""
    metadata: Mapping[str, summary_pb2.SummaryMetadata]
    """What the first value of a tag said about it: plugin, its data, display name and description. Not every tag has
    some."""
    graph_place: tuple[Path, int] | None
    """The file and the byte at which the event with the graph begins."""
    superseded_blobs: Mapping[str, tuple[BlobSeries[Content], ...]]
    """What restarts replaced of what is no scalar, in the shape of `superseded`."""
    written: Mapping[str, tuple[Written, ...]]
    """All that was written by tag, tags sorted: file by file, what restarts superseded among the rest."""

    @property
    def histograms(self) -> Mapping[str, BlobSeries[Histogram]]:
        """Distributions by tag."""
        return self._of_kind("histograms")

    @property
    def images(self) -> Mapping[str, BlobSeries[Images]]:
        """Images by tag, encoded as they were written."""
        return self._of_kind("images")

    @property
    def audio(self) -> Mapping[str, BlobSeries[Audio]]:
        """Audio clips by tag, encoded as they were written."""
        return self._of_kind("audio")

    @property
    def texts(self) -> Mapping[str, BlobSeries[Array]]:
        """Texts by tag: arrays of `str`."""
        return self._of_kind("text")

    @property
    def tensors(self) -> Mapping[str, BlobSeries[Array]]:
        """Arrays of any other plugin, or of none, by tag."""
        return self._of_kind("tensors")

    @property
    def pr_curves(self) -> Mapping[str, BlobSeries[Array]]:
        """Precision-recall curves by tag, shape `[6, thresholds]`.

        The rows are true positives, false positives, true negatives, false negatives, precision and recall.
        """
        plugins = {tag: self.metadata[tag].plugin_data.plugin_name for tag in self.tensors if tag in self.metadata}
        return {tag: series for tag, series in self.tensors.items() if plugins.get(tag) == "pr_curves"}

    @property
    def hparams(self) -> HParams | None:
        """The hyperparameters; None if the run declares none."""
        return hparams_of(self.metadata)

    def read_graph(self) -> graph_pb2.GraphDef | None:
        """Reads the graph that was written last; None if there is none. That of a meta graph serves if no other does.

        Raises:
          NotFoundError: If the file is gone.
          DataLossError: If the file holds something else there now.
        """
        if self.graph_place is None:
            return None
        event = read_event(*self.graph_place)
        if event.WhichOneof("what") == "graph_def":
            return graph_pb2.GraphDef.FromString(event.graph_def)
        return meta_graph_pb2.MetaGraphDef.FromString(event.meta_graph_def).graph_def

    @property
    def manifest_files(self) -> tuple[FileHealth, ...]:
        """The files in which the run says something of itself, for `ManifestReader`; none if it keeps no manifest."""
        return tuple(file for file in self.health if is_manifest(file.path.name))

    def read_manifest(self) -> RunManifest | None:
        """Reads what the run says of itself: status, checkpoints, evaluations; None if it keeps no manifest."""
        return read_manifest(health.path for health in self.health)

    def read_projector(self) -> Projector | None:
        """Reads which embeddings the run has; None if it declares none. They are in files beside the event files.

        Raises:
          DataLossError: If the list of them cannot be understood.
        """
        return read_projector(self.path)

    def read_custom_scalars(self) -> layout_pb2.Layout | None:
        """Reads the layout of charts that was written last; None if there is none. Raises what `read_graph` does."""
        series = self.tensors.get(_LAYOUT_TAG)
        if series is None or not len(series):
            return None
        from tensorboard.plugins.custom_scalar import layout_pb2

        return layout_pb2.Layout.FromString(series[-1].item())

    def _of_kind(self, kind: str) -> Mapping[str, BlobSeries[Any]]:
        return {tag: self.blobs[tag] for tag in self.blobs if self.tags[tag] == kind}


class Snapshot(Mapping[str, RunView]):
    """The runs by name, sorted, as a store knew them at one moment."""

    def __init__(
        self,
        runs: Mapping[str, RunView],
        version: int,
        *,
        loading: bool,
        bytes_read: int,
        bytes_total: int,
        unreadable: Mapping[Path, str] = MappingProxyType({}),
    ) -> None:
        self._runs = dict(sorted(runs.items()))
        self.version = version
        """The store's version."""
        self.loading = loading
        """Whether bytes are unread because the time of the last refresh was up."""
        self.bytes_read = bytes_read
        """Of the files that are there."""
        self.bytes_total = bytes_total
        """Of the files that are there."""
        self.unreadable = MappingProxyType(dict(sorted(unreadable.items())))
        """Directories that could not be listed, and why. Runs below that were known before are still here."""

    def __getitem__(self, name: str) -> RunView:
        return self._runs[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._runs)

    def __len__(self) -> int:
        return len(self._runs)
