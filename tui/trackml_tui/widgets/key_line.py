"""The line of keys at the bottom: where it is too long for the screen, keys of less use make room."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.widget import Widget
from textual.widgets import Footer
from textual.widgets._footer import FooterKey

STAYING = frozenset({"quit", "help"})
"""The actions that must be found on any screen: the way out, and the list of all keys."""
_MARGIN = 1


class KeyLine(Footer):
    """Textual's footer, without the keys that would be cut off, or would push help and the way out off the screen."""

    def __init__(self) -> None:
        super().__init__(show_command_palette=False, compact=True)
        self._composed_for = 0

    def compose(self) -> ComposeResult:
        self._composed_for = self.app.size.width
        yield from fitting([*super().compose()], self._composed_for - _MARGIN)

    async def on_resize(self) -> None:
        if self._composed_for != self.app.size.width:
            await self.recompose()


def fitting(keys: Sequence[Widget], width: int) -> list[Widget]:
    """The keys that fit into so many cells; of the others the last go first, but never those that must stay."""
    shown = list(keys)
    for key in reversed(keys):
        if sum(map(_cells, shown)) <= width:
            break
        if not (isinstance(key, FooterKey) and key.action.removeprefix("app.") in STAYING):
            shown.remove(key)
    return shown


def _cells(key: Widget) -> int:
    return cell_len(f"{key.key_display} {key.description}") + _MARGIN if isinstance(key, FooterKey) else 0
