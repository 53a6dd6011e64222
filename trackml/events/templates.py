"""Templates: what all records of some tags have in common, and how a record is recognised by it.

A pattern is a layout with the templates that were met. Its records are not compared with every template: the checksum
that a record leaves when its numbers are taken out is that of one template, which alone is then compared, bit by bit.
So a record that follows a template is one whose checksum holds.
"""

from __future__ import annotations

import dataclasses
import itertools
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from trackml.events.layout import Layout, Slot, TagKind, find_layout
from trackml.events.lift import Lifter
from trackml.events.rows import Ints, Octets, Rows, Words
from trackml.storage.crc32c import Words as Checksums
from trackml.storage.crc32c import crc32c
from trackml.storage.tfrecord import HEADER_BYTES

WORTH_A_TEMPLATE = 4
"""How many records must have it."""
UNKNOWN = (1 << 16) - 1
"""The number of no template: the largest of 16 bits, which sort fast."""

_MOST_TEMPLATES = 1 << 14
_HASH_FACTOR = np.uint64(0x9E3779B97F4A7C15)

Summaries: TypeAlias = dict[tuple[tuple[Slot, ...], bytes], tuple[TagKind, ...]]
"""Tags by what a summary holds beside its numbers, and by where it holds those."""


@dataclasses.dataclass(frozen=True, eq=False)
class Template:
    """A layout, and the bytes beside its numbers."""

    lifter: Lifter
    tags: tuple[TagKind, ...]
    constants: Octets
    """The bits of a record that belong to no number, as a row of `Rows`."""
    checksum: int
    """The CRC-32C of the payload with zeros for all bytes of its numbers."""


class Pattern:
    """A layout and its templates.

    Args:
      layout: Of all its records.
      summaries: What is known of all layouts; it grows.
    """

    def __init__(self, layout: Layout, summaries: Summaries) -> None:
        self.lifter = Lifter(layout)
        self.templates: list[Template] = []
        """By their numbers."""
        self._summaries = summaries
        self._known: set[bytes] = set()
        self._masks = self.lifter.constant_bits.view("<u8")[None]
        self._index()

    def recognise(self, rows: Rows, rest: Checksums) -> npt.NDArray[np.uint16]:
        """Gives the number of the template that each of `rows` follows, `UNKNOWN` where there is none.

        Args:
          rows: Records of the layout's length, at least one.
          rest: What their checksums are without their numbers.
        """
        if not self.templates:
            return np.full(len(rows), UNKNOWN, np.uint16)
        likely = self._by_checksum.take(self._sorted.searchsorted(rest), mode="clip")
        wrong = self._checksums.take(likely) != rest
        differing = self._constants.take(likely, axis=0)
        differing ^= rows.words
        differing &= self._mask(len(rows))
        if differing.any():
            wrong |= differing.any(axis=1)
        numbers = likely.astype(np.uint16)
        numbers[wrong] = UNKNOWN
        return numbers

    def learn(self, rows: Rows) -> bool:
        """Makes templates of what several of `rows`, at least one, have in common; tells whether there was any."""
        rows = rows.chosen(self.lifter.fits(rows.words))
        if not len(rows):
            return False
        words = rows.words & self._masks[0]
        order = _order(words)
        words = words[order]
        count = len(self.templates)
        for begin, end in _runs(words):
            row = words[begin].tobytes()
            if end - begin >= WORTH_A_TEMPLATE and row not in self._known and len(self.templates) < _MOST_TEMPLATES:
                self._add(row, rows.octets[order[begin]].tobytes())
        if len(self.templates) > count:
            self._index()
        return len(self.templates) > count

    def _add(self, constants: bytes, record: bytes) -> None:
        layout = self.lifter.layout
        payload = record[HEADER_BYTES : HEADER_BYTES + layout.length]
        tags = self._tags(constants, payload)
        if tags is not None:
            self._known.add(constants)
            checksum = crc32c(self.lifter.without_numbers(payload))
            self.templates.append(Template(self.lifter, tags, np.frombuffer(constants, np.uint8), checksum))

    def _tags(self, constants: bytes, payload: bytes) -> tuple[TagKind, ...] | None:
        """Gives the tags in a record that has the keys of the layout in their places; None if its layout is another.

        Where a summary is all that follows, no more than it decides, so it need not be parsed after each change in the
        length of the steps.
        """
        begin, _ = self.lifter.layout.keys[-1]
        slots = tuple(slot._replace(place=slot.place.moved(-begin)) for slot in self.lifter.layout.slots)
        key = slots, constants[HEADER_BYTES + begin :]
        tags = self._summaries.get(key) if slots[0].place.begin > 0 else None
        if tags is None:
            found = find_layout(payload)
            if found is None or found.layout != self.lifter.layout:
                return None
            tags = self._summaries[key] = found.values
        return tags

    def _index(self) -> None:
        self._constants = np.array([template.constants for template in self.templates], np.uint8).view("<u8")
        self._checksums = np.array([template.checksum for template in self.templates], np.uint32)
        self._by_checksum = np.argsort(self._checksums)
        self._sorted = self._checksums[self._by_checksum]

    def _mask(self, count: int) -> Words:
        """Gives the bits that belong to no number, a row for each of `count` records."""
        if len(self._masks) < count:  # numpy is slow where it repeats short rows by itself
            self._masks = np.tile(self._masks[:1], (count, 1))
        return self._masks[:count]


def _order(words: Words) -> Ints:
    """Gives an order that brings equal rows together."""
    hashes = np.zeros(len(words), np.uint64)
    for column in words.T:
        hashes ^= column
        hashes *= _HASH_FACTOR
        hashes ^= hashes >> np.uint64(32)
    return np.argsort(hashes, kind="stable")


def _runs(words: Words) -> list[tuple[int, int]]:
    """Gives where rows that are equal and next to each other begin and end."""
    differs = (words[1:] != words[:-1]).any(axis=1)
    begins = [0, *(np.flatnonzero(differs) + 1).tolist(), len(words)]
    return list(itertools.pairwise(begins))
