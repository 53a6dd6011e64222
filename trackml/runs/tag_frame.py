"""Every tag of every run, whatever its kind, with a row a tag."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from trackml.runs.pandas_parts import import_pandas
from trackml.runs.selection import Logdir, Patterns, choose_names, snapshot_of
from trackml.runs.view import RunView

if TYPE_CHECKING:
    import pandas as pd


class TagFacts(NamedTuple):
    """What is known of a tag without reading its values."""

    points: int
    """How many count."""
    first_step: int | None
    last_step: int | None
    superseded: int
    """How many points restarts have replaced."""


def tags(logdir: Logdir, tags: Patterns = None, runs: Patterns = None) -> pd.DataFrame:
    """Gives the tags of log directories as a pandas frame, with a row a tag of a run.

    The columns are `run` and `tag`, `kind` ("scalars", "histograms", "images", "audio", "text" or "tensors"), `points`,
    `first_step` and `last_step` (missing if there are no points) and `superseded`, the points that restarts replaced.

    Args:
      logdir: The log directory, as in `scalars`.
      tags: Which tags, as in `scalars`.
      runs: Which runs, as in `scalars`.

    Raises:
      FileNotFoundError: If there is no such directory.
      ImportError: If pandas is not installed.
      ValueError: If a plain name is not there or a regular expression is none.
    """
    pandas = import_pandas("tags", "RunView.tags")
    snapshot = snapshot_of(logdir)
    views = [snapshot[name] for name in choose_names("run", snapshot, runs)]
    known = sorted({tag for view in views for tag in view.tags})
    chosen = set(choose_names("tag", known, tags))
    pairs = [(view, tag) for view in views for tag in view.tags if tag in chosen]
    facts = [facts_of(view, tag) for view, tag in pairs]
    frame: pd.DataFrame = pandas.DataFrame(
        {
            "run": pandas.Categorical([view.name for view, _ in pairs]),
            "tag": pandas.Categorical([tag for _, tag in pairs]),
            "kind": pandas.Categorical([view.tags[tag] for view, tag in pairs]),
            "points": np.array([one.points for one in facts], np.int64),
            "first_step": pandas.array([one.first_step for one in facts], dtype="Int64"),
            "last_step": pandas.array([one.last_step for one in facts], dtype="Int64"),
            "superseded": np.array([one.superseded for one in facts], np.int64),
        }
    )
    return frame


def facts_of(view: RunView, tag: str) -> TagFacts:
    """Gives what is known of a tag of a run."""
    series = view.scalars.get(tag) or view.blobs.get(tag)
    superseded = sum(int(np.count_nonzero(one.superseded)) for one in view.written.get(tag, ()))
    if not series:
        return TagFacts(0, None, None, superseded)
    return TagFacts(len(series), int(series.step[0]), int(series.step[-1]), superseded)
