"""What TensorBoard's projector is told of the `Embedding` layers of a model."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from trackml.storage.files import replace_file


def write_projector_config(directory: str, model: Any, metadata: Any) -> None:
    """Writes `projector_config.pbtxt`, with the names that the weights have in checkpoints of `save_weights`.

    Args:
        directory: Where it is written.
        model: The model.
        metadata: The file of labels of all `Embedding` layers, or a dict of such by the names of layers.

    Raises:
        ValueError: Labels are given for a layer that is no `Embedding`.
    """
    from google.protobuf import text_format
    from tensorboard.plugins.projector.projector_config_pb2 import ProjectorConfig

    from trackml.keras.saving.object_graph import ObjectGraph

    layers = [layer for layer in model.layers if type(layer).__name__ == "Embedding"]
    if isinstance(metadata, Mapping):
        unknown = sorted(set(metadata) - {layer.name for layer in layers})
        if unknown:
            raise ValueError(
                "Unrecognized `Embedding` layer names passed to `keras.callbacks.TensorBoard` `embeddings_metadata` "
                f"argument: {unknown}"
            )
    keys = {id(value): key for key, value in ObjectGraph(model, optimizer=False).values.items()}
    config = ProjectorConfig()
    for layer in layers:
        path = metadata.get(layer.name) if isinstance(metadata, Mapping) else metadata
        config.embeddings.add(tensor_name=keys[id(layer.weights[0])], metadata_path=path)
    os.makedirs(directory, exist_ok=True)
    text = text_format.MessageToString(config)
    replace_file(os.path.join(directory, "projector_config.pbtxt"), text.encode("utf-8"))
