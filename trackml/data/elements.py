"""Elements of a dataset: nested dicts and tuples whose leaves are arrays or tensors.

Unlike elsewhere in the library a list is no structure here: it is the rows of one array, as in TensorFlow's
datasets. Once an element has gone through `element_of` no lists are left, and `trackml.nest` can work on it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from trackml import nest
from trackml.data.sparse import SparseTensorSpec
from trackml.dtypes import as_dtype
from trackml.graph.conversion import convert_to_tensor, to_array
from trackml.graph.function import TensorSpec
from trackml.graph.operation import Tensor
from trackml.graph.sparse_tensor import SparseTensor, SparseTensorValue
from trackml.shapes import TensorShape, as_shape


@dataclass(frozen=True)
class DatasetSpec(TensorSpec):
    """What is known of a component that is a dataset itself: in a graph it is a variant scalar."""

    element: Any = None
    """The structure of its elements."""
    wrap: Callable[[Tensor], Any] | None = None
    """Makes a dataset of the tensor that stands for it."""


Component: TypeAlias = "np.ndarray[Any, Any] | Tensor"
"""A leaf of what a dataset is made from."""


def element_of(value: Any, leaf: Callable[[Any, str], Any], where: str = "") -> Any:
    """`value` with `leaf(item, where)` in place of each item that is neither a dict nor a tuple.

    Args:
        value: Nested dicts, tuples and named tuples.
        leaf: Gives the new leaf; it is told where in the structure it is, such as `"[0]['x']"`.
        where: Where `value` itself is.
    """
    if isinstance(value, SparseTensorValue):  # a tuple that is a leaf
        return leaf(value, where)
    if isinstance(value, Mapping):
        items = {key: element_of(item, leaf, f"{where}[{key!r}]") for key, item in value.items()}
        return _mapping_like(value, items)
    if isinstance(value, tuple):
        names = getattr(value, "_fields", None)
        places = [f"{where}.{name}" for name in names] if names else [f"{where}[{n}]" for n in range(len(value))]
        children = [element_of(item, leaf, place) for item, place in zip(value, places)]
        return type(value)(*children) if names else tuple(children)
    return leaf(value, where)


def _mapping_like(mapping: Mapping[Any, Any], items: dict[Any, Any]) -> Any:
    try:
        return type(mapping)(items)  # type: ignore[call-arg]
    except TypeError:  # a defaultdict, say, whose constructor wants something else
        return items


def component_or_sparse(value: Any, where: str) -> Component | SparseTensor:
    """A leaf as `component_of` has it, or as the sparse tensor that it is."""
    sparse = isinstance(value, (SparseTensor, SparseTensorValue))
    return SparseTensor.from_value(value) if sparse else component_of(value, where)


def component_of(value: Any, where: str) -> Component:
    """A leaf as an array that nobody will write into, or as the tensor that it is.

    An array that is read-only already is taken as it is, so that a file mapped into memory stays on disk;
    anything else is copied, as TensorFlow copies it.

    Raises:
        TypeError: `value` is nothing that a tensor can hold.
        ValueError: It is None, or has rows of unequal length.
    """
    if value is None:
        raise ValueError(f"{_place(where)}: None values not supported.")
    try:
        if isinstance(value, Tensor) or hasattr(value, "_as_tensor") or _lists_tensors(value):
            return convert_to_tensor(value)
        if _is_safe(value):
            frozen: np.ndarray[Any, Any] = value
            return frozen
        array = to_array(value, None)
    except (TypeError, ValueError) as error:
        hint = " Use dict(frame) for one component a column." if hasattr(value, "columns") else ""
        raise type(error)(f"{_place(where)}: {error}{hint}") from error
    array.flags.writeable = False
    return array


def _lists_tensors(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, Tensor) for item in nest.flatten(value))


def _is_safe(value: Any) -> bool:
    if not isinstance(value, np.ndarray) or value.flags.writeable or value.dtype.kind in "OSU":
        return False
    return bool(value.dtype == as_dtype(value.dtype).as_numpy_dtype)


def _place(where: str) -> str:
    return f"Component {where}" if where else "The only component"


def spec_of_component(component: Component | SparseTensor) -> TensorSpec:
    """What is known of a component before it is there."""
    if isinstance(component, SparseTensor):
        return SparseTensorSpec(component.dtype, component.shape)
    return TensorSpec(as_dtype(component.dtype), TensorShape(component.shape))


def specs_of(types: Any, shapes: Any = None, classes: Any = None) -> Any:
    """The spec of elements of which the structure, the types and perhaps the shapes are given.

    Args:
        types: The types, in the structure of an element.
        shapes: The shapes in the same structure, as shapes or as lists and tuples of sizes; None for unknown ones.
        classes: `Tensor` or `SparseTensor` for each component; None where all are tensors.

    Raises:
        ValueError: The structures differ.
    """
    if isinstance(types, Mapping):
        _same(shapes is None or (isinstance(shapes, Mapping) and set(shapes) == set(types)), types, shapes)
        _same(classes is None or (isinstance(classes, Mapping) and set(classes) == set(types)), types, classes)
        items = {
            key: specs_of(item, None if shapes is None else shapes[key], None if classes is None else classes[key])
            for key, item in types.items()
        }
        return _mapping_like(types, items)
    if isinstance(types, tuple):
        _same(shapes is None or (isinstance(shapes, (tuple, list)) and len(shapes) == len(types)), types, shapes)
        _same(classes is None or (isinstance(classes, (tuple, list)) and len(classes) == len(types)), types, classes)
        unknown = itertools.repeat(None)
        children = [specs_of(*item) for item in zip(types, shapes or unknown, classes or unknown)]
        return type(types)(*children) if hasattr(types, "_fields") else tuple(children)
    kind = SparseTensorSpec if classes is SparseTensor else TensorSpec
    return kind(as_dtype(types), as_shape(shapes))


def _same(holds: bool, types: Any, others: Any) -> None:
    if not holds:
        raise ValueError(f"Types, shapes and classes must have the same structure; got {types!r} and {others!r}.")


def places_of(element: Any) -> list[str]:
    """Where in the structure each leaf is, in the order of `nest.flatten`."""
    places: list[str] = nest.flatten(element_of(element, lambda _, where: where or "the only component"))
    return places


def flatten_like(structure: Any, value: Any) -> list[Any]:
    """The parts of `value` that stand where `structure` has its leaves.

    Raises:
        TypeError: `value` does not have that structure.
    """
    if isinstance(structure, Mapping):
        if not isinstance(value, Mapping) or set(value) != set(structure):
            raise TypeError("not the same keys")
        return [part for key in sorted(structure) for part in flatten_like(structure[key], value[key])]
    if isinstance(structure, tuple):
        if not isinstance(value, (tuple, list)) or len(value) != len(structure):
            raise TypeError("not as many items")
        return [part for item, child in zip(structure, value) for part in flatten_like(item, child)]
    return [value]
