"""Templates: what all records of some tags have in common, and how a record is recognised by it.

A pattern is a layout with the templates that were met. Its records are not compared with every template: the checksum
that a record leaves when its numbers are taken out is that of one template, which alone is then compared, bit by bit.
So a record that follows a template is one whose checksum holds.
"""

from __future__ import annotations

import dataclasses
import itertools
import threading
from typing import NamedTuple, TypeAlias

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
_MOST_PATTERNS = 1 << 10
_HASH_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_ROWS_AT_ONCE = 64


@dataclasses.dataclass(frozen=True, eq=False)
class Template:
    """A layout, and the bytes beside its numbers."""

    lifter: Lifter
    tags: tuple[TagKind, ...]
    constants: Octets
    """The bits of a record that belong to no number, as a row of `Rows`."""
    checksum: int
    """The CRC-32C of the payload with zeros for all bytes of its numbers."""


class Patterns:
    """What was learnt of layouts and templates. The files of a log directory have much of it in common.

    Decoders in several threads may share it: one learns at a time, and what was learnt never changes.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._patterns: dict[Layout, Pattern] = {}
        self._tags: _Tags = {}

    def of(self, layout: Layout) -> Pattern:
        """Gives what is known of a layout."""
        with self._lock:
            pattern = self._patterns.get(layout)
            if pattern is None:
                if len(self._patterns) >= _MOST_PATTERNS:
                    self._patterns, self._tags = {}, {}
                pattern = self._patterns[layout] = Pattern(layout, self._lock, self._tags)
            return pattern


_Tags: TypeAlias = "dict[tuple[tuple[Slot, ...], bytes], tuple[TagKind, ...]]"
"""Tags by where a summary holds numbers and what it holds beside them."""


class Pattern:
    """A layout and its templates.

    Args:
      layout: Of all its records.
      lock: Held by whoever learns.
      tags: What is known of all layouts; it grows.
    """

    def __init__(self, layout: Layout, lock: threading.Lock, tags: _Tags) -> None:
        self.lifter = Lifter(layout)
        self.templates: list[Template] = []
        """By their numbers; others are only ever added."""
        self._lock = lock
        self._tags = tags
        self._known: set[bytes] = set()
        self._mask = self.lifter.constant_bits.view("<u8")
        self._masks = np.tile(self._mask, _ROWS_AT_ONCE)
        self._index = _Index.of(self.templates)

    def recognise(self, rows: Rows, rest: Checksums) -> npt.NDArray[np.uint16]:
        """Gives the number of the template that each of `rows` follows, `UNKNOWN` where there is none.

        Args:
          rows: Records of the layout's length, at least one.
          rest: What their checksums are without their numbers.
        """
        index = self._index
        if not len(index.checksums):
            return np.full(len(rows), UNKNOWN, np.uint16)
        likely = index.finder.find(rest)
        wrong = index.checksums.take(likely) != rest
        differing = index.constants.take(likely, axis=0)
        differing ^= rows.words
        self._keep_constants(differing)
        if differing.max():
            wrong |= differing.any(axis=1)
        likely[wrong] = UNKNOWN
        return likely

    def learn(self, rows: Rows) -> None:
        """Makes templates of what several of `rows`, at least one, have in common."""
        rows = rows.chosen(self.lifter.fits(rows.words))
        if not len(rows):
            return
        words = rows.words & self._mask
        order = _order(words)
        words = words[order]
        runs = [(begin, words[begin].tobytes()) for begin, end in _runs(words) if end - begin >= WORTH_A_TEMPLATE]
        with self._lock:
            for begin, constants in runs:
                if constants not in self._known and len(self.templates) < _MOST_TEMPLATES:
                    self._add(constants, rows.octets[order[begin]].tobytes())
            if len(self.templates) > len(self._index.checksums):
                self._index = _Index.of(self.templates)

    def _keep_constants(self, words: Words) -> None:
        """Clears what belongs to numbers. Many rows are taken as one, since numpy is slow where short rows repeat."""
        whole = len(words) // _ROWS_AT_ONCE * _ROWS_AT_ONCE
        longer = words[:whole].reshape(-1, len(self._masks))
        longer &= self._masks
        words[whole:] &= self._mask

    def _add(self, constants: bytes, record: bytes) -> None:
        payload = record[HEADER_BYTES : HEADER_BYTES + self.lifter.layout.length]
        tags = self._tags_of(constants, payload)
        if tags is not None:
            self._known.add(constants)
            checksum = crc32c(self.lifter.without_numbers(payload))
            self.templates.append(Template(self.lifter, tags, np.frombuffer(constants, np.uint8), checksum))

    def _tags_of(self, constants: bytes, payload: bytes) -> tuple[TagKind, ...] | None:
        """Gives the tags in a record that has the keys of the layout in their places; None if its layout is another.

        Where a summary is all that follows, no more than it decides, so it need not be parsed after each change in the
        length of the steps.
        """
        layout = self.lifter.layout
        begin, _ = layout.keys[-1]
        slots = tuple(slot._replace(place=slot.place.moved(-begin)) for slot in layout.slots)
        key = slots, constants[HEADER_BYTES + begin : HEADER_BYTES + layout.length]
        tags = self._tags.get(key) if slots[0].place.begin > 0 else None
        if tags is None:
            found = find_layout(payload)
            if found is None or found.layout != layout:
                return None
            tags = self._tags[key] = found.values
        return tags


class _Index(NamedTuple):
    """The templates of a pattern as columns."""

    constants: Words
    """A row for each."""
    checksums: Checksums
    finder: _Finder

    @classmethod
    def of(cls, templates: list[Template]) -> _Index:
        constants = np.array([template.constants for template in templates], np.uint8).view("<u8")
        checksums = np.array([template.checksum for template in templates], np.uint32)
        return cls(constants, checksums, _Finder(checksums))


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
