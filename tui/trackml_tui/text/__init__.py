"""What the pane of texts shows: pure, without a terminal."""

from __future__ import annotations

__all__ = []
