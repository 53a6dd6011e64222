"""How tensors came about: which layer made them, from which tensors; and which of their steps are masked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from trackml import nest
from trackml.graph.conversion import constant
from trackml.graph.graph import get_default_graph
from trackml.graph.operation import Operation, Tensor

_KEY = ("__keras_tensors",)


@dataclass(eq=False)
class Node:
    """One call of a layer."""

    layer: Any
    """The layer."""
    inputs: Any
    """Its inputs, as they were given."""
    outputs: Any
    """What it returned."""
    arguments: dict[str, Any] = field(default_factory=dict)
    """The other arguments of the call."""

    @property
    def sources(self) -> list[Tensor]:
        """The tensors that it takes from other layers, inputs first."""
        return [tensor for tensor in nest.flatten([self.inputs, self.arguments]) if _is_known(tensor)]

    def again(self, layer: Any, known: dict[Tensor, Any]) -> Any:
        """Calls a layer as this call was made, on other tensors, and notes what it returns in their place.

        Args:
            layer: This node's layer, or a copy of it.
            known: The tensors in place of those of the network; what the layer returns is added.
        """
        inputs, arguments = (nest.map_structure(lambda item: _in_place(item, known), part)
                             for part in (self.inputs, self.arguments))  # fmt: skip
        made = layer(inputs, **arguments)
        known.update(zip(nest.flatten(self.outputs), nest.flatten(made)))
        return made


@dataclass
class Tensors:
    """What is known of the tensors of one graph; kept in the graph, so that it goes with it."""

    nodes: dict[Tensor, Node] = field(default_factory=dict)
    masks: dict[Tensor, Any] = field(default_factory=dict)
    apart: set[Operation] = field(default_factory=set)
    """Operations of which it is known that they are made of no layer's output."""


def tensors_of_graph() -> Tensors:
    """What is known of the tensors of the default graph."""
    kept = get_default_graph().get_collection_ref(_KEY)
    if not kept:
        kept.append(Tensors())
    found: Tensors = kept[0]
    return found


def remember(node: Node) -> None:
    """Notes a call of a layer as the origin of what it returned."""
    known = tensors_of_graph().nodes
    for output in nest.flatten(node.outputs):
        known.setdefault(output, node)


def node_of(tensor: Tensor) -> Node | None:
    """The call that a tensor came from; None when no layer made it."""
    return tensors_of_graph().nodes.get(tensor)


def mask_of(tensors: Any) -> Any:
    """The masks of tensors, in their structure; None where there is none."""
    masks = tensors_of_graph().masks
    return nest.map_structure(lambda tensor: masks.get(tensor), tensors)


def set_mask(tensors: Any, masks: Any) -> None:
    """Notes the masks of tensors; `masks` is None, or has their structure."""
    if masks is None:
        return
    known = tensors_of_graph().masks
    if isinstance(tensors, Tensor):
        known[tensors] = masks
        return
    for tensor, mask in zip(nest.flatten(tensors), nest.flatten(masks)):
        if mask is not None:
            known[tensor] = mask


def frozen(tensor: Tensor) -> Any:
    """The value of a tensor that no input of a model has a part in, as an array.

    Raises:
        ValueError: It is fed by a placeholder that is no `keras.Input`.
    """
    from trackml.errors import OpError
    from trackml.keras import backend

    with tensor.graph.as_default():
        try:
            return backend.get_session().run(tensor)
        except OpError as error:
            raise ValueError(
                f"{tensor} goes into a layer but depends on a placeholder that is no `keras.Input`. Make it an input "
                "of the model."
            ) from error


def _is_known(item: Any) -> bool:
    return isinstance(item, Tensor) and node_of(item) is not None


def _in_place(item: Any, known: Mapping[Tensor, Any]) -> Any:
    """What stands for an argument of a call: constants of another graph are made again."""
    if not isinstance(item, Tensor):
        return item
    if item in known:
        return known[item]
    return item if item.graph is get_default_graph() else constant(frozen(item), item.dtype)
