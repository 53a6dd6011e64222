"""Graphs with their collections as `MetaGraphDef` messages: what a `.meta` file holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tensorboard.compat.proto.meta_graph_pb2 import CollectionDef, MetaGraphDef

if TYPE_CHECKING:
    from tensorboard.compat.proto.graph_pb2 import GraphDef
    from tensorboard.compat.proto.saver_pb2 import SaverDef

    from trackml.graph.graph import Graph


def meta_graph_def(
    graph: Graph, *, graph_def: GraphDef | None = None, saver_def: SaverDef | None = None, tags: tuple[str, ...] = ()
) -> MetaGraphDef:
    """`graph`, its collections and how it is saved, as one message.

    Args:
        graph: What to write.
        graph_def: The message of the graph, where the caller has it already.
        saver_def: The operations that save and restore it.
        tags: What the graph is for, such as `"serve"`.
    """
    message = MetaGraphDef()
    message.meta_info_def.tensorflow_version = "1.15.0"
    message.meta_info_def.tags.extend(tags)
    message.graph_def.CopyFrom(graph.as_graph_def(add_shapes=True) if graph_def is None else graph_def)
    if saver_def is not None:
        message.saver_def.CopyFrom(saver_def)
    for key in sorted(key for key in graph.get_all_collection_keys() if isinstance(key, str)):
        collection = _collection_def(graph.get_collection(key))
        if collection is not None:
            message.collection_def[key].CopyFrom(collection)
    return message


def _collection_def(items: list[Any]) -> CollectionDef | None:
    """A collection as a message; None for one that holds Python objects that have no message."""
    message = CollectionDef()
    if items and all(hasattr(item, "to_proto") for item in items):
        message.bytes_list.value.extend(item.to_proto().SerializeToString() for item in items)
        return message
    if items and all(hasattr(item, "graph") and hasattr(item, "name") for item in items):
        message.node_list.value.extend(item.name for item in items)
        return message
    return None
