"""Functions given to `map` and `filter`: called once, with whatever of the graph they use."""

from __future__ import annotations

import numpy as np
import pytest

from trackml import errors
from trackml.data import Dataset
from trackml.graph import Graph, Session, apply_op, constant, placeholder
from trackml.variables import Variable, global_variables_initializer


def test_functions_are_called_once_however_often_elements_are_taken(run):
    calls = []

    def double(n):
        calls.append("map")
        return n * 2

    def keep(n):
        calls.append("filter")
        return n > 0

    dataset = Dataset.range(9).map(double).filter(keep).repeat(3).batch(2)
    run(dataset)
    run(dataset)
    assert calls == ["map", "filter"]


def test_items_of_a_tuple_are_arguments_and_a_dict_is_one(run):
    dataset = Dataset.from_tensor_slices(({"x": [1, 2]}, [3, 4])).map(lambda features, label: (features["x"], label))
    assert run(dataset.map(lambda x, label: {"sum": x + label})) == [{"sum": 4}, {"sum": 6}]


def test_arrays_and_numbers_in_a_result_become_tensors(run):
    x = np.ones([2, 1], np.float32)
    rows = run(Dataset.range(1, 3).map(lambda n: ({"x": x, "n": n}, 3.0 * x)))
    assert [int(features["n"]) for features, _ in rows] == [1, 2]
    assert rows[1][1].tolist() == [[3.0], [3.0]]


def test_map_after_batch_runs_for_each_batch(run):
    shapes = []

    def total(rows):
        shapes.append(rows.shape.as_list())
        return rows + 1

    rows = run(Dataset.range(5).batch(2).map(total))
    assert [row.tolist() for row in rows] == [[1, 2], [3, 4], [5]]
    assert shapes == [[None]]


def test_constants_of_the_graph_may_be_used(run):
    with Graph().as_default():
        three = constant(np.int64(3))
        dataset = Dataset.range(3).map(lambda n: n * three).filter(lambda n: n < three * three)
    assert run(dataset) == [0, 3, 6]


def test_a_captured_placeholder_is_read_by_the_initializer(session):
    factor = placeholder("int64", [])
    iterator = Dataset.range(3).map(lambda n: n * factor).make_initializable_iterator()
    following = iterator.get_next()
    session.run(iterator.initializer, {factor: 5})
    assert [session.run(following) for _ in range(3)] == [0, 5, 10]


def test_a_captured_variable_is_read_for_each_element(session):
    factor = Variable(np.int64(2))
    iterator = Dataset.range(1, 4).map(lambda n: n * factor.read_value()).make_initializable_iterator()
    following = iterator.get_next()
    session.run(global_variables_initializer())
    session.run(iterator.initializer)
    assert session.run(following) == 2
    session.run(factor.assign(np.int64(10)))
    assert session.run(following) == 20


def test_a_tensor_of_another_graph_cannot_be_used():
    with Graph().as_default():
        elsewhere = constant(np.int64(1))
    with Graph().as_default(), pytest.raises(ValueError, match="same graph"):
        Dataset.range(3).map(lambda n: n + elsewhere)


def test_a_function_that_gives_nothing_is_refused():
    with pytest.raises(TypeError, match=r"Unsupported return value from function passed to Dataset.map\(\): None"):
        Dataset.range(3).map(lambda n: None)


@pytest.mark.parametrize("predicate", [lambda n: n, lambda n: (n > 1, n), lambda n: [True, False]])
def test_a_predicate_must_give_a_boolean_scalar(predicate):
    with pytest.raises(ValueError, match="`predicate` return type must be convertible to a scalar boolean tensor"):
        Dataset.range(3).filter(predicate)


def test_a_mistake_in_a_function_is_told_at_the_users_line():
    def wrong(row):
        return row + constant([1.0, 2.0, 3.0])

    dataset = Dataset.from_tensor_slices(np.zeros([4, 2], np.float32))
    with pytest.raises(ValueError, match=r"test_functions\.py:\d+ in wrong: return row \+ constant"):
        dataset.map(wrong)


def gathered(n):
    return apply_op("GatherV2", constant([10, 11]), n, constant(0), batch_dims=0)


def taken(dataset, count):
    """Elements, or the names of the errors in their place."""
    with Graph().as_default(), Session() as session:
        following = dataset.make_one_shot_iterator().get_next()
        return [outcome(session, following) for _ in range(count)]


def outcome(session, tensor):
    try:
        return np.asarray(session.run(tensor)).tolist()
    except errors.OpError as error:
        return type(error).__name__


END = "OutOfRangeError"
WRONG = "InvalidArgumentError"


def test_after_an_error_the_next_element_follows():
    bad_second = Dataset.from_tensor_slices([0, 5, 1, 0]).map(gathered)
    assert taken(bad_second, 6) == [10, WRONG, 11, 10, END, END]
    assert taken(bad_second.batch(2), 4) == [WRONG, [11, 10], END, END]
    assert taken(bad_second.repeat(2).skip(1).take(4).cache(), 7) == [WRONG, 11, 10, 10, WRONG, 11, END]


def test_an_error_at_run_time_names_the_operation_and_the_users_line(session):
    following = Dataset.from_tensor_slices([5]).map(gathered).make_one_shot_iterator().get_next()
    with pytest.raises(errors.InvalidArgumentError, match=r"GatherV2.*test_functions\.py:\d+ in gathered"):
        session.run(following)


def test_unequal_shapes_in_a_batch_name_the_component(session):
    ones = Dataset.range(2, 4).map(lambda n: {"a": n, "b": apply_op("Fill", apply_op("Pack", n, axis=0), constant(1))})
    following = ones.batch(2).make_one_shot_iterator().get_next()
    with pytest.raises(
        errors.InvalidArgumentError,
        match=r"Cannot batch tensors with different shapes in component 1. "
        r"First element had shape \[2\] and element 1 had shape \[3\]\.",
    ):
        session.run(following)
