"""Precision-recall curves as values and as cells."""

from __future__ import annotations

__all__ = []
