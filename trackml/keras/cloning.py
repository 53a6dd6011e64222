"""Models made again, with layers and weights of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from trackml import nest
from trackml.graph.operation import Tensor
from trackml.keras.engine.base_layer import Layer
from trackml.keras.engine.context import phase
from trackml.keras.engine.input_layer import Input, InputLayer
from trackml.keras.engine.model import Model
from trackml.keras.engine.network import Network
from trackml.keras.engine.sequential import Sequential
from trackml.variables import Variable


class Clone:
    """A model once more: its layers, under their names, called on other tensors.

    A model with a `call` of its own is made again by its constructor, with the arguments that it was given.

    Args:
        model: The model.
        inputs: A tensor for each of its inputs; for a model with a `call` of its own also a dict of tensors.

    Raises:
        ValueError: The constructor does not make the layers that the model has.
    """

    def __init__(self, model: Any, inputs: Any) -> None:
        self._layers: dict[Layer, Layer] = {}
        self._trainable = model.trainable
        if model.is_network:
            self.outputs = self._tied(model, inputs)
            self._in_order = [self._layers[layer] for layer in model.layers if layer in self._layers]
        else:
            made = remade_model(model)
            self.outputs = nest.flatten(made(inputs if isinstance(inputs, Mapping) else model.arranged(inputs)))
            self._in_order = [made]
            _check_weights(model, made)

    def _tied(self, model: Any, inputs: Sequence[Tensor]) -> list[Tensor]:
        """The outputs that the layers give, tied together as they are."""
        known: dict[Tensor, Any] = dict(zip(model.inputs, inputs))
        for node in model._order:
            node.again(self._copy_of(node.layer), known)
        return [known[tensor] for tensor in model.outputs]

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


def remade_model(model: Any) -> Any:
    """A model with a `call` of its own again, by its constructor; it has seen no input yet."""
    made = type(model).from_config(model.get_config())
    made._name = model.name
    _keep_what_learns(model, made)
    return made


def _keep_what_learns(old: Any, new: Any) -> None:
    """Lets those layers learn that do in the original; `trainable` of a model would be that of all its layers."""
    for one, other in zip([old, *_all_layers(old)], [new, *_all_layers(new)]):
        other._is_trainable = one._is_trainable


def _all_layers(layer: Any) -> Iterator[Any]:
    for inside in layer._sublayers:
        yield inside
        yield from _all_layers(inside)


def _check_weights(model: Any, made: Any) -> None:
    if not model.weights:
        return
    shapes = [[weight.shape.as_list() for weight in each.weights] for each in (model, made)]
    if shapes[0] != shapes[1]:
        raise ValueError(
            f"{type(model).__name__} cannot be made again: the model has weights of the shapes {shapes[0]}, but made "
            f"by its constructor it has {shapes[1]}. Make all layers in `__init__`, from its arguments alone."
        )


def copied(layer: Layer) -> Layer:
    """A layer of the same configuration and name, without weights yet."""
    if isinstance(layer, Network) and layer.is_network:
        with phase(training=False):  # what its layers add while it is built on inputs of its own is nobody's
            return clone_model(layer)
    made: Layer = type(layer).from_config(layer.get_config())
    made._name = layer.name
    _keep_what_learns(layer, made)
    return made


def inputs_like(model: Any) -> list[Tensor]:
    """New inputs in the default graph, with names, shapes and types of a model's."""
    return [
        Input(batch_shape=tensor.shape.as_list(), name=name, dtype=tensor.dtype)
        for tensor, name in zip(model.inputs, model.input_names)
    ]


def clone_model(model: Any, input_tensors: Any = None, clone_function: Callable[[Layer], Layer] | None = None) -> Model:
    """A model of the same layers, made again in the default graph, with weights of their own.

    Args:
        model: A `Sequential`, or a model of layers that are tied together.
        input_tensors: The inputs to build it on, made by `keras.Input`; inputs like the model's by default.
        clone_function: Makes the new layer of each layer but the inputs; by default from its configuration.

    Raises:
        ValueError: The model has a `call` of its own.
    """
    copy = clone_function or copied
    if isinstance(model, Sequential):
        return _cloned_sequential(model, input_tensors, copy)
    if not isinstance(model, Model) or not model.is_network:
        raise ValueError(
            "Expected `model` argument to be a functional `Model` instance, but got a subclass model instead. Its "
            f"constructor makes it again: {type(model).__name__}(...)."
        )
    inputs = inputs_like(model) if input_tensors is None else nest.flatten(input_tensors)
    clone = Clone.__new__(Clone)
    clone._layers = {layer: copy(layer) for layer in model._layers if not isinstance(layer, InputLayer)}
    outputs = clone._tied(model, inputs)
    made = Model(_like(model._input_form, inputs), _like(model._output_form, outputs), name=model.name)
    made._is_trainable = model._is_trainable
    made.keep_additions(clone._layers.values())
    return made


def _like(form: Any, tensors: Sequence[Tensor]) -> Any:
    following = iter(tensors)
    return nest.map_structure(lambda _: next(following), form)


def _cloned_sequential(model: Sequential, input_tensors: Any, copy: Callable[[Layer], Layer]) -> Model:
    stack: list[Layer] = [layer if isinstance(layer, InputLayer) else copy(layer) for layer in model._stack]
    if input_tensors is not None:
        (tensor,) = nest.flatten(input_tensors)
        return Model(tensor, _through([layer for layer in stack if not isinstance(layer, InputLayer)], tensor))
    if stack and isinstance(stack[0], InputLayer):
        stack[0] = copied(stack[0])
    elif stack and model.inputs and stack[0]._batch_input_shape is None and not isinstance(stack[0], Network):
        place = model.inputs[0]
        stack.insert(
            0, InputLayer(batch_input_shape=place.shape.as_list(), dtype=place.dtype, name=model.input_names[0])
        )
    made = Sequential(stack, name=model.name)
    made._is_trainable = model._is_trainable
    return made


def _through(layers: Sequence[Layer], tensor: Tensor) -> Any:
    for layer in layers:
        tensor = layer(tensor)
    return tensor
