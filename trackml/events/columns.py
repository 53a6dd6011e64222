"""An event file as columns: the one way from the bytes of a file to the points of its tags.

Blocks of records are decoded as a whole (`BlockDecoder`). Where a block does not begin with a whole good record, the
record reader says what is there: damage, a record that is not whole yet, or one that is longer than a block.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from trackml.events.blocks import BlockDecoder
from trackml.events.event_columns import EventColumns
from trackml.events.gather import Gatherer
from trackml.events.pieces import DecodedBlock
from trackml.events.rows import SPARE_BYTES
from trackml.events.templates import Patterns
from trackml.storage.crc32c import Buffer
from trackml.storage.record_scan import Spans, scan_records
from trackml.storage.tfrecord import HEADER_BYTES, Corrupt, Outcome, Record, RecordReader

_RECORDS_A_CALL = 1 << 20
_RECORDS_A_LOOK = 1 << 8


def read_columns(
    reader: RecordReader,
    should_stop: Callable[[], bool],
    *,
    kinds: Mapping[str, str],
    own_kinds: Mapping[str, str] | None = None,
    file_version: float | None = None,
    last_summary_step: int | None = None,
    decoder: BlockDecoder | None = None,
) -> EventColumns:
    """Gives what `reader` has from its offset on, as far as time allows.

    Args:
      reader: The records of an event file; its offset moves on.
      should_stop: Asked now and then, after some records at least.
      kinds: Kinds of tags that earlier reads found. They hold for values without metadata, since TensorFlow's first
        writer leaves it out after the first value of a tag.
      own_kinds: Kinds of tags that earlier reads of this file found. They hold for all values: the first one decides.
      file_version: What an earlier read of the file gave.
      last_summary_step: What an earlier read of the file gave.
      decoder: One that an earlier read used, so that it need not learn the file's layouts again. None for one that
        knows nothing.

    Returns:
      The columns of this read alone.
    """
    # Signalling NaNs are values like others.
    with np.errstate(all="ignore"):
        known = EventColumns(
            kinds=dict(own_kinds or {}), file_version=file_version, last_summary_step=last_summary_step
        )
        gatherer = Gatherer(known, kinds)
        source = _Source(reader, gatherer, decoder or BlockDecoder(Patterns()))
        asked = 0
        while source.records < _RECORDS_A_CALL:
            if not source.read_on(_RECORDS_A_CALL - source.records):
                gatherer.columns.finished = True
                break
            if source.records - asked >= _RECORDS_A_LOOK:
                asked = source.records
                if should_stop():
                    break
        return gatherer.finish()


class _Source:
    """Takes blocks from a reader, and single outcomes where they end."""

    def __init__(self, reader: RecordReader, gatherer: Gatherer, decoder: BlockDecoder) -> None:
        self.records = 0
        """How many records and damages were read."""
        self._reader = reader
        self._gatherer = gatherer
        self._decoder = decoder
        reader.look()

    def read_on(self, most: int) -> bool:
        """Reads a block of at most `most` records, or one outcome; tells whether there is more."""
        start, pace = self._reader.offset, self._decoder.pace
        data = self._reader.block(pace.bytes)
        most = min(most, pace.records)
        block = self._decode_cycle(data, most) or self._decode(data, most)
        count = len(block.spans.starts)
        if not count:
            return self._take()
        self._gatherer.add(block, start)
        self._reader.skip(block.spans.end)
        self.records += count
        return True

    def _decode_cycle(self, data: Buffer, most: int) -> DecodedBlock | None:
        block = self._decoder.decode_cycle(data, most)
        if block is not None:
            self._decoder.pace.note_cycle(block.spans.end)
        return block

    def _decode(self, data: Buffer, most: int) -> DecodedBlock:
        pace = self._decoder.pace
        spans = scan_records(data[: pace.scanned_bytes], SPARE_BYTES).first(most)
        block = self._decoder.decode(data, spans)
        if len(block.spans.starts) < len(spans.starts):
            pace.begin_small()
        else:
            pace.note_block()
        return block

    def _take(self) -> bool:
        outcome = self._reader.take()
        if outcome is None:
            return False
        self.records += 1
        self._decoder.pace.begin_small()
        return self._add(outcome)

    def _add(self, outcome: Outcome) -> bool:
        if isinstance(outcome, Record):
            spans = Spans(np.zeros(1, np.int64), np.array([len(outcome.payload)]))
            data = bytes(HEADER_BYTES) + outcome.payload
            self._gatherer.add(DecodedBlock(data, spans, [], np.zeros(1, np.int64)), outcome.offset)
            return True
        if isinstance(outcome, Corrupt) and outcome.final:
            self._gatherer.columns.damage.append(outcome)
            return True
        self._gatherer.columns.tail = outcome
        return False
