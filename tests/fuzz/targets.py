"""What is fuzzed: each target takes any bytes and raises only if what is tested is wrong.

Bytes that a fuzzer makes up hardly ever have the checksums of a record or of a table's block, so most of them would say
nothing about what comes behind. Recipes are fuzzed instead: a recipe says of which bytes, records or blocks a file
consists, and the checksums are computed. `tests/fuzz/test_corpus.py` gives the targets every recipe of the corpus.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import pathlib
import struct
import tempfile
from collections.abc import Callable, Iterator

from google.protobuf.message import DecodeError
from record_by_record import plain, read_record_by_record

from trackml.bundle.bundle import BundleReader
from trackml.bundle.index import data_path, index_path
from trackml.bundle.slices import slice_key
from trackml.errors import OpError
from trackml.events.blocks import BlockDecoder
from trackml.events.columns import read_columns
from trackml.events.contents import content_of, parse_event
from trackml.events.event_columns import EventColumns
from trackml.protos.tensor_bundle_pb2 import BundleEntryProto, BundleHeaderProto
from trackml.storage.crc32c import crc32c, mask, masked_crc32c
from trackml.storage.record_scan import scan_records
from trackml.storage.table import MAGIC, TableError, decode_table, encode_table, varint
from trackml.storage.tfrecord import Corrupt, Record, RecordReader, Truncated, frame

_MOST_BYTES = 1 << 18


class Recipe:
    """The bytes of a recipe, taken from the front; behind the end there are zeros."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def __bool__(self) -> bool:
        return self._at < len(self._data)

    def octet(self) -> int:
        """Takes one byte."""
        taken = self._data[self._at : self._at + 1]
        self._at += 1
        return taken[0] if taken else 0

    def chunk(self) -> bytes:
        """Takes a length of two bytes, low one first, and as many bytes as that."""
        length = self.octet() | self.octet() << 8
        taken = self._data[self._at : self._at + length]
        self._at += length
        return taken


def decode_events(data: bytes) -> None:
    """The decoder of whole blocks gives what parsing one record after the other gives, also when the file grows."""
    recipe = Recipe(data)
    cut = recipe.octet() | recipe.octet() << 8
    file = file_of(recipe)
    _compare_events(file, len(file))
    _compare_events(file, cut % (len(file) + 1))
    for record in RecordReader(io.BytesIO(file)):
        if isinstance(record, Record):
            _read_contents(record.payload)


def read_records(data: bytes) -> None:
    """What a reader gives covers the file, nothing twice and nothing left out, also when the file grows."""
    recipe = Recipe(data)
    cut = recipe.octet() | recipe.octet() << 8
    file = file_of(recipe)
    whole = list(_tiles(file, [len(file)]))
    grown = list(_tiles(file, [cut % (len(file) + 1), len(file)]))
    # Before the first damage there is only one way to read.
    sound = list(itertools.takewhile(lambda outcome: isinstance(outcome, Record), whole))
    assert [outcome for outcome in grown if isinstance(outcome, Record)][: len(sound)] == sound
    _compare_scan(file, whole)


def read_table(data: bytes) -> None:
    """A table gives back what was put in; of any other bytes it gives pairs, or a TableError."""
    recipe = Recipe(data)
    form = recipe.octet() % 3
    if form == 0:
        pairs = dict(_pairs(recipe))
        assert dict(decode_table(encode_table(sorted(pairs.items())))) == pairs
        return
    table = data[1:] if form == 1 else table_of(recipe)
    try:
        pairs = dict(decode_table(table))
    except TableError:
        return
    assert all(len(key) + len(value) <= len(table) for key, value in pairs.items())


def read_bundle(data: bytes) -> None:
    """A checkpoint gives the tensors that its index names, or one of TensorFlow's errors."""
    recipe = Recipe(data)
    stored = recipe.chunk()
    header = recipe.chunk() if recipe.octet() & 1 else BundleHeaderProto(num_shards=1).SerializeToString()
    entries = dict(_entries(recipe, stored))
    with tempfile.TemporaryDirectory() as folder:
        prefix = pathlib.Path(folder) / "model.ckpt"
        pathlib.Path(index_path(prefix)).write_bytes(encode_table(sorted({b"": header, **entries}.items())))
        pathlib.Path(data_path(prefix, 0, 1)).write_bytes(stored)
        with contextlib.suppress(OpError):
            reader = BundleReader(prefix)
            for name in [key.decode("utf-8", "surrogateescape") for key in entries]:
                with contextlib.suppress(OpError):
                    reader.get_tensor(name)
            reader.get_variable_to_shape_map()
            reader.get_variable_to_dtype_map()


TARGETS: dict[str, Callable[[bytes], None]] = {
    "bundles": read_bundle,
    "events": decode_events,
    "records": read_records,
    "tables": read_table,
}


def file_of(recipe: Recipe) -> bytes:
    """Gives the file that a recipe describes.

    Each step is a byte, two bits for what it is and six for a number, and a chunk:
    0: the chunk as it is; 1: a record of it, repeated; 2: records of it, in each of which one byte is greater than in
    the one before; 3: damage: bytes of the chunk are xored into the file, from the place on that its first two say.
    """
    file = bytearray()
    while recipe and len(file) < _MOST_BYTES:
        step = recipe.octet()
        what, number, chunk = step & 3, step >> 2, recipe.chunk()
        if what == 0:
            file += chunk
        elif what == 1:
            file += frame(chunk) * (1 + number)
        elif what == 2:
            place = recipe.octet() | recipe.octet() << 8
            file += b"".join(frame(_varied(chunk, place, index)) for index in range(1 + number))
        elif len(file) and len(chunk) > 2:
            begin = int.from_bytes(chunk[:2], "little") % len(file)
            for offset, octet in enumerate(chunk[2 : 2 + len(file) - begin]):
                file[begin + offset] ^= octet
    return bytes(file[:_MOST_BYTES])


def table_of(recipe: Recipe) -> bytes:
    """Gives a table of blocks that hold whatever the recipe says, with checksums that hold.

    The first byte says whether the last block is the index, or one is made that lists all blocks.
    """
    table, index, handle = bytearray(), b"", b""
    has_index = recipe.octet() & 1
    while recipe:
        compression, content = bytes([recipe.octet() & 1]), recipe.chunk()
        handle = varint(len(table)) + varint(len(content))
        index += b"\0\1" + varint(len(handle)) + b"k" + handle
        table += content + compression + struct.pack("<I", masked_crc32c(content + compression))
    if not has_index:
        content = index + struct.pack("<II", 0, 1) + b"\0"
        handle = varint(len(table)) + varint(len(content) - 1)
        table += content + struct.pack("<I", masked_crc32c(content))
    return bytes(table) + (b"\0\0" + handle).ljust(40, b"\0") + struct.pack("<Q", MAGIC)


def _varied(chunk: bytes, place: int, index: int) -> bytes:
    varied = bytearray(chunk)
    if varied:
        varied[place % len(varied)] = (varied[place % len(varied)] + index) % 256
    return bytes(varied)


def _pairs(recipe: Recipe) -> Iterator[tuple[bytes, bytes]]:
    while recipe:
        repeats, key, value = 1 + recipe.octet(), recipe.chunk(), recipe.chunk()
        for index in range(repeats):
            yield key + bytes([index]), value


def _entries(recipe: Recipe, stored: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Gives entries of an index as the recipe has them, or with the checksum or the key of a part as it must be."""
    name = b""
    while recipe:
        step, key, value = recipe.octet(), recipe.chunk(), recipe.chunk()
        entry = BundleEntryProto()
        with contextlib.suppress(DecodeError):
            entry.ParseFromString(value)
        if step & 1 and len(stored) >= entry.offset + entry.size >= entry.offset >= 0:
            entry.crc32c = mask(crc32c(stored[entry.offset : entry.offset + entry.size]))
            value = entry.SerializeToString()
        if step & 2 and len(entry.slices):
            key = slice_key(name, entry.slices[0])
        name = key or b"k"
        yield name, value


def _compare_events(file: bytes, cut: int) -> None:
    """Reads up to `cut` and then the rest, both ways."""
    growing, slow = io.BytesIO(file[:cut]), io.BytesIO(file[:cut])
    reader, slow_reader, decoder = RecordReader(growing), RecordReader(slow), BlockDecoder()
    columns = EventColumns()
    kinds: dict[str, str] = {}
    for part in (b"", file[cut:]):
        for stream in (growing, slow):
            stream.seek(0, io.SEEK_END)
            stream.write(part)
        version, step = columns.file_version, columns.last_summary_step
        expected = read_record_by_record(slow_reader, kinds, version, step)
        columns = read_columns(
            reader, lambda: False, kinds=kinds, file_version=version, last_summary_step=step, decoder=decoder
        )
        assert plain(columns) == plain(expected)
        assert reader.offset == slow_reader.offset
        kinds = {**columns.kinds, **kinds}


def _read_contents(payload: bytes) -> None:
    """Reads each value as if somebody had asked for it."""
    event = parse_event(payload)
    for value in event.summary.value if event is not None else ():
        for kind in ("histograms", "images", "audio", "text", "tensors"):
            with contextlib.suppress(ValueError):
                content_of(value, kind)


def _tiles(file: bytes, sizes: list[int]) -> Iterator[Record | Corrupt | Truncated]:
    """Reads a file that grows; checks that what is read follows what was read before."""
    stream = io.BytesIO()
    reader = RecordReader(stream)
    end = 0
    for size in sizes:
        stream.seek(0, io.SEEK_END)
        stream.write(file[stream.tell() : size])
        for outcome in reader:
            assert outcome.offset == end
            if isinstance(outcome, Record):
                framed = frame(outcome.payload)
                assert file[end : end + len(framed)] == framed
                end += len(framed)
            elif isinstance(outcome, Corrupt) and outcome.final:
                end += outcome.bytes_lost
            assert reader.offset == end
            yield outcome
        rest = _last(reader)
        if isinstance(rest, Corrupt):
            assert rest.offset + rest.bytes_lost == size
        elif isinstance(rest, Truncated):
            assert rest.missing > 0
        else:
            assert end == size


def _last(reader: RecordReader) -> Record | Corrupt | Truncated | None:
    """Gives what stands at the end; None if it is a record."""
    return next(iter(reader), None)


def _compare_scan(file: bytes, outcomes: list[Record | Corrupt | Truncated]) -> None:
    """The scan of a whole block finds the records that the reader finds, from the first one on, or fewer."""
    spans = scan_records(file)
    starts, lengths = spans.starts.tolist(), spans.lengths.tolist()
    for outcome, start, length in zip(outcomes, starts, lengths, strict=False):
        assert outcome.offset == start
        if not isinstance(outcome, Record):
            return  # The checksum of a payload does not hold; the scan does not look at those.
        assert len(outcome.payload) == length
