"""`keras.Model`: a network, or a subclass with a `call` of its own, that can be trained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from trackml import nest
from trackml.graph.operation import Tensor
from trackml.keras.engine import steps
from trackml.keras.engine.batches import plain
from trackml.keras.engine.input_layer import Input
from trackml.keras.engine.names import unique_name
from trackml.keras.engine.sources import source_of
from trackml.keras.engine.standardizing import batch_of
from trackml.keras.engine.stepping import Stepping


class Model(Stepping):
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
        self.stop_training = False
        self.history: Any = None
        self._datasets: dict[str, dict[Any, Any]] = {"fit": {}, "validation": {}, "evaluation": {}}

    def apply_to(self, inputs: list[Tensor]) -> Any:
        """The outputs for other inputs, by the same layers."""
        if self.is_network:
            return self.call(inputs)
        return self(self.arranged(inputs))

    def arranged(self, inputs: Sequence[Tensor]) -> Any:
        """Inputs in the structure in which a `call` of the model's own was first given them: one, a list, or a dict."""
        form = getattr(self, "_input_form", None)
        if isinstance(form, Mapping):
            return dict(zip(sorted(form), inputs))
        return inputs[0] if len(inputs) == 1 else list(inputs)

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: Any = 1,
        callbacks: Any = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: Any = True,
        class_weight: Mapping[Any, Any] | None = None,
        sample_weight: Any = None,
        initial_epoch: int = 0,
        steps_per_epoch: int | None = None,
        validation_steps: int | None = None,
        validation_freq: Any = 1,
        max_queue_size: int = 10,
        workers: int = 1,
        use_multiprocessing: bool = False,
        validation_batch_size: int | None = None,
    ) -> Any:
        """Trains the model.

        Args:
            x: Arrays (a list or dict for several inputs) or a data frame; a `Dataset`, a `keras.utils.Sequence` or a
                generator of batches `(x, y)` or `(x, y, sample_weight)`.
            y: What the model should give; not with batches, which have it.
            batch_size: How many examples a step takes, of arrays; 32 by default.
            epochs: At which epoch to stop.
            verbose: 0 for silence, 1 (or `"auto"`) for a progress bar, 2 for a line an epoch.
            callbacks: What is called on the way; see `keras.callbacks`.
            validation_split: Which share of the arrays, at their end, is kept for validation.
            validation_data: `(x, y)`, `(x, y, sample_weight)` or batches to validate on after each epoch.
            shuffle: Whether the rows of arrays, or the batches of a `Sequence`, come in another order with each epoch;
                `"batch"` moves batches of rows only.
            class_weight: How much the examples of each class count; a dict of dicts by output for several of these.
            sample_weight: How much each example counts, or with `sample_weight_mode="temporal"` each step.
            initial_epoch: At which epoch to begin.
            steps_per_epoch: How many batches make an epoch; all by default.
            validation_steps: The same for validation.
            validation_freq: After each how many epochs to validate, or a list of epochs.
            max_queue_size: Accepted for TensorFlow's sake.
            workers: Accepted for TensorFlow's sake.
            use_multiprocessing: Accepted for TensorFlow's sake.
            validation_batch_size: How many examples a step of the validation takes; `batch_size` by default.

        Returns:
            The `History`: its `history` has a list of one value an epoch for each loss and metric.

        Raises:
            RuntimeError: The model is not compiled.
            ValueError: Data do not fit each other or the model, or there are none.
        """
        self._check_compiled()
        from trackml.keras.engine.training import Plan, fit

        plan = Plan(epochs, initial_epoch, _verbosity(verbose), _order(shuffle), _frequency(validation_freq))
        with self._graph.as_default():
            kept = self._datasets["fit"]
            source = source_of(self, x, y, sample_weight, batch_size, steps_per_epoch, class_weight, opened=kept)
            if validation_split:
                source, validation = source.split(validation_split)
            else:
                validation = self._validation(validation_data, validation_batch_size or batch_size, validation_steps)
            return fit(self, source, validation, plan, callbacks or [])

    def _validation(self, data: Any, batch_size: int | None, count: int | None) -> Any:
        if data is None:
            return None
        given = data if isinstance(data, (tuple, list)) else (data,)
        if not 1 <= len(given) <= 3:
            raise ValueError(
                "validation_data must be (x, y), (x, y, sample_weight), a Dataset, a Sequence or a generator; got "
                f"{len(given)} parts."
            )
        inputs, targets, weights = (*given, None, None)[:3]
        return source_of(self, inputs, targets, weights, batch_size, count, opened=self._datasets["validation"])

    def fit_generator(self, generator: Any, steps_per_epoch: int | None = None, epochs: int = 1, **kwargs: Any) -> Any:
        """The same as `fit`, whose arguments it takes, by the name of TensorFlow 1."""
        return self.fit(generator, steps_per_epoch=steps_per_epoch, epochs=epochs, **kwargs)

    def evaluate(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        verbose: Any = 1,
        sample_weight: Any = None,
        steps: int | None = None,
        callbacks: Any = None,
        max_queue_size: int = 10,
        workers: int = 1,
        use_multiprocessing: bool = False,
        return_dict: bool = False,
    ) -> Any:
        """The loss and the metrics on data; arguments as of `fit`.

        Returns:
            A list in the order of `metrics_names`, or the loss alone if there is no metric; with `return_dict` a dict
            by these names.
        """
        self._check_compiled()
        from trackml.keras.engine.training import evaluate

        with self._graph.as_default():
            source = source_of(self, x, y, sample_weight, batch_size, steps, opened=self._datasets["evaluation"])
            logs = evaluate(self, source, _verbosity(verbose), callbacks)
        return logs if return_dict else _alone(list(logs.values()))

    def evaluate_generator(self, generator: Any, steps: int | None = None, **kwargs: Any) -> Any:
        """The same as `evaluate`, silent by default, by the name of TensorFlow 1."""
        return self.evaluate(generator, steps=steps, **{"verbose": 0, **kwargs})

    def predict(
        self,
        x: Any,
        batch_size: int | None = None,
        verbose: Any = 0,
        steps: int | None = None,
        callbacks: Any = None,
        max_queue_size: int = 10,
        workers: int = 1,
        use_multiprocessing: bool = False,
    ) -> Any:
        """What the model gives for data; arguments as of `fit`.

        Returns:
            An array, or a list of them for several outputs.
        """
        from trackml.keras.engine.training import predict

        with self._graph.as_default():
            source = source_of(
                self, x, None, None, batch_size, steps, compared=False, opened=self._datasets["evaluation"]
            )
            return _alone(predict(self, source, _verbosity(verbose), callbacks))

    def predict_generator(self, generator: Any, steps: int | None = None, **kwargs: Any) -> Any:
        """The same as `predict`, by the name of TensorFlow 1."""
        return self.predict(generator, steps=steps, **kwargs)

    def train_on_batch(
        self,
        x: Any,
        y: Any = None,
        sample_weight: Any = None,
        class_weight: Any = None,
        reset_metrics: bool = True,
        return_dict: bool = False,
    ) -> Any:
        """One step on one batch.

        Args:
            x: The inputs.
            y: The targets.
            sample_weight: How much each example counts.
            class_weight: How much the examples of each class count.
            reset_metrics: Whether metrics are those of this batch alone, and not of all since the last time.
            return_dict: Whether to give a dict by `metrics_names`.

        Returns:
            The loss, or a list in the order of `metrics_names`.
        """
        return self._on_batch(steps.TRAIN, (x, y, sample_weight), class_weight, reset_metrics, return_dict)

    def test_on_batch(
        self,
        x: Any,
        y: Any = None,
        sample_weight: Any = None,
        reset_metrics: bool = True,
        return_dict: bool = False,
    ) -> Any:
        """The loss of one batch, or a list in the order of `metrics_names`; arguments as of `train_on_batch`."""
        return self._on_batch(steps.TEST, (x, y, sample_weight), None, reset_metrics, return_dict)

    def predict_on_batch(self, x: Any) -> Any:
        """What the model gives for one batch."""
        with self._graph.as_default():
            batch = batch_of(self, (x, None, None))
            return _alone(list(self.step_for(steps.PREDICT, batch).run(batch)))

    def _on_batch(self, mode: str, parts: Any, class_weight: Any, reset_metrics: bool, return_dict: bool) -> Any:
        self._check_compiled()
        with self._graph.as_default():
            batch = batch_of(self, parts, class_weight)
            step = self.step_for(mode, batch)
            if reset_metrics:
                step.reset()
            losses = step.run(batch)[: len(step.losses)]
            values = plain([*losses, *step.metrics()])
        return dict(zip(step.names, values)) if return_dict else _alone(values)

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
        self._input_form = inputs
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


def _alone(values: list[Any]) -> Any:
    """One value without the list around it."""
    return values[0] if len(values) == 1 else values


def _verbosity(verbose: Any) -> int:
    return 1 if verbose in ("auto", True) else int(verbose)


def _order(shuffle: Any) -> Any:
    if isinstance(shuffle, str) and shuffle != "batch":
        raise ValueError(f'`shuffle` must be True, False or "batch"; got {shuffle!r}.')
    return shuffle


def _frequency(validation_freq: Any) -> Any:
    if isinstance(validation_freq, int) and validation_freq >= 1:
        return validation_freq
    if isinstance(validation_freq, (list, tuple, set)):
        return list(validation_freq)
    raise ValueError(
        f"validation_freq must be a number of epochs, 1 or more, or a list of epochs; got {validation_freq!r}."
    )


def _input_like(value: Any, name: str | None) -> Tensor:
    kind = value.dtype if value.dtype.kind in "iubOSU" else np.dtype(np.float32)
    shape: Sequence[int] = value.shape[1:] if value.ndim > 1 else (1,)
    return Input(shape=tuple(shape), name=name, dtype="string" if kind.kind in "OSU" else kind)
