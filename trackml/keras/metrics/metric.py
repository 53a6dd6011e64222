"""`Metric`: a number that adds up over batches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from trackml.dtypes import as_dtype
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.graph import get_default_graph
from trackml.graph.keys import GraphKeys
from trackml.graph.operation import Operation
from trackml.keras import backend, initializers
from trackml.keras.engine.changes import changes_made_by
from trackml.keras.engine.names import unique_name
from trackml.layers.base import _snake_case
from trackml.ops import array, control
from trackml.ops.framework import control_dependencies, name_scope
from trackml.variables import Variable, variables_initializer


class Metric:
    """A number that adds up over batches.

    A subclass makes its variables with `add_weight`, changes them in `update_state`, and computes the number from them
    in `result`. What `update_state` changes is found out by what it does: it need not return anything.

    Args:
        name: Its name in logs and histories; `precision`, `precision_1` and so on by default.
        dtype: Type of the variables and of what is computed; float32 by default.

    Example:
        >>> import trackml as tf
        >>> class Largest(tf.keras.metrics.Metric):
        ...     def __init__(self, name="largest", **kwargs):
        ...         super().__init__(name=name, **kwargs)
        ...         self.found = self.add_weight("found", initializer="zeros")
        ...
        ...     def update_state(self, y_true, y_pred, sample_weight=None):
        ...         self.found.assign(tf.maximum(self.found, tf.reduce_max(y_pred)))
        ...
        ...     def result(self):
        ...         return self.found
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     largest = Largest()
        ...     update = largest.update_state(None, tf.constant([1.0, 3.0]))
        ...     session.run(tf.local_variables_initializer())
        ...     session.run(update)
        ...     print(session.run(largest.result()))
        3.0
    """

    _given: tuple[tuple[Any, ...], dict[str, Any]]
    _updates: list[Operation]

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        """Keeps the arguments, by which the metric is made again in another graph."""
        metric = super().__new__(cls)
        metric._given = (args, kwargs)
        metric._updates = []
        metric.update_state = _as_one_operation(metric.update_state, metric._updates)  # type: ignore[method-assign]
        return metric

    def __init__(self, name: str | None = None, dtype: Any = None) -> None:
        self.name = name or unique_name(_snake_case(type(self).__name__))
        self._dtype = as_dtype(dtype or backend.floatx()).name
        self._weights: list[Variable] = []
        self._reset: Operation | None = None
        self._own_reset: Operation | None = None
        self.graph = get_default_graph()

    @property
    def dtype(self) -> str:
        """The name of the type of the variables."""
        return self._dtype

    @property
    def weights(self) -> list[Variable]:
        """The variables that add up."""
        return list(self._weights)

    @property
    def variables(self) -> list[Variable]:
        """The same as `weights`."""
        return self.weights

    def add_weight(
        self,
        name: str | None = None,
        shape: Any = (),
        aggregation: Any = None,
        synchronization: Any = None,
        initializer: Any = "zeros",
        dtype: Any = None,
    ) -> Variable:
        """A variable of this metric.

        Args:
            name: Its name, after the metric's.
            shape: Its shape.
            aggregation: Accepted for TensorFlow's sake.
            synchronization: Accepted for TensorFlow's sake.
            initializer: What it starts from, with each epoch: a name or a function; zeros by default.
            dtype: Its type; the metric's by default.
        """
        first = initializers.get("zeros" if initializer is None else initializer)
        kind = as_dtype(dtype or self._dtype)
        sizes = [int(size) for size in shape]
        with name_scope(None), name_scope(self.name):
            variable = Variable(
                lambda: first(sizes, kind),
                trainable=False,
                name=name or "weight",
                dtype=kind,
                collections=[GraphKeys.LOCAL_VARIABLES],
            )
        self._weights.append(variable)
        return variable

    def update_state(self, *args: Any, **kwargs: Any) -> Any:
        """Takes a batch in; mostly `update_state(y_true, y_pred, sample_weight=None)`."""
        raise TypeError(f"{type(self).__name__} must define update_state(y_true, y_pred, sample_weight=None).")

    def result(self) -> Any:
        """The number over all batches so far: a tensor, or a dict of them by name."""
        raise TypeError(f"{type(self).__name__} must define result().")

    def as_metric_ops(self) -> tuple[Any, Operation]:
        """The value and what takes a batch in, as functions of `tf.metrics` give them.

        Raises:
            ValueError: `update_state` was not called.
        """
        if not self._updates:
            raise ValueError(
                f"The metric {self.name!r} takes nothing in: call its update_state(labels, predictions) in the model "
                "function first."
            )
        return read(self.result()), control.group(*self._updates)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Takes a batch in; gives the number over all batches after it."""
        with control_dependencies([self.update_state(*args, **kwargs)]):
            return read(self.result())

    def reset_state(self) -> Any:
        """Lets the variables start anew, in the session of the models."""
        if type(self).reset_states is not Metric.reset_states:
            return self.reset_states()
        if self._weights:
            with self._weights[0].graph.as_default():
                if self._reset is None:
                    self._reset = variables_initializer(self._weights)
                backend.get_session().run(self._reset)
        return None

    def reset_states(self) -> Any:
        """The same as `reset_state`, by the name that it had."""
        return self.reset_state()

    def begin_anew(self) -> None:
        """Calls `reset_state`; what that puts into the graph instead of doing it, as `assign` does, is run."""
        session = backend.get_session()
        if self._own_reset is None:
            changes = changes_made_by(self.reset_state)
            self._own_reset = control.group(*changes) if changes else None
        if self._own_reset is not None:
            session.run(self._own_reset)

    @property
    def resets_itself(self) -> bool:
        """Whether a subclass says how it starts anew."""
        mine = type(self)
        return mine.reset_state is not Metric.reset_state or mine.reset_states is not Metric.reset_states

    def merge_state(self, metrics: Any) -> list[Any]:
        """The operations that add what other metrics of this kind have to this one.

        Raises:
            ValueError: One of them has other variables.
        """
        for metric in metrics:
            if len(metric.weights) != len(self.weights):
                raise ValueError(f"Metric {metric.name} has other variables than {self.name}: they cannot be merged.")
        return [
            mine.assign_add(other, read_value=False)
            for metric in metrics
            for mine, other in zip(self._weights, metric.weights)
        ]

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes."""
        return {"name": self.name, "dtype": self._dtype}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Any:
        """A metric of a configuration, with variables of its own."""
        return cls(**config)

    def copied(self) -> Any:
        """The same metric with variables of its own, in the default graph."""
        args, kwargs = self._given
        made = type(self)(*args, **kwargs)
        made.name = self.name
        return made

    def __deepcopy__(self, memo: Any) -> Any:
        """The same metric with variables of its own."""
        return self.copied()


def read(result: Any) -> Any:
    """What `result` gave, read at this place of the graph."""
    if isinstance(result, Mapping):
        return {name: array.identity(convert_to_tensor(value)) for name, value in result.items()}
    return array.identity(convert_to_tensor(result))


def _as_one_operation(update_state: Callable[..., Any], updates: list[Operation]) -> Callable[..., Operation]:
    """The method, made to return one operation that does all that it does, and to note it."""

    def gathered(*args: Any, **kwargs: Any) -> Operation:
        made: list[Any] = []
        changes = changes_made_by(lambda: made.append(update_state(*args, **kwargs)))
        returned = [item for item in made if hasattr(item, "op") or isinstance(item, Operation)]
        update = control.group(*changes, *returned)
        updates.append(update)
        return update

    return gathered
