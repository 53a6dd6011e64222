"""Operations on strings: what they refuse; what they give is compared with TensorFlow in test_array_golden."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import trackml as tf

REFUSED: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "integers have no precision": (
        lambda: tf.as_string([1], precision=2),
        ValueError,
        "precision not supported for datatype int32",
    ),
    "integers are not scientific": (
        lambda: tf.as_string([True], scientific=True),
        ValueError,
        "scientific and shortest format not supported for datatype bool",
    ),
    "one notation": (
        lambda: tf.as_string([1.0], scientific=True, shortest=True),
        ValueError,
        "Cannot select both scientific and shortest",
    ),
    "one character fills": (lambda: tf.as_string([1.0], fill="00"), ValueError, "one or fewer characters"),
    "a character that fills": (lambda: tf.as_string([1.0], width=3, fill="x"), ValueError, "not supported: x"),
    "strings are text": (lambda: tf.as_string(["a"]), TypeError, "has DataType string"),
    "a unit": (lambda: tf.strings.length("a", unit="WORD"), ValueError, "must be 'BYTE' or 'UTF8_CHAR'; got 'WORD'"),
    "an encoding": (lambda: tf.strings.lower("a", "latin-1"), ValueError, "encoding must be '' or 'utf-8'"),
    "placeholders": (lambda: tf.strings.format("{}", [1, 2]), ValueError, r"1 placeholder\(s\).*2 tensor\(s\)"),
    "numbers": (lambda: tf.strings.length(tf.constant(1)), ValueError, "requested dtype string"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_mistakes_show_while_the_graph_is_built(case: str) -> None:
    make, kind, message = REFUSED[case]
    with tf.Graph().as_default(), pytest.raises(kind, match=message):
        make()


@pytest.mark.parametrize("text", ["abc", "", "1_0", "1.5", "2147483648", "1 2"])
def test_what_is_no_int32(text: str) -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        words = tf.placeholder(tf.string, [None])
        number = tf.string_to_number(words, tf.int32)
        with pytest.raises(
            tf.errors.InvalidArgumentError, match=f"StringToNumberOp could not correctly convert string: {text}"
        ):
            session.run(number, {words: [text]})


def test_a_substring_starts_inside() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        words = tf.placeholder(tf.string, [None])
        part = tf.strings.substr(words, [1, -2], [1, 1])
        assert session.run(part, {words: ["abc", "de"]}).tolist() == [b"b", b"d"]
        with pytest.raises(tf.errors.InvalidArgumentError, match="pos -2 out of range for string b'd'"):
            session.run(part, {words: ["abc", "d"]})


def test_join_wants_one_shape() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        words = tf.placeholder(tf.string)
        joined = tf.strings.join([words, ["a", "b"]])
        with pytest.raises(tf.errors.InvalidArgumentError, match="Input shapes do not match"):
            session.run(joined, {words: ["x", "y", "z"]})
        assert session.run(joined, {words: "x"}).tolist() == [b"xa", b"xb"]


def test_scalars_stay_scalars() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        word = tf.placeholder(tf.string, [])
        found = session.run(
            [tf.strings.join([word, "b"]), tf.strings.upper(word), tf.strings.length(word)], {word: "a"}
        )
    assert found == [b"ab", b"A", 1]


def test_letters_of_other_alphabets_change_case_in_utf8() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        words = session.run([tf.strings.lower("ÄA", encoding="utf-8"), tf.strings.upper("äa", encoding="utf-8")])
        plain = session.run(tf.strings.lower("ÄA"))
    assert [word.decode() for word in [*words, plain]] == ["äa", "ÄA", "Äa"]


def test_arrays_of_any_rank() -> None:
    words = np.array([["a", "bc"], ["d", ""]], dtype=object)
    with tf.Graph().as_default(), tf.Session() as session:
        assert session.run(tf.strings.length(words)).tolist() == [[1, 2], [1, 0]]
        assert session.run(tf.strings.reduce_join(words, 1)).tolist() == [b"abc", b"d"]
