"""TensorFlow's sequences of random numbers.

The generator is Philox4x32-10: ten rounds of multiplying and mixing turn a counter of 128 bits and a key of 64 into
four numbers of 32 bits. A counter needs no one before it, so that all numbers of an array are computed at once. An
operation's key is its graph's seed, the upper half of its counter begins as its own seed, and each run takes 256
counters for each number that it draws, whether it needs them or not: so the next run goes on where TensorFlow's does.

Sources: Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3 (2011), section 4.3, and TensorFlow 1.15,
    tensorflow/core/lib/random/{philox_random,random_distributions}.h and tensorflow/core/kernels/random_op.cc.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any

import numpy as np

from trackml.ops import libm

Array = np.ndarray[Any, Any]

_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_MULTIPLIERS = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_KEY_STEPS = 0x9E3779B9, 0xBB67AE85
_ROUNDS = 10
_CHUNK = 16384
"""As many counters are worked on at a time as leaves all intermediate arrays in the processor's cache."""
_RESERVED = 256
"""How many counters TensorFlow sets aside for each number."""
_CUTOFF = 2.0
"""Truncated normal numbers are below, in standard deviations."""
_LEAST = 1e-7
"""What a uniform number is at least before its logarithm is taken."""


class Philox:
    """One sequence; threads may draw from it at the same time.

    Args:
        seed: The key; with `seed2` 0 too, both come from the system.
        seed2: The upper half of the counter.
    """

    def __init__(self, seed: int, seed2: int) -> None:
        if seed == 0 and seed2 == 0:
            seed, seed2 = (int.from_bytes(os.urandom(8), "little") for _ in range(2))
        self._key = seed & 0xFFFFFFFF, seed >> 32 & 0xFFFFFFFF
        self._counter = (seed2 & (1 << 64) - 1) << 64
        self._lock = threading.Lock()

    def _reserve(self, counters: int) -> int:
        """The first of as many counters, which nobody else gets."""
        with self._lock:
            first = self._counter
            self._counter += counters
        return first

    def uniform(self, shape: Any, dtype: Any) -> Array:
        """Numbers that are equally likely anywhere in [0, 1)."""
        count, kind = _count(shape), np.dtype(dtype)
        if kind == np.float64:
            return self._drawn(count, 2, lambda words: _doubles(words[:, 0::2], words[:, 1::2]), kind, shape)
        return self._drawn(count, 4, _halves if kind == np.float16 else _floats, kind, shape)

    def integers(self, shape: Any, low: int, high: int, dtype: Any) -> Array:
        """Integers from `low` to below `high`."""
        count, kind, span = _count(shape), np.dtype(dtype), high - low
        if kind.itemsize == 8:
            wide = np.uint64(span)
            return self._drawn(count, 2, lambda words: _longs(words) % wide + np.uint64(low % 2**64), kind, shape)
        narrow = np.uint32(span)
        return self._drawn(count, 4, lambda words: (words % narrow).astype(np.int64) + low, kind, shape)

    def normal(self, shape: Any, dtype: Any) -> Array:
        """Normally distributed numbers with mean 0 and standard deviation 1."""
        count, kind = _count(shape), np.dtype(dtype)
        if kind == np.float64:
            return self._drawn(count, 2, _normal_doubles, kind, shape)
        return self._drawn(count, 4, _normal_floats, kind, shape)

    def truncated_normal(self, shape: Any, dtype: Any) -> Array:
        """Normally distributed numbers below two standard deviations: others are drawn again."""
        count, kind = _count(shape), np.dtype(dtype)
        size, draw = (2, _normal_doubles) if kind == np.float64 else (4, _normal_floats)
        groups = -(-count // size)
        first = self._reserve(count * _RESERVED)
        result = np.empty((groups, size), np.float64 if kind == np.float64 else np.float32)
        step = size * _RESERVED // 4
        for start in range(0, groups, _CHUNK):
            part = result[start : start + _CHUNK]
            self._fill_truncated(part, first + start * step, step, draw)
        numbers: Array = result.reshape(-1)[:count].astype(kind, copy=False).reshape(shape)
        return numbers

    def _fill_truncated(self, result: Array, first: int, step: int, draw: Callable[[Array], Array]) -> None:
        """Fills each row with the first numbers that are not too large, of the row's own counters."""
        result[:] = drawn = draw(self._words(first, np.arange(len(result)) * step))
        # Five rows of six are done with that.
        rows = np.flatnonzero((np.abs(drawn) >= _CUTOFF).any(axis=1))
        drawn, filled, turn = drawn[rows], np.zeros(len(result), np.int64), 0
        while rows.size:
            good = np.abs(drawn) < _CUTOFF
            places = filled[rows, None] + np.cumsum(good, axis=1) - 1
            row, column = np.nonzero(good & (places < result.shape[1]))
            result[rows[row], places[row, column]] = drawn[row, column]
            filled[rows] += good.sum(axis=1)
            rows = rows[filled[rows] < result.shape[1]]
            turn += 1
            drawn = draw(self._words(first, rows * step + turn))

    def words(self, count: int) -> Array:
        """The next `count` numbers of 32 bits, uint32; only the counters that they need are taken."""
        counters = -(-count // 4)
        return self._words(self._reserve(counters), np.arange(counters)).reshape(-1)[:count]

    def doubles(self, count: int, reserved: int) -> Array:
        """The next `count` numbers in [0, 1), float64, of `reserved` counters."""
        counters = -(-count // 2)
        words = self._words(self._reserve(reserved), np.arange(counters))
        numbers = _doubles(words[:, 0::2], words[:, 1::2]).reshape(-1)
        return numbers[:count]

    def _drawn(self, count: int, size: int, draw: Callable[[Array], Array], kind: np.dtype[Any], shape: Any) -> Array:
        """Numbers of which each counter gives `size`."""
        first, groups = self._reserve(count * _RESERVED), -(-count // size)
        result = np.empty((groups, size), kind)
        for start in range(0, groups, _CHUNK):
            stop = min(start + _CHUNK, groups)
            result[start:stop] = draw(self._words(first, np.arange(start, stop)))
        numbers: Array = result.reshape(-1)[:count].reshape(shape)
        return numbers

    def _words(self, first: int, offsets: Array) -> Array:
        """The four words of each of the counters `first + offsets`, uint32 `[counters, 4]`."""
        low, high = first & (1 << 64) - 1, first >> 64
        if low + (int(offsets[-1]) if offsets.size else 0) >= 1 << 64:
            raise OverflowError("More random numbers than one operation has counters for.")
        counters = offsets.astype(np.uint64) + np.uint64(low)
        upper = np.uint64(high & 0xFFFFFFFF), np.uint64(high >> 32 & 0xFFFFFFFF)
        words = np.empty((len(offsets), 4), np.uint32)
        words[:, 0], words[:, 1], words[:, 2], words[:, 3] = _mixed(
            counters & _LOW, counters >> _HALF, *upper, *self._key
        )
        return words


def _mixed(a: Any, b: Any, c: Any, d: Any, key0: int, key1: int) -> tuple[Any, Any, Any, Any]:
    """Ten rounds over words of 32 bits in uint64; what is the same for all counters stays a scalar."""
    for _ in range(_ROUNDS):
        left, right = a * _MULTIPLIERS[0], c * _MULTIPLIERS[1]
        a, c = right >> _HALF, left >> _HALF
        a ^= b
        a ^= np.uint64(key0)
        c ^= d
        c ^= np.uint64(key1)
        right &= _LOW
        left &= _LOW
        b, d = right, left
        key0, key1 = key0 + _KEY_STEPS[0] & 0xFFFFFFFF, key1 + _KEY_STEPS[1] & 0xFFFFFFFF
    return a, b, c, d


def _count(shape: Any) -> int:
    return int(np.prod(shape, dtype=np.int64))


def _floats(words: Array) -> Array:
    """The lowest 23 bits of each word as the digits of a number in [1, 2), less 1."""
    bits = words & np.uint32(0x7FFFFF)
    bits |= np.uint32(0x3F800000)
    numbers: Array = bits.view(np.float32)
    numbers -= np.float32(1)
    return numbers


def _halves(words: Array) -> Array:
    bits = (words & np.uint32(0x3FF)).astype(np.uint16) | np.uint16(0x3C00)
    numbers: Array = bits.view(np.float16) - np.float16(1)
    return numbers


def _doubles(upper: Array, lower: Array) -> Array:
    bits = (upper & np.uint32(0xFFFFF)).astype(np.uint64) << _HALF | lower | np.uint64(0x3FF0000000000000)
    numbers: Array = bits.view(np.float64) - 1.0
    return numbers


def _longs(words: Array) -> Array:
    longs: Array = words[:, 0::2] | words[:, 1::2].astype(np.uint64) << _HALF
    return longs


def _normal_floats(words: Array) -> Array:
    """Box and Muller's pairs, rounded to float32 wherever TensorFlow rounds."""
    uniform = _floats(words)
    radius = np.sqrt(np.float32(-2) * libm.log(np.maximum(uniform[:, 0::2], np.float32(_LEAST))))
    angle = (2 * np.pi * uniform[:, 1::2].astype(np.float64)).astype(np.float32)
    sine, cosine = libm.sine_and_cosine(angle)
    result = np.empty(words.shape, np.float32)
    np.multiply(sine, radius, out=result[:, 0::2])
    np.multiply(cosine, radius, out=result[:, 1::2])
    return result


def _normal_doubles(words: Array) -> Array:
    radius = np.sqrt(-2 * np.log(np.maximum(_doubles(words[:, 0], words[:, 1]), _LEAST)))
    angle = 2 * np.pi * _doubles(words[:, 2], words[:, 3])
    return np.stack([np.sin(angle) * radius, np.cos(angle) * radius], axis=1)
