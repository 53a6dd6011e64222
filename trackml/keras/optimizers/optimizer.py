"""`Optimizer`: what all optimizers of Keras share."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.autodiff import gradients
from trackml.graph.graph import get_default_graph
from trackml.graph.indexed_slices import IndexedSlices
from trackml.graph.operation import Operation, Tensor
from trackml.keras.engine.changes import changes_made_by
from trackml.keras.optimizers import limits, schedules
from trackml.keras.optimizers.gradients import summed, with_gradients
from trackml.keras.optimizers.remembering import Remembering, checked_rate
from trackml.keras.optimizers.state import State, state_in
from trackml.ops import control, gathering, math
from trackml.ops.framework import control_dependencies, name_scope
from trackml.variables import Variable

_ACCEPTED = {"jit_compile", "is_legacy_optimizer", "gradient_aggregator", "gradient_transformers"}


class Optimizer(Remembering):
    """Changes the weights of a model so that its loss gets smaller.

    A subclass makes slots with `add_slot` in `_create_slots(var_list)` and changes a variable in
    `_resource_apply_dense(grad, var)` (and `_resource_apply_sparse(grad, var, indices)`), as in TensorFlow 1; or in
    `build(var_list)` and `update_step(gradient, variable)`, as in TensorFlow 2.15.

    Args:
        name: Name of the training operation and of the slots.
        learning_rate: The rate, a number or a schedule (`keras.optimizers.schedules`); `lr` for short. Callbacks may
            change a number while a model trains.
        weight_decay: Which share of each weight, times the rate, is taken off at each step.
        clipnorm: The largest norm of the gradient of one weight.
        clipvalue: The largest size of an element of a gradient.
        global_clipnorm: The largest norm of all gradients together.
        use_ema: Whether averages of the weights are kept, which the weights become at the end of a training.
        ema_momentum: How much of an average stays at each step.
        ema_overwrite_frequency: After each how many steps the weights become their averages; never by default.
        decay: How the rate falls: `learning_rate / (1 + decay * steps)`.
        lr: The same as `learning_rate`.
        settings: What else the optimizer takes.

    Raises:
        TypeError: An argument that the optimizer does not take.
        ValueError: A setting is not one that can be.

    Example:
        >>> import trackml as tf
        >>> class Signs(tf.keras.optimizers.Optimizer):
        ...     def __init__(self, learning_rate=0.1, name="Signs", **kwargs):
        ...         super().__init__(name, learning_rate, **kwargs)
        ...
        ...     def _resource_apply_dense(self, grad, var):
        ...         return var.assign_sub(self._decayed_lr(var.dtype) * tf.sign(grad))
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     w = tf.Variable([3.0, -2.0])
        ...     step = Signs().minimize(lambda: tf.reduce_sum(w * w), [w])
        ...     session.run(tf.global_variables_initializer())
        ...     session.run(step)
        ...     print(session.run(w).tolist())
        [2.9000000953674316, -1.899999976158142]
    """

    _SETTINGS: Sequence[str] = ()

    def __init__(
        self,
        name: str | None = None,
        learning_rate: Any = 0.001,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        decay: float = 0.0,
        lr: Any = None,
        **settings: Any,
    ) -> None:
        unknown = sorted(set(settings) - set(self._SETTINGS) - _ACCEPTED)
        if unknown:
            raise TypeError(f"{type(self).__name__} got unexpected keyword arguments: {unknown}")
        super().__init__(name or type(self).__name__, learning_rate if lr is None else lr)
        self.clipnorm, self.clipvalue, self.global_clipnorm = clipnorm, clipvalue, global_clipnorm
        self.weight_decay, self.decay = weight_decay, decay
        self.use_ema, self.ema_momentum = use_ema, ema_momentum
        self.ema_overwrite_frequency = ema_overwrite_frequency
        limits.check(self)
        for setting in self._SETTINGS:
            setattr(self, setting, settings[setting])
        self._now: dict[str, Any] = {}
        self._left_alone: list[Any] = []

    @property
    def settings(self) -> dict[str, Any]:
        """The optimizer's own settings by name."""
        return {name: getattr(self, name) for name in self._SETTINGS}

    def build(self, var_list: Sequence[Variable]) -> None:
        """Makes the counter of steps and the slots of variables, unless they are there."""
        self._state()
        self._index_dict = {self._var_key(var): place for place, var in enumerate(var_list)}
        self._create_slots(var_list)

    def _var_key(self, variable: Variable) -> str:
        return str(variable.op.name)

    def _create_slots(self, var_list: Sequence[Variable]) -> None:
        """Makes the slots of variables; none by default."""

    def _prepare(self, state: State, rate: Tensor) -> None:
        """Puts into `_now` what all updates of a step share; nothing by default."""

    def _resource_apply_dense(self, grad: Any, var: Variable) -> Any:
        """Changes a variable by a gradient."""
        raise TypeError(f"{type(self).__name__} must define _resource_apply_dense(grad, var) or update_step.")

    def _resource_apply_sparse(self, grad: Tensor, var: Variable, indices: Tensor) -> Any:
        """Changes a variable by a gradient of rows, no row coming twice; by default as one of all rows.

        Other rows take part, because means decay in them, too.
        """
        places = math.cast(indices, "int64")[:, None]
        return self._resource_apply_dense(gathering.scatter_nd(places, grad, np.array(var.shape.as_list())), var)

    def update_step(self, gradient: Any, variable: Variable) -> None:
        """Changes a variable by a gradient, a tensor or `IndexedSlices`."""
        if isinstance(gradient, IndexedSlices):
            self._resource_apply_sparse(gradient.values, variable, gradient.indices)
        else:
            self._resource_apply_dense(gradient, variable)

    def _decayed_lr(self, var_dtype: Any = dtypes.float32) -> Tensor:
        """The rate of this step, in a type."""
        return math.cast(self._now["rate"], var_dtype)

    def get_gradients(self, loss: Any, params: Sequence[Variable]) -> list[Any]:
        """The gradient of a loss for each variable; None where it does not depend on it."""
        return list(gradients(loss, list(params)))

    def get_updates(self, loss: Any, params: Sequence[Variable]) -> list[Operation]:
        """The operation of a step, in a list."""
        return [self.train_op(loss, params)]

    def minimize(self, loss: Any, var_list: Any, grad_loss: Any = None, name: str | None = None) -> Operation:
        """The operation that changes variables by the gradients of a loss.

        Args:
            loss: A tensor, or a function that gives one.
            var_list: The variables, or a function that gives them.
            grad_loss: The gradient of the loss to start from; ones by default.
            name: Name of the operation.
        """
        value = loss() if callable(loss) else loss
        variables = list(var_list() if callable(var_list) else var_list)
        return self.apply_gradients(list(zip(gradients(value, variables, grad_ys=grad_loss), variables)), name)

    def train_op(self, loss: Any, variables: Sequence[Variable], iterations: Variable | None = None) -> Operation:
        """The operation that changes variables of the default graph by the gradients of a loss.

        Args:
            loss: A scalar.
            variables: What is changed.
            iterations: What counts the steps; a variable of the optimizer's own by default.
        """
        self._state(iterations)
        return self.apply_gradients(list(zip(self.get_gradients(loss, variables), variables)))

    def apply_gradients(self, grads_and_vars: Any, name: str | None = None, **kwargs: Any) -> Operation:
        """The operation that changes variables by gradients.

        Args:
            grads_and_vars: Pairs of a gradient and a variable; those with a gradient of None are left out.
            name: Name of the operation.
            kwargs: Accepted for TensorFlow's sake (`experimental_aggregate_gradients`).

        Raises:
            ValueError: There is no gradient.
        """
        pairs = with_gradients(list(grads_and_vars))
        grads, variables = limits.limited(self, [grad for grad, _ in pairs]), [var for _, var in pairs]
        state = self._state()
        self.build(variables)
        with name_scope(None), name_scope(name or state.scope):
            rate, before = self._rate_of_a_step(state)
            self._now = {"rate": rate}
            before += changes_made_by(lambda: self._prepare(state, rate))
            with control_dependencies([grad.op if isinstance(grad, Tensor) else grad.values.op for grad in grads]):
                before += self._decayed_weights(variables, rate)
            with control_dependencies(before):
                updates = [self._update(summed(grad), var) for grad, var in zip(grads, variables)]
            with control_dependencies(updates):
                averages = limits.averaged(self, state, variables) if self.use_ema else []
            with control_dependencies([*updates, *averages]):
                after = [_constrained(var) for var in variables if var.constraint is not None]
                count = state.iterations.assign_add(1, read_value=False)
            self._now = {}
            return control.group(*before, *updates, *averages, *after, count)

    def _rate_of_a_step(self, state: State) -> tuple[Any, list[Operation]]:
        """The rate, and what must be done for it to be known afterwards."""
        if isinstance(self._learning_rate, schedules.LearningRateSchedule):
            rate = math.cast(self._learning_rate(state.iterations.value()), dtypes.float32)
            return rate, [state.rate.assign(rate, read_value=False)]
        if not self.decay:
            return state.rate.value(), []
        return state.rate / (1.0 + self.decay * math.cast(state.iterations.value(), dtypes.float32)), []

    def _decayed_weights(self, variables: Sequence[Variable], rate: Any) -> list[Operation]:
        if not self.weight_decay:
            return []
        share = rate * self.weight_decay
        return [
            var.assign_sub(var.value() * math.cast(share, var.dtype), read_value=False)
            for var in variables
            if self._use_weight_decay(var)
        ]

    def exclude_from_weight_decay(self, var_list: Any = None, var_names: Sequence[str] | None = None) -> None:
        """Leaves variables out of the weight decay: these, and those whose name has one of these patterns in it."""
        self._left_alone = [*(var_list or ()), *(var_names or ())]

    def _use_weight_decay(self, variable: Variable) -> bool:
        return not any(
            re.search(item, variable.name) is not None if isinstance(item, str) else item is variable
            for item in self._left_alone
        )

    def _update(self, grad: Any, var: Variable) -> Operation:
        with name_scope(f"update_{var.op.name}"):
            return control.group(*changes_made_by(lambda: self.update_step(grad, var)))

    def finalize_variable_values(self, var_list: Sequence[Variable]) -> None:
        """Gives variables the averages that `use_ema` kept of them, in the session of the models."""
        state = state_in(get_default_graph(), self)
        if self.use_ema and state is not None:
            limits.finish(state, var_list)

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes, with the rate as it is now."""
        config = {"name": self.name, "learning_rate": self._rate_in_a_configuration(), "decay": self.decay}
        return {**config, **self.settings, **limits.config_of(self)}

    @classmethod
    def from_config(cls, config: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None) -> Any:
        """A new optimizer of a configuration."""
        settings = dict(config)
        if isinstance(settings.get("learning_rate"), Mapping):
            settings["learning_rate"] = schedules.deserialize(settings["learning_rate"], custom_objects)
        return cls(**settings)

    def __deepcopy__(self, memo: Any) -> Any:
        """An optimizer of the same settings that no graph knows."""
        made = type(self).from_config(self.get_config())
        made._left_alone = [item for item in self._left_alone if isinstance(item, str)]
        return made

    def _set_hyper(self, name: str, value: Any) -> None:
        """Keeps a setting, as optimizers of TensorFlow 1 do."""
        setattr(self, "_learning_rate" if name == "learning_rate" else name, value)

    def _get_hyper(self, name: str, dtype: Any = None) -> Any:
        """A setting, in a type."""
        value = self.learning_rate if name == "learning_rate" else getattr(self, name)
        return value if dtype is None else math.cast(value, dtype)

    def _build_learning_rate(self, learning_rate: Any) -> Any:
        """The rate, as optimizers of TensorFlow 2.15 keep it."""
        return checked_rate(learning_rate)


def _constrained(var: Variable) -> Operation:
    assert var.constraint is not None
    constrained: Operation = var.assign(var.constraint(var.value()), read_value=False)
    return constrained
