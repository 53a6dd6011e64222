"""Hyperparameters of runs beside what they led to: as a table, and as lines between parallel axes."""

from __future__ import annotations

__all__ = []
