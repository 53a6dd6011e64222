"""What the pane of images shows: pure, without a terminal."""

from __future__ import annotations

__all__ = []
