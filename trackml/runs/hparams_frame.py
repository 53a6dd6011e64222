"""Hyperparameters of runs as a table: a row a hyperparameter, or a row a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from trackml.runs.hyperparameters import HParams
from trackml.runs.pandas_parts import Form, check_option, import_pandas
from trackml.runs.selection import Logdir, Patterns, choose_names, snapshot_of
from trackml.runs.view import Snapshot

if TYPE_CHECKING:
    import pandas as pd

SESSION_COLUMNS = ("group", "status", "started", "ended")


class RunHParams(NamedTuple):
    """The chosen hyperparameters of one run."""

    run: str
    names: list[str]
    hparams: HParams


def hparams(
    logdir: Logdir, names: Patterns = None, runs: Patterns = None, *, form: Form = "long", session: bool = False
) -> pd.DataFrame:
    """Gives the hyperparameters of runs as a pandas frame.

    Args:
      logdir: The log directory, as in `scalars`.
      names: Which hyperparameters: names, globs or regular expressions, as tags in `scalars`.
      runs: Which runs, as in `scalars`.
      form: "long" has a row a hyperparameter with the columns `run`, `name` and `value` (bool, float or str). "wide"
        has a row a run, its index, and a column a hyperparameter; it is float or bool if all runs have such values.
      session: Whether to tell of the runs too, in columns `group` (runs of one group repeat one trial), `status`
        ("UNKNOWN", "SUCCESS", "FAILURE" or "RUNNING"), `started` and `ended` (seconds since the epoch). In the wide
        form they come first, and their names begin with "session/".

    Returns:
      The frame. Runs without hyperparameters are not in it.

    Raises:
      FileNotFoundError: If there is no such directory.
      ImportError: If pandas is not installed.
      ValueError: If a plain name is not there, a regular expression is none, or an option is unknown.
    """
    check_option("form", form, "long", "wide")
    pandas = import_pandas("hparams", "RunView.hparams")
    chosen = choose_hparams(snapshot_of(logdir), names, runs)
    return _wide_frame(pandas, chosen, session) if form == "wide" else _long_frame(pandas, chosen, session)


def choose_hparams(snapshot: Snapshot, names: Patterns = None, runs: Patterns = None) -> list[RunHParams]:
    """Gives the hyperparameters whose name and run match, of the runs that declare any.

    Raises:
      ValueError: If a pattern is a plain name that nothing has, or no regular expression.
    """
    found = {run: snapshot[run].hparams for run in choose_names("run", snapshot, runs)}
    declared = {run: one for run, one in found.items() if one is not None}
    known = sorted({name for one in declared.values() for name in one.values})
    chosen = set(choose_names("hyperparameter", known, names))
    return [RunHParams(run, [name for name in one.values if name in chosen], one) for run, one in declared.items()]


def session_of(hparams: HParams) -> tuple[str, str, float | None, float | None]:
    """Gives what `SESSION_COLUMNS` name."""
    return hparams.group, hparams.status, hparams.started, hparams.ended


def _long_frame(pandas: Any, chosen: list[RunHParams], session: bool) -> pd.DataFrame:
    lengths = [len(one.names) for one in chosen]
    cells = [one.hparams.values[name] for one in chosen for name in one.names]
    run_codes = np.repeat(np.arange(len(chosen), dtype=np.int32), lengths)
    columns: dict[str, Any] = {
        "run": pandas.Categorical.from_codes(run_codes, pandas.Index([one.run for one in chosen], dtype=object)),
        "name": pandas.Categorical([name for one in chosen for name in one.names]),
        "value": pandas.Series(np.fromiter(cells, object, len(cells)), dtype=object),
    }
    if session:
        told = _session_columns(pandas, chosen)
        columns |= {name: column.iloc[run_codes].reset_index(drop=True) for name, column in told.items()}
    frame: pd.DataFrame = pandas.DataFrame(columns)
    return frame


def _wide_frame(pandas: Any, chosen: list[RunHParams], session: bool) -> pd.DataFrame:
    names = sorted({name for one in chosen for name in one.names})
    columns = {}
    if session:
        columns = {f"session/{name}": column for name, column in _session_columns(pandas, chosen).items()}
    columns |= {name: _column(pandas, [one.hparams.values.get(name) for one in chosen]) for name in names}
    index = pandas.Index([one.run for one in chosen], name="run", dtype=object)
    frame: pd.DataFrame = pandas.DataFrame(columns).set_index(index)
    return frame


def _session_columns(pandas: Any, chosen: list[RunHParams]) -> dict[str, Any]:
    rows = [session_of(one.hparams) for one in chosen]
    group, status, started, ended = zip(*rows) if rows else ((), (), (), ())
    return {
        "group": pandas.Series(group, dtype=object),
        "status": pandas.Series(status, dtype=object),
        "started": pandas.Series(started, dtype=np.float64),
        "ended": pandas.Series(ended, dtype=np.float64),
    }


def _column(pandas: Any, cells: list[bool | float | str | None]) -> Any:
    """Gives a column of one dtype if the cells allow it; None stands where a run has no such hyperparameter."""
    kinds = {type(cell) for cell in cells}
    dtype = np.bool_ if kinds == {bool} else np.float64 if kinds <= {float, type(None)} else object
    return pandas.Series(cells, dtype=dtype)
