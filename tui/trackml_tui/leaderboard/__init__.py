"""All runs in a table: how they are doing, their last and best values, what they were given."""

from __future__ import annotations

__all__ = []
