"""Weights of Keras' layers: made by `add_weight`, or set as attributes, with those of the layers inside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.dtypes import as_dtype
from trackml.initializers import Constant
from trackml.keras import backend, constraints, initializers, regularizers
from trackml.keras.engine.configuration import Configured
from trackml.layers import base
from trackml.ops.framework import name_scope
from trackml.variables import Variable

_OWN = ("_given", "_nodes", "_stack", "_layers", "_order")
"""Attributes that hold layers which are not inside this one, or are there under another name."""


class Weighted(Configured, base.Layer):
    """A layer's weights, and the layers that it has as attributes."""

    _first_weights: list[Any] | None = None
    """What `weights=` gave: the values that the weights start from, in the order in which they are made."""
    _is_trainable = True
    _weight_scope: str | None = None
    _weight_losses: list[Any]

    def __setattr__(self, name: str, value: Any) -> None:
        """Keeps variables that are set as attributes among the weights."""
        if isinstance(value, Variable) and all(value is not known for known, _ in self.__dict__.get("_weights", ())):
            self.__dict__.setdefault("_weights", []).append((value, bool(value.trainable)))
        super().__setattr__(name, value)

    @property
    def _sublayers(self) -> list[Weighted]:
        """The layers that are attributes, alone or in lists and dicts: their weights are this layer's."""
        found: dict[int, Weighted] = {}
        for name, value in self.__dict__.items():
            if name not in _OWN:
                found.update((id(layer), layer) for layer in _layers_in(value))
        return list(found.values())

    @property
    def trainable(self) -> bool:
        """Whether optimizers change the weights; setting it sets it for the layers inside."""
        return self._is_trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._is_trainable = bool(value)
        for layer in self._sublayers:
            layer.trainable = value

    @property
    def trainable_weights(self) -> list[Variable]:
        """The weights that optimizers change, of the layer and of those inside it."""
        if not self.trainable:
            return []
        mine = [weight for weight, trainable in self._weights if trainable]
        return distinct([*mine, *(weight for layer in self._sublayers for weight in layer.trainable_weights)])

    @property
    def non_trainable_weights(self) -> list[Variable]:
        """The weights that optimizers leave alone."""
        if not self.trainable:
            mine = sorted(self._weights, key=lambda pair: not pair[1])
            inside = [weight for layer in self._sublayers for weight in layer.weights]
            return distinct([*(weight for weight, _ in mine), *inside])
        own = [weight for weight, trainable in self._weights if not trainable]
        return distinct([*own, *(weight for layer in self._sublayers for weight in layer.non_trainable_weights)])

    def count_params(self) -> int:
        """The number of elements of all weights.

        Raises:
            ValueError: The layer has no weights yet, because it was not called.
        """
        if not self.built:
            raise ValueError(
                f"You tried to call `count_params` on layer {self.name}, but the layer isn't built. Call it on an "
                "input, or `build(batch_input_shape)`."
            )
        return sum(weight.shape.num_elements() or 0 for weight in self.weights)

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
            initializer: A name or a function; `glorot_uniform` by default, zeros for types that are not floating.
            regularizer: A name, or a function from the weight to a scalar penalty.
            trainable: Whether optimizers change it; True by default.
            constraint: A name, or a function applied after an optimizer's update.
            kwargs: Accepted for TensorFlow's sake (`use_resource`, `synchronization`, `aggregation`, ...).

        Raises:
            ValueError: A size of the shape is not known, or `weights=` gave values of another shape.
        """
        kind = as_dtype(dtype) if dtype is not None else self._dtype or dtypes.float32
        sizes = self._known_sizes(name, shape)
        first = self._initializer_of(initializer, kind, sizes, name)
        wanted = trainable is None or bool(trainable)
        bound = constraints.get(constraint)
        with name_scope(self._weights_in()):
            weight = Variable(
                lambda: first(sizes, kind), trainable=wanted, name=name or "weight", dtype=kind, constraint=bound
            )
            penalty = regularizers.get(regularizer)
            if penalty is not None:
                with name_scope(f"{name}/Regularizer"):
                    self._weight_losses.append(penalty(weight))
        self._weights.append((weight, wanted))
        return weight

    def _known_sizes(self, name: str | None, shape: Any) -> list[int]:
        sizes = list(() if shape is None else shape)
        if any(size is None for size in sizes):
            raise ValueError(
                f"The weight {name!r} of layer {self.name!r} needs a shape of known sizes; got {tuple(sizes)}. Give "
                "the layer's input a shape that says them."
            )
        return [int(size) for size in sizes]

    def _initializer_of(self, given: Any, kind: dtypes.DType, sizes: list[int], name: str | None) -> Any:
        if self._first_weights is not None and len(self._weights) < len(self._first_weights):
            value = np.asarray(self._first_weights[len(self._weights)])
            if list(value.shape) != sizes:
                raise ValueError(
                    f"Layer {self.name!r} was given weights of shape {value.shape} for {name!r}, which has shape "
                    f"{tuple(sizes)}."
                )
            return Constant(value)
        if given is None:
            given = "glorot_uniform" if kind.is_floating else "zeros"
        return initializers.get(given)

    def _weights_in(self) -> str:
        """The name scope of the weights, decided at the first call."""
        if self._weight_scope is None:
            with name_scope(None), name_scope(self.name) as scope:
                self._weight_scope = scope
        return self._weight_scope


def distinct(weights: list[Variable]) -> list[Variable]:
    """Each weight once, where it comes first."""
    return list({id(weight): weight for weight in weights}.values())


def _layers_in(value: Any) -> Iterator[Weighted]:
    if isinstance(value, Weighted):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _layers_in(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _layers_in(item)
