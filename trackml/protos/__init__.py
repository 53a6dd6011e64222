"""Generated messages that the tensorboard package lacks.

Their fields and numbers are TensorFlow's, so the bytes are TensorFlow's; their proto package is `trackml`, so
that nothing clashes in the descriptor pool when TensorFlow is imported too. Everything else comes from
`tensorboard.compat.proto`. `scripts/protos` remakes the modules from the `.proto` files beside them.
"""

from __future__ import annotations

__all__ = []
