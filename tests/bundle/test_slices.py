"""Keys and boxes of the parts of partitioned variables."""

from __future__ import annotations

import pytest

from trackml.bundle.slices import box, is_slice_key, slice_key
from trackml.protos.tensor_bundle_pb2 import BundleEntryProto, TensorSliceProto
from trackml.storage.table import decode_table


def part_of(*extents):
    part = TensorSliceProto()
    for extent in extents:
        part.extent.add(**extent)
    return part


@pytest.mark.parametrize("name", ["slices", "parts", "sharded_parts"])
def test_keys_are_those_that_tensorflow_wrote(golden, name):
    table = dict(decode_table((golden / f"{name}.index").read_bytes()))
    entries = {key: BundleEntryProto.FromString(value) for key, value in table.items() if key}
    keys = {slice_key(key, part) for key, entry in entries.items() for part in entry.slices}
    assert keys == {key for key in entries if is_slice_key(key)}


@pytest.mark.parametrize(
    ("extent", "code"),
    [
        ({"start": 0, "length": 1}, "8081"),
        ({"start": 63, "length": 64}, "bfc040"),
        ({}, "807f"),
        ({"start": 2**55, "length": 2**62 - 1}, "ff8080000000000000ffbfffffffffffffff"),
        ({"start": 2**62, "length": 0}, "ffc0400000000000000080"),
    ],
)
def test_numbers_take_as_few_bytes_as_hold_them(extent, code):
    assert slice_key(b"w", part_of(extent)).hex() == "00" + "770001" + "0101" + code


def test_name_escapes_the_bytes_that_end_it():
    key = slice_key(b"a\x00b\xffc", part_of({"start": 0, "length": 1}))
    assert key.startswith(b"\x00a\x00\xffb\xff\x00c\x00\x01")


def test_box_takes_a_dimension_whole_without_a_length():
    assert box(part_of({"start": 1, "length": 2}, {}), (5, 3)) == (slice(1, 3), slice(0, 3))


@pytest.mark.parametrize("extents", [[], [{"start": 4, "length": 2}], [{"start": -1, "length": 1}]])
def test_part_outside_its_tensor_is_refused(extents):
    with pytest.raises(ValueError, match="a part"):
        box(part_of(*extents), (5,))
