"""Operations, one family a file: public function, kernel, shape rule and gradient side by side.

Importing any of them gives tensors their operators, since this package imports `operators`.
"""

from __future__ import annotations

from trackml.ops import operators

__all__ = ["operators"]
