"""`.meta` files: graphs that can be built again without the code that made them.

Source: tensorflow/python/training/saver.py.
"""

from __future__ import annotations

import os
from typing import Any

from google.protobuf import text_format
from google.protobuf.message import DecodeError
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.compat.proto.meta_graph_pb2 import MetaGraphDef
from tensorboard.compat.proto.saver_pb2 import SaverDef

from trackml.checkpoint.saver import Saver
from trackml.graph.graph import Graph, get_default_graph
from trackml.graph.meta_graph import meta_graph_def
from trackml.saved_model.import_graph import import_meta_graph_def
from trackml.storage.files import replace_file

Path = str | os.PathLike[str]


def import_meta_graph(
    meta_graph_or_file: MetaGraphDef | Path, clear_devices: bool = False, import_scope: str | None = None
) -> Saver | None:
    """Adds a graph to the default one, with its collections.

    Args:
        meta_graph_or_file: The message, or the path of a `.meta` file, binary or text.
        clear_devices: Accepted for TensorFlow's sake: there is one device.
        import_scope: A prefix of all names; none by default.

    Returns:
        What saves and restores its variables; None if it has none.

    Raises:
        OSError: The file is not there, or is no `MetaGraphDef`.
        ValueError: The graph has operations that there are not here.

    Example:
        >>> import tempfile, trackml as tf
        >>> prefix = tempfile.mkdtemp() + "/model.ckpt"
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     double = tf.multiply(tf.get_variable("v", initializer=3.0), 2.0, name="double")
        ...     session.run(tf.global_variables_initializer())
        ...     _ = tf.train.Saver().save(session, prefix)
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     saver = tf.train.import_meta_graph(prefix + ".meta")
        ...     saver.restore(session, prefix)
        ...     print(session.run("double:0"))
        6.0
    """
    message = meta_graph_or_file if isinstance(meta_graph_or_file, MetaGraphDef) else _read(meta_graph_or_file)
    import_meta_graph_def(message, import_scope)
    if message.HasField("saver_def"):
        return Saver.from_proto(message.saver_def, import_scope)
    return Saver(allow_empty=True) if get_default_graph().get_collection("variables") else None


def export_meta_graph(
    filename: Path | None = None,
    meta_info_def: Any = None,
    graph_def: GraphDef | None = None,
    saver_def: SaverDef | None = None,
    collection_list: list[str] | None = None,
    as_text: bool = False,
    graph: Graph | None = None,
) -> MetaGraphDef:
    """A graph with its collections as a message.

    Args:
        filename: The file to write it to; none by default.
        meta_info_def: What to say of the graph: its tags and the like.
        graph_def: The message of the graph, where the caller has it already.
        saver_def: The operations that save and restore it.
        collection_list: Which collections; all by default.
        as_text: Whether the file is text.
        graph: The graph; the default one if not given.
    """
    message = meta_graph_def(graph or get_default_graph(), graph_def=graph_def, saver_def=saver_def)
    if meta_info_def is not None:
        message.meta_info_def.MergeFrom(meta_info_def)
    if collection_list is not None:
        for key in [key for key in message.collection_def if key not in collection_list]:
            del message.collection_def[key]
    if filename is not None:
        text = text_format.MessageToString(message).encode() if as_text else message.SerializeToString()
        replace_file(os.fspath(filename), text)
    return message


def _read(path: Path) -> MetaGraphDef:
    if not os.path.isfile(path):
        raise OSError(f"File {os.fspath(path)} does not exist.")
    with open(path, "rb") as file:
        data = file.read()
    try:
        return MetaGraphDef.FromString(data)
    except DecodeError:
        pass
    try:
        return text_format.Parse(data, MetaGraphDef())
    except (text_format.ParseError, UnicodeDecodeError) as error:
        raise OSError(f"Cannot parse file {os.fspath(path)}: {error}.") from error
