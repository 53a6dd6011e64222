"""Datasets that functions make: what they may refer to, and how often they are made."""

from __future__ import annotations

import pytest

import trackml as tf
from trackml.data import Dataset


def test_lines_of_several_files_take_turns(tmp_path, run):
    for name in "ab":
        (tmp_path / name).write_text("".join(f"{name}{n}\n" for n in range(3)))
    names = Dataset.list_files(str(tmp_path / "*"), shuffle=False)
    lines = run(names.interleave(lambda name: tf.data.TextLineDataset(name).skip(1), cycle_length=2))
    assert lines == [b"a1", b"b1", b"a2", b"b2"]
    assert run(names.flat_map(tf.data.TextLineDataset).take(4)) == [b"a0", b"a1", b"a2", b"b0"]


def test_a_damaged_file_among_others_costs_what_follows_in_it(tmp_path):
    with tf.Graph().as_default(), tf.Session() as session:
        names = [str(tmp_path / "missing"), str(tmp_path / "there")]
        (tmp_path / "there").write_text("line\n")
        following = Dataset.from_tensor_slices(names).flat_map(tf.data.TextLineDataset)
        following = following.make_one_shot_iterator().get_next()
        with pytest.raises(tf.errors.NotFoundError):
            session.run(following)
        assert session.run(following) == b"line"


def test_the_function_is_called_once_and_may_use_tensors_of_the_graph():
    calls = []

    def repeated(n):
        calls.append(n)
        return Dataset.from_tensors(n * factor).repeat(2).map(lambda m: m + factor)

    with tf.Graph().as_default(), tf.Session() as session:
        factor = tf.placeholder(tf.int64, [])
        iterator = Dataset.range(3).flat_map(repeated).batch(9).make_initializable_iterator()
        following = iterator.get_next()
        for value, expected in ((10, [10, 10, 20, 20, 30, 30]), (1, [1, 1, 2, 2, 3, 3])):
            session.run(iterator.initializer, {factor: value})
            assert session.run(following).tolist() == expected
    assert len(calls) == 1


def test_a_window_cannot_be_batched_itself():
    with pytest.raises(TypeError, match=r"Use flat_map\(lambda window: window.batch\(size\)\)"):
        Dataset.range(5).window(2).batch(2)


def test_an_interleave_without_a_cycle_length_gives_all(run):
    dataset = Dataset.range(7).interleave(lambda n: Dataset.from_tensors(n).repeat(2))
    assert sorted(run(dataset)) == sorted([*range(7)] * 2)
