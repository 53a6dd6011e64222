"""What takes elements apart, and what makes one thing of a whole dataset."""

from __future__ import annotations

import numpy as np
import pytest

import trackml as tf
from trackml.data import Dataset, experimental


@pytest.fixture
def session():
    with tf.Graph().as_default(), tf.Session() as session:
        yield session


def test_a_reduction_is_made_anew_in_each_run_with_what_is_fed(session):
    start, factor = tf.placeholder(tf.int64, []), tf.placeholder(tf.int64, [])
    total = Dataset.range(5).map(lambda n: n * factor).reduce(start, lambda state, n: state + n * factor)
    assert session.run(total, {start: 0, factor: 1}) == 10
    assert session.run(total, {start: 1, factor: 2}) == 41


def test_a_state_that_changes_its_type_is_refused(session):
    with pytest.raises(TypeError, match="types for the new state must match the initial state"):
        Dataset.range(3).reduce(0, lambda state, n: n)


def test_nodes_are_tensorflows(session):
    experimental.get_single_element(Dataset.range(1))
    Dataset.range(3).reduce(np.int64(0), lambda state, n: state + n)
    types = [node.op for node in tf.get_default_graph().as_graph_def().node]
    assert {"GeneratorDataset", "DatasetToSingleElement", "ReduceDataset"} <= set(types)


@pytest.mark.parametrize(("size", "words"), [(0, "Dataset was empty"), (2, "Dataset had more than one element")])
def test_a_single_element_must_be_the_only_one(session, size, words):
    element = experimental.get_single_element(Dataset.range(size))
    with pytest.raises(tf.errors.InvalidArgumentError, match=words):
        session.run(element)


def test_slices_of_unequal_number_fail_when_they_come(run):
    dataset = Dataset.from_generator(lambda: iter([([1], [2, 3])]), (tf.int64, tf.int64), ([None], [None]))
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"same batch size in each component; got \[1\], \[2\]"):
        run(dataset.unbatch())


def test_errors_that_are_ignored_cost_the_element_and_no_more(run, tmp_path):
    names = [str(tmp_path / "missing"), str(tmp_path / "there")]
    (tmp_path / "there").write_text("1\nx\n2\n")
    numbers = tf.data.TextLineDataset(names).map(lambda line: tf.string_to_number(line, tf.int32))
    assert run(numbers.apply(experimental.ignore_errors()).repeat(2)) == [1, 2, 1, 2]


@pytest.mark.parametrize(
    ("shapes", "values", "error", "words"),
    [
        ({"x": [None]}, None, TypeError, "`padded_shapes` must have the structure of the elements"),
        (([None], []), (np.int64(0),), TypeError, "`padding_values` must have the structure"),
        (([None, 1], []), None, ValueError, r"padded shape \(\?, 1\) of \[0\] is not compatible"),
        (([None], []), (1.0, np.int64(0)), TypeError, "of type float32 does not match output type int64"),
        ((None, []), None, ValueError, r"padded shape of \[0\] must have a known rank"),
    ],
)
def test_padding_that_does_not_fit_is_refused(shapes, values, error, words):
    dataset = Dataset.range(3).map(lambda n: (tf.fill([2], n), n))
    with pytest.raises(error, match=words):
        dataset.padded_batch(2, shapes, values)


def test_a_padding_may_be_fed(session):
    padding = tf.placeholder(tf.int64, [])
    dataset = Dataset.range(3).map(lambda n: tf.fill([n], n)).padded_batch(3, [None], padding)
    iterator = dataset.make_initializable_iterator()
    following = iterator.get_next()
    session.run(iterator.initializer, {padding: -1})
    assert session.run(following).tolist() == [[-1, -1], [1, -1], [2, 2]]
