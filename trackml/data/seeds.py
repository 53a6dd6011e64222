"""The random numbers of a shuffle: which seeds it has, and what each pass makes of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TypeAlias
from weakref import WeakKeyDictionary

import numpy as np

from trackml.graph.graph import Graph, get_default_graph
from trackml.ops.framework import get_seed

Seeds: TypeAlias = "tuple[int, ...] | None"
"""Numbers that determine the order; None where each iterator is to have another."""

_WORD = 1 << 64

_numbers: WeakKeyDictionary[Graph, Iterator[int]] = WeakKeyDictionary()


def seeds_of(seed: int | None) -> Seeds:
    """The seeds of a shuffle that is made now: those of the graph and `seed`, as `tf.set_random_seed` says.

    Where only the graph has a seed, the shuffles made in it differ from each other and the same program repeats.
    """
    graph_seed, op_seed = get_seed(seed)
    if graph_seed is None or op_seed is None:
        return None
    if seed is not None:
        return graph_seed % _WORD, op_seed % _WORD
    # A description adds no operation to the graph, so operations alone would not tell two shuffles apart.
    number = next(_numbers.setdefault(get_default_graph(), itertools.count()))
    return graph_seed % _WORD, op_seed % _WORD, number


class PassSeeds:
    """The seed of each pass of one shuffle in one iterator.

    Args:
        seeds: Its seeds.
        reshuffle: Whether passes differ.
    """

    def __init__(self, seeds: Seeds, reshuffle: bool) -> None:
        self._root = np.random.SeedSequence(seeds)
        self._reshuffle = reshuffle

    def next(self) -> np.random.SeedSequence:
        """The seed of the next pass."""
        return self._root.spawn(1)[0] if self._reshuffle else self._root
