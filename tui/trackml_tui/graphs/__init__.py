"""Graphs of operations as trees of scopes."""

from __future__ import annotations

__all__ = []
