"""One step of a model, compiled: feeds inputs, targets and weights, gives outputs, loss and metrics."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from trackml import nest
from trackml.dtypes import float32
from trackml.graph.operation import Tensor
from trackml.keras import backend
from trackml.keras.engine.batches import Array, Batch
from trackml.keras.engine.context import phase
from trackml.keras.engine.objective import Objective, objective, penalties_of
from trackml.keras.metrics.compiled import loss_name
from trackml.ops import control, placeholder
from trackml.ops.framework import name_scope
from trackml.variables import global_variables, variables_initializer

TRAIN, TEST, PREDICT = "training", "evaluation", "prediction"
_NUMBERS_OF_CLASSES = (
    " categorical_crossentropy takes one number a class: make these of numbers of classes with "
    "keras.utils.to_categorical, or use sparse_categorical_crossentropy, which takes the numbers."
)


class Form(NamedTuple):
    """What steps differ in."""

    mode: str
    target_ranks: tuple[int | None, ...]
    """The rank of the targets of each output; None for outputs without."""
    weight_ranks: tuple[int, ...] | None
    """The rank of the weights of each output with targets; None where all examples count the same."""


class Step:
    """The graph of one kind of step, and the function that runs it.

    Args:
        model: The model; it has inputs and outputs.
        form: Which kind of step it is.
    """

    def __init__(self, model: Any, form: Form) -> None:
        self.objective: Objective | None = None
        with name_scope(None), name_scope(form.mode):
            self._inputs = [placeholder(tensor.dtype, tensor.shape.as_list()) for tensor in model.inputs]
            with phase(form.mode == TRAIN) as found:
                self.outputs: list[Tensor] = nest.flatten(model.apply_to(self._inputs))
            self._targets: list[Tensor] = []
            self._weights: list[Tensor] = []
            self._hints: list[str] = []
            fetches: list[Any] = list(self.outputs)
            if form.mode != PREDICT:
                self.objective = self._aim(model, form, found)
                fetches = [self.objective.loss, *self.objective.parts.values()]
                changes = list(self.objective.updates)
                if form.mode == TRAIN:
                    changes += self._training(model, self.objective, found.updates)
                fetches += [control.group(*changes)] if changes else []
        self._ready(model, form, fetches)

    def _training(self, model: Any, aim: Objective, updates: list[Any]) -> list[Any]:
        weights = model.trainable_weights
        if not weights:
            return list(updates)
        return [model.compiled.optimizer.train_op(aim.loss, weights), *updates]

    def _aim(self, model: Any, form: Form, found: Any) -> Objective:
        settings = model.compiled
        targets: list[Tensor | None] = []
        for place, (rank, output) in enumerate(zip(form.target_ranks, self.outputs)):
            targets.append(None if rank is None else self._target(settings, place, rank, output))
        weights: list[Tensor | None] = [None] * len(targets)
        if form.weight_ranks is not None:
            self._weights = [placeholder(float32, [None] * rank) for rank in form.weight_ranks]
            places = [place for place, target in enumerate(targets) if target is not None]
            for place, weight in zip(places, self._weights):
                weights[place] = weight
        penalties = penalties_of(model, found)
        return objective(settings, model.output_names, self.outputs, targets, weights, penalties, found.metrics)

    def _target(self, settings: Any, place: int, rank: int, output: Tensor) -> Tensor:
        shape: list[int | None] = [None] * rank
        known = [] if output.shape.ndims is None else output.shape.as_list()
        if rank == len(known) and not settings.takes_class_numbers(place):
            shape = [None, *known[1:]]
        self._targets.append(placeholder(output.dtype, shape, name=f"{self.outputs.index(output)}_target"))
        self._hints.append(
            _NUMBERS_OF_CLASSES if loss_name(settings.losses[place]) == "categoricalcrossentropy" else ""
        )
        return self._targets[-1]

    def _ready(self, model: Any, form: Form, fetches: list[Any]) -> None:
        session = backend.get_session()
        made_of = [] if self.objective is None else self.objective.made_of
        backend.initialize(session, list(global_variables()))
        for metric in made_of:
            if backend.initialize(session, metric.weights) and metric.resets_itself:
                metric.begin_anew()
        fed = [*self._inputs, *self._targets, *self._weights]
        names = [f"input {name!r}" for name in model.input_names]
        names += [f"target {name!r}" for name, rank in zip(model.output_names, form.target_ranks) if rank is not None]
        names += [f"sample weights of {name[7:]}" for name in names[len(self._inputs) :]]
        hints = [""] * len(self._inputs) + self._hints + [""] * len(self._weights)
        self._forms = [_FedForm(*told) for told in zip(fed, names, hints)]
        self._call = session.make_callable(fetches, fed)
        self._reset: Any = None
        self._values: Any = None
        if self.objective is None or not self.objective.metrics:
            return
        own = [metric for metric in self.objective.made_of if not metric.resets_itself]
        self._values = session.make_callable([item.value for item in self.objective.metrics.values()], [])
        self._reset = session.make_callable(variables_initializer([one for each in own for one in each.weights]), [])

    @property
    def losses(self) -> list[str]:
        """The names of the loss and its parts, in the order in which `run` gives them."""
        assert self.objective is not None
        return ["loss", *self.objective.parts]

    @property
    def names(self) -> list[str]:
        """The names of loss, parts of it, and metrics."""
        assert self.objective is not None
        return [*self.losses, *self.objective.metrics]

    def reset(self) -> None:
        """Lets metrics start anew."""
        if self.objective is None or self._reset is None:
            return
        self._reset()
        for metric in self.objective.made_of:
            if metric.resets_itself:
                metric.begin_anew()

    def run(self, batch: Batch) -> list[Any]:
        """Runs the step on a batch.

        Returns:
            Outputs for predictions; else loss and its parts.
        """
        fed = [*batch.inputs, *batch.targets]
        if batch.weights is not None:
            fed += batch.weights
        results: list[Any] = self._call(*[form.of(value) for form, value in zip(self._forms, fed)])
        return results

    def metrics(self) -> list[Any]:
        """The values of the metrics over all batches since the last `reset`."""
        return [] if self._values is None else list(self._values())


class _FedForm:
    """The type and shape of what is fed to a placeholder, what it is called, and what to do where it does not fit."""

    def __init__(self, tensor: Tensor, name: str, hint: str = "") -> None:
        self._name, self._hint = name, hint
        self._kind = np.dtype(tensor.dtype.as_numpy_dtype)
        self._shape = None if tensor.shape.ndims is None else tuple(tensor.shape.as_list())
        self._known = [(place, size) for place, size in enumerate(self._shape or ()) if size is not None]

    def of(self, value: Array) -> Array:
        """The value in that type and rank.

        Raises:
            ValueError: It has another shape.
        """
        array = value if value.dtype is self._kind else self._converted(value)
        if self._shape is None:
            return array
        if array.ndim != len(self._shape):
            array = self._of_the_rank(array)
        shape = array.shape
        for place, size in self._known:
            if shape[place] != size:
                raise self._refused(array)
        return array

    def _converted(self, value: Array) -> Array:
        try:
            return value.astype(self._kind)
        except (TypeError, ValueError) as error:
            raise ValueError(
                f"The {self._name} must be of type {self._kind}; got an array of {value.dtype} that cannot be "
                f"converted: {error}. Convert it first; columns of text belong into features, or a model with a string "
                "input."
            ) from error

    def _of_the_rank(self, array: Array) -> Array:
        assert self._shape is not None
        if array.ndim == len(self._shape) + 1 and array.shape[-1] == 1:
            return array[..., 0]
        if array.ndim == len(self._shape) - 1 and self._shape[-1] in (1, None):
            return array[..., None]
        raise self._refused(array)

    def _refused(self, array: Array) -> ValueError:
        return ValueError(
            f"Error when checking model data: expected {self._name} to have shape {self._shape} but got array with "
            f"shape {array.shape}.{self._hint}"
        )
