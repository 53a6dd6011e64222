"""What pandas frames are put together from. Nothing else imports pandas, and this does when a frame is asked for."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from trackml.runs.content_rows import FieldType
from trackml.runs.content_table import LostValues
from trackml.runs.points import Codes, Floats, PointColumns
from trackml.runs.wide import WideScalars

if TYPE_CHECKING:
    import pandas as pd

Form: TypeAlias = Literal["long", "wide"]
WallTime: TypeAlias = Literal["seconds", "datetime"]

_NANOSECONDS = 1_000_000_000
_LAST_SECOND = (2**63 - 1) // _NANOSECONDS
_NEVER = np.datetime64("NaT", "ns")


class FrameOptions(NamedTuple):
    """What the functions that give frames have in common."""

    form: Form
    wall_time: WallTime | None
    file_name: bool
    superseded: bool

    def check(self) -> None:
        """Makes sure that they are known.

        Raises:
          ValueError: If one is not.
        """
        check_option("form", self.form, "long", "wide")
        check_option("wall_time", self.wall_time, None, "seconds", "datetime")


def import_pandas(function: str, otherwise: str) -> Any:
    """Gives pandas.

    Args:
      function: Who asks, for the error.
      otherwise: What gives the same without pandas.

    Raises:
      ImportError: If it is not installed.
    """
    try:
        import pandas
    except ImportError:
        raise ImportError(
            f"trackml.runs.{function} gives pandas frames, which the extra 'pandas' brings (pip install "
            f"'trackml-tui[pandas]'); {otherwise} gives the same as numpy arrays."
        ) from None
    return pandas


def check_option(name: str, value: object, *allowed: object) -> None:
    """Makes sure that an option has one of some values.

    Raises:
      ValueError: If it has not.
    """
    if value not in allowed:
        listed = ", ".join(map(repr, allowed[:-1])) + f" or {allowed[-1]!r}"
        raise ValueError(f"{name} must be {listed}; got {value!r}.")


def categories(pandas: Any, codes: Codes, names: tuple[str, ...]) -> pd.Categorical:
    """Gives names by their numbers as a categorical column."""
    return pandas.Categorical.from_codes(codes, pandas.Index(names, dtype=object))


def times(pandas: Any, seconds: Floats, wall_time: WallTime) -> Any:
    """Gives wall times, shape `[n]`, as they are or as moments of UTC; those that pandas cannot hold are `NaT`."""
    return seconds if wall_time == "seconds" else pandas.DatetimeIndex(moments(seconds)).tz_localize("UTC")


def moments(seconds: Floats) -> npt.NDArray[np.datetime64]:
    """Gives seconds since the epoch, shape `[n]`, as moments of UTC in nanoseconds."""
    found = np.full(len(seconds), _NEVER)
    fits = np.abs(seconds) < _LAST_SECOND  # False for NaN
    whole = np.floor(seconds[fits])
    # Together they would have more digits than a float.
    fraction = np.rint((seconds[fits] - whole) * _NANOSECONDS)
    found[fits] = (whole.astype(np.int64) * _NANOSECONDS + fraction.astype(np.int64)).view("datetime64[ns]")
    return found


def point_frame_columns(pandas: Any, points: PointColumns, wall_time: WallTime) -> dict[str, Any]:
    """Gives the columns that say where and when a point was written."""
    return {
        "run": categories(pandas, points.run_codes, points.runs),
        "tag": categories(pandas, points.tag_codes, points.tags),
        "step": points.step,
        "wall_time": times(pandas, points.wall_time, wall_time),
    }


def fate_columns(pandas: Any, points: PointColumns | WideScalars, file_name: bool, superseded: bool) -> dict[str, Any]:
    """Gives the columns that are there on request; empty ones, too, if there is no point."""
    columns: dict[str, Any] = {}
    if file_name:
        codes = np.empty(0, np.int32) if points.file_codes is None else points.file_codes
        columns["file_name"] = categories(pandas, codes, points.files)
    if superseded:
        columns["superseded"] = np.empty(0, np.bool_) if points.superseded is None else points.superseded
    return columns


def typed_column(pandas: Any, cells: list[Any], type_: FieldType) -> Any:
    """Gives the cells of a column in the dtype of its type; arrays and bytes as objects."""
    if type_ == "int":
        return np.array(cells, np.int64)
    if type_ == "float":
        return np.array(cells, np.float64)
    if type_ == "name":
        names = {name: code for code, name in enumerate(sorted(set(cells)))}
        return categories(pandas, np.array([names[cell] for cell in cells], np.int32), tuple(names))
    # np.array would look into arrays of one shape.
    return pandas.Series(np.fromiter(cells, object, len(cells)), dtype=object)


def warn_of_lost(lost: LostValues) -> None:
    """Warns the caller of the caller of values that are not in the frame."""
    if lost.count:
        warnings.warn(str(lost), UserWarning, stacklevel=4)
