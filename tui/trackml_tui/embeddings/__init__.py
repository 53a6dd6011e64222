"""Embeddings as points on a plane."""

from __future__ import annotations

__all__ = []
