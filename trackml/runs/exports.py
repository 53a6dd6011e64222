"""What log directories hold as files for other programs: CSV, JSON and Parquet, everything at full resolution.

Scalars are a row a point, or in the wide form a row a step. What is no scalar is a row an item. Images and audio clips
are files in a directory, beside a table that says which is which.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Literal, NamedTuple, TypeAlias, cast, get_args

from trackml.runs.content_rows import layout_of
from trackml.runs.content_table import LostValues
from trackml.runs.encoders import Spell, Told, import_pyarrow, write_csv, write_json, write_parquet
from trackml.runs.export_tables import (
    Table,
    content_table,
    count_points,
    hparams_table,
    scalar_table,
    wide_hparams_table,
    wide_scalar_table,
)
from trackml.runs.hparams_frame import RunHParams, choose_hparams
from trackml.runs.json_numbers import json_floats
from trackml.runs.media_files import MEDIA_KINDS, media_table
from trackml.runs.pandas_parts import Form, check_option
from trackml.runs.selection import SERIES_KINDS, ChosenSeries, Logdir, Patterns, SeriesKind, choose, snapshot_of
from trackml.runs.view import Snapshot
from trackml.storage.files import replacing

Format: TypeAlias = Literal["csv", "json", "parquet"]
FORMATS: tuple[Format, ...] = get_args(Format)
Kind: TypeAlias = "SeriesKind | Literal['hparams']"
KINDS: tuple[Kind, ...] = (*SERIES_KINDS, "hparams")
WIDE_KINDS: tuple[Kind, ...] = ("scalars", "hparams")

SCALARS_SCHEMA = "trackml.scalars/1"
"""What the JSON of scalars says it is; the number grows when a reader would have to change."""

_POINTS_AT_ONCE = 1 << 16
_POINTS_IN_A_ROW_GROUP = 1 << 20


class Selection(NamedTuple):
    """What is written: series, or hyperparameters."""

    kind: Kind
    form: Form
    file_name: bool
    chosen: Sequence[ChosenSeries | RunHParams]

    @property
    def points(self) -> int:
        """How many points, values or hyperparameters there are."""
        if self.kind == "hparams":
            return sum(len(one.names) for one in self.hparams)
        return count_points(self.series)

    @property
    def series(self) -> list[ChosenSeries]:
        """What is chosen, of all kinds but hyperparameters."""
        return cast("list[ChosenSeries]", list(self.chosen))

    @property
    def hparams(self) -> list[RunHParams]:
        """The chosen hyperparameters."""
        return cast("list[RunHParams]", list(self.chosen))


def export(
    logdir: Logdir,
    path: str | os.PathLike[str],
    kind: Kind = "scalars",
    tags: Patterns = None,
    runs: Patterns = None,
    *,
    to: Format | None = None,
    form: Form = "long",
    file_name: bool = False,
    superseded: bool = False,
) -> int:
    """Writes what is in log directories to a file, which is replaced in one step; gives how many points it has.

    Args:
      logdir: The log directory, as in `scalars`.
      path: The file. An existing one is replaced when all is written. For images and audio a directory, new or empty,
        which appears when all is written: it holds `index.csv`, `index.json` or `index.parquet`, and the files.
      kind: "scalars", "histograms", "images", "audio", "text", "tensors", "pr_curves" or "hparams".
      tags: Which tags, as in `scalars`; of "hparams" which hyperparameters.
      runs: Which runs, as in `scalars`.
      to: The format, "csv", "json" or "parquet"; None for that which the name of the file ends in, for a directory CSV.
      form: "long"; of scalars and hyperparameters also "wide", with a row a step or a run.
      file_name: Whether to tell the event file of each point.
      superseded: Whether points that restarts have replaced are there too, told by a column.

    Raises:
      FileExistsError: If images or audio would go into a directory that is not empty.
      FileNotFoundError: If there is no such log directory.
      ImportError: If pyarrow is not installed and the format is Parquet.
      ValueError: If a plain name is not there, or an option is unknown.
    """
    check_option("kind", kind, *KINDS)
    to = format_of(path, to, "csv" if kind in MEDIA_KINDS else None)
    check_format(to)
    selection = select(snapshot_of(logdir), kind, tags, runs, form=form, file_name=file_name, superseded=superseded)
    lost = LostValues()
    if kind in MEDIA_KINDS:
        write_directory(selection, path, to, lost)
    else:
        with open_output(path) as stream:
            write(selection, stream, to, lost)
    if lost.count:
        warnings.warn(str(lost), UserWarning, stacklevel=2)
    return selection.points - lost.count


def export_scalars(
    logdir: Logdir,
    path: str | os.PathLike[str],
    tags: Patterns = None,
    runs: Patterns = None,
    *,
    to: Format | None = None,
) -> int:
    """Writes scalars in the long form, as `export` does."""
    return export(logdir, path, "scalars", tags, runs, to=to)


def select(
    snapshot: Snapshot,
    kind: Kind,
    tags: Patterns = None,
    runs: Patterns = None,
    *,
    form: Form = "long",
    file_name: bool = False,
    superseded: bool = False,
) -> Selection:
    """Chooses what is to be written.

    Raises:
      ValueError: If a plain name is not there, an option is unknown, or the kind has no wide form.
    """
    check_option("form", form, "long", "wide")
    if form == "wide" and kind not in WIDE_KINDS:
        raise ValueError(f"the wide form is for {' and '.join(WIDE_KINDS)}; got {kind}.")
    if kind == "hparams":
        return Selection(kind, form, file_name, [one for one in choose_hparams(snapshot, tags, runs) if one.names])
    chosen = choose(snapshot, kind, tags, runs, superseded=superseded, by_file=file_name)
    return Selection(kind, form, file_name, chosen)


def format_of(path: str | os.PathLike[str], to: Format | None = None, otherwise: Format | None = None) -> Format:
    """Gives the format to write to `path`: `to`, or `otherwise`, or that of the ending if both are None.

    Raises:
      ValueError: If there is no such format.
    """
    name = to or otherwise or Path(path).suffix.removeprefix(".").lower()
    for known in FORMATS:
        if name == known:
            return known
    raise ValueError(f"expected the format {', '.join(map(repr, FORMATS))}; got {name!r} for {os.fspath(path)!r}.")


def check_format(to: Format) -> None:
    """Makes sure that `to` can be written.

    Raises:
      ImportError: If it needs a package that is not installed.
    """
    if to == "parquet":
        import_pyarrow()


@contextlib.contextmanager
def open_output(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Gives a stream whose bytes become the content of `path` in one step, or go into it if it is a pipe or a device.

    Raises:
      OSError: If `path` cannot be written.
    """
    target = Path(os.path.realpath(path))
    is_special = target.exists() and not target.is_file()
    with open(target, "wb") if is_special else replacing(target) as stream:
        yield stream


def write(
    selection: Selection,
    stream: BinaryIO,
    to: Format,
    lost: LostValues,
    told: Told = lambda points: None,
    spell: Spell | None = None,
) -> None:
    """Writes what is chosen, which is neither images nor audio, in the format `to`.

    Args:
      selection: What `select` gave.
      stream: Where to.
      to: The format.
      lost: Told of values that are left out.
      told: Told of the points that are written.
      spell: Of CSV: gives names and texts as they are to be shown; None for as they are.
    """
    if to == "csv" and spell is not None:
        write_csv(_table(selection, to, lost), stream, told, spell)
    elif to == "json" and selection.kind == "scalars" and selection.form == "long":
        write_series_json(selection.series, stream, told)
    else:
        _write_table(_table(selection, to, lost), selection, stream, to, told)


def write_directory(
    selection: Selection,
    path: str | os.PathLike[str],
    to: Format,
    lost: LostValues,
    told: Told = lambda points: None,
) -> None:
    """Writes images or audio as files with an index; the directory appears when all is written.

    Raises:
      FileExistsError: If there is a directory that is not empty, or a file.
      OSError: If it cannot be written.
    """
    target = Path(os.path.abspath(path))
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise FileExistsError(f"expected a new or an empty directory; {os.fspath(path)!r} holds something.")
    made = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        table = media_table(
            selection.series, cast(SeriesKind, selection.kind), made, lost, file_name=selection.file_name
        )
        with open(made / f"index.{to}", "wb") as stream:
            _write_table(table, selection, stream, to, told)
        os.chmod(made, 0o777 & ~_umask())
        os.replace(made, target)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


def write_series_json(chosen: Sequence[ChosenSeries], stream: BinaryIO, told: Told = lambda points: None) -> None:
    """Writes scalars as JSON with a series a line, which holds its columns."""
    stream.write(f'{{"schema": {json.dumps(SCALARS_SCHEMA)}, "series": ['.encode())
    written = 0
    for index, one in enumerate(chosen):
        document: dict[str, Any] = {"run": one.run, "tag": one.tag}
        if one.file is not None:
            document["file_name"] = one.file.name
        document["step"] = one.series.step.tolist()
        document["wall_time"] = json_floats(one.series.wall_time)
        document["value"] = json_floats(one.series.value)
        if one.superseded is not None:
            document["superseded"] = one.superseded.tolist()
        stream.write(b",\n" if index else b"\n")
        stream.write(json.dumps(document, allow_nan=False).encode())
        written += len(one.series)
        told(written)
    stream.write(b"\n]}\n")


def _table(selection: Selection, to: Format, lost: LostValues) -> Table:
    at_once = _POINTS_IN_A_ROW_GROUP if to == "parquet" else _POINTS_AT_ONCE
    is_wide = selection.form == "wide"
    if selection.kind == "hparams":
        return (wide_hparams_table if is_wide else hparams_table)(selection.hparams)
    if selection.kind == "scalars":
        return (wide_scalar_table if is_wide else scalar_table)(selection.series, at_once)
    layout = layout_of(selection.kind)
    return content_table(selection.series, layout, lost, file_name=selection.file_name)


def _write_table(table: Table, selection: Selection, stream: BinaryIO, to: Format, told: Told) -> None:
    if to == "json":
        write_json(table, stream, told, kind=selection.kind, form=selection.form)
    else:
        {"csv": write_csv, "parquet": write_parquet}[to](table, stream, told)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
