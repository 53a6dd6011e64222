"""The columns of the leaderboard: what each says of a run, and how it is sorted and shown."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from trackml_tui.catalog.extremes import Extremes, extremes_of, lower_is_better
from trackml_tui.catalog.params import Param, show_param
from trackml_tui.formatting import NOTHING, age, aligned, compact, number, printable
from trackml_tui.leaderboard.entries import Entry
from trackml_tui.order import natural_key

Sortable: TypeAlias = tuple[object, ...]
"""What a cell is sorted by. Its first element is 0 for a value, 1 for NaN, 2 for nothing: these come last."""
_MOST_PARAMS = 12
_MOST_METRICS = 3
_PARAM_DIGITS = 5
_WIDEST_PARAM = 24
_WIDEST_METRIC = 20
_LAST_PARTS = ("loss", "accuracy", "acc", "auc", "f1", "reward", "return", "score")


@dataclass(frozen=True, slots=True)
class Column:
    """One column."""

    key: str
    heading: str
    width: int
    """In cells."""
    text: Callable[[Entry], str]
    sortable: Callable[[Entry], Sortable]
    """Ascending, the better or earlier first."""
    left: bool = False
    """Whether texts begin at the left edge; numbers end at the right one."""
    tag: str | None = None
    """The metric that it shows."""
    best: frozenset[str] = frozenset()
    """The runs with the best value of all."""


def metric_columns(entries: Sequence[Entry], tag: str, *, lower: bool) -> list[Column]:
    """Two columns: the best value of a metric with its step, and the last one."""
    ends = {entry.name: found for entry in entries if (found := _ends(entry, tag)) is not None}
    points = {name: point for name, found in ends.items() if (point := found.best(lower=lower)) is not None}
    show_last = aligned(found.last.value for found in ends.values())
    show_best = aligned(point.value for point in points.values())
    steps = max((len(compact(point.step)) for point in points.values()), default=0)
    sign = 1.0 if lower else -1.0

    def best(entry: Entry) -> Sortable:
        point = points.get(entry.name)
        return (2,) if point is None else (0, sign * point.value)

    def best_text(entry: Entry) -> str:
        point = points.get(entry.name)
        return NOTHING if point is None else f"{show_best(point.value)} @{compact(point.step):<{steps}}"

    def last(entry: Entry) -> Sortable:
        found = ends.get(entry.name)
        value = math.nan if found is None else found.last.value
        return (2,) if found is None else (1,) if math.isnan(value) else (0, sign * value)

    def last_text(entry: Entry) -> str:
        found = ends.get(entry.name)
        return NOTHING if found is None else show_last(found.last.value)

    name, end = short_tag(tag), "min" if lower else "max"
    return [
        Column(
            f"best:{tag}",
            f"{end} {name}",
            max(15, min(len(name) + 5, _WIDEST_METRIC)),
            best_text,
            best,
            tag=tag,
            best=_leaders(entries, best),
        ),
        Column(
            f"last:{tag}",
            name,
            max(10, min(len(name) + 1, _WIDEST_METRIC)),
            last_text,
            last,
            tag=tag,
            best=_leaders(entries, last),
        ),
    ]


def state_columns() -> list[Column]:
    """How a run is doing: status, step, speed, time left."""
    return [
        Column(
            "status", "status", 8, lambda entry: entry.status.value, lambda entry: (0, entry.status.value), left=True
        ),
        Column(
            "step", "step", 7, lambda entry: _or_nothing(entry.step, compact), lambda entry: _descending(entry.step)
        ),
        Column(
            "rate", "steps/s", 8, lambda entry: _or_nothing(entry.rate, number), lambda entry: _descending(entry.rate)
        ),
        Column("left", "left", 7, _left_text, lambda entry: _ascending(entry.left)),
    ]


def param_columns(entries: Sequence[Entry], *, all_params: bool = False) -> list[Column]:
    """The hyperparameters that are not the same in all runs that have some, those with the fewest values first."""
    values: dict[str, set[Param | None]] = {}
    with_params = [entry for entry in entries if entry.params]
    for entry in with_params:
        for name in entry.params:
            values.setdefault(name, set())
    for name, found in values.items():
        found.update(entry.params.get(name) for entry in with_params)
    names = [name for name, found in values.items() if len(found) > 1 or all_params]
    names.sort(key=lambda name: (len(values[name]), natural_key(name)))
    return [_param_column(name, values[name]) for name in names[:_MOST_PARAMS]]


def end_columns() -> list[Column]:
    """What is looked at last: age, damage, duration, note."""
    return [
        Column("age", "event", 6, lambda entry: _or_nothing(entry.age, age), lambda entry: _ascending(entry.age)),
        Column(
            "duration",
            "took",
            6,
            lambda entry: _or_nothing(entry.duration, span),
            lambda entry: _ascending(entry.duration),
        ),
        Column("damaged", "bad files", 9, lambda entry: str(entry.damaged or ""), lambda entry: (0, -entry.damaged)),
        Column(
            "note",
            "note",
            20,
            lambda entry: printable(entry.note),
            lambda entry: (0 if entry.note else 2, entry.note),
            left=True,
        ),
    ]


def default_metrics(tags: Iterable[str], chosen: str | None) -> tuple[str, ...]:
    """The tags that tell most: the chosen one, and what else is called loss, accuracy or so, evaluations first."""
    ranked = sorted(tags, key=lambda tag: (_rank(tag), natural_key(tag)))
    likely = [tag for tag in ranked if _rank(tag)[0] < len(_LAST_PARTS)]
    return tuple(dict.fromkeys([*([chosen] if chosen is not None else []), *likely, *ranked[:1]]))[:_MOST_METRICS]


def is_lower_better(tag: str, flipped: frozenset[str]) -> bool:
    """Whether small values are good, as the name says, or as the user does."""
    return lower_is_better(tag) != (tag in flipped)


def short_tag(tag: str) -> str:
    """A tag in at most eighteen cells or so: its last parts."""
    name = printable(tag)
    while len(name) > 18 and "/" in name:
        name = name.split("/", 1)[1]
    return name


def span(seconds: float) -> str:
    """A length of time in its two largest units: `45s`, `3m20s`, `2h05m`, `3d04h`."""
    if not 0.0 <= seconds < 1e10:
        return "?"
    whole = int(seconds)
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m{whole % 60:02d}s"
    if whole < 86400:
        return f"{whole // 3600}h{whole % 3600 // 60:02d}m"
    return f"{whole // 86400}d{whole % 86400 // 3600:02d}h"


def _param_column(name: str, values: set[Param | None]) -> Column:
    show = _shows_param({value for value in values if value is not None})
    shown = [show(value) for value in values if value is not None]
    width = min(max(len(name.rsplit(".", 1)[-1]), *map(len, shown), 4), _WIDEST_PARAM)
    are_numbers = all(not isinstance(value, str) for value in values)

    def sortable(entry: Entry) -> Sortable:
        value = entry.params.get(name)
        if value is None:
            return (2,)
        return (0, 1, natural_key(value)) if isinstance(value, str) else (0, 0, float(value))

    def text(entry: Entry) -> str:
        return printable(show(entry.params[name])) if name in entry.params else NOTHING

    heading = printable(name if len(name) <= width else name.rsplit(".", 1)[-1])
    return Column(f"hparam:{name}", heading, width, text, sortable, left=not are_numbers)


def _shows_param(values: set[Param]) -> Callable[[Param], str]:
    """How a column shows its values: fractions with few digits, unless that makes different ones look alike."""
    is_clear = len({_short_param(value) for value in values}) == len(values)
    return _short_param if is_clear else show_param


def _short_param(value: Param) -> str:
    is_fraction = isinstance(value, float) and math.isfinite(value) and not value.is_integer()
    return f"{value:.{_PARAM_DIGITS}g}" if is_fraction else show_param(value)


def _leaders(entries: Sequence[Entry], sortable: Callable[[Entry], Sortable]) -> frozenset[str]:
    """The runs with the best value; none if all are equal, or there is only one."""
    values = {entry.name: found for entry in entries if (found := sortable(entry))[0] == 0}
    if len(set(values.values())) < 2:
        return frozenset()
    top = min(values.values())
    return frozenset(name for name, value in values.items() if value == top)


def _ends(entry: Entry, tag: str) -> Extremes | None:
    series = entry.series(tag)
    return None if series is None else extremes_of(series)


def _left_text(entry: Entry) -> str:
    return NOTHING if entry.left is None else f"{'' if entry.goal_is_told else '~'}{span(entry.left)}"


def _rank(tag: str) -> tuple[int, int]:
    last = tag.rsplit("/", 1)[-1].casefold()
    place = next((place for place, part in enumerate(_LAST_PARTS) if last == part or last.endswith(f"_{part}")), 99)
    return place, 0 if "eval" in tag.casefold() or "val" in tag.casefold() or "test" in tag.casefold() else 1


def _or_nothing(value: float | int | None, show: Callable[[float], str] | Callable[[int], str]) -> str:
    return NOTHING if value is None else show(value)  # type: ignore[arg-type]


def _ascending(value: float | None) -> Sortable:
    return (2,) if value is None else (0, value)


def _descending(value: float | None) -> Sortable:
    return (2,) if value is None else (0, -value)
