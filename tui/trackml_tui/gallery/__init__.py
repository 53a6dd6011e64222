"""What the panes of images, histograms, text and sound share: which value at which step, and tiles, one a run."""

from __future__ import annotations

__all__ = []
