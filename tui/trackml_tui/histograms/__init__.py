"""What the pane of histograms and distributions shows: pure, without a terminal."""

from __future__ import annotations

__all__ = []
