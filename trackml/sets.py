"""tf.sets: sets of integers or texts along the last axis."""

from __future__ import annotations

from trackml.ops.sets import set_difference, set_intersection, set_size, set_union
from trackml.ops.sets import set_difference as difference
from trackml.ops.sets import set_intersection as intersection
from trackml.ops.sets import set_size as size
from trackml.ops.sets import set_union as union

__all__ = [
    "difference",
    "intersection",
    "set_difference",
    "set_intersection",
    "set_size",
    "set_union",
    "size",
    "union",
]
