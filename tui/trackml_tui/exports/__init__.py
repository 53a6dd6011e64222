"""What is seen, as files: tables, points, charts, a report."""

from __future__ import annotations

__all__ = []
