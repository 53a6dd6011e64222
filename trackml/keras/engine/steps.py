"""One step of a model, compiled: feeds inputs, targets and weights, gives outputs, loss and metrics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from trackml import nest
from trackml.dtypes import float32
from trackml.graph.keys import GraphKeys
from trackml.graph.operation import Tensor
from trackml.keras import backend
from trackml.keras.engine.batches import Array, Batch
from trackml.keras.engine.context import phase
from trackml.keras.engine.objective import Objective, objective, penalties_of
from trackml.ops import control, placeholder
from trackml.ops.framework import get_collection_ref, name_scope
from trackml.variables import global_variables, variables_initializer

TRAIN, TEST, PREDICT = "training", "evaluation", "prediction"


class Form(NamedTuple):
    """What steps differ in."""

    mode: str
    target_ranks: tuple[int, ...]
    weighted: bool


class Step:
    """The graph of one kind of step, and the function that runs it.

    Args:
        model: The model; it has inputs and outputs.
        form: Which kind of step it is.
    """

    def __init__(self, model: Any, form: Form) -> None:
        before = len(get_collection_ref(GraphKeys.LOCAL_VARIABLES))
        with name_scope(None), name_scope(form.mode):
            self._inputs = [placeholder(tensor.dtype, tensor.shape.as_list()) for tensor in model.inputs]
            with phase(form.mode == TRAIN) as found:
                self.outputs: list[Tensor] = nest.flatten(model.apply_to(self._inputs))
            self._targets: list[Tensor] = []
            self._weights: list[Tensor] = []
            self.objective: Objective | None = None
            fetches: list[Any] = []
            if form.mode == PREDICT:
                fetches = list(self.outputs)
            else:
                self.objective = self._aim(model, form, penalties_of(model, found))
                fetches = [self.objective.loss, *self.objective.parts.values()]
                fetches += [update for _, update in self.objective.metrics.values()]
            if form.mode == TRAIN:
                assert self.objective is not None
                train_op = model.compiled.optimizer.train_op(self.objective.loss, model.trainable_weights)
                fetches.append(control.group(train_op, *found.updates))
        self._local = get_collection_ref(GraphKeys.LOCAL_VARIABLES)[before:]
        self._ready(fetches)

    def _aim(self, model: Any, form: Form, penalties: list[Any]) -> Objective:
        for rank, output in zip(form.target_ranks, self.outputs):
            shape: list[int | None] = [None] * rank
            known = output.shape.as_list()
            if rank == len(known) and known[-1] is not None and _is_dense(model, len(self._targets)):
                shape[-1] = known[-1]
            self._targets.append(placeholder(output.dtype, shape))
        if form.weighted:
            self._weights = [placeholder(float32, [None]) for _ in self.outputs]
        weights: Sequence[Tensor | None] = self._weights or [None] * len(self.outputs)
        return objective(model.compiled, model.output_names, self.outputs, self._targets, weights, penalties)

    def _ready(self, fetches: list[Any]) -> None:
        session = backend.get_session()
        backend.initialize(session, global_variables())
        self._session = session
        self._reset = variables_initializer(self._local) if self._local else None
        self._call = session.make_callable(fetches, [*self._inputs, *self._targets, *self._weights])

    @property
    def names(self) -> list[str]:
        """The names of loss, parts of it, and metrics, in the order in which a step gives them."""
        assert self.objective is not None
        return ["loss", *self.objective.parts, *self.objective.metrics]

    def reset(self) -> None:
        """Lets metrics start anew."""
        if self._reset is not None:
            self._session.run(self._reset)

    def run(self, batch: Batch) -> list[Any]:
        """Runs the step on a batch.

        Returns:
            Outputs for predictions; else loss, its parts, and metrics over all batches since the last `reset`.
        """
        fed = [fitting(value, tensor) for value, tensor in zip(batch.inputs, self._inputs)]
        fed += [fitting(value, tensor) for value, tensor in zip(batch.targets, self._targets)]
        if self._weights:
            ones = np.ones(batch.rows, np.float32)
            given = batch.weights or [ones] * len(self._weights)
            fed += [np.asarray(value, np.float32).reshape(-1) for value in given]
        results: list[Any] = self._call(*fed)
        return results


def _is_dense(model: Any, place: int) -> bool:
    """Whether targets have the shape of the output: not so for numbers of classes."""
    function = model.compiled.losses[place]
    name = getattr(function, "__name__", type(function).__name__).lower()
    return not name.startswith("sparse") and function is not None


def fitting(value: Array, tensor: Tensor) -> Array:
    """A value in the type and rank of what it is fed to.

    Raises:
        ValueError: It has another shape.
    """
    kind = tensor.dtype.as_numpy_dtype
    array = value if value.dtype == kind else value.astype(kind)
    if tensor.shape.ndims is None:
        return array
    shape = tensor.shape.as_list()
    if array.ndim == len(shape) + 1 and array.shape[-1] == 1:
        array = array[..., 0]
    elif array.ndim == len(shape) - 1 and shape[-1] == 1:
        array = array[..., None]
    if array.ndim != len(shape) or any(size not in (None, got) for size, got in zip(shape, array.shape)):
        raise ValueError(
            f"Error when checking model data: expected {tensor.op.name} to have shape {tuple(shape)} but got array "
            f"with shape {array.shape}."
        )
    return array
