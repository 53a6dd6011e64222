"""Streams of row numbers do to chunks what the same operations do to lists, however the stream is cut."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackml.data import indices
from trackml.data.seeds import Draws

lengths = st.lists(st.integers(1, 5), max_size=6)
counts = st.integers(-1, 12)


def stream(lengths: list[int]):
    """0, 1, 2 ... in chunks of those lengths."""
    ends = list(itertools.accumulate(lengths, initial=0))
    return iter([np.arange(start, end)[:, np.newaxis] for start, end in itertools.pairwise(ends)])


def listed(chunks) -> list[int]:
    found = list(chunks)
    assert all(len(chunk) for chunk in found), "a chunk without rows"
    return [int(row) for chunk in found for row in chunk[:, 0]]


@given(st.integers(0, 10_000))
def test_counted_is_every_row_in_order(length):
    assert listed(indices.counted(length)) == list(range(length))


@given(lengths, counts)
def test_skipped_is_the_rest_of_the_list(lengths, count):
    assert listed(indices.skipped(stream(lengths), count)) == list(range(sum(lengths)))[count if count >= 0 else 99 :]


@given(lengths, counts)
def test_taken_is_the_head_of_the_list(lengths, count):
    assert listed(indices.taken(stream(lengths), count)) == list(range(sum(lengths)))[: count if count >= 0 else None]


@given(lengths, st.integers(1, 7), st.integers(0, 6))
def test_strided_is_the_slice_with_a_step(lengths, step, first):
    first %= step
    assert listed(indices.strided(stream(lengths), step, first)) == list(range(sum(lengths)))[first::step]


@given(lengths, lengths)
def test_zipped_lasts_as_long_as_the_shorter(one, other):
    rows = [tuple(row) for chunk in indices.zipped([stream(one), stream(other)]) for row in chunk.tolist()]
    assert rows == [(n, n) for n in range(min(sum(one), sum(other)))]


@given(lengths, st.integers(1, 9), st.booleans())
def test_regrouped_has_chunks_of_the_size_and_a_remainder(lengths, size, drop_remainder):
    found = [chunk[:, 0].tolist() for chunk in indices.regrouped(stream(lengths), size, drop_remainder)]
    rows = list(range(sum(lengths)))
    expected = [rows[at : at + size] for at in range(0, len(rows), size)]
    assert found == [batch for batch in expected if len(batch) == size or not drop_remainder]


@given(lengths, st.integers(1, 40), st.integers(1, 2**31))
def test_shuffled_gives_each_row_once_and_none_before_it_can_be_in_the_buffer(lengths, size, seed):
    found = listed(indices.shuffled(stream(lengths), size, Draws(seed, 1)))
    assert sorted(found) == list(range(sum(lengths)))
    assert all(row < place + size for place, row in enumerate(found))


def one_by_one(count, size, draws):
    """The order that TensorFlow's circular buffer gives to rows that come one by one."""
    buffer, order, start, end = [0] * size, [], 0, 0
    while True:
        while end < count and end - start < size:
            buffer[end % size] = end
            end += 1
        if start == end:
            return order
        place = (start + draws.next() % (end - start)) % size
        order.append(buffer[place])
        buffer[place] = buffer[start % size]
        start += 1


@given(st.lists(st.integers(1, 5), min_size=1, max_size=20), st.integers(1, 40), st.integers(1, 2**31))
def test_shuffled_exchanges_rows_as_a_buffer_does_one_by_one(lengths, size, seed):
    found = listed(indices.shuffled(stream(lengths), size, Draws(seed, 1)))
    assert found == one_by_one(sum(lengths), size, Draws(seed, 1))


@pytest.mark.parametrize("size", [1000, 5000, 20_000])
def test_shuffled_in_large_parts_is_as_one_by_one(size):
    found = listed(indices.shuffled(indices.counted(15_000), size, Draws(3, 4)))
    assert found == one_by_one(15_000, size, Draws(3, 4))
