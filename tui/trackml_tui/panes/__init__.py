"""What the right side of the main screen can be: one pane at a time."""

from __future__ import annotations

__all__ = []
