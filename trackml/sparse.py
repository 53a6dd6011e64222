"""tf.sparse: sparse tensors."""

from __future__ import annotations

from trackml.graph.sparse_tensor import SparseTensor
from trackml.ops.sparse import from_dense
from trackml.ops.sparse import sparse_fill_empty_rows as fill_empty_rows
from trackml.ops.sparse import sparse_merge as merge
from trackml.ops.sparse import sparse_placeholder as placeholder
from trackml.ops.sparse import sparse_reorder as reorder
from trackml.ops.sparse import sparse_reshape as reshape
from trackml.ops.sparse import sparse_retain as retain
from trackml.ops.sparse import sparse_tensor_dense_matmul as sparse_dense_matmul
from trackml.ops.sparse import sparse_tensor_to_dense as to_dense
from trackml.ops.sparse import sparse_to_indicator as to_indicator
from trackml.ops.sparse_cross import sparse_cross as cross
from trackml.ops.sparse_cross import sparse_cross_hashed as cross_hashed

__all__ = [
    "SparseTensor",
    "cross",
    "cross_hashed",
    "fill_empty_rows",
    "from_dense",
    "merge",
    "placeholder",
    "reorder",
    "reshape",
    "retain",
    "sparse_dense_matmul",
    "to_dense",
    "to_indicator",
]
