"""The demo: a small sweep over the hand-written digits, to have something to look at."""

from __future__ import annotations

from trackml.demo.digits import load_digits

__all__ = ["load_digits"]
