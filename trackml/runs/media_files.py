"""Images and audio clips as files in a directory, and a table that says which is which.

The names of runs and tags come from files that anybody may have written. In names of files they keep letters, digits,
`.`, `_` and `-`, and never begin with a dot; two that would then be alike are numbered. The table has them as they are.
"""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from trackml.runs.content_rows import layout_of
from trackml.runs.export_tables import Column, Piece, Table, content_table
from trackml.runs.media_decoding import format_of_media
from trackml.runs.selection import ChosenSeries, SeriesKind

MEDIA_KINDS: tuple[SeriesKind, ...] = ("images", "audio")
FILES = "files"
"""The directory, beside the table, that holds one for each run, which holds one for each tag."""

_VALUES_AT_ONCE = 64
_LONGEST = 80


class _Names:
    """Gives names for files that are like what they stand for, and each to one thing alone."""

    def __init__(self) -> None:
        self._given: dict[str, str] = {}
        self._taken: set[str] = set()

    def __getitem__(self, name: str) -> str:
        if name not in self._given:
            self._given[name] = self._free(re.sub(r"[^A-Za-z0-9._-]", "_", name).lstrip(".")[:_LONGEST] or "_")
        return self._given[name]

    def _free(self, name: str) -> str:
        """Numbers a name that is taken; some file systems do not tell small letters from capitals."""
        candidate, number = name, 2
        while candidate.lower() in self._taken:
            candidate, number = f"{name}~{number}", number + 1
        self._taken.add(candidate.lower())
        return candidate


def media_table(
    chosen: Sequence[ChosenSeries],
    kind: SeriesKind,
    directory: Path,
    lost: Callable[[str], object],
    *,
    file_name: bool,
) -> Table:
    """Gives the table of images or audio clips; each is written to a file when its piece is taken.

    Args:
      chosen: What `choose` gave.
      kind: "images" or "audio".
      directory: Where the files go; the column `path` is relative to it.
      lost: Told of each value that is left out.
      file_name: Whether the event file of each value is told.
    """
    table = content_table(chosen, layout_of(kind), lost, file_name=file_name, at_once=_VALUES_AT_ONCE)
    at = [column.name for column in table.columns].index("encoded")
    columns = (*table.columns[:at], Column("path", "string"), *table.columns[at + 1 :])

    def pieces() -> Iterator[Piece]:
        namer = _Namer()
        for piece in table.pieces:
            cells = list(piece.cells)
            cells[at] = _write(directory, namer, _Keys(piece), cells[at])
            yield piece._replace(cells=cells)

    return Table(columns, pieces())


class _Keys:
    """Run, tag, step and number of each row of a piece."""

    def __init__(self, piece: Piece) -> None:
        runs, tags, step, _, index = piece.cells[:5]
        self._rows = zip(runs.codes.tolist(), tags.codes.tolist(), step.tolist(), index)
        self._runs, self._tags = runs.names, tags.names

    def __iter__(self) -> Iterator[tuple[str, str, int, int]]:
        return ((self._runs[run], self._tags[tag], step, index) for run, tag, step, index in self._rows)


class _Namer:
    """Gives each image or clip the name of its file."""

    def __init__(self) -> None:
        self._runs = _Names()
        self._tags: defaultdict[str, _Names] = defaultdict(_Names)
        self._times: Counter[tuple[str, str, int, int]] = Counter()

    def path(self, key: tuple[str, str, int, int], suffix: str) -> str:
        """Gives the path of a file; what a step has several of, and what was written again, is numbered."""
        run, tag, step, index = key
        self._times[key] += 1
        number = f"_{index}" if index else ""
        again = f"~{self._times[key]}" if self._times[key] > 1 else ""
        return "/".join([FILES, self._runs[run], self._tags[run][tag], f"{step}{number}{again}.{suffix}"])


def _write(directory: Path, namer: _Namer, keys: _Keys, encoded: list[Any]) -> list[str]:
    paths = []
    for key, content in zip(keys, encoded):
        path = namer.path(key, format_of_media(content) or "bin")
        target = directory / path
        os.makedirs(target.parent, exist_ok=True)
        target.write_bytes(content)
        paths.append(path)
    return paths
