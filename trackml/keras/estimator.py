"""Estimators made of Keras models (`keras.estimator.model_to_estimator`)."""

from __future__ import annotations

import copy
import os
import re
from collections.abc import Mapping
from typing import Any

from trackml import nest
from trackml.checkpoint.saver import Saver
from trackml.estimator.estimator import Estimator
from trackml.estimator.model_fn import EstimatorSpec, ModeKeys
from trackml.estimator.run_config import RunConfig, with_model_dir
from trackml.estimator.warm_start import WarmStartSettings
from trackml.global_step import get_or_create_global_step
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.graph import Graph
from trackml.graph.operation import Tensor
from trackml.keras import backend
from trackml.keras.cloning import Clone
from trackml.keras.engine.context import phase
from trackml.keras.engine.input_layer import Input
from trackml.keras.engine.objective import objective
from trackml.ops import array, control, math
from trackml.ops.framework import name_scope
from trackml.saved_model.export_output import PredictOutput

__all__ = ["model_to_estimator"]


def model_to_estimator(
    keras_model: Any = None,
    keras_model_path: Any = None,
    custom_objects: Any = None,
    model_dir: str | os.PathLike[str] | None = None,
    config: RunConfig | None = None,
    checkpoint_format: str | None = None,
) -> Estimator:
    """An Estimator of a compiled model.

    Features go to the inputs by name: `XYZ_input` for a `Sequential` whose first layer is called `XYZ`. The optimizer
    keeps its settings, and the weights begin as they are in the model; what the Estimator learns does not change the
    model. Labels of shape `[batch]` count as `[batch, 1]`, as in `fit`, so that they are never broadcast against
    predictions.

    Args:
        keras_model: The model, `Sequential` or of tensors.
        keras_model_path: Accepted for TensorFlow's sake; None.
        custom_objects: Accepted for TensorFlow's sake: layers are made again by their own classes.
        model_dir: Where checkpoints and events go.
        config: A `RunConfig`.
        checkpoint_format: Accepted for TensorFlow's sake: checkpoints are a `Saver`'s.

    Raises:
        ValueError: There is no model, it is not compiled, or is not of layers tied together.

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
    if keras_model is None or keras_model_path is not None:
        raise ValueError("Give `keras_model`: a model in memory. Models are not read from files.")
    if not keras_model.is_compiled:
        raise ValueError("The given keras model has not been compiled yet. Call `keras_model.compile(...)` first.")
    if not keras_model.is_network:
        raise ValueError(
            "model_to_estimator takes a model of known inputs: keras.Model(inputs, outputs), or a Sequential whose "
            "first layer has an `input_shape`."
        )
    keras_model.settle()
    settled = with_model_dir(config, None if model_dir is None else os.fspath(model_dir))
    start = _saved_weights(keras_model, str(settled.model_dir))
    return Estimator(_model_fn(keras_model), config=settled, warm_start_from=start)


def _saved_weights(model: Any, model_dir: str) -> WarmStartSettings | None:
    """Writes the weights of the model, under the names that they will have, for the Estimator to begin from."""
    if not model.weights:
        return None
    with Graph().as_default():
        inputs = [Input(batch_shape=tensor.shape.as_list(), dtype=tensor.dtype) for tensor in model.inputs]
        names = [weight.op.name for weight in Clone(model, inputs).weights]
    directory = os.path.join(model_dir, "keras")
    os.makedirs(directory, exist_ok=True)
    path = os.path.join(directory, "keras_model.ckpt")
    with model.graph.as_default():
        Saver(dict(zip(names, model.weights))).save(backend.get_session(), path, write_meta_graph=False)
    return WarmStartSettings(path, vars_to_warm_start=[f"^{re.escape(name)}:0$" for name in names])


def _model_fn(model: Any) -> Any:
    settings = model.compiled
    with model.graph.as_default():
        optimizer = copy.deepcopy(settings.optimizer)

    def model_fn(features: Any, labels: Any, mode: str) -> EstimatorSpec:
        inputs = _inputs_of(features, model)
        with phase(mode == ModeKeys.TRAIN) as found:
            clone = Clone(model, inputs)
        predictions = dict(zip(model.output_names, clone.outputs))
        exported = {"serving_default": PredictOutput(predictions)}
        if mode == ModeKeys.PREDICT:
            return EstimatorSpec(mode, predictions=predictions, export_outputs=exported)
        targets = _targets_of(labels, model, clone.outputs)
        penalties = [*clone.weight_losses, *found.losses]
        aim = objective(settings, model.output_names, clone.outputs, targets, [None] * len(targets), penalties)
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


def _inputs_of(features: Any, model: Any) -> list[Tensor]:
    """The features in the order of the inputs, in their types and ranks.

    Raises:
        KeyError: There is no feature of an input's name.
    """
    names = model.input_names
    if isinstance(features, Mapping):
        lacking = [name for name in names if name not in features]
        if lacking:
            raise KeyError(
                f"The model's inputs are {names}, but the features are {sorted(features)}: there is no {lacking[0]!r}. "
                "Call features what the inputs are called; the input of a Sequential is called after its first layer, "
                f"with `_input` behind, so that {lacking[0]!r} is fed by the feature {lacking[0]!r}."
            )
        given = [features[name] for name in names]
    else:
        given = nest.flatten(features)
        if len(given) != len(names):
            raise ValueError(f"The model has {len(names)} inputs, {names}; got {len(given)} features.")
    with name_scope("inputs"):
        return [_as(value, tensor) for value, tensor in zip(given, model.inputs)]


def _targets_of(labels: Any, model: Any, outputs: list[Tensor]) -> list[Tensor]:
    """The labels in the order of the outputs; a vector of them is a column, as in `fit`."""
    names = model.output_names
    if labels is None:
        raise ValueError("The input function gives no labels, which training and evaluation need.")
    given = [labels[name] for name in names] if isinstance(labels, Mapping) else nest.flatten(labels)
    if len(given) != len(names):
        raise ValueError(f"The model has {len(names)} outputs, {names}; got {len(given)} labels.")
    targets = []
    with name_scope("targets"):
        for value, output in zip(given, outputs):
            target = math.cast(convert_to_tensor(value), output.dtype)
            targets.append(array.expand_dims(target, -1) if target.shape.ndims == 1 else target)
    return targets


def _as(value: Any, like: Tensor) -> Tensor:
    tensor = convert_to_tensor(value)
    if tensor.dtype is not like.dtype:
        tensor = math.cast(tensor, like.dtype)
    ndims = like.shape.ndims
    if tensor.shape.ndims is not None and ndims is not None and tensor.shape.ndims == ndims - 1:
        tensor = array.expand_dims(tensor, -1)
    return tensor
