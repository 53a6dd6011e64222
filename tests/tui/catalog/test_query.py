from __future__ import annotations

import pytest

from trackml_tui.catalog.query import EVERYTHING, All, Any, Comparison, Not, Query, QueryError, Word, is_plain, parse

LR, ACC = Comparison("lr", "<", "0.01", "lr<0.01"), Comparison("acc", ">", "0.9", "acc>0.9")


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", EVERYTHING),
        ("   ", EVERYTHING),
        ("lr<0.01", LR),
        ("lr<0.01 and acc>0.9", All((LR, ACC))),
        ("lr<0.01 acc>0.9", All((LR, ACC))),
        ("lr<0.01 or acc>0.9", Any((LR, ACC))),
        ("lr<0.01 OR acc>0.9 and adam", Any((LR, All((ACC, Word("adam")))))),
        ("(lr<0.01 or acc>0.9) and adam", All((Any((LR, ACC)), Word("adam")))),
        ('not name~"test"', Not(Comparison("name", "~", "test", 'name~"test"', quoted=True))),
        ("not not adam", Not(Not(Word("adam")))),
        ("not (a or b)", Not(Any((Word("a"), Word("b"))))),
        ("name:lr=*", Comparison("name", ":", "lr=*", "name:lr=*")),
        ("lr >= 1e-3", Comparison("lr", ">=", "1e-3", "lr >= 1e-3")),
        ("last(loss)<=2", Comparison("last(loss)", "<=", "2", "last(loss)<=2")),
        ("(loss.min!=0)", Comparison("loss.min", "!=", "0", "loss.min!=0")),
        ('"my tag" < 3', Comparison("my tag", "<", "3", '"my tag" < 3')),
        ("optimizer='a b'", Comparison("optimizer", "=", "a b", "optimizer='a b'", quoted=True)),
        ('note=""', Comparison("note", "=", "", 'note=""', quoted=True)),
        ('"a b"', Word("a b")),
        ("android or notes", Any((Word("android"), Word("notes")))),
        ("not=1", Comparison("not", "=", "1", "not=1")),
        ("or = 1", Comparison("or", "=", "1", "or = 1")),
        ("or=1 and or<2", All((Comparison("or", "=", "1", "or=1"), Comparison("or", "<", "2", "or<2")))),
    ],
)
def test_a_text_says_a_query(text: str, query: Query) -> None:
    assert parse(text) == query


@pytest.mark.parametrize(
    "pattern",
    [
        "^lr",
        "a|b",
        "(x|y)z",
        "foo(bar)?",
        "run[12]",
        "(?:a|b)+",
        "(?!eval)run",
        "(?<=x)y",
        "[<=>]",
        r"a\=b",
        "(?i)RUN",
        ".",
    ],
)
def test_a_text_without_operators_is_one_regular_expression(pattern: str) -> None:
    assert is_plain(pattern)
    assert parse(pattern) == Word(pattern)


@pytest.mark.parametrize("pattern", ["(?:a|b)c", "run[<]", "a(b|c)d"])
def test_a_regular_expression_stands_beside_other_terms(pattern: str) -> None:
    assert parse(f"{pattern} and lr<0.01") == All((Word(pattern), LR))


@pytest.mark.parametrize(
    ("text", "reason", "column"),
    [
        ("1(", "missing ), unterminated subpattern", 1),
        ("lr <", "expected a value after <", 4),
        ("(a or b", "a parenthesis that is not closed", 0),
        ("a or b)", "a parenthesis that was not opened", 6),
        ("a and", "expected a word or a comparison such as lr<0.01", 5),
        ("and a", "expected something before 'and'", 0),
        ("name ~ [", "unterminated character set", 7),
        ('name~"a(" b', "missing ), unterminated subpattern", 7),
        ("name='x", "a quote that is not closed", 5),
        ("< 3", "expected a word or a comparison such as lr<0.01", 0),
        ("a or or b", "expected something before 'or'", 5),
        ("not ", "expected a word or a comparison such as lr<0.01", 4),
        ("(" * 60 + " a", "too many parentheses", 50),
    ],
)
def test_what_is_wrong_is_told_with_its_column(text: str, reason: str, column: int) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert (caught.value.reason, caught.value.column) == (reason, column)
    assert str(caught.value) == f"column {column + 1}: {reason}"
