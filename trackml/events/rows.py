"""Records of one length, from which columns are taken: those of a block in any order, or those that repeat in it."""

from __future__ import annotations

from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from trackml.storage.crc32c import Buffer
from trackml.storage.record_scan import Spans
from trackml.storage.tfrecord import FOOTER_BYTES, HEADER_BYTES

Ints: TypeAlias = npt.NDArray[np.int64]
Octets: TypeAlias = npt.NDArray[np.uint8]
Words: TypeAlias = npt.NDArray[np.uint64]

_WORD = 8
SPARE_BYTES = _WORD - 1
"""How many bytes must follow the last record of a block."""


class Records(Protocol):
    """Records of one length."""

    def column(self, begin: int, dtype: str) -> npt.NDArray[Any]:
        """Gives the numbers that begin `begin` bytes behind the beginning of each record: a copy, shape `[records]`."""


class Rows:
    """Whole records as the rows of a matrix, zeros behind them so that each is a number of words.

    Args:
      octets: Shape `[records, padded_bytes(record)]`, contiguous.
    """

    def __init__(self, octets: Octets) -> None:
        self.octets = octets

    @classmethod
    def gather(cls, data: Buffer, spans: Spans, members: Ints) -> Rows:
        """Gives the records at some places, at least one, which have one length. `SPARE_BYTES` follow the last."""
        width = int(spans.lengths[members[0]]) + HEADER_BYTES + FOOTER_BYTES
        padded = padded_bytes(width)
        # numpy copies an item of many bytes faster than a row.
        items = np.ndarray((len(data) - padded + 1,), f"V{padded}", data, 0, (1,))
        return cls(items[spans.starts.take(members)].view(np.uint8).reshape(-1, padded))

    def __len__(self) -> int:
        return len(self.octets)

    @property
    def words(self) -> Words:
        """Shape `[records, words]`."""
        words: Words = self.octets.reshape(-1).view("<u8").reshape(len(self.octets), -1)
        return words

    def chosen(self, chosen: npt.NDArray[Any]) -> Rows:
        """Gives those that an index array or a mask chooses."""
        width = self.octets.shape[1]
        items = self.octets.reshape(-1).view(f"V{width}")
        return Rows(items[chosen].view(np.uint8).reshape(-1, width))

    def column(self, begin: int, dtype: str) -> npt.NDArray[Any]:
        """Gives the numbers that begin in some column."""
        count, stride = self.octets.shape
        column: npt.NDArray[Any] = np.ndarray((count,), dtype, self.octets.data, begin, (stride,)).copy()
        return column


class Repeats:
    """Records that lie at the same places of each period of a block: those of the first place, then of the next.

    Args:
      data: The block.
      periods: How many periods there are from its first byte on, at least one.
      period_bytes: How long each is.
      offsets: Where in a period the records begin.
    """

    def __init__(self, data: Buffer, periods: int, period_bytes: int, offsets: list[int]) -> None:
        self._data = data
        self._periods = periods
        self._period_bytes = period_bytes
        self._offsets = offsets

    def column(self, begin: int, dtype: str) -> npt.NDArray[Any]:
        """Gives the numbers that begin `begin` bytes behind the beginning of each record."""
        columns = np.empty((len(self._offsets), self._periods), dtype)
        for column, offset in zip(columns, self._offsets):
            column[:] = np.ndarray((self._periods,), dtype, self._data, offset + begin, (self._period_bytes,))
        return columns.reshape(-1)


def padded_bytes(record_bytes: int) -> int:
    """Gives how many bytes a row of `Rows` has."""
    return -(-record_bytes // _WORD) * _WORD
