"""What holds for every metric, and the shapes, weights and names of each."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from trackml import metrics
from trackml.errors import FailedPreconditionError, InvalidArgumentError
from trackml.graph import Graph, GraphKeys, Session, Tensor, constant, placeholder
from trackml.variables import global_variables, local_variables, local_variables_initializer, trainable_variables

Metric = Callable[..., tuple[Tensor, Tensor]]
OF_LABELS: dict[str, tuple[Metric, list[str], float]] = {
    # The metric; its variables; its value for labels [1, 0, 1, 1] and predictions [1, 1, 1, 0].
    "accuracy": (metrics.accuracy, ["total", "count"], 0.5),
    "auc": (
        metrics.auc,
        ["true_positives", "false_negatives", "true_negatives", "false_positives"],
        1 / 3,
    ),
    "false_negatives": (metrics.false_negatives, ["count"], 1.0),
    "false_positives": (metrics.false_positives, ["count"], 1.0),
    "mean_absolute_error": (metrics.mean_absolute_error, ["total", "count"], 0.5),
    "mean_squared_error": (metrics.mean_squared_error, ["total", "count"], 0.5),
    "precision": (metrics.precision, ["true_positives/count", "false_positives/count"], 2 / 3),
    "recall": (metrics.recall, ["true_positives/count", "false_negatives/count"], 2 / 3),
    "root_mean_squared_error": (metrics.root_mean_squared_error, ["total", "count"], 0.5**0.5),
    "true_negatives": (metrics.true_negatives, ["count"], 0.0),
    "true_positives": (metrics.true_positives, ["count"], 2.0),
}
LABELS, PREDICTIONS = [1.0, 0.0, 1.0, 1.0], [1.0, 1.0, 1.0, 0.0]


@pytest.fixture(autouse=True)
def graph() -> Iterator[Graph]:
    with Graph().as_default() as graph:
        yield graph


@pytest.fixture(params=sorted(OF_LABELS))
def name(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


def run(metric: tuple[Tensor, Tensor], *feeds: dict[Any, Any]) -> tuple[Any, Any]:
    """The value after all updates, and what the last update gave."""
    value, update_op = metric
    with Session() as session:
        session.run(local_variables_initializer())
        for feed in feeds or ({},):
            updated = session.run(update_op, feed)
        return session.run(value), updated


class TestEveryMetricOfLabels:
    def test_value_and_update_are_what_the_batch_says(self, name: str):
        function, _, expected = OF_LABELS[name]
        value, updated = run(function(constant(LABELS), constant(PREDICTIONS)))
        assert value == updated
        assert value.dtype == np.float32
        assert value == pytest.approx(expected, abs=2e-6)

    def test_two_halves_are_as_one_batch(self, name: str):
        function, _, expected = OF_LABELS[name]
        labels, predictions = placeholder("float32", [None]), placeholder("float32", [None])
        halves = [{labels: LABELS[at : at + 2], predictions: PREDICTIONS[at : at + 2]} for at in (0, 2)]
        assert run(function(labels, predictions), *halves)[0] == pytest.approx(expected, abs=2e-6)

    def test_a_weight_of_zero_leaves_an_example_out(self, name: str):
        function, _, expected = OF_LABELS[name]
        metric = function(constant([*LABELS, 1.0]), constant([*PREDICTIONS, 0.25]), weights=[1.0, 1.0, 1.0, 1.0, 0.0])
        assert run(metric)[0] == pytest.approx(expected, abs=2e-6)

    @pytest.mark.parametrize(("labels", "predictions", "weights"), [([4, 1], [4], [4]), ([4], [4, 1], [4, 1])])
    def test_a_last_dimension_of_one_does_not_matter(self, name: str, labels, predictions, weights):
        function, _, expected = OF_LABELS[name]
        metric = function(
            constant(np.reshape(LABELS, labels), "float32"),
            constant(np.reshape(PREDICTIONS, predictions), "float32"),
            weights=constant(np.ones(weights), "float32"),
        )
        assert run(metric)[0] == pytest.approx(expected, abs=2e-6)

    def test_variables_are_local_and_named_as_in_tensorflow(self, name: str, graph: Graph):
        function, variables, _ = OF_LABELS[name]
        function(constant(LABELS), constant(PREDICTIONS))
        function(constant(LABELS), constant(PREDICTIONS), name="mine")
        expected = [f"{scope}/{variable}" for scope in (name, "mine") for variable in variables]
        assert [variable.op.name for variable in local_variables()] == expected
        assert graph.get_collection(GraphKeys.METRIC_VARIABLES) == local_variables()
        assert global_variables() == trainable_variables() == []

    def test_second_of_a_kind_has_variables_of_its_own(self, name: str):
        function, variables, _ = OF_LABELS[name]
        for _ in range(2):
            function(constant(LABELS), constant(PREDICTIONS))
        found = [variable.op.name for variable in local_variables()]
        assert found == [f"{scope}/{variable}" for scope in (name, f"{name}_1") for variable in variables]

    def test_value_and_update_go_to_the_collections_that_are_named(self, name: str, graph: Graph):
        function, _, _ = OF_LABELS[name]
        value, update_op = function(
            constant(LABELS), constant(PREDICTIONS), metrics_collections=["values"], updates_collections=["a", "b"]
        )
        assert graph.get_collection("values") == [value]
        assert graph.get_collection("a") == graph.get_collection("b") == [update_op]

    def test_before_initialization_it_says_so(self, name: str):
        function, _, _ = OF_LABELS[name]
        value, _ = function(constant(LABELS), constant(PREDICTIONS))
        with Session() as session, pytest.raises(FailedPreconditionError, match="local_variables_initializer"):
            session.run(value)

    def test_shapes_that_do_not_fit_are_refused(self, name: str):
        function, _, _ = OF_LABELS[name]
        with pytest.raises(ValueError, match=re.escape("Shapes (3,) and (4,) are incompatible")):
            function(constant(LABELS), constant([1.0, 1.0, 1.0]))


@pytest.mark.parametrize("function", [metrics.mean, metrics.accuracy])
def test_results_are_named_value_and_update_op(function):
    arguments = [constant(LABELS)] * (1 if function is metrics.mean else 2)
    value, update_op = function(*arguments, name="acc_op")
    assert (value.name, update_op.name) == ("acc_op/value:0", "acc_op/update_op:0")


def test_mean_before_any_batch_is_zero():
    value, _ = metrics.mean(constant(LABELS))
    with Session() as session:
        session.run(local_variables_initializer())
        assert session.run(value) == 0.0


def test_mean_of_integers_and_of_batches_of_any_size():
    values = placeholder("int64", None)
    assert run(metrics.mean(values), {values: [1, 2]}, {values: [[6]]}, {values: 7})[0] == 4.0


def test_mean_weights_of_rows_count_for_each_of_their_elements():
    values = constant([[1.0, 2.0], [3.0, 4.0]])
    assert run(metrics.mean(values, weights=[1.0, 0.0]))[0] == 1.5


def test_mean_weights_that_do_not_fit_are_refused_when_the_graph_runs():
    values, weights = placeholder("float32", [None]), placeholder("float32", [None])
    with pytest.raises(InvalidArgumentError, match="weights can not be broadcast to values"):
        run(metrics.mean(values, weights), {values: [1.0, 2.0], weights: [1.0, 1.0, 1.0]})


def test_mean_tensor_keeps_the_shape_and_counts_each_element():
    values, weights = placeholder("float32", [2]), placeholder("float32", [2])
    metric = metrics.mean_tensor(values, weights)
    value, _ = run(metric, {values: [1.0, 2.0], weights: [1.0, 1.0]}, {values: [3.0, 8.0], weights: [1.0, 0.0]})
    assert value.tolist() == [2.0, 2.0]
    assert [variable.op.name for variable in local_variables()] == ["mean/total_tensor", "mean/count_tensor"]


def test_percentage_below_counts_what_is_smaller_than_the_threshold():
    assert run(metrics.percentage_below(constant([1.0, 2.0, 3.0, 4.0]), 3.0))[0] == 0.5
    assert local_variables()[0].op.name == "percentage_below_threshold/total"


def test_accuracy_compares_in_the_type_of_the_labels():
    assert run(metrics.accuracy(constant([1, 2], "int64"), constant([1.0, 2.5], "float32")))[0] == 1.0


def test_accuracy_compares_strings():
    assert run(metrics.accuracy(constant(["a", "b"]), constant(["a", "c"])))[0] == 0.5


@pytest.mark.parametrize("function", [metrics.precision, metrics.recall])
def test_precision_and_recall_are_zero_while_there_is_nothing_to_divide_by(function):
    assert run(function(constant([False]), constant([False])))[0] == 0.0


@pytest.mark.parametrize("outside", [-0.1, 1.1, float("nan")])
def test_auc_refuses_what_is_no_probability(outside: float):
    predictions = placeholder("float32", [None])
    with pytest.raises(InvalidArgumentError, match=re.escape("predictions must be in [0, 1]")):
        run(metrics.auc(constant([True]), predictions), {predictions: [outside]})


def test_auc_of_perfect_order_is_one():
    labels, predictions = constant([0.0, 0.0, 1.0, 1.0]), constant([0.1, 0.4, 0.6, 0.9])
    assert run(metrics.auc(labels, predictions))[0] == pytest.approx(1.0, abs=1e-5)


def test_auc_bounds_enclose_the_trapezoids():
    labels, predictions = constant([0.0, 1.0, 0.0, 1.0]), constant([0.1, 0.4, 0.6, 0.9])
    low, middle, high = (
        run(metrics.auc(labels, predictions, thresholds=[0.5], summation_method=method))[0]
        for method in ("minoring", "trapezoidal", "majoring")
    )
    assert low < middle < high
    assert middle == pytest.approx((low + high) / 2)


def test_auc_by_trapezoids_of_a_precision_recall_curve_warns(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.WARNING, logger="tensorflow"):
        metrics.auc(constant([1.0]), constant([1.0]), curve="PR")
    assert "Trapezoidal rule is known to produce incorrect PR-AUCs" in caplog.text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"curve": "X"}, "curve must be either ROC or PR, X unknown"),
        ({"summation_method": "X"}, "Invalid summation_method: X"),
    ],
)
def test_auc_refuses_unknown_curves_and_methods(arguments: dict[str, Any], message: str):
    with pytest.raises(ValueError, match=message):
        metrics.auc(constant([1.0]), constant([1.0]), **arguments)
