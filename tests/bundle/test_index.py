"""Indexes that hold their checksums, but are not what they should be."""

from __future__ import annotations

import numpy as np
import pytest

from trackml import errors
from trackml.bundle.bundle import BundleReader
from trackml.bundle.index import data_path, index_path, read_index
from trackml.protos.tensor_bundle_pb2 import BundleEntryProto, BundleHeaderProto
from trackml.storage.table import encode_table


def write_index(prefix, header, **entries):
    pairs = [(b"", header), *sorted((name.encode(), entry) for name, entry in entries.items())]
    with open(index_path(prefix), "wb") as index:
        index.write(encode_table(pairs))


def header(**fields):
    return BundleHeaderProto(num_shards=1, **fields).SerializeToString()


def entry(dims=(), **fields):
    message = BundleEntryProto(**fields)
    for size in dims:
        message.shape.dim.add(size=size)
    return message.SerializeToString()


def test_paths():
    assert index_path("p") == "p.index"
    assert data_path("p", 3, 12) == "p.data-00003-of-00012"


@pytest.mark.parametrize("wrong", [{"endianness": "BIG"}, {"version": {"min_consumer": 2}}])
def test_other_forms_are_named_as_such(tmp_path, wrong):
    write_index(tmp_path / "c", header(**wrong))
    with pytest.raises(errors.UnimplementedError, match="big-endian or of a later version"):
        read_index(str(tmp_path / "c"))


@pytest.mark.parametrize("pairs", [[], [(b"", b"\xff")], [(b"", b""), (b"x", b"\xff")]])
def test_table_that_is_no_index_is_named_as_such(tmp_path, pairs):
    (tmp_path / "c.index").write_bytes(encode_table(pairs))
    with pytest.raises(errors.DataLossError, match="is a table, but not the index of a checkpoint"):
        read_index(str(tmp_path / "c"))


WRONG_ENTRIES = {
    "size is not that of the shape": entry(dtype=1, dims=[3], size=4),
    "shape has a negative size": entry(dtype=1, dims=[-1], size=4),
    "shape has no rank": entry(dtype=1, shape={"unknown_rank": True}, size=4),
    "shape is huge": entry(dtype=1, dims=[2**40, 2**40], size=4),
    "offset is negative": entry(dtype=1, size=4, offset=-1),
    "offset is beyond the file": entry(dtype=1, size=4, offset=2**40),
    "more strings than bytes": entry(dtype=7, dims=[2**40], size=4),
    "size is negative": entry(dtype=7, dims=[1], size=-4),
}


@pytest.mark.parametrize("wrong", WRONG_ENTRIES.values(), ids=WRONG_ENTRIES)
def test_entry_that_cannot_be_is_data_loss(tmp_path, wrong):
    write_index(tmp_path / "c", header(), x=wrong)
    (tmp_path / "c.data-00000-of-00001").write_bytes(np.zeros(4, np.uint8).tobytes())
    with pytest.raises(errors.DataLossError, match="'x'"):
        BundleReader(tmp_path / "c").get_tensor("x")


@pytest.mark.parametrize(("dtype", "name"), [(14, "DT_BFLOAT16"), (21, "DT_VARIANT"), (999, "DataType 999")])
def test_types_that_numpy_lacks_are_named(tmp_path, dtype, name):
    write_index(tmp_path / "c", header(), x=entry(dtype=dtype, size=4))
    reader = BundleReader(tmp_path / "c")
    assert reader.get_variable_to_shape_map() == {"x": []}
    with pytest.raises(errors.UnimplementedError, match=f"'x' in .* has type {name}"):
        reader.get_tensor("x")
