"""The screens of the dashboard."""

from __future__ import annotations

__all__ = []
