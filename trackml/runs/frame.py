"""The scalars of log directories as one table: pandas frames, or numpy columns where pandas is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from trackml.runs.pandas_parts import (
    Form,
    FrameOptions,
    WallTime,
    categories,
    fate_columns,
    import_pandas,
    point_frame_columns,
    times,
)
from trackml.runs.points import ScalarColumns, scalars_of
from trackml.runs.selection import Logdir, Patterns, choose, snapshot_of
from trackml.runs.wide import WideScalars, widen

if TYPE_CHECKING:
    import pandas as pd


def scalars(
    logdir: Logdir,
    tags: Patterns = None,
    runs: Patterns = None,
    *,
    form: Form = "long",
    wall_time: WallTime | None = None,
    file_name: bool = False,
    superseded: bool = False,
) -> pd.DataFrame:
    """Gives the scalars of log directories as a pandas frame, with all points.

    Args:
      logdir: A log directory: a path, or `name:path`, or several of them in a list or as a mapping of names to paths;
        a `RunStore`, which is refreshed; or the snapshot of one, which is not read again.
      tags: A name, a glob, `re:` and a regular expression, or several of them; None for all. A name comes before a
        glob, so that `loss[0]` finds the tag of that name.
      runs: Which runs, likewise.
      form: "long" has a row a point with the columns `run` and `tag` (categorical), `step`, `wall_time` and `value`,
        in the order of writing. "wide" has a row a step, indexed by `run` and `step`, and a column a tag, NaN where
        the tag has no point; a step that a tag has several points for has as many rows.
      wall_time: "seconds" since the epoch, or "datetime" for moments of UTC. None is "seconds" in the long form; in the
        wide form, where it is a level of the index (the first point of the row counts), None leaves it out.
      file_name: Whether to tell the event file of each point, as a categorical column; in the wide form as a level of
        the index.
      superseded: Whether points that a restart has replaced are there too, told by a column of that name; in the wide
        form by a level of the index.

    Returns:
      The frame; without rows if nothing matches.

    Raises:
      FileNotFoundError: If there is no such directory.
      ImportError: If pandas is not installed.
      ValueError: If a plain name is not there, a regular expression is none, or an option is unknown.
    """
    FrameOptions(form, wall_time, file_name, superseded).check()
    pandas = import_pandas("scalars", "trackml.runs.scalar_columns")
    chosen = choose(snapshot_of(logdir), "scalars", tags, runs, superseded=superseded, by_file=file_name)
    if form == "wide":
        wide = widen(chosen)
        return _wide_frame(pandas, wide, wall_time, fate_columns(pandas, wide, file_name, superseded))
    points = scalars_of(chosen)
    columns = point_frame_columns(pandas, points, wall_time or "seconds")
    columns |= {"value": points.value, **fate_columns(pandas, points, file_name, superseded)}
    return pandas.DataFrame(columns, copy=False)


def scalar_columns(
    logdir: Logdir,
    tags: Patterns = None,
    runs: Patterns = None,
    *,
    file_name: bool = False,
    superseded: bool = False,
) -> ScalarColumns:
    """Gives the scalars of log directories as numpy columns, with a row a point: `scalars` without pandas.

    Args:
      logdir: The log directory, as in `scalars`.
      tags: Which tags, as in `scalars`.
      runs: Which runs, as in `scalars`.
      file_name: Whether to tell the event file of each point.
      superseded: Whether points that a restart has replaced are there too, marked.

    Raises:
      FileNotFoundError: If there is no such directory.
      ValueError: If a plain name is not there or a regular expression is none.
    """
    return scalars_of(choose(snapshot_of(logdir), "scalars", tags, runs, superseded=superseded, by_file=file_name))


def wide_scalar_columns(
    logdir: Logdir,
    tags: Patterns = None,
    runs: Patterns = None,
    *,
    file_name: bool = False,
    superseded: bool = False,
) -> WideScalars:
    """Gives the scalars of log directories as numpy columns, with a row a step: the wide form without pandas.

    Args:
      logdir: The log directory, as in `scalars`.
      tags: Which tags, as in `scalars`.
      runs: Which runs, as in `scalars`.
      file_name: Whether to tell the event file of each row.
      superseded: Whether points that a restart has replaced are there too, in rows of their own.

    Raises:
      FileNotFoundError: If there is no such directory.
      ValueError: If a plain name is not there or a regular expression is none.
    """
    return widen(choose(snapshot_of(logdir), "scalars", tags, runs, superseded=superseded, by_file=file_name))


def _wide_frame(pandas: Any, wide: WideScalars, wall_time: WallTime | None, fates: dict[str, Any]) -> pd.DataFrame:
    levels = {"run": categories(pandas, wide.run_codes, wide.runs), **fates, "step": wide.step}
    if wall_time is not None:
        levels["wall_time"] = times(pandas, wide.wall_time, wall_time)
    index = pandas.MultiIndex.from_arrays(list(levels.values()), names=list(levels))
    columns = pandas.Index(wide.values, name="tag", dtype=object)
    return pandas.DataFrame(wide.values, index=index, columns=columns, dtype=np.float64)
