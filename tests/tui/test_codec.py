"""Choices as tables: there and back, and what is said of tables that do not fit."""

from __future__ import annotations

import contextlib
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from trackml_tui.codec import default_of, from_table, to_table
from trackml_tui.view import View

if typing.TYPE_CHECKING:
    import tomllib
else:
    try:
        import tomllib
    except ImportError:
        import tomli as tomllib


@dataclass(frozen=True)
class Inner:
    size: tuple[int, int] = (1, 2)
    names: tuple[str, ...] = ()
    rate: float = 0.5


@dataclass(frozen=True)
class Outer:
    word: str = "x"
    maybe: str | None = None
    only: frozenset[str] | None = None
    flag: bool = False
    pairs: tuple[tuple[str, float, float], ...] = ()
    inner: Inner = field(default_factory=Inner)
    keys: Mapping[str, str] = field(default_factory=dict)


def test_defaults_leave_no_trace() -> None:
    assert to_table(Outer()) == {}


def test_there_and_back() -> None:
    value = Outer(
        word="a\nb",
        maybe="m",
        only=frozenset({"z", "a"}),
        flag=True,
        pairs=(("loss", 0.0, 1e-9),),
        inner=Inner((3, 4), ("n",), float("inf")),
        keys={"run.toggle": "t"},
    )
    table = tomllib.loads(tomli_w.dumps(to_table(value)))
    assert table["only"] == ["a", "z"]
    assert from_table(Outer, table) == (value, [])


def test_an_empty_set_is_not_the_same_as_none() -> None:
    assert from_table(Outer, to_table(Outer(only=frozenset())))[0].only == frozenset()


def test_whole_numbers_serve_as_numbers() -> None:
    assert from_table(Inner, {"rate": 1}) == (Inner(rate=1.0), [])


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ({"word": 3}, "word: expected text, got 3"),
        ({"flag": 1}, "flag: expected true or false, got 1"),
        ({"maybe": False}, "maybe: expected text, got False"),
        ({"inner": {"rate": "fast"}}, "inner.rate: expected a number, got 'fast'"),
        ({"inner": {"rate": True}}, "inner.rate: expected a number, got True"),
        ({"inner": {"size": [1]}}, "inner.size: expected 2 values, got 1"),
        ({"inner": {"names": "n"}}, "inner.names: expected a list, got 'n'"),
        ({"inner": 3}, "inner: expected a table, got 3"),
        ({"pairs": [["loss", 0.0, "x"]]}, "pairs[0][2]: expected a number, got 'x'"),
        ({"keys": {"a": 1}}, "keys.a: expected text, got 1"),
        ({"colour": 1}, "colour: there is no such setting"),
        ({"inner": {"colour": 1}}, "inner.colour: there is no such setting"),
    ],
)
def test_what_does_not_fit_is_named_and_the_rest_is_taken(table: dict[str, Any], complaint: str) -> None:
    value, complaints = from_table(Outer, {**table, **({} if "word" in table else {"word": "taken"})})
    assert complaints == [complaint]
    assert value.word == ("x" if "word" in table else "taken")


def _values(kind: Any) -> st.SearchStrategy[Any]:
    """Any value that a field of a view may have."""
    text = st.text(st.characters(codec="utf-8"), max_size=8)
    numbers = st.floats(allow_nan=False)
    plain = {str: text, int: st.integers(-(2**62), 2**62), float: numbers, bool: st.booleans(), type(None): st.none()}
    if kind in plain:
        return plain[kind]
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple and Ellipsis not in arguments:
        return st.tuples(*map(_values, arguments))
    if origin is tuple:
        return st.lists(_values(arguments[0]), max_size=3).map(tuple)
    if origin is frozenset:
        return st.frozensets(_values(arguments[0]), max_size=3)
    if is_dataclass(kind):
        return _built(kind)
    return st.one_of(*map(_values, arguments))


@st.composite
def _built(draw: st.DrawFn, kind: Any) -> Any:
    """A value of a dataclass; a field that refuses what was drawn keeps its default."""
    hints = typing.get_type_hints(kind)
    value = kind()
    for each in fields(kind):
        drawn = draw(_values(hints[each.name]))
        with contextlib.suppress(ValueError):
            value = replace(value, **{each.name: drawn})
    return value


@given(_built(View))
def test_every_view_survives_its_file(view: View) -> None:
    table = tomllib.loads(tomli_w.dumps(to_table(view)))
    assert from_table(View, table) == (view, [])


def test_every_choice_has_a_default_that_no_file_needs() -> None:
    assert to_table(View()) == {}
    assert all(default_of(each) == getattr(View(), each.name) for each in fields(View))
    assert to_table(replace(View(), tag="loss")) == {"tag": "loss"}
