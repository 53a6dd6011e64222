"""The base of Keras' layers: `trackml.layers.Layer` with Keras' names, and what a call of a layer does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from trackml import dtypes, nest
from trackml.dtypes import DType
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.keras import constraints, initializers, regularizers
from trackml.keras.engine import context, nodes
from trackml.keras.engine.configuration import parameters_of, remade
from trackml.keras.engine.connections import Connected, nest_shapes
from trackml.keras.engine.names import unique_name
from trackml.keras.saving.configs import arguments_of, config_of
from trackml.layers import base
from trackml.layers.base import _are_several, _snake_case
from trackml.ops import array
from trackml.ops.framework import name_scope

__all__ = ["Layer", "nest_shapes", "unique_name"]

_BY_ENDING: dict[str, Any] = {"constraint": constraints, "initializer": initializers, "regularizer": regularizers}
"""What makes an argument of what it was given as, by the last word of its name."""


class Layer(Connected):
    """A function with weights of its own, which models are made of.

    A subclass makes weights in `build` with `add_weight` and computes in `call`, which is given `training` and `mask`
    if it has arguments of these names. What its constructor was given is its configuration, unless it has a
    `get_config` of its own. Layers and variables that are set as attributes are part of it.

    Args:
        trainable: Whether optimizers change the weights.
        name: The layer's name, and that of the scope of its weights; `dense`, `dense_1` by default.
        dtype: Type of the weights; that of the first input by default, float32 where that is none of floating point.
        kwargs: `input_shape`, `batch_input_shape`, `input_dim` or `batch_size` of a model's first layer; `weights`, a
            list of arrays that the weights start from; and what the layer that is built upon takes.

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

    def __init__(self, trainable: bool = True, name: str | None = None, dtype: Any = None, **kwargs: Any) -> None:
        self._batch_input_shape = _taken_input_shape(kwargs)
        self._first_weights = kwargs.pop("weights", None)
        for argument in kwargs:
            module = _BY_ENDING.get(argument.rpartition("_")[2])
            if module is not None:
                kwargs[argument] = module.get(kwargs[argument])
        chosen = name or unique_name(_snake_case(type(self).__name__))
        super().__init__(trainable=trainable, name=chosen, dtype=dtype, **kwargs)
        self._nodes = []
        self._weight_losses = []
        self._added_metrics = []

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes to make such a layer.

        Initializers and their like are dictionaries of `class_name` and `config`. What nobody could find again by a
        name, as a function of one's own, is there itself.
        """
        return config_of(self)

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Any:
        """A new layer of a configuration, with weights of its own."""
        return cls(**remade(arguments_of(cls, config)))

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """The mask of the output: that of the input for layers that support masking, else none.

        Args:
            inputs: The inputs.
            mask: Their masks, in the same structure; None for what has none.
        """
        return mask if self.supports_masking else None

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The shape of the output for inputs of a shape, with the batch in it.

        It is found by calling the layer in a graph that is thrown away, so that it holds for custom layers, too.
        """
        told = super().compute_output_shape
        if getattr(told, "__func__", None) is not base.Layer.compute_output_shape:
            return told(input_shape)
        from trackml.keras.engine.shapes import output_shape_of

        return output_shape_of(self, input_shape)

    def __call__(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Computes the output for `inputs`; makes the weights the first time.

        Args:
            inputs: A tensor, or what converts to one, or a list, tuple or dict of these.
            args: Passed on to `call`.
            kwargs: Passed on to `call`; `training` and `mask` come from the surroundings if they are not given.

        Raises:
            RuntimeError: The constructor of a subclass did not call that of `Layer`.
            TypeError: There are more arguments than `call` has.
            ValueError: The inputs are not what `input_spec` demands.
        """
        if "_nodes" not in self.__dict__:
            raise RuntimeError(
                f"{type(self).__name__} was not initialized: its constructor must begin with `super().__init__()`."
            )
        kwargs.pop("scope", None)
        tensors = _as_tensors(inputs)
        names = [name for name in parameters_of(type(self), "call")[2:] if name is not None]
        if len(args) > len(names):
            raise TypeError(
                f"The `call` of layer {self.name!r} takes {len(names)} arguments beside the inputs, {names}; got "
                f"{len(args)}. Give several inputs as a list."
            )
        given: dict[str, Any] = {**dict(zip(names, args)), **kwargs}
        top = not context.is_inside_a_layer()
        if top:
            self._find_operations_before([tensors, given])
        outputs = self._called_in_scope(tensors, given)
        if top and nodes.Node(self, tensors, None, given).sources:
            outputs = self._noted(tensors, outputs, given)
        return outputs

    def _find_operations_before(self, tensors: Any) -> None:
        """Makes layers of operations between layers."""
        from trackml.keras.engine.operations import trace

        trace(nest.flatten(tensors))

    def _called_in_scope(self, tensors: Any, given: dict[str, Any]) -> Any:
        accepted = parameters_of(type(self), "call")
        takes_any = None in accepted
        masks = given.get("mask", nodes.mask_of(tensors))
        arguments = dict(given)
        if "mask" in accepted and any(item is not None for item in nest.flatten(masks)):
            arguments["mask"] = masks
        elif "mask" not in accepted and not takes_any:
            arguments.pop("mask", None)
        training = given.get("training")
        training = context.is_training() if training is None else training
        if "training" in accepted:
            arguments["training"] = training
        elif not takes_any:
            arguments.pop("training", None)
        with self._scope_of_a_call(), context.inside(training):
            self._prepared_for(tensors)
            outputs = self.call(tensors, **arguments)
            self._mask(tensors, masks, outputs)
            self._regularize_activity(outputs)
        return outputs

    def _mask(self, inputs: Any, masks: Any, outputs: Any) -> None:
        if self.supports_masking or type(self).compute_mask is not Layer.compute_mask:
            several = any(item is not None for item in nest.flatten(masks))
            nodes.set_mask(outputs, self.compute_mask(inputs, masks if several else None))

    def _scope_of_a_call(self) -> Any:
        """The scope of the weights at the first call, a new one of that name at others."""
        if self._weight_scope is not None:
            return name_scope(self.name)
        if not context.is_inside_a_layer():
            return name_scope(self._weights_in())
        with name_scope(self.name) as scope:
            self._weight_scope = scope
        return name_scope(scope)

    def _noted(self, inputs: Any, outputs: Any, arguments: dict[str, Any]) -> Any:
        """The outputs with this call as their origin; a tensor that another call gave becomes one of its own."""
        own = nest.map_structure(lambda tensor: _itself(tensor) if nodes.node_of(tensor) else tensor, outputs)
        node = nodes.Node(self, inputs, own, arguments)
        self._nodes.append(node)
        nodes.remember(node)
        return own

    def _prepared_for(self, inputs: Any) -> None:
        if self._dtype is None:
            self._dtype = _type_for(nest.flatten(inputs))
        before = len(self._weights)
        if self.built:
            self._check_inputs(nest.flatten(inputs))
        else:
            # A layer may be built of models, which are tied together as they are anywhere.
            with context.outside():
                super()._prepared_for(inputs)
        if self._first_weights is not None and len(self._weights) != before:
            if len(self._weights) < len(self._first_weights):
                raise ValueError(
                    f"Layer {self.name!r} was given {len(self._first_weights)} weights, but has {len(self._weights)}."
                )
            self._first_weights = None


def _as_tensors(inputs: Any) -> Any:
    if not _are_several(inputs):
        return convert_to_tensor(inputs)
    return nest.map_structure(lambda item: item if item is None else convert_to_tensor(item), inputs)


def _type_for(tensors: Sequence[Tensor]) -> DType:
    """The type of weights for inputs: theirs, if that is of floating point."""
    if tensors and tensors[0] is not None and tensors[0].dtype.is_floating:
        return tensors[0].dtype
    return dtypes.float32


def _itself(tensor: Tensor) -> Tensor:
    same = array.identity(tensor)
    nodes.set_mask(same, nodes.mask_of(tensor))
    return same


def _taken_input_shape(kwargs: dict[str, Any]) -> tuple[int | None, ...] | None:
    """The shape of a batch of inputs, if one of the arguments says it; these arguments are taken out."""
    batch_shape = kwargs.pop("batch_input_shape", None)
    shape = kwargs.pop("input_shape", None)
    size = kwargs.pop("input_dim", None)
    batch = kwargs.pop("batch_size", None)
    if batch_shape is not None:
        return tuple(batch_shape)
    if shape is None and size is not None:
        shape = (size,)
    return None if shape is None else (batch, *shape)
