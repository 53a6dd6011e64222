"""What an optimizer remembers: its rate, its steps and its slots, as variables of a graph."""

from __future__ import annotations

import weakref
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.graph.graph import Graph, get_default_graph
from trackml.graph.operation import Operation
from trackml.keras import backend
from trackml.keras.optimizers import schedules
from trackml.keras.optimizers.state import State, keep, state_in
from trackml.variables import Variable


class Remembering:
    """What keeps a rate, a number of steps and slots in each graph that it is used in.

    Args:
        name: Name of the scope of its variables.
        learning_rate: The rate, a number or a schedule.
    """

    def __init__(self, name: str, learning_rate: Any) -> None:
        self.name = name
        self._learning_rate: Any = checked_rate(learning_rate)
        self._graphs: weakref.WeakSet[Graph] = weakref.WeakSet()

    def _state(self, iterations: Variable | None = None) -> State:
        """The variables in the default graph, made at the first call."""
        found = state_in(get_default_graph(), self)
        if found is None:
            found = State(self.name, _first_rate(self._learning_rate), iterations)
            keep(self, found)
            self._graphs.add(get_default_graph())
        return found

    @property
    def learning_rate(self) -> Any:
        """The rate, a variable of the default graph; with a schedule that of the last step.

        Setting it gives the variables of all graphs another value; TypeError where a schedule sets it.
        """
        return self._state().rate

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        if isinstance(self._learning_rate, schedules.LearningRateSchedule):
            raise TypeError(
                "This optimizer was created with a `LearningRateSchedule` object as its `learning_rate`, hence its "
                "learning rate is not settable. Make the optimizer with a number to set it."
            )
        self._learning_rate = checked_rate(value)
        for graph in self._graphs:
            state = state_in(graph, self)
            if state is not None:
                backend.set_value(state.rate, value)

    lr = learning_rate

    @property
    def iterations(self) -> Variable:
        """The variable of the default graph that counts the steps.

        It may be set before the first step, so that a model function counts by the global step: RuntimeError later.
        """
        return self._state().iterations

    @iterations.setter
    def iterations(self, variable: Variable) -> None:
        if state_in(get_default_graph(), self) is not None:
            raise RuntimeError(
                f"Cannot set `iterations` of {self.name} any more: its variables are made. Set it before the rate is "
                "read, and before the first `minimize`, `get_updates` or `apply_gradients`."
            )
        self._state(variable)

    @property
    def weights(self) -> list[Variable]:
        """What the optimizer remembers in the default graph: steps and slots, in the order in which they were made."""
        state = self._state()
        return [state.iterations, *state.own]

    def variables(self) -> list[Variable]:
        """The same as `weights`."""
        return self.weights

    def get_weights(self) -> list[np.ndarray[Any, Any]]:
        """The values of `weights`."""
        return [np.asarray(value) for value in backend.get_session().run(self.weights)]

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Gives `weights` other values.

        Raises:
            ValueError: There are more or fewer values than weights, or one has another shape.
        """
        mine = self.weights
        given = [np.shape(value) for value in weights]
        if given != [tuple(weight.shape.as_list()) for weight in mine]:
            raise ValueError(
                f"Optimizer {self.name} has weights of the shapes {[tuple(one.shape.as_list()) for one in mine]}; got "
                f"values of {given}. Slots are made when the optimizer makes its first step."
            )
        for weight, value in zip(mine, weights):
            backend.set_value(weight, value)

    def slots_in(self, graph: Graph) -> dict[str, dict[Operation, Variable]]:
        """The slots in a graph, by name and by the operation of the variable that they are of."""
        state = state_in(graph, self)
        return {} if state is None else state.slots

    def iterations_in(self, graph: Graph) -> Variable | None:
        """What counts the steps in a graph; None when there is no step yet."""
        state = state_in(graph, self)
        return None if state is None else state.iterations

    def add_slot(self, var: Variable, slot_name: str, initializer: Any = "zeros", shape: Any = None) -> Variable:
        """The slot of that name of a variable, made if there is none."""
        return self._state().slot(var, slot_name, initializer, shape)

    def get_slot(self, var: Variable, slot_name: str) -> Variable:
        """The slot of that name of a variable; KeyError when there is none."""
        return self._state().slots[slot_name][var.op]

    def get_slot_names(self) -> list[str]:
        """The names of the slots in the default graph."""
        return list(self._state().slots)

    def add_variable(
        self, shape: Any, dtype: Any = None, initializer: Any = "zeros", name: str | None = None
    ) -> Variable:
        """A variable of the optimizer that goes with no weight."""
        return self._state().variable(name or "variable", list(shape or ()), dtype or dtypes.float32, initializer)

    def add_variable_from_reference(
        self, model_variable: Variable, variable_name: str = "slot", shape: Any = None, initial_value: Any = None
    ) -> Variable:
        """The slot of that name of a variable, made if there is none, by the name of TensorFlow 2.15."""
        first = "zeros" if initial_value is None else initial_value
        return self.add_slot(model_variable, variable_name, first, shape)

    def _rate_in_a_configuration(self) -> Any:
        if isinstance(self._learning_rate, schedules.LearningRateSchedule):
            return schedules.serialize(self._learning_rate)
        state = state_in(get_default_graph(), self)
        return float(self._learning_rate if state is None else backend.get_value(state.rate))


def checked_rate(rate: Any) -> Any:
    if isinstance(rate, schedules.LearningRateSchedule) or callable(rate):
        return rate
    if isinstance(rate, Mapping):
        return schedules.deserialize(rate)
    if isinstance(rate, bool) or not isinstance(rate, (int, float, np.number)) or not float(rate) >= 0:
        raise ValueError(f"The learning rate must be a number from 0 on, or a schedule; got {rate!r}.")
    return rate


def _first_rate(rate: Any) -> float:
    if isinstance(rate, schedules.LearningRateSchedule):
        return float(getattr(rate, "initial_learning_rate", 0.0) or 0.0)
    return float(rate() if callable(rate) else rate)
