"""Streams of row numbers: what a pipeline of slices does to the order of rows, as arithmetic on whole arrays.

A stream is an iterator of chunks. A chunk is an int64 array of shape `[rows, tables]` with at least one row: a
row of it says which row of each table stands there. How a stream is cut into chunks means nothing.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np

from trackml.data.seeds import Draws

Indices: TypeAlias = "np.ndarray[Any, np.dtype[np.int64]]"

_CHUNK = 4096
"""Rows a chunk of a new stream has: enough to make numpy's calls cheap, little enough to be there at once."""


def counted(length: int) -> Iterator[Indices]:
    """The rows of one table in order."""
    for start in range(0, length, _CHUNK):
        yield np.arange(start, min(start + _CHUNK, length))[:, np.newaxis]


def skipped(chunks: Iterator[Indices], count: int) -> Iterator[Indices]:
    """The rows after the first `count`; none when `count` is negative."""
    if count < 0:
        return
    for chunk in chunks:
        if count < len(chunk):
            yield chunk[count:]
        count = max(0, count - len(chunk))


def taken(chunks: Iterator[Indices], count: int) -> Iterator[Indices]:
    """The first `count` rows; all when `count` is negative."""
    if count < 0:
        yield from chunks
    while count > 0:
        chunk = next(chunks, None)
        if chunk is None:
            return
        yield chunk[:count]
        count -= len(chunk)


def strided(chunks: Iterator[Indices], step: int, first: int) -> Iterator[Indices]:
    """Each `step`-th row, beginning with row `first`, which is one of the first `step`."""
    seen = 0
    for chunk in chunks:
        picked = chunk[(first - seen) % step :: step]
        seen += len(chunk)
        if len(picked):
            yield picked


def zipped(streams: Sequence[Iterator[Indices]]) -> Iterator[Indices]:
    """The rows of several streams side by side, as long as all of them last."""
    heads = [next(stream, None) for stream in streams]
    while True:
        present = [head for head in heads if head is not None]
        if len(present) < len(heads):
            return
        count = min(len(head) for head in present)
        yield np.hstack([head[:count] for head in present])
        heads = [head[count:] if len(head) > count else next(stream, None) for head, stream in zip(present, streams)]


def shuffled(chunks: Iterator[Indices], size: int, draws: Draws) -> Iterator[Indices]:
    """The rows in the random order that a buffer of `size` rows gives them.

    A row that goes out is drawn from the buffer, each of its rows being as likely, and the next row of the
    stream takes its place; at the end the buffer is emptied in random order.
    """
    buffer, following = _filled(chunks, size)
    if buffer is None:
        return
    # Enough at a time that looking through the buffer is little beside it.
    for incoming in regrouped(following, max(_CHUNK, size // 2), drop_remainder=False):
        count = len(incoming)
        rows = np.concatenate([buffer, incoming])
        order, rest = _drawn(len(rows), draws.take(count) % size)
        yield rows[order]
        buffer = rows[rest]
    count = len(buffer)
    order, _ = _drawn(count, draws.take(count) % np.arange(count, 0, -1))
    yield buffer[order]


def _drawn(total: int, steps: np.ndarray[Any, Any]) -> tuple[list[int], list[int]]:
    """Which of `total` rows come out, and which stay, when row `number` changes places with that `steps` behind."""
    rows = list(range(total))
    for number, place in enumerate((np.arange(len(steps)) + steps).tolist()):
        rows[number], rows[place] = rows[place], rows[number]
    return rows[: len(steps)], rows[len(steps) :]


def _filled(chunks: Iterator[Indices], size: int) -> tuple[Indices | None, Iterator[Indices]]:
    """A buffer with the first `size` rows (None when there are none), and the stream after them."""
    parts: list[Indices] = []
    missing = size
    while missing > 0 and (chunk := next(chunks, None)) is not None:
        parts.append(chunk)
        missing -= len(chunk)
    if not parts:
        return None, chunks
    rows = np.concatenate(parts)
    rest = [rows[size:]] if missing < 0 else []
    return rows[:size].copy(), itertools.chain(rest, chunks)


def regrouped(chunks: Iterator[Indices], size: int, drop_remainder: bool) -> Iterator[Indices]:
    """The same rows in chunks of `size`; the last one may have fewer, unless `drop_remainder`."""
    begun: list[Indices] = []
    missing = size
    for chunk in chunks:
        start = min(missing, len(chunk)) if begun else 0
        if start:
            begun.append(chunk[:start])
            missing -= start
            if missing:
                continue
            yield np.concatenate(begun)
        stop = start + (len(chunk) - start) // size * size
        for at in range(start, stop, size):
            yield chunk[at : at + size]
        begun = [chunk[stop:]] if stop < len(chunk) else []
        missing = size - (len(chunk) - stop)
    if begun and not drop_remainder:
        yield np.concatenate(begun)
