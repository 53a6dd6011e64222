"""Tensor bundles, TensorFlow's checkpoint format: named arrays in `PREFIX.index` and `PREFIX.data-SSSSS-of-NNNNN`.

A data file (shard) is the tensors' bytes one after the other, little-endian, in the order in which they were saved.
The index says where each tensor's bytes are, what they mean, and their checksum.

Source: TensorFlow's `core/util/tensor_bundle/tensor_bundle.{h,cc}`, 1.15 and 2.15.
"""

from __future__ import annotations

import contextlib
import math
import os
import secrets
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt
from tensorboard.compat.proto.types_pb2 import DataType

from trackml import dtypes, errors
from trackml.bundle.index import ADVICE, data_loss, data_path, encode_index, index_path, read_index
from trackml.bundle.slices import box, is_slice_key, slice_key
from trackml.bundle.string_tensor import decode_strings, encode_strings
from trackml.protos.tensor_bundle_pb2 import BundleEntryProto
from trackml.storage.crc32c import crc32c, mask
from trackml.storage.files import replace_file

Array = npt.NDArray[Any]
Prefix = str | os.PathLike[str]

_MOST_DIMS, _MOST_ELEMENTS = 64, 1 << 59  # numpy's limits, for elements of 16 bytes


class BundleWriter:
    """Writes arrays as the checkpoint at `prefix`, byte for byte as TensorFlow does.

    Nothing stands under the final names before `finish`: the data file grows under a name that ends in `.tempstate` and
    a number, as TensorFlow's does, and the index, which makes a checkpoint of it, comes last. As a context manager it
    finishes at the end of the block, or removes what it wrote when the block raises.

    Args:
        prefix: The path that the names of the checkpoint's files begin with. Its directory is made if it is missing.

    Example:
        >>> import tempfile
        >>> prefix = os.path.join(tempfile.mkdtemp(), "model.ckpt-0")
        >>> with BundleWriter(prefix) as writer:
        ...     writer.add("dense/bias", np.zeros(3, np.float32))
        >>> BundleReader(prefix).get_tensor("dense/bias")
        array([0., 0., 0.], dtype=float32)
    """

    def __init__(self, prefix: Prefix) -> None:
        self._prefix = os.fspath(prefix)
        os.makedirs(os.path.dirname(self._prefix) or ".", exist_ok=True)
        self._data_path = f"{data_path(self._prefix, 0, 1)}.tempstate{secrets.randbits(64)}"
        self._data = open(self._data_path, "xb")  # noqa: SIM115 (closed by finish or discard)
        self._offset = 0
        self._entries: dict[bytes, bytes] = {}

    def add(self, name: str, value: npt.ArrayLike) -> None:
        """Appends one tensor.

        Args:
            name: The tensor's name, new in this checkpoint.
            value: Its value, of any shape; an array of objects or of str holds strings.

        Raises:
            InvalidArgumentError: The name is empty or was added before.
            TypeError: TensorFlow has no type for the elements.
        """
        key = _encode(name)
        if not key or key in self._entries:
            raise errors.InvalidArgumentError(None, None, f"Adding duplicate or empty key: {name!r}")
        as_objects = object if isinstance(value, bytes | str) else None  # numpy's own bytes lose zeros at the end
        array = np.asarray(value, as_objects, order="C")
        dtype = dtypes.as_dtype(array.dtype)
        stored, crc = _stored_bytes(array, dtype)
        entry = BundleEntryProto(dtype=dtype.as_datatype_enum, offset=self._offset, size=len(stored), crc32c=mask(crc))
        entry.shape.SetInParent()
        for size in array.shape:
            entry.shape.dim.add(size=size)
        self._data.write(stored)
        self._offset += len(stored)
        self._entries[key] = entry.SerializeToString()

    def finish(self) -> None:
        """Puts the checkpoint under its final names, whole and on the disk."""
        try:
            self._data.flush()
            os.fsync(self._data.fileno())
            self._data.close()
            os.replace(self._data_path, data_path(self._prefix, 0, 1))
            replace_file(index_path(self._prefix), encode_index(self._entries))
        except BaseException:
            self.discard()
            raise

    def discard(self) -> None:
        """Removes what was written, as if it had never been begun."""
        self._data.close()
        with contextlib.suppress(FileNotFoundError):
            os.remove(self._data_path)

    def __enter__(self) -> BundleWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.finish()
        else:
            self.discard()


class BundleReader:
    """Reads the checkpoint at `prefix`; the `CheckpointReader` of TensorFlow's API.

    The index is read and checked at once, tensors when they are asked for. Every checksum is verified.

    Args:
        prefix: The path that the names of the checkpoint's files begin with.

    Raises:
        NotFoundError: There is no checkpoint.
        DataLossError: Its index is damaged.
        UnimplementedError: It has a form that is not read here: V1, compressed, big-endian, of a later version.
    """

    def __init__(self, prefix: Prefix) -> None:
        self._prefix = os.fspath(prefix)
        self._index_path = index_path(prefix)
        self._shards, self._entries = read_index(self._prefix)

    def has_tensor(self, name: str) -> bool:
        """Tells whether the checkpoint holds a tensor of that name."""
        key = _encode(name)
        return key in self._entries and not is_slice_key(key)

    def get_variable_to_shape_map(self) -> dict[str, list[int]]:
        """Gives the shape of every tensor by name."""
        return {_decode(key): list(self._shape(key, entry)) for key, entry in self._tensors()}

    def get_variable_to_dtype_map(self) -> dict[str, dtypes.DType]:
        """Gives the type of every tensor by name."""
        return {_decode(key): self._dtype(key, entry) for key, entry in self._tensors()}

    def get_tensor(self, name: str) -> Any:
        """Gives the value of a tensor: an array, or for a scalar a numpy scalar or bytes, as TensorFlow does.

        Raises:
            NotFoundError: The checkpoint has no such tensor, or a data file is missing.
            DataLossError: The tensor's bytes are damaged.
            UnimplementedError: The tensor's type does not exist here.
        """
        return self.read(name)[()]

    def read(self, name: str) -> Array:
        """Gives the value of a tensor as a new array, of rank 0 for a scalar; strings are objects of type bytes.

        Raises:
            OpError: As `get_tensor`.
        """
        key = _encode(name)
        if not self.has_tensor(name):
            held = ", ".join(sorted(_decode(held) for held, _ in self._tensors())[:20])
            message = f"Key {name} not found in checkpoint {self._prefix}, which holds: {held or 'nothing'}."
            raise errors.NotFoundError(None, None, message)
        entry = self._entries[key]
        return self._assembled(key, entry) if entry.slices else self._loaded(key, entry)

    def debug_string(self) -> bytes:
        """Gives a line a tensor: name, type and shape."""
        lines = []
        for key, entry in self._tensors():
            shape = ",".join(map(str, self._shape(key, entry)))
            lines.append(b"%s (%s) [%s]\n" % (key, _type_name(entry).encode(), shape.encode()))
        return b"".join(lines)

    def _tensors(self) -> list[tuple[bytes, BundleEntryProto]]:
        return [item for item in self._entries.items() if not is_slice_key(item[0])]

    def _shape(self, key: bytes, entry: BundleEntryProto) -> tuple[int, ...]:
        shape = tuple(dim.size for dim in entry.shape.dim)
        elements = math.prod(max(size, 1) for size in shape)
        if (
            entry.shape.unknown_rank
            or min(shape, default=0) < 0
            or len(shape) > _MOST_DIMS
            or elements > _MOST_ELEMENTS
        ):
            raise data_loss(f"Invalid shape {list(shape)} of tensor {_decode(key)!r} in {self._index_path}.")
        return shape

    def _dtype(self, key: bytes, entry: BundleEntryProto) -> dtypes.DType:
        try:
            dtype = dtypes.as_dtype(int(entry.dtype))
        except TypeError:
            dtype = dtypes.variant
        if dtype in (dtypes.resource, dtypes.variant):
            message = (
                f"Tensor {_decode(key)!r} in {self._index_path} has type {_type_name(entry)}, for which numpy has no "
                "array. Cast it with TensorFlow and save it again."
            )
            raise errors.UnimplementedError(None, None, message)
        return dtype

    def _loaded(self, key: bytes, entry: BundleEntryProto) -> Array:
        """Gives the tensor whose bytes `entry` points at."""
        dtype, shape = self._dtype(key, entry), self._shape(key, entry)
        if dtype == dtypes.string:
            array, crc = self._strings(key, entry, shape)
        else:
            array, crc = self._numbers(key, entry, shape, np.dtype(dtype.as_numpy_dtype).newbyteorder("<"))
        if mask(crc) != entry.crc32c:
            raise data_loss(f"Checksum does not match: {self._place(key, entry)} are damaged.")
        return array

    def _numbers(
        self, key: bytes, entry: BundleEntryProto, shape: tuple[int, ...], dtype: np.dtype[Any]
    ) -> tuple[Array, int]:
        if entry.size != math.prod(shape) * dtype.itemsize:
            raise data_loss(f"Invalid size: {self._place(key, entry)} are no {dtype} array of shape {list(shape)}.")
        stored = self._stored(key, entry)
        return stored.view(dtype).reshape(shape), crc32c(stored.data)

    def _strings(self, key: bytes, entry: BundleEntryProto, shape: tuple[int, ...]) -> tuple[Array, int]:
        try:
            elements, crc = decode_strings(self._stored(key, entry).tobytes(), math.prod(shape))
        except ValueError as error:
            raise data_loss(f"{self._place(key, entry)} are damaged: {error}.") from error
        array = np.empty(len(elements), object)
        array[:] = elements
        return array.reshape(shape), crc

    def _stored(self, key: bytes, entry: BundleEntryProto) -> npt.NDArray[np.uint8]:
        """Gives the bytes of `entry`: all there, but not checked."""
        path = data_path(self._prefix, entry.shard_id, self._shards)
        try:
            with open(path, "rb") as data:
                file_bytes = os.fstat(data.fileno()).st_size
                if not 0 <= entry.offset <= entry.offset + entry.size <= file_bytes:
                    raise data_loss(f"{path} is truncated to {file_bytes} bytes: {self._place(key, entry)} are lost.")
                stored = np.zeros(entry.size, np.uint8)
                data.seek(entry.offset)
                data.readinto(stored.data)
                return stored
        except FileNotFoundError as error:
            message = f"{path} is missing, which holds tensor {_decode(key)!r}. {ADVICE}"
            raise errors.NotFoundError(None, None, message) from error

    def _assembled(self, key: bytes, entry: BundleEntryProto) -> Array:
        """Gives the partitioned variable whose parts `entry` lists."""
        shape = self._shape(key, entry)
        parts = [(part, self._entries.get(slice_key(key, part))) for part in entry.slices]
        found = [(part, part_entry) for part, part_entry in parts if part_entry is not None]
        # Before there is an array: a damaged shape may have more elements than the memory.
        if sum(math.prod(self._shape(key, part_entry)) for _, part_entry in found) != math.prod(shape):
            raise data_loss(f"{self._index_path} does not have sufficient slices for tensor {_decode(key)!r}.")
        whole = np.empty(shape, self._dtype(key, entry).as_numpy_dtype)
        for part, part_entry in found:
            array = self._loaded(key, part_entry)
            try:
                whole[box(part, shape)] = array
            except ValueError as error:
                raise data_loss(f"{self._index_path} misplaces a part of {_decode(key)!r}: {error}.") from error
        return whole

    def _place(self, key: bytes, entry: BundleEntryProto) -> str:
        path = data_path(self._prefix, entry.shard_id, self._shards)
        return f"the {entry.size} bytes of tensor {_decode(key)!r} at offset {entry.offset} of {path}"


def _stored_bytes(array: Array, dtype: dtypes.DType) -> tuple[memoryview, int]:
    """Gives the bytes that store an array, and their CRC-32C (not masked)."""
    if dtype == dtypes.string:
        strings, crc = encode_strings([_as_bytes(element) for element in array.ravel()])
        return memoryview(strings), crc
    little_endian = array.astype(array.dtype.newbyteorder("<"), copy=False)
    stored = little_endian.reshape(-1).view(np.uint8).data
    return stored, crc32c(stored)


def _as_bytes(element: object) -> bytes:
    if isinstance(element, bytes):
        return element
    if isinstance(element, str):
        return element.encode()
    raise TypeError(f"A tensor of objects must hold bytes or str; got {element!r} of type {type(element).__name__}.")


def _type_name(entry: BundleEntryProto) -> str:
    known = entry.dtype in DataType.values()
    return str(DataType.Name(entry.dtype)) if known else f"DataType {entry.dtype}"


def _encode(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")


def _decode(key: bytes) -> str:
    return key.decode("utf-8", "surrogateescape")
