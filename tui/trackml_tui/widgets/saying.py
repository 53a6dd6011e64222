"""Texts of labels."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Label


def say(label: Label, text: str | Text) -> None:
    """Shows a text, if it is another one than before: a label that takes one lays out the whole screen anew."""
    if label.content != text:
        label.update(text)
