"""`keras.Sequential`: one layer after the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trackml.graph.operation import Tensor
from trackml.keras.engine.base_layer import Layer
from trackml.keras.engine.input_layer import Input, InputLayer
from trackml.keras.engine.model import Model
from trackml.keras.engine.network import Network


class Sequential(Model):
    """Layers, each on the output of the one before.

    With an `input_shape` in the first layer the model has its weights at once, and an input called after that layer,
    as `dense_input`; otherwise when it sees data.

    Args:
        layers: The layers.
        name: Its name; `sequential`, `sequential_1` by default.

    Example:
        >>> from trackml import keras
        >>> model = keras.Sequential([keras.layers.Dense(2, input_shape=(3,), name="XYZ")])
        >>> model.input_names, model.output_shape
        (['XYZ_input'], (None, 2))
    """

    def __init__(self, layers: Any = None, name: str | None = None) -> None:
        super().__init__(name=name)
        self._stack: list[Layer] = []
        for layer in layers or []:
            self.add(layer)

    @property
    def layers(self) -> list[Layer]:
        """The layers, without that of the input."""
        return [layer for layer in self._stack if not isinstance(layer, InputLayer)]

    @property
    def _sublayers(self) -> list[Any]:
        return list(self.__dict__.get("_stack", ()))

    def add(self, layer: Layer) -> None:
        """Puts a layer at the end.

        Raises:
            TypeError: It is no layer.
            ValueError: There is a layer of that name.
        """
        if not isinstance(layer, Layer):
            raise TypeError(f"The added layer must be an instance of class Layer. Found: {layer!r}")
        if any(layer.name == known.name for known in self._stack):
            raise ValueError(
                f'All layers added to a Sequential model should have unique names. "{layer.name}" is taken.'
            )
        with self._graph.as_default():
            start = self._start_of(layer)
            self._stack.append(layer)
            if isinstance(layer, InputLayer):
                self._first, self._end = layer.placeholder, layer.placeholder
            elif start is not None:
                self._end = layer(start)
                self._tie(self._first, self._end)

    def _start_of(self, layer: Layer) -> Tensor | None:
        """The tensor that the layer is called on; None as long as the shape of the input is not known."""
        if self._stack:
            return getattr(self, "_end", None)
        shape: Any = layer._batch_input_shape
        if isinstance(layer, InputLayer):
            return None
        if isinstance(layer, Network) and layer.inputs:
            shape = layer.inputs[0].shape.as_list()
        if shape is None:
            return None
        kind = layer.dtype if layer.dtype is not None else "float32"
        self._first = Input(batch_shape=shape, name=f"{layer.name}_input", dtype=kind)
        return self._first

    def pop(self) -> None:
        """Takes the last layer off; TypeError when there is none."""
        if not self._stack:
            raise TypeError("There are no layers in the model.")
        self._stack.pop()._nodes.clear()
        if self.inputs and self.layers:
            self._end = self._stack[-1]._nodes[-1].outputs
            self._tie(self._first, self._end)

    def _build_on(self, inputs: Any) -> None:
        self._first = tensor = inputs
        for layer in self._stack:
            tensor = layer(tensor)
        self._end = tensor
        self._tie(inputs, tensor)
        self.settle()

    def build(self, input_shape: Any = None) -> None:
        """Makes the weights for inputs of a shape, with the batch in it."""
        if input_shape is not None and not self.outputs:
            with self._graph.as_default():
                self._build_on(Input(batch_shape=tuple(input_shape)))

    def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        """What the last layer gives."""
        tensor = inputs[0] if isinstance(inputs, list) else inputs
        for layer in self.layers:
            tensor = layer(tensor)
        return tensor

    def get_config(self) -> dict[str, Any]:
        """Name and layers, each as `class_name` and `config`."""
        from trackml.keras.saving.networks import sequential_config

        return sequential_config(self)

    @classmethod
    def from_config(cls, config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
        """A new model of a configuration, with weights of its own.

        Args:
            config: What `get_config` gave, or a list of layers.
            custom_objects: Classes and functions of one's own, by name.
        """
        from trackml.keras.saving.networks import sequential_from_config
        from trackml.keras.saving.registry import custom_object_scope

        with custom_object_scope(custom_objects):
            return sequential_from_config(cls, config)
