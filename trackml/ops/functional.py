"""Functions along the first axis of tensors: `map_fn`, `scan`, `foldl`, `foldr`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from trackml import dtypes, nest
from trackml.dtypes import as_dtype
from trackml.graph.conversion import constant, convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.ops.array import shape
from trackml.ops.framework import name_scope
from trackml.ops.tensor_array import TensorArray
from trackml.ops.while_loops import while_loop


def map_fn(
    fn: Callable[[Any], Any],
    elems: Any,
    dtype: Any = None,
    parallel_iterations: int | None = None,
    back_prop: bool = True,
    swap_memory: bool = False,
    infer_shape: bool = True,
    name: str | None = None,
) -> Any:
    """What `fn` gives for each part of `elems` along the first axis, stacked.

    Args:
        fn: Takes a part of each tensor, in the structure of `elems`.
        elems: A tensor or a structure of tensors with equal first sizes.
        dtype: The types of the results in their structure; needed when they are not those of `elems`.
        parallel_iterations: Accepted for TensorFlow's sake: parts are taken one after the other.
        back_prop: Whether gradients flow.
        swap_memory: Accepted for TensorFlow's sake.
        infer_shape: Whether all results have one shape.
        name: Name scope.

    Returns:
        Tensors in the structure of the results of `fn`.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     print(session.run(tf.map_fn(lambda row: row * row[0], tf.constant([[1, 2], [3, 4]]))))
        [[ 1  2]
         [ 9 12]]
    """
    _check_function(fn)
    with name_scope(name, "map", nest.flatten(elems)):
        parts, count = _unstacked(elems)
        types = nest.map_structure(lambda part: part.dtype, parts) if dtype is None else _types(dtype)
        results = nest.map_structure(lambda type_: TensorArray(type_, count, infer_shape=infer_shape), types)

        def step(index: Tensor, arrays: Any) -> Any:
            values = fn(_read(parts, index))
            nest.assert_same_structure(types, values)
            written = nest.map_structure(lambda array, value: array.write(index, value), arrays, values)
            return index + 1, written

        _, last = while_loop(
            lambda index, _: index < count,
            step,
            (constant(0), results),
            back_prop=back_prop,
            maximum_iterations=count,
        )
        return nest.map_structure(lambda array: array.stack(), last)


def foldl(
    fn: Callable[[Any, Any], Any],
    elems: Any,
    initializer: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    name: str | None = None,
) -> Any:
    """`fn(... fn(fn(initializer, elems[0]), elems[1]) ..., elems[-1])`.

    Without `initializer` the first part is the value to start from. The other arguments are those of `map_fn`.
    """
    return _folded(fn, elems, initializer, back_prop, name or "foldl", reverse=False)


def foldr(
    fn: Callable[[Any, Any], Any],
    elems: Any,
    initializer: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    name: str | None = None,
) -> Any:
    """As `foldl`, from the last part to the first."""
    return _folded(fn, elems, initializer, back_prop, name or "foldr", reverse=True)


def _folded(fn: Callable[[Any, Any], Any], elems: Any, first: Any, back_prop: bool, name: str, reverse: bool) -> Any:
    _check_function(fn)
    with name_scope(name, None, nest.flatten(elems)):
        parts, count = _unstacked(elems)
        start = _first(parts, count, first, reverse)

        def step(done: Tensor, value: Any) -> Any:
            return done + 1, fn(value, _read(parts, count - 1 - done if reverse else done))

        begun = constant(0 if first is not None else 1)
        return while_loop(lambda done, _: done < count, step, (begun, start), back_prop=back_prop)[1]


def scan(
    fn: Callable[[Any, Any], Any],
    elems: Any,
    initializer: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    infer_shape: bool = True,
    reverse: bool = False,
    name: str | None = None,
) -> Any:
    """All values of `foldl` on the way, stacked.

    Args:
        fn: Takes the value so far and a part of `elems`; gives the next value.
        elems: A tensor or a structure of tensors with equal first sizes.
        initializer: The value to start from; without one the first part is the first value.
        parallel_iterations: Accepted for TensorFlow's sake.
        back_prop: Whether gradients flow.
        swap_memory: Accepted for TensorFlow's sake.
        infer_shape: Whether all values have one shape.
        reverse: Whether to go from the last part to the first; the results stay at the places of their parts.
        name: Name scope.
    """
    _check_function(fn)
    with name_scope(name, "scan", nest.flatten(elems)):
        parts, count = _unstacked(elems)
        start = _first(parts, count, initializer, reverse)
        results = nest.map_structure(lambda value: TensorArray(value.dtype, count, infer_shape=infer_shape), start)
        if initializer is None:
            place = count - 1 if reverse else constant(0)
            results = nest.map_structure(lambda array, value: array.write(place, value), results, start)

        def step(done: Tensor, value: Any, arrays: Any) -> Any:
            index = count - 1 - done if reverse else done
            following = nest.map_structure(convert_to_tensor, fn(value, _read(parts, index)))
            written = nest.map_structure(lambda array, item: array.write(index, item), arrays, following)
            return done + 1, following, written

        begun = constant(0 if initializer is not None else 1)
        last = while_loop(lambda done, *_: done < count, step, (begun, start, results), back_prop=back_prop)[2]
        return nest.map_structure(lambda array: array.stack(), last)


def _check_function(fn: Any) -> None:
    if not callable(fn):
        raise TypeError("fn must be callable.")


def _types(dtype: Any) -> Any:
    return nest.map_structure(as_dtype, dtype)


def _unstacked(elems: Any) -> tuple[Any, Tensor]:
    """The parts of each tensor as an array, and how many there are."""
    tensors = nest.map_structure(lambda item: convert_to_tensor(item, name="elem"), elems)
    leaves = nest.flatten(tensors)
    known = next((leaf for leaf in leaves if leaf.shape.ndims and leaf.shape.as_list()[0] is not None), None)
    count = shape(leaves[0])[0] if known is None else constant(known.shape.as_list()[0], dtypes.int32, name="n")
    arrays = nest.map_structure(lambda leaf: TensorArray(leaf.dtype, count).unstack(leaf), tensors)
    return arrays, count


def _read(arrays: Any, index: Tensor) -> Any:
    return nest.map_structure(lambda array: array.read(index), arrays)


def _first(parts: Any, count: Tensor, initializer: Any, reverse: bool) -> Any:
    if initializer is None:
        return _read(parts, count - 1 if reverse else constant(0))
    return nest.map_structure(convert_to_tensor, initializer)
