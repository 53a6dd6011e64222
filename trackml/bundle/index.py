"""The index of a checkpoint: a sorted-string table that says where each tensor's bytes are.

Its first key is empty and holds a `BundleHeaderProto`; every other key is a tensor's name, or a part's encoded name,
and holds a `BundleEntryProto`: type, shape, data file (shard), offset, size and checksum of the tensor's bytes.

Source: TensorFlow's `core/util/tensor_bundle/tensor_bundle.{h,cc}`, 1.15 and 2.15.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from google.protobuf.message import DecodeError

from trackml import errors
from trackml.protos.tensor_bundle_pb2 import BundleEntryProto, BundleHeaderProto
from trackml.storage.table import TableError, UnsupportedTableError, decode_table, encode_table

ADVICE = "Copy the checkpoint again, or restore an older one of its directory."

_HEADER_KEY = b""
_VERSION = 1


def index_path(prefix: str | os.PathLike[str]) -> str:
    """Gives the path of the index file of the checkpoint at `prefix`."""
    return f"{os.fspath(prefix)}.index"


def data_path(prefix: str | os.PathLike[str], shard: int, shards: int) -> str:
    """Gives the path of one of the `shards` data files of the checkpoint at `prefix`."""
    return f"{os.fspath(prefix)}.data-{shard:05d}-of-{shards:05d}"


def data_loss(what: str) -> errors.DataLossError:
    """Gives the error that says what is damaged and what to do."""
    return errors.DataLossError(None, None, f"{what} {ADVICE}")


def encode_index(entries: Mapping[bytes, bytes]) -> bytes:
    """Gives the index file of a checkpoint with one data file.

    Args:
        entries: Serialized `BundleEntryProto`s by the tensors' names.
    """
    header = BundleHeaderProto(num_shards=1)
    header.version.producer = _VERSION
    return encode_table([(_HEADER_KEY, header.SerializeToString()), *sorted(entries.items())])


def read_index(prefix: str) -> tuple[int, dict[bytes, BundleEntryProto]]:
    """Gives the number of data files and the entries by key of the checkpoint at `prefix`.

    Raises:
        NotFoundError: There is no checkpoint.
        DataLossError: The index is damaged.
        UnimplementedError: It has a form that is not read here: V1, compressed, big-endian, of a later version.
    """
    pairs = _read_table(prefix)
    path = index_path(prefix)
    try:
        header = BundleHeaderProto.FromString(pairs.pop(_HEADER_KEY))
        entries = {key: BundleEntryProto.FromString(value) for key, value in pairs.items()}
    except (DecodeError, KeyError) as error:
        raise data_loss(f"{path} is a table, but not the index of a checkpoint: {error}.") from error
    if header.endianness != BundleHeaderProto.LITTLE or header.version.min_consumer > _VERSION:
        message = (
            f"{path} is big-endian or of a later version of the format than {_VERSION}: its header is {header}. "
            "Load it with TensorFlow and save it again on a little-endian machine."
        )
        raise errors.UnimplementedError(None, None, message)
    return header.num_shards, entries


def _read_table(prefix: str) -> dict[bytes, bytes]:
    path = index_path(prefix)
    try:
        with open(path, "rb") as index:
            return dict(decode_table(index.read()))
    except FileNotFoundError as error:
        raise _missing(prefix) from error
    except UnsupportedTableError as error:
        message = f"{path}: {error}. Save it again with TensorFlow 1.2 or later, which does not compress."
        raise errors.UnimplementedError(None, None, message) from error
    except TableError as error:
        raise data_loss(f"{path} is damaged: {error}.") from error


def _missing(prefix: str) -> errors.OpError:
    if os.path.isfile(prefix) and not prefix.endswith((".index", ".meta")):
        message = f"{prefix} is a checkpoint of the V1 format, or none. Load it with TensorFlow and save it as V2."
        return errors.UnimplementedError(None, None, message)
    message = (
        f"Unsuccessful TensorSliceReader constructor: Failed to find any matching files for {prefix}. "
        f"Give the path of a checkpoint without its suffix, such as model.ckpt-100 for model.ckpt-100.index."
    )
    return errors.NotFoundError(None, None, message)
