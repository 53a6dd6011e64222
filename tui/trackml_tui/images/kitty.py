"""Kitty's graphics protocol: an image is sent once, and then stands wherever its placeholders do.

Placeholders are characters like all others, so that whatever lays out text can lay out images: each names its row and
column in combining characters, and the image in its colour.

Source: https://sw.kovidgoyal.net/kitty/graphics-protocol/ ("Unicode placeholders").
"""

from __future__ import annotations

import base64
import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator

from trackml_tui.plotting.paint import Paint
from trackml_tui.plotting.rgb import DIACRITICS, Pixels, RgbGrid, placeholder_codes

MOST_CELLS = len(DIACRITICS)
"""The most rows, and the most columns, that placeholders can count."""
_CHUNK = 4096
_FIRST_ID = 0x7A0000
_MOST_KEPT = 48


def transmit(number: int, pixels: Pixels, columns: int, rows: int) -> str:
    """What sends an image to the terminal, to stand in `columns` by `rows` cells.

    Args:
        number: The image's number, of at most 24 bits.
        pixels: Shape `[height, width, 3]`.
        columns: Cells beside each other.
        rows: Cells above each other.
    """
    height, width = pixels.shape[:2]
    data = base64.b64encode(zlib.compress(pixels.tobytes(), 1)).decode("ascii")
    chunks = [data[start : start + _CHUNK] for start in range(0, len(data), _CHUNK)]
    control = f"a=T,U=1,q=2,f=24,o=z,i={number},s={width},v={height},c={columns},r={rows}"
    return "".join(_commands(control, chunks))


def delete(number: int) -> str:
    """What makes the terminal forget an image."""
    return _command(f"a=d,d=I,q=2,i={number}", "")


def placeholders(number: int, columns: int, rows: int, paint: Paint) -> RgbGrid:
    """The cells in which the image stands."""
    grid = paint.grid(columns, rows)
    grid.codes[:] = placeholder_codes(columns, rows)
    grid.fore[:] = number >> 16 & 0xFF, number >> 8 & 0xFF, number & 0xFF
    return grid


def through_tmux(sequence: str) -> str:
    """What hands a sequence through tmux to the terminal, if its option `allow-passthrough` is on."""
    doubled = sequence.replace("\x1b", "\x1b\x1b")
    return f"\x1bPtmux;{doubled}\x1b\\"


class KittyImages:
    """The images that the terminal holds for us; those that were used longest ago are deleted.

    Args:
        write: Writes to the terminal.
        tmux: Whether tmux stands between.
    """

    def __init__(self, write: Callable[[str], object], *, tmux: bool = False) -> None:
        self._write = write
        self._tmux = tmux
        self._numbers: OrderedDict[Hashable, int] = OrderedDict()
        self._last = _FIRST_ID

    def place(self, key: Hashable, pixels: Callable[[], Pixels], columns: int, rows: int, paint: Paint) -> RgbGrid:
        """The cells of an image, which is sent if the terminal does not hold it yet.

        Args:
            key: Tells it from all others, its size included.
            pixels: Gives it.
            columns: Cells beside each other, at most `MOST_CELLS`.
            rows: Cells above each other, at most `MOST_CELLS`.
            paint: The colours of what is not image.
        """
        whole = (key, columns, rows)
        if whole not in self._numbers:
            self._last += 1
            self._numbers[whole] = self._last
            self._send(transmit(self._last, pixels(), columns, rows))
            while len(self._numbers) > _MOST_KEPT:
                self._send(delete(self._numbers.popitem(last=False)[1]))
        self._numbers.move_to_end(whole)
        return placeholders(self._numbers[whole], columns, rows, paint)

    def clear(self) -> None:
        """Deletes all of them."""
        for number in self._numbers.values():
            self._send(delete(number))
        self._numbers.clear()

    def _send(self, sequence: str) -> None:
        self._write(through_tmux(sequence) if self._tmux else sequence)


def _commands(control: str, chunks: list[str]) -> Iterator[str]:
    for place, chunk in enumerate(chunks):
        more = int(place < len(chunks) - 1)
        yield _command(f"{control},m={more}" if place == 0 else f"q=2,m={more}", chunk)


def _command(control: str, payload: str) -> str:
    return f"\x1b_G{control};{payload}\x1b\\" if payload else f"\x1b_G{control}\x1b\\"
