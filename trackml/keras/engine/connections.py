"""What a layer was called on, and what it gave: its nodes in networks of layers."""

from __future__ import annotations

from typing import Any

from trackml import nest
from trackml.graph.operation import Tensor
from trackml.keras.engine import nodes
from trackml.keras.engine.penalties import Penalized


class Connected(Penalized):
    """A layer's calls on the outputs of other layers."""

    _nodes: list[nodes.Node]

    @property
    def inbound_nodes(self) -> list[nodes.Node]:
        """The calls, in their order."""
        return list(self._nodes)

    @property
    def input(self) -> Any:
        """The input of the only call; AttributeError when there is none, or several."""
        return self._only_node("input").inputs

    @property
    def output(self) -> Any:
        """The output of the only call; AttributeError when there is none, or several."""
        return self._only_node("output").outputs

    @property
    def input_mask(self) -> Any:
        """The mask of the input of the only call."""
        return nodes.mask_of(self._only_node("input").inputs)

    @property
    def output_mask(self) -> Any:
        """The mask of the output of the only call."""
        return nodes.mask_of(self._only_node("output").outputs)

    @property
    def input_shape(self) -> Any:
        """The shape of the input as a tuple, the same for all calls."""
        return self._only_shape("input", [node.inputs for node in self._nodes])

    @property
    def output_shape(self) -> Any:
        """The shape of the output as a tuple, the same for all calls."""
        return self._only_shape("output", [node.outputs for node in self._nodes])

    def get_input_at(self, node_index: int) -> Any:
        """The input of a call.

        Raises:
            RuntimeError: The layer was never called.
            ValueError: It was called less often.
        """
        return self._node_at(node_index, "input").inputs

    def get_output_at(self, node_index: int) -> Any:
        """The output of a call; errors as of `get_input_at`."""
        return self._node_at(node_index, "output").outputs

    def get_input_shape_at(self, node_index: int) -> Any:
        """The shape of the input of a call; errors as of `get_input_at`."""
        return nest_shapes(self._node_at(node_index, "input shape").inputs)

    def get_output_shape_at(self, node_index: int) -> Any:
        """The shape of the output of a call; errors as of `get_input_at`."""
        return nest_shapes(self._node_at(node_index, "output shape").outputs)

    def get_input_mask_at(self, node_index: int) -> Any:
        """The mask of the input of a call; errors as of `get_input_at`."""
        return nodes.mask_of(self._node_at(node_index, "input").inputs)

    def get_output_mask_at(self, node_index: int) -> Any:
        """The mask of the output of a call; errors as of `get_input_at`."""
        return nodes.mask_of(self._node_at(node_index, "output").outputs)

    def _only_node(self, what: str) -> nodes.Node:
        if not self._nodes:
            raise AttributeError(f"Layer {self.name} has no inbound nodes: call it on the output of another layer.")
        if len(self._nodes) > 1:
            raise AttributeError(
                f'Layer {self.name} has multiple inbound nodes, hence the notion of "layer {what}" is ill-defined. '
                f"Use `get_{what}_at(node_index)` instead."
            )
        return self._nodes[0]

    def _only_shape(self, what: str, tensors: list[Any]) -> Any:
        if not tensors:
            raise AttributeError(f"The layer {self.name} has never been called and thus has no defined {what} shape.")
        shapes = [nest_shapes(item) for item in tensors]
        if any(shape != shapes[0] for shape in shapes):
            raise AttributeError(
                f"The layer {self.name} has multiple inbound nodes with different {what} shapes. Hence the notion of "
                f'"{what} shape" is ill-defined for the layer. Use `get_{what}_shape_at(node_index)` instead.'
            )
        return shapes[0]

    def _node_at(self, node_index: int, what: str) -> nodes.Node:
        if not self._nodes:
            raise RuntimeError(f"The layer {self.name} has never been called and thus has no defined {what}.")
        if not -len(self._nodes) <= node_index < len(self._nodes):
            raise ValueError(
                f"Asked to get {what} at node {node_index}, but the layer {self.name} has only {len(self._nodes)} "
                "inbound nodes."
            )
        return self._nodes[node_index]


def nest_shapes(tensors: Any) -> Any:
    """The shapes of tensors as tuples, in a list if there are several tensors."""
    if isinstance(tensors, Tensor):
        return _shape(tensors)
    return [_shape(tensor) for tensor in nest.flatten(tensors)]


def _shape(tensor: Tensor) -> tuple[int | None, ...] | None:
    return None if tensor.shape.ndims is None else tuple(tensor.shape.as_list())
