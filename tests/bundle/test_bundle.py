"""Bundles against checkpoints that TensorFlow wrote, and against damage."""

from __future__ import annotations

import lzma
import shutil

import numpy as np
import pytest

from trackml import dtypes, errors
from trackml.bundle.bundle import BundleReader, BundleWriter

READ_BACK = (
    ("mix", "mix.json"),
    ("saver", "saver.json"),
    ("parts", "parts.json"),
    ("sharded_parts", "sharded_parts.json"),
    ("linear_two_shards/model.ckpt-50", "linear_two_shards/values.json"),
)


def write(prefix, tensors):
    with BundleWriter(prefix) as writer:
        for name, value in tensors.items():
            writer.add(name, value)
    return prefix


def data_file(prefix):
    return prefix.with_name(prefix.name + ".data-00000-of-00001")


def index_file(prefix):
    return prefix.with_name(prefix.name + ".index")


@pytest.mark.parametrize("name", ["mix", "saver"])
def test_writes_byte_for_byte_what_tensorflow_wrote(golden, golden_values, tmp_path, name):
    prefix = write(tmp_path / name, golden_values(f"{name}.json"))
    assert data_file(prefix).read_bytes() == data_file(golden / name).read_bytes()
    assert index_file(prefix).read_bytes() == index_file(golden / name).read_bytes()


def test_writes_an_index_of_several_blocks_as_tensorflow_does(golden, tmp_path):
    names = [f"tower_{index:04d}/" + f"layer_{index * 7919 % 4001:04d}/" * 12 + "kernel" for index in range(3000)]
    prefix = write(tmp_path / "blocks", dict.fromkeys(names, np.float32(0)))
    assert index_file(prefix).read_bytes() == lzma.decompress((golden / "blocks.index.xz").read_bytes())


@pytest.mark.parametrize(("name", "values"), READ_BACK, ids=[name for name, _ in READ_BACK])
def test_reads_every_tensor_that_tensorflow_wrote(golden, golden_values, same, name, values):
    reader, expected = BundleReader(golden / name), golden_values(values)
    assert sorted(reader.get_variable_to_shape_map()) == sorted(expected)
    assert all(same(reader.read(tensor), value) for tensor, value in expected.items())


def test_scalars_come_as_tensorflow_gives_them(golden):
    reader = BundleReader(golden / "mix")
    assert type(reader.get_tensor("global_step")) is np.int64
    assert type(reader.get_tensor("a/scalar_bool")) is np.bool_
    assert reader.get_tensor("text/scalar") == b"hello"
    assert isinstance(reader.read("text/scalar"), np.ndarray)


def test_arrays_that_are_read_can_be_written_to(golden):
    array = BundleReader(golden / "mix").get_tensor("a/float32")
    array[:] = 7
    assert (array == 7).all()


def test_describes_itself_as_tensorflow_does(golden):
    reader = BundleReader(golden / "parts")
    assert reader.get_variable_to_shape_map()["rows"] == [7, 3]
    assert reader.get_variable_to_dtype_map()["vector"] == dtypes.int32
    assert reader.has_tensor("rows")
    assert not reader.has_tensor("rows/part_0")
    assert reader.debug_string() == (
        b"columns (DT_FLOAT) [2,300]\nglobal_step (DT_INT64) []\none_part (DT_FLOAT) [2,2]\n"
        b"rows (DT_FLOAT) [7,3]\nvector (DT_INT32) [5]\nwhole (DT_FLOAT) [2,2]\n"
    )


LAYOUTS = {
    "big-endian": np.arange(4, dtype=">i4"),
    "transposed": np.arange(6.0).reshape(2, 3).T,
    "strided": np.arange(10.0)[::3],
    "broadcast": np.broadcast_to(np.float32(2), [2, 2]),
    "list": [[1.5, 2.5]],
    "read-only": np.frombuffer(b"abcd", np.uint8),
}


@pytest.mark.parametrize("value", LAYOUTS.values(), ids=LAYOUTS)
def test_layout_in_memory_does_not_matter(tmp_path, value):
    reader = BundleReader(write(tmp_path / "c", {"x": value}))
    np.testing.assert_array_equal(reader.get_tensor("x"), value)


@pytest.mark.parametrize("value", [b"a\x00", "Zürich", np.array(["a", "bc"]), np.array([b"a", "b"], object)])
def test_strings_of_every_kind_come_back_as_bytes(tmp_path, value):
    reader = BundleReader(write(tmp_path / "c", {"x": value}))
    as_bytes = [x.encode() if isinstance(x, str) else x for x in np.array(value, object).ravel()]
    assert reader.read("x").ravel().tolist() == as_bytes


def test_empty_bundle_reads_back(tmp_path):
    assert BundleReader(write(tmp_path / "deep/er/c", {})).get_variable_to_shape_map() == {}


@pytest.mark.parametrize("name", ["", "twice"])
def test_names_must_be_new(tmp_path, name):
    writer = BundleWriter(tmp_path / "c")
    writer.add("twice", 1.0)
    with pytest.raises(errors.InvalidArgumentError, match="duplicate or empty key"):
        writer.add(name, 1.0)
    writer.discard()


@pytest.mark.parametrize("value", [np.array([1, None]), np.array(["2020-01-01"], "datetime64[D]")])
def test_elements_without_a_type_in_tensorflow_are_refused(tmp_path, value):
    with pytest.raises(TypeError), BundleWriter(tmp_path / "c") as writer:
        writer.add("x", value)
    assert list(tmp_path.iterdir()) == []


def test_nothing_has_a_final_name_before_the_end(tmp_path):
    writer = BundleWriter(tmp_path / "c")
    writer.add("x", np.ones(3))
    (leftover,) = tmp_path.iterdir()
    assert leftover.name.startswith("c.data-00000-of-00001.tempstate")
    writer.finish()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c.data-00000-of-00001", "c.index"]


def test_failing_block_leaves_nothing(tmp_path):
    with pytest.raises(ZeroDivisionError), BundleWriter(tmp_path / "c") as writer:
        writer.add("x", 1 / 0)
    assert list(tmp_path.iterdir()) == []


def test_write_that_cannot_finish_removes_what_it_wrote(tmp_path):
    prefix = write(tmp_path / "c", {"x": np.float32(1)})
    (tmp_path / "c.data-00000-of-00001").rename(tmp_path / "kept")
    (tmp_path / "c.data-00000-of-00001").mkdir()
    with pytest.raises(OSError, match=r"c\.data-00000-of-00001"):
        write(prefix, {"x": np.float32(2)})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c.data-00000-of-00001", "c.index", "kept"]


def damaged_copy(golden, tmp_path, name):
    for path in golden.glob(f"{name}.*"):
        shutil.copy(path, tmp_path)
    return tmp_path / name


def flip(path, bit):
    content = bytearray(path.read_bytes())
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)


def everything(prefix):
    """Gives the bytes of every tensor, or the class of the error that a damaged checkpoint raises."""
    try:
        reader = BundleReader(prefix)
        return {name: reader.read(name).tolist() for name in reader.get_variable_to_shape_map()}
    except (errors.DataLossError, errors.UnimplementedError) as error:
        return type(error)


def test_every_flipped_bit_of_the_data_is_found(tmp_path):
    tensors = {"f": np.ones(2, np.float32), "b": np.array([True]), "s": np.array([b"abc", b""], object)}
    prefix = write(tmp_path / "c", tensors)
    intact = data_file(prefix).read_bytes()
    for bit in range(8 * len(intact)):
        flip(data_file(prefix), bit)
        assert everything(prefix) is errors.DataLossError
        data_file(prefix).write_bytes(intact)


def test_every_flipped_bit_of_the_index_is_found_or_harmless(golden, tmp_path):
    prefix = damaged_copy(golden, tmp_path, "saver")
    intact, values = index_file(prefix).read_bytes(), everything(prefix)
    outcomes = []
    for bit in range(8 * len(intact)):
        flip(index_file(prefix), bit)
        outcomes.append(everything(prefix))
        index_file(prefix).write_bytes(intact)
    assert all(outcome in (values, errors.DataLossError) for outcome in outcomes)
    assert outcomes.count(errors.DataLossError) > 8 * (len(intact) - 48 - 13)


def test_every_truncation_of_the_data_is_found(golden, tmp_path):
    prefix = damaged_copy(golden, tmp_path, "parts")
    intact = data_file(prefix).read_bytes()
    for size in range(0, len(intact), 37):
        data_file(prefix).write_bytes(intact[:size])
        assert everything(prefix) is errors.DataLossError


def test_damaged_tensor_is_named_with_its_file_and_the_way_out(golden, tmp_path):
    prefix = damaged_copy(golden, tmp_path, "saver")
    flip(data_file(prefix), 8 * 70)
    reader = BundleReader(prefix)
    with pytest.raises(errors.DataLossError) as caught:
        reader.get_tensor("w/Adam")
    message = str(caught.value)
    assert str(data_file(prefix)) in message
    assert "'w/Adam'" in message
    assert "restore an older one" in message


def test_tensors_beside_the_damaged_one_are_read(golden, tmp_path):
    prefix = damaged_copy(golden, tmp_path, "saver")
    flip(data_file(prefix), 8 * 70)
    assert BundleReader(prefix).get_tensor("global_step") == 3


def test_truncated_data_file_is_named(golden, tmp_path):
    prefix = damaged_copy(golden, tmp_path, "saver")
    data_file(prefix).write_bytes(b"")
    with pytest.raises(errors.DataLossError, match=r"00000-of-00001 is truncated to 0 bytes: .* tensor 'w'"):
        BundleReader(prefix).get_tensor("w")


def test_missing_data_file_is_named(golden, tmp_path):
    prefix = damaged_copy(golden, tmp_path, "sharded_parts")
    (tmp_path / "sharded_parts.data-00001-of-00002").unlink()
    with pytest.raises(errors.NotFoundError, match=r"data-00001-of-00002 is missing, which holds tensor "):
        BundleReader(prefix).get_tensor("rows")


def test_missing_part_is_found(golden):
    with pytest.raises(errors.DataLossError, match="does not have sufficient slices for tensor 'two_bytes'"):
        BundleReader(golden / "slices").get_tensor("two_bytes")


def test_missing_tensor_is_named_with_those_that_are_there(golden):
    with pytest.raises(errors.NotFoundError, match=r"Key w2 not found in checkpoint .*saver, which holds: b, b/Adam, "):
        BundleReader(golden / "saver").get_tensor("w2")


def test_missing_checkpoint_is_named(tmp_path):
    with pytest.raises(errors.NotFoundError, match=r"Failed to find any matching files for .*nothing"):
        BundleReader(tmp_path / "nothing")


def test_a_file_of_another_kind_is_found(tmp_path):
    (tmp_path / "c.index").write_bytes(b"not a table" * 10)
    with pytest.raises(errors.DataLossError, match=r"c\.index is damaged: not a table"):
        BundleReader(tmp_path / "c")


def test_v1_checkpoint_is_named_as_such(tmp_path):
    (tmp_path / "c").write_bytes(b"")
    with pytest.raises(errors.UnimplementedError, match="V1 format"):
        BundleReader(tmp_path / "c")
