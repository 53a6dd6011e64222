"""What decoding a block gives: pieces, each the records of one template, and records that are left to be parsed."""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

from trackml.events.layout import TagKind
from trackml.events.lift import Floats, Lifted, Values
from trackml.events.rows import Ints
from trackml.events.templates import Template
from trackml.storage.crc32c import Buffer
from trackml.storage.record_scan import Spans
from trackml.storage.tfrecord import HEADER_BYTES


class Piece(NamedTuple):
    """Records that follow one template, in the order of the block."""

    members: Ints
    """Their places among the records of the block."""
    template: Template
    wall_time: Floats
    step: Ints
    values: tuple[Values, ...]
    """A column for each of `tags`."""

    @classmethod
    def of(cls, members: Ints, template: Template, lifted: Lifted, part: slice) -> Piece:
        """Gives those of some records that `part` says."""
        values = tuple(column[part] for column in lifted.values)
        return cls(members[part], template, lifted.wall_time[part], lifted.step[part], values)

    @property
    def tags(self) -> tuple[TagKind, ...]:
        """What their values say about their tags."""
        return self.template.tags

    def before(self, place: int) -> Piece:
        """Gives the records in front of that at `place` of the block."""
        count = int(self.members.searchsorted(place))
        values = tuple(column[:count] for column in self.values)
        return Piece(self.members[:count], self.template, self.wall_time[:count], self.step[:count], values)


@dataclasses.dataclass
class DecodedBlock:
    """The records at the beginning of a block whose checksums hold."""

    data: Buffer
    """The block, as long as nobody reads the next one."""
    spans: Spans
    pieces: list[Piece]
    others: Ints
    """The places of the records that must be parsed one by one, in ascending order."""

    def payload(self, place: int) -> bytes:
        """Gives the payload of a record."""
        begin = int(self.spans.starts[place]) + HEADER_BYTES
        return bytes(self.data[begin : begin + int(self.spans.lengths[place])])

    def first(self, count: int) -> DecodedBlock:
        """Gives the first `count` records."""
        pieces = [piece.before(count) for piece in self.pieces]
        others = self.others[: self.others.searchsorted(count)]
        return DecodedBlock(self.data, self.spans.first(count), [piece for piece in pieces if len(piece.step)], others)
