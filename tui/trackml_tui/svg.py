"""Makes an SVG that Textual exported look the same in every viewer.

The export names a web font, which a page without network cannot load, and leaves braille, box drawing
and the blanks between words to whatever font the viewer has. Here the font is the viewer's own monospace,
every word begins at its own cell, and dots and lines are shapes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from itertools import groupby

from rich.cells import cell_len

FONTS = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"
_FONT_FACE = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
_CLIP = re.compile(r' clip-path="url\(#[^"]*-clip-terminal\)"')
"""Cuts the last row's descenders off."""
_FONT_FAMILY = "font-family: Fira Code, monospace;"
_TEXT = re.compile(
    r'<text class="(?P<style>[^"]+)" x="(?P<x>[\d.]+)" y="(?P<y>[\d.]+)" textLength="[\d.]+"'
    r' clip-path="(?P<clip>[^"]+)">(?P<text>[^<]*)</text>'
)
_WIDTH, _HEIGHT, _BASELINE = 12.2, 24.4, 18.5
_BRAILLE = range(0x2800, 0x2900)
_DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))
"""Column and row of the dot that each bit of a braille character stands for."""
_DOT = 3.6
_LINE = 1.4
_ARMS = {"─": "lr", "│": "tb", "┤": "tbl", "┬": "lrb", "└": "tr", "┴": "lrt", "━": "lr", "┈": "…"}
_BLOCKS = {"▀": (0.0, 0.5), "▁": (0.875, 1.0), "▂": (0.75, 1.0), "▃": (0.625, 1.0), "▄": (0.5, 1.0), "▅": (0.375, 1.0)}
_BLOCKS |= {"▆": (0.25, 1.0), "▇": (0.125, 1.0), "█": (0.0, 1.0)}
"""From where to where each block fills its cell, from the top."""
_DRAWN = "".join([*_ARMS, *_BLOCKS])
_PIECES = re.compile(f"[\u2800-\u28ff]+|[{''.join(_BLOCKS)}]+|[{''.join(_ARMS)}]+|[^\\s\u00a0\u2800-\u28ff{_DRAWN}]+")


def portable(svg: str) -> str:
    """`svg` without a web font, with words at their cells and dots and lines as shapes."""
    svg = _FONT_FACE.sub("", _CLIP.sub("", svg)).replace(_FONT_FAMILY, f"font-family: {FONTS};")
    return _TEXT.sub(lambda match: "".join(_elements(match)), svg)


def _elements(match: re.Match[str]) -> Iterator[str]:
    text, style = unescape(match["text"]), match["style"]
    left, baseline = float(match["x"]), float(match["y"])
    top = baseline - _BASELINE
    for piece in _PIECES.finditer(text):
        x = left + _WIDTH * cell_len(text[: piece.start()])
        word = piece.group()
        if word[0] in _BLOCKS:
            # Neighbouring blocks are to touch, whatever the size of a pixel.
            yield f'<path class="{style}" shape-rendering="crispEdges" d="{"".join(_blocks(word, x, top))}"/>'
        elif ord(word[0]) in _BRAILLE or word[0] in _ARMS:
            yield f'<path class="{style}" d="{"".join(_shapes(word, x, top))}"/>'
        else:
            yield (
                f'<text class="{style}" x="{x:.1f}" y="{baseline:.1f}" textLength="{_WIDTH * cell_len(word):.1f}"'
                f' clip-path="{match["clip"]}">{escape(word)}</text>'
            )


def _shapes(word: str, x: float, top: float) -> Iterator[str]:
    for place, character in enumerate(word):
        left = x + _WIDTH * place
        yield from _dots(character, left, top) if ord(character) in _BRAILLE else _arms(character, left, top)


def _blocks(word: str, x: float, top: float) -> Iterator[str]:
    for character, same in groupby(word):
        width = _WIDTH * len(list(same))
        start, stop = _BLOCKS[character]
        yield _rectangle(x, top + start * _HEIGHT, width, (stop - start) * _HEIGHT)
        x += width


def _dots(character: str, left: float, top: float) -> Iterator[str]:
    for bit, (column, row) in enumerate(_DOTS):
        if ord(character) - _BRAILLE.start >> bit & 1:
            x = left + _WIDTH * (column + 0.5) / 2 - _DOT / 2
            y = top + _HEIGHT * (row + 0.5) / 4 - _DOT / 2
            yield _rectangle(x, y, _DOT, _DOT)


def _arms(character: str, left: float, top: float) -> Iterator[str]:
    x, y = left + (_WIDTH - _LINE) / 2, top + (_HEIGHT - _LINE) / 2
    half_width, half_height = (_WIDTH + _LINE) / 2, (_HEIGHT + _LINE) / 2
    shapes = {
        "l": (left, y, half_width, _LINE),
        "r": (x, y, half_width, _LINE),
        "t": (x, top, _LINE, half_height),
        "b": (x, y, _LINE, half_height),
        "…": (left + _WIDTH / 4, y, _WIDTH / 2, _LINE),
    }
    for arm in _ARMS[character]:
        yield _rectangle(*shapes[arm])


def _rectangle(x: float, y: float, width: float, height: float) -> str:
    return f"M{x:.1f} {y:.1f}h{width:.1f}v{height:.1f}h{-width:.1f}z"
