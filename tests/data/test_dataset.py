"""What datasets are made of, and what they refuse."""

from __future__ import annotations

import collections

import numpy as np
import pytest

from trackml import dtypes, errors
from trackml.data import Dataset, experimental, get_output_classes, get_output_shapes, get_output_types
from trackml.graph import Graph, Tensor, apply_op, constant
from trackml.shapes import TensorShape


class Frame:
    """An array-like with columns, as pandas has it."""

    def __init__(self, values):
        self.columns = ["a", "b"]
        self._values = values

    def __array__(self, dtype=None, copy=None):
        return np.array(self._values, dtype=dtype)


def test_a_frame_is_one_matrix_and_its_columns_are_components(run):
    frame = Frame([[1.0, 2.0], [3.0, 4.0]])
    dataset = Dataset.from_tensor_slices((frame, {"a": Frame([5, 6])}))
    assert dataset.output_shapes == (TensorShape([2]), {"a": TensorShape([])})
    assert [(row.tolist(), int(columns["a"])) for row, columns in run(dataset)] == [([1.0, 2.0], 5), ([3.0, 4.0], 6)]


def test_a_frame_of_mixed_columns_is_told_to_become_a_dict():
    with pytest.raises(TypeError, match=r"Component \['x'\]: .*Use dict\(frame\)"):
        Dataset.from_tensor_slices({"x": Frame([["a", 1.0], [None, object()]])})


def test_later_changes_of_an_array_do_not_reach_the_dataset(run):
    array = np.arange(3)
    dataset = Dataset.from_tensor_slices(array)
    array[:] = 9
    assert run(dataset) == [0, 1, 2]


def test_a_read_only_array_is_not_copied():
    array = np.arange(6.0).reshape(3, 2)
    array.flags.writeable = False
    assert Dataset.from_tensor_slices(array)._node._components[0] is array


def test_a_caller_may_write_into_what_it_got(run):
    dataset = Dataset.from_tensor_slices(np.zeros([2, 2])).batch(2).cache().repeat(2)
    first, second = run(dataset)
    first += 1
    assert second.tolist() == [[0, 0], [0, 0]]


def test_slices_of_big_endian_arrays_and_numpy_strings(run):
    rows = run(Dataset.from_tensor_slices((np.array([1, 2], ">i4"), np.array(["a", "é"]))))
    assert rows == [(1, b"a"), (2, "é".encode())]
    assert rows[0][0].dtype == np.dtype(np.int32)


def test_the_order_of_keys_and_the_kinds_of_mappings_stay(run):
    element = collections.OrderedDict([("b", [1]), ("a", [2])])
    (row,) = run(Dataset.from_tensor_slices(element))
    assert list(row.items()) == [("b", 1), ("a", 2)]
    assert type(row) is collections.OrderedDict


def test_unequal_first_dimensions_are_named_with_their_sizes():
    with pytest.raises(ValueError, match=r"same size in the 0th dimension; got \[0\]\['x'\]: 3, \[1\]: 2\."):
        Dataset.from_tensor_slices(({"x": [1, 2, 3]}, [1, 2]))


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: Dataset.from_tensor_slices({"x": 3}), ValueError, r"\['x'\] is a scalar"),
        (lambda: Dataset.from_tensor_slices(()), ValueError, "at least one array"),
        (lambda: Dataset.from_tensors({}), ValueError, "at least one component"),
        (lambda: Dataset.from_tensor_slices(([1], None)), ValueError, r"Component \[1\]: None values not supported"),
        (lambda: Dataset.from_tensor_slices([[1], [1, 2]]), ValueError, "The only component: .*unequal length"),
        (lambda: Dataset.from_tensor_slices({"x": [object()]}), TypeError, r"Component \['x'\]"),
        (lambda: Dataset.range(), ValueError, "one to three numbers"),
        (lambda: Dataset.range(1.5), TypeError, "must be an integer; got 1.5"),
        (lambda: Dataset.range(3).batch(2.5), TypeError, "batch_size must be an integer; got 2.5"),
        (lambda: Dataset.range(3).batch(0), errors.InvalidArgumentError, "Batch size must be greater than zero"),
        (lambda: Dataset.range(3).shuffle(-1), errors.InvalidArgumentError, "buffer_size must be greater than zero"),
        (lambda: Dataset.range(3).shard(3, 3), errors.InvalidArgumentError, "Index must be between 0 and 2"),
        (lambda: Dataset.range(3).shard(0, 0), errors.InvalidArgumentError, "Number of shards"),
        (lambda: Dataset.zip([Dataset.range(3)]), TypeError, "do not support Python lists"),
        (lambda: Dataset.zip((3,)), TypeError, "nested structure of `Dataset` objects. Got 3"),
        (lambda: Dataset.range(3).apply(lambda d: 3), TypeError, "must return a Dataset. Got 3"),
        (lambda: Dataset.from_generator(3, dtypes.int64), TypeError, "must be callable"),
        (lambda: Dataset.from_generator(iter, (dtypes.int64,) * 2, ([],)), ValueError, "the same structure"),
        (lambda: Dataset.from_generator(iter, {"x": dtypes.int64}, [[]]), ValueError, "the same structure"),
        (lambda: list(Dataset.range(3)), RuntimeError, "make_one_shot_iterator"),
    ],
)
def test_what_cannot_be_is_refused_with_what_came(make, error, words):
    with pytest.raises(error, match=words):
        make()


def test_values_of_constants_are_taken_from_any_graph(run):
    with Graph().as_default():
        tensor = constant([1.0, 2.0])
        dataset = Dataset.from_tensor_slices({"x": tensor, "y": apply_op("Identity", constant([3, 4]))})
    assert run(dataset) == [{"x": 1.0, "y": 3}, {"x": 2.0, "y": 4}]


def test_lists_of_tensors_are_packed(run):
    with Graph().as_default():
        dataset = Dataset.from_tensor_slices([constant(1), constant(2)])
    assert run(dataset) == [1, 2]


def test_a_dataset_made_outside_of_graphs_serves_many(run):
    dataset = Dataset.range(4).map(lambda n: n * 2).batch(3)
    assert [row.tolist() for row in run(dataset)] == [[0, 2, 4], [6]]
    assert [row.tolist() for row in run(dataset)] == [[0, 2, 4], [6]]


def test_two_datasets_may_share_a_source(run):
    numbers = Dataset.range(3).map(lambda n: n + 1)
    assert run(numbers.concatenate(numbers)) == [1, 2, 3, 1, 2, 3]
    assert run(Dataset.zip((numbers, numbers))) == [(1, 1), (2, 2), (3, 3)]


def test_the_longest_range_begins_at_once(run):
    assert run(Dataset.range(2**63 - 1).skip(2), most=2) == [2, 3]


def test_types_shapes_and_classes_have_the_structure_of_an_element():
    dataset = Dataset.from_tensor_slices({"x": np.zeros([3, 2], np.float32)})
    assert get_output_types(dataset) == {"x": dtypes.float32}
    assert get_output_shapes(dataset) == {"x": TensorShape([2])}
    assert get_output_classes(dataset) == {"x": Tensor}
    assert dataset.element_spec["x"].dtype is dtypes.float32


def test_repr_shows_shapes_and_types():
    dataset = Dataset.from_tensor_slices({"x": np.zeros([3, 2])}).batch(2)
    assert repr(dataset) == "<Dataset shapes: {'x': (?, 2)}, types: {'x': tf.float64}>"
    assert repr(Dataset.range(3)) == "<Dataset shapes: (), types: tf.int64>"


def test_rows_larger_than_a_block_come_one_by_one(run):
    rows = run(Dataset.from_tensor_slices(np.arange(4 * 20_000).reshape(4, 20_000)).shuffle(2, seed=1))
    assert sorted(int(row[0]) for row in rows) == [0, 20_000, 40_000, 60_000]


def test_experimental_transformations_are_the_methods_together(run):
    dataset = Dataset.range(4).apply(experimental.shuffle_and_repeat(1, 2))
    dataset = dataset.apply(experimental.map_and_batch(lambda n: n + 1, 3, drop_remainder=True))
    assert [row.tolist() for row in run(dataset.prefetch(experimental.AUTOTUNE))] == [[1, 2, 3], [4, 1, 2]]


def test_strings_without_dimensions_survive_functions_and_batches(run):
    dataset = Dataset.from_tensor_slices(["a", "b", "c"]).filter(lambda s: True).batch(2)
    assert [row.tolist() for row in run(dataset)] == [[b"a", b"b"], [b"c"]]


def test_an_exception_of_a_generator_is_an_error_with_its_words(session):
    def broken():
        yield 1
        raise KeyError("boo")

    following = Dataset.from_generator(broken, dtypes.int64).make_one_shot_iterator().get_next()
    assert session.run(following) == 1
    with pytest.raises(errors.UnknownError, match="KeyError: 'boo'"):
        session.run(following)


def test_a_generator_begins_anew_in_each_pass(run):
    calls = []

    def counted():
        calls.append(1)
        yield from range(2)

    assert run(Dataset.from_generator(counted, dtypes.int64, []).repeat(3)) == [0, 1, 0, 1, 0, 1]
    assert len(calls) == 3
