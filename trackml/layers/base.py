"""The base of all layers: a scope with weights, made at the first call."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from trackml import dtypes, nest
from trackml.dtypes import DType, as_dtype
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.graph import get_default_graph
from trackml.graph.keys import GraphKeys
from trackml.graph.operation import Operation, Tensor, is_array
from trackml.layers.input_spec import InputSpec
from trackml.ops import array, math
from trackml.ops.framework import get_collection_ref, name_scope
from trackml.shapes import TensorShape
from trackml.variables import Variable, VariableScope, get_variable, global_variables, variable_scope

_NAMES_KEY = ("__layer_names",)


class Layer:
    """A function with weights of its own.

    A subclass makes weights in `build` with `add_weight`, and computes in `call`. The first call decides the layer's
    scope, the names of its weights and their type; every further call shares them.

    Args:
        trainable: Whether optimizers change the weights.
        name: Name of the scope, made unique; by default the class's name in lower case, as `dense`, `dense_1`.
        dtype: Type of the weights; by default that of the first input.
        activity_regularizer: A function from the output to a scalar, which divided by the batch size goes to
            REGULARIZATION_LOSSES.
        _scope: A scope whose weights the layer takes as its own.
        _reuse: Whether the weights of `_scope` exist already.

    Raises:
        TypeError: An argument that no layer has.

    Example:
        >>> import trackml as tf
        >>> class Scale(tf.layers.Layer):
        ...     def build(self, input_shape):
        ...         self.scale = self.add_weight("scale", [], initializer=tf.ones_initializer())
        ...
        ...     def call(self, inputs):
        ...         return inputs * self.scale
        >>> with tf.Graph().as_default():
        ...     layer = Scale()
        ...     print(layer(tf.zeros([2])).name, layer.weights[0].name)
        scale/mul:0 scale/scale:0
    """

    def __init__(
        self,
        trainable: bool = True,
        name: str | None = None,
        dtype: Any = None,
        activity_regularizer: Callable[[Any], Any] | None = None,
        _scope: Any = None,
        _reuse: Any = None,
        **kwargs: Any,
    ) -> None:
        if kwargs:
            raise TypeError(f"{type(self).__name__} got unexpected keyword arguments: {sorted(kwargs)}")
        self.trainable = trainable
        self.built = False
        self.input_spec: InputSpec | Sequence[InputSpec | None] | None = None
        self._dtype = None if dtype is None else as_dtype(dtype)
        self._activity_regularizer = activity_regularizer
        self._reuse = _reuse
        self._weights: list[tuple[Variable, bool]] = []
        self._losses: list[Any] = []
        self._updates: list[Any] = []
        self._base_name = name or _snake_case(type(self).__name__)
        self._name = name or _numbered(self._base_name)
        self._scope: VariableScope | None = None
        if _scope:
            with variable_scope(_scope) as captured:
                self._scope = captured

    @property
    def name(self) -> str:
        """The layer's name. It is for messages: weights are named after `scope_name`, as in TensorFlow."""
        return self._name

    @property
    def scope_name(self) -> str:
        """The name of the variable scope; ValueError before the first call, which decides it."""
        if self._scope is None:
            raise ValueError(
                f'No name available for layer scope because the layer "{self._name}" has not been used yet. '
                "Call the layer before asking for `scope_name`."
            )
        return self._scope.name

    @property
    def dtype(self) -> str | None:
        """The name of the weights' type; None while it is not decided."""
        return None if self._dtype is None else self._dtype.name

    @property
    def activity_regularizer(self) -> Callable[[Any], Any] | None:
        """The penalty on the output, or None."""
        return self._activity_regularizer

    @property
    def weights(self) -> list[Variable]:
        """All weights, the trainable ones first."""
        return self.trainable_weights + self.non_trainable_weights

    @property
    def trainable_weights(self) -> list[Variable]:
        """The weights that optimizers change."""
        return [weight for weight, trainable in self._weights if trainable and self.trainable]

    @property
    def non_trainable_weights(self) -> list[Variable]:
        """The weights that optimizers leave alone."""
        return [weight for weight, trainable in self._weights if not (trainable and self.trainable)]

    @property
    def variables(self) -> list[Variable]:
        """The same as `weights`."""
        return self.weights

    @property
    def trainable_variables(self) -> list[Variable]:
        """The same as `trainable_weights`."""
        return self.trainable_weights

    @property
    def non_trainable_variables(self) -> list[Variable]:
        """The same as `non_trainable_weights`."""
        return self.non_trainable_weights

    @property
    def losses(self) -> list[Any]:
        """The penalties on weights and outputs."""
        return list(self._losses)

    @property
    def updates(self) -> list[Any]:
        """The operations that must run with each training step."""
        return list(self._updates)

    def count_params(self) -> int:
        """The number of elements of all weights."""
        return sum(weight.shape.num_elements() or 0 for weight in self.weights)

    def build(self, input_shape: Any) -> None:
        """Makes the weights.

        Args:
            input_shape: The first input's shape, in the structure of the inputs.
        """
        self.built = True

    def call(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """What the layer computes; the inputs by default."""
        return inputs

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """The shape of the output for inputs of that shape; that of the inputs by default."""
        return TensorShape(input_shape)

    def add_weight(
        self,
        name: str,
        shape: Any = (),
        dtype: Any = None,
        initializer: Any = None,
        regularizer: Callable[[Any], Any] | None = None,
        trainable: bool | None = None,
        constraint: Callable[[Any], Any] | None = None,
        **kwargs: Any,
    ) -> Variable:
        """A weight of this layer: made now, or shared with the layer that made it.

        Args:
            name: Its name, after the layer's scope.
            shape: Its shape, all sizes known.
            dtype: Its type; the layer's by default.
            initializer: As for `tf.get_variable`.
            regularizer: A function from the weight to a scalar, which goes to REGULARIZATION_LOSSES.
            trainable: Whether optimizers change it; True by default, unless the layer is not trainable.
            constraint: A function applied after an optimizer's update.
            kwargs: Accepted for TensorFlow's sake (`use_resource`, `synchronization`, `aggregation`, `partitioner`).
        """
        wanted = trainable is None or bool(trainable)
        existing = {id(variable) for variable in global_variables()}
        with variable_scope(self._entered_scope(), reuse=self.built or self._reuse, auxiliary_name_scope=False):
            weight = get_variable(
                name,
                shape,
                as_dtype(dtype) if dtype is not None else self._dtype or dtypes.float32,
                initializer=initializer,
                trainable=wanted and self.trainable,
                constraint=constraint,
            )
        if regularizer is not None and id(weight) not in existing:
            with name_scope(f"{name}/Regularizer"):
                self.add_loss(regularizer(weight))
        self._weights.append((weight, wanted))
        return weight

    def add_variable(self, *args: Any, **kwargs: Any) -> Variable:
        """The same as `add_weight`."""
        return self.add_weight(*args, **kwargs)

    def add_loss(self, losses: Any, inputs: Any = None) -> None:
        """Adds penalties to the layer's and to REGULARIZATION_LOSSES; None is no penalty."""
        new = [loss for loss in nest.flatten(losses) if loss is not None]
        self._losses += new
        get_collection_ref(GraphKeys.REGULARIZATION_LOSSES).extend(new)

    def add_update(self, updates: Any, inputs: Any = None) -> None:
        """Adds operations that must run with each training step to the layer's and to UPDATE_OPS."""
        new: list[Tensor | Operation] = nest.flatten(updates)
        self._updates += new
        get_collection_ref(GraphKeys.UPDATE_OPS).extend(new)

    def __call__(self, inputs: Any, *args: Any, scope: Any = None, **kwargs: Any) -> Any:
        """Computes the output for `inputs`; makes the weights the first time.

        Args:
            inputs: A tensor or what converts to one, or a list, tuple or dict of these.
            args: Passed on to `call`.
            scope: At the first call: a variable scope, or the name of one, for the weights.
            kwargs: Passed on to `call`.

        Raises:
            ValueError: The inputs are not what `input_spec` demands.
        """
        entered = self._entered_scope(scope)
        reuse = True if self.built else self._reuse
        with (
            variable_scope(entered, reuse=reuse, auxiliary_name_scope=False),
            name_scope(entered.original_name_scope),
        ):
            inputs = (
                nest.map_structure(convert_to_tensor, inputs) if _are_several(inputs) else convert_to_tensor(inputs)
            )
            self._prepared_for(inputs)
            outputs = self.call(inputs, *args, **kwargs)
            self._regularize_activity(outputs)
        return outputs

    def apply(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """The same as calling the layer."""
        return self(inputs, *args, **kwargs)

    def _entered_scope(self, scope: Any = None) -> VariableScope:
        """The layer's variable scope, decided now if it is not yet."""
        if self._scope is None:
            if self._reuse:
                chosen = variable_scope(self._base_name if scope is None else scope)
            else:
                chosen = variable_scope(scope, default_name=self._base_name)
            with chosen as captured:
                self._scope = captured
        return self._scope

    def _prepared_for(self, inputs: Any) -> None:
        tensors = nest.flatten(inputs)
        self._check_inputs(tensors)
        if self.built:
            return
        if self._dtype is None and tensors:
            self._dtype = tensors[0].dtype
        self.build(nest.map_structure(lambda tensor: tensor.shape, inputs))
        self.built = True
        self._check_inputs(tensors)

    def _check_inputs(self, tensors: Sequence[Tensor]) -> None:
        if self.input_spec is None:
            return
        specs = [self.input_spec] if isinstance(self.input_spec, InputSpec) else list(self.input_spec)
        if len(specs) != len(tensors):
            raise ValueError(
                f"Layer {self._name} expects {len(specs)} inputs, but it received {len(tensors)} input tensors. "
                f"Inputs received: {list(tensors)}"
            )
        for index, (spec, tensor) in enumerate(zip(specs, tensors)):
            if spec is not None:
                spec.check(tensor, index, self._name)

    def _regularize_activity(self, outputs: Any) -> None:
        if self._activity_regularizer is None:
            return
        with name_scope("ActivityRegularizer"):
            for output in nest.flatten(outputs):
                penalty = self._activity_regularizer(output)
                if penalty is not None:
                    self.add_loss(penalty / math.cast(array.shape(output)[0], penalty.dtype))

    def _float_dtype(self) -> DType:
        """The type of the weights; TypeError when the layer cannot compute in it."""
        dtype = self._dtype or dtypes.float32
        if not (dtype.is_floating or dtype.is_complex):
            raise TypeError(f"Unable to build `{type(self).__name__}` layer with non-floating point dtype {dtype}")
        return dtype


def _are_several(inputs: Any) -> bool:
    """Whether these are several inputs, rather than one that is written as a list of numbers."""
    if isinstance(inputs, Mapping):
        return True
    return nest.is_nested(inputs) and any(
        isinstance(item, (Tensor, Variable)) or is_array(item) for item in nest.flatten(inputs)
    )


def _snake_case(name: str) -> str:
    """`BatchNormalization` as `batch_normalization`, `Conv2D` as `conv2d`; no scope begins with an underscore."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=.)(?=[A-Z][a-z0-9])", "_", name).lower()
    return f"private{words}" if words.startswith("_") else words


def _numbered(base: str) -> str:
    """`base` with the number of layers so called in the default graph, from 1."""
    names = get_default_graph().get_collection_ref(_NAMES_KEY)
    names.append(base)
    return f"{base}_{names.count(base)}"
