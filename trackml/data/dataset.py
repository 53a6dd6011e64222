"""`tf.data.Dataset`: a description of a stream of elements, built by methods that each give a new one."""

from __future__ import annotations

import operator
import os
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from trackml import nest
from trackml.data import dataset_ops, files, nested, sources, transformations
from trackml.data.elements import element_of, specs_of
from trackml.data.iterators import Iterator as DatasetIterator
from trackml.data.iterators import initializable_iterator, one_shot_iterator
from trackml.data.nodes import Node, Size
from trackml.data.padding import PaddedBatch
from trackml.data.seeds import seeds_of
from trackml.data.sparse import class_of
from trackml.errors import InvalidArgumentError
from trackml.graph.operation import Tensor
from trackml.ops.framework import leave_out

_LARGEST = (1 << 63) - 1
_ALL_FILES = 1 << 31


class Dataset:
    """A stream of elements: nested dicts and tuples of tensors, all with one structure.

    A dataset only describes; each iterator that is made of it goes through the elements on its own. One that
    refers to no tensors may be made outside of any graph and used in all of them; functions given to `map` and
    `filter` are called once, right there.

    Slices of arrays that are shuffled, repeated, skipped, zipped and batched are never taken apart into rows:
    a batch is one fancy-index an array. A `map` or `filter` before the `batch` runs for each element, one after
    it for each batch.

    Made by `from_tensor_slices` and its like, never by hand.

    Example:
        >>> import trackml as tf
        >>> dataset = tf.data.Dataset.from_tensor_slices({"x": [1, 2, 3]}).repeat(2).batch(4)
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     features = dataset.make_one_shot_iterator().get_next()
        ...     print(session.run(features), session.run(features))
        {'x': array([1, 2, 3, 1], dtype=int32)} {'x': array([2, 3], dtype=int32)}
    """

    def __init__(self, node: Node) -> None:
        self._node = node

    @property
    def element_spec(self) -> Any:
        """The structure of an element, with type and shape of each component."""
        return self._node.spec

    @property
    def output_types(self) -> Any:
        """The types of an element's components, in its structure."""
        return nest.map_structure(lambda spec: spec.dtype, self._node.spec)

    @property
    def output_shapes(self) -> Any:
        """The static shapes of an element's components, in its structure."""
        return nest.map_structure(lambda spec: spec.shape, self._node.spec)

    @property
    def output_classes(self) -> Any:
        """The classes of an element's components, in its structure."""
        return nest.map_structure(class_of, self._node.spec)

    @staticmethod
    def from_tensors(tensors: Any) -> Dataset:
        """A single element.

        Args:
            tensors: Arrays, lists, numbers, strings, tensors or sparse tensors, nested in dicts and tuples.
        """
        return Dataset(sources.Tensors(sources.element(tensors)))

    @staticmethod
    def from_tensor_slices(tensors: Any) -> Dataset:
        """An element for each slice along the first axis.

        Args:
            tensors: Arrays, lists, data frames, series, tensors or sparse tensors, nested in dicts and tuples, all
                with the same first dimension. They are copied, but for arrays that are read-only already. A data
                frame is one matrix; `dict(frame)` gives a component a column.

        Raises:
            ValueError: The first dimensions differ; the message says which is how long.
        """
        return Dataset(sources.Slices(sources.element(tensors)))

    @staticmethod
    def from_generator(
        generator: Callable[..., Any], output_types: Any, output_shapes: Any = None, args: Any = None
    ) -> Dataset:
        """What a Python generator yields.

        Args:
            generator: Called at the beginning of each pass; gives an iterable of elements.
            output_types: The structure of an element, with the type of each component.
            output_shapes: The static shapes in the same structure; unknown by default.
            args: Values or tensors with which `generator` is called, as arrays.
        """
        if not callable(generator):
            raise TypeError(f"`generator` must be callable; got {generator!r}.")
        spec = specs_of(output_types, output_shapes)
        return Dataset(sources.Generated(generator, spec, sources.arguments(args or ())))

    @staticmethod
    def range(*args: Any) -> Dataset:
        """The numbers of Python's `range(*args)`, as int64 scalars."""
        if not 1 <= len(args) <= 3:
            raise ValueError(f"Dataset.range takes one to three numbers; got {args}.")
        bounds = [size_of(value, "A bound of Dataset.range") for value in args]
        start, stop = (0, bounds[0]) if len(bounds) == 1 else bounds[:2]
        return Dataset(sources.Range(start, stop, bounds[2] if len(bounds) == 3 else 1))

    @staticmethod
    def list_files(file_pattern: Any, shuffle: bool | None = None, seed: int | None = None) -> Dataset:
        """The names of the files that match a pattern, looked up when an iterator starts.

        Args:
            file_pattern: A pattern with `*`, `?` and `[...]`, or several of them in a list, an array or a tensor.
            shuffle: Whether they come in random order, another one in each repetition; true by default. Otherwise
                they are sorted.
            seed: Makes the random order repeatable.

        Raises:
            InvalidArgumentError: When an iterator starts: no file matches.
        """
        dataset = Dataset(files.MatchingFiles(files.names_of(file_pattern)))
        return dataset if shuffle is not None and not shuffle else dataset.shuffle(_ALL_FILES, seed)

    @staticmethod
    def zip(datasets: Any) -> Dataset:
        """Elements of several datasets side by side, as many as the shortest has.

        Args:
            datasets: Datasets nested in dicts and tuples; an element has that structure.
        """
        structure = element_of(datasets, _zipped)
        return Dataset(transformations.Zip(structure, [dataset._node for dataset in nest.flatten(structure)]))

    def concatenate(self, dataset: Dataset) -> Dataset:
        """The elements of this dataset, and then those of another."""
        return Dataset(transformations.Concatenate(self._node, dataset._node))

    def prefetch(self, buffer_size: Any) -> Dataset:
        """The same elements.

        Unlike in TensorFlow nothing is made in advance: elements come when they are asked for, on the thread
        that asks, so there is nothing to wait for and nothing to stop.
        """
        if not isinstance(buffer_size, Tensor) and operator.index(buffer_size) < -1:
            raise InvalidArgumentError(
                None, None, "buffer_size must be >= 0 or set buffer_size to be -1 for auto-tuning"
            )
        leave_out(2)  # TensorFlow's size and dataset: seeds are counted by operations
        return self

    def repeat(self, count: Any = None) -> Dataset:
        """The elements `count` times over; without end when it is None or negative."""
        return Dataset(transformations.Repeat(self._node, -1 if count is None else size_of(count, "count")))

    def enumerate(self, start: Any = 0) -> Dataset:
        """Pairs of a number, counted from `start`, and an element."""
        return Dataset.zip((Dataset.range(start, _LARGEST), self))

    def shuffle(
        self, buffer_size: Any, seed: int | None = None, reshuffle_each_iteration: bool | None = None
    ) -> Dataset:
        """The elements in random order.

        The next element is drawn from a buffer of the `buffer_size` elements that come next, so the order is
        uniformly random only if the buffer holds all of them.

        Args:
            buffer_size: How many elements the buffer holds.
            seed: Makes the order repeatable, together with `tf.set_random_seed`. The order is
                TensorFlow's.
            reshuffle_each_iteration: Whether each repetition has another order; true by default.
        """
        size = size_of(buffer_size, "buffer_size")
        reshuffle = True if reshuffle_each_iteration is None else bool(reshuffle_each_iteration)
        return Dataset(transformations.Shuffle(self._node, size, seeds_of(seed), reshuffle))

    def cache(self, filename: Any = "") -> Dataset:
        """The elements of the first whole pass, kept for the passes after it.

        Args:
            filename: Where to keep them: in memory by default, else in the file `<filename>.records`, which later
                programs read too. The file is there once a whole pass is over. It is not TensorFlow's, and a cache
                that TensorFlow wrote is not read.
        """
        if not isinstance(filename, Tensor) and not os.fspath(filename):
            return Dataset(transformations.Cache(self._node))
        name = filename if isinstance(filename, Tensor) else os.fspath(filename)
        return Dataset(transformations.FileCache(self._node, name))

    def take(self, count: Any) -> Dataset:
        """The first `count` elements; all of them when it is negative."""
        return Dataset(transformations.Take(self._node, size_of(count, "count")))

    def skip(self, count: Any) -> Dataset:
        """The elements after the first `count`; none of them when it is negative."""
        return Dataset(transformations.Skip(self._node, size_of(count, "count")))

    def shard(self, num_shards: Any, index: Any) -> Dataset:
        """Each `num_shards`-th element, from element `index` on."""
        return Dataset(transformations.Shard(self._node, size_of(num_shards, "num_shards"), size_of(index, "index")))

    def batch(self, batch_size: Any, drop_remainder: bool = False) -> Dataset:
        """Elements stacked along a new first axis, `batch_size` at a time.

        Args:
            batch_size: How many make a batch.
            drop_remainder: Whether a last batch that has fewer is left out. Only then is the first dimension
                known while the graph is built.
        """
        size = size_of(batch_size, "batch_size")
        return Dataset(transformations.Batch(self._node, size, bool(drop_remainder)))

    def padded_batch(
        self, batch_size: Any, padded_shapes: Any, padding_values: Any = None, drop_remainder: bool = False
    ) -> Dataset:
        """Elements of several sizes stacked along a new first axis, each padded at its ends.

        Args:
            batch_size: How many make a batch.
            padded_shapes: The shape to which each component is padded, in their structure. A size that is None or
                -1 becomes the largest of the batch.
            padding_values: Scalars to pad with, in the same structure and of the components' types; zeros and empty
                strings by default.
            drop_remainder: Whether a last batch that has fewer is left out.

        Raises:
            TypeError: Shapes or values have another structure, or a value is of another type.
            ValueError: A component cannot have its padded shape.
        """
        size = size_of(batch_size, "batch_size")
        return Dataset(PaddedBatch(self._node, size, padded_shapes, padding_values, bool(drop_remainder)))

    def unbatch(self) -> Dataset:
        """The slices of each element along its first axis, one after the other.

        Raises:
            ValueError: A component has no first axis.
        """
        return Dataset(transformations.Unbatch(self._node))

    def reduce(self, initial_state: Any, reduce_func: Callable[..., Any]) -> Any:
        """What becomes of a state that each element changes.

        Args:
            initial_state: The state before the first element, in any structure.
            reduce_func: Called once, with the state and an element as two arguments; gives the new state.

        Returns:
            Tensors in the structure of the state; each run goes through all elements.

        Raises:
            TypeError: The new state has other types than the initial one.
        """
        return dataset_ops.reduced(self._node, initial_state, reduce_func)

    def map(self, map_func: Callable[..., Any], num_parallel_calls: Any = None) -> Dataset:
        """What a function makes of each element.

        Args:
            map_func: Called once, with tensors that stand for an element's components (an argument for each item
                of a tuple); gives a structure of tensors. It may use tensors of the graph that is current now.
            num_parallel_calls: Accepted for TensorFlow's sake.

        Raises:
            TypeError: The function gives something that is no tensor.
        """
        return Dataset(transformations.Map(self._node, map_func))

    def filter(self, predicate: Callable[..., Any]) -> Dataset:
        """The elements for which `predicate`, called like the function of `map`, gives true.

        Raises:
            ValueError: It does not give a boolean scalar.
        """
        return Dataset(transformations.Filter(self._node, predicate))

    def flat_map(self, map_func: Callable[..., Any]) -> Dataset:
        """The elements of the datasets that a function makes of each element, one dataset after the other.

        Args:
            map_func: Called once, like the function of `map`; gives a dataset.

        Raises:
            TypeError: The function gives something else.
        """
        return Dataset(nested.Interleave(self._node, map_func, 1, 1, "flat_map"))

    def interleave(
        self,
        map_func: Callable[..., Any],
        cycle_length: Any = -1,
        block_length: Any = 1,
        num_parallel_calls: Any = None,
    ) -> Dataset:
        """The elements of the datasets that a function makes of each element, some from each in turn.

        Args:
            map_func: Called once, like the function of `map`; gives a dataset.
            cycle_length: How many datasets are open at once; by default as many as there are processors.
            block_length: How many elements in a row come from one.
            num_parallel_calls: Accepted for TensorFlow's sake.

        Raises:
            TypeError: The function gives something else.
        """
        cycle = size_of(-1 if cycle_length is None else cycle_length, "cycle_length")
        block = size_of(block_length, "block_length")
        return Dataset(nested.Interleave(self._node, map_func, cycle, block, "interleave"))

    def window(self, size: Any, shift: Any = None, stride: Any = 1, drop_remainder: bool = False) -> Dataset:
        """Datasets of `size` elements each, to be put together by the function of a `flat_map`.

        An element of several components gives one with a dataset for each of them.

        Args:
            size: How many elements a window has.
            shift: How many elements later the next window begins; `size` by default.
            stride: From one element of a window to the next.
            drop_remainder: Whether windows that the end cuts short are left out.
        """
        sizes = [size_of(n, what) for n, what in ((size, "size"), (size if shift is None else shift, "shift"))]
        whole = (sizes[0], sizes[1], size_of(stride, "stride"))
        return Dataset(nested.Window(self._node, whole, bool(drop_remainder), Dataset))

    def apply(self, transformation_func: Callable[[Dataset], Any]) -> Dataset:
        """What `transformation_func` makes of this dataset: a chain of methods under a name.

        Raises:
            TypeError: It does not give a dataset.
        """
        dataset = transformation_func(self)
        if not isinstance(dataset, Dataset):
            raise TypeError(f"`transformation_func` must return a Dataset. Got {dataset!r}.")
        return dataset

    def make_one_shot_iterator(self) -> DatasetIterator:
        """An iterator that goes through the elements once in each session and needs no initialisation.

        Raises:
            ValueError: The dataset refers to a placeholder, or to something with a state of its own.
        """
        return one_shot_iterator(self._node)

    def make_initializable_iterator(self, shared_name: str | None = None) -> DatasetIterator:
        """An iterator that begins whenever its `initializer` is run.

        Args:
            shared_name: A name under which several iterators of one session share their state.
        """
        return initializable_iterator(self._node, shared_name)

    def __iter__(self) -> Iterator[NoReturn]:
        raise RuntimeError(
            "A Dataset has no elements while the graph is built. "
            "Use dataset.make_one_shot_iterator().get_next() and run that in a session."
        )

    def __repr__(self) -> str:
        shapes = nest.map_structure(str, self.output_shapes)
        return f"<Dataset shapes: {shapes}, types: {self.output_types!r}>".replace("'(", "(").replace(")'", ")")


def size_of(value: Any, name: str) -> Size:
    """A number of elements, or the scalar tensor that will say it."""
    if isinstance(value, Tensor):
        if not (value.dtype.is_integer and value.shape.is_compatible_with([])):
            raise TypeError(f"{name} must be an integer scalar; got {value}.")
        return value
    try:
        return operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be an integer; got {value!r}.") from None


def _zipped(item: Any, where: str) -> Dataset:
    if isinstance(item, Dataset):
        return item
    message = "The argument to `Dataset.zip()` must be a nested structure of `Dataset` objects."
    if isinstance(item, list):
        raise TypeError(f"{message} Nested structures do not support Python lists; please use a tuple instead.")
    raise TypeError(f"{message} Got {item!r}.")


def make_one_shot_iterator(dataset: Dataset) -> DatasetIterator:
    """The same as `dataset.make_one_shot_iterator()`."""
    return dataset.make_one_shot_iterator()


def make_initializable_iterator(dataset: Dataset, shared_name: str | None = None) -> DatasetIterator:
    """The same as `dataset.make_initializable_iterator(shared_name)`."""
    return dataset.make_initializable_iterator(shared_name)


def get_output_types(dataset_or_iterator: Dataset | DatasetIterator) -> Any:
    """The types of an element's components, in its structure."""
    return dataset_or_iterator.output_types


def get_output_shapes(dataset_or_iterator: Dataset | DatasetIterator) -> Any:
    """The static shapes of an element's components, in its structure."""
    return dataset_or_iterator.output_shapes


def get_output_classes(dataset_or_iterator: Dataset | DatasetIterator) -> Any:
    """The classes of an element's components, in its structure."""
    return dataset_or_iterator.output_classes
