"""Which runs a query picks, and what in it made no sense for them.

Fields, the first that suits:

- of any run: `name`, `label`, `status`, `step`, `age`, `duration`, `group`, `note`, `star`, `archived`, `damaged`;
  `is:live`, `is:bad`, `is:star`, `is:noted`, `is:archived`; `has:loss` for a tag or a hyperparameter;
- a hyperparameter's name, also as `hparam.lr`;
- a tag for its last value; `loss.min`, `min(loss)` and so on with `first`, `last`, `min`, `max`, `best`, `points`;
- the last part of a hyperparameter's or tag's name, if no other ends in the same: `accuracy` for `eval/accuracy`.

What a run does not have equals nothing: every comparison but `!=` fails.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import translate
from functools import lru_cache
from typing import TypeAlias

from trackml_tui.catalog.candidates import Candidate
from trackml_tui.catalog.extremes import extremes_of, lower_is_better
from trackml_tui.catalog.params import show_param
from trackml_tui.catalog.query import All, Any, Comparison, Not, Query, Word

Value: TypeAlias = "bool | float | str | None"
Getter: TypeAlias = Callable[[Candidate], Value]
Test: TypeAlias = Callable[[Candidate], bool]

_REDUCTIONS = ("first", "last", "min", "max", "best", "points")
_CALL = re.compile(rf"({'|'.join(_REDUCTIONS)})\((.*)\)", re.DOTALL)
_SUFFIX = re.compile(rf"(.*)\.({'|'.join(_REDUCTIONS)})", re.DOTALL)
_UNITS = {"ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_MULTIPLES = {"k": 1e3, "M": 1e6, "G": 1e9}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|[smhdw])")
_SECONDS = frozenset({"age", "duration"})
_TRUTHS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
_CLOSE = 1e-6
"""Relative difference below which numbers are equal: values are kept as float32."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What a query picked."""

    chosen: tuple[Candidate, ...]
    reasons: tuple[str, ...] = ()
    """Why parts of the query picked nothing, for the user."""


def select(query: Query, candidates: Sequence[Candidate]) -> Selection:
    """The runs that `query` picks, in the order of `candidates`."""
    compiler = _Compiler(candidates)
    test = compiler.test(query)
    chosen = tuple(candidate for candidate in candidates if test(candidate))
    return Selection(chosen, tuple(dict.fromkeys(compiler.reasons)))


class _Compiler:
    """Makes functions of queries; what a field is depends on all the runs there are."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self._candidates = candidates
        self.reasons: list[str] = []

    def test(self, query: Query) -> Test:
        """A function that says whether a run is picked."""
        if isinstance(query, Word):
            find = re.compile(query.pattern, re.IGNORECASE).search
            return lambda candidate: bool(find(candidate.name) or (candidate.label.name and find(candidate.label.name)))
        if isinstance(query, Not):
            inner = self.test(query.term)
            return lambda candidate: not inner(candidate)
        if isinstance(query, All):
            tests = [self.test(term) for term in query.terms]
            return lambda candidate: all(test(candidate) for test in tests)
        if isinstance(query, Any):
            tests = [self.test(term) for term in query.terms]
            return lambda candidate: any(test(candidate) for test in tests)
        return self._comparison(query)

    def _comparison(self, comparison: Comparison) -> Test:
        if comparison.field.casefold() in ("is", "has") and comparison.operator in (":", "="):
            return self._property(comparison)
        getter = self._getter(comparison.field)
        if getter is None:
            return self._unknown(comparison)
        if comparison.operator in ("~", ":"):
            return _matching(getter, _pattern(comparison))
        if comparison.operator in ("=", "!="):
            equal = _equal_to(getter, comparison)
            return equal if comparison.operator == "=" else lambda candidate: not equal(candidate)
        return self._ordered(comparison, getter)

    def _unknown(self, comparison: Comparison) -> Test:
        """`lr=0.1` may be a part of names where no run has that hyperparameter."""
        word = re.escape(comparison.source)
        if comparison.operator in ("=", ":") and " " not in comparison.source:
            found = [bool(re.search(word, candidate.name, re.IGNORECASE)) for candidate in self._candidates]
            if any(found):
                return self.test(Word(word))
        self.reasons.append(f"no run has {comparison.field}")
        return lambda candidate: comparison.operator == "!="

    def _property(self, comparison: Comparison) -> Test:
        word = comparison.value.casefold()
        if comparison.field.casefold() == "has":
            getter = self._getter(comparison.value)
            return lambda candidate: getter is not None and getter(candidate) not in (None, "", False)
        if word in _PROPERTIES:
            return _PROPERTIES[word]
        self.reasons.append(f"a run is {', '.join(sorted(_PROPERTIES))}; not {comparison.value}")
        return lambda candidate: False

    def _ordered(self, comparison: Comparison, getter: Getter) -> Test:
        threshold = None if comparison.quoted else _number(comparison)
        if threshold is None:
            self.reasons.append(f"{comparison.operator} compares numbers; {comparison.value} is none")
            return lambda candidate: False
        compare = _ORDERS[comparison.operator]

        def test(candidate: Candidate) -> bool:
            value = getter(candidate)
            if isinstance(value, str):
                self.reasons.append(f"{comparison.operator} compares numbers; {comparison.field} is text")
                return False
            return value is not None and compare(float(value), threshold)

        return test

    def _getter(self, field: str) -> Getter | None:
        """Gives the values of a field; None if no run has it."""
        known = field.casefold()
        if known in _FIELDS:
            return _FIELDS[known]
        return self._param(field) or self._tag(field) or self._reduced(field) or self._last_part(field)

    def _param(self, field: str) -> Getter | None:
        for name in (field, field.removeprefix("hparam.").removeprefix("hparams.")):
            if any(name in candidate.params for candidate in self._candidates):
                return lambda candidate: candidate.params.get(name)
        return None

    def _tag(self, tag: str, reduction: str = "last") -> Getter | None:
        if not any(tag in candidate.run.scalars for candidate in self._candidates):
            return None
        lower = lower_is_better(tag)
        return lambda candidate: _reduce(candidate, tag, reduction, lower)

    def _reduced(self, field: str) -> Getter | None:
        call, suffix = _CALL.fullmatch(field), _SUFFIX.fullmatch(field)
        if call is not None:
            reduction, tag = call.groups()
        elif suffix is not None:
            tag, reduction = suffix.groups()
        else:
            return None
        whole = tag if self._tag(tag) else self._only_tag(tag)
        return None if whole is None else self._tag(whole, reduction)

    def _last_part(self, field: str) -> Getter | None:
        params = {name for candidate in self._candidates for name in candidate.params if _ends_in(name, field)}
        if len(params) == 1:
            return self._param(params.pop())
        tag = self._only_tag(field)
        return None if tag is None else self._tag(tag)

    def _only_tag(self, part: str) -> str | None:
        tags = {tag for candidate in self._candidates for tag in candidate.run.scalars if _ends_in(tag, part)}
        if len(tags) > 1:
            self.reasons.append(f"{part} may be {', '.join(sorted(tags)[:4])}")
        return tags.pop() if len(tags) == 1 else None


def _ends_in(name: str, part: str) -> bool:
    return name.endswith(part) and name[: -len(part)].endswith(("/", ".")) and bool(part)


def _reduce(candidate: Candidate, tag: str, reduction: str, lower: bool) -> float | None:
    series = candidate.run.scalars.get(tag)
    if series is None or not len(series):
        return None
    if reduction == "points":
        return float(len(series))
    if reduction in ("last", "first"):
        return float(series.held_value[-1 if reduction == "last" else 0])
    extremes = extremes_of(series)
    low = reduction == "min" or (reduction == "best" and lower)
    point = None if extremes is None else extremes.best(lower=low)
    return None if point is None else point.value


def _step(candidate: Candidate) -> float | None:
    return None if candidate.run.last_step is None else float(candidate.run.last_step)


def _duration(candidate: Candidate) -> float | None:
    first, last = candidate.run.first_wall_time, candidate.run.last_wall_time
    return None if first is None or last is None else last - first


_FIELDS: dict[str, Getter] = {
    "name": lambda candidate: candidate.name,
    "run": lambda candidate: candidate.name,
    "label": lambda candidate: candidate.label.name,
    "status": lambda candidate: candidate.status.value.rstrip("?"),
    "step": _step,
    "age": lambda candidate: candidate.age,
    "duration": _duration,
    "group": lambda candidate: candidate.group,
    "note": lambda candidate: candidate.label.note,
    "star": lambda candidate: candidate.label.starred,
    "starred": lambda candidate: candidate.label.starred,
    "archived": lambda candidate: candidate.label.archived,
    "damaged": lambda candidate: any(file.status in ("corrupt", "unreadable") for file in candidate.run.health),
}
_PROPERTIES: dict[str, Test] = {
    "live": lambda candidate: candidate.status.is_live,
    "star": lambda candidate: candidate.label.starred,
    "starred": lambda candidate: candidate.label.starred,
    "archived": lambda candidate: candidate.label.archived,
    "noted": lambda candidate: bool(candidate.label.note),
    "damaged": lambda candidate: bool(_FIELDS["damaged"](candidate)),
    "bad": lambda candidate: candidate.status.is_bad,
}
_ORDERS: dict[str, Callable[[float, float], bool]] = {
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other or math.isclose(one, other, rel_tol=_CLOSE),
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other or math.isclose(one, other, rel_tol=_CLOSE),
}


def _pattern(comparison: Comparison) -> re.Pattern[str]:
    if comparison.operator == "~":
        return re.compile(comparison.value, re.IGNORECASE)
    return re.compile(translate(comparison.value), re.IGNORECASE)


def _matching(getter: Getter, pattern: re.Pattern[str]) -> Test:
    def test(candidate: Candidate) -> bool:
        value = getter(candidate)
        return value is not None and pattern.search(show_param(value)) is not None

    return test


def _equal_to(getter: Getter, comparison: Comparison) -> Test:
    text, number = comparison.value.casefold(), None if comparison.quoted else _number(comparison)
    truth = _TRUTHS.get(text)

    def test(candidate: Candidate) -> bool:
        value = getter(candidate)
        if isinstance(value, bool):
            return value is truth
        if isinstance(value, str):
            return value.casefold() == text
        return value is not None and number is not None and _same(value, number)

    return test


def _same(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=_CLOSE) or (math.isnan(one) and math.isnan(other))


def _number(comparison: Comparison) -> float | None:
    """The value as a number: `1e-3`, `10k`; of seconds also `5m` and `1h30m`. None if it is none."""
    text = comparison.value
    if comparison.field.casefold() in _SECONDS:
        return _duration_of(text)
    return _plain_number(text)


@lru_cache(maxsize=256)
def _duration_of(text: str) -> float | None:
    pieces = _DURATION.findall(text)
    if pieces and "".join(amount + unit for amount, unit in pieces) == text:
        return sum(float(amount) * _UNITS[unit] for amount, unit in pieces)
    return _plain_number(text)


def _plain_number(text: str) -> float | None:
    multiple = _MULTIPLES.get(text[-1:], 1.0)
    try:
        return float(text[:-1] if multiple != 1.0 else text) * multiple
    except ValueError:
        return None
