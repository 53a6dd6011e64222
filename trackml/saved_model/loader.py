"""Reading SavedModels.

Source: tensorflow/python/saved_model/loader_impl.py.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from google.protobuf import text_format
from google.protobuf.message import DecodeError
from tensorboard.compat.proto.meta_graph_pb2 import MetaGraphDef

from trackml import logging
from trackml.graph.session import Session
from trackml.protos.saved_model_pb2 import SavedModel
from trackml.saved_model import constants
from trackml.saved_model.import_graph import import_meta_graph_def


def maybe_saved_model_directory(export_dir: str | os.PathLike[str]) -> bool:
    """Whether a directory has the file that makes it a SavedModel."""
    directory = os.fsdecode(os.fspath(export_dir))
    names = (constants.SAVED_MODEL_FILENAME_PB, constants.SAVED_MODEL_FILENAME_PBTXT)
    return any(os.path.isfile(os.path.join(directory, name)) for name in names)


def parse_saved_model(export_dir: str | os.PathLike[str]) -> SavedModel:
    """The message of a SavedModel.

    Raises:
        OSError: There is none, or it is damaged.
    """
    directory = os.fsdecode(os.fspath(export_dir))
    binary = os.path.join(directory, constants.SAVED_MODEL_FILENAME_PB)
    text = os.path.join(directory, constants.SAVED_MODEL_FILENAME_PBTXT)
    try:
        if os.path.isfile(binary):
            with open(binary, "rb") as file:
                return SavedModel.FromString(file.read())
        if os.path.isfile(text):
            with open(text, encoding="utf-8") as file:
                return text_format.Parse(file.read(), SavedModel())
    except (DecodeError, UnicodeDecodeError, text_format.ParseError) as error:
        raise OSError(f"Cannot parse the SavedModel in {directory}: {error}.") from error
    raise OSError(
        f"SavedModel file does not exist at: {directory}/"
        f"{{{constants.SAVED_MODEL_FILENAME_PBTXT}|{constants.SAVED_MODEL_FILENAME_PB}}}"
    )


def meta_graph_of(export_dir: str | os.PathLike[str], tags: Iterable[str]) -> MetaGraphDef:
    """The graph of a SavedModel that has these tags, and no others.

    Raises:
        RuntimeError: There is none; the message names the tags of those that there are.
    """
    wanted = set(tags)
    graphs = parse_saved_model(export_dir).meta_graphs
    for graph in graphs:
        if set(graph.meta_info_def.tags) == wanted:
            return graph
    available = [sorted(graph.meta_info_def.tags) for graph in graphs]
    raise RuntimeError(
        f"MetaGraphDef associated with tags {sorted(wanted)} could not be found in SavedModel "
        f"{os.fsdecode(os.fspath(export_dir))}. available_tags: {available}"
    )


def load(
    sess: Session, tags: Iterable[str], export_dir: str | os.PathLike[str], import_scope: str | None = None
) -> MetaGraphDef:
    """Loads a graph of a SavedModel into a session, with the values of its variables.

    Args:
        sess: The session; the graph goes into its graph.
        tags: What the graph is for, such as `["serve"]`.
        export_dir: The directory.
        import_scope: A prefix of all names; none by default.

    Returns:
        The message of the graph, whose `signature_def` names inputs and outputs.

    Raises:
        OSError: There is no SavedModel, or it is damaged.
        RuntimeError: It has no graph with these tags.
        ValueError: The graph has operations that there are not here.
    """
    directory = os.fsdecode(os.fspath(export_dir))
    message = meta_graph_of(directory, tags)
    prefix = f"{import_scope}/" if import_scope else ""
    with sess.graph.as_default():
        import_meta_graph_def(message, import_scope)
    assets = _asset_feeds(message, directory, prefix)
    _restore(sess, message, directory, prefix)
    for key in (constants.MAIN_OP_KEY, constants.LEGACY_INIT_OP_KEY):
        for name in message.collection_def[key].node_list.value if key in message.collection_def else ():
            sess.run(f"{prefix}{name}", feed_dict=assets)
    return message


def _asset_feeds(message: MetaGraphDef, directory: str, prefix: str) -> dict[str, Any]:
    """Where the files of a SavedModel are, by the tensors that name them."""
    folder = os.path.join(directory, constants.ASSETS_DIRECTORY)
    return {
        f"{prefix}{asset.tensor_info.name}": os.fsencode(os.path.join(folder, asset.filename))
        for asset in message.asset_file_def
    }


def _restore(sess: Session, message: MetaGraphDef, directory: str, prefix: str) -> None:
    path = os.path.join(directory, constants.VARIABLES_DIRECTORY, constants.VARIABLES_FILENAME)
    if not os.path.exists(f"{path}.index"):
        logging.info("The specified SavedModel has no variables; no checkpoints were restored.")
        return
    logging.info("Restoring parameters from %s", path)
    saver = message.saver_def
    sess.run(f"{prefix}{saver.restore_op_name}", {f"{prefix}{saver.filename_tensor_name}": os.fsencode(path)})
