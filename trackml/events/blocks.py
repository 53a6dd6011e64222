"""Blocks of records, decoded without a Python call for each record.

Records of one length become the rows of a matrix. A layout, found by parsing one of them, says which bytes vary; these
are lifted out as columns and cleared (`Lifter`). Of what is left most rows are equal to the row some steps before,
because the same tags are written in the same order again and again; where they are not, sorting by a hash brings
equal rows together. Each different row is a template: its tags, and the checksum of its constant bytes. So every byte
of every record is looked at: the constant ones are compared, the others are lifted, and all count in the checksums.

Records without a layout, and those of which there are few, are left to be parsed one by one; their checksums are
computed together too.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from trackml.events.layout import LaidOut, Layout, TagKind, find_layout
from trackml.events.lift import Lifted, Lifter, Rows, Values
from trackml.storage.crc32c import crc32c, mask_rows
from trackml.storage.crc32c_batch import crc32c_spans
from trackml.storage.record_scan import Spans
from trackml.storage.tfrecord import FOOTER_BYTES, HEADER_BYTES

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_WORTH_A_TEMPLATE = 4
_LONGEST_LAYOUT = 1 << 14
_LONGEST_PERIOD = 1 << 12
_SAMPLES = 8
_MOST_TEMPLATES = 1 << 14
_WORD = 8
SPARE_BYTES = _WORD - 1
"""How many bytes must follow the last record of a block."""
_HASH_FACTOR = np.uint64(0x9E3779B97F4A7C15)


class Piece(NamedTuple):
    """Records that follow one template, in the order of the block."""

    members: Ints
    """Their places among the records of the block."""
    tags: tuple[TagKind, ...]
    wall_time: Floats
    step: Ints
    values: tuple[Values, ...]
    """A column for each of `tags`."""


@dataclasses.dataclass
class DecodedBlock:
    """The records at the beginning of a block whose checksums hold."""

    data: bytes
    spans: Spans
    pieces: list[Piece]
    others: Ints
    """The places of the records that must be parsed one by one, in ascending order."""

    def payload(self, place: int) -> bytes:
        """Gives the payload of a record."""
        begin = int(self.spans.starts[place]) + HEADER_BYTES
        return self.data[begin : begin + int(self.spans.lengths[place])]


class _Template(NamedTuple):
    checksum: int
    """The CRC-32C of the payload where every bit that varies is zero."""
    tags: tuple[TagKind, ...]


class _Pattern:
    """A layout with the templates that were met."""

    def __init__(self, layout: Layout) -> None:
        self.lifter = Lifter(layout)
        self._templates: dict[bytes, _Template] = {}

    def get(self, row: bytes) -> _Template | None:
        return self._templates.get(row)

    def add(self, row: bytes, found: LaidOut) -> _Template:
        payload = row[HEADER_BYTES : HEADER_BYTES + found.layout.length]
        template = _Template(crc32c(payload), found.values)
        if len(self._templates) < _MOST_TEMPLATES:
            self._templates[row] = template
        return template


class BlockDecoder:
    """Decodes block after block of a file and keeps in mind which layouts and templates it has met."""

    def __init__(self) -> None:
        self._patterns: dict[int, dict[Layout, _Pattern]] = {}
        """By length of the payload."""

    def decode(self, data: bytes, spans: Spans) -> DecodedBlock:
        """Gives the records of a block, up to the first one whose checksum does not hold."""
        while True:
            block, first_bad = self._decode(data, spans)
            if first_bad is None:
                return block
            spans = spans.first(first_bad)

    def _decode(self, data: bytes, spans: Spans) -> tuple[DecodedBlock, int | None]:
        block = DecodedBlock(data, spans, [], np.empty(0, np.int64))
        bad: list[Ints] = []
        others: list[Ints] = [block.others]
        for length, members in _by_length(spans.lengths):
            left = members
            if length <= _LONGEST_LAYOUT:
                left = self._decode_like(block, length, members, bad)
            others.append(left)
        block.others = np.sort(np.concatenate(others))
        bad.append(_damaged(block))
        places = np.concatenate(bad)
        return block, int(places.min()) if len(places) else None

    def _decode_like(self, block: DecodedBlock, length: int, members: Ints, bad: list[Ints]) -> Ints:
        """Decodes records of one length as far as they have layouts; gives the places of the others."""
        patterns = self._patterns.setdefault(length, {})
        if not patterns and len(members) < _WORTH_A_TEMPLATE:
            return members
        untried = deque(patterns.values())
        rows = _gather(block, members)
        while len(members):
            if not untried and len(members) >= _WORTH_A_TEMPLATE:
                untried.extend(itertools.islice(_discover(block, members, patterns), 1))
            if not untried:
                break
            pattern = untried.popleft()
            fitting = pattern.lifter.fits(rows)
            if fitting.all():
                members = _Match(block, pattern, members, rows).run(bad)
                rows = _gather(block, members)
            elif fitting.any():
                rejected = _Match(block, pattern, members[fitting], _chosen_rows(rows, fitting)).run(bad)
                rows = _chosen_rows(rows, ~fitting)
                members = members[~fitting]
                if len(rejected):
                    members = np.sort(np.concatenate([members, rejected]))
                    rows = _gather(block, members)
        return members


class _Match:
    """The attempt to read records of one length by one layout."""

    def __init__(self, block: DecodedBlock, pattern: _Pattern, members: Ints, rows: Rows) -> None:
        self._block = block
        self._pattern = pattern
        self._members = members
        self._rows = rows
        self._lifted = pattern.lifter.lift(rows)

    def run(self, bad: list[Ints]) -> Ints:
        """Adds pieces to the block; gives the places of the records that have another layout or a rare template."""
        rejected = [self._members[:0]]
        classes = _periodic(self._rows)
        if classes is None:
            self._reorder(_order(self._rows))
            classes = _runs(self._rows)
        constant = np.zeros(len(self._members), np.uint32)
        accepted = np.ones(len(self._members), np.bool_)
        for chosen in classes:
            template = self._template(chosen)
            if template is None:
                rejected.append(self._members[chosen])
                accepted[chosen] = False
            else:
                constant[chosen] = template.checksum
                self._block.pieces.append(self._piece(chosen, template))
        wrong = mask_rows(constant ^ self._lifted.registers) != self._lifted.stored
        bad.append(self._members[wrong & accepted])
        return np.sort(np.concatenate(rejected))

    def _reorder(self, order: Ints) -> None:
        self._rows = _chosen_rows(self._rows, order)
        self._members = self._members[order]
        lifted = self._lifted
        self._lifted = Lifted(
            _chosen(lifted.wall_time, order),
            _chosen(lifted.step, order),
            [column[order] for column in lifted.values],
            _chosen(lifted.registers, order),
            lifted.stored[order],
        )

    def _template(self, chosen: slice) -> _Template | None:
        row = self._rows[chosen.start].tobytes()
        template = self._pattern.get(row)
        if template is None and len(range(*chosen.indices(len(self._rows)))) >= _WORTH_A_TEMPLATE:
            found = find_layout(self._block.payload(int(self._members[chosen.start])))
            if found is not None and found.layout == self._pattern.lifter.layout:
                template = self._pattern.add(row, found)
        return template

    def _piece(self, chosen: slice, template: _Template) -> Piece:
        lifted = self._lifted
        members = self._members[chosen]
        return Piece(
            members,
            template.tags,
            _spread(lifted.wall_time, chosen, len(members)),
            _spread(lifted.step, chosen, len(members)),
            tuple(column[chosen] for column in lifted.values),
        )


def _by_length(lengths: Ints) -> Iterator[tuple[int, Ints]]:
    """Gives each length and the places of the records that have it, in ascending order."""
    if not len(lengths):
        return
    if lengths[0] == lengths[-1] and (lengths == lengths[0]).all():
        yield int(lengths[0]), np.arange(len(lengths))
        return
    order = np.argsort(lengths.astype(np.uint16), kind="stable")
    ordered = lengths[order]
    begins = [0, *(np.flatnonzero(ordered[1:] != ordered[:-1]) + 1).tolist(), len(order)]
    for begin, end in itertools.pairwise(begins):
        yield int(ordered[begin]), order[begin:end]


def _discover(block: DecodedBlock, members: Ints, patterns: dict[Layout, _Pattern]) -> Iterable[_Pattern]:
    """Gives patterns for the layouts that some of the records have and that are not yet among `patterns`."""
    for place in members[np.linspace(0, len(members) - 1, _SAMPLES).astype(np.int64)].tolist():
        found = find_layout(block.payload(place))
        if found is not None and found.layout not in patterns:
            patterns[found.layout] = _Pattern(found.layout)
            yield patterns[found.layout]


def _damaged(block: DecodedBlock) -> Ints:
    """Gives the places of the records without a template whose checksums do not hold."""
    others = block.others
    if not len(others):
        return others
    begins, lengths = block.spans.starts[others] + HEADER_BYTES, block.spans.lengths[others]
    stored = np.ndarray((len(block.data) - 3,), "<u4", block.data, 0, (1,))[begins + lengths]
    damaged: Ints = others[mask_rows(crc32c_spans(block.data, begins, lengths)) != stored]
    return damaged


def _gather(block: DecodedBlock, members: Ints) -> Rows:
    """Gives whole records of one length as rows, a copy; zeros behind them make each a number of whole words."""
    if not len(members):
        return np.empty((0, _WORD), np.uint8)
    width = int(block.spans.lengths[members[0]]) + HEADER_BYTES + FOOTER_BYTES
    padded = -(-width // _WORD) * _WORD
    items = np.ndarray((len(block.data) - padded + 1,), f"V{padded}", block.data, 0, (1,))
    rows: Rows = items[block.spans.starts[members]].view(np.uint8).reshape(-1, padded)
    rows[:, width:] = 0
    return rows


def _chosen_rows(rows: Rows, chosen: npt.NDArray[Any]) -> Rows:
    """Gives `rows[chosen]`; numpy copies an item of many bytes faster than a row."""
    width = rows.shape[1]
    part: Rows = rows.reshape(-1).view(f"V{width}")[chosen].view(np.uint8).reshape(-1, width)
    return part


def _words(rows: Rows) -> npt.NDArray[np.uint64]:
    words: npt.NDArray[np.uint64] = rows.reshape(-1).view("<u8").reshape(len(rows), -1)
    return words


def _periodic(rows: Rows) -> list[slice] | None:
    """Gives the classes of equal rows if every row is equal to the row a fixed number of rows before."""
    words = _words(rows)
    count, width = words.shape
    flat = words.reshape(-1)
    candidates = np.flatnonzero((words[1 : _LONGEST_PERIOD + 1] == words[0]).all(axis=1)) + 1
    for period in [1] if count == 1 else candidates[:4].tolist():
        near = min(count, 4 * period) * width
        if np.array_equal(flat[period * width : near], flat[: near - period * width]) and np.array_equal(
            flat[period * width :], flat[: (count - period) * width]
        ):
            return [slice(begin, None, period) for begin in range(period)]
    return None


def _order(rows: Rows) -> Ints:
    """Gives an order that brings equal rows together and keeps the order among them."""
    hashes = np.zeros(len(rows), np.uint64)
    for column in _words(rows).T:
        hashes ^= column
        hashes *= _HASH_FACTOR
        hashes ^= hashes >> np.uint64(32)
    order: Ints = np.argsort(hashes, kind="stable")
    return order


def _runs(rows: Rows) -> list[slice]:
    """Gives the classes of equal rows that are next to each other."""
    differs = np.zeros(len(rows) - 1, np.bool_)
    for column in _words(rows).T:
        differs |= column[1:] != column[:-1]
    begins = [0, *(np.flatnonzero(differs) + 1).tolist(), len(rows)]
    return [slice(begin, end) for begin, end in itertools.pairwise(begins)]


def _chosen(column: npt.NDArray[Any], order: Ints) -> npt.NDArray[Any]:
    return column if len(column) == 1 else column[order]


def _spread(column: npt.NDArray[Any], chosen: slice, count: int) -> npt.NDArray[Any]:
    return np.broadcast_to(column, (count,)) if len(column) == 1 else column[chosen]
