"""Models made again, with layers and weights of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trackml.graph.operation import Tensor
from trackml.keras.engine.base_layer import Layer
from trackml.keras.engine.input_layer import Input
from trackml.keras.engine.model import Model
from trackml.keras.engine.network import Network
from trackml.variables import Variable


class Clone:
    """The layers of a model once more, under their names, called on other tensors.

    Args:
        model: A model of layers that are tied together.
        inputs: A tensor for each of its inputs.
    """

    def __init__(self, model: Any, inputs: Sequence[Tensor]) -> None:
        self._layers: dict[Layer, Layer] = {}
        known: dict[Tensor, Any] = dict(zip(model.inputs, inputs))
        for node in model._order:
            node.again(self._copy_of(node.layer), known)
        self.outputs: list[Tensor] = [known[tensor] for tensor in model.outputs]
        self._trainable = model.trainable
        self._in_order = [self._layers[layer] for layer in model.layers if layer in self._layers]

    def _copy_of(self, layer: Layer) -> Layer:
        if layer not in self._layers:
            self._layers[layer] = copied(layer)
        return self._layers[layer]

    @property
    def weights(self) -> list[Variable]:
        """All weights, in the order of the model's."""
        every = [weight for layer in self._in_order for weight in layer.weights]
        return list({id(weight): weight for weight in every}.values())

    @property
    def trainable_weights(self) -> list[Variable]:
        """The weights that optimizers change."""
        if not self._trainable:
            return []
        every = [weight for layer in self._in_order for weight in layer.trainable_weights]
        return list({id(weight): weight for weight in every}.values())

    @property
    def weight_losses(self) -> list[Any]:
        """The penalties on weights."""
        return [loss for layer in self._in_order for loss in layer.weight_losses]


def copied(layer: Layer) -> Layer:
    """A layer of the same configuration and name, without weights yet."""
    if isinstance(layer, Network) and layer.is_network:
        return clone_model(layer)
    made: Layer = type(layer).from_config(layer.get_config())
    made._name = layer.name
    made.trainable = layer.trainable
    return made


def clone_model(model: Any) -> Model:
    """A model of the same layers, made again in the default graph, with weights of their own.

    Args:
        model: A model of layers that are tied together.

    Raises:
        ValueError: The model has a `call` of its own, or does not know the shape of its input yet.
    """
    if not model.is_network:
        raise ValueError("clone_model takes a model of known inputs and outputs.")
    inputs = [
        Input(batch_shape=tensor.shape.as_list(), name=name, dtype=tensor.dtype)
        for tensor, name in zip(model.inputs, model.input_names)
    ]
    clone = Clone(model, inputs)
    outputs = clone.outputs
    made = Model(inputs, outputs[0] if len(outputs) == 1 else outputs, name=model.name)
    made.trainable = model.trainable
    return made
