"""Templates that follow each other in one order, again and again, as a training loop writes them.

If records of the same templates come in every period, they lie at the same places of every period, and nothing has to
be found: the constant bytes of all periods are compared at once, headers included, and the numbers of a template are a
column of the block. A cycle that was found is a guess about what follows; a period that differs from it in a constant
bit, or in a checksum, ends it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from trackml.events.lift import Lifted, Lifter
from trackml.events.pieces import DecodedBlock, Piece
from trackml.events.rows import SPARE_BYTES, Ints, Repeats
from trackml.events.templates import Template
from trackml.storage.crc32c import Buffer
from trackml.storage.record_scan import Spans
from trackml.storage.tfrecord import FOOTER_BYTES, HEADER_BYTES

_LONGEST_CYCLE = 1 << 12
_LONGEST_PERIOD_BYTES = 1 << 16
_CANDIDATES = 8
_EVIDENCE = 64
_FEWEST_PERIODS = 4
_TILE_BYTES = 1 << 16  # what is compared at once stays in the second cache


class Cycle:
    """Templates in the order in which their records follow each other.

    Args:
      templates: Those of one period.
    """

    period_bytes: int
    """How long a period is."""

    def __init__(self, templates: Sequence[Template]) -> None:
        self._lengths = np.array([template.lifter.layout.length for template in templates])
        ends = np.cumsum(self._lengths + (HEADER_BYTES + FOOTER_BYTES))
        self.period_bytes = int(ends[-1])
        self._starts = np.concatenate([np.zeros(1, np.int64), ends[:-1]])
        self._groups = list(_groups(templates, self._starts))
        self._constants, self._mask = _tiles(templates, self.period_bytes)

    def decode(self, data: Buffer, most: int) -> DecodedBlock | None:
        """Gives the whole periods at the beginning of `data`, at most `most` records; None if they are few."""
        periods = min((len(data) - SPARE_BYTES) // self.period_bytes, most // len(self._lengths))
        if periods >= _FEWEST_PERIODS:
            periods = self._equal_periods(data, periods)
        while periods >= _FEWEST_PERIODS:
            lifted = [group.lift(data, periods, self.period_bytes) for group in self._groups]
            holding = min(group.holding_periods(of_group) for group, of_group in zip(self._groups, lifted))
            if holding == periods:
                return self._block(data, periods, lifted)
            periods = holding
        return None

    def _equal_periods(self, data: Buffer, periods: int) -> int:
        """Gives how many periods have the constant bits of the cycle, up to the first one that has not."""
        words = np.frombuffer(data, "<u8", -(-periods * self.period_bytes // 8))
        step = len(self._constants)
        for begin in range(0, len(words), step):
            part = words[begin : begin + step]
            differing = part ^ self._constants[: len(part)]
            differing &= self._mask[: len(part)]
            if differing.max():
                octet = 8 * begin + int((differing.view(np.uint8) != 0).argmax())
                return min(periods, octet // self.period_bytes)  # beyond the last period anything may be
        return periods

    def _block(self, data: Buffer, periods: int, lifted: Sequence[Lifted]) -> DecodedBlock:
        begins = np.arange(periods)[:, None]
        starts = (begins * self.period_bytes + self._starts).reshape(-1)
        lengths = np.tile(self._lengths, periods)
        firsts = np.arange(periods) * len(self._lengths)
        pieces = [piece for group, of_group in zip(self._groups, lifted) for piece in group.pieces(of_group, firsts)]
        return DecodedBlock(data, Spans(starts, lengths), pieces, np.empty(0, np.int64))


class _Group:
    """The records of one layout in a period, those of one template next to each other.

    Args:
      lifter: Reads the layout.
      templates: Of each record.
      places: The places of the records in the period.
      offsets: Where in the period they begin.
    """

    def __init__(self, lifter: Lifter, templates: Sequence[Template], places: Ints, offsets: Ints) -> None:
        self._lifter = lifter
        self._templates = templates
        self._places = places
        self._offsets = offsets.tolist()
        self._checksums = np.array([template.checksum for template in templates], np.uint32)[:, None]

    def lift(self, data: Buffer, periods: int, period_bytes: int) -> Lifted:
        return self._lifter.lift(Repeats(data, periods, period_bytes, self._offsets))

    def holding_periods(self, lifted: Lifted) -> int:
        """Gives how many periods there are up to the first one with a checksum that does not hold."""
        holds = lifted.rest.reshape(len(self._templates), -1) == self._checksums
        return holds.shape[1] if holds.all() else int(holds.all(axis=0).argmin())

    def pieces(self, lifted: Lifted, firsts: Ints) -> Iterator[Piece]:
        """Gives a piece for each template; `firsts` are the places in the block where periods begin."""
        begin = 0
        for template, group in itertools.groupby(self._templates):
            count = len(list(group))
            part = slice(begin, begin + count)
            members = (self._places[part, None] + firsts).T.reshape(-1)
            columns = [lifted.wall_time, lifted.step, *lifted.values]
            wall_time, step, *values = (self._in_order(column, part) for column in columns)
            yield Piece(members, template, wall_time, step, tuple(values))
            begin += count

    def _in_order(self, column: npt.NDArray[Any], part: slice) -> npt.NDArray[Any]:
        """Gives the records that `part` says, period by period."""
        ordered: npt.NDArray[Any] = column.reshape(len(self._templates), -1)[part].T.reshape(-1)
        return ordered


def find_cycle(block: DecodedBlock) -> Cycle | None:
    """Gives the cycle in which the records at the end of a block lie; it goes on behind the block, if at all."""
    templates = [piece.template for piece in block.pieces]
    numbers = _last_templates(block)
    for period in _candidates(numbers):
        compared = max(period, _EVIDENCE)
        if period + compared > len(numbers):
            return None
        if np.array_equal(numbers[-compared:], numbers[-compared - period : -period]) and numbers[-period:].min() >= 0:
            chosen = [templates[number] for number in numbers[-period:].tolist()]
            bytes_of_period = sum(template.lifter.layout.length for template in chosen)
            return Cycle(chosen) if bytes_of_period <= _LONGEST_PERIOD_BYTES else None
    return None


def _last_templates(block: DecodedBlock) -> npt.NDArray[np.int32]:
    """Gives which piece each of the last records belongs to, -1 for none."""
    count = len(block.spans.starts)
    begin = max(0, count - 2 * _LONGEST_CYCLE)
    numbers = np.full(count - begin, -1, np.int32)
    for number, piece in enumerate(block.pieces):
        numbers[piece.members[piece.members.searchsorted(begin) :] - begin] = number
    return numbers


def _candidates(numbers: npt.NDArray[np.int32]) -> list[int]:
    """Gives distances at which the last template, or the rarest one, comes again."""
    occurring = numbers[numbers >= 0]
    if not len(occurring) or numbers[-1] < 0:
        return []
    counts = np.bincount(occurring)
    rarest = int(np.where(counts > 1, counts, len(numbers) + 1).argmin())
    distances: set[int] = set()
    for number in (int(numbers[-1]), rarest):
        places = np.flatnonzero(numbers == number)
        distances.update((places[-1] - places[-1 - _CANDIDATES : -1]).tolist())
    return sorted(distances)


def _groups(templates: Sequence[Template], starts: Ints) -> Iterator[_Group]:
    """Gives the records of a period, by layout."""
    lifters = {template.lifter: None for template in templates}
    ranks = {template: rank for rank, template in enumerate(dict.fromkeys(templates))}
    for lifter in lifters:
        places = [place for place, template in enumerate(templates) if template.lifter is lifter]
        places.sort(key=lambda place: ranks[templates[place]])
        chosen = np.array(places)
        yield _Group(lifter, [templates[place] for place in places], chosen, starts[chosen])


def _tiles(templates: Sequence[Template], period_bytes: int) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """Gives the constant bits of some periods, a number of whole words, and the mask that says which bits they are."""
    constants, masks = [], []
    for template in templates:
        record_bytes = template.lifter.layout.length + HEADER_BYTES + FOOTER_BYTES
        constants.append(template.constants[:record_bytes])
        masks.append(template.lifter.constant_bits[:record_bytes])
    periods = 8 // math.gcd(period_bytes, 8)
    periods *= max(1, _TILE_BYTES // (periods * period_bytes))
    return tuple(np.tile(np.concatenate(parts), periods).view("<u8") for parts in (constants, masks))  # type: ignore[return-value]
