"""Functions that are run on many elements at once give what they give for each."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import trackml as tf
from trackml.data.pipeline import Context, Elementwise, Mapped

FLOATS = np.linspace(-2, 3, 35, dtype=np.float32)
MATRICES = FLOATS.reshape(7, 5, 1)
WORDS = np.array(["one", " Two ", "3", "-4.5", "", "six,7", "Acht"] * 5, object)
DIGITS = np.array([str(number) for number in range(35)], object)
NUMBERS = np.arange(35)


def one_by_one(dataset: tf.data.Dataset, function: Callable[..., Any]) -> tf.data.Dataset:
    """Behind a filter, rows come one at a time."""
    return dataset.filter(lambda *_: tf.constant(True)).map(function)


def elements(dataset: tf.data.Dataset) -> list[Any]:
    found: list[Any] = []
    with tf.Graph().as_default(), tf.Session() as session, contextlib.suppress(tf.errors.OutOfRangeError):
        following = tf.data.make_one_shot_iterator(dataset).get_next()
        while True:
            found.append(session.run(following))
    return found


def outcomes(dataset: tf.data.Dataset, count: int) -> list[Any]:
    """Elements, or what the errors say up to the operation in their place."""
    with tf.Graph().as_default(), tf.Session() as session:
        following = tf.data.make_one_shot_iterator(dataset).get_next()
        return [outcome(session, following) for _ in range(count)]


def outcome(session: tf.Session, following: Any) -> Any:
    try:
        return np.asarray(session.run(following)).tolist()
    except tf.errors.OpError as error:
        return str(error).partition(" [")[0]


def pipeline(dataset: tf.data.Dataset) -> Any:
    return dataset._node.build(Context(tf.Session().runtime, {}))


def assert_same(some: list[Any], others: list[Any]) -> None:
    assert len(some) == len(others) > 0
    for one, other in zip(some, others):
        flat, flat_other = tf.nest.flatten(one), tf.nest.flatten(other)
        for value, expected in zip(flat, flat_other, strict=True):
            assert np.asarray(value).dtype == np.asarray(expected).dtype
            np.testing.assert_array_equal(value, expected)


FUNCTIONS: dict[str, tuple[Any, Callable[..., Any]]] = {
    "decode_csv": (DIGITS, lambda line: tf.decode_csv(line, [[0.0]])),
    "string_to_number": (DIGITS, tf.string_to_number),
    "hash": (WORDS, lambda word: tf.strings.to_hash_bucket_fast(word, 10)),
    "strip": (WORDS, tf.strings.strip),
    "upper_lower": (WORDS, lambda word: (tf.strings.upper(word), tf.strings.lower(word))),
    "length": (WORDS, tf.strings.length),
    "joined_words": (WORDS, lambda word: tf.add(word, "!")),
    "replaced": (WORDS, lambda word: tf.strings.regex_replace(word, "[a-z]", "x")),
    "equal_words": (WORDS, lambda word: tf.equal(word, "one")),
    "as_string": (NUMBERS, tf.as_string),
    "decode_raw": (np.array([b"abcd", b"efgh"], object), lambda text: tf.decode_raw(text, tf.uint8)),
    "arithmetic": (FLOATS, lambda x: (x + 1) * 2 - x / 3),
    "powers": (FLOATS, lambda x: (x**2, tf.exp(x), tf.log(tf.abs(x) + 1), tf.sqrt(tf.square(x)))),
    "rounded": (FLOATS, lambda x: (tf.floor(x), tf.ceil(x), tf.round(x), tf.sign(x))),
    "casts": (FLOATS, lambda x: (tf.cast(x, tf.int32), tf.cast(x > 0, tf.float64))),
    "logic": (NUMBERS, lambda n: tf.logical_and(n > 3, tf.logical_not(tf.equal(n % 5, 0)))),
    "division": (NUMBERS, lambda n: (n // 4, n % 4, tf.maximum(n, 7), tf.minimum(n, 7))),
    "matrix_and_scalar": (MATRICES, lambda m: m * 2.0),
    "matrix_and_vector": (MATRICES, lambda m: m - tf.constant([[1.0, 2.0, 3.0]])),
    "scalar_and_vector": (FLOATS, lambda x: x * tf.constant([1.0, 2.0, 3.0])),
    "two_ranks": ((MATRICES, NUMBERS[:7].astype(np.float32)), lambda m, x: m * x),
    "one_hot": (NUMBERS % 4, lambda n: tf.one_hot(n, 4)),
    "one_hot_first": (np.arange(6).reshape(3, 2) % 4, lambda n: tf.one_hot(n, 4, axis=0)),
    "stack": (FLOATS, lambda x: tf.stack([x, x + 1, 7.0])),
    "stack_last": (MATRICES, lambda m: tf.stack([m, m], axis=-1)),
    "stack_second": (MATRICES, lambda m: tf.stack([m, m + 1], axis=1)),
    "concat": (MATRICES, lambda m: tf.concat([m, 2 * m, tf.ones([2, 1])], axis=0)),
    "concat_last": (MATRICES, lambda m: tf.concat([m, 2 * m], axis=-1)),
    "expand": (MATRICES, lambda m: (tf.expand_dims(m, 0), tf.expand_dims(m, -1), tf.expand_dims(m, -3))),
    "squeeze": (MATRICES, lambda m: tf.squeeze(m, [1])),
    "squeeze_last": (MATRICES, lambda m: tf.squeeze(m, [-1])),
    "squeeze_all": (MATRICES, tf.squeeze),
    "reshape": (MATRICES, lambda m: (tf.reshape(m, [-1]), tf.reshape(m, [1, 5]))),
    "transpose": (MATRICES, tf.transpose),
    "reduce": (MATRICES, tf.reduce_sum),
    "constant": (NUMBERS, lambda n: (n, tf.constant([1, 2]), tf.constant("word"))),
    "identity": (WORDS, lambda word: (tf.identity(word), word)),
    "dictionary": (NUMBERS, lambda n: {"n": n, "half": tf.cast(n, tf.float32) / 2}),
}


@pytest.mark.parametrize(("arrays", "function"), FUNCTIONS.values(), ids=FUNCTIONS)
def test_many_at_once_give_what_each_gives(arrays: Any, function: Callable[..., Any]) -> None:
    dataset = tf.data.Dataset.from_tensor_slices(arrays)
    assert_same(elements(dataset.map(function)), elements(one_by_one(dataset, function)))
    assert_same(elements(dataset.map(function).batch(3)), elements(one_by_one(dataset, function).batch(3)))


AT_ONCE = [name for name in FUNCTIONS if name not in ("one_hot_first", "squeeze_all", "transpose", "reduce")]


@pytest.mark.parametrize("name", AT_ONCE)
def test_row_by_row_functions_are_run_on_many_rows_at_once(name: str) -> None:
    arrays, function = FUNCTIONS[name]
    assert isinstance(pipeline(tf.data.Dataset.from_tensor_slices(arrays).map(function)), Mapped)


def random_noise(x: Any) -> Any:
    return x + tf.random_uniform([])


def python_function(x: Any) -> Any:
    return tf.py_func(lambda value: value + 1, [x], tf.float32)


def printing(x: Any) -> Any:
    with tf.control_dependencies([tf.print(x)]):
        return x + 1


@pytest.mark.parametrize("function", [random_noise, python_function, printing, tf.reduce_sum])
def test_functions_with_state_or_of_whole_elements_are_run_for_each(function: Callable[..., Any]) -> None:
    assert isinstance(pipeline(tf.data.Dataset.from_tensor_slices(FLOATS).map(function)), Elementwise)


def test_functions_one_after_the_other_are_run_at_once() -> None:
    dataset = tf.data.Dataset.from_tensor_slices(NUMBERS).map(lambda n: (n, n + 1)).map(lambda a, b: a * b)
    assert isinstance(pipeline(dataset), Mapped)
    assert elements(dataset) == [n * (n + 1) for n in range(35)]


def test_shuffled_and_repeated_behind_a_function_all_come_each_time() -> None:
    dataset = tf.data.Dataset.from_tensor_slices(NUMBERS).map(lambda n: 2 * n).shuffle(10).repeat(2)
    assert isinstance(pipeline(dataset), Mapped)
    found = elements(dataset)
    assert sorted(found[:35]) == sorted(found[35:]) == list(range(0, 70, 2))
    assert found[:35] != found[35:]


@pytest.mark.parametrize(
    "further",
    [
        lambda d: d.take(5),
        lambda d: d.skip(30),
        lambda d: d.shard(4, 1),
        lambda d: d.cache().repeat(2),
        lambda d: d.filter(lambda n: n > 50),
        lambda d: tf.data.Dataset.zip((d, d)),
        lambda d: d.batch(8, drop_remainder=True),
        lambda d: d.batch(8).apply(tf.data.experimental.unbatch()),
        lambda d: d.prefetch(2),
        lambda d: d.padded_batch(4, []),
    ],
)
def test_what_follows_sees_the_same_elements(further: Callable[[Any], Any]) -> None:
    dataset = tf.data.Dataset.from_tensor_slices(NUMBERS)
    assert_same(
        elements(further(dataset.map(lambda n: 2 * n))), elements(further(one_by_one(dataset, lambda n: 2 * n)))
    )


LINES = np.array(["1", "x", "3", "", "5", "6", "7_0", "8", "9"], object)


def parsed(line: Any) -> Any:
    return tf.decode_csv(line, [tf.constant([], tf.float32)])[0]


@pytest.mark.parametrize(
    "further",
    [
        lambda d: d,
        lambda d: d.batch(2),
        lambda d: d.batch(4),
        lambda d: d.batch(4, drop_remainder=True),
        lambda d: d.repeat(2).batch(3),
        lambda d: d.take(4),
        lambda d: d.skip(1).take(3),
        lambda d: d.apply(tf.data.experimental.ignore_errors()),
        lambda d: d.apply(tf.data.experimental.ignore_errors()).batch(4),
    ],
)
def test_errors_are_those_of_their_elements_and_the_rest_goes_on(further: Callable[[Any], Any]) -> None:
    dataset = tf.data.Dataset.from_tensor_slices(LINES)
    found, expected = (outcomes(further(item), 24) for item in (dataset.map(parsed), one_by_one(dataset, parsed)))
    assert found == expected


def test_the_message_names_the_record_of_its_element() -> None:
    following = outcomes(tf.data.Dataset.from_tensor_slices(LINES).map(parsed).batch(4), 1)
    assert following == ["Field 0 in record 0 is not a valid float: x"]


def test_captured_tensors_are_the_same_for_all_rows() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        factors = tf.constant([1.0, 10.0])
        dataset = tf.data.Dataset.from_tensor_slices(FLOATS[:4]).map(lambda x: x * factors).batch(4)
        iterator = tf.data.make_initializable_iterator(dataset)
        session.run(iterator.initializer)
        expected = FLOATS[:4, None] * np.array([1, 10], np.float32)
        np.testing.assert_array_equal(session.run(iterator.get_next()), expected)
