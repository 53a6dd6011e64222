"""The dashboard's themes: dark, light, and one of high contrast; every theme of Textual can be chosen too."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="trackml-dark",
    primary="#4a9fd8",
    secondary="#7aa2c9",
    accent="#7cc7ff",
    foreground="#d5dae1",
    background="#12161c",
    surface="#181d25",
    panel="#212833",
    success="#5fce93",
    warning="#ffb454",
    error="#ff6b6b",
    dark=True,
    variables={"footer-key-foreground": "#7cc7ff", "footer-background": "#181d25"},
)
LIGHT = Theme(
    name="trackml-light",
    primary="#1f6fb2",
    secondary="#3f6f9c",
    accent="#0b62a8",
    foreground="#22272e",
    background="#fbfcfd",
    surface="#f0f3f6",
    panel="#e1e7ed",
    success="#1a7f45",
    warning="#9a5b00",
    error="#b3261e",
    dark=False,
    variables={
        "footer-key-foreground": "#0b62a8",
        "footer-background": "#f0f3f6",
        "surface-lighten-1": "#dfe6ed",  # lighter than the background it would be no mark on it
    },
)
CONTRAST = Theme(
    name="trackml-contrast",
    primary="#5cc8ff",
    secondary="#9fd8ff",
    accent="#ffe14d",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1a1a1a",
    success="#5dff8f",
    warning="#ffd24d",
    error="#ff7b7b",
    dark=True,
    variables={
        "footer-key-foreground": "#ffe14d",
        "footer-background": "#000000",
        "surface-lighten-1": "#333333",
        "text-muted": "#e0e0e0",
        "text-disabled": "#c0c0c0",
    },
)
THEMES = {"dark": DARK, "light": LIGHT, "contrast": CONTRAST}
"""Themes by the short names that the command line takes too."""


def full_name(name: str) -> str:
    """The name that Textual knows a theme by."""
    return THEMES[name].name if name in THEMES else name
