"""The random numbers of a shuffle: which seeds it has, and what each pass makes of them.

The orders are TensorFlow's. A shuffle that is repeated right away is one operation there, whose passes go on with one
sequence of numbers; any other draws two numbers for each pass, which are that pass' seeds.

Source: tensorflow/core/kernels/data/shuffle_dataset_op.cc of TensorFlow 1.15.
"""

from __future__ import annotations

import os
from typing import Any, TypeAlias

import numpy as np

from trackml.ops.framework import leave_out, seed_attributes
from trackml.ops.philox import Philox

Seeds: TypeAlias = "tuple[int, int]"
"""Numbers that determine the order; zeros where each iterator is to have another."""

_AT_ONCE = 1024
"""How many numbers are drawn for those that are taken one by one; a multiple of four, as they come."""


_MOST_AHEAD = 16384
"""How many numbers are drawn at once for a sequence that goes on and on; a few cost as much as a thousand."""


def seeds_of(seed: int | None) -> Seeds:
    """The seeds of a shuffle that is made now: those of the graph and `seed`, as `tf.set_random_seed` says.

    Where only the graph has a seed, the shuffles made in it differ from each other and the same program repeats.
    """
    leave_out(1)  # the buffer's size, a constant that comes before the seeds are counted
    attributes = seed_attributes(seed)
    return attributes["seed"], attributes["seed2"]


class Draws:
    """One sequence of numbers of 32 bits."""

    def __init__(self, seed: int, seed2: int) -> None:
        self._sequence = Philox(seed, seed2)
        self._left = np.empty(0, np.uint32)
        self._ahead = 0
        self._listed: list[int] = []

    def take(self, count: int) -> np.ndarray[Any, np.dtype[np.uint32]]:
        """The next `count` numbers."""
        missing = count - len(self._left)
        if missing > 0:
            drawn = max(missing, self._ahead)
            self._left = np.concatenate([self._left, self._sequence.words(-(-drawn // 4) * 4)])
            self._ahead = min(2 * drawn, _MOST_AHEAD)
        taken, self._left = self._left[:count], self._left[count:]
        return taken

    def next(self) -> int:
        """The next number; not to be used together with `take`."""
        if not self._listed:
            self._listed = self.take(_AT_ONCE)[::-1].tolist()
        return self._listed.pop()


class PassDraws:
    """The numbers of each pass of one shuffle in one iterator.

    Args:
        seeds: Its seeds.
        reshuffle: Whether passes differ.
        repeated: Whether the shuffle is repeated right away.
    """

    def __init__(self, seeds: Seeds, reshuffle: bool, repeated: bool = False) -> None:
        if seeds == (0, 0):
            seeds = tuple(int.from_bytes(os.urandom(4), "little") for _ in range(2))  # type: ignore[assignment]
        self._seeds = seeds
        self._reshuffle = reshuffle
        self._shared = Draws(*seeds)
        self._repeated = repeated

    def next(self) -> Draws:
        """Those of the next pass."""
        if not self._reshuffle:
            return Draws(*self._seeds)
        if self._repeated:
            return self._shared
        return Draws(*self._shared.take(2).tolist())
