"""How many elements a dataset has, as far as that is known without reading it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from trackml.data import sources, transformations
from trackml.data.dataset import Dataset
from trackml.data.nodes import Node
from trackml.data.padding import PaddedBatch
from trackml.graph.conversion import constant
from trackml.graph.operation import Tensor

INFINITE_CARDINALITY: Final = -1
"""The number of elements of a dataset without end."""
UNKNOWN_CARDINALITY: Final = -2
"""The number of elements of a dataset that must be read to know it."""


def cardinality(dataset: Dataset) -> Tensor:
    """How many elements a dataset has, an int64 scalar; `INFINITE_CARDINALITY` or `UNKNOWN_CARDINALITY` otherwise.

    Example:
        >>> import trackml as tf
        >>> dataset = tf.data.Dataset.range(10).batch(4)
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     int(session.run(tf.data.experimental.cardinality(dataset)))
        3
    """
    return constant(count_of(dataset), "int64")


def count_of(dataset: Dataset) -> int:
    """The same as a number of Python."""
    return _count(dataset._node)


def _count(node: Node) -> int:
    rule = _RULES.get(type(node))
    if rule is None or any(not isinstance(item, int) for item in _sizes(node)):
        return UNKNOWN_CARDINALITY
    counts = [_count(source) for source in node.sources]
    if isinstance(node, transformations.Repeat) and UNKNOWN_CARDINALITY in counts and node._count < 0:
        return INFINITE_CARDINALITY
    return UNKNOWN_CARDINALITY if UNKNOWN_CARDINALITY in counts else rule(node, *counts)


def _sizes(node: Any) -> list[Any]:
    """The numbers of a transformation; one that is a tensor is not known."""
    names = ("_count", "_batch_size", "_num_shards", "_index")
    bounds = list(node._bounds) if isinstance(node, sources.Range) else []
    return bounds + [int(value) if not isinstance(value, Tensor) else value for value in _present(node, names)]


def _present(node: Any, names: tuple[str, ...]) -> list[Any]:
    return [getattr(node, name) for name in names if hasattr(node, name)]


def _slices(node: Any) -> int:
    first = node._components[0]
    if not isinstance(first, Tensor):
        return int(first.shape[0])
    size = first.shape.as_list()[0] if first.shape.ndims else None
    return UNKNOWN_CARDINALITY if size is None else size


def _repeated(node: Any, count: int) -> int:
    if count == 0 or node._count == 0:
        return 0
    return INFINITE_CARDINALITY if node._count < 0 or count < 0 else int(count * node._count)


def _taken(node: Any, count: int) -> int:
    if node._count < 0 or count < 0:
        return count if node._count < 0 else int(node._count)
    return min(count, int(node._count))


def _skipped(node: Any, count: int) -> int:
    if count < 0:
        return INFINITE_CARDINALITY if node._count >= 0 else 0
    return max(0, count - int(node._count)) if node._count >= 0 else 0


def _sharded(node: Any, count: int) -> int:
    shards, index = int(node._num_shards), int(node._index)
    return count if count < 0 else max(0, -(-(count - index) // shards))


def _batched(node: Any, count: int) -> int:
    size = int(node._batch_size)
    return count if count < 0 else count // size if node._drop_remainder else -(-count // size)


def _zipped(node: Any, *counts: int) -> int:
    known = [count for count in counts if count >= 0]
    return min(known) if known else INFINITE_CARDINALITY


def _joined(node: Any, first: int, second: int) -> int:
    return INFINITE_CARDINALITY if INFINITE_CARDINALITY in (first, second) else first + second


def _as_many(node: Any, count: int) -> int:
    return count


_RULES: dict[type, Callable[..., int]] = {
    sources.Tensors: lambda node: 1,
    sources.Slices: _slices,
    sources.Range: lambda node: len(range(*node._bounds)),
    transformations.Repeat: _repeated,
    transformations.Take: _taken,
    transformations.Skip: _skipped,
    transformations.Shard: _sharded,
    transformations.Batch: _batched,
    PaddedBatch: _batched,
    transformations.Zip: _zipped,
    transformations.Concatenate: _joined,
    transformations.Cache: _as_many,
    transformations.FileCache: _as_many,
    transformations.Map: _as_many,
    transformations.Shuffle: _as_many,
}
