"""Optimizers by Keras' names and with Keras' settings; the updates are those of `trackml.optimizers`."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from trackml import optimizers
from trackml.graph.graph import Graph, get_default_graph
from trackml.graph.operation import Operation, Tensor
from trackml.initializers import Constant, Zeros
from trackml.keras import backend
from trackml.ops import clipping, control, gathering, math
from trackml.ops.framework import control_dependencies, name_scope
from trackml.optimizers.optimizer import Optimizer as GraphOptimizer
from trackml.variables import Variable

__all__ = ["SGD", "Adadelta", "Adagrad", "Adam", "Optimizer", "RMSprop", "TFOptimizer", "get"]


class Optimizer:
    """Changes the weights of a model so that its loss gets smaller.

    Args:
        learning_rate: The rate; `lr` for short. Callbacks may change it while a model trains.
        name: Name of the training operation and of the slots.
        clipnorm: The largest norm of the gradient of one weight.
        clipvalue: The largest size of an element of a gradient.
        decay: How the rate falls: `learning_rate / (1 + decay * steps)`.
        settings: What else the optimizer takes.

    Raises:
        TypeError: An argument that the optimizer does not take.
    """

    def __init__(
        self,
        learning_rate: Any,
        name: str,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        decay: float = 0.0,
        lr: Any = None,
        **settings: Any,
    ) -> None:
        unknown = sorted(set(settings) - set(self._settings()))
        if unknown:
            raise TypeError(f"{type(self).__name__} got unexpected keyword arguments: {unknown}")
        self.name = name
        self.clipnorm = clipnorm
        self.clipvalue = clipvalue
        self.decay = decay
        self.settings = settings
        self._rate: Any = learning_rate if lr is None else lr
        self._made: dict[Graph, tuple[Any, Variable, Variable]] = {}

    def _settings(self) -> Sequence[str]:
        """The names of the optimizer's own settings."""
        return ()

    def _make(self, learning_rate: Any) -> GraphOptimizer:
        """The optimizer of the graph, for a learning rate that is a tensor."""
        raise TypeError(f"{type(self).__name__} must define _make(learning_rate).")

    @property
    def learning_rate(self) -> Any:
        """The rate: a variable of the default graph where a model trains, else a number."""
        made = self._made.get(get_default_graph())
        return self._rate if made is None else made[1]

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        self._rate = value
        for graph, (_, variable, _) in self._made.items():
            with graph.as_default():
                backend.set_value(variable, value)

    lr = learning_rate

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes, with the rate as it is now."""
        made = self._made.get(get_default_graph())
        rate = self._rate if made is None else float(backend.get_value(made[1]))
        config = {"name": self.name, "learning_rate": rate, "decay": self.decay, **self.settings}
        limits = {"clipnorm": self.clipnorm, "clipvalue": self.clipvalue}
        return {**config, **{name: limit for name, limit in limits.items() if limit is not None}}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Optimizer:
        """A new optimizer of a configuration."""
        return cls(**config)

    def train_op(self, loss: Any, variables: Sequence[Variable], iterations: Variable | None = None) -> Operation:
        """The operation that changes variables of the default graph by the gradients of a loss.

        Args:
            loss: A scalar.
            variables: What is changed.
            iterations: What counts the steps; a variable of the optimizer's own by default.
        """
        optimizer, _, steps = self._in_graph(iterations)
        pairs = optimizer.compute_gradients(loss, list(variables))
        limited = [(self._limited(grad), weight) for grad, weight in pairs]
        updated: Operation = optimizer.apply_gradients(limited, steps)
        return updated

    def _in_graph(self, iterations: Variable | None) -> tuple[Any, Variable, Variable]:
        graph = get_default_graph()
        if graph not in self._made:
            with name_scope(None), name_scope(f"training/{self.name}"):
                rate = Variable(np.float32(self._rate), trainable=False, name="learning_rate")
                counted = Variable(np.int64(0), trainable=False, name="iter") if iterations is None else iterations
                now = rate / (1.0 + self.decay * math.cast(counted, rate.dtype)) if self.decay else rate.value()
            self._made[graph] = (self._make(now), rate, counted)
        return self._made[graph]

    def _limited(self, grad: Any) -> Any:
        if grad is not None and self.clipnorm is not None:
            grad = clipping.clip_by_norm(grad, self.clipnorm)
        if grad is not None and self.clipvalue is not None:
            grad = clipping.clip_by_value(grad, -self.clipvalue, self.clipvalue)
        return grad

    def __deepcopy__(self, memo: Any) -> Optimizer:
        """An optimizer of the same settings that no graph knows."""
        return type(self).from_config(self.get_config())


class SGD(Optimizer):
    """`weight -= learning_rate * grad`, or with momentum `v = momentum * v - learning_rate * grad; weight += v`.

    Args:
        learning_rate: The rate.
        momentum: How much of the last step is added to the next.
        nesterov: Takes the gradient's part twice: `weight += momentum * v - learning_rate * grad`.
        name: Name of the training operation and of the slots.
    """

    def __init__(
        self, learning_rate: Any = 0.01, momentum: float = 0.0, nesterov: bool = False, name: str = "SGD", **kwargs: Any
    ) -> None:
        super().__init__(learning_rate, name, momentum=momentum, nesterov=nesterov, **kwargs)

    def _settings(self) -> Sequence[str]:
        return ("momentum", "nesterov")

    def _make(self, learning_rate: Any) -> GraphOptimizer:
        if not self.settings["momentum"]:
            return optimizers.GradientDescentOptimizer(learning_rate, name=self.name)
        return _Momentum(learning_rate, name=self.name, **self.settings)


class RMSprop(Optimizer):
    """Divides the rate of each weight by the root of the running mean of its squared gradients.

        rms = rho * rms + (1 - rho) * grad ** 2
        weight -= learning_rate * grad / sqrt(rms + epsilon)

    Args:
        learning_rate: The rate.
        rho: How much of the running mean stays at each step.
        momentum: How much of the last step is added to the next.
        epsilon: Keeps the divisor from zero; under the root, as in TensorFlow 2.
        centered: Divides by the variance instead.
        name: Name of the training operation and of the slots.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float = 1e-7,
        centered: bool = False,
        name: str = "RMSprop",
        **kwargs: Any,
    ) -> None:
        settings = {"rho": rho, "momentum": momentum, "epsilon": epsilon, "centered": centered}
        super().__init__(learning_rate, name, **settings, **kwargs)

    def _settings(self) -> Sequence[str]:
        return ("rho", "momentum", "epsilon", "centered")

    def _make(self, learning_rate: Any) -> GraphOptimizer:
        settings = dict(self.settings)
        return _RMSprop(learning_rate, decay=settings.pop("rho"), name=self.name, **settings)


class Adam(Optimizer):
    """Steps by running means of gradients and of their squares, each made up for its start from zero.

    Args:
        learning_rate: The rate.
        beta_1: How much of the mean of gradients stays at each step.
        beta_2: How much of the mean of squared gradients stays.
        epsilon: Keeps the divisor from zero; the paper's epsilon hat.
        name: Name of the training operation and of the slots.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        name: str = "Adam",
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate, name, beta_1=beta_1, beta_2=beta_2, epsilon=epsilon, **kwargs)

    def _settings(self) -> Sequence[str]:
        return ("beta_1", "beta_2", "epsilon")

    def _make(self, learning_rate: Any) -> GraphOptimizer:
        betas = self.settings["beta_1"], self.settings["beta_2"]
        return optimizers.AdamOptimizer(learning_rate, *betas, self.settings["epsilon"], name=self.name)


class Adagrad(Optimizer):
    """Divides the rate of each weight by the root of the sum of its squared gradients.

        accumulator += grad ** 2
        weight -= learning_rate * grad / sqrt(accumulator + epsilon)

    Args:
        learning_rate: The rate.
        initial_accumulator_value: What the sum starts from.
        epsilon: Keeps the divisor from zero.
        name: Name of the training operation and of the slots.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        initial_accumulator_value: float = 0.1,
        epsilon: float = 1e-7,
        name: str = "Adagrad",
        **kwargs: Any,
    ) -> None:
        settings = {"initial_accumulator_value": initial_accumulator_value, "epsilon": epsilon}
        super().__init__(learning_rate, name, **settings, **kwargs)

    def _settings(self) -> Sequence[str]:
        return ("initial_accumulator_value", "epsilon")

    def _make(self, learning_rate: Any) -> GraphOptimizer:
        return _Adagrad(learning_rate, name=self.name, **self.settings)


class Adadelta(Optimizer):
    """Scales the gradient by the size of recent steps over the size of recent gradients.

    Args:
        learning_rate: The rate; 1 by default as in the paper and in Keras up to TensorFlow 1.13. (Later ones have
            0.001, with which hardly anything learns.)
        rho: How much of the running means stays at each step.
        epsilon: Keeps roots from zero.
        name: Name of the training operation and of the slots.

    Source: Zeiler, ADADELTA: An Adaptive Learning Rate Method (2012), algorithm 1.
    """

    def __init__(
        self,
        learning_rate: Any = 1.0,
        rho: float = 0.95,
        epsilon: float = 1e-7,
        name: str = "Adadelta",
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate, name, rho=rho, epsilon=epsilon, **kwargs)

    def _settings(self) -> Sequence[str]:
        return ("rho", "epsilon")

    def _make(self, learning_rate: Any) -> GraphOptimizer:
        return _Adadelta(learning_rate, self.settings["rho"], self.settings["epsilon"], name=self.name)


class TFOptimizer(Optimizer):
    """An optimizer of `tf.train`, with its own settings.

    Args:
        optimizer: The optimizer.
    """

    def __init__(self, optimizer: GraphOptimizer) -> None:
        super().__init__(0.0, optimizer.get_name())
        self.optimizer = optimizer

    def train_op(self, loss: Any, variables: Sequence[Variable], iterations: Variable | None = None) -> Operation:
        """The operation that the optimizer's `minimize` makes."""
        return self.optimizer.minimize(loss, iterations, list(variables))

    def __deepcopy__(self, memo: Any) -> TFOptimizer:
        """The same settings without slots, so that the copy does not keep the graphs of the original alive."""
        fresh = copy.copy(self.optimizer)
        fresh._slots, fresh._non_slots = {}, {}
        return TFOptimizer(fresh)


class _DenseAlone(GraphOptimizer):
    """Takes a gradient of rows for one of all rows, because means decay in the others, too."""

    def _resource_apply_sparse(self, grad: Tensor, handle: Variable, indices: Tensor) -> Any:
        places = math.cast(indices, "int64")[:, None]
        whole = gathering.scatter_nd(places, grad, np.array(handle.shape.as_list(), np.int64))
        return self._resource_apply_dense(whole, handle)


class _RMSprop(_DenseAlone, optimizers.RMSPropOptimizer):
    """Unlike TensorFlow 1's, means start from zero."""

    def _create_slots(self, var_list: Sequence[Variable]) -> None:
        for var in var_list:
            for slot in ("rms", "mg", "momentum") if self._centered else ("rms", "momentum"):
                self._get_or_make_slot_with_initializer(var, Zeros(), var.shape, var.dtype, slot, self._name)


class _Adadelta(_DenseAlone, optimizers.AdadeltaOptimizer):
    """All rows take part in each step."""


class _Momentum(_DenseAlone):
    """The step itself is what is kept, with the rate in it."""

    def __init__(self, learning_rate: Any, momentum: float, nesterov: bool, name: str) -> None:
        super().__init__(False, name)
        self._rate_tensor, self._momentum, self._nesterov = learning_rate, momentum, nesterov

    def _create_slots(self, var_list: Sequence[Variable]) -> None:
        for var in var_list:
            self._zeros_slot(var, "momentum", self._name)

    def _resource_apply_dense(self, grad: Tensor, handle: Variable) -> Any:
        kept = self._slot(handle, "momentum")
        push = math.cast(self._rate_tensor, grad.dtype) * grad
        step = self._momentum * kept.value() - push
        change = self._momentum * step - push if self._nesterov else step
        return _both(kept.assign(step, read_value=False), lambda: handle.assign_add(change, read_value=False))


class _Adagrad(_DenseAlone):
    """Unlike TensorFlow 1's, has an epsilon."""

    def __init__(self, learning_rate: Any, initial_accumulator_value: float, epsilon: float, name: str) -> None:
        super().__init__(False, name)
        self._rate_tensor, self._start, self._epsilon = learning_rate, initial_accumulator_value, epsilon

    def _create_slots(self, var_list: Sequence[Variable]) -> None:
        for var in var_list:
            start = Constant(self._start)
            self._get_or_make_slot_with_initializer(var, start, var.shape, var.dtype, "accumulator", self._name)

    def _resource_apply_dense(self, grad: Tensor, handle: Variable) -> Any:
        kept = self._slot(handle, "accumulator")
        total = kept.value() + math.square(grad)
        change = math.cast(self._rate_tensor, grad.dtype) * grad * math.rsqrt(total + self._epsilon)
        return _both(kept.assign(total, read_value=False), lambda: handle.assign_sub(change, read_value=False))


def _both(first: Operation, second: Any) -> Operation:
    """Two updates, one after the other."""
    with control_dependencies([first]):
        return control.group(first, second())


_BY_NAME: dict[str, Any] = {kind.__name__.lower(): kind for kind in (SGD, RMSprop, Adam, Adagrad, Adadelta)}


def get(identifier: Any) -> Optimizer:
    """The optimizer that a name, a configuration or an object stands for; one of `tf.train` is wrapped.

    Raises:
        ValueError: There is no optimizer of that name.
    """
    if isinstance(identifier, Optimizer):
        return identifier
    if isinstance(identifier, GraphOptimizer):
        return TFOptimizer(identifier)
    if isinstance(identifier, Mapping):
        return get(identifier["class_name"]).from_config(identifier.get("config", {}))
    if isinstance(identifier, str) and identifier.lower() in _BY_NAME:
        named: Optimizer = _BY_NAME[identifier.lower()]()
        return named
    raise ValueError(f"Unknown optimizer: {identifier!r}; expected an object or one of: {', '.join(_BY_NAME)}.")
