"""Blocks of records, decoded without a Python call for each record.

Records of one length become the rows of a matrix. A layout, found by parsing one of them, says where numbers lie; these
are lifted out as columns (`Lifter`), and what is left says which template a record follows (`Pattern`): its tags. So
every byte of every record is looked at: the constant ones are compared, the others are lifted, and all count in the
checksums. Where templates follow each other in one order again and again, the order is kept in mind as well (`Cycle`).

Records without a layout, and those of which there are few, are left to be parsed one by one; their checksums are
computed together too.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterator

import numpy as np

from trackml.events.cycles import Cycle, find_cycle
from trackml.events.layout import find_layout
from trackml.events.pieces import DecodedBlock, Piece
from trackml.events.rows import Ints, Rows
from trackml.events.templates import UNKNOWN, WORTH_A_TEMPLATE, Pattern, Patterns
from trackml.storage.crc32c import Buffer, mask_rows
from trackml.storage.crc32c_batch import crc32c_spans
from trackml.storage.record_scan import Spans
from trackml.storage.tfrecord import HEADER_BYTES

_LONGEST_LAYOUT = 1 << 14
_SAMPLES = 8
_SHARED = Patterns()

_FIRST_BYTES = 1 << 16
_MOST_BYTES = 1 << 23
_FIRST_RECORDS = 1 << 8
_GROWTH = 4


class Pace:
    """How much to decode at once: little at first and after damage, where much of it would be looked at in vain."""

    bytes: int
    """How much to read."""
    scanned_bytes: int
    """How much of that to look at if it is in no cycle: what a cycle ended with may not be worth a look at all."""
    records: int
    """How many records to decode at most."""

    def __init__(self) -> None:
        self.begin_small()

    def begin_small(self) -> None:
        """Goes back to where it began."""
        self.bytes = self.scanned_bytes = _FIRST_BYTES
        self.records = _FIRST_RECORDS

    def note_cycle(self, used_bytes: int) -> None:
        """Takes in that so many bytes were periods of a cycle."""
        if used_bytes > self.scanned_bytes:
            self.scanned_bytes = _FIRST_BYTES
        self._go_on(_GROWTH * used_bytes)

    def note_block(self) -> None:
        """Takes in that all that was scanned was good."""
        self.scanned_bytes = min(_GROWTH * self.scanned_bytes, _MOST_BYTES)
        self._go_on(self.scanned_bytes)

    def _go_on(self, wanted_bytes: int) -> None:
        self.bytes = min(max(wanted_bytes, self.scanned_bytes), _MOST_BYTES)
        self.records = min(_GROWTH * self.records, _MOST_BYTES)


class BlockDecoder:
    """Decodes block after block of a file and keeps in mind which layouts it has met.

    Args:
      patterns: What is known of layouts, perhaps from other files; it grows. None for what all decoders share.
    """

    pace: Pace
    """How much to decode at once."""

    def __init__(self, patterns: Patterns | None = None) -> None:
        self.pace = Pace()
        self._shared = _SHARED if patterns is None else patterns
        self._patterns: dict[int, list[Pattern]] = {}
        """By length of the payload, the last one that most records had before the others."""
        self._cycle: Cycle | None = None

    def decode_cycle(self, data: Buffer, most: int) -> DecodedBlock | None:
        """Gives the records at the beginning of a block that go on as the records before it did.

        Args:
          data: The block.
          most: How many records to give at most.

        Returns:
          None if these are few, or in no order that repeats.
        """
        block = self._cycle.decode(data, most) if self._cycle is not None else None
        if block is None:
            self._cycle = None
        return block

    def decode(self, data: Buffer, spans: Spans) -> DecodedBlock:
        """Gives the records of a block, up to the first one whose checksum does not hold."""
        block = DecodedBlock(data, spans, [], np.empty(0, np.int64))
        others = [block.others]
        for length, members in _by_length(spans.lengths):
            patterns = self._patterns.setdefault(length, [])
            is_worth_it = length <= _LONGEST_LAYOUT and (patterns or len(members) >= WORTH_A_TEMPLATE)
            others.append(self._decode_like(block, patterns, members) if is_worth_it else members)
        block.others = np.sort(np.concatenate(others))
        damaged = _damaged(block)
        block = block.first(int(damaged[0])) if len(damaged) else block
        self._cycle = find_cycle(block)
        return block

    def _decode_like(self, block: DecodedBlock, patterns: list[Pattern], members: Ints) -> Ints:
        """Decodes records of one length as far as they have layouts; gives the places of the others."""
        untried = deque(patterns)
        rows = Rows.gather(block.data, block.spans, members)
        while len(members):
            if not untried and len(members) >= WORTH_A_TEMPLATE:
                untried.extend(itertools.islice(self._discover(block, members, rows, patterns), 1))
            if not untried:
                break
            pattern = untried.popleft()
            left = _decode_by(pattern, block, members, rows, is_likely=pattern is patterns[0])
            if len(left) < len(members) / 2:
                patterns.remove(pattern)
                patterns.insert(0, pattern)
            if len(left) < len(members):
                members, rows = members[left], rows.chosen(left)
        return members

    def _discover(self, block: DecodedBlock, members: Ints, rows: Rows, patterns: list[Pattern]) -> Iterator[Pattern]:
        """Gives patterns for the layouts that some of the records have and that are not yet among `patterns`."""
        strange = np.ones(len(members), np.bool_)
        for pattern in patterns:
            strange &= ~pattern.lifter.fits(rows.words)
        candidates = members[strange]
        chosen = np.linspace(0, len(candidates) - 1, min(len(candidates), _SAMPLES)).astype(np.int64)
        for place in candidates[chosen].tolist():
            found = find_layout(block.payload(place))
            if found is not None and all(found.layout != pattern.lifter.layout for pattern in patterns):
                patterns.append(self._shared.of(found.layout))
                yield patterns[-1]


def _decode_by(pattern: Pattern, block: DecodedBlock, members: Ints, rows: Rows, *, is_likely: bool) -> Ints:
    """Adds the records that follow a pattern to the block; gives which of them do not, in ascending order.

    Args:
      pattern: The pattern.
      block: Where to add pieces.
      members: The places of the records.
      rows: The records.
      is_likely: Whether most records of this length had this layout: then they are read by it without a look at all.
    """
    if is_likely and pattern.lifter.fits(rows.words[:1]).all():
        return _add_pieces(pattern, block, members, rows)
    fitting = pattern.lifter.fits(rows.words)
    if fitting.all():
        return _add_pieces(pattern, block, members, rows)
    chosen = np.flatnonzero(fitting)
    if not len(chosen):
        return np.arange(len(members))
    left = _add_pieces(pattern, block, members[chosen], rows.chosen(chosen))
    return np.sort(np.concatenate([np.flatnonzero(~fitting), chosen[left]]))


def _add_pieces(pattern: Pattern, block: DecodedBlock, members: Ints, rows: Rows) -> Ints:
    lifted = pattern.lifter.lift(rows)
    numbers = pattern.recognise(rows, lifted.rest)
    unknown = np.flatnonzero(numbers == UNKNOWN)
    if len(unknown) >= WORTH_A_TEMPLATE:
        strange = rows.chosen(unknown)
        pattern.learn(strange)
        numbers[unknown] = pattern.recognise(strange, lifted.rest[unknown])
        unknown = np.flatnonzero(numbers == UNKNOWN)
    if (numbers != numbers[0]).any():
        order = np.argsort(numbers, kind="stable")  # a radix sort
        members, numbers, lifted = members[order], numbers[order], lifted.chosen(order)
    begins = [0, *(np.flatnonzero(numbers[1:] != numbers[:-1]) + 1).tolist(), len(numbers)]
    for begin, end in itertools.pairwise(begins):
        if numbers[begin] != UNKNOWN:
            template = pattern.templates[numbers[begin]]
            block.pieces.append(Piece.of(members, template, lifted, slice(begin, end)))
    return unknown


def _by_length(lengths: Ints) -> Iterator[tuple[int, Ints]]:
    """Gives each length and the places of the records that have it, in ascending order."""
    if not len(lengths):
        return
    if lengths[0] == lengths[-1] and (lengths == lengths[0]).all():
        yield int(lengths[0]), np.arange(len(lengths))
        return
    order = np.argsort(lengths.astype(np.uint16), kind="stable")  # a radix sort
    ordered = lengths[order]
    begins = [0, *(np.flatnonzero(ordered[1:] != ordered[:-1]) + 1).tolist(), len(order)]
    for begin, end in itertools.pairwise(begins):
        yield int(ordered[begin]), order[begin:end]


def _damaged(block: DecodedBlock) -> Ints:
    """Gives the places of the records without a template whose checksums do not hold."""
    others = block.others
    if not len(others):
        return others
    begins, lengths = block.spans.starts[others] + HEADER_BYTES, block.spans.lengths[others]
    stored = np.ndarray((len(block.data) - 3,), "<u4", block.data, 0, (1,))[begins + lengths]
    damaged: Ints = others[mask_rows(crc32c_spans(block.data, begins, lengths)) != stored]
    return damaged
