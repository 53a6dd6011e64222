"""Parts of partitioned variables: the box that a part covers, and the key under which a checkpoint stores it.

The key is an OrderedCode, whose bytes sort as its values do: `0`, the variable's name, its rank, then start and length
in each dimension (length -1: the dimension whole).

Source: `EncodeTensorNameSlice` in TensorFlow's `core/util/saved_tensor_slice_util.cc` and `core/lib/strings/
ordered_code.cc`, 2.15.
"""

from __future__ import annotations

from trackml.protos.tensor_bundle_pb2 import TensorSliceProto

_WHOLE = -1


def box(part: TensorSliceProto, shape: tuple[int, ...]) -> tuple[slice, ...]:
    """Gives the index of `part` in an array of `shape`.

    Raises:
        ValueError: The part does not lie in the shape.
    """
    if len(part.extent) != len(shape):
        raise ValueError(f"a part of rank {len(part.extent)} in a tensor of shape {list(shape)}")
    index = []
    for extent, size in zip(part.extent, shape, strict=True):
        stop = extent.start + extent.length if extent.HasField("length") else size
        if not 0 <= extent.start <= stop <= size:
            raise ValueError(f"a part from {extent.start} to {stop} in a dimension of size {size}")
        index.append(slice(extent.start, stop))
    return tuple(index)


def slice_key(name: bytes, part: TensorSliceProto) -> bytes:
    """Gives the key of the entry that holds `part` of the variable `name`."""
    escaped = b"\0\xff".join(piece.replace(b"\xff", b"\xff\0") for piece in name.split(b"\0"))
    key = b"\0" + escaped + b"\0\1" + _unsigned(len(part.extent))
    for extent in part.extent:
        key += _signed(extent.start) + _signed(extent.length if extent.HasField("length") else _WHOLE)
    return key


def is_slice_key(key: bytes) -> bool:
    """Tells whether `key` names a part of a variable and not a tensor."""
    return key.startswith(b"\0")


def _unsigned(value: int) -> bytes:
    """Gives a byte that counts the value's bytes, then those, high byte first."""
    size = (value.bit_length() + 7) // 8
    return bytes([size]) + value.to_bytes(size, "big")


def _signed(value: int) -> bytes:
    """Gives the value in as few bytes as hold its bits, its sign and a unary count of the bytes.

    `n` bytes begin with `n` ones and a zero and have `7 * n - 1` bits left for a value that is not negative.
    A negative value is the complement of the form of its own complement.
    """
    magnitude = value if value >= 0 else ~value
    size = magnitude.bit_length() // 7 + 1
    header = ((1 << size) - 1) << (7 * size)
    form = (header | magnitude).to_bytes(size, "big")
    return form if value >= 0 else bytes(0xFF - byte for byte in form)
