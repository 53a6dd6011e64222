"""Orders of shuffled datasets: what repeats, what differs, and what no order can change."""

from __future__ import annotations

import numpy as np
import pytest

from trackml.data import Dataset
from trackml.graph import Graph


def sources(size):
    """A dataset that runs on row numbers, and one that runs row by row."""
    return {"row numbers": Dataset.range(size), "rows": Dataset.range(size).filter(lambda n: n >= 0)}


kinds = pytest.mark.parametrize("kind", ["row numbers", "rows"])


def epochs(rows, size):
    return np.reshape(rows, [-1, size]).tolist()


@kinds
def test_a_seed_gives_the_same_order_in_each_session(run, kind):
    dataset = sources(50)[kind].shuffle(20, seed=4)
    assert run(dataset) == run(dataset) != list(range(50))


@kinds
def test_without_a_seed_sessions_differ(run, kind):
    dataset = sources(50)[kind].shuffle(50)
    assert run(dataset) != run(dataset)


@kinds
def test_each_repetition_has_another_order(run, kind):
    first, second = epochs(run(sources(30)[kind].shuffle(30, seed=1).repeat(2)), 30)
    assert first != second
    assert sorted(first) == sorted(second) == list(range(30))


@kinds
@pytest.mark.parametrize("seed", [None, 1])
def test_repetitions_are_alike_when_not_reshuffled(run, kind, seed):
    dataset = sources(30)[kind].shuffle(30, seed=seed, reshuffle_each_iteration=False).repeat(2)
    first, second = epochs(run(dataset), 30)
    assert first == second


@kinds
def test_shuffle_before_repeat_keeps_epochs_apart_and_after_it_does_not(run, kind):
    before = epochs(run(sources(10)[kind].shuffle(100, seed=1).repeat(3)), 10)
    after = epochs(run(sources(10)[kind].repeat(3).shuffle(100, seed=1)), 10)
    assert [sorted(epoch) for epoch in before] == [list(range(10))] * 3
    assert [sorted(epoch) for epoch in after] != [list(range(10))] * 3


@kinds
def test_a_small_buffer_only_moves_what_is_in_it(run, kind):
    rows = run(sources(1000)[kind].shuffle(10, seed=1))
    assert sorted(rows) == list(range(1000))
    assert all(row < place + 10 for place, row in enumerate(rows))


def test_a_cached_order_stays(run):
    first, second = epochs(run(Dataset.range(30).shuffle(30).cache().repeat(2)), 30)
    assert first == second


def test_a_cache_that_was_left_early_is_filled_anew(run):
    rows = run(Dataset.range(30).shuffle(30, seed=1).cache().take(10).repeat(2))
    assert rows[:10] != rows[10:]


def test_components_stay_together(run):
    x = np.arange(100)
    for features, label in run(Dataset.from_tensor_slices(({"x": x}, -x)).shuffle(30).repeat(2).batch(7)):
        assert (features["x"] == -label).all()


def test_one_seeded_dataset_zipped_with_itself_is_in_step_and_one_without_seed_is_not(run):
    seeded, unseeded = Dataset.range(50).shuffle(50, seed=1), Dataset.range(50).shuffle(50)
    assert all(a == b for a, b in run(Dataset.zip((seeded, seeded))))
    assert not all(a == b for a, b in run(Dataset.zip((unseeded, unseeded))))


def order(run, *, graph_seed, seeds):
    """The orders of several shuffles that are made in one graph."""
    with Graph().as_default() as graph:
        graph.seed = graph_seed
        datasets = [Dataset.range(50).shuffle(50, seed=seed) for seed in seeds]
    return [run(dataset) for dataset in datasets]


def test_a_graph_seed_repeats_the_program_and_tells_its_shuffles_apart(run):
    first = order(run, graph_seed=1, seeds=[None, None])
    assert first == order(run, graph_seed=1, seeds=[None, None])
    assert first[0] != first[1]
    assert first != order(run, graph_seed=2, seeds=[None, None])


def test_both_seeds_together_fix_the_order(run):
    assert order(run, graph_seed=1, seeds=[2]) == order(run, graph_seed=1, seeds=[2])
    assert order(run, graph_seed=1, seeds=[2]) != order(run, graph_seed=3, seeds=[2])
    assert order(run, graph_seed=1, seeds=[2]) != order(run, graph_seed=1, seeds=[-2])


def test_a_new_start_of_an_iterator_has_the_order_of_the_seed(session):
    iterator = Dataset.range(30).shuffle(30, seed=1).batch(30).make_initializable_iterator()
    following = iterator.get_next()
    orders = []
    for _ in range(2):
        session.run(iterator.initializer)
        orders.append(session.run(following).tolist())
    assert orders[0] == orders[1]
