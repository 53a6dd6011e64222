"""The scalars of a log directory as one table: pandas frames, or numpy columns where pandas is missing."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from trackml.runs.selection import ChosenSeries, Logdir, Patterns, choose_scalars, snapshot_of
from trackml.runs.wide import Floats, Ints, WideScalars, widen

if TYPE_CHECKING:
    import pandas as pd

Form: TypeAlias = Literal["long", "wide"]
Codes: TypeAlias = "npt.NDArray[np.int32]"
Names: TypeAlias = "npt.NDArray[np.object_]"


@dataclasses.dataclass(frozen=True, eq=False)
class ScalarColumns:
    """Scalars with a row a point: run by run, tag by tag, and in each the points in the order of writing."""

    runs: tuple[str, ...]
    """The names that `run_codes` counts."""
    tags: tuple[str, ...]
    """The names that `tag_codes` counts."""
    run_codes: Codes
    """Which of `runs`, shape `[points]`."""
    tag_codes: Codes
    """Which of `tags`, shape `[points]`."""
    step: Ints
    """Global step, shape `[points]`."""
    wall_time: Floats
    """Seconds since the epoch, shape `[points]`."""
    value: Floats
    """The scalar, shape `[points]`."""

    def __len__(self) -> int:
        return len(self.step)

    @property
    def run(self) -> Names:
        """The name of the run of every point, shape `[points]`."""
        return _spelled(self.runs, self.run_codes)

    @property
    def tag(self) -> Names:
        """The tag of every point, shape `[points]`."""
        return _spelled(self.tags, self.tag_codes)


def scalars(logdir: Logdir, tags: Patterns = None, runs: Patterns = None, *, form: Form = "long") -> pd.DataFrame:
    """Gives the scalars of a log directory as a pandas frame, with all points.

    Args:
      logdir: The log directory; or the snapshot of a `RunStore`, which is not read again.
      tags: A name, a glob, `re:` and a regular expression, or several of them; None for all. A name comes before a
        glob, so that `loss[0]` finds the tag of that name.
      runs: Which runs, likewise.
      form: "long" has a row a point with the columns `run` and `tag` (categorical), `step`, `wall_time` (seconds since
        the epoch) and `value`, in the order of writing. "wide" has a row a step, indexed by `run` and `step`, and a
        column a tag, NaN where the tag has no point; a step that a tag has several points for has as many rows.

    Returns:
      The frame; without rows if nothing matches.

    Raises:
      FileNotFoundError: If there is no such directory.
      ImportError: If pandas is not installed.
      ValueError: If a plain name is not there, a regular expression is none, or `form` is unknown.
    """
    _check_form(form)
    try:
        import pandas as pd
    except ImportError:
        raise ImportError(
            "trackml.runs.scalars gives pandas frames, which the extra 'pandas' brings (pip install "
            "'trackml-tui[pandas]'); trackml.runs.scalar_columns gives the same as numpy arrays."
        ) from None
    chosen = choose_scalars(snapshot_of(logdir), tags, runs)
    if form == "wide":
        wide = widen(chosen)
        run = pd.Categorical.from_codes(wide.run_codes, pd.Index(wide.runs, dtype=object))
        index = pd.MultiIndex.from_arrays([run, wide.step], names=["run", "step"])
        columns = pd.Index(wide.values, name="tag", dtype=object)
        return pd.DataFrame(wide.values, index=index, columns=columns, dtype=float)
    table = columns_of(chosen)
    return pd.DataFrame(
        {
            "run": pd.Categorical.from_codes(table.run_codes, pd.Index(table.runs, dtype=object)),
            "tag": pd.Categorical.from_codes(table.tag_codes, pd.Index(table.tags, dtype=object)),
            "step": table.step,
            "wall_time": table.wall_time,
            "value": table.value,
        },
        copy=False,
    )


def scalar_columns(logdir: Logdir, tags: Patterns = None, runs: Patterns = None) -> ScalarColumns:
    """Gives the scalars of a log directory as numpy columns, with a row a point: `scalars` without pandas.

    Args:
      logdir: The log directory, or the snapshot of a `RunStore`.
      tags: Which tags, as in `scalars`.
      runs: Which runs, as in `scalars`.

    Raises:
      FileNotFoundError: If there is no such directory.
      ValueError: If a plain name is not there or a regular expression is none.
    """
    return columns_of(choose_scalars(snapshot_of(logdir), tags, runs))


def wide_scalar_columns(logdir: Logdir, tags: Patterns = None, runs: Patterns = None) -> WideScalars:
    """Gives the scalars of a log directory as numpy columns, with a row a step: the wide form without pandas.

    Args:
      logdir: The log directory, or the snapshot of a `RunStore`.
      tags: Which tags, as in `scalars`.
      runs: Which runs, as in `scalars`.

    Raises:
      FileNotFoundError: If there is no such directory.
      ValueError: If a plain name is not there or a regular expression is none.
    """
    return widen(choose_scalars(snapshot_of(logdir), tags, runs))


def columns_of(chosen: Sequence[ChosenSeries]) -> ScalarColumns:
    """Gives the points of several series below each other."""
    lengths = [len(one.series) for one in chosen]
    runs = {name: code for code, name in enumerate(dict.fromkeys(one.run for one in chosen))}
    tags = {name: code for code, name in enumerate(sorted({one.tag for one in chosen}))}
    return ScalarColumns(
        runs=tuple(runs),
        tags=tuple(tags),
        run_codes=np.repeat(np.array([runs[one.run] for one in chosen], np.int32), lengths),
        tag_codes=np.repeat(np.array([tags[one.tag] for one in chosen], np.int32), lengths),
        step=_joined([one.series.step for one in chosen], np.int64),
        wall_time=_joined([one.series.wall_time for one in chosen], np.float64),
        value=_joined([one.series.value for one in chosen], np.float64),
    )


def _joined(parts: list[npt.NDArray[Any]], dtype: type) -> npt.NDArray[Any]:
    return np.concatenate(parts) if parts else np.empty(0, dtype)


def _spelled(names: tuple[str, ...], codes: Codes) -> Names:
    # np.array(names) would make each name as wide as the longest.
    objects = np.empty(len(names), object)
    objects[:] = names
    return objects[codes]


def _check_form(form: str) -> None:
    if form not in ("long", "wide"):
        raise ValueError(f"form must be 'long' or 'wide'; got {form!r}.")
