"""How tensors came about: which layer made them, from which tensors; and which of their steps are masked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from trackml import nest
from trackml.graph.graph import get_default_graph
from trackml.graph.operation import Tensor

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


@dataclass
class _Tensors:
    """What is known of the tensors of one graph; kept in the graph, so that it goes with it."""

    nodes: dict[Tensor, Node] = field(default_factory=dict)
    masks: dict[Tensor, Any] = field(default_factory=dict)


def _tensors() -> _Tensors:
    kept = get_default_graph().get_collection_ref(_KEY)
    if not kept:
        kept.append(_Tensors())
    found: _Tensors = kept[0]
    return found


def remember(node: Node) -> None:
    """Notes a call of a layer as the origin of what it returned."""
    known = _tensors().nodes
    for output in nest.flatten(node.outputs):
        known.setdefault(output, node)


def node_of(tensor: Tensor) -> Node | None:
    """The call that a tensor came from; None when no layer made it."""
    return _tensors().nodes.get(tensor)


def mask_of(tensors: Any) -> Any:
    """The masks of tensors, in their structure; None where there is none."""
    masks = _tensors().masks
    return nest.map_structure(lambda tensor: masks.get(tensor), tensors)


def set_mask(tensors: Any, masks: Any) -> None:
    """Notes the masks of tensors; `masks` is None, or has their structure."""
    if masks is None:
        return
    known = _tensors().masks
    if isinstance(tensors, Tensor):
        known[tensors] = masks
        return
    for tensor, mask in zip(nest.flatten(tensors), masks):
        if mask is not None:
            known[tensor] = mask
