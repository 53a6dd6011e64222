"""tf.linalg: products, transposes and norms."""

from __future__ import annotations

from trackml.ops.array import matrix_transpose, transpose
from trackml.ops.clipping import global_norm
from trackml.ops.matmul import matmul, matvec, tensordot

__all__ = [
    "global_norm",
    "matmul",
    "matrix_transpose",
    "matvec",
    "tensordot",
    "transpose",
]
