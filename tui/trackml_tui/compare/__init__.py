"""Runs side by side: what they were given, where they ran, what came out."""

from __future__ import annotations

__all__ = []
