"""`keras.Model`: a network, or a subclass with a `call` of its own, that can be trained."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from trackml import nest
from trackml.data.dataset import Dataset
from trackml.graph.operation import Tensor
from trackml.keras import backend, optimizers
from trackml.keras.engine import batches, steps
from trackml.keras.engine.base_layer import unique_name
from trackml.keras.engine.batches import Batch
from trackml.keras.engine.input_layer import Input
from trackml.keras.engine.network import Network
from trackml.keras.engine.objective import Compiled, compiled


class Model(Network):
    """Layers as one: with `Model(inputs, outputs)` those between tensors, in a subclass those that `call` uses.

    Args:
        inputs: The tensor or tensors that it starts from, each made by `keras.Input`.
        outputs: The tensor or tensors that it ends with.
        name: Its name; `model`, `model_1` by default.

    Example:
        >>> import numpy as np
        >>> from trackml import keras
        >>> x = keras.Input(shape=(1,))
        >>> model = keras.Model(x, keras.layers.Dense(1, kernel_initializer="zeros")(x))
        >>> model.compile(optimizer="sgd", loss="mse")
        >>> history = model.fit(np.ones([4, 1]), np.ones([4, 1]), epochs=2, verbose=0)
        >>> [round(loss, 4) for loss in history.history["loss"]]
        [1.0, 0.9216]
    """

    def __init__(self, inputs: Any = None, outputs: Any = None, name: str | None = None, **kwargs: Any) -> None:
        chosen = name or unique_name(_default_name(type(self)))
        super().__init__(inputs, outputs, name=chosen, **kwargs)
        self.compiled: Compiled | None = None
        self.stop_training = False
        self.history: Any = None
        self._steps: dict[steps.Form, steps.Step] = {}
        self._settings: dict[str, Any] = {}

    def apply_to(self, inputs: list[Tensor]) -> Any:
        """The outputs for other inputs, by the same layers."""
        if self.is_network:
            return self.call(inputs)
        return self(inputs[0] if len(inputs) == 1 else inputs)

    def compile(
        self,
        optimizer: Any = "rmsprop",
        loss: Any = None,
        metrics: Any = None,
        loss_weights: Any = None,
        sample_weight_mode: Any = None,
        weighted_metrics: Any = None,
        **kwargs: Any,
    ) -> None:
        """Says how the model is trained.

        Args:
            optimizer: An optimizer or its name.
            loss: A loss or its name; a list or dict of them for several outputs.
            metrics: A list of metrics or their names; a list or dict of such lists for several outputs.
            loss_weights: How much the loss of each output counts.
            sample_weight_mode: None: one weight an example.
            weighted_metrics: Metrics in which examples count by their weights.
            kwargs: Accepted for TensorFlow's sake (`run_eagerly`).

        Raises:
            ValueError: There is no such optimizer, loss or metric.
        """
        if sample_weight_mode is not None:
            raise ValueError(f"sample_weight_mode must be None: one weight an example. Got {sample_weight_mode!r}.")
        self._settings = {
            "optimizer": optimizers.get(optimizer),
            "loss": loss,
            "loss_weights": loss_weights,
            "metric": metrics,
            "weighted_metric": weighted_metrics,
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
    def is_compiled(self) -> bool:
        """Whether `compile` was called."""
        return bool(self._settings)

    @property
    def metrics_names(self) -> list[str]:
        """The names of what `evaluate` gives; ValueError before the outputs are known."""
        self._check_compiled()
        if not self.outputs:
            raise ValueError("The model has no outputs yet: fit it, or give its first layer an `input_shape`.")
        ranks = tuple(len(output.shape) for output in self.outputs)
        with self._graph.as_default():
            return self._step(steps.Form(steps.TEST, ranks, False)).names

    def _check_compiled(self) -> None:
        if not self._settings:
            raise RuntimeError("You must compile your model before training/testing. Use `model.compile(...)`.")

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: int = 1,
        callbacks: Any = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool = True,
        class_weight: Mapping[int, float] | None = None,
        sample_weight: Any = None,
        initial_epoch: int = 0,
        steps_per_epoch: int | None = None,
        validation_steps: int | None = None,
        **kwargs: Any,
    ) -> Any:
        """Trains the model.

        Args:
            x: Arrays (a list or dict for several inputs), a `Dataset` of batches, or a generator of them.
            y: What the model should give; not with datasets and generators, which give both.
            batch_size: How many examples a step takes, of arrays; 32 by default.
            epochs: At which epoch to stop.
            verbose: 0 for silence, 1 for a progress bar, 2 for a line an epoch.
            callbacks: What is called on the way; see `keras.callbacks`.
            validation_split: Which share of the arrays, at their end, is kept for validation.
            validation_data: `(x, y)`, `(x, y, sample_weight)` or a `Dataset` to validate on after each epoch.
            shuffle: Whether the rows of arrays come in another order with each epoch.
            class_weight: How much the examples of each class count.
            sample_weight: How much each example counts.
            initial_epoch: At which epoch to begin.
            steps_per_epoch: How many batches of a dataset or generator make an epoch; all of it by default.
            validation_steps: The same for validation.
            kwargs: Accepted for TensorFlow's sake (`workers`, `max_queue_size`, `use_multiprocessing`).

        Returns:
            The `History`: its `history` has a list of one value an epoch for each loss and metric.

        Raises:
            RuntimeError: The model is not compiled.
            ValueError: Arrays do not fit each other or the model.
        """
        self._check_compiled()
        from trackml.keras.engine.training import fit

        with self._graph.as_default():
            source = self._source(x, y, sample_weight, batch_size or 32, steps_per_epoch, class_weight)
            if validation_split:
                source, validation = source.split(validation_split)
            elif validation_data is not None:
                given = validation_data if isinstance(validation_data, (tuple, list)) else (validation_data,)
                inputs, targets, weights = (*given, None, None)[:3]
                validation = self._source(inputs, targets, weights, batch_size or 32, validation_steps)
            else:
                validation = None
            return fit(self, source, validation, epochs, initial_epoch, verbose, callbacks or [], shuffle)

    def fit_generator(self, generator: Any, steps_per_epoch: int | None = None, **kwargs: Any) -> Any:
        """The same as `fit`."""
        return self.fit(generator, steps_per_epoch=steps_per_epoch, **kwargs)

    def evaluate(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        verbose: int = 1,
        sample_weight: Any = None,
        steps: int | None = None,
        callbacks: Any = None,
        **kwargs: Any,
    ) -> Any:
        """The loss and the metrics on data; arguments as of `fit`.

        Returns:
            A list in the order of `metrics_names`, or the loss alone if there is no metric.
        """
        self._check_compiled()
        from trackml.keras.engine.training import evaluate

        with self._graph.as_default():
            source = self._source(x, y, sample_weight, batch_size or 32, steps)
            logs = list(evaluate(self, source, verbose).values())
        return logs[0] if len(logs) == 1 else logs

    def predict(
        self, x: Any, batch_size: int | None = None, verbose: int = 0, steps: int | None = None, **kwargs: Any
    ) -> Any:
        """What the model gives for data; arguments as of `fit`.

        Returns:
            An array, or a list of them for several outputs.
        """
        from trackml.keras.engine.training import predict

        with self._graph.as_default():
            source = self._source(x, None, None, batch_size or 32, steps)
            outputs = predict(self, source, verbose)
        return outputs[0] if len(outputs) == 1 else outputs

    def train_on_batch(self, x: Any, y: Any = None, sample_weight: Any = None, class_weight: Any = None) -> Any:
        """One step on one batch; gives the loss, or a list in the order of `metrics_names`."""
        return self._on_batch(steps.TRAIN, x, y, sample_weight, class_weight)

    def test_on_batch(self, x: Any, y: Any = None, sample_weight: Any = None) -> Any:
        """The loss of one batch, or a list in the order of `metrics_names`."""
        return self._on_batch(steps.TEST, x, y, sample_weight, None)

    def predict_on_batch(self, x: Any) -> Any:
        """What the model gives for one batch."""
        return self.predict(x, batch_size=max(len(nest.flatten(x)[0]), 1))

    def _on_batch(self, mode: str, x: Any, y: Any, sample_weight: Any, class_weight: Any) -> Any:
        self._check_compiled()
        with self._graph.as_default():
            (batch,) = self._source(x, y, sample_weight, 2**62, None, class_weight).epoch(shuffle=False)
            step = self.step_for(mode, batch)
            step.reset()
            values = [float(value) for value in step.run(batch)[: len(step.names)]]
        return values[0] if len(values) == 1 else values

    def step_for(self, mode: str, batch: Batch) -> steps.Step:
        """The compiled step that takes such a batch."""
        ranks = tuple(target.ndim for target in batch.targets)
        if mode != steps.PREDICT and len(ranks) != len(self.outputs):
            raise ValueError(f"Expected targets for the outputs {self.output_names}; got {len(ranks)} of them.")
        return self._step(steps.Form(mode, ranks, batch.weights is not None))

    def _step(self, form: steps.Form) -> steps.Step:
        self.settle()
        if form not in self._steps:
            self._steps[form] = steps.Step(self, form)
        return self._steps[form]

    def _source(
        self, x: Any, y: Any, weights: Any, batch_size: int, count: int | None = None, class_weight: Any = None
    ) -> Any:
        from trackml.keras.engine import sources

        if isinstance(x, Dataset):
            return sources.Streamed(self, batches.DatasetElements(x, self._graph, backend.get_session()), count)
        if isinstance(x, Iterator) or (isinstance(x, Iterable) and not _is_data(x)):
            return sources.Streamed(self, x, count)
        return sources.Arrays(self, x, y, weights, batch_size, class_weight)

    def ensure_built(self, x: Any) -> None:
        """Makes the weights of a model that learns the shape of its input from data."""
        if self.outputs:
            return
        if isinstance(x, Mapping):
            tensors: Any = {name: _input_like(np.asarray(value), name) for name, value in x.items()}
        else:
            made = [_input_like(np.asarray(value), None) for value in (x if _several(x) else [x])]
            tensors = made[0] if len(made) == 1 else made
        self._build_on(tensors)

    def _build_on(self, inputs: Any) -> None:
        outputs = self(inputs)
        self.inputs, self.outputs = nest.flatten(inputs), nest.flatten(outputs)
        self.input_names = [tensor.op.name for tensor in self.inputs]
        self.output_names = [f"output_{index + 1}" for index in range(len(self.outputs))]
        self.built = True
        self.settle()


def _default_name(kind: type) -> str:
    from trackml.layers.base import _snake_case

    return _snake_case(kind.__name__)


def _several(x: Any) -> bool:
    return (
        isinstance(x, (list, tuple)) and len(x) > 0 and all(np.ndim(item) > 0 and hasattr(item, "shape") for item in x)
    )


def _is_data(x: Any) -> bool:
    return isinstance(x, (np.ndarray, list, tuple, Mapping)) or hasattr(x, "__array__") or hasattr(x, "columns")


def _input_like(value: Any, name: str | None) -> Tensor:
    kind = value.dtype if value.dtype.kind in "iubOSU" else np.dtype(np.float32)
    shape: Sequence[int] = value.shape[1:] if value.ndim > 1 else (1,)
    return Input(shape=tuple(shape), name=name, dtype="string" if kind.kind in "OSU" else kind)
