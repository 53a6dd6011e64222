"""Where elements come from: arrays, numbers in order, a Python generator."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from trackml import nest
from trackml.data.elements import (
    component_of,
    component_or_sparse,
    element_of,
    flatten_like,
    places_of,
    spec_of_component,
)
from trackml.data.indices import counted
from trackml.data.nodes import Node, Size
from trackml.data.pipeline import Context, Elementwise, Indexed, Pipeline
from trackml.data.rows import Row
from trackml.data.sparse import boxed, boxed_slices, like
from trackml.data.tables import ArrayTable, RangeTable
from trackml.dtypes import DType, int64, string
from trackml.errors import InvalidArgumentError, OpError, UnknownError
from trackml.graph.conversion import to_array
from trackml.graph.function import TensorSpec
from trackml.graph.operation import Tensor
from trackml.ops.framework import leave_out
from trackml.shapes import TensorShape


def _in_order(table: ArrayTable | RangeTable) -> Indexed:
    return Indexed((table,), lambda: counted(table.length))


def _leave_out_constants(components: list[Any]) -> None:
    """Counts the constants that TensorFlow makes of arrays."""
    leave_out(sum(not isinstance(component, Tensor) for component in components))


class Tensors(Node):
    """One element.

    Args:
        element: Its structure, of arrays, tensors and sparse tensors.
    """

    def __init__(self, element: Any) -> None:
        components = nest.flatten(element)
        if not components:
            raise ValueError(f"An element must have at least one component; got {element!r}.")
        spec = nest.map_structure(spec_of_component, element)
        components = [boxed(component) for component in components]
        _leave_out_constants(components)
        super().__init__(spec, tensors=components)
        self._components = components

    def build(self, context: Context) -> Pipeline:
        """A table of a single row."""
        return _in_order(ArrayTable([np.asarray(context.value(item))[np.newaxis] for item in self._components]))


class Slices(Node):
    """The slices of arrays along their first axis.

    Args:
        element: The structure of the arrays, tensors and sparse tensors.

    Raises:
        ValueError: A component has no first dimension, or they are not all as long.
    """

    def __init__(self, element: Any) -> None:
        components = nest.flatten(element)
        self._places = places_of(element)
        if not components:
            raise ValueError(f"There must be at least one array to take slices of; got {element!r}.")
        specs = [spec_of_component(component) for component in components]
        components = [boxed_slices(component) for component in components]
        self._check([TensorShape(component.shape) for component in components], ValueError)
        slices = [like(spec, spec.shape[1:] if spec.shape.sizes else spec.shape) for spec in specs]
        _leave_out_constants(components)
        super().__init__(nest.pack_like(element, slices), tensors=components)
        self._components = components

    def build(self, context: Context) -> Pipeline:
        """A table with a row a slice."""
        arrays = [np.asarray(context.value(component)) for component in self._components]
        self._check([TensorShape(array.shape) for array in arrays], _invalid)
        return _in_order(ArrayTable(arrays))

    def _check(self, shapes: Sequence[TensorShape], error: Callable[[str], Exception]) -> None:
        for place, shape in zip(self._places, shapes):
            if shape.ndims == 0:
                raise error(f"{place} is a scalar: there is no first dimension to take slices along.")
        sizes = [shape.sizes[0] if shape.sizes else None for shape in shapes]
        if len({size for size in sizes if size is not None}) > 1:
            listed = ", ".join(f"{place}: {size}" for place, size in zip(self._places, sizes))
            raise error(f"All components must have the same size in the 0th dimension; got {listed}.")


def _invalid(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


class Range(Node):
    """Numbers, as Python's `range` gives them.

    Args:
        start: The first one.
        stop: The end, which is not among them.
        step: From one to the next.
    """

    operations = 4

    def __init__(self, start: Size, stop: Size, step: Size) -> None:
        if not isinstance(step, Tensor) and step == 0:
            raise _invalid("step must be a non-zero integer.")
        super().__init__(TensorSpec(int64, TensorShape([])), tensors=(start, stop, step))
        self._bounds = (start, stop, step)

    def build(self, context: Context) -> Pipeline:
        """A table that computes its rows."""
        start, stop, step = (int(context.value(bound)) for bound in self._bounds)
        if step == 0:
            raise _invalid("step must be a non-zero integer.")
        return _in_order(RangeTable(range(start, stop, step)))


class Generated(Node):
    """What a Python generator yields.

    Args:
        generator: Called at the beginning of each pass; gives an iterable.
        spec: The structure of what it yields.
        arguments: Arrays and tensors that it is called with.
    """

    def __init__(self, generator: Callable[..., Any], spec: Any, arguments: Sequence[Any]) -> None:
        super().__init__(spec, tensors=arguments)
        self._generator = generator
        self._arguments = arguments

    def build(self, context: Context) -> Pipeline:
        """Rows as they are yielded."""
        arguments = [context.value(argument) for argument in self._arguments]
        return Elementwise(lambda: _Yielded(lambda: self._generator(*arguments), self.spec))


class _Yielded(Iterator[Row]):
    """The values of one pass, checked and made arrays."""

    def __init__(self, begin: Callable[[], Any], spec: Any) -> None:
        self._begin = begin
        self._values: Iterator[Any] | None = None
        self._spec = spec

    def __next__(self) -> Row:
        try:
            if self._values is None:
                self._values = iter(self._begin())
            value = next(self._values)
        except (StopIteration, OpError):
            raise
        except (TypeError, ValueError) as error:
            raise _invalid(f"{type(error).__name__}: {error}") from error
        except Exception as error:
            raise UnknownError(None, None, f"{type(error).__name__}: {error}") from error
        return self._row(value)

    def _row(self, value: Any) -> Row:
        try:
            parts = flatten_like(self._spec, value)
        except TypeError:
            expected = nest.map_structure(lambda spec: spec.dtype, self._spec)
            raise _invalid(
                "`generator` yielded an element that did not match the expected structure. "
                f"The expected structure was {expected!r}, but the yielded element was {value}."
            ) from None
        return tuple(_component(part, spec) for part, spec in zip(parts, nest.flatten(self._spec)))


def _component(value: Any, spec: TensorSpec) -> np.ndarray[Any, Any]:
    array = _converted(value, spec.dtype)
    if not spec.shape.is_compatible_with(array.shape):
        raise _invalid(
            f"`generator` yielded an element of shape {array.shape} "
            f"where an element of shape {spec.shape} was expected."
        )
    return array


def _converted(value: Any, dtype: DType) -> np.ndarray[Any, Any]:
    try:
        if dtype is string:
            return to_array(value, dtype)
        return np.array(value).astype(dtype.as_numpy_dtype, casting="unsafe", copy=False)
    except (TypeError, ValueError):
        raise _invalid(
            "`generator` yielded an element that could not be converted to the expected type. "
            f"The expected type was {dtype.name}, but the yielded element was {value}."
        ) from None


def arguments(values: Any) -> list[Any]:
    """The arguments of a generator, as arrays and tensors."""
    return [component_of(value, f"args[{number}]") for number, value in enumerate(values)]


def element(value: Any) -> Any:
    """A structure of values as one of arrays, tensors and sparse tensors."""
    return element_of(value, component_or_sparse)
