"""Following one run: its event files in the order of their names, and the view that they give together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from trackml.events.kinds import SCALARS
from trackml.runs.blobs import BlobSeries, MetadataByTag
from trackml.runs.cache import ColumnCache
from trackml.runs.file_loader import FileLoader
from trackml.runs.history import FileHistory, known
from trackml.runs.merge import LazyMapping, Merged, Piece, Superseded, merge_files
from trackml.runs.view import RunView, Written
from trackml.storage.files import FileIdentity


class RunLoader:
    """One directory with event files. Files that vanish stay in the run, marked as deleted, while others are there."""

    def __init__(self, name: str, path: Path, cache: ColumnCache | None = None) -> None:
        self._name = name
        self._cache = cache
        self.path = path
        """The directory."""
        self._files: dict[str, FileLoader] = {}
        self._paths: tuple[Path, ...] = ()
        """The files by their numbers, which stay."""
        self._kinds: dict[str, str] = {}
        self._merged: dict[str, Merged] = {}
        self._view: RunView | None = None

    @property
    def is_unread(self) -> bool:
        """Whether a file has bytes that were not looked at."""
        return any(file.is_unread for file in self._files.values())

    @property
    def bytes_read(self) -> int:
        """Of the files that are there."""
        return sum(file.bytes_read for file in self._files.values())

    @property
    def bytes_total(self) -> int:
        """Of the files that are there."""
        return sum(file.size for file in self._files.values())

    def notice(self, files: Mapping[str, FileIdentity]) -> bool:
        """Takes in which event files the directory holds now; tells whether that is news."""
        if not files.keys() <= self._files.keys():
            for name in files.keys() - self._files.keys():
                self._files[name] = FileLoader(self.path / name, len(self._paths), self._cache)
                self._paths += (self.path / name,)
            self._files = dict(sorted(self._files.items()))
        news = [file for name, file in self._files.items() if file.notice(files.get(name))]
        if news:
            self._view = None
        return bool(news)

    def read(self, should_stop: Callable[[], bool]) -> None:
        """Reads what is unread until `should_stop`, but some records at least."""
        for file in self._files.values():
            if not file.is_unread:
                continue
            if file.read(self._kinds, should_stop):
                self._view = None
            for tag, kind in file.history.kinds.items():
                self._kinds.setdefault(tag, kind)
            if should_stop():
                return

    def histories(self) -> Iterator[FileHistory]:
        """Gives what the files have said, as it is held; whoever changes it calls `forget_view`."""
        for file in self._files.values():
            yield from file.histories

    def forget_view(self) -> None:
        """Has the next view made anew."""
        self._view = None

    def view(self) -> RunView:
        """Gives the run as it is now; the same object if nothing has changed."""
        if self._view is None:
            self._view = self._make_view()
        return self._view

    def _make_view(self) -> RunView:
        files = [file.history for file in self._files.values()]
        tags: dict[str, str] = {}
        metadata: dict[str, bytes] = {}
        for file in files:
            for tag, kind in file.kinds.items():
                tags.setdefault(tag, kind)
            for tag, serialized in file.metadata.items():
                metadata.setdefault(tag, serialized)
        self._merged = merge_files(files, tags, self._merged)
        scalars = {tag: merged for tag, merged in self._merged.items() if tags[tag] == SCALARS}
        blobs = {tag: merged for tag, merged in self._merged.items() if tags[tag] != SCALARS}
        paths = self._paths
        last_steps = [
            (file.last_wall_time, file.last_step) for file in files if None not in (file.last_wall_time, file.last_step)
        ]
        return RunView(
            name=self._name,
            path=self.path,
            scalars=LazyMapping(scalars, lambda tag, merged: merged.series),
            tags=dict(sorted(tags.items())),
            has_graph=any(file.has_graph for file in files),
            first_wall_time=min(known(file.first_wall_time for file in files), default=None),
            last_wall_time=max(known(file.last_wall_time for file in files), default=None),
            last_step=max(last_steps, default=(None, None))[1],
            superseded=Superseded(scalars, lambda tag, series: series),
            health=tuple(file.health() for file in self._files.values()),
            blobs=LazyMapping(blobs, lambda tag, merged: BlobSeries(tag, tags[tag], merged.series, paths)),
            metadata=MetadataByTag(metadata),
            graph_place=self._graph_place(files),
            superseded_blobs=Superseded(blobs, lambda tag, places: BlobSeries(tag, tags[tag], places, paths)),
            written=LazyMapping(
                self._merged, lambda tag, merged: tuple(_written(piece, paths) for piece in merged.pieces)
            ),
        )

    def _graph_place(self, files: Sequence[FileHistory]) -> tuple[Path, int] | None:
        graphs = [(file.number, file.graph) for file in files if file.graph is not None]
        own = [(number, graph) for number, graph in graphs if not graph.is_meta_graph]
        if not graphs:
            return None
        number, graph = (own or graphs)[-1]
        return self._paths[number], graph.offset


def _written(piece: Piece, paths: tuple[Path, ...]) -> Written:
    return Written(paths[piece.file], piece.points, piece.superseded())
