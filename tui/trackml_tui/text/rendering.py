"""Markdown as lines of a terminal. Nothing in it is executed, fetched, or linked."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rich.console import Console
from rich.markdown import Markdown
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from rich.theme import Theme

from trackml_tui.plotting.colour_map import blend
from trackml_tui.plotting.paint import Paint
from trackml_tui.plotting.rgb import Colour
from trackml_tui.text.cleaning import Document

_TALLEST = 20_000


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a text, in lines."""

    lines: tuple[tuple[Segment, ...], ...]
    part: int
    """Which part, from 0."""
    parts: int
    characters: int
    """Of the whole text."""
    remark: str
    """What was left out."""


def render(document: Document, part: int, width: int, paint: Paint, *, raw: bool) -> Page:
    """A part of a document in lines of `width` columns.

    Args:
        document: The text.
        part: Which part of it; the last one if there are not so many.
        width: In columns.
        paint: The colours.
        raw: Whether Markdown is shown as it was written.
    """
    part = min(part, len(document.parts) - 1)
    text = document.parts[part]
    what: Any = Text(text, overflow="fold") if raw else _markdown(text, dark=paint.dark)
    console = _console(paint)
    lines = console.render_lines(what, console.options.update(width=max(1, width)), pad=False)[:_TALLEST]
    return Page(tuple(map(_plain, lines)), part, len(document.parts), document.characters, document.remark)


def found_in(lines: Sequence[str], words: str) -> list[tuple[int, int]]:
    """Line and column of each place where `words` stand, whatever their case; nothing stands nowhere."""
    words = words.casefold()
    places: list[tuple[int, int]] = []
    for row, line in enumerate(lines):
        folded, at = line.casefold(), -1
        while words and (at := folded.find(words, at + 1)) >= 0:
            places.append((row, at))
    return places


def _markdown(text: str, *, dark: bool) -> Markdown:
    return Markdown(text, code_theme="ansi_dark" if dark else "ansi_light", hyperlinks=False)


@lru_cache(maxsize=8)
def _console(paint: Paint) -> Console:
    strong, soft = Style(bold=True), Style(color=_rgb(paint.label))
    accent = Style(color=_rgb(paint.accent))
    ground = Style(bgcolor=_rgb(blend(paint.background, paint.text, 0.1)))
    styles = {
        "markdown.code": accent + ground,
        "markdown.code_block": ground,
        "markdown.block_quote": soft,
        "markdown.list": Style(),
        "markdown.item.bullet": accent,
        "markdown.item.number": accent,
        "markdown.hr": Style(color=_rgb(paint.axis)),
        "markdown.link": accent,
        "markdown.link_url": soft,
        "markdown.table.border": Style(color=_rgb(paint.axis)),
        "markdown.table.header": strong,
        **{f"markdown.h{level}": strong + (accent if level < 3 else Style()) for level in range(1, 7)},
        "markdown.h1.border": Style(color=_rgb(paint.axis)),
    }
    # Nothing but the styles above and the width decides how lines look: not the environment, not the stream.
    return Console(
        file=io.StringIO(), color_system="truecolor", force_terminal=True, legacy_windows=False, markup=False,
        emoji=False, highlight=False, theme=Theme(styles), _environ={},
    )  # fmt: skip


def _plain(line: list[Segment]) -> tuple[Segment, ...]:
    """A line without control codes and links, whatever made them."""
    kept = [segment for segment in line if not segment.control and segment.text]
    return tuple(
        Segment(text, style.update_link(None) if style is not None and style.link else style) for text, style, _ in kept
    )


def _rgb(colour: Colour) -> str:
    return f"#{colour[0]:02x}{colour[1]:02x}{colour[2]:02x}"
