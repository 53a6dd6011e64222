"""Texts taken apart at separators, and packed as base64."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, register
from trackml.graph.shape_rules import same_as_input
from trackml.graph.sparse_tensor import SparseTensor
from trackml.ops.array import either
from trackml.ops.framework import name_scope
from trackml.ops.strings import each
from trackml.shapes import TensorShape

Array = np.ndarray[Any, Any]


def string_split(
    source: Any = None,
    sep: Any = None,
    skip_empty: bool = True,
    delimiter: Any = None,
    result_type: str = "SparseTensor",
    name: str | None = None,
) -> SparseTensor:
    """Each text of a vector, split at any of some characters.

    Args:
        source: Strings `[batch]`.
        sep: Characters each of which separates; an empty text splits into bytes, and a blank is the default.
        skip_empty: Whether empty parts are left out.
        delimiter: The older name of `sep`.
        result_type: `"SparseTensor"`; there are no ragged tensors here.
        name: Name of the operation.

    Returns:
        A sparse tensor `[batch, most parts]` of strings.

    Raises:
        ValueError: Another `result_type`.
    """
    _check_result(result_type)
    separators = either("sep", sep, "delimiter", delimiter)
    with name_scope(name, "StringSplit", [source]) as scope:
        texts = convert_to_tensor(source, dtypes.string, name="input")
        characters = convert_to_tensor(" " if separators is None else separators, dtypes.string, name="delimiter")
        parts = apply_op("StringSplit", texts, characters, name=scope, skip_empty=skip_empty)
    return SparseTensor(*parts)


def _check_result(result_type: str) -> None:
    if result_type != "SparseTensor":
        raise ValueError(f"result_type must be 'SparseTensor' (there are no ragged tensors here); got {result_type!r}")


def string_split_v2(
    input: Any = None,
    sep: Any = None,
    maxsplit: int = -1,
    result_type: str = "SparseTensor",
    source: Any = None,
    name: str | None = None,
) -> SparseTensor:
    """Each text of a vector, split as Python's `str.split` does.

    Args:
        input: Strings `[batch]`, or one string.
        sep: What separates, as a whole; runs of white space if not given.
        maxsplit: How often a text is split at most; without limit if -1.
        result_type: `"SparseTensor"`; there are no ragged tensors here.
        source: Another name of `input`.
        name: Name of the operation.

    Returns:
        A sparse tensor `[batch, most parts]` of strings.

    Raises:
        ValueError: Another `result_type`.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     words = tf.strings.split(["to be", "or"])
        ...     print(session.run(tf.sparse.to_dense(words, default_value="")).tolist())
        [[b'to', b'be'], [b'or', b'']]
    """
    _check_result(result_type)
    given = either("input", input, "source", source)
    with name_scope(name, "StringSplitV2", [given]) as scope:
        texts = convert_to_tensor([given] if isinstance(given, (str, bytes)) else given, dtypes.string, name="input")
        separator = convert_to_tensor("" if sep is None else sep, dtypes.string, name="sep")
        parts = apply_op("StringSplitV2", texts, separator, name=scope, maxsplit=maxsplit)
    return SparseTensor(*parts)


def _one(text: Any) -> bytes:
    return bytes(np.asarray(text, object)[()])


def _split_at_any(texts: Array, delimiter: Array, *, skip_empty: bool) -> list[Array]:
    characters = _one(delimiter)

    def parts_of(text: bytes) -> list[bytes]:
        if not text or not characters:
            return [text[index : index + 1] for index in range(len(text))]
        same = text.translate(bytes.maketrans(characters, characters[:1] * len(characters)))
        # Cut where the separators are, but out of the text itself.
        parts, at = [], 0
        for piece in same.split(characters[:1]):
            parts.append(text[at : at + len(piece)])
            at += len(piece) + 1
        return [part for part in parts if part] if skip_empty else parts

    return _sparse([parts_of(text) for text in texts.tolist()])


def _split(texts: Array, sep: Array, *, maxsplit: int) -> list[Array]:
    separator = _one(sep)
    if separator:
        return _sparse([text.split(separator, maxsplit) for text in texts.tolist()])
    return _sparse([_words(text, maxsplit) for text in texts.tolist()])


def _words(text: bytes, maxsplit: int) -> list[bytes]:
    """The words of a text; after `maxsplit` of them TensorFlow gives the rest, even where it is empty."""
    if maxsplit <= 0:
        return text.split()
    words = text.split(None, maxsplit)
    return [*words, b""] if len(words) == maxsplit else words


def _sparse(rows: list[list[bytes]]) -> list[Array]:
    """Indices, values and shape of the sparse tensor with these rows."""
    indices = [(number, place) for number, row in enumerate(rows) for place in range(len(row))]
    values = np.empty(len(indices), object)
    values[:] = [part for row in rows for part in row]
    longest = max(map(len, rows), default=0)
    return [np.array(indices, np.int64).reshape(-1, 2), values, np.array([len(rows), longest], np.int64)]


def _split_shapes(op: Operation) -> list[TensorShape]:
    op.inputs[0].shape.with_rank(1)
    return [TensorShape([None, 2]), TensorShape([None]), TensorShape([2])]


for _type, _kernel in (("StringSplit", _split_at_any), ("StringSplitV2", _split)):
    register(
        _type,
        _kernel,
        shape=_split_shapes,
        dtypes=lambda op: [dtypes.int64, dtypes.string, dtypes.int64],
        gradient=NOT_DIFFERENTIABLE,
        types={},
    )


def encode_base64(input: Any, pad: bool = False, name: str | None = None) -> Tensor:
    """Strings as base64 that is safe in URLs, with `=` at the end if `pad`."""
    with name_scope(name, "EncodeBase64", [input]) as scope:
        texts = convert_to_tensor(input, dtypes.string, name="input")
        encoded: Tensor = apply_op("EncodeBase64", texts, name=scope, pad=pad)
    return encoded


def _encode_base64(x: Array, *, pad: bool) -> Array:
    def encoded(text: bytes) -> bytes:
        packed = base64.urlsafe_b64encode(text)
        return packed if pad else packed.rstrip(b"=")

    return each(encoded, x)


def decode_base64(input: Any, name: str | None = None) -> Tensor:
    """What strings of base64 (safe in URLs, padded or not) stand for."""
    with name_scope(name, "DecodeBase64", [input]) as scope:
        texts = convert_to_tensor(input, dtypes.string, name="input")
        decoded: Tensor = apply_op("DecodeBase64", texts, name=scope)
    return decoded


_URLSAFE = bytes.maketrans(b"-_", b"+/")


def _decoded(text: bytes) -> bytes:
    try:
        if b"+" in text or b"/" in text:
            raise binascii.Error
        return base64.b64decode(text.translate(_URLSAFE) + b"=" * (-len(text) % 4), validate=True)
    except binascii.Error:
        raise ValueError("Invalid character found in base64.") from None


register("EncodeBase64", _encode_base64, shape=same_as_input, gradient=NOT_DIFFERENTIABLE, types={})
register("DecodeBase64", lambda x: each(_decoded, x), shape=same_as_input, gradient=NOT_DIFFERENTIABLE, types={})
