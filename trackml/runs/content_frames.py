"""What is no scalar as pandas frames: histograms, images, audio, texts, tensors and precision-recall curves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackml.runs.content_rows import Layout, MediaValues, layout_of
from trackml.runs.content_table import LostValues, read_table
from trackml.runs.pandas_parts import (
    Form,
    FrameOptions,
    WallTime,
    check_option,
    fate_columns,
    import_pandas,
    point_frame_columns,
    typed_column,
    warn_of_lost,
)
from trackml.runs.selection import Logdir, Patterns, SeriesKind, choose, snapshot_of

if TYPE_CHECKING:
    import pandas as pd


def histograms(
    logdir: Logdir,
    tags: Patterns = None,
    runs: Patterns = None,
    *,
    form: Form = "long",
    wall_time: WallTime | None = None,
    file_name: bool = False,
    superseded: bool = False,
) -> pd.DataFrame:
    """Gives the histograms of log directories as a pandas frame, with a row a histogram.

    Beside `run`, `tag`, `step` and `wall_time` the columns are:

    - `limits`: the edges of the buckets, an array of shape `[buckets + 1]`, and `counts`, of shape `[buckets]`, as
      `numpy.histogram` gives them and `matplotlib.pyplot.stairs(counts, limits)` draws them. `histogram_bins`,
      `histogram_cdf` and `histogram_pdf` take them.
    - `count`, `min`, `max`, `mean` and `std` of the numbers that were counted. TensorFlow 2's format says neither mean
      nor standard deviation; both are then estimated, as if what is in a bucket were spread evenly over it.
    - `sum` and `sum_squares`, NaN in TensorFlow 2's format.

    Args:
      logdir: The log directory, as in `scalars`.
      tags: Which tags, as in `scalars`.
      runs: Which runs, as in `scalars`.
      form: "long", or "wide" for a row a step, indexed by `run` and `step`, with columns indexed by tag and name.
      wall_time: "seconds" since the epoch or "datetime" for moments of UTC; None is "seconds" in the long form and
        leaves it out in the wide form.
      file_name: Whether to tell the event file of each value; in the wide form as a level of the index.
      superseded: Whether values that a restart has replaced are there too, told by a column; in the wide form by a
        level of the index.

    Returns:
      The frame; without rows if nothing matches. Values that cannot be read are left out, with a warning.

    Raises:
      FileNotFoundError: If there is no such directory.
      ImportError: If pandas is not installed.
      ValueError: If a plain name is not there, a regular expression is none, or an option is unknown.
    """
    options = FrameOptions(form, wall_time, file_name, superseded)
    return _frame("histograms", logdir, tags, runs, layout_of("histograms"), options)


def images(
    logdir: Logdir,
    tags: Patterns = None,
    runs: Patterns = None,
    *,
    values: MediaValues | None = "encoded",
    form: Form = "long",
    wall_time: WallTime | None = None,
    file_name: bool = False,
    superseded: bool = False,
) -> pd.DataFrame:
    """Gives the images of log directories as a pandas frame, with a row an image.

    Beside `run`, `tag`, `step` and `wall_time` the columns are `index` (a value may hold several images), `height`,
    `width`, `format` ("png", "gif" ... by the first bytes) and what `values` says.

    Args:
      logdir: The log directory, as in `scalars`.
      tags: Which tags, as in `scalars`.
      runs: Which runs, as in `scalars`.
      values: "encoded" for a column of that name with the bytes of the files; "decoded" for a column `image` with
        arrays of `uint8`, shape `[height, width, channels]`, for videos `[frames, height, width, channels]`; None for
        neither.
      form: "long", or "wide" for a row a step, indexed by `run`, `step` and `index`, with a column of images a tag.
      wall_time: As in `histograms`.
      file_name: As in `histograms`.
      superseded: As in `histograms`.

    Returns:
      The frame; without rows if nothing matches. Values that cannot be read or decoded are left out, with a warning.

    Raises:
      FileNotFoundError: If there is no such directory.
      ImportError: If pandas is not installed.
      ValueError: If a plain name is not there, a regular expression is none, or an option is unknown.
    """
    check_option("values", values, None, "encoded", "decoded")
    options = FrameOptions(form, wall_time, file_name, superseded)
    return _frame("images", logdir, tags, runs, layout_of("images", values), options)


def audio(
    logdir: Logdir,
    tags: Patterns = None,
    runs: Patterns = None,
    *,
    values: MediaValues | None = "encoded",
    form: Form = "long",
    wall_time: WallTime | None = None,
    file_name: bool = False,
    superseded: bool = False,
) -> pd.DataFrame:
    """Gives the audio clips of log directories as a pandas frame, with a row a clip.

    Beside `run`, `tag`, `step` and `wall_time` the columns are `index` (a value may hold several clips),
    `content_type`, `sample_rate`, `channels`, `length_frames` and what `values` says. What a file does not say is
    empty, NaN or 0.

    Args:
      logdir: The log directory, as in `scalars`.
      tags: Which tags, as in `scalars`.
      runs: Which runs, as in `scalars`.
      values: "encoded" for a column of that name with the bytes of the files; "decoded" for a column `audio` with
        arrays of `float32` from -1 to 1, shape `[frames, channels]`; None for neither.
      form: "long", or "wide" for a row a step, indexed by `run`, `step` and `index`, with a column of clips a tag.
      wall_time: As in `histograms`.
      file_name: As in `histograms`.
      superseded: As in `histograms`.

    Returns:
      The frame; without rows if nothing matches. Values that cannot be read or decoded are left out, with a warning.

    Raises:
      FileNotFoundError: If there is no such directory.
      ImportError: If pandas is not installed.
      ValueError: If a plain name is not there, a regular expression is none, or an option is unknown.
    """
    check_option("values", values, None, "encoded", "decoded")
    options = FrameOptions(form, wall_time, file_name, superseded)
    return _frame("audio", logdir, tags, runs, layout_of("audio", values), options)


def texts(
    logdir: Logdir,
    tags: Patterns = None,
    runs: Patterns = None,
    *,
    form: Form = "long",
    wall_time: WallTime | None = None,
    file_name: bool = False,
    superseded: bool = False,
) -> pd.DataFrame:
    """Gives the texts of log directories as a pandas frame, with a row a text.

    Beside `run`, `tag`, `step` and `wall_time` the columns are `value`, `shape` (an array: what was written may be a
    vector or a matrix of texts) and `index`, which counts the texts of one value row by row.

    Args:
      logdir: The log directory, as in `scalars`.
      tags: Which tags, as in `scalars`. PyTorch and tensorboardX write `note` as `note/text_summary`.
      runs: Which runs, as in `scalars`.
      form: "long", or "wide" for a row a step, indexed by `run`, `step` and `index`, with a column of texts a tag.
      wall_time: As in `histograms`.
      file_name: As in `histograms`.
      superseded: As in `histograms`.

    Returns:
      The frame; without rows if nothing matches. Values that cannot be read are left out, with a warning.

    Raises:
      FileNotFoundError: If there is no such directory.
      ImportError: If pandas is not installed.
      ValueError: If a plain name is not there, a regular expression is none, or an option is unknown.
    """
    options = FrameOptions(form, wall_time, file_name, superseded)
    return _frame("text", logdir, tags, runs, layout_of("text"), options)


def tensors(
    logdir: Logdir,
    tags: Patterns = None,
    runs: Patterns = None,
    *,
    form: Form = "long",
    wall_time: WallTime | None = None,
    file_name: bool = False,
    superseded: bool = False,
) -> pd.DataFrame:
    """Gives what is of no other kind as a pandas frame, with a row a tensor: that of any plugin, or of none.

    Beside `run`, `tag`, `step` and `wall_time` the columns are `plugin` (as "pr_curves" or "mesh"; empty if the tag
    names none), `dtype`, `shape` (an array) and `value`, an array of that dtype and shape. Strings are objects of
    `bytes`; their dtype is "string" if all are UTF-8, and else "bytes".

    Args:
      logdir: The log directory, as in `scalars`.
      tags: Which tags, as in `scalars`.
      runs: Which runs, as in `scalars`.
      form: "long", or "wide" for a row a step, indexed by `run` and `step`, with a column of arrays a tag.
      wall_time: As in `histograms`.
      file_name: As in `histograms`.
      superseded: As in `histograms`.

    Returns:
      The frame; without rows if nothing matches. Values that cannot be read are left out, with a warning.

    Raises:
      FileNotFoundError: If there is no such directory.
      ImportError: If pandas is not installed.
      ValueError: If a plain name is not there, a regular expression is none, or an option is unknown.
    """
    options = FrameOptions(form, wall_time, file_name, superseded)
    return _frame("tensors", logdir, tags, runs, layout_of("tensors"), options)


def pr_curves(
    logdir: Logdir,
    tags: Patterns = None,
    runs: Patterns = None,
    *,
    form: Form = "long",
    wall_time: WallTime | None = None,
    file_name: bool = False,
    superseded: bool = False,
) -> pd.DataFrame:
    """Gives the precision-recall curves of log directories as a pandas frame, with a row a curve.

    Beside `run`, `tag`, `step` and `wall_time` the columns are arrays of shape `[thresholds]`: `thresholds`,
    `true_positives`, `false_positives`, `true_negatives`, `false_negatives`, `precision` and `recall`.
    `frame.explode([...])` on them gives a row a threshold.

    Args:
      logdir: The log directory, as in `scalars`.
      tags: Which tags, as in `scalars`.
      runs: Which runs, as in `scalars`.
      form: "long", or "wide" for a row a step, indexed by `run` and `step`, with columns indexed by tag and name.
      wall_time: As in `histograms`.
      file_name: As in `histograms`.
      superseded: As in `histograms`.

    Returns:
      The frame; without rows if nothing matches. Values that cannot be read are left out, with a warning.

    Raises:
      FileNotFoundError: If there is no such directory.
      ImportError: If pandas is not installed.
      ValueError: If a plain name is not there, a regular expression is none, or an option is unknown.
    """
    options = FrameOptions(form, wall_time, file_name, superseded)
    return _frame("pr_curves", logdir, tags, runs, layout_of("pr_curves"), options)


def _frame(
    kind: SeriesKind, logdir: Logdir, tags: Patterns, runs: Patterns, layout: Layout, options: FrameOptions
) -> pd.DataFrame:
    options.check()
    if options.form == "wide" and not any(field.is_wide for field in layout.fields):
        raise ValueError("the wide form holds values alone; got values=None. Take 'encoded' or 'decoded'.")
    pandas = import_pandas("texts" if kind == "text" else kind, "a run of a RunStore")
    lost = LostValues()
    table = read_table(choose(snapshot_of(logdir), kind, tags, runs, superseded=options.superseded), layout, lost)
    warn_of_lost(lost)
    columns = point_frame_columns(pandas, table, options.wall_time or "seconds")
    columns |= {field.name: typed_column(pandas, table.fields[field.name], field.type) for field in layout.fields}
    fates = fate_columns(pandas, table, options.file_name, options.superseded)
    frame: pd.DataFrame = pandas.DataFrame({**columns, **fates}, copy=False)
    return frame if options.form == "long" else _widened(frame, layout, [*fates], options.wall_time is not None)


def _widened(frame: pd.DataFrame, layout: Layout, fates: list[str], has_time: bool) -> pd.DataFrame:
    """Gives a row a step and a column a tag; points of one tag that share a step have a row each."""
    rows = ["run", *fates, "step", *(["index"] if layout.counts_items else [])]
    shown = [field.name for field in layout.fields if field.is_wide]
    if frame.empty:
        return frame.set_index([*rows, *(["wall_time"] if has_time else [])])[[]].rename_axis(columns="tag")
    # Categories would give a row for each combination, whether it is there or not.
    plain = frame.astype({name: object for name in frame if name in ("run", "tag", "file_name")})
    plain["repeat"] = plain.groupby([*rows, "tag"], sort=False).cumcount()
    wide = plain.set_index([*rows, "repeat", "tag"])[shown].unstack("tag")
    if has_time:
        first = plain.groupby([*rows, "repeat"])["wall_time"].min()
        wide = wide.set_index(first.reindex(wide.index), append=True)
    wide = wide.droplevel("repeat")
    if len(shown) == 1:
        return wide[shown[0]]
    order = [(tag, name) for tag in wide.columns.unique("tag") for name in shown]
    return wide.swaplevel(axis=1)[order]
