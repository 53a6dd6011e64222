"""Texts as they can be shown: control characters spelled out, tensors as tables, long ones in parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from numpy.typing import NDArray

from trackml_tui.formatting import printable

Texts: TypeAlias = NDArray[Any]
"""Array of `str`."""

PART = 12_000
"""About how many characters of a text are shown at once."""
MOST_CHARACTERS = 4_000_000
"""What is longer is cut off."""
_PIECE = 512
_TAB = 4
_RULE = "\n\n---\n\n"


@dataclass(frozen=True, slots=True)
class Document:
    """A text in Markdown, in parts that are shown one at a time."""

    parts: tuple[str, ...]
    characters: int
    """How many characters the whole text has."""
    remark: str = ""
    """What was left out."""


def document(texts: Texts) -> Document:
    """A text of any shape as Markdown: a list becomes texts with rules between, a matrix a table.

    Of a tensor of more dimensions the first matrix is shown, as on TensorBoard's page. There a list is a table of one
    column, whose cells are Markdown; a terminal's tables cannot hold that.

    Source: tensorboard/plugins/text/text_plugin.py (`text_array_to_html`, `reduce_to_2d`).
    """
    remark = ""
    if texts.ndim > 2:
        shape = "×".join(map(str, texts.shape))
        remark = f"A tensor of shape {shape}: the first matrix of it."
        texts = texts[(0,) * (texts.ndim - 2)] if texts.size else texts.reshape(0, 0)
    several = texts.ndim == 2 and texts.shape[1] > 1
    whole = _table(texts) if several else _RULE.join(str(text) for text in texts.ravel())
    if len(whole) > MOST_CHARACTERS:
        remark = f"{remark} Cut after {MOST_CHARACTERS:,} of {len(whole):,} characters.".strip()
    return Document(tuple(_parts(visible(whole[:MOST_CHARACTERS]))), len(whole), remark)


def visible(text: str) -> str:
    """`text` with its lines as they are, and all else that a terminal would obey, or a reader not see, as escapes."""
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(map(_visible_line, lines))


def _visible_line(line: str) -> str:
    line = line.expandtabs(_TAB)
    if line.isascii() and line.isprintable():
        return line
    return "".join(printable(line[start : start + _PIECE]) for start in range(0, len(line), _PIECE))


def _table(texts: Texts) -> str:
    """A table in Markdown without a head, of rows of texts, each on one line."""
    if not texts.size:
        return ""
    rows = [[_cell(str(text)) for text in row] for row in texts]
    columns = texts.shape[1]
    head = ["|" + " |" * columns, "|" + "---|" * columns]
    return "\n".join([*head, *(f"| {' | '.join(row)} |" for row in rows)])


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split("\n"))


def _parts(text: str) -> list[str]:
    """Pieces of about `PART` characters, which end at an empty line, at a line's end, or at worst anywhere."""
    parts = []
    while len(text) > PART:
        end = _end_of_part(text)
        parts.append(text[:end])
        text = text[end:].lstrip("\n")
    return [*parts, text]


def _end_of_part(text: str) -> int:
    for mark in ("\n\n", "\n", " "):
        end = text.rfind(mark, PART // 2, PART)
        if end > 0:
            return end
    return PART
