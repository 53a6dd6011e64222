"""All keys, and what the marks mean."""

from __future__ import annotations

from rich.text import Text

from trackml_tui.screens.sheet import Sheet

_KEYS = (
    ("Runs", (
        ("↑ ↓  j k", "choose a run; its line lies on top"),
        ("space", "show or hide it"),
        ("enter", "show it alone; again: all as before"),
        ("a", "show all, or none"),
        ("/", "filter by regular expression; esc clears"),
        ("o", "sort by name, lowest, highest, newest, step"),
    )),
    ("Tags", (
        ("tab", "between runs and tags"),
        ("n p", "next, previous tag"),
        ("space", "fold or unfold a group"),
    )),
    ("Chart", (
        ("x", "steps, relative time, wall time"),
        ("y", "logarithmic y axis"),
        ("s S", "more, less smoothing"),
        ("← →", "cursor; with shift by ten; esc takes it away"),
        ("z", "the chart alone"),
    )),
    ("Elsewhere", (
        ("h", "files: what was read, what is damaged"),
        ("ctrl+p", "command palette, themes"),
        ("q", "quit"),
    )),
)  # fmt: skip
_NOTES = (
    "live, idle: inferred. A run is live while its last event is younger than",
    "150 s, or than three times the usual distance between its events.",
    "Event files do not say that a run has ended.",
    "",
    "Bright line: smoothed as TensorBoard does, over every point.",
    "Faint line: the values as logged. No spike is lost when points share",
    "a column. NaN and infinities are gaps, and are counted.",
)
_KEY_WIDTH = 11


class HelpScreen(Sheet):
    """The keys by subject."""

    HEADING = "Keys"

    def write(self) -> Text:
        text = Text()
        for subject, keys in _KEYS:
            text.append(f"{subject}\n", "bold")
            for key, meaning in keys:
                text.append(f"  {key:<{_KEY_WIDTH}}", "bold")
                text.append(f"{meaning}\n")
        text.append("\n" + "\n".join(_NOTES))
        return text
