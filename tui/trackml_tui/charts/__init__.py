"""What the charts show, as values: which tags, on which page, which lines, which words."""

from __future__ import annotations

__all__ = []
