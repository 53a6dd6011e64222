"""Transformations: what a dataset makes of another one's elements."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from trackml import nest
from trackml.data import indices, rows
from trackml.data.cache_file import CacheFile
from trackml.data.decoding import path_of
from trackml.data.functions import check_predicate, result_spec, traced
from trackml.data.nodes import Node, Size, at_least, with_first_dimension
from trackml.data.passes import Remembered, Repeated
from trackml.data.pipeline import Context, Elementwise, Indexed, Mapped, Pipeline, mapped, side_by_side
from trackml.data.rows import Row
from trackml.data.seeds import PassDraws, Seeds
from trackml.data.sparse import SparseTensorSpec, class_of, like
from trackml.errors import InvalidArgumentError
from trackml.graph.function import TensorSpec
from trackml.ops.sparse_serialization import deserialized, serialized_slices
from trackml.shapes import TensorShape

_NOT_POSITIVE = "{} must be greater than zero."


class Skip(Node):
    """All elements but the first ones; none when `count` is negative."""

    operations = 2

    def __init__(self, source: Node, count: Size) -> None:
        super().__init__(source.spec, [source], [count])
        self._count = count

    def build(self, context: Context) -> Pipeline:
        """Row numbers, or rows, after the first."""
        count = int(context.value(self._count))
        return (
            self.sources[0]
            .build(context)
            .then(
                lambda start: indices.skipped(start(), count),
                lambda start: rows.Sliced(start(), count) if count >= 0 else iter(()),
            )
        )


class Take(Node):
    """The first elements; all when `count` is negative."""

    operations = 2

    def __init__(self, source: Node, count: Size) -> None:
        super().__init__(source.spec, [source], [count])
        self._count = count

    def build(self, context: Context) -> Pipeline:
        """The first row numbers, or rows."""
        count = int(context.value(self._count))
        return (
            self.sources[0]
            .build(context)
            .then(
                lambda start: indices.taken(start(), count),
                lambda start: rows.Sliced(start(), stop=count if count >= 0 else None),
            )
        )


class Shard(Node):
    """Each `num_shards`-th element, from `index` on."""

    def __init__(self, source: Node, num_shards: Size, index: Size) -> None:
        super().__init__(source.spec, [source], [num_shards, index])
        self._num_shards = at_least(1, num_shards, "Number of shards must be greater than zero.")
        self._index = at_least(0, index, "Index of a shard must not be negative.")
        if isinstance(num_shards, int) and isinstance(index, int):
            _check_shard(num_shards, index)

    def build(self, context: Context) -> Pipeline:
        """Each n-th row number, or row."""
        step, first = int(context.value(self._num_shards)), int(context.value(self._index))
        _check_shard(step, first)
        return (
            self.sources[0]
            .build(context)
            .then(
                lambda start: indices.strided(start(), step, first),
                lambda start: rows.Sliced(start(), first, step=step),
            )
        )


def _check_shard(num_shards: int, index: int) -> None:
    at_least(1, num_shards, "Number of shards must be greater than zero.")
    if not 0 <= index < num_shards:
        raise InvalidArgumentError(
            None, None, f"Index must be between 0 and {num_shards - 1} (currently index = {index})."
        )


class Repeat(Node):
    """The elements again and again; without end when `count` is negative."""

    operations = 2

    def __init__(self, source: Node, count: Size) -> None:
        super().__init__(source.spec, [source], [count])
        self._count = count

    def build(self, context: Context) -> Pipeline:
        """Pass after pass over the input."""
        count = int(context.value(self._count))
        (source,) = self.sources
        if isinstance(source, Shuffle):
            source = source.repeated()
        return source.build(context).then(
            lambda start: Repeated(start, count), lambda start: Repeated(start, count), counts=False
        )


class Cache(Node):
    """The elements of the first whole pass, kept in memory for the next ones."""

    operations = 2

    def __init__(self, source: Node) -> None:
        super().__init__(source.spec, [source])

    def build(self, context: Context) -> Pipeline:
        """An input that is gone through once."""
        source = self.sources[0].build(context)
        if isinstance(source, Indexed):
            return Indexed(source.tables, Remembered(source.start))
        return Elementwise(Remembered(source.rows))


class FileCache(Node):
    """The elements of the first whole pass, kept in a file.

    Args:
        source: Gives the elements.
        filename: The file's name, or the string tensor that says it.
    """

    operations = 2

    def __init__(self, source: Node, filename: Any) -> None:
        if any(isinstance(spec, SparseTensorSpec) for spec in nest.flatten(source.spec)):
            raise TypeError("Sparse tensors are not kept in files: use cache() without a file, or cache before map.")
        super().__init__(source.spec, [source], [filename])
        self._filename = filename

    def build(self, context: Context) -> Pipeline:
        """Rows of the input, or of the file."""
        source = self.sources[0].build(context)
        return Elementwise(CacheFile(path_of(context.value(self._filename)), source.rows, self.dtypes))


class Shuffle(Node):
    """The elements in a random order, drawn from a buffer."""

    operations = 10

    def __init__(self, source: Node, buffer_size: Size, seeds: Seeds, reshuffle: bool) -> None:
        super().__init__(source.spec, [source], [buffer_size])
        self._buffer_size = at_least(1, buffer_size, _NOT_POSITIVE.format("buffer_size"))
        self._seeds = seeds
        self._reshuffle = reshuffle
        self._repeated = False

    def build(self, context: Context) -> Pipeline:
        """Row numbers, or rows, out of order; another order in each pass."""
        size = at_least(1, int(context.value(self._buffer_size)), _NOT_POSITIVE.format("buffer_size"))
        draws = PassDraws(self._seeds, self._reshuffle, self._repeated)
        return (
            self.sources[0]
            .build(context)
            .then(
                lambda start: indices.shuffled(start(), size, draws.next()),
                lambda start: rows.Shuffled(start(), size, draws.next()),
                counts=False,
            )
        )

    def repeated(self) -> Shuffle:
        """The same shuffle, repeated right away: its passes go on with one sequence of numbers."""
        same = copy.copy(self)
        same._repeated = True
        return same


class Batch(Node):
    """Elements stacked, `batch_size` at a time."""

    operations = 3

    def __init__(self, source: Node, batch_size: Size, drop_remainder: bool) -> None:
        self._batch_size = at_least(1, batch_size, _NOT_POSITIVE.format("Batch size"))
        known = batch_size if drop_remainder and isinstance(batch_size, int) else None
        super().__init__(with_first_dimension(source.spec, known), [source], [batch_size])
        self._drop_remainder = drop_remainder

    def build(self, context: Context) -> Pipeline:
        """One fancy-index a component and batch where there are row numbers; else rows stacked."""
        size = at_least(1, int(context.value(self._batch_size)), _NOT_POSITIVE.format("Batch size"))
        source = self.sources[0].build(context)
        if isinstance(source, Indexed):
            return Elementwise(self._gathering(source, size))
        dtypes = self.dtypes
        if isinstance(source, Mapped):
            return Elementwise(lambda: source.batches(size, self._drop_remainder, dtypes))
        return Elementwise(lambda: rows.Batches(source.rows(), size, self._drop_remainder, dtypes))

    def _gathering(self, source: Indexed, size: int) -> Callable[[], Iterator[Row]]:
        return lambda: map(source.gather, indices.regrouped(source.start(), size, self._drop_remainder))


class Unbatch(Node):
    """The slices of each element along its first dimension."""

    def __init__(self, source: Node) -> None:
        if any(spec.shape.ndims == 0 for spec in nest.flatten(source.spec)):
            raise ValueError("Cannot unbatch an input with scalar components.")
        sizes = {spec.shape.sizes[0] for spec in nest.flatten(source.spec) if spec.shape.sizes} - {None}
        if len(sizes) > 1:
            raise ValueError(f"Cannot unbatch an input whose components have different batch sizes: {sorted(sizes)}.")
        slices = nest.map_structure(lambda spec: like(spec, spec.shape[1:]), source.spec)
        self._sparse = [isinstance(spec, SparseTensorSpec) for spec in nest.flatten(source.spec)]
        super().__init__(slices, [source])

    def build(self, context: Context) -> Pipeline:
        """Element after element, taken apart."""
        source = self.sources[0].build(context)
        if not any(self._sparse):
            return Elementwise(lambda: rows.Unbatched(source.rows()))
        return Elementwise(lambda: rows.Unbatched(map(self._with_slices, source.rows())))

    def _with_slices(self, row: Row) -> Row:
        """The row with a matrix of serialized slices in place of each sparse tensor."""
        pairs = zip(row, self._sparse)
        return tuple(serialized_slices(*deserialized(value)) if sparse else value for value, sparse in pairs)


class IgnoreErrors(Node):
    """The elements that can be had."""

    def __init__(self, source: Node) -> None:
        super().__init__(source.spec, [source])

    def build(self, context: Context) -> Pipeline:
        """Rows, after an error the next."""
        source = self.sources[0].build(context)
        return Elementwise(lambda: rows.WithoutErrors(source.rows()))


class Map(Node):
    """What a function makes of each element."""

    def __init__(self, source: Node, function: Callable[..., Any]) -> None:
        self._graph = traced(function, source.spec, "map")
        self._captures = self._graph.captured_inputs()
        super().__init__(result_spec(self._graph), [source], self._captures)

    def build(self, context: Context) -> Pipeline:
        """The compiled function, for many rows at once where it can be, else row by row."""
        source = self.sources[0].build(context)
        function = context.function(self._graph, self._captures)
        if not isinstance(source, Elementwise):
            many = context.function_of_many(self._graph, self._captures)
            if many is not None:
                return mapped(source, function, many)
        return Elementwise(lambda: itertools.starmap(function, source.rows()))


class Filter(Node):
    """The elements for which a predicate holds."""

    def __init__(self, source: Node, predicate: Callable[..., Any]) -> None:
        self._graph = traced(predicate, source.spec, "filter")
        check_predicate(self._graph)
        self._captures = self._graph.captured_inputs()
        super().__init__(source.spec, [source], self._captures)

    def build(self, context: Context) -> Pipeline:
        """The compiled predicate, row by row."""
        source = self.sources[0].build(context)
        predicate = context.function(self._graph, self._captures)
        return Elementwise(lambda: filter(lambda row: predicate(*row)[0], source.rows()))


class Zip(Node):
    """Elements of several datasets side by side, in a structure."""

    def __init__(self, structure: Any, sources: Sequence[Node]) -> None:
        super().__init__(nest.pack_like(structure, [source.spec for source in sources]), sources)

    def build(self, context: Context) -> Pipeline:
        """Row numbers of all where all have them; else rows."""
        return side_by_side([source.build(context) for source in self.sources])


class Concatenate(Node):
    """The elements of one dataset and then those of another."""

    def __init__(self, first: Node, second: Node) -> None:
        types = [nest.map_structure(lambda spec: spec.dtype, node.spec) for node in (first, second)]
        if types[0] != types[1]:
            raise TypeError(f"Two datasets to concatenate have different types {types[0]!r} and {types[1]!r}")
        classes = [nest.map_structure(class_of, node.spec) for node in (first, second)]
        if classes[0] != classes[1]:
            raise TypeError(f"Two datasets to concatenate have different classes {classes[0]!r} and {classes[1]!r}")
        super().__init__(nest.map_structure(common_spec, first.spec, second.spec), [first, second])

    def build(self, context: Context) -> Pipeline:
        """Rows of one after rows of the other."""
        pipelines = [source.build(context) for source in self.sources]
        return Elementwise(lambda: itertools.chain.from_iterable(pipeline.rows() for pipeline in pipelines))


def common_spec(one: TensorSpec, other: TensorSpec) -> TensorSpec:
    """What is known of a tensor that may be either."""
    ours, theirs = one.shape.sizes, other.shape.sizes
    if ours is None or theirs is None or len(ours) != len(theirs):
        return like(one, TensorShape(None))
    return like(one, TensorShape([a if a == b else None for a, b in zip(ours, theirs)]))
