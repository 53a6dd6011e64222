"""Checks of choices, which may come from a file that somebody wrote by hand."""

from __future__ import annotations

from collections.abc import Sequence


def one_of(name: str, value: str, choices: Sequence[str]) -> None:
    """Refuses a word that is none of the choices.

    Raises:
        ValueError: If it is none of them.
    """
    if value not in choices:
        raise ValueError(f"{name}: expected one of {', '.join(choices)}; got {value!r}")


def within(name: str, value: float, low: float, high: float) -> None:
    """Refuses a number outside of its ends, and NaN.

    Raises:
        ValueError: If it lies outside.
    """
    if not low <= value <= high:
        raise ValueError(f"{name}: expected a number from {low:g} to {high:g}; got {value!r}")
