"""Charts that runs lay out themselves: TensorBoard's custom scalars."""

from __future__ import annotations

__all__ = []
