"""Iterators: when they begin, what they share, how they end, and what is written of them."""

from __future__ import annotations

import concurrent.futures

import numpy as np
import pytest

from trackml import dtypes, errors
from trackml.data import Dataset, Iterator, make_initializable_iterator, make_one_shot_iterator
from trackml.graph import Graph, Session, Tensor, apply_op, constant, placeholder
from trackml.shapes import TensorShape
from trackml.variables import Variable


def test_the_end_is_the_end_ever_after(session):
    following = make_one_shot_iterator(Dataset.range(1)).get_next()
    session.run(following)
    for _ in range(2):
        with pytest.raises(errors.OutOfRangeError, match="End of sequence"):
            session.run(following)


def test_an_iterator_must_be_initialised_and_may_be_again(session):
    iterator = make_initializable_iterator(Dataset.range(2))
    following = iterator.get_next()
    with pytest.raises(errors.FailedPreconditionError, match="the iterator has not been initialized"):
        session.run(following)
    session.run(iterator.initializer)
    assert session.run(following) == 0
    session.run(iterator.initializer)
    assert [session.run(following) for _ in range(2)] == [0, 1]
    with pytest.raises(errors.OutOfRangeError):
        session.run(following)


def test_one_run_takes_one_element_for_all_its_components(session):
    x, y = Dataset.from_tensor_slices(([1, 2], [3, 4])).make_one_shot_iterator().get_next()
    assert session.run([x, y, x + 0]) == [1, 3, 1]
    assert session.run([y, x]) == [4, 2]


def test_two_calls_of_get_next_share_the_place(session):
    iterator = Dataset.range(3).make_one_shot_iterator()
    first, second = iterator.get_next(), iterator.get_next("again")
    assert (first.name, second.name) == ("IteratorGetNext:0", "again:0")
    assert [session.run(first), session.run(second), session.run(first)] == [0, 1, 2]


def test_iterators_and_sessions_are_independent(session):
    dataset = Dataset.range(3)
    one, other = (dataset.make_one_shot_iterator().get_next() for _ in range(2))
    assert [session.run(one), session.run(one), session.run(other)] == [0, 1, 0]
    with Session() as second:
        assert second.run(one) == 0


def test_static_shapes_and_structure_are_those_of_the_dataset(session):
    dataset = Dataset.from_tensor_slices({"x": np.zeros([5, 2], np.float32), "y": [1] * 5}).batch(2)
    iterator = dataset.make_one_shot_iterator()
    following = iterator.get_next()
    assert {name: (tensor.dtype.name, tensor.shape.as_list()) for name, tensor in following.items()} == {
        "x": ("float32", [None, 2]),
        "y": ("int32", [None]),
    }
    assert iterator.output_types == dataset.output_types
    assert iterator.output_shapes == dataset.output_shapes
    assert iterator.output_classes == {"x": Tensor, "y": Tensor}
    assert iterator.element_spec == dataset.element_spec


def test_placeholders_are_read_by_the_initializer(session):
    x = placeholder("float32", [None, 2])
    size = placeholder("int64", [])
    iterator = Dataset.from_tensor_slices(x).batch(size).make_initializable_iterator()
    following = iterator.get_next()
    assert following.shape.as_list() == [None, 2]
    session.run(iterator.initializer, {x: np.ones([3, 2]), size: 2})
    assert [session.run(following).shape for _ in range(2)] == [(2, 2), (1, 2)]


def test_an_array_may_change_after_it_was_fed(session):
    x = placeholder("float32", [3])
    iterator = Dataset.from_tensor_slices(x).make_initializable_iterator()
    following = iterator.get_next()
    array = np.ones(3, np.float32)
    session.run(iterator.initializer, {x: array})
    array[:] = 9
    assert session.run(following) == 1


@pytest.mark.parametrize("method", ["batch", "shuffle"])
def test_a_size_that_turns_out_not_to_be_positive_fails_when_it_is_read(session, method):
    size = placeholder("int64", [])
    iterator = getattr(Dataset.range(3), method)(size).make_initializable_iterator()
    with pytest.raises(errors.InvalidArgumentError, match="must be greater than zero"):
        session.run(iterator.initializer, {size: 0})


def test_arrays_of_unequal_length_fail_when_they_are_read(session):
    x, y = placeholder("float32", [None]), placeholder("float32", [None])
    iterator = Dataset.from_tensor_slices({"x": x, "y": y}).make_initializable_iterator()
    with pytest.raises(errors.InvalidArgumentError, match=r"0th dimension; got \['x'\]: 1, \['y'\]: 2"):
        session.run(iterator.initializer, {x: [1], y: [1, 2]})


def test_a_one_shot_iterator_refuses_what_is_not_settled(session):
    fed = placeholder("float32", [3], name="fed")
    with pytest.raises(ValueError, match=r"Cannot capture a placeholder \(name:fed, type:Placeholder\) by value"):
        Dataset.from_tensor_slices(fed).make_one_shot_iterator()
    v = Variable(np.int64(1), name="v")
    with pytest.raises(ValueError, match=r"make_initializable_iterator.*\(name:v, type:VarHandleOp\) by value"):
        Dataset.range(3).map(lambda n: n + v.read_value()).make_one_shot_iterator()


def test_an_iterator_of_a_structure_is_set_to_one_dataset_after_the_other(session):
    iterator = Iterator.from_structure(dtypes.int64, [])
    following = iterator.get_next()
    small = iterator.make_initializer(Dataset.range(3))
    large = iterator.make_initializer(Dataset.range(10, 12), name="large")
    assert (small.name, large.name) == ("make_initializer", "large")
    session.run(small)
    assert session.run(following) == 0
    session.run(large)
    assert session.run(following) == 10


def test_an_iterator_of_a_structure_has_no_initializer_of_its_own(session):
    with pytest.raises(ValueError, match="Iterator does not have an initializer"):
        Iterator.from_structure(dtypes.int64).initializer  # noqa: B018


def test_an_iterator_refuses_datasets_of_other_elements(session):
    iterator = Iterator.from_structure(dtypes.int64, [2])
    with pytest.raises(TypeError, match=r"Expected output types tf.int64 but got .* tf.float32"):
        iterator.make_initializer(Dataset.from_tensors(1.0))
    with pytest.raises(TypeError, match="Expected output shapes compatible with"):
        iterator.make_initializer(Dataset.range(3))


def test_a_handle_chooses_the_iterator_at_each_run(session):
    train = Dataset.range(10, 20).make_one_shot_iterator()
    test = Dataset.range(3).make_initializable_iterator()
    handle = placeholder("string", [])
    following = Iterator.from_string_handle(handle, train.output_types, train.output_shapes).get_next()
    handles = session.run([train.string_handle(), test.string_handle()])
    session.run(test.initializer)
    assert [session.run(following, {handle: handles[n]}) for n in (0, 1, 0, 1)] == [10, 0, 11, 1]
    with pytest.raises(errors.NotFoundError, match="no iterator of that string handle"):
        session.run(following, {handle: "nobody"})


def test_a_shared_name_shares_the_place(session):
    iterators = [Dataset.range(5).make_initializable_iterator("mine") for _ in range(2)]
    session.run(iterators[0].initializer)
    assert [session.run(iterator.get_next()) for iterator in iterators] == [0, 1]


def test_threads_get_each_element_once(session):
    following = Dataset.range(400).map(lambda n: n * 1).make_one_shot_iterator().get_next()
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: int(session.run(following)), range(400)))
    assert sorted(found) == list(range(400))


def test_a_closed_session_lets_go_of_the_rows():
    with Graph().as_default(), Session() as session:
        session.run(Dataset.range(5).make_one_shot_iterator().get_next())
        states = list(session.runtime._resources.values())
    assert [state._rows for state in states] == [None]


def test_arrays_are_not_written_with_the_graph():
    big = np.zeros([1000, 1000])
    with Graph().as_default() as graph:
        iterator = Dataset.from_tensor_slices(big).shuffle(10).make_initializable_iterator()
        iterator.get_next()
        Dataset.from_tensor_slices(big).make_one_shot_iterator()
    message = graph.as_graph_def()
    assert [node.op for node in message.node] == [
        "IteratorV2", "GeneratorDataset", "MakeIterator", "IteratorGetNext", "OneShotIterator",
    ]  # fmt: skip
    assert message.ByteSize() < 2000
    assert message.node[-1].attr["dataset_factory"].func.name == "Dataset"


def test_a_dataset_may_use_any_tensor_that_does_not_change(session):
    doubled = apply_op("Mul", constant([1.0, 2.0]), constant(2.0))
    following = Dataset.from_tensor_slices(doubled).make_one_shot_iterator().get_next()
    assert [session.run(following), session.run(following)] == [2.0, 4.0]
    assert following.shape == TensorShape([])
