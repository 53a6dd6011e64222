"""Random numbers: how they are distributed, when they repeat and when they differ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import trackml as tf

DRAWS: dict[str, Callable[..., Any]] = {
    "random_uniform": lambda **seed: tf.random_uniform([5], **seed),
    "random_uniform_int": lambda **seed: tf.random_uniform([9], maxval=1000, dtype=tf.int32, **seed),
    "random_normal": lambda **seed: tf.random_normal([5], **seed),
    "truncated_normal": lambda **seed: tf.truncated_normal([5], **seed),
    "random_shuffle": lambda **seed: tf.random_shuffle(np.arange(50), **seed),
    "multinomial": lambda **seed: tf.multinomial(np.zeros([1, 1000], np.float32), 5, **seed),
    "random_crop": lambda **seed: tf.random_crop(np.arange(9999), [3], **seed),
}


def _runs(make: Callable[[], Any], count: int = 2) -> list[Any]:
    """What a new session gives in its first runs."""
    with tf.Session() as session:
        drawn = make()
        return [session.run(drawn).tolist() for _ in range(count)]


def _fresh(make: Callable[[], Any], graph_seed: int | None = None) -> list[Any]:
    with tf.Graph().as_default():
        if graph_seed is not None:
            tf.set_random_seed(graph_seed)
        return _runs(make)


@pytest.mark.parametrize("name", DRAWS)
def test_an_operation_goes_on_in_each_run(name: str) -> None:
    first, second = _fresh(lambda: DRAWS[name](seed=3))
    assert first != second


@pytest.mark.parametrize("name", DRAWS)
def test_the_same_seeds_give_the_same_numbers_in_each_new_session(name: str) -> None:
    assert _fresh(lambda: DRAWS[name](seed=3)) == _fresh(lambda: DRAWS[name](seed=3))
    assert _fresh(lambda: DRAWS[name](), 7) == _fresh(lambda: DRAWS[name](), 7)
    assert _fresh(lambda: DRAWS[name](seed=3), 7) == _fresh(lambda: DRAWS[name](seed=3), 7)


@pytest.mark.parametrize("name", DRAWS)
def test_a_new_session_of_the_same_graph_begins_anew(name: str) -> None:
    with tf.Graph().as_default():
        drawn = DRAWS[name](seed=3)
        first, second = (_runs(lambda: drawn) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("name", DRAWS)
def test_other_seeds_give_other_numbers(name: str) -> None:
    found = [
        _fresh(lambda: DRAWS[name](seed=3)),
        _fresh(lambda: DRAWS[name](seed=4)),
        _fresh(lambda: DRAWS[name](seed=3), 7),
        _fresh(lambda: DRAWS[name](), 3),
        _fresh(lambda: DRAWS[name]()),
        _fresh(lambda: DRAWS[name]()),
    ]
    assert len({str(runs) for runs in found}) == len(found)


@pytest.mark.parametrize("name", DRAWS)
def test_two_operations_differ_under_one_graph_seed(name: str) -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(1)
        first, second = session.run([DRAWS[name](), DRAWS[name]()])
    assert first.tolist() != second.tolist()


@pytest.mark.parametrize("seeds", [(0, 0), (2**40, -1), (0, None)])
def test_any_seeds_will_do(seeds: tuple[int, int | None]) -> None:
    def run() -> list[Any]:
        return _fresh(lambda: tf.random_uniform([3], seed=seeds[1]), seeds[0])

    assert run() == run()


def test_two_plans_of_a_session_share_one_generator() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        drawn = tf.random_uniform([], seed=1)
        together = [session.run(drawn), session.run(drawn + 0.0), session.run([drawn, drawn * 1.0])[0]]
    assert len(set(together)) == 3


MOMENTS: dict[str, tuple[Callable[[], Any], float, float, float, float]] = {
    # mean, standard deviation, least and greatest that may come
    "uniform": (lambda: tf.random_uniform([20000], -1.0, 3.0, seed=1), 1.0, 4 / 12**0.5, -1.0, 3.0),
    "int": (lambda: tf.random_uniform([20000], -2, 3, tf.int64, seed=1), 0.0, 2**0.5, -2, 2),
    "normal": (lambda: tf.random_normal([20000], 5.0, 2.0, seed=1), 5.0, 2.0, -np.inf, np.inf),
    "truncated": (lambda: tf.truncated_normal([20000], 5.0, 2.0, seed=1), 5.0, 2.0 * 0.87962566, 1.0, 9.0),
    "half": (lambda: tf.random_uniform([20000], dtype=tf.float16, seed=1), 0.5, 12**-0.5, 0.0, 0.9999),
    "classes": (lambda: tf.multinomial(np.log([[0.25, 0.75]]).astype("f"), 20000, seed=1), 0.75, 0.1875**0.5, 0, 1),
}
# Six standard errors of 20000 draws: about 0.04 standard deviations.
STANDARD_ERRORS = 6 / 20000**0.5


@pytest.mark.parametrize("name", MOMENTS)
def test_numbers_are_distributed_as_they_should(name: str) -> None:
    make, mean, deviation, least, greatest = MOMENTS[name]
    with tf.Graph().as_default(), tf.Session() as session:
        values = session.run(make()).astype(np.float64)
    assert values.min() >= least
    assert values.max() <= greatest
    assert values.mean() == pytest.approx(mean, abs=STANDARD_ERRORS * deviation)
    assert values.std() == pytest.approx(deviation, rel=STANDARD_ERRORS)


@pytest.mark.parametrize("dtype", [tf.float16, tf.float32, tf.float64])
@pytest.mark.parametrize("function", [tf.random_uniform, tf.random_normal, tf.truncated_normal])
def test_numbers_are_of_the_type_that_was_asked_for(function: Any, dtype: Any) -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        assert session.run(function([2], dtype=dtype)).dtype == dtype.as_numpy_dtype
        assert session.run(function([], dtype=dtype)).dtype == dtype.as_numpy_dtype


def test_a_shuffle_keeps_the_rows() -> None:
    rows = np.arange(20).reshape(10, 2)
    with tf.Graph().as_default(), tf.Session() as session:
        found = session.run(tf.random_shuffle(rows, seed=1))
        scalar = session.run(tf.random_shuffle(7))
    assert sorted(found.tolist()) == rows.tolist()
    assert found.tolist() != rows.tolist()
    assert scalar == 7


def test_a_crop_is_a_part() -> None:
    rows = np.arange(30).reshape(5, 6)
    with tf.Graph().as_default(), tf.Session() as session:
        crop = tf.random_crop(rows, [2, 3], seed=7)
        places = {tuple(session.run(crop)[0]) for _ in range(100)}
        assert crop.shape.as_list() == [2, 3]
    assert places == {tuple(rows[i, j : j + 3]) for i in range(4) for j in range(4)}


def test_integers_need_bounds() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        with pytest.raises(ValueError, match="Must specify maxval for integer dtype"):
            tf.random_uniform([1], dtype=tf.int32)
        with pytest.raises(ValueError, match="Invalid dtype"):
            tf.random_uniform([1], dtype=tf.int8)
        with pytest.raises(tf.errors.InvalidArgumentError, match="Need minval < maxval, got 5 >= 5"):
            session.run(tf.random_uniform([1], 5, 5, tf.int32))


def test_the_node_has_the_seeds() -> None:
    with tf.Graph().as_default():
        tf.set_random_seed(11)
        seeded = tf.random_uniform([1], seed=5).op.inputs[0].op.inputs[0].op
        assert (seeded.get_attr("seed"), seeded.get_attr("seed2")) == (11, 5)
    with tf.Graph().as_default():
        free = tf.random_uniform([1]).op.inputs[0].op.inputs[0].op
        assert (free.get_attr("seed"), free.get_attr("seed2")) == (0, 0)
