"""Weights, names, collections and messages of losses."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest

from trackml import losses
from trackml.errors import InvalidArgumentError
from trackml.graph import Graph, GraphKeys, Session, constant, placeholder
from trackml.losses import Reduction

ROWS = [None, 1]


@pytest.fixture(autouse=True)
def graph() -> Iterator[Graph]:
    with Graph().as_default() as graph:
        yield graph


@pytest.mark.parametrize(
    ("loss", "name"),
    [
        (lambda x: losses.mean_squared_error(x, x), "mean_squared_error/value:0"),
        (lambda x: losses.absolute_difference(x, x), "absolute_difference/value:0"),
        (lambda x: losses.huber_loss(x, x), "huber_loss/value:0"),
        (lambda x: losses.log_loss(x, x), "log_loss/value:0"),
        (lambda x: losses.hinge_loss(x, x), "hinge_loss/value:0"),
        (lambda x: losses.cosine_distance(x, x, axis=1), "cosine_distance_loss/value:0"),
        (lambda x: losses.softmax_cross_entropy(x, x), "softmax_cross_entropy_loss/value:0"),
        (lambda x: losses.sigmoid_cross_entropy(x, x), "sigmoid_cross_entropy_loss/value:0"),
        (lambda x: losses.sparse_softmax_cross_entropy([0], x), "sparse_softmax_cross_entropy_loss/value:0"),
        (lambda x: losses.compute_weighted_loss(x), "weighted_loss/value:0"),
        (lambda x: losses.mean_squared_error(x, x, scope="mine"), "mine/value:0"),
    ],
)
def test_loss_is_collected_under_the_name_that_tensorflow_gives_it(loss, name: str):
    loss(constant([[0.5, 0.25]]))
    assert [item.name for item in losses.get_losses()] == [name]


def test_second_loss_of_a_kind_gets_a_scope_of_its_own():
    x = constant([1.0])
    losses.mean_squared_error(x, x)
    assert losses.mean_squared_error(x, x).name == "mean_squared_error_1/value:0"


def test_loss_goes_to_the_collection_that_is_named_or_to_none():
    x = constant([1.0])
    mine = losses.mean_squared_error(x, x, loss_collection="mine")
    losses.mean_squared_error(x, x, loss_collection=None)
    assert losses.get_losses() == []
    assert losses.get_losses(loss_collection="mine") == [mine]


def test_rank_mismatch_is_refused_and_never_broadcast():
    with pytest.raises(ValueError, match=re.escape("Shapes (3, 1) and (3,) are incompatible")):
        losses.mean_squared_error(placeholder("float32", [3]), placeholder("float32", [3, 1]))


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1.0, 2.0], "weights can not be broadcast to values. values.rank=2. weights.rank=1. values.shape=(2, 3)."),
        ([[1.0, 2.0]], "weights can not be broadcast to values. Mismatch at dim 1. values.shape=(2, 3) weights.shape="),
        (None, "weights must not be None."),
    ],
)
def test_weights_that_do_not_fit_are_refused_while_the_graph_is_built(weights, message: str):
    x = placeholder("float32", [2, 3])
    with pytest.raises(ValueError, match=re.escape(message)):
        losses.mean_squared_error(x, x, weights)


@pytest.mark.parametrize("shape", [[None, None], None])
def test_weights_that_do_not_fit_are_refused_when_the_graph_runs(shape):
    x, weights = placeholder("float32", shape), placeholder("float32", shape)
    loss = losses.compute_weighted_loss(x, weights)
    with Session() as session:
        assert session.run(loss, {x: [[1.0], [3.0]], weights: [[1.0], [0.0]]}) == 1.0
        with pytest.raises(InvalidArgumentError, match="weights can not be broadcast to values"):
            session.run(loss, {x: [[1.0], [3.0]], weights: [[1.0], [1.0], [1.0]]})
        with pytest.raises(InvalidArgumentError, match="weights can not be broadcast to values"):
            session.run(loss, {x: [[1.0], [3.0]], weights: [[1.0, 1.0], [1.0, 1.0]]})


def test_weights_of_unknown_rank_may_be_a_scalar():
    x, weights = placeholder("float32", None), placeholder("float32", None)
    loss = losses.compute_weighted_loss(x, weights)
    with Session() as session:
        assert session.run(loss, {x: [[1.0], [3.0]], weights: 2.0}) == 4.0
        with pytest.raises(InvalidArgumentError, match="weights can not be broadcast to values"):
            session.run(loss, {x: [[1.0], [3.0]], weights: [1.0]})


@pytest.mark.parametrize("labels", [[0, 2], [[0], [2]]])
@pytest.mark.parametrize("weights", [[1.0, 3.0], [[1.0], [3.0]]])
def test_class_numbers_and_weights_may_have_a_last_dimension_of_one(labels, weights):
    logits = constant([[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    loss = losses.sparse_softmax_cross_entropy(labels, logits, weights)
    with Session() as session:
        np.testing.assert_allclose(session.run(loss), 2 * np.log(3), rtol=1e-6)


def test_label_smoothing_takes_the_number_of_classes_from_the_labels():
    loss = losses.softmax_cross_entropy(
        [[1.0, 0.0]], placeholder("float32", [None, 2], name="logits"), label_smoothing=0.5
    )
    with Session() as session:
        found = session.run(loss, {"logits:0": [[np.log(3), 0.0]]})
    np.testing.assert_allclose(found, -0.75 * np.log(0.75) - 0.25 * np.log(0.25), rtol=1e-6)


def test_loss_has_the_type_of_the_values():
    assert losses.compute_weighted_loss(constant([1.0], "float64")).dtype.name == "float64"


def test_empty_batch_has_no_loss():
    x = placeholder("float32", [None])
    with Session() as session:
        assert session.run(losses.mean_squared_error(x, x), {x: []}) == 0.0


def test_unknown_reduction_is_refused():
    with pytest.raises(ValueError, match="Invalid Reduction Key mean"):
        losses.compute_weighted_loss([1.0], reduction="mean")


@pytest.mark.parametrize(
    ("loss", "missing"),
    [
        (lambda: losses.mean_squared_error(None, [1.0]), "labels"),
        (lambda: losses.mean_squared_error([1.0], None), "predictions"),
        (lambda: losses.hinge_loss([1.0], None), "logits"),
        (lambda: losses.softmax_cross_entropy(None, [[1.0]]), "onehot_labels"),
        (lambda: losses.sigmoid_cross_entropy(None, [[1.0]]), "multi_class_labels"),
        (lambda: losses.cosine_distance([1.0], [1.0]), "axis"),
    ],
)
def test_missing_argument_is_named(loss, missing: str):
    with pytest.raises(ValueError, match=missing):
        loss()


def test_total_loss_counts_penalties_unless_told_otherwise(graph: Graph):
    losses.add_loss(constant(1.0))
    graph.add_to_collection(GraphKeys.REGULARIZATION_LOSSES, constant(10.0))
    with Session() as session:
        assert session.run(losses.get_total_loss()) == 11.0
        assert session.run(losses.get_total_loss(add_regularization_losses=False)) == 1.0
        assert session.run(losses.get_regularization_loss()) == 10.0


def test_total_loss_of_a_scope_leaves_others_out():
    x = constant([3.0])
    losses.absolute_difference(x, constant([1.0]), scope="a")
    losses.absolute_difference(x, constant([2.0]), scope="b")
    with Session() as session:
        assert session.run(losses.get_total_loss(scope="b")) == 1.0


def test_regularization_loss_without_penalties_is_zero():
    with Session() as session:
        assert session.run(losses.get_regularization_loss()) == 0.0


def test_cosine_distance_of_equal_unit_vectors_is_zero():
    with Session() as session:
        assert session.run(losses.cosine_distance([[0.6, 0.8]], [[0.6, 0.8]], axis=1)) == pytest.approx(0.0, abs=1e-7)
        assert session.run(losses.cosine_distance([[0.6, 0.8]], [[-0.8, 0.6]], dim=1)) == pytest.approx(1.0)


def test_all_reductions_are_listed():
    assert set(Reduction.all()) == {
        "none",
        "weighted_mean",
        "weighted_sum",
        "weighted_sum_by_nonzero_weights",
        "weighted_sum_over_batch_size",
    }
