"""Templates: what all records of some tags have in common, and how a record is recognised by it.

A pattern is a layout with the templates that were met. Its records are not compared with every template: the checksum
that a record leaves when its numbers are taken out is that of one template, which alone is then compared, bit by bit.
So a record that follows a template is one whose checksum holds.
"""

from __future__ import annotations

import dataclasses
import itertools

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

_MOST_TEMPLATES = _MOST_SUMMARIES = 1 << 14
_HASH_FACTOR = np.uint64(0x9E3779B97F4A7C15)

_tags_of_summaries: dict[tuple[tuple[Slot, ...], bytes], tuple[TagKind, ...]] = {}
"""Tags by where a summary holds numbers and what it holds beside them: files of one log directory have them in common.
Whoever adds some makes them anew from the key, so threads may do so at once."""


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
    """

    def __init__(self, layout: Layout) -> None:
        self.lifter = Lifter(layout)
        self.templates: list[Template] = []
        """By their numbers."""
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
        likely = self._finder.find(rest)
        wrong = self._checksums.take(likely) != rest
        differing = self._constants.take(likely, axis=0)
        differing ^= rows.words
        differing &= self._mask(len(rows))
        if differing.any():
            wrong |= differing.any(axis=1)
        likely[wrong] = UNKNOWN
        return likely

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
        layout = self.lifter.layout
        begin, _ = layout.keys[-1]
        slots = tuple(slot._replace(place=slot.place.moved(-begin)) for slot in layout.slots)
        key = slots, constants[HEADER_BYTES + begin : HEADER_BYTES + layout.length]
        tags = _tags_of_summaries.get(key) if slots[0].place.begin > 0 else None
        if tags is None:
            found = find_layout(payload)
            if found is None or found.layout != layout:
                return None
            tags = found.values
            if len(_tags_of_summaries) >= _MOST_SUMMARIES:
                _tags_of_summaries.clear()
            _tags_of_summaries[key] = tags
        return tags

    def _index(self) -> None:
        self._constants = np.array([template.constants for template in self.templates], np.uint8).view("<u8")
        self._checksums = np.array([template.checksum for template in self.templates], np.uint32)
        self._finder = _Finder(self._checksums)

    def _mask(self, count: int) -> Words:
        """Gives the bits that belong to no number, a row for each of `count` records."""
        if len(self._masks) < count:  # numpy is slow where it repeats short rows by itself
            self._masks = np.tile(self._masks[:1], (count, 1))
        return self._masks[:count]


class _Finder:
    """Finds numbers in a list of which most or all differ: by a byte or two of them where these differ, too."""

    def __init__(self, listed: Checksums) -> None:
        self._part: slice | None = None
        for octets, offset in itertools.chain(((1, offset) for offset in range(4)), ((2, 0), (2, 1))):
            self._dtype, self._part = np.dtype(f"<u{octets}"), slice(offset, None, 4 // octets)
            parts = listed.view(self._dtype)[self._part]
            if len(np.unique(parts)) == len(listed):
                self._places = np.zeros(1 << 8 * octets, np.uint16)
                self._places[parts] = np.arange(len(listed))
                return
        self._part = None
        self._places = np.argsort(listed).astype(np.uint16)
        self._sorted = listed[self._places]

    def find(self, numbers: Checksums) -> npt.NDArray[np.uint16]:
        """Gives the place in the list of each of `numbers`, shape `[numbers]`; any place where it is not listed."""
        if self._part is None:
            return self._places.take(self._sorted.searchsorted(numbers), mode="clip")
        return self._places.take(numbers.view(self._dtype)[self._part])


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
