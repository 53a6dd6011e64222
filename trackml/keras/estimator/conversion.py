"""Estimators made of Keras models (`keras.estimator.model_to_estimator`)."""

from __future__ import annotations

import copy
import os
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from trackml.checkpoint import BundleWriter
from trackml.checkpoint.state import update_checkpoint_state
from trackml.estimator.estimator import Estimator
from trackml.estimator.model_fn import EstimatorSpec, ModeKeys
from trackml.estimator.run_config import RunConfig, with_model_dir
from trackml.estimator.warm_start import WarmStartSettings
from trackml.global_step import get_or_create_global_step
from trackml.graph.graph import Graph
from trackml.keras import backend
from trackml.keras.cloning import Clone, inputs_like
from trackml.keras.engine.compiled import Compiled, compiled
from trackml.keras.engine.context import phase
from trackml.keras.engine.objective import objective
from trackml.keras.estimator.features import inputs_of, split_weights, targets_of, weights_of
from trackml.keras.saving.registry import custom_object_scope
from trackml.ops import control
from trackml.saved_model.export_output import PredictOutput


def model_to_estimator(
    keras_model: Any = None,
    keras_model_path: str | os.PathLike[str] | None = None,
    custom_objects: Mapping[str, Any] | None = None,
    model_dir: str | os.PathLike[str] | None = None,
    config: RunConfig | None = None,
    checkpoint_format: str | None = None,
) -> Estimator:
    """An Estimator of a compiled model.

    Features go to the inputs by name: `XYZ_input` for a `Sequential` whose first layer is called `XYZ`. A model with a
    `call` of its own takes features called `input_1`, `input_2`, or, if it has seen no data yet, the features as the
    input function gives them; its constructor makes it again. The optimizer keeps its settings, and the weights begin
    as they are in the model; what the Estimator learns does not change the model. Labels of shape `[batch]` count as
    `[batch, 1]`, as in `fit`, so that they are never broadcast against predictions. Features
    `{"features": ..., "sample_weights": ...}` weight the examples.

    Args:
        keras_model: The model.
        keras_model_path: A model that was saved, instead.
        custom_objects: Classes and functions of one's own that the saved model needs, by name.
        model_dir: Where checkpoints and events go.
        config: A `RunConfig`.
        checkpoint_format: `"saver"`: checkpoints have variables by their names.

    Raises:
        ValueError: There is no model, or two, it is not compiled, or the format is another one.

    Example:
        >>> import numpy as np, tempfile
        >>> from trackml import keras
        >>> model = keras.Sequential([keras.layers.Dense(1, name="XYZ", input_shape=(2,))])
        >>> model.compile(optimizer="sgd", loss="mse")
        >>> estimator = keras.estimator.model_to_estimator(model, model_dir=tempfile.mkdtemp())
        >>> x = np.ones([4, 2], np.float32)
        >>> _ = estimator.train(lambda: ({"XYZ_input": x}, x[:, 0]), steps=3)
        >>> int(estimator.get_variable_value("global_step"))
        3
    """
    if keras_model is None and keras_model_path is None:
        raise ValueError("Either `keras_model` or `keras_model_path` needs to be provided.")
    if keras_model is not None and keras_model_path is not None:
        raise ValueError("Please specify either `keras_model` or `keras_model_path`, but not both.")
    _check_format(checkpoint_format)
    model = keras_model if keras_model_path is None else _loaded(keras_model_path, custom_objects)
    if not model.is_compiled:
        raise ValueError(
            "The given keras model has not been compiled yet. Please compile the model with `model.compile()` before "
            "calling `model_to_estimator()`."
        )
    settled = with_model_dir(config, None if model_dir is None else os.fspath(model_dir))
    with custom_object_scope(custom_objects):
        start = _saved_weights(model, str(settled.model_dir))
    return Estimator(_model_fn(model, custom_objects), config=settled, warm_start_from=start)


def _check_format(checkpoint_format: str | None) -> None:
    if checkpoint_format == "checkpoint":
        raise ValueError(
            'checkpoint_format="checkpoint" is not written: an Estimator\'s checkpoints have variables by their names. '
            'Leave it out, or give "saver"; `load_weights` of the model reads such checkpoints, too.'
        )
    if checkpoint_format not in (None, "saver"):
        raise ValueError(f'Checkpoint format must be one of "checkpoint" or "saver". Got {checkpoint_format}')


def _loaded(path: str | os.PathLike[str], custom_objects: Mapping[str, Any] | None) -> Any:
    """A saved model, in a graph of its own."""
    from trackml.keras.saving.save import load_model

    with Graph().as_default():
        return load_model(path, custom_objects)


def _saved_weights(model: Any, model_dir: str) -> WarmStartSettings | None:
    """Writes the weights of the model, under the names that they will have, for the Estimator to begin from."""
    if not model.weights:
        return None
    with Graph().as_default():
        names = [weight.op.name for weight in Clone(model, inputs_like(model)).weights]
    path = os.path.join(model_dir, "keras", "keras_model.ckpt")
    with model.graph.as_default():
        values = dict(zip(names, backend.get_session().run(model.weights)))
    with BundleWriter(path) as writer:
        for name, value in sorted({**values, "global_step": np.int64(0)}.items()):
            writer.add(name, value)
    update_checkpoint_state(os.path.dirname(path), path, [path])
    return WarmStartSettings(path, vars_to_warm_start=[f"^{re.escape(name)}:0$" for name in names])


def _model_fn(model: Any, custom_objects: Mapping[str, Any] | None) -> Any:
    with model.graph.as_default():
        optimizer = copy.deepcopy(model.optimizer)

    def model_fn(features: Any, labels: Any, mode: str) -> EstimatorSpec:
        given, example_weights = split_weights(features)
        inputs = inputs_of(given, model)
        with custom_object_scope(custom_objects), phase(mode == ModeKeys.TRAIN) as found:
            clone = Clone(model, inputs)
        names = list(model.output_names) or [f"output_{place + 1}" for place in range(len(clone.outputs))]
        predictions = dict(zip(names, clone.outputs))
        exported = {"serving_default": PredictOutput(predictions)}
        if mode == ModeKeys.PREDICT:
            return EstimatorSpec(mode, predictions=predictions, export_outputs=exported)
        settings = _settled(model, names)
        targets = targets_of(labels, names, clone.outputs, settings)
        weights = weights_of(example_weights, names)
        penalties = [*clone.weight_losses, *found.losses]
        aim = objective(settings, names, clone.outputs, targets, weights, penalties)
        train_op = None
        if mode == ModeKeys.TRAIN:
            step = get_or_create_global_step()
            update = copy.deepcopy(optimizer).train_op(aim.loss, clone.trainable_weights, step)
            train_op = control.group(update, *found.updates)
        return EstimatorSpec(
            mode,
            predictions=predictions,
            loss=aim.loss,
            train_op=train_op,
            eval_metric_ops=aim.metrics,
            export_outputs=exported,
        )

    return model_fn


def _settled(model: Any, names: list[str]) -> Compiled:
    """What the model was compiled with, for outputs of these names."""
    if model.outputs:
        model.settle()
        found: Compiled = model.compiled
        return found
    return compiled(names, **model._settings)
