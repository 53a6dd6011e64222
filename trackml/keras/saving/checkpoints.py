"""Weights in TensorFlow's checkpoints: by the objects that hold them, as Keras writes, or by the names of variables."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from tensorboard.compat.proto import trackable_object_graph_pb2 as pb

from trackml.checkpoint import BundleReader, BundleWriter
from trackml.checkpoint.saver import Saver
from trackml.checkpoint.state import checkpoint_exists, update_checkpoint_state
from trackml.keras import backend
from trackml.keras.saving.object_graph import KEY, ObjectGraph, Saved
from trackml.keras.saving.optimizer_state import restore
from trackml.keras.saving.parts import parts_of
from trackml.variables import Variable


def write(model: Any, prefix: str, *, optimizer: bool = True, state: bool = True) -> None:
    """Writes the weights of a model, and what its optimizer remembers, as a checkpoint.

    Args:
        model: The model.
        prefix: The path that the names of the checkpoint's files begin with.
        optimizer: Whether the optimizer's part is written.
        state: Whether the file `checkpoint` beside it is to name it.
    """
    with model.graph.as_default():
        found = ObjectGraph(model, optimizer)
        variables = {key: value for key, value in found.values.items() if isinstance(value, Variable)}
        read = backend.get_session().run(list(variables.values())) if variables else []
    values = {**found.values, **dict(zip(variables, read))}
    os.makedirs(os.path.dirname(prefix) or ".", exist_ok=True)
    with BundleWriter(prefix) as writer:
        for key in sorted(values):
            writer.add(key, np.asarray(values[key]))
        writer.add(KEY, found.proto.SerializeToString(deterministic=True))
    if state:
        update_checkpoint_state(os.path.dirname(prefix) or ".", prefix, [prefix])


def read(model: Any, prefix: str) -> None:
    """Gives a model the weights of a checkpoint, and its optimizer what that one remembered.

    Raises:
        ValueError: There is no such checkpoint, or a weight of the model is not in it, or has another shape there.
    """
    if not checkpoint_exists(prefix):
        raise ValueError(f"There is no checkpoint {prefix!r}: no file {prefix}.index.")
    reader = BundleReader(prefix)
    if not reader.has_tensor(KEY):
        with model.graph.as_default():
            Saver(model.weights).restore(backend.get_session(), prefix)
        return
    proto = pb.TrackableObjectGraph.FromString(reader.get_tensor(KEY))
    saved = Saved(proto)
    keys = saved.keys_of(model)
    _check(model, keys, reader, prefix)
    with model.graph.as_default():
        for variable, key in keys.items():
            backend.set_value(variable, reader.get_tensor(key))
    if model.is_compiled and type(model.optimizer).__name__ != "TFOptimizer":
        _restore_optimizer(model, saved, keys, reader)


def _check(model: Any, keys: dict[Variable, str], reader: BundleReader, prefix: str) -> None:
    lacking = [weight.name for weight in model.weights if weight not in keys]
    if lacking:
        raise ValueError(
            f"The checkpoint {prefix!r} has no values for {lacking}: it is that of another model. The model's parts "
            f"are {[part.name for part in parts_of(model)]}."
        )
    shapes = reader.get_variable_to_shape_map()
    for variable, key in keys.items():
        if list(shapes[key]) != variable.shape.as_list():
            raise ValueError(
                f"The shape of {variable.name} is {tuple(variable.shape.as_list())}, but in the checkpoint {prefix!r} "
                f"it is {tuple(shapes[key])}."
            )


def _restore_optimizer(model: Any, saved: Saved, keys: dict[Variable, str], reader: BundleReader) -> None:
    """What fits the optimizer; another optimizer's state is passed over, as in TensorFlow."""
    state = saved.optimizer_state(model, keys, reader.get_tensor)
    if state is None:
        return
    try:
        restore(model, state)
    except ValueError:
        return
