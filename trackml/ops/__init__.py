"""Operations, one family a file: public function, kernel, shape rule and gradient side by side.

Importing any of them gives tensors their operators, since this package imports `operators`. What makes a tensor of a
value is here too, though the graph has it, so that no tensor comes without them. Shortcuts of plans are imported with
them, so that all plans have them.
"""

from __future__ import annotations

from trackml.graph.conversion import constant, convert_to_tensor, placeholder
from trackml.ops import check_shortcuts, operators, shape_shortcuts, small_kernels

__all__ = [
    "check_shortcuts",
    "constant",
    "convert_to_tensor",
    "operators",
    "placeholder",
    "shape_shortcuts",
    "small_kernels",
]
