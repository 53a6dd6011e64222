"""Sparse tensors in the elements of datasets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trackml as tf
from trackml.data import Dataset

GOLDEN = json.loads((Path(__file__).parent.parent / "golden" / "data" / "sparse.json").read_text())


def message(tags: list[bytes], n: int) -> bytes:
    features = {
        "n": tf.train.Feature(int64_list=tf.train.Int64List(value=[n])),
        "at": tf.train.Feature(int64_list=tf.train.Int64List(value=range(len(tags)))),
    }
    if tags:
        features["tags"] = tf.train.Feature(bytes_list=tf.train.BytesList(value=tags))
    return tf.train.Example(features=tf.train.Features(feature=features)).SerializeToString()


NAMES = {
    "D": Dataset,
    "S": tf.SparseTensor,
    "V": tf.SparseTensorValue,
    "np": np,
    "tf": tf,
    "messages": [message([b"a", b"b"], 1), message([], 2), message([b"c"], 3)],
    "spec": {"n": tf.FixedLenFeature([], tf.int64), "tags": tf.VarLenFeature(tf.string)},
    "placed": {"tags": tf.SparseFeature("at", "tags", tf.string, 5)},
}


def class_names(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: class_names(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [class_names(item) for item in value]
    return value.__name__


@pytest.mark.parametrize("golden", GOLDEN, ids=[golden["expression"] for golden in GOLDEN])
def test_elements_types_shapes_classes_and_end_are_those_of_tensorflow(as_json, golden):
    found: dict[str, Any] = {"expression": golden["expression"], "elements": []}
    with tf.Graph().as_default(), tf.Session() as session:
        try:
            dataset = eval(golden["expression"], NAMES)
            found["types"], found["shapes"] = as_json(dataset.output_types), as_json(dataset.output_shapes)
            found["classes"] = class_names(dataset.output_classes)
            following = dataset.make_one_shot_iterator().get_next()
            while True:
                found["elements"].append(as_json(session.run(following)))
        except Exception as error:
            found["end"] = type(error).__name__
    assert found == {key: value for key, value in golden.items() if key != "message"}


def test_a_padded_batch_is_refused_in_tensorflows_words(session):
    (golden,) = {row["message"] for row in GOLDEN if row["end"] == "TypeError" and "padded" in row["message"]}
    sparse = Dataset.from_tensor_slices(tf.SparseTensor([[0, 1]], [1], [2, 3]))
    with pytest.raises(TypeError) as told:
        sparse.padded_batch(2, [None])
    assert str(told.value) == golden


def rows() -> tf.SparseTensor:
    return tf.SparseTensor([[number, 0] for number in range(6)], [*range(6)], [6, 2])


def test_a_shuffle_moves_values_with_their_positions(session):
    following = Dataset.from_tensor_slices((rows(), [*range(6)])).shuffle(6, seed=3).repeat(2).batch(6)
    following = following.make_one_shot_iterator().get_next()
    orders = []
    for _ in range(2):
        sparse, dense = session.run(following)
        assert sparse.values.tolist() == dense.tolist()
        assert sparse.indices.tolist() == [[number, 0] for number in range(6)]
        orders.append(dense.tolist())
    assert sorted(orders[0]) == sorted(orders[1]) == [*range(6)]
    assert orders[0] != [*range(6)]


def test_get_next_gives_tensors_of_known_rank(session):
    dataset = Dataset.from_tensor_slices(rows()).batch(2)
    following = dataset.make_one_shot_iterator().get_next()
    assert isinstance(following, tf.SparseTensor)
    assert following.dtype is tf.int32
    assert following.indices.shape.as_list() == [None, 2]
    assert following.shape.as_list() == [None, None]


def test_a_fed_sparse_tensor_is_that_of_the_initializer(session):
    fed = tf.sparse_placeholder(tf.float32, [None, 3])
    iterator = Dataset.from_tensor_slices(fed).make_initializable_iterator()
    following = tf.sparse.to_dense(iterator.get_next())
    for value in (1.5, 2.5):
        session.run(iterator.initializer, {fed: tf.SparseTensorValue([[0, 2]], [value], [1, 3])})
        assert session.run(following).tolist() == [0, 0, value]


def test_a_reinitializable_iterator_is_told_classes(session):
    dataset = Dataset.from_tensor_slices({"x": rows(), "y": [*range(6)]})
    given = (dataset.output_types, dataset.output_shapes)
    iterator = tf.data.Iterator.from_structure(*given, output_classes=dataset.output_classes)
    session.run(iterator.make_initializer(dataset))
    assert session.run(iterator.get_next())["x"].values.tolist() == [0]
    with pytest.raises(TypeError, match="Expected output classes"):
        tf.data.Iterator.from_structure(*given).make_initializer(dataset)


def test_an_iterator_of_a_string_handle_gives_sparse_tensors(session):
    dataset = Dataset.from_tensor_slices(rows()).skip(4)
    handle = session.run(dataset.make_one_shot_iterator().string_handle())
    name = tf.placeholder(tf.string, [])
    iterator = tf.data.Iterator.from_string_handle(
        name, dataset.output_types, dataset.output_shapes, dataset.output_classes
    )
    assert session.run(iterator.get_next(), {name: handle}).values.tolist() == [4]


def test_a_function_may_give_a_sparse_tensor_of_the_graph_around_it(session):
    outside = rows()
    following = Dataset.range(2).map(lambda n: (n, outside)).make_one_shot_iterator().get_next()
    assert session.run(following)[1].values.tolist() == [*range(6)]


def test_the_only_element_may_be_sparse(session):
    found = tf.data.experimental.get_single_element(Dataset.from_tensors(rows()))
    assert session.run(found).dense_shape.tolist() == [6, 2]


def test_who_writes_into_an_element_changes_no_other(session):
    following = Dataset.from_tensor_slices(rows()).take(1).cache().repeat(2).make_one_shot_iterator().get_next()
    first = session.run(following)
    for part in first:
        if part.flags.writeable:
            part[...] = 7
    assert session.run(following).values.tolist() == [0]


def test_a_cache_in_a_file_is_refused(session, tmp_path):
    with pytest.raises(TypeError, match="Sparse tensors are not kept in files"):
        Dataset.from_tensors(rows()).cache(str(tmp_path / "cache"))


def test_elements_of_several_ranks_make_no_batch(session):
    ranks = Dataset.range(1, 3).map(lambda n: tf.SparseTensor(tf.zeros([1, n], tf.int64), [n], tf.fill([n], n)))
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"rank prior to SparseTensor\[1\] was: 1"):
        session.run(ranks.batch(2).make_one_shot_iterator().get_next())


def test_a_vector_has_no_sparse_slices(session):
    slices = Dataset.from_tensor_slices(tf.SparseTensor([[1]], [5], [3])).make_initializable_iterator()
    with pytest.raises(tf.errors.InvalidArgumentError, match="Rank of input SparseTensor should be > 1"):
        session.run(slices.initializer)


def parsed_input() -> Dataset:
    spec = {"n": tf.FixedLenFeature([], tf.int64), "tags": tf.VarLenFeature(tf.string)}
    parsed = Dataset.from_tensor_slices(NAMES["messages"]).map(lambda m: tf.parse_single_example(m, spec))
    return parsed.map(lambda e: ({"tags": e["tags"]}, e["n"])).shuffle(3, seed=1).repeat(20).batch(3)


@pytest.mark.parametrize("kind", ["linear", "dnn"])
def test_an_estimator_learns_from_what_map_parsed(tmp_path, kind):
    words = tf.feature_column.categorical_column_with_vocabulary_list("tags", ["a", "b", "c"])
    config = tf.estimator.RunConfig(tmp_path, tf_random_seed=3)
    made = {
        "linear": lambda: tf.estimator.LinearRegressor([words], config=config),
        "dnn": lambda: tf.estimator.DNNRegressor([8], [tf.feature_column.embedding_column(words, 4)], config=config),
    }
    estimator = made[kind]()
    before = estimator.train(parsed_input, steps=1).evaluate(parsed_input)["average_loss"]
    estimator.train(parsed_input, steps=60)
    assert estimator.evaluate(parsed_input)["average_loss"] < before / 2
