"""The base of Keras' layers: `trackml.layers.Layer` with Keras' names, nodes, masks, configurations and phases."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from trackml import dtypes, nest
from trackml.dtypes import as_dtype
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.graph import get_default_graph
from trackml.graph.operation import Tensor
from trackml.keras import backend, initializers, regularizers
from trackml.keras.engine import context, nodes
from trackml.layers import base
from trackml.layers.base import _are_several, _snake_case
from trackml.ops.framework import name_scope
from trackml.variables import Variable

_NAMES_KEY = ("__keras_layer_names",)


class Layer(base.Layer):
    """A function with weights of its own, which models are made of.

    A subclass makes weights in `build` with `add_weight` and computes in `call`, which is given `training` and `mask`
    if it has arguments of these names. What its constructor was given is its configuration, unless it has a
    `get_config` of its own.

    Args:
        trainable: Whether optimizers change the weights.
        name: The layer's name, and that of the scope of its weights; `dense`, `dense_1` by default.
        dtype: Type of the weights; that of the first input by default, float32 where that is none of floating point.
        kwargs: `input_shape`, `batch_input_shape` or `input_dim` of a model's first layer, and what the layer that
            is built upon takes.

    Raises:
        TypeError: An argument that no layer has.

    Example:
        >>> from trackml import keras
        >>> class Scale(keras.layers.Layer):
        ...     def build(self, input_shape):
        ...         self.scale = self.add_weight("scale", [], initializer="ones")
        ...
        ...     def call(self, inputs):
        ...         return inputs * self.scale
        >>> model = keras.Sequential([Scale(input_shape=(2,))])
        >>> model.predict([[1.0, 2.0]], verbose=0).tolist()
        [[1.0, 2.0]]
    """

    supports_masking = False
    _given: dict[str, Any]
    _sublayers: list[Layer]

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        """Keeps the arguments, which are the layer's configuration."""
        layer = super().__new__(cls)
        object.__setattr__(layer, "_given", _arguments(cls, args, kwargs))
        object.__setattr__(layer, "_sublayers", [])
        return layer

    def __init__(self, trainable: bool = True, name: str | None = None, dtype: Any = None, **kwargs: Any) -> None:
        self._batch_input_shape = _taken_input_shape(kwargs)
        for argument in [key for key in kwargs if key.endswith("_initializer")]:
            kwargs[argument] = initializers.get(kwargs[argument])
        for argument in [key for key in kwargs if key.endswith("_regularizer")]:
            kwargs[argument] = regularizers.get(kwargs[argument])
        chosen = name or unique_name(_snake_case(type(self).__name__))
        super().__init__(trainable=trainable, name=chosen, dtype=dtype, **kwargs)
        self._nodes: list[nodes.Node] = []
        self._weight_losses: list[Any] = []
        self._weight_scope: str | None = None

    def __setattr__(self, name: str, value: Any) -> None:
        """Keeps layers that are set as attributes, alone or in lists: their weights are this layer's."""
        for item in _layers_in(value):
            if all(item is not known for known in self._sublayers):
                self._sublayers.append(item)
        super().__setattr__(name, value)

    @property
    def input(self) -> Any:
        """The input of the first call."""
        return self._first_node().inputs

    @property
    def output(self) -> Any:
        """The output of the first call."""
        return self._first_node().outputs

    @property
    def input_shape(self) -> Any:
        """The shape of the first call's input, as a tuple."""
        return nest_shapes(self.input)

    @property
    def output_shape(self) -> Any:
        """The shape of the first call's output, as a tuple."""
        return nest_shapes(self.output)

    def _first_node(self) -> nodes.Node:
        if not self._nodes:
            raise AttributeError(f"Layer {self.name} has no inbound nodes: call it on the output of another layer.")
        return self._nodes[0]

    @property
    def trainable_weights(self) -> list[Variable]:
        """The weights that optimizers change, of the layer and of those inside it."""
        if not self.trainable:
            return []
        mine = [weight for weight, trainable in self._weights if trainable]
        return _distinct([*mine, *(weight for layer in self._sublayers for weight in layer.trainable_weights)])

    @property
    def non_trainable_weights(self) -> list[Variable]:
        """The weights that optimizers leave alone."""
        if not self.trainable:
            mine = sorted(self._weights, key=lambda pair: not pair[1])
            return _distinct(
                [*(weight for weight, _ in mine), *(w for layer in self._sublayers for w in layer.weights)]
            )
        own = [weight for weight, trainable in self._weights if not trainable]
        return _distinct([*own, *(weight for layer in self._sublayers for weight in layer.non_trainable_weights)])

    @property
    def losses(self) -> list[Any]:
        """The penalties on weights and outputs, of the layer and of those inside it."""
        return [*self._weight_losses, *self._losses, *(loss for layer in self._sublayers for loss in layer.losses)]

    @property
    def weight_losses(self) -> list[Any]:
        """The penalties on weights alone, which hold for every call."""
        return [*self._weight_losses, *(loss for layer in self._sublayers for loss in layer.weight_losses)]

    def get_weights(self) -> list[np.ndarray[Any, Any]]:
        """The values of all weights."""
        weights = self.weights
        if not weights:
            return []
        with weights[0].graph.as_default():
            values: list[np.ndarray[Any, Any]] = backend.get_session().run(weights)
        return [np.array(value) for value in values]

    def set_weights(self, weights: Any) -> None:
        """Gives all weights other values, in the order of `get_weights`.

        Raises:
            ValueError: There are more or fewer values than weights, or one has another shape.
        """
        variables, values = self.weights, list(weights)
        if len(values) != len(variables):
            raise ValueError(
                f'You called `set_weights(weights)` on layer "{self.name}" with a weight list of length {len(values)}, '
                f"but the layer was expecting {len(variables)} weights."
            )
        for variable, value in zip(variables, values):
            if list(np.shape(value)) != variable.shape.as_list():
                raise ValueError(
                    f"Layer weight shape {variable.shape} of {variable.name} not compatible with provided weight "
                    f"shape {np.shape(value)}"
                )
        for variable, value in zip(variables, values):
            backend.set_value(variable, value)

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes to make such a layer, with the name."""
        config = dict(self._given)
        accepted = _parameters(type(self))
        if "name" in accepted or None in accepted:
            config["name"] = self.name
        if "trainable" in accepted or None in accepted:
            config["trainable"] = self.trainable
        return config

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Any:
        """A new layer of a configuration, with weights of its own."""
        return cls(**config)

    def add_weight(
        self,
        name: str | None = None,
        shape: Any = (),
        dtype: Any = None,
        initializer: Any = None,
        regularizer: Callable[[Any], Any] | None = None,
        trainable: bool | None = None,
        constraint: Callable[[Any], Any] | None = None,
        **kwargs: Any,
    ) -> Variable:
        """Makes a weight of this layer.

        Args:
            name: Its name, after the layer's.
            shape: Its shape, all sizes known.
            dtype: Its type; the layer's by default.
            initializer: A name or a function; `glorot_uniform` by default.
            regularizer: A name, or a function from the weight to a scalar penalty.
            trainable: Whether optimizers change it; True by default.
            constraint: A function applied after an optimizer's update.
            kwargs: Accepted for TensorFlow's sake (`use_resource`, `synchronization`, `aggregation`).
        """
        kind = as_dtype(dtype) if dtype is not None else self._dtype or dtypes.float32
        first = initializers.get("glorot_uniform" if initializer is None else initializer)
        sizes = [int(size) for size in shape]
        wanted = trainable is None or bool(trainable)
        with name_scope(self._weights_in()):
            weight = Variable(
                lambda: first(sizes, kind), trainable=wanted, name=name or "weight", dtype=kind, constraint=constraint
            )
            penalty = regularizers.get(regularizer)
            if penalty is not None:
                with name_scope(f"{name}/Regularizer"):
                    self._weight_losses.append(penalty(weight))
        self._weights.append((weight, wanted))
        return weight

    def _weights_in(self) -> str:
        """The name scope of the weights, decided at the first call."""
        if self._weight_scope is None:
            with name_scope(None), name_scope(self.name) as scope:
                self._weight_scope = scope
        return self._weight_scope

    def add_loss(self, losses: Any, inputs: Any = None) -> None:
        """Adds penalties, which models add to their loss; None is no penalty."""
        new = [loss for loss in nest.flatten(losses) if loss is not None]
        found = context.gathered()
        (self._losses if found is None else found.losses).extend(new)

    def add_update(self, updates: Any, inputs: Any = None) -> None:
        """Adds operations that must run with each training step."""
        found = context.gathered()
        (self._updates if found is None else found.updates).extend(nest.flatten(updates))

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """The mask of the output: that of the input for layers that support masking."""
        if self.supports_masking:
            return mask
        if any(item is not None for item in nest.flatten(mask)):
            raise TypeError(
                f"Layer {self.name} does not support masking, but was passed an input mask. Set mask_zero=False in "
                "the Embedding, or reduce the steps with a recurrent layer first."
            )
        return None

    def __call__(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Computes the output for `inputs`; makes the weights the first time.

        Args:
            inputs: A tensor, or what converts to one, or a list, tuple or dict of these.
            args: Passed on to `call`.
            kwargs: Passed on to `call`; `training` and `mask` come from the surroundings if they are not given.

        Raises:
            ValueError: The inputs are not what `input_spec` demands.
        """
        kwargs.pop("scope", None)
        tensors = nest.map_structure(convert_to_tensor, inputs) if _are_several(inputs) else convert_to_tensor(inputs)
        accepted = _parameters(type(self), "call")
        masks = kwargs.get("mask", nodes.mask_of(tensors))
        arguments = dict(kwargs)
        if "mask" in accepted and any(item is not None for item in nest.flatten(masks)):
            arguments["mask"] = masks
        training = kwargs.get("training")
        training = context.is_training() if training is None else training
        if "training" in accepted:
            arguments["training"] = training
        outer = context.is_inside_a_layer()
        with self._scope_of_a_call(), context.inside(training):
            self._prepared_for(tensors)
            outputs = self.call(tensors, *args, **arguments)
            nodes.set_mask(outputs, self.compute_mask(tensors, masks))
            self._regularize_activity(outputs)
        if not outer and all(nodes.node_of(tensor) is not None for tensor in nest.flatten(tensors)):
            outputs = self._noted(tensors, outputs, kwargs)
        return outputs

    def _scope_of_a_call(self) -> Any:
        """The scope of the weights at the first call, a new one of that name at others."""
        if self._weight_scope is None and not context.is_inside_a_layer():
            return name_scope(self._weights_in())
        return name_scope(self.name)

    def _noted(self, inputs: Any, outputs: Any, arguments: dict[str, Any]) -> Any:
        """The outputs with this call as their origin; an input that came back becomes a tensor of its own."""
        given = {id(tensor) for tensor in nest.flatten(inputs)}
        own = nest.map_structure(lambda tensor: _itself(tensor) if id(tensor) in given else tensor, outputs)
        node = nodes.Node(self, inputs, own, arguments)
        self._nodes.append(node)
        nodes.remember(node)
        return own

    def _prepared_for(self, inputs: Any) -> None:
        if self._dtype is None:
            first = nest.flatten(inputs)[0].dtype
            self._dtype = first if first.is_floating else dtypes.float32
        super()._prepared_for(inputs)


def unique_name(base: str, *, from_one: bool = False) -> str:
    """`base`, or `base` with a number when the default graph has such a layer already."""
    names = get_default_graph().get_collection_ref(_NAMES_KEY)
    names.append(base)
    count = names.count(base) - (0 if from_one else 1)
    return f"{base}_{count}" if count else base


def nest_shapes(tensors: Any) -> Any:
    """The shapes of tensors as tuples, in a list if there are several tensors."""
    if isinstance(tensors, Tensor):
        return tuple(tensors.shape.as_list())
    return [tuple(tensor.shape.as_list()) for tensor in nest.flatten(tensors)]


def _itself(tensor: Tensor) -> Tensor:
    from trackml.ops import array

    same = array.identity(tensor)
    mask = nodes.mask_of(tensor)
    nodes.set_mask(same, mask)
    return same


def _taken_input_shape(kwargs: dict[str, Any]) -> tuple[int | None, ...] | None:
    """The shape of a batch of inputs, if one of the arguments says it; these arguments are taken out."""
    batch_shape = kwargs.pop("batch_input_shape", None)
    shape = kwargs.pop("input_shape", None)
    size = kwargs.pop("input_dim", None)
    if batch_shape is not None:
        return tuple(batch_shape)
    if shape is None and size is not None:
        shape = (size,)
    return None if shape is None else (None, *shape)


def _layers_in(value: Any) -> Iterator[Layer]:
    if isinstance(value, Layer):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _layers_in(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _layers_in(item)


def _distinct(weights: list[Variable]) -> list[Variable]:
    return list({id(weight): weight for weight in weights}.values())


def _parameters(cls: type, method: str = "__init__") -> set[str | None]:
    """The names of a method's parameters; with None if it takes any."""
    parameters = inspect.signature(getattr(cls, method)).parameters.values()
    return {None if parameter.kind is parameter.VAR_KEYWORD else parameter.name for parameter in parameters}


def _arguments(cls: type, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """What a constructor is given, by the names of its parameters."""
    signature = inspect.signature(cls.__init__)  # type: ignore[misc]
    try:
        bound = signature.bind(None, *args, **kwargs).arguments
    except TypeError:  # the constructor will say it better
        return {}
    given: dict[str, Any] = {}
    for name, value in list(bound.items())[1:]:
        kind = signature.parameters[name].kind
        if kind is inspect.Parameter.VAR_KEYWORD:
            given.update(value)
        elif kind is not inspect.Parameter.VAR_POSITIONAL:
            given[name] = value
    return given
