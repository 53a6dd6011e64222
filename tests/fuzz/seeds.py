"""Writes the recipes that the corpus began with: `python tests/fuzz/seeds.py`, run with tests/oracles on the path.

They are small events of every kind, as one value and repeated, small tables, and small checkpoints.
"""

from __future__ import annotations

import itertools
import pathlib
import struct

from tensorboard.compat.proto import event_pb2

from trackml.bundle.string_tensor import encode_strings
from trackml.protos.tensor_bundle_pb2 import BundleEntryProto, BundleHeaderProto, TensorSliceProto
from trackml.storage.tfrecord import Record, RecordReader

HERE = pathlib.Path(__file__).parent
GOLDEN = HERE.parent / "golden"


def chunk(data: bytes) -> bytes:
    """The bytes as a recipe has them."""
    return struct.pack("<H", len(data)) + data


def step(what: int, number: int, data: bytes, place: int | None = None) -> bytes:
    """One step of a file."""
    return bytes([what | number << 2]) + chunk(data) + (b"" if place is None else struct.pack("<H", place))


def events() -> list[bytes]:
    """Recipes of event files."""
    payloads = []
    for path in sorted((GOLDEN / "events").glob("*/*")):
        with RecordReader(path) as reader:
            payloads += [record.payload for record in itertools.islice(reader, 4) if isinstance(record, Record)]
    start, scalar, pair = event_pb2.Event(step=3), event_pb2.Event(step=300, wall_time=1.5), event_pb2.Event(step=-1)
    start.session_log.status = event_pb2.SessionLog.START
    scalar.summary.value.add(tag="loss", simple_value=0.5)
    pair.summary.value.add(tag="a", simple_value=0.5)
    tensor = pair.summary.value.add(tag="b")
    tensor.metadata.plugin_data.plugin_name = "scalars"
    tensor.tensor.dtype, tensor.tensor.tensor_content = 2, bytes(8)
    version = event_pb2.Event(file_version="brain.Event:2")
    payloads += [message.SerializeToString() for message in (start, scalar, pair, version)]
    payloads = [payload for payload in payloads if len(payload) < 600]
    recipes = [step(1, 0, payload) + step(2, 9, payload, 11) for payload in payloads]
    recipes.append(b"".join(step(1, 2, payload) for payload in payloads if len(payload) < 100))
    recipes.append(step(2, 9, scalar.SerializeToString(), 10) + step(3, 0, b"\x50\0\1") + step(1, 9, b"\xff\xff"))
    recipes.append(step(1, 0, payloads[0]) + step(0, 0, b"garbage") + step(2, 30, pair.SerializeToString(), 5))
    return [b"\x40\0" + recipe for recipe in recipes]


def tables() -> list[bytes]:
    """Recipes of tables."""
    block = b"\0\1\1ab\1\1\1cd" + struct.pack("<II", 0, 1)
    index = (GOLDEN / "checkpoint" / "mix.index").read_bytes()
    return [
        b"\0" + b"\x05" + chunk(b"key") + chunk(b"value") + b"\x40" + chunk(b"other") + chunk(bytes(40)),
        b"\1" + index[:1000],
        b"\1" + index,
        b"\2" + b"\0" + (b"\0" + chunk(block)) * 2,
        b"\2" + b"\1" + (b"\1" + chunk(block)) * 2,
        b"\2" + b"\1" + b"\0" + chunk(b"\0\1\2k\0\x0e" + struct.pack("<II", 0, 1)),
    ]


def bundles() -> list[bytes]:
    """Recipes of checkpoints: numbers, strings, a variable in two parts."""
    header = BundleHeaderProto(num_shards=1).SerializeToString()
    numbers = BundleEntryProto(dtype=1, size=8, shape={"dim": [{"size": 2}]})
    strings = BundleEntryProto(dtype=7, size=9, shape={"dim": [{"size": 2}]})
    parts = [TensorSliceProto(extent=[{"start": start, "length": 1}]) for start in (0, 1)]
    whole = BundleEntryProto(dtype=1, shape={"dim": [{"size": 2}]}, slices=parts)
    part = BundleEntryProto(dtype=1, size=4, shape={"dim": [{"size": 1}]}, slices=parts[:1])
    stored, _ = encode_strings([b"ab", b"c"])

    def entry(step: int, key: bytes, message: BundleEntryProto) -> bytes:
        return bytes([step]) + chunk(key) + chunk(message.SerializeToString())

    return [
        chunk(bytes(8)) + b"\0" + entry(1, b"numbers", numbers),
        chunk(bytes(8)) + b"\1" + chunk(header) + entry(0, b"numbers", numbers) + entry(1, b"more", numbers),
        chunk(stored) + b"\0" + entry(1, b"strings", strings),
        chunk(bytes(8)) + b"\0" + entry(0, b"whole", whole) + entry(3, b"", part),
    ]


def main() -> None:
    """Writes them all."""
    for target, recipes in {"events": events(), "records": events(), "tables": tables(), "bundles": bundles()}.items():
        folder = HERE / "corpus" / target
        folder.mkdir(parents=True, exist_ok=True)
        for number, recipe in enumerate(recipes):
            (folder / f"seed-{number:02}").write_bytes(recipe)


if __name__ == "__main__":
    main()
