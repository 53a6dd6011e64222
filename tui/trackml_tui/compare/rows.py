"""The rows of a comparison: for each fact what every run says, and how far the others are from the first."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from trackml_tui.catalog.extremes import extremes_of
from trackml_tui.catalog.params import flat_facts, show_param
from trackml_tui.formatting import NOTHING, age, compact, count, number, plural, printable
from trackml_tui.leaderboard.columns import is_lower_better, span
from trackml_tui.leaderboard.entries import Entry, entries_of, entry_tags
from trackml_tui.order import natural_key
from trackml_tui.scene import Scene

MOST_RUNS = 8
"""Runs side by side."""
_ORIGIN = ("command", "directory", "host", "git_commit", "python", "process")
_COMMIT = 12


@dataclass(frozen=True, slots=True)
class CompareRow:
    """One line."""

    key: str
    label: str
    cells: tuple[str, ...] = ()
    """What each run says; none in a heading."""
    kind: str = "value"
    """"heading", "value", "metric", "folded", or of texts "added", "removed", "same", "place"."""
    differs: bool = True
    """Whether the runs do not all say the same."""
    best: frozenset[int] = frozenset()
    """The places of the best values."""
    difference: str = ""
    """Of two runs: the second less the first."""
    ratios: tuple[str, ...] = ()
    """Each value by the first, which has none."""


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """What the pane shows, but for texts."""

    entries: tuple[Entry, ...] = ()
    """The runs, the one that the others are compared with first."""
    rows: tuple[CompareRow, ...] = ()
    left_out: int = 0
    """Runs for which there is no room."""


def compare(scene: Scene, most: int = MOST_RUNS) -> Comparison:
    """The runs that are switched on, side by side.

    Args:
        scene: What there is.
        most: For how many runs there is room; the current run is one of them.
    """
    choice = scene.view.compare
    entries = entries_of(scene, everything=False)
    entries.sort(key=lambda entry: entry.name != choice.baseline)
    most = min(max(most, 2), MOST_RUNS)
    place = next((place for place, entry in enumerate(entries) if entry.name == scene.view.current), 0)
    if place >= most:
        entries.insert(most - 1, entries.pop(place))
    chosen = tuple(entries[:most])
    if len(chosen) < 2:
        return Comparison(chosen)
    rows = [
        *_section("Run", _state(chosen), equal=True),
        *_section("Origin", _origin(scene, chosen), equal=choice.equal),
        *_section("Hyperparameters", _params(chosen), equal=choice.equal),
        *_section("Settings", _settings(scene, chosen), equal=choice.equal),
        *_section("Metrics", _metrics(chosen, scene.view.leaderboard.flipped), equal=True),
    ]
    return Comparison(chosen, tuple(rows), len(entries) - len(chosen))


def _section(title: str, rows: Sequence[CompareRow], *, equal: bool) -> list[CompareRow]:
    """A heading and its rows; those that are equal in all runs become one line unless they are wanted."""
    if not rows:
        return []
    shown = [row for row in rows if row.differs or equal]
    folded = len(rows) - len(shown)
    found = [CompareRow(f"section {title}", title, kind="heading"), *shown]
    if folded:
        names = ", ".join(row.label for row in rows if not row.differs)
        found.append(CompareRow(f"equal {title}", f"{count(folded)} equal: {names}", kind="folded", differs=False))
    return found


def _state(entries: Sequence[Entry]) -> list[CompareRow]:
    facts: tuple[tuple[str, Callable[[Entry], str]], ...] = (
        ("status", lambda entry: entry.status.value),
        ("step", lambda entry: NOTHING if entry.step is None else count(entry.step)),
        ("steps/s", lambda entry: NOTHING if entry.rate is None else number(entry.rate)),
        ("started", lambda entry: _moment(entry.run.first_wall_time)),
        ("took", lambda entry: NOTHING if entry.duration is None else span(entry.duration)),
        ("last event", lambda entry: NOTHING if entry.age is None else f"{age(entry.age)} ago"),
        ("damaged files", lambda entry: str(entry.damaged)),
        ("note", lambda entry: printable(entry.note)),
    )
    rows = [_row(f"run {label}", label, [tell(entry) for entry in entries]) for label, tell in facts]
    return [row for row in rows if any(cell not in ("", "0") for cell in row.cells)]


def _origin(scene: Scene, entries: Sequence[Entry]) -> list[CompareRow]:
    told = [_facts(scene, entry) for entry in entries]
    return [
        _row(f"origin {name}", name.replace("_", " "), [_origin_text(name, facts.get(name)) for facts in told])
        for name in _ORIGIN
        if any(facts.get(name) is not None for facts in told)
    ]


def _params(entries: Sequence[Entry]) -> list[CompareRow]:
    told = [{name: printable(show_param(value)) for name, value in entry.params.items()} for entry in entries]
    return _table("hparam", told)


def _settings(scene: Scene, entries: Sequence[Entry]) -> list[CompareRow]:
    told = [flat_facts(_facts(scene, entry).get("config")) for entry in entries]
    return _table("setting", [{name: printable(value) for name, value in facts.items()} for facts in told])


def _table(kind: str, told: Sequence[Mapping[str, str]]) -> list[CompareRow]:
    names = sorted({name for facts in told for name in facts}, key=natural_key)
    return [_row(f"{kind} {name}", printable(name), [facts.get(name, NOTHING) for facts in told]) for name in names]


def _metrics(entries: Sequence[Entry], flipped: frozenset[str]) -> list[CompareRow]:
    rows: list[CompareRow] = []
    for tag in sorted(entry_tags(entries), key=natural_key):
        lower = is_lower_better(tag, flipped)
        found = [series and extremes_of(series) for series in (entry.series(tag) for entry in entries)]
        best = [extremes.best(lower=lower) if extremes else None for extremes in found]
        last = [extremes.last.value if extremes else None for extremes in found]
        steps = [f" @{compact(point.step)}" if point else "" for point in best]
        values = [point.value if point else None for point in best]
        name = printable(tag)
        rows.append(_metric(f"best {tag}", f"{name} {'min' if lower else 'max'}", values, steps, lower=lower))
        rows.append(_metric(f"last {tag}", f"{name} last", last, [""] * len(last), lower=lower))
    return rows


def _metric(key: str, label: str, values: Sequence[float | None], steps: Sequence[str], *, lower: bool) -> CompareRow:
    first = values[0]
    cells = [NOTHING if value is None else number(value) + step for value, step in zip(values, steps, strict=True)]
    ratios = ("", *(_ratio(first, value) for value in values[1:]))
    difference = _difference(first, values[1]) if len(values) == 2 else ""
    finite = [value for value in values if value is not None and math.isfinite(value)]
    top = min(finite, default=math.nan) if lower else max(finite, default=math.nan)
    differs = len({repr(value) for value in values}) > 1
    best = frozenset(place for place, value in enumerate(values) if value == top) if differs else frozenset()
    return CompareRow(key, label, tuple(cells), "metric", differs, best, difference, ratios)


def _difference(one: float | None, other: float | None) -> str:
    if one is None or other is None:
        return ""
    found = other - one
    return f"+{number(found)}" if found > 0 else number(found)


def _ratio(one: float | None, other: float | None) -> str:
    if one is None or other is None or not one or not math.isfinite(one) or not math.isfinite(other):
        return ""
    return f"×{number(other / one)}"


def _row(key: str, label: str, cells: Sequence[str]) -> CompareRow:
    return CompareRow(key, label, tuple(cells), differs=len(set(cells)) > 1)


def _facts(scene: Scene, entry: Entry) -> Mapping[str, object]:
    manifest = scene.manifest(entry.name)
    return {} if manifest is None else manifest.facts


def _origin_text(name: str, value: object) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, list):
        return printable(" ".join(map(str, value)))
    text = printable(str(value))
    return text[:_COMMIT] if name == "git_commit" else text


def _moment(seconds: float | None) -> str:
    try:
        return NOTHING if seconds is None else time.strftime("%b %d %H:%M", time.localtime(seconds))
    except (OverflowError, ValueError, OSError):
        return "?"


def title_of(comparison: Comparison) -> str:
    """What is compared."""
    told = f"{plural(len(comparison.entries), 'run')} side by side"
    return f"{told}; {plural(comparison.left_out, 'more run')} left out" if comparison.left_out else told
