"""Models as networks of layers: from input tensors to output tensors, by the nodes between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from trackml import nest
from trackml.graph.graph import Graph, get_default_graph
from trackml.graph.operation import Tensor
from trackml.keras.engine import context
from trackml.keras.engine.additions import AddLoss, AddMetric
from trackml.keras.engine.base_layer import Layer
from trackml.keras.engine.input_layer import InputLayer
from trackml.keras.engine.nodes import Node, node_of, set_mask
from trackml.keras.engine.operations import trace
from trackml.keras.engine.persistence import Persistent
from trackml.keras.engine.weights import distinct
from trackml.variables import Variable


class Network(Persistent):
    """Layers, tied together by the tensors between them, as one layer.

    Args:
        inputs: The tensor or tensors that it starts from, each made by `Input`.
        outputs: The tensor or tensors that it ends with.
        trainable: Whether optimizers change the weights.
        name: Its name.

    Raises:
        ValueError: An input does not come from `Input`, or an output was made by something other than layers.
    """

    supports_masking = True

    def __init__(
        self, inputs: Any = None, outputs: Any = None, trainable: bool = True, name: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(trainable=trainable, name=name, **kwargs)
        self._graph = get_default_graph()
        self.inputs: list[Tensor] = []
        self.outputs: list[Tensor] = []
        self.input_names: list[str] = []
        self.output_names: list[str] = []
        self._order: list[Node] = []
        self._layers: list[Layer] = []
        self._ends_beside: list[Tensor] = []
        if inputs is not None:
            self._tie(inputs, outputs)

    def _tie(self, inputs: Any, outputs: Any) -> None:
        """Takes inputs and outputs, and finds what is between them."""
        self._input_form, self._output_form = inputs, outputs
        self.inputs, self.outputs = nest.flatten(inputs), nest.flatten(outputs)
        _check_inputs(self.inputs)
        trace(self.outputs)
        self.input_names = [_origin(tensor).layer.name for tensor in self.inputs]
        self.output_names = _names_of_outputs(self.outputs)
        self._find_layers([])
        self.built = True

    def _find_layers(self, beside: Sequence[Tensor]) -> None:
        """Finds the layers between the inputs and the outputs, or other tensors beside these."""
        self._order = _nodes_between(self.inputs, [*self.outputs, *beside])
        self._layers = _layers_by_depth(self._order, self.outputs, beside)
        _check_names(self._layers)

    @property
    def _sublayers(self) -> list[Any]:
        return list(self.__dict__.get("_layers", ())) or super()._sublayers

    @property
    def is_network(self) -> bool:
        """Whether the layers are tied together, rather than called by a `call` of the model's own."""
        return bool(self._order)

    @property
    def graph(self) -> Graph:
        """The graph that the model is in."""
        return self._graph

    @property
    def layers(self) -> list[Layer]:
        """The layers, from the inputs on."""
        return list(self._sublayers)

    @property
    def weights(self) -> list[Variable]:
        """All weights, layer by layer."""
        mine = [weight for weight, _ in self._weights]
        every = [*(weight for layer in self._sublayers for weight in layer.weights), *mine]
        return distinct(every)

    @property
    def trainable_weights(self) -> list[Variable]:
        """The weights that optimizers change, layer by layer."""
        if not self.trainable:
            return []
        mine = [weight for weight, trainable in self._weights if trainable]
        return distinct([*(weight for layer in self._sublayers for weight in layer.trainable_weights), *mine])

    @property
    def output_shape(self) -> Any:
        """The shape of the output, as a tuple, or a list of these."""
        shapes = [tuple(tensor.shape.as_list()) for tensor in self.outputs]
        return shapes[0] if len(shapes) == 1 else shapes

    @property
    def input_shape(self) -> Any:
        """The shape of the input, as a tuple, or a list of these."""
        shapes = [tuple(tensor.shape.as_list()) for tensor in self.inputs]
        return shapes[0] if len(shapes) == 1 else shapes

    @property
    def input(self) -> Any:
        """The input tensor, or a list of several."""
        return self.inputs[0] if len(self.inputs) == 1 else list(self.inputs)

    @property
    def output(self) -> Any:
        """The output tensor, or a list of several."""
        return self.outputs[0] if len(self.outputs) == 1 else list(self.outputs)

    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer:
        """The layer of a name, or at an index.

        Raises:
            ValueError: There is no such layer, or neither is given.
        """
        if index is not None:
            if index >= len(self.layers):
                raise ValueError(
                    f"Was asked to retrieve layer at index {index} but model only has {len(self.layers)} layers."
                )
            return self.layers[index]
        for layer in self.layers:
            if layer.name == name:
                return layer
        raise ValueError(f"No such layer: {name}. The layers are: {[layer.name for layer in self.layers]}.")

    def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        """The outputs for other inputs, by the same layers; a subclass that is not given any has a `call` of its own.

        Args:
            inputs: A tensor, a list of them, or a dict by the names of the inputs.
            training: Whether the layers are to train; what surrounds the call decides if None.
            mask: The masks of the inputs, in the same structure.
        """
        if not self._order and not self.inputs:
            raise ValueError(
                f"{type(self).__name__} has no layers tied together: give `Model` inputs and outputs, or define "
                "`call(self, inputs)`."
            )
        tensors = self._in_order(inputs)
        if mask is not None:
            set_mask(tensors, self._in_order(mask))
        known: dict[Tensor, Any] = dict(zip(self.inputs, tensors))
        for node in self._order:
            node.again(node.layer, known)
        return nest.map_structure(lambda tensor: known[tensor], self._output_form)

    def _in_order(self, inputs: Any) -> list[Any]:
        """The inputs as a list, in the order of the model's own.

        Raises:
            ValueError: There are too few or too many, or one of a name lacks.
        """
        if isinstance(inputs, dict):
            lacking = [name for name in self.input_names if name not in inputs]
            if lacking:
                raise ValueError(
                    f"Missing data for input {lacking[0]!r}. You passed a dict with keys {sorted(inputs)}."
                )
            return [inputs[name] for name in self.input_names]
        given = nest.flatten(inputs)
        if len(given) != len(self.inputs):
            raise ValueError(
                f"Model {self.name!r} expects {len(self.inputs)} inputs, {self.input_names}; got {len(given)}."
            )
        return given

    def add_loss(self, losses: Any, inputs: Any = None, **kwargs: Any) -> None:
        """Adds penalties; those of tensors between the model's layers become part of the network.

        Args:
            losses: A scalar or a list of them; or a function without arguments, which gives a penalty on weights.
            inputs: Accepted for TensorFlow's sake.
            kwargs: Accepted for TensorFlow's sake.
        """
        for loss in nest.flatten(losses):
            if not self._take_in(loss, AddLoss):
                super().add_loss(loss)

    def add_metric(self, value: Any, name: str | None = None, aggregation: str | None = None, **kwargs: Any) -> None:
        """Adds a value that `fit` and `evaluate` show; see `Layer.add_metric`."""
        if name is None or not self._take_in(value, lambda: AddMetric(aggregation, metric_name=name)):
            super().add_metric(value, name, aggregation)

    def keep_additions(self, layers: Iterable[Layer]) -> None:
        """Takes those of some layers in that add penalties and metrics, which lead to none of the outputs."""
        ends = [layer._nodes[-1].outputs for layer in layers if isinstance(layer, (AddLoss, AddMetric))]
        if ends:
            self._ends_beside += ends
            self._find_layers(self._ends_beside)

    def _take_in(self, tensor: Any, layer: Callable[[], Layer]) -> bool:
        """Puts a layer on a tensor of the network, and both into it; False if it is none of the network."""
        if not self.is_network or not isinstance(tensor, Tensor) or context.is_inside_a_layer():
            return False
        with self._graph.as_default():
            trace([tensor])
            if node_of(tensor) is None:
                return False
            end: Tensor = layer()(tensor)
            self._ends_beside.append(end)
            self._find_layers(self._ends_beside)
        return True

    def get_config(self) -> dict[str, Any]:
        """Layers, nodes, inputs and outputs; for models with a `call` of their own what the constructor takes."""
        from trackml.keras.saving.networks import is_told_by_layers, network_config

        return network_config(self) if is_told_by_layers(self) else super().get_config()

    @classmethod
    def from_config(cls, config: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None) -> Any:
        """A new model of a configuration, with weights of its own.

        Args:
            config: What `get_config` gave.
            custom_objects: Classes and functions of one's own, by name.
        """
        from trackml.keras.saving.networks import network_from_config
        from trackml.keras.saving.registry import custom_object_scope

        with custom_object_scope(custom_objects):
            return network_from_config(cls, config) if "input_layers" in config else super().from_config(config)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """None: the layers inside have noted the masks of what they returned."""
        return None

    @property
    def stateful(self) -> bool:
        """Whether a layer keeps states from one batch to the next."""
        return any(getattr(layer, "stateful", False) for layer in self._sublayers)

    def reset_states(self) -> None:
        """Lets layers that keep states begin anew."""
        for layer in self._sublayers:
            if getattr(layer, "stateful", False):
                layer.reset_states()

    def summary(
        self, line_length: int | None = None, positions: Any = None, print_fn: Callable[[str], Any] | None = None
    ) -> None:
        """Prints a table of the layers, their output shapes and numbers of parameters.

        Args:
            line_length: How long the lines are.
            positions: Where the columns end, as shares of a line.
            print_fn: What is called with each line; `print` by default.

        Raises:
            ValueError: The layers have no weights yet, because the shape of the input is not known.
        """
        from trackml.keras.engine.summary import summary_lines

        for line in summary_lines(self, line_length, positions):
            (print_fn or print)(line)


def _origin(tensor: Tensor) -> Node:
    node = node_of(tensor)
    if node is None:
        raise ValueError(
            f"Output tensors to a Model must come from a `keras.Input`. {tensor} does not: no layer, and no operation "
            "on what a layer gave, made it."
        )
    return node


def _check_inputs(inputs: Sequence[Tensor]) -> None:
    for tensor in inputs:
        node = node_of(tensor)
        if node is None or not isinstance(node.layer, InputLayer):
            raise ValueError(f"Input tensors to a Model must come from `keras.Input`. Received: {tensor}.")
    if len(set(inputs)) != len(inputs):
        raise ValueError(f"The inputs of a Model must be different tensors. Received: {list(inputs)}.")


def _nodes_between(inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> list[Node]:
    """The nodes that the outputs need, each after those that it needs."""
    order: dict[Node, None] = {}
    stack = [(_origin(tensor), False) for tensor in reversed(outputs)]
    ends = {_origin(tensor) for tensor in inputs}
    while stack:
        node, done = stack.pop()
        if node in order or node in ends:
            continue
        if isinstance(node.layer, InputLayer):
            raise ValueError(
                f"Graph disconnected: the outputs need the input {node.layer.name!r}, which is not among the model's "
                "inputs."
            )
        if done:
            order[node] = None
            continue
        stack.append((node, True))
        stack += [(_origin(tensor), False) for tensor in reversed(node.sources)]
    return list(order)


def _layers_by_depth(order: Sequence[Node], outputs: Sequence[Tensor], beside: Sequence[Tensor]) -> list[Layer]:
    """The layers, those farthest from the outputs first; among equals, as a walk from the outputs meets them."""
    depths: dict[Layer, int] = {}
    node_depths: dict[Node, int] = {}
    for tensor in [*outputs, *beside]:
        node_depths.setdefault(_origin(tensor), 0)
    for node in reversed(order):
        depth = max(node_depths.get(node, 0), depths.get(node.layer, 0))
        node_depths[node] = depths[node.layer] = depth
        for tensor in node.sources:
            before = _origin(tensor)
            node_depths[before] = max(node_depths.get(before, 0), depth + 1)
            if isinstance(before.layer, InputLayer):
                depths[before.layer] = max(depths.get(before.layer, 0), depth + 1)
    met: dict[Layer, int] = {}
    stack = [_origin(tensor) for tensor in reversed([*outputs, *beside])]
    while stack:
        node = stack.pop()
        if node.layer not in met:
            met[node.layer] = len(met)
        stack += [_origin(tensor) for tensor in reversed(node.sources)]
    return sorted(met, key=lambda layer: (-depths.get(layer, 0), met[layer]))


def _names_of_outputs(outputs: Sequence[Tensor]) -> list[str]:
    """The names of the layers that made the outputs; a second output of one layer gets a number."""
    names: list[str] = []
    for tensor in outputs:
        name = _origin(tensor).layer.name
        count = sum(1 for known in names if known == name or known.startswith(f"{name}_"))
        names.append(f"{name}_{count}" if name in names else name)
    return names


def _check_names(layers: Sequence[Layer]) -> None:
    names = [layer.name for layer in layers]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(
                f'The name "{name}" is used {names.count(name)} times in the model. All layer names should be unique.'
            )
