"""Iterators: tensors that are the next element of a dataset at each run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trackml import nest
from trackml.data.elements import specs_of
from trackml.data.iterator_ops import (
    get_next,
    iterator_resource,
    make_iterator,
    one_shot_resource,
    resource_of_handle,
    string_handle,
)
from trackml.data.nodes import Node, tensors_of
from trackml.data.sparse import carried, class_of, element_like
from trackml.dtypes import DType, string
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.operation import Operation, Tensor
from trackml.graph.order import needed
from trackml.graph.plan import Plan
from trackml.graph.runtime import Runtime
from trackml.ops.framework import name_scope
from trackml.shapes import TensorShape


class Iterator:
    """The place that a session is at in a dataset.

    Made by `Dataset.make_one_shot_iterator`, `Dataset.make_initializable_iterator`, `Iterator.from_structure` and
    `Iterator.from_string_handle`, never by hand.
    """

    def __init__(self, resource: Tensor, spec: Any, initializer: Operation | None = None) -> None:
        self._resource = resource
        self._spec = spec
        self._initializer = initializer

    @staticmethod
    def from_structure(
        output_types: Any, output_shapes: Any = None, shared_name: str | None = None, output_classes: Any = None
    ) -> Iterator:
        """An iterator of no dataset yet: each `make_initializer` gives an operation that sets it to one.

        Args:
            output_types: The structure of an element, with the type of each component.
            output_shapes: The static shapes in the same structure; unknown by default.
            shared_name: A name under which several iterators of one session share their state.
            output_classes: `tf.Tensor` or `tf.SparseTensor` for each component; tensors by default.
        """
        spec = specs_of(output_types, output_shapes, output_classes)
        return Iterator(iterator_resource(*_flat(spec), shared_name or ""), spec)

    @staticmethod
    def from_string_handle(
        string_handle: Any, output_types: Any, output_shapes: Any = None, output_classes: Any = None
    ) -> Iterator:
        """The iterator whose `string_handle` is given at each run.

        Args:
            string_handle: A string scalar, mostly a placeholder.
            output_types: The structure of an element, with the type of each component.
            output_shapes: The static shapes in the same structure; unknown by default.
            output_classes: `tf.Tensor` or `tf.SparseTensor` for each component; tensors by default.
        """
        spec = specs_of(output_types, output_shapes, output_classes)
        return Iterator(resource_of_handle(convert_to_tensor(string_handle, string), *_flat(spec)), spec)

    @property
    def initializer(self) -> Operation:
        """The operation that begins at the first element; ValueError when the iterator has none of its own."""
        if self._initializer is None:
            raise ValueError("Iterator does not have an initializer.")
        return self._initializer

    def make_initializer(self, dataset: Any, name: str | None = None) -> Operation:
        """An operation that begins at the first element of `dataset`.

        Raises:
            TypeError: The dataset's elements have another structure, other types or shapes than this iterator's.
        """
        node: Node = dataset._node
        self._check(node)
        with name_scope(name, "make_initializer") as scope:
            return make_iterator(node, self._resource, scope)

    def _check(self, node: Node) -> None:
        ours, theirs = self.output_types, nest.map_structure(lambda spec: spec.dtype, node.spec)
        if ours != theirs:
            raise TypeError(f"Expected output types {ours!r} but got dataset with output types {theirs!r}.")
        ours, theirs = self.output_classes, nest.map_structure(class_of, node.spec)
        if ours != theirs:
            raise TypeError(f"Expected output classes {ours!r} but got dataset with output classes {theirs!r}.")
        for spec, given in zip(nest.flatten(self._spec), nest.flatten(node.spec)):
            if not spec.shape.is_compatible_with(given.shape):
                raise TypeError(
                    f"Expected output shapes compatible with {self.output_shapes} but got dataset with output shapes "
                    f"{nest.map_structure(lambda spec: spec.shape, node.spec)}."
                )

    def get_next(self, name: str | None = None) -> Any:
        """The tensors of an element; each run in which one of them is needed takes the next.

        Call it once and run what it gave again and again: each call adds an operation that takes elements of
        its own. At the end a run raises OutOfRangeError.
        """
        return element_like(self._spec, get_next(self._resource, *_flat(self._spec), name or "IteratorGetNext"))

    def string_handle(self, name: str | None = None) -> Tensor:
        """A string scalar that names this iterator in its session, to be fed to `from_string_handle`."""
        return string_handle(self._resource, name or "IteratorToStringHandle")

    @property
    def element_spec(self) -> Any:
        """The structure of an element, with type and shape of each component."""
        return self._spec

    @property
    def output_types(self) -> Any:
        """The types of an element's components, in its structure."""
        return nest.map_structure(lambda spec: spec.dtype, self._spec)

    @property
    def output_shapes(self) -> Any:
        """The static shapes of an element's components, in its structure."""
        return nest.map_structure(lambda spec: spec.shape, self._spec)

    @property
    def output_classes(self) -> Any:
        """The classes of an element's components, in its structure."""
        return nest.map_structure(class_of, self._spec)


def _flat(spec: Any) -> tuple[list[DType], list[TensorShape]]:
    flat = [carried(item) for item in nest.flatten(spec)]
    return [item.dtype for item in flat], [item.shape for item in flat]


def initializable_iterator(node: Node, shared_name: str | None) -> Iterator:
    """An iterator that begins at the first element whenever its initializer is run."""
    resource = iterator_resource(node.dtypes, node.shapes, shared_name or "")
    return Iterator(resource, node.spec, make_iterator(node, resource, "MakeIterator"))


def one_shot_iterator(node: Node) -> Iterator:
    """An iterator that begins by itself.

    Raises:
        ValueError: The dataset refers to a tensor whose value is not settled once and for all.
    """
    tensors = tensors_of(node)
    return Iterator(one_shot_resource(node, dict(zip(tensors, settled_values(tensors)))), node.spec)


def settled_values(tensors: Sequence[Tensor]) -> list[np.ndarray[Any, Any]]:
    """The values of tensors that are the same in all sessions.

    Raises:
        ValueError: One of them depends on a placeholder or on state.
    """
    for op in needed(tensors, ()):
        if op.type == "Placeholder":
            raise ValueError(f"Cannot capture a placeholder (name:{op.name}, type:{op.type}) by value.")
        if op.spec.stateful:
            raise ValueError(
                "Failed to create a one-shot iterator for a dataset. `Dataset.make_one_shot_iterator()` does not "
                "support datasets that capture stateful objects, such as a `Variable` or `LookupTable`. In these "
                "cases, use `Dataset.make_initializable_iterator()`. "
                f"(Original error: Cannot capture a stateful node (name:{op.name}, type:{op.type}) by value.)"
            )
    with np.errstate(all="ignore"):
        return [np.asarray(value) for value in Plan(list(tensors), (), Runtime())(*())]
