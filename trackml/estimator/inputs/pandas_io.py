"""An input function of a pandas data frame."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from trackml.estimator.inputs.feeding import batches, check_shuffle


def pandas_input_fn(
    x: Any,
    y: Any = None,
    batch_size: int = 128,
    num_epochs: int | None = 1,
    shuffle: bool | None = None,
    queue_capacity: int | None = 1000,
    num_threads: int = 1,
    target_column: str = "target",
) -> Callable[[], Any]:
    """An input function that gives rows of a data frame, a batch at a time.

    Args:
        x: The data frame: each column is a feature.
        y: The labels: a series, or a data frame of several; None for none. Its index must be that of `x`.
        batch_size: Rows of a batch; the last one of all may have fewer.
        num_epochs: How many times each row comes; None for no end.
        shuffle: Whether the rows come in random order; it must be said. Use False for prediction.
        queue_capacity: Accepted for TensorFlow's sake.
        num_threads: Accepted for TensorFlow's sake.
        target_column: A name that no column of `x` may have when there are labels.

    Returns:
        A function that gives a dict of features, or the pair of it and labels: a tensor, or a dict if `y` is a frame.

    Raises:
        ValueError: `shuffle` is neither True nor False, `x` has a column named `target_column`, or the index of `y`
            is not that of `x`.
        TypeError: `x` is no data frame, pandas is not installed, or `target_column` is no string.
    """
    frames = _frame_type()
    check_shuffle(shuffle)
    if not isinstance(target_column, str):
        raise TypeError("target_column must be a string type")
    if not isinstance(x, frames):
        raise TypeError(
            f"x must be a pandas DataFrame; got {type(x).__name__}. Use numpy_input_fn for arrays and dicts of them."
        )
    element: Any = _columns(x)
    if y is not None:
        _check_labels(x, y, target_column)
        element = (element, _columns(y) if isinstance(y, frames) else np.array(y))
    length = len(x)
    return lambda: batches(element, length, batch_size, num_epochs, bool(shuffle))


def _frame_type() -> Any:
    try:
        import pandas
    except ImportError as error:
        raise TypeError(
            "pandas_input_fn should not be called without pandas installed: pip install 'trackml-tui[pandas]'."
        ) from error
    return pandas.DataFrame


def _columns(frame: Any) -> dict[Any, np.ndarray[Any, Any]]:
    """Copies, so that later changes of the frame do not matter."""
    return {column: np.array(frame[column]) for column in frame.columns}


def _check_labels(x: Any, y: Any, target_column: str) -> None:
    if target_column in x:
        raise ValueError(
            f"Cannot use name {target_column} for target column: DataFrame already has a column with that name: "
            f"{x.columns}"
        )
    if not np.array_equal(x.index, y.index):
        raise ValueError(f"Index for x and y are mismatched.\nIndex for x: {x.index}\nIndex for y: {y.index}\n")
