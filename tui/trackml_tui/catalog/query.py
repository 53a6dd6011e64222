"""The language in which runs are picked: `lr<0.01 and acc>0.9 and not name~"test"`.

    query      = any
    any        = all {"or" all}
    all        = term {["and"] term}
    term       = "not" term | "(" any ")" | comparison | word
    comparison = field operator value
    operator   = "=" "!=" "<" "<=" ">" ">=" "~" (regular expression) ":" (pattern with * and ?)

A word is a regular expression that is looked for in the name. So is a whole text without blanks, quotes and operators,
whatever else is in it. Quotes take blanks and operators into a field, a value or a word. What fields there are depends
on the runs: see `selection`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

_OPERATOR = re.compile(r"!=|<=|>=|[=<>~:]")
_NO_OPERATORS = re.compile(r"\\.|\[[^\]]*\]|\(\?(?:P?<?[=!:>]|P<\w+>|[a-zA-Z]+[:)])")
"""Parts of regular expressions that would look like operators."""
_DEEPEST = 50
_WORDS = frozenset({"and", "or", "not"})


class QueryError(ValueError):
    """Why a text is no query.

    Args:
        reason: For the user.
        column: Where in the text, from 0.
    """

    def __init__(self, reason: str, column: int) -> None:
        super().__init__(f"column {column + 1}: {reason}")
        self.reason = reason
        self.column = column


@dataclass(frozen=True, slots=True)
class Word:
    """Runs whose name a regular expression finds."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Runs whose field compares so with a value."""

    field: str
    operator: str
    value: str
    source: str
    """As it was typed, which may be meant as a word."""
    quoted: bool = False
    """Whether the value was in quotes: text, even if it looks like a number."""


@dataclass(frozen=True, slots=True)
class Not:
    """All other runs."""

    term: Query


@dataclass(frozen=True, slots=True)
class All:
    """Runs that every term picks."""

    terms: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """Runs that some term picks."""

    terms: tuple[Query, ...]


Query: TypeAlias = "Word | Comparison | Not | All | Any"
EVERYTHING = All(())
"""Picks every run."""


@lru_cache(maxsize=256)
def parse(text: str) -> Query:
    """The query that a text says; an empty one picks everything.

    Raises:
        QueryError: If it says none; it tells where.
    """
    if not text.strip():
        return EVERYTHING
    if is_plain(text):
        return Word(_checked(text, 0))
    return _Parser(text).whole()


def query_error(text: str) -> QueryError | None:
    """Why a text is no query; None if it is one."""
    try:
        parse(text)
    except QueryError as error:
        return error
    return None


def is_plain(text: str) -> bool:
    """Whether the whole text is one regular expression on the name: no blanks, no quotes, no operators."""
    rest = _NO_OPERATORS.sub("", text)
    return not re.search(r"[\s\"']", text) and not _OPERATOR.search(rest)


def _checked(pattern: str, column: int) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise QueryError(str(error.msg), column + (error.pos or 0)) from None
    return pattern


class _Parser:
    """Recursive descent over the characters: what ends a word depends on where it stands."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0

    def whole(self) -> Query:
        """The query of the whole text."""
        query = self._any()
        if self._peek():
            raise QueryError("a parenthesis that was not opened", self._at)
        return query

    def _any(self) -> Query:
        terms = [self._all()]
        while self._keyword("or"):
            terms.append(self._all())
        return terms[0] if len(terms) == 1 else Any(tuple(terms))

    def _all(self) -> Query:
        terms = [self._term()]
        while self._keyword("and") or (self._peek() not in ("", ")") and not self._sees("or")):
            terms.append(self._term())
        return terms[0] if len(terms) == 1 else All(tuple(terms))

    def _term(self) -> Query:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise QueryError("too many parentheses", self._at)
        try:
            return Not(self._term()) if self._keyword("not") else self._group() or self._leaf()
        finally:
            self._depth -= 1

    def _group(self) -> Query | None:
        start = self._at
        if self._peek() != "(" or self._text.startswith("(?", self._at):
            return None
        self._at += 1
        query = self._any()
        if self._peek() != ")":
            raise QueryError("a parenthesis that is not closed", start)
        self._at += 1
        return query

    def _leaf(self) -> Query:
        self._blanks()
        start = self._at
        field, quoted = self._operand(operators=True)
        if not field and not quoted:
            raise QueryError("expected a word or a comparison such as lr<0.01", start)
        end = self._at
        self._blanks()
        operator = _OPERATOR.match(self._text, self._at)
        if operator is None:
            self._at = end
            if not quoted and field.casefold() in _WORDS:
                raise QueryError(f"expected something before {field!r}", start)
            return Word(_checked(field, start + quoted))
        self._at = operator.end()
        return self._comparison(field, operator.group(), start)

    def _comparison(self, field: str, operator: str, start: int) -> Comparison:
        self._blanks()
        column = self._at
        value, quoted = self._operand(operators=False)
        if not value and not quoted:
            raise QueryError(f"expected a value after {operator}", column)
        if operator == "~":
            _checked(value, column + quoted)
        return Comparison(field, operator, value, self._text[start : self._at], quoted)

    def _operand(self, *, operators: bool) -> tuple[str, bool]:
        """A quoted text, or what stands up to a blank, a closing parenthesis or, with `operators`, one of these."""
        if self._at < len(self._text) and self._text[self._at] in "\"'":
            return self._quoted(self._text[self._at]), True
        start, open_ = self._at, 0
        while self._at < len(self._text):
            character = self._text[self._at]
            if character.isspace() or character in "\"'" or (character == ")" and not open_):
                break
            skipped = _NO_OPERATORS.match(self._text, self._at)
            if skipped is None and operators and _OPERATOR.match(self._text, self._at):
                break
            open_ += (character == "(") - (character == ")")
            if skipped is not None and skipped.group().endswith(")"):
                open_ -= 1
            self._at = skipped.end() if skipped is not None else self._at + 1
        return self._text[start : self._at], False

    def _quoted(self, quote: str) -> str:
        start = self._at
        end = self._text.find(quote, start + 1)
        if end < 0:
            raise QueryError("a quote that is not closed", start)
        self._at = end + 1
        return self._text[start + 1 : end]

    def _keyword(self, word: str) -> bool:
        found = self._sees(word)
        if found:
            self._at += len(word)
        return found

    def _sees(self, word: str) -> bool:
        self._blanks()
        end = self._at + len(word)
        if self._text[self._at : end].casefold() != word:
            return False
        rest = self._text[end:].lstrip()
        # `or = 1` compares a field that has the name of a keyword.
        return not rest or ((self._text[end].isspace() or self._text[end] in "()\"'") and not _OPERATOR.match(rest))

    def _peek(self) -> str:
        self._blanks()
        return self._text[self._at : self._at + 1]

    def _blanks(self) -> None:
        while self._at < len(self._text) and self._text[self._at].isspace():
            self._at += 1
