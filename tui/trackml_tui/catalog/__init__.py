"""The runs of a log directory as a user orders them: queries, groups, the tree, labels, how each is doing."""

from __future__ import annotations

__all__ = []
