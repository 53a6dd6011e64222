"""Models as SavedModels, which TensorFlow serves, and which are models again here."""

from __future__ import annotations

import json
import os
import shutil
import warnings
from typing import Any

from tensorboard.compat.proto.meta_graph_pb2 import SignatureDef

from trackml.checkpoint.saver import Saver
from trackml.graph.graph import Graph
from trackml.graph.session import Session
from trackml.keras.cloning import Clone, inputs_like
from trackml.keras.engine.context import phase
from trackml.keras.saving import checkpoints, training
from trackml.keras.saving.object_graph import ObjectGraph
from trackml.keras.saving.objects import encoded
from trackml.keras.saving.text import model_from_json, to_json
from trackml.ops import array
from trackml.saved_model.builder import SavedModelBuilder
from trackml.saved_model.constants import signature_constants, tag_constants
from trackml.saved_model.loader import maybe_saved_model_directory
from trackml.saved_model.signatures import predict_signature_def
from trackml.storage.files import replace_file
from trackml.variables import global_variables, variables_initializer

# Where TensorFlow 1.15's `tf.keras.experimental.load_from_saved_model` looks for the model, and what is only ours.
_MODEL, _TRAINING = os.path.join("assets", "saved_model.json"), os.path.join("assets.extra", "training_config.json")
_VARIABLES = os.path.join("variables", "variables")


def write(model: Any, directory: str, overwrite: bool = True, include_optimizer: bool = True) -> None:
    """Writes a model into a directory: its predictions as a graph with the signature `serving_default`, and itself.

    Raises:
        ValueError: The model has no weights yet, or the directory holds something else.
        FileExistsError: There is a model already, and `overwrite` is False.
    """
    if not model.inputs:
        raise ValueError(
            f"Model {model.name!r} cannot be saved because the input shapes have not been set. Call it on data, or "
            "give its first layer an `input_shape`."
        )
    _check_place(directory, overwrite)
    told = to_json(model)
    compiled = training.training_config(model) if include_optimizer else None
    temporary = f"{directory.rstrip('/')}.{os.getpid()}.tmp"
    shutil.rmtree(temporary, ignore_errors=True)
    try:
        _write_graph(model, temporary)
        checkpoints.write(model, os.path.join(temporary, _VARIABLES), optimizer=compiled is not None, state=False)
        _write_text(os.path.join(temporary, _MODEL), told)
        if compiled is not None:
            _write_text(os.path.join(temporary, _TRAINING), json.dumps(compiled, default=encoded))
        if os.path.isdir(directory):
            shutil.rmtree(directory)
        os.replace(temporary, directory)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _check_place(directory: str, overwrite: bool) -> None:
    if not os.path.lexists(directory):
        return
    if not os.path.isdir(directory):
        raise ValueError(
            f"{directory!r} is a file. A SavedModel is a directory: give another path, or one ending in .h5."
        )
    if not os.listdir(directory):
        return
    if not maybe_saved_model_directory(directory):
        raise ValueError(f"The directory {directory!r} holds something else than a SavedModel: it is not written over.")
    if not overwrite:
        raise FileExistsError(f"{directory!r} exists; give overwrite=True to write over it.")


def _write_text(path: str, text: str) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    replace_file(path, text.encode("utf-8"))


def _write_graph(model: Any, directory: str) -> None:
    """The graph of predictions, whose variables are under the keys that the model's own checkpoint has."""
    keys = {id(value): key for key, value in ObjectGraph(model, optimizer=False).values.items()}
    values = model.get_weights()
    with Graph().as_default() as graph, Session(graph=graph) as session:
        inputs = inputs_like(model)
        with phase(training=False):
            clone = Clone(model, inputs)
        weights = clone.weights
        session.run(variables_initializer(global_variables()))
        for weight, value in zip(weights, values):
            weight.load(value, session)
        outputs = {name: array.identity(out) for name, out in zip(model.output_names, clone.outputs)}
        signature: SignatureDef = predict_signature_def(dict(zip(model.input_names, inputs)), outputs)
        named = {keys[id(original)]: weight for original, weight in zip(model.weights, weights)}
        builder = SavedModelBuilder(directory)
        builder.add_meta_graph_and_variables(
            session,
            [tag_constants.SERVING],
            {signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY: signature},
            saver=Saver(named, allow_empty=True),
        )
        builder.save()


def read(directory: str, compile: bool = True) -> Any:
    """The model of a directory that `write` wrote, compiled as it was.

    Raises:
        ValueError: It is no SavedModel of a Keras model that can be told without its code.
    """
    path = os.path.join(directory, _MODEL)
    if not os.path.exists(path):
        raise ValueError(
            f"There is no Keras model in {directory!r}: no file {_MODEL}. SavedModels of TensorFlow are graphs; "
            "`tf.saved_model.load` and `tf.contrib.predictor` run them. Models are exchanged with TensorFlow as .h5."
        )
    with open(path, encoding="utf-8") as file:
        model = model_from_json(file.read())
    compiled = os.path.join(directory, _TRAINING)
    if compile and os.path.exists(compiled):
        with open(compiled, encoding="utf-8") as file:
            model.compile(**training.compile_arguments(json.load(file)))
    elif compile:
        warnings.warn(
            "No training configuration found in the save file, so the model was *not* compiled. Compile it manually.",
            stacklevel=4,
        )
    checkpoints.read(model, os.path.join(directory, _VARIABLES))
    return model
