"""The checkpoints of a run and its evaluations, as values: what was written, kept, evaluated and skipped."""

from __future__ import annotations

__all__ = []
