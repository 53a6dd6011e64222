"""Floats as JSON can hold them: what it has no number for is a string, spelled as in TensorBoard's own JSON."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt


def json_number(number: float) -> float | str:
    """Gives a float as JSON can hold it.

    Example:
      >>> json_number(0.5), json_number(float("nan")), json_number(float("-inf"))
      (0.5, 'NaN', '-Infinity')
    """
    if math.isfinite(number):
        return number
    return "NaN" if number != number else "Infinity" if number > 0 else "-Infinity"


def json_floats(column: npt.NDArray[np.floating]) -> list[float | str]:
    """Gives floats, shape `[n]`, as JSON can hold them."""
    numbers: list[float | str] = column.tolist()
    for index in np.flatnonzero(~np.isfinite(column)).tolist():
        numbers[index] = json_number(column[index])
    return numbers
