"""Texts to buckets by their hash; bucket ids are TensorFlow's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.operation import Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, register
from trackml.graph.shape_rules import same_as_input
from trackml.ops.array import either
from trackml.ops.fingerprint import fingerprints, murmur64, siphash
from trackml.ops.framework import name_scope
from trackml.ops.strings import each

Array = np.ndarray[Any, Any]


def string_to_hash_bucket_fast(input: Any, num_buckets: int, name: str | None = None) -> Tensor:
    """The bucket of each text by FarmHash Fingerprint64: the hash that feature columns use.

    Args:
        input: Strings of any shape.
        num_buckets: How many buckets there are, at least 1.
        name: Name of the operation.

    Returns:
        Numbers in `[0, num_buckets)`, int64, in the shape of `input`.

    Raises:
        ValueError: `num_buckets` is below 1.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     print(session.run(tf.string_to_hash_bucket_fast(["a", "house"], 10)))
        [9 5]
    """
    return _buckets("StringToHashBucketFast", input, num_buckets, name)


def string_to_hash_bucket(
    string_tensor: Any = None, num_buckets: int | None = None, name: str | None = None, input: Any = None
) -> Tensor:
    """The bucket of each text by MurmurHash; kept by TensorFlow for old graphs.

    Args:
        string_tensor: Strings of any shape.
        num_buckets: How many buckets there are, at least 1.
        name: Name of the operation.
        input: Another name of `string_tensor`.

    Raises:
        ValueError: `num_buckets` is missing or below 1.
    """
    texts = either("input", input, "string_tensor", string_tensor)
    return _buckets("StringToHashBucket", texts, num_buckets, name)


def string_to_hash_bucket_strong(input: Any, num_buckets: int, key: Sequence[int], name: str | None = None) -> Tensor:
    """The bucket of each text by SipHash under a key, so that nobody can aim at a bucket.

    Args:
        input: Strings of any shape.
        num_buckets: How many buckets there are, at least 1.
        key: Two numbers of 64 bits.
        name: Name of the operation.

    Raises:
        ValueError: `num_buckets` is below 1, or `key` has not two elements.
    """
    if len(key) != 2:
        raise ValueError(f"Key must have 2 elements; got {list(key)}")
    return _buckets("StringToHashBucketStrong", input, num_buckets, name, key=[int(part) for part in key])


def _buckets(type: str, texts: Any, num_buckets: int | None, name: str | None, **attrs: Any) -> Tensor:
    if num_buckets is None or num_buckets < 1:
        raise ValueError(f"num_buckets must be at least 1; got {num_buckets}")
    with name_scope(name, type, [texts]) as scope:
        tensor = convert_to_tensor(texts, dtypes.string, name="input")
        buckets: Tensor = apply_op(type, tensor, name=scope, num_buckets=int(num_buckets), **attrs)
    return buckets


def _fast(texts: Array, *, num_buckets: int) -> Array:
    buckets: Array = (fingerprints(texts) % np.uint64(num_buckets)).astype(np.int64)
    return buckets


def _plain(texts: Array, *, num_buckets: int) -> Array:
    return each(lambda text: murmur64(text) % num_buckets, texts, np.int64)


def _strong(texts: Array, *, num_buckets: int, key: Sequence[int]) -> Array:
    return each(lambda text: siphash(text, key) % num_buckets, texts, np.int64)


for _type, _kernel in (
    ("StringToHashBucketFast", _fast),
    ("StringToHashBucket", _plain),
    ("StringToHashBucketStrong", _strong),
):
    register(
        _type,
        _kernel,
        shape=same_as_input,
        dtypes=dtypes.int64,
        gradient=NOT_DIFFERENTIABLE,
        types={},
    )
