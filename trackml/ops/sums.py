"""Sums of the rows and columns of matrices, as products with a vector of ones.

For the narrow matrices of a classifier a product takes a fifth of the time of `np.add.reduce`, whose inner loop is
as short as a row. Measured on `[128, 10]` of float32: rows 1.1 against 7.4 microseconds, columns 0.6 against 3.0.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
"""An array of any shape and type."""

_LONGEST = 4096
"""A product adds one after the other; longer sums are left to numpy, which loses fewer digits."""


def row_sums(x: Array) -> Array:
    """The sum of each row of a matrix, `[rows]`."""
    product = x.dtype.char in "fd" and x.shape[1] <= _LONGEST
    sums: Array = np.dot(x, _ones(x.shape[1], x.dtype.char)) if product else np.add.reduce(x, axis=1, dtype=x.dtype)
    return sums


def column_sums(x: Array) -> Array:
    """The sum of each column of a matrix, `[columns]`."""
    product = x.dtype.char in "fd" and x.shape[0] <= _LONGEST
    sums: Array = np.dot(_ones(x.shape[0], x.dtype.char), x) if product else np.add.reduce(x, axis=0, dtype=x.dtype)
    return sums


@functools.lru_cache(maxsize=64)
def _ones(count: int, kind: str) -> Array:
    ones = np.ones(count, kind)
    ones.flags.writeable = False
    return ones
