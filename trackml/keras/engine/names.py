"""Names of layers: numbered in each graph, as Keras numbers them."""

from __future__ import annotations

from trackml.graph.graph import get_default_graph

_NAMES_KEY = ("__keras_layer_names",)


def unique_name(base: str, *, from_one: bool = False) -> str:
    """`base`, or `base` with a number when the default graph has such a layer already."""
    names = get_default_graph().get_collection_ref(_NAMES_KEY)
    names.append(base)
    count = names.count(base) - (0 if from_one else 1)
    return f"{base}_{count}" if count else base
