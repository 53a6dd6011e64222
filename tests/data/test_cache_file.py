"""Elements that are kept in a file."""

from __future__ import annotations

import numpy as np
import pytest

import trackml as tf
from trackml.data import Dataset


@pytest.fixture
def name(tmp_path):
    return str(tmp_path / "kept")


def test_a_whole_pass_is_kept_for_later_passes_and_programs(run, name, tmp_path):
    source = tmp_path / "lines"
    source.write_text("a\nb\nc\n")
    dataset = tf.data.TextLineDataset(str(source)).cache(name)
    assert run(dataset.repeat(2)) == [b"a", b"b", b"c"] * 2
    source.unlink()
    assert run(dataset) == [b"a", b"b", b"c"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kept.records"]


def test_values_of_all_kinds_come_back_as_they_were(run, name):
    element = {
        "strings": np.array([[b"a", b"", b"\xff\x00b"]], dtype=object),
        "scalar": b"alone",
        "empty": np.zeros([0, 3], np.int8),
        "numbers": np.arange(6.0).reshape(2, 3),
        "half": np.float16(1.5),
        "truth": np.array([True, False]),
        "complex": np.complex64(1 + 2j),
    }
    dataset = Dataset.from_tensors(element).cache(name)
    first, second = run(dataset)[0], run(dataset)[0]
    for key, value in first.items():
        assert np.asarray(second[key]).dtype == np.asarray(value).dtype
        assert np.shape(second[key]) == np.shape(value)
        np.testing.assert_array_equal(second[key], value)


def test_a_pass_that_is_left_early_leaves_nothing(run, name, tmp_path):
    dataset = Dataset.range(10).cache(name)
    assert run(dataset.take(3)) == [0, 1, 2]
    assert list(tmp_path.iterdir()) == []
    assert run(dataset) == list(range(10))


def test_a_pass_taken_to_its_end_twice_ends_twice(name):
    with tf.Graph().as_default(), tf.Session() as session:
        following = Dataset.range(1).cache(name).make_one_shot_iterator().get_next()
        session.run(following)
        for _ in range(2):
            with pytest.raises(tf.errors.OutOfRangeError):
                session.run(following)


def test_a_file_of_other_elements_is_refused(run, name):
    run(Dataset.range(3).cache(name))
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"no cache of elements of the types float32"):
        run(Dataset.from_tensors(1.0).cache(name))


def test_a_damaged_file_is_a_loss_of_data(run, name, tmp_path):
    dataset = Dataset.range(3).cache(name)
    run(dataset)
    path = tmp_path / "kept.records"
    content = path.read_bytes()
    path.write_bytes(content[:-6] + b"!" + content[-5:])
    with pytest.raises(tf.errors.DataLossError, match=r"kept.records: corrupted record at \d+"):
        run(dataset)


def test_the_name_may_be_fed(name, tmp_path):
    with tf.Graph().as_default(), tf.Session() as session:
        fed = tf.placeholder(tf.string, [])
        iterator = Dataset.range(1).cache(fed).repeat().make_initializable_iterator()
        following = iterator.get_next()
        session.run(iterator.initializer, {fed: name})
        assert [session.run(following) for _ in range(3)] == [0, 0, 0]
    assert (tmp_path / "kept.records").exists()
