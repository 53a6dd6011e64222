"""What the pane of sound shows: pure, without a terminal."""

from __future__ import annotations

__all__ = []
