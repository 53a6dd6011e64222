"""What is wrong: with runs, and with files."""

from __future__ import annotations

__all__ = []
