"""What the terminal can draw: its own images, or half blocks, or characters alone.

A terminal is known by its environment. It is not asked, because its answer would come between the keys that the user
presses, and some terminals print the question. The setting `graphics` and the variable `TRACKML_GRAPHICS` override what
was found.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

VARIABLE = "TRACKML_GRAPHICS"
KITTY, BLOCKS, CHARACTERS = "kitty", "blocks", "characters"
_USUAL_CELL = (10, 20)
GRAPHICS = (KITTY, BLOCKS, CHARACTERS)


def graphics_of(environ: Mapping[str, str], setting: str = "auto") -> str:
    """How images are drawn: "kitty", "blocks" or "characters".

    Args:
        environ: The environment; its `TRACKML_GRAPHICS` goes before all else.
        setting: What the user's settings say; what is none of the three leaves it to the terminal.

    Kitty's protocol with placeholders is what kitty and Ghostty have. Inside tmux and screen it is used only if the
    variable says so, because they pass it on only if they are told to.

    Example:
      >>> graphics_of({"TERM": "xterm-kitty"}), graphics_of({"TERM": "xterm-kitty", "TMUX": "/tmp/tmux-0/default"})
      ('kitty', 'blocks')
    """
    for wanted in (environ.get(VARIABLE, "").strip().lower(), setting):
        if wanted in GRAPHICS:
            return wanted
    if inside_multiplexer(environ):
        return BLOCKS
    names = (environ.get("TERM", ""), environ.get("TERM_PROGRAM", ""))
    known = "KITTY_WINDOW_ID" in environ or any(name in ("xterm-kitty", "xterm-ghostty", "ghostty") for name in names)
    return KITTY if known else BLOCKS


def inside_multiplexer(environ: Mapping[str, str]) -> bool:
    """Whether tmux or screen stands between."""
    return "TMUX" in environ or environ.get("TERM", "").startswith(("screen", "tmux"))


def cell_size(stream: int = 1) -> tuple[int, int]:
    """Width and height of a cell in the terminal's pixels, as far as it tells; else what is common."""
    try:
        rows, columns, width, height = _window(stream)
    except (ImportError, OSError):
        return _USUAL_CELL
    if not (columns and rows and width >= columns and height >= rows):
        return _USUAL_CELL
    return width // columns, height // rows


def _window(stream: int) -> tuple[int, int, int, int]:
    """Rows, columns, width and height of the terminal's window."""
    import fcntl
    import termios

    rows, columns, width, height = struct.unpack("HHHH", fcntl.ioctl(stream, termios.TIOCGWINSZ, bytes(8)))
    return rows, columns, width, height
