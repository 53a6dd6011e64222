"""What a model is compiled with, and the steps that come of it."""

from __future__ import annotations

from typing import Any

from trackml.keras import optimizers
from trackml.keras.engine import steps
from trackml.keras.engine.batches import Batch
from trackml.keras.engine.compiled import Compiled, compiled
from trackml.keras.engine.network import Network

_ACCEPTED = {"run_eagerly", "steps_per_execution", "jit_compile", "distribute"}
_PREDICTION = steps.Form(steps.PREDICT, (), None)


class Stepping(Network):
    """A network that can be compiled, and knows the steps that train it, evaluate it and predict with it.

    Args:
        args: What `Network` takes.
        kwargs: The same by name.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.compiled: Compiled | None = None
        self._steps: dict[steps.Form, steps.Step] = {}
        self._settings: dict[str, Any] = {}

    def compile(
        self,
        optimizer: Any = "rmsprop",
        loss: Any = None,
        metrics: Any = None,
        loss_weights: Any = None,
        sample_weight_mode: Any = None,
        weighted_metrics: Any = None,
        target_tensors: Any = None,
        **kwargs: Any,
    ) -> None:
        """Says how the model is trained.

        Args:
            optimizer: An optimizer or its name.
            loss: A loss or its name; a list or dict of them for several outputs.
            metrics: A list of metrics or their names; a list or dict of such lists for several outputs.
            loss_weights: How much the loss of each output counts.
            sample_weight_mode: None: one weight an example; `"temporal"`: one a step. A list or dict of these for
                several outputs.
            weighted_metrics: Metrics in which examples count by their weights.
            target_tensors: None: targets are fed.
            kwargs: Accepted for TensorFlow's sake (`run_eagerly`, `steps_per_execution`, `jit_compile`).

        Raises:
            ValueError: There is no such optimizer, loss, metric or output.
            TypeError: An argument that `compile` does not take.
        """
        unknown = sorted(set(kwargs) - _ACCEPTED)
        if unknown:
            raise TypeError(f"Invalid keyword argument(s) in `compile()`: {unknown}.")
        if target_tensors is not None:
            raise ValueError("target_tensors must be None: give targets to `fit`, as arrays or with a Dataset.")
        self._settings = {
            "optimizer": optimizers.get(optimizer),
            "loss": loss,
            "loss_weights": loss_weights,
            "metric": metrics,
            "weighted_metric": weighted_metrics,
            "sample_weight_mode": sample_weight_mode,
        }
        self._steps = {}
        self.compiled = None
        if self.outputs:
            self.settle()

    def settle(self) -> None:
        """Finds out what `compile` means for each output, once the outputs are known."""
        if self._settings and self.compiled is None:
            self.compiled = compiled(self.output_names, **self._settings)

    @property
    def optimizer(self) -> Any:
        """The optimizer that the model was compiled with."""
        return self._settings.get("optimizer")

    @property
    def loss(self) -> Any:
        """The loss that the model was compiled with."""
        return self._settings.get("loss")

    @property
    def is_compiled(self) -> bool:
        """Whether `compile` was called."""
        return bool(self._settings)

    @property
    def compared_outputs(self) -> list[str]:
        """The names of the outputs that have a loss or a metric; all of them before `compile`."""
        if self.compiled is None:
            return list(self.output_names)
        return [name for place, name in enumerate(self.output_names) if self.compiled.takes_targets(place)]

    @property
    def metrics_names(self) -> list[str]:
        """The names of what `evaluate` gives; ValueError before the outputs are known."""
        return self._a_step().names

    @property
    def metrics(self) -> list[Any]:
        """The metrics of the outputs; empty before the outputs are known."""
        if not self._settings or not self.outputs:
            return []
        aim = self._a_step().objective
        return [] if aim is None else list(aim.made_of)

    def reset_metrics(self) -> None:
        """Lets all metrics start anew."""
        for step in self._steps.values():
            step.reset()

    def _a_step(self) -> steps.Step:
        """Any step that has the metrics."""
        self._check_compiled()
        for form, step in self._steps.items():
            if form.mode != steps.PREDICT:
                return step
        if not self.outputs:
            raise ValueError("The model has no outputs yet: fit it, or give its first layer an `input_shape`.")
        self.settle()
        compared = self.compared_outputs
        ranks = [_rank(out) if name in compared else None for name, out in zip(self.output_names, self.outputs)]
        with self._graph.as_default():
            return self._step(steps.Form(steps.TEST, tuple(ranks), None))

    def _check_compiled(self) -> None:
        if not self._settings:
            raise RuntimeError("You must compile your model before training/testing. Use `model.compile(...)`.")

    def step_for(self, mode: str, batch: Batch) -> steps.Step:
        """The compiled step that takes such a batch.

        Raises:
            ValueError: There are targets for other outputs than those that are compared.
        """
        if mode == steps.PREDICT:
            return self._step(_PREDICTION)
        self.settle()
        compared = self.compared_outputs
        if len(batch.targets) != len(compared):
            raise ValueError(
                f"Expected targets for the outputs {compared}; got {len(batch.targets)} of them. Give `y`, or elements "
                "(x, y)."
            )
        ranks = iter([target.ndim for target in batch.targets])
        target_ranks = tuple(next(ranks) if name in compared else None for name in self.output_names)
        weight_ranks = None if batch.weights is None else tuple(weight.ndim for weight in batch.weights)
        return self._step(steps.Form(mode, target_ranks, weight_ranks))

    def _step(self, form: steps.Form) -> steps.Step:
        self.settle()
        if form not in self._steps:
            self._steps[form] = steps.Step(self, form)
        return self._steps[form]


def _rank(output: Any) -> int:
    """The rank of an output; two where nobody knows it."""
    return 2 if output.shape.ndims is None else output.shape.ndims
