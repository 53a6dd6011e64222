"""The keys that hold now, by subject, and what the marks mean.

The keys are those of the bindings themselves, so they are never others than those that work, the user's own included.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rich.cells import cell_len
from rich.text import Text
from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen

from trackml_tui.panes.pane import Pane
from trackml_tui.panes.registry import PANES
from trackml_tui.screens.sheet import Sheet
from trackml_tui.widgets.run_list import RunList
from trackml_tui.widgets.tag_tree import TagTree

_NOTES = (
    "running, finished, failed, silent: the run says so in its manifest. live?, idle: inferred. A run is",
    "live while its last event is younger than 150 s, or than three times the usual distance between its",
    "events, since event files do not say that a run has ended.",
    "",
    "Bright line: smoothed as TensorBoard does, over every point. Faint line: the values as logged. No",
    "spike is lost when points share a column. × △ ▽: NaN and infinities. Thin dotted line: a restart.",
)
_KEY_WIDTH = 16
_SIGNS = {
    "left_square_bracket": "[", "right_square_bracket": "]", "full_stop": ".", "comma": ",", "slash": "/",
    "question_mark": "?", "asterisk": "*", "plus": "+", "minus": "-", "equals_sign": "=", "less_than_sign": "<",
    "greater_than_sign": ">", "colon": ":", "left": "←", "right": "→", "up": "↑", "down": "↓", "underscore": "_",
    "left_curly_bracket": "{", "right_curly_bracket": "}", "pagedown": "pgdn", "pageup": "pgup", "number_sign": "#",
    "semicolon": ";", "vertical_line": "|", "tilde": "~", "at": "@", "exclamation_mark": "!", "backslash": "\\",
}  # fmt: skip
_RUNS, _TAGS, _SCREEN, _APP = "List of runs", "List of tags", "Runs and panes", "Elsewhere"
_RANKS = {_SCREEN: 1, _RUNS: 2, _TAGS: 2, _APP: 3}
"""Where subjects stand; the pane comes first."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Keys that belong together."""

    name: str
    keys: tuple[tuple[str, str], ...]
    """Keys and what they do."""


class HelpScreen(Sheet):
    """The keys by subject.

    Args:
        subjects: What `subjects_of` gave for the screen that is explained.
    """

    HEADING = "Keys"

    def __init__(self, subjects: Sequence[Subject]) -> None:
        super().__init__()
        self._subjects = subjects

    def write(self) -> Text:
        text = Text()
        for subject in self._subjects:
            text.append(f"{subject.name}\n", "bold")
            for keys, meaning in subject.keys:
                text.append(f"  {keys}{' ' * max(1, _KEY_WIDTH - cell_len(keys))}", "bold")
                text.append(f"{meaning}\n")
            text.append("\n")
        return text.append("\n".join(_NOTES))


def subjects_of(screen: Screen[Any], app: App[Any]) -> tuple[Subject, ...]:
    """The keys that hold on a screen now, those of its pane first."""
    found: dict[str, dict[str, tuple[list[str], Binding]]] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        if binding.id is None or not active.enabled:
            continue
        by_id = found.setdefault(_name(active.node, app), {})
        by_id.setdefault(binding.id, ([], binding))[0].append(_sign(binding.key))
    ordered = sorted(found.items(), key=lambda pair: _RANKS.get(pair[0], 0))
    return tuple(Subject(name, tuple(_lines(by_id.values()))) for name, by_id in ordered)


def _lines(entries: Iterable[tuple[list[str], Binding]]) -> Iterable[tuple[str, str]]:
    for keys, binding in entries:
        yield " ".join(keys), binding.tooltip or binding.description


def _sign(key: str) -> str:
    """A key as it is on the keyboard."""
    *modifiers, name = key.split("+") if key != "+" else [key]
    return "+".join([*modifiers, _SIGNS.get(name, name)])


def _name(node: DOMNode, app: App[Any]) -> str:
    if isinstance(node, Pane):
        return next((entry.title for entry in PANES.values() if node.id == f"pane-{entry.key}"), "Pane")
    if isinstance(node, RunList):
        return _RUNS
    if isinstance(node, TagTree):
        return _TAGS
    if isinstance(node, Screen):
        return _SCREEN
    return _APP if node is app else "Here"
