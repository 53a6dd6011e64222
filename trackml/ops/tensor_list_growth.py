"""Lists that grow, with which TensorFlow writes loops whose gradients need what a value was in each round.

Here a loop keeps such values by itself; imported graphs have these operations.
"""

from __future__ import annotations

from typing import Any

from trackml import dtypes
from trackml.graph.registry import NOT_DIFFERENTIABLE, register
from trackml.graph.shape_rules import scalar
from trackml.ops.tensor_list import TensorList


def _with_item(handle: TensorList, item: Any) -> TensorList:
    return TensorList([*handle.items, item])


register(
    "EmptyTensorList",
    lambda shape, most: TensorList([]),
    shape=scalar,
    dtypes=dtypes.variant,
    gradient=NOT_DIFFERENTIABLE,
    types={"shape_type": 0},
)
register(
    "TensorListPushBack",
    _with_item,
    shape=scalar,
    dtypes=dtypes.variant,
    gradient=NOT_DIFFERENTIABLE,
    types={"element_dtype": 1},
)
