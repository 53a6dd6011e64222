"""What can be typed about charts: `x 100..500`, `y 0..1`, `grid 2x3`, `group hparam:lr`."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from trackml_tui.catalog.groups import grouping_error
from trackml_tui.charts.pages import MOST
from trackml_tui.choices.charts import BANDS, CANVASES, PALETTES, SORTS, X_AXES, Y_SCALES, ChartsChoice
from trackml_tui.view import View

HINT = "x 100..500 · y 0..1 · grid 2x3 · smooth 0.9 · band mean±std · group hparam:lr · with TAG · against TAG · reset"
"""What the empty prompt says."""
_RANGE = re.compile(r"(?P<low>[^\s]*?)\s*(?:\.\.+|…|:|\s)\s*(?P<high>[^\s]*)\Z")
_UNITS = {"k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_GRID = re.compile(r"(\d)\s*[x×*]\s*(\d)\Z")


class CommandError(ValueError):
    """What was typed cannot be done; the message says why."""


def apply(text: str, view: View, tags: Collection[str]) -> View:
    """The view after what was typed.

    Args:
        text: A word, and what it takes.
        view: The view before.
        tags: The tags that charts can show.

    Raises:
        CommandError: If it is not understood.
    """
    word, _, rest = text.strip().partition(" ")
    if word in _VIEW_WORDS:
        return _VIEW_WORDS[word](rest.strip(), view, tags)
    if word not in _WORDS:
        raise CommandError(f"{word or 'nothing'}? Known: {', '.join((*_WORDS, *_VIEW_WORDS))}")
    charts = _WORDS[word](rest.strip(), view.charts)
    is_same_unit = (charts.x_axis, charts.x_tag) == (view.charts.x_axis, view.charts.x_tag)
    return replace(view, charts=charts, cursor=view.cursor if is_same_unit else None)


def read_range(text: str, *, positive: bool = False) -> tuple[float, float] | None:
    """Two ends: `100..500`, `0 1`, `1k..2M`, `1m..2h`; None for `auto` or nothing.

    Args:
        text: What was typed.
        positive: Whether the axis is logarithmic.

    Raises:
        CommandError: If it is no range.
    """
    if text in ("", "auto"):
        return None
    match = _RANGE.match(text)
    if match is None:
        raise CommandError(f"expected LOW..HIGH or auto; got {text}")
    low, high = (_number(match[side]) for side in ("low", "high"))
    if not low < high:
        raise CommandError(f"expected the lower end first; got {text}")
    if positive and low <= 0.0:
        raise CommandError("a log axis begins above 0")
    return low, high


def _number(text: str) -> float:
    scale = 1.0
    if text and text[-1] in _UNITS:
        text, scale = text[:-1], _UNITS[text[-1]]
    try:
        value = scale * float(text.replace(",", "").replace("_", ""))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise CommandError(f"expected a number; got {text or 'nothing'}")
    return value


def _x(text: str, choice: ChartsChoice) -> ChartsChoice:
    if text in X_AXES:
        return replace(choice, x_axis=text, x_tag=None, x_range=None)
    if text in ("log", "linear"):
        return replace(choice, log_x=text == "log")
    return replace(choice, x_range=read_range(text, positive=choice.log_x and choice.x_axis != "wall"))


def _grid(text: str, choice: ChartsChoice) -> ChartsChoice:
    if text == "auto":
        return replace(choice, grid=(0, 0), alone=False)
    match = _GRID.match(text)
    if match is None or not all(1 <= int(part) <= MOST for part in match.groups()):
        raise CommandError(f"expected ROWSxCOLUMNS up to {MOST}x{MOST}, or auto; got {text or 'nothing'}")
    return replace(choice, grid=(int(match[1]), int(match[2])), alone=False)


def _smooth(text: str, choice: ChartsChoice) -> ChartsChoice:
    weight = _number(text)
    if not 0.0 <= weight < 1.0:
        raise CommandError(f"expected a weight from 0 to below 1; got {text}")
    return replace(choice, smoothing=weight)


def _threshold(text: str, choice: ChartsChoice) -> ChartsChoice:
    if text in ("", "auto"):
        return replace(choice, symlog_threshold=None)
    value = _number(text)
    if value <= 0.0:
        raise CommandError(f"expected a value above 0, or auto; got {text}")
    return replace(choice, symlog_threshold=value, y_scale="symlog")


def _one_of(field: str, choices: Collection[str]) -> Callable[[str, ChartsChoice], ChartsChoice]:
    def choose(text: str, choice: ChartsChoice) -> ChartsChoice:
        value = "" if text == "none" and "" in choices else text
        if value not in choices:
            raise CommandError(
                f"expected one of {', '.join(each or 'none' for each in choices)}; got {text or 'nothing'}"
            )
        return replace(choice, **{field: value})  # type: ignore[arg-type]

    return choose


def _y(text: str, view: View, tags: Collection[str]) -> View:
    if text in Y_SCALES:
        return replace(view, charts=replace(view.charts, y_scale=text))
    if view.tag is None:
        raise CommandError("no tag is chosen")
    ends = read_range(text, positive=view.charts.log_y)
    return replace(view, charts=view.charts.with_y_range(view.tag, ends))


def _group(text: str, view: View, tags: Collection[str]) -> View:
    how = "" if text == "none" else text
    reason = grouping_error(how)
    if reason is not None:
        raise CommandError(reason)
    return replace(view, runs=view.runs.grouped(how))


def _known(text: str, tags: Collection[str]) -> str:
    if text not in tags:
        raise CommandError(f"no tag {text or 'was named'}")
    return text


def _with(text: str, view: View, tags: Collection[str]) -> View:
    if text == "none":
        return replace(view, charts=replace(view.charts, together=()))
    return replace(view, charts=view.charts.together_or_not(_known(text, tags)))


def _against(text: str, view: View, tags: Collection[str]) -> View:
    tag = None if text in ("", "none") else _known(text, tags)
    return replace(view, charts=view.charts.against(tag), cursor=None)


def _reset(text: str, view: View, tags: Collection[str]) -> View:
    return replace(view, charts=view.charts.unzoomed())


_WORDS: Mapping[str, Callable[[str, ChartsChoice], ChartsChoice]] = {
    "x": _x,
    "grid": _grid,
    "smooth": _smooth,
    "threshold": _threshold,
    "band": _one_of("band", BANDS),
    "sort": _one_of("sort", SORTS),
    "canvas": _one_of("canvas", CANVASES),
    "colours": _one_of("palette", PALETTES),
}
_VIEW_WORDS: Mapping[str, Callable[[str, View, Collection[str]], View]] = {
    "y": _y,
    "group": _group,
    "with": _with,
    "against": _against,
    "reset": _reset,
}
