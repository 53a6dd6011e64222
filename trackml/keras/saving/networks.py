"""Configurations of models: layers, and the nodes by which they are tied together, as TensorFlow writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from trackml import nest
from trackml.graph.operation import Tensor
from trackml.keras.engine.configuration import parameters_of
from trackml.keras.engine.input_layer import InputLayer
from trackml.keras.engine.nodes import Node, frozen, node_of
from trackml.keras.saving.objects import deserialize_keras_object, walked
from trackml.keras.saving.registry import get_registered_name

# Stands for a layer where TensorFlow 2 calls one on a plain value.
_VALUE = "_CONSTANT_VALUE"
# Layers for which it tells a list of one from its only member.
_WITHOUT_LISTS = ("SlicingOpLambda", "TFOpLambda")


def layer_entry(layer: Any) -> dict[str, Any]:
    """Class and configuration of a layer."""
    return {"class_name": class_name_of(layer), "config": layer.get_config()}


def class_name_of(layer: Any) -> str:
    """The name by which a reader finds the class of a layer."""
    return get_registered_name(type(layer))


def network_config(model: Any) -> dict[str, Any]:
    """The configuration of a model of tensors: its layers with their nodes, its inputs and outputs."""
    with model.graph.as_default():  # which knows where its tensors come from
        places = _Places(model)
        entries = [
            {"name": layer.name, **layer_entry(layer), "inbound_nodes": places.inbound(layer)}
            for layer in places.layers
        ]
        return {
            "name": model.name,
            "layers": entries,
            "input_layers": [places.of(tensor) for tensor in model.inputs],
            "output_layers": [places.of(tensor) for tensor in model.outputs],
        }


def is_told_by_layers(model: Any) -> bool:
    """Whether layers and nodes are all of a model, so that its class makes it from inputs and outputs."""
    return bool(model.is_network) and {"inputs", "outputs"} <= set(parameters_of(type(model)))


class _Places:
    """Where the tensors of a network come from: layer, number of the call, number of the output."""

    def __init__(self, model: Any) -> None:
        order: Sequence[Node] = model._order
        inputs = [node_of(tensor) for tensor in model.inputs]
        self._nodes = {node: None for node in [*inputs, *order] if node is not None}
        self.layers = list(model._layers)
        self.layers += [node.layer for node in self._nodes if node.layer not in self.layers]
        self._numbers: dict[Node, int] = {}
        for layer in self.layers:
            first = _first_number(layer)
            mine = [node for node in layer._nodes if node in self._nodes]
            self._numbers |= {node: first + place for place, node in enumerate(mine)}

    def of(self, tensor: Tensor) -> list[Any]:
        """Layer, call and output of a tensor."""
        node = node_of(tensor)
        assert node is not None, tensor
        outputs = nest.flatten(node.outputs)
        return [node.layer.name, self._numbers[node], next(i for i, made in enumerate(outputs) if made is tensor)]

    def inbound(self, layer: Any) -> list[Any]:
        """The calls of a layer, each as the places of its inputs."""
        if isinstance(layer, InputLayer):
            return []
        return [self._call(node) for node in layer._nodes if node in self._nodes]

    def _call(self, node: Node) -> list[Any]:
        arguments = walked(dict(node.arguments), self._argument)
        if isinstance(node.inputs, Mapping):
            raise ValueError(
                f"The layer {node.layer.name!r} was called on a dict, which a configuration cannot tell: call it on "
                "a list."
            )
        if isinstance(node.inputs, Tensor) and type(node.layer).__name__ in _WITHOUT_LISTS:
            return [*self._source(node.inputs), arguments]
        return [[*self._source(tensor), arguments] for tensor in nest.flatten(node.inputs)]

    def _source(self, tensor: Tensor) -> list[Any]:
        return [_VALUE, -1, frozen(tensor).tolist()] if node_of(tensor) is None else self.of(tensor)

    def _argument(self, value: Any) -> Any:
        return self.of(value) if isinstance(value, Tensor) and node_of(value) is not None else value


def _first_number(layer: Any) -> int:
    """The number of the first call: models count their own making as a call."""
    return 1 if getattr(layer, "is_network", False) else 0


def sequential_config(model: Any) -> dict[str, Any]:
    """The configuration of a `Sequential`: name and layers, the first with the shape of the input."""
    entries = [layer_entry(layer) for layer in model._stack]
    first = model._stack[0] if model._stack else None
    config: dict[str, Any] = {"name": model.name, "layers": entries}
    if first is None or isinstance(first, InputLayer) or not model.inputs or getattr(first, "is_network", False):
        return config
    if "batch_input_shape" not in entries[0]["config"]:
        shape, dtype = model.inputs[0].shape.as_list(), model.inputs[0].dtype.name
        place = {"batch_input_shape": shape, "dtype": dtype, "sparse": False, "ragged": False}
        entries.insert(0, {"class_name": "InputLayer", "config": {**place, "name": model.input_names[0]}})
    return config


def layer_from(entry: Mapping[str, Any]) -> Any:
    """A new layer of class and configuration."""
    return deserialize_keras_object(entry, printable_module_name="layer")


def network_from_config(kind: Any, config: Mapping[str, Any]) -> Any:
    """A new model of a configuration.

    Args:
        kind: The class of the model.
        config: What `network_config`, or TensorFlow, wrote.

    Raises:
        ValueError: A class is not known, or a layer is called on something that is never made.
    """
    rebuilt = _Rebuilt(config["layers"])
    inputs = rebuilt.tensors(config["input_layers"])
    outputs = rebuilt.tensors(config["output_layers"])
    made = kind(inputs=inputs, outputs=outputs, name=config.get("name"))
    made._is_trainable = bool(config.get("trainable", True))
    made.keep_additions(rebuilt.layers)
    return made


class _Rebuilt:
    """Layers made of their configurations and called on each other."""

    def __init__(self, entries: Sequence[Mapping[str, Any]]) -> None:
        self._layers: dict[str, Any] = {}
        self._waiting: dict[str, list[Any]] = {}
        self._made: dict[tuple[str, int], list[Tensor]] = {}
        self._counts: dict[str, int] = {}
        for entry in entries:
            self._add(entry)
        while any(self._waiting.values()):
            if not sum(self._advance(name) for name in self._waiting):
                open_ends = sorted(name for name, calls in self._waiting.items() if calls)
                raise ValueError(f"Layers are called on what the configuration does not have: {open_ends}.")

    @property
    def layers(self) -> list[Any]:
        """The layers."""
        return list(self._layers.values())

    def _add(self, entry: Mapping[str, Any]) -> None:
        name = entry.get("name") or entry["config"]["name"]
        layer = layer_from(entry)
        self._layers[name] = layer
        self._waiting[name] = list(entry.get("inbound_nodes", []))
        self._counts[name] = _first_number(layer)
        if isinstance(layer, InputLayer):
            self._made[name, 0] = [layer.placeholder]

    def _advance(self, name: str) -> bool:
        """Makes the calls of a layer whose inputs are there; the order of its calls is kept."""
        calls, moved = self._waiting[name], False
        while calls and all(self._is_there(place) for place in _places_in(calls[0])):
            self._call(name, calls.pop(0))
            moved = True
        return moved

    def _is_there(self, place: Any) -> bool:
        return place[0] == _VALUE or (place[0], place[1]) in self._made

    def _call(self, name: str, call: Any) -> None:
        places = _inputs_of(call)
        tensors = [self._tensor(place) for place in places]
        arguments = next((dict(place[3]) for place in places if len(place) > 3), {})
        arguments = {key: self._argument(value) for key, value in arguments.items()}
        layer = self._layers[name]
        outputs = layer(tensors[0] if len(tensors) == 1 and not _is_list(call) else tensors, **arguments)
        self._made[name, self._counts[name]] = nest.flatten(outputs)
        self._counts[name] += 1

    def _argument(self, value: Any) -> Any:
        if _is_place(value, self._layers):
            return self._tensor(value)
        if isinstance(value, list):
            return [self._argument(item) for item in value]
        return value

    def _tensor(self, place: Any) -> Any:
        if place[0] == _VALUE:
            return place[2]
        made: Tensor = self._made[place[0], place[1]][place[2]]
        return made

    def tensors(self, places: Any) -> Any:
        """The tensors at places: one, or a list of several."""
        if _is_place(places, self._layers):
            return self._tensor(places)
        found = [self._tensor(place) for place in places]
        return found[0] if len(found) == 1 else found


def _is_place(value: Any, layers: Mapping[str, Any]) -> bool:
    return (
        isinstance(value, (list, tuple))
        and len(value) >= 3
        and isinstance(value[0], str)
        and value[0] in layers
        and isinstance(value[1], int)
        and isinstance(value[2], int)
    )


def _inputs_of(call: Any) -> list[Any]:
    """The places of the inputs of a call; TensorFlow 2 writes a single one without a list around it."""
    return [call] if isinstance(call[0], str) else list(call)


def _is_list(call: Any) -> bool:
    return not isinstance(call[0], str) and len(call) > 1


def _places_in(call: Any) -> list[Any]:
    """All that a call waits for, tensors among its other arguments included."""
    found = []
    for place in _inputs_of(call):
        found.append(place)
        if len(place) > 3:
            found += _places_of_arguments(list(place[3].values()))
    return found


def _places_of_arguments(values: Any) -> list[Any]:
    found = []
    for value in values:
        if isinstance(value, (list, tuple)) and len(value) >= 3 and isinstance(value[0], str):
            if isinstance(value[1], int) and isinstance(value[2], int):
                found.append(value)
        elif isinstance(value, (list, tuple)):
            found += _places_of_arguments(value)
    return found


def sequential_from_config(kind: Any, config: Any) -> Any:
    """A new `Sequential` of a configuration; a list of layers alone is one, too."""
    named = {"layers": config} if isinstance(config, (list, tuple)) else config
    made = kind(name=named.get("name"))
    for entry in named["layers"]:
        made.add(layer_from(entry) if isinstance(entry, Mapping) else entry)
    shape = named.get("build_input_shape")
    if shape is not None and not made.inputs:
        made.build(shape)
    return made
