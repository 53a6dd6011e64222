"""Behaviour of single operations that the table cannot state: errors, casts, names, randomness, limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from trackml import dtypes
from trackml.autodiff import gradients
from trackml.errors import InvalidArgumentError
from trackml.graph import Graph, Session, constant, placeholder
from trackml.graph.indexed_slices import IndexedSlices
from trackml.ops import clipping, cross_entropy, dropout, math, matmul, nn, reductions, softmax


@pytest.fixture(autouse=True)
def graph() -> Iterator[Graph]:
    with Graph().as_default() as graph:
        yield graph


def value(tensor: Any, feeds: Any = None) -> Any:
    with Session() as session:
        return session.run(tensor, feeds)


class TestCasts:
    def test_the_same_type_is_the_same_tensor(self) -> None:
        x = constant(1.0)
        assert math.cast(x, "float32") is x

    def test_gradients_flow_through_floats_alone(self) -> None:
        x = constant([1.5, 2.5])
        through_floats = gradients(math.cast(math.cast(x, dtypes.float64) * 3.0, dtypes.float32), x)
        through_integers = gradients(math.cast(math.cast(x, dtypes.int32), dtypes.float32), x)

        np.testing.assert_array_equal(value(through_floats[0]), [3, 3])
        assert through_integers == [None]

    def test_strings_are_not_cast(self) -> None:
        with pytest.raises(TypeError, match="to_number"):
            math.cast(constant("1"), dtypes.float32)

    def test_old_spellings(self) -> None:
        functions = (math.to_float, math.to_double, math.to_int32, math.to_int64)
        tensors = [function(constant(2, dtypes.int8)) for function in functions]

        assert [tensor.dtype.name for tensor in tensors] == ["float32", "float64", "int32", "int64"]
        assert [tensor.name for tensor in tensors] == ["ToFloat:0", "ToDouble:0", "ToInt32:0", "ToInt64:0"]


class TestReductions:
    def test_axes_out_of_range_are_refused(self) -> None:
        with pytest.raises(ValueError, match="Invalid reduction dimension 2 for input with 2 dimensions"):
            reductions.reduce_sum(np.ones((2, 3)), axis=2)

    def test_an_axis_twice_is_refused(self) -> None:
        with pytest.raises(ValueError, match="duplicate"):
            reductions.reduce_sum(np.ones((2, 3)), axis=[1, -1])

    def test_both_names_of_an_argument_are_refused(self) -> None:
        with pytest.raises(ValueError, match="axis"):
            reductions.reduce_sum([1.0], axis=0, reduction_indices=0)

    def test_unknown_rank_reduces_to_a_scalar(self) -> None:
        x = placeholder(dtypes.float32)
        total = reductions.reduce_mean(x)
        grad = gradients(total, x)[0]

        assert total.shape.as_list() == []
        np.testing.assert_array_equal(value(grad, {x: np.ones((2, 2))}), np.full((2, 2), 0.25))

    def test_axes_of_unknown_rank_are_put_back_by_the_gradient(self) -> None:
        x = placeholder(dtypes.float32)
        values, grad = value(
            [math.square(reductions.reduce_sum(x, 1)), gradients(math.square(reductions.reduce_sum(x, 1)), x)[0]],
            {x: np.ones((2, 3))},
        )

        np.testing.assert_array_equal(values, [9, 9])
        np.testing.assert_array_equal(grad, np.full((2, 3), 6))

    def test_numbers_are_not_true_or_false(self) -> None:
        with pytest.raises(TypeError, match="list of allowed values: bool"):
            reductions.reduce_all([1.0])

    def test_names_are_tensorflows(self, graph: Graph) -> None:
        x = constant([[1.0]], name="x")
        names = [reductions.reduce_mean(x).name, reductions.reduce_mean(x, 0).name, reductions.argmax(x, 1).name]

        assert names == ["Mean:0", "Mean_1:0", "ArgMax:0"]
        inputs = {op.name: [tensor.op.name for tensor in op.inputs] for op in graph.get_operations()}
        assert inputs["Mean_1"] == ["x", "Mean_1/reduction_indices"]
        assert inputs["ArgMax"] == ["x", "ArgMax/dimension"]


class TestMatmul:
    def test_inner_sizes_must_be_equal(self) -> None:
        with pytest.raises(ValueError, match=r"Dimensions must be equal, but are 3 and 2 \[op 'MatMul'.*test_parts.py"):
            matmul.matmul(np.ones((2, 3)), np.ones((2, 3)))

    def test_vectors_are_refused(self) -> None:
        with pytest.raises(ValueError, match="rank"):
            matmul.matmul([1.0], [1.0])

    def test_a_known_size_comes_through(self) -> None:
        x = placeholder(dtypes.float32, [None, 3])
        assert matmul.matmul(x, np.ones((3, 5), np.float32)).shape.as_list() == [None, 5]

    def test_transposed_and_adjoint_at_once_is_refused(self) -> None:
        with pytest.raises(ValueError, match="Only one of"):
            matmul.matmul([[1.0]], [[1.0]], transpose_a=True, adjoint_a=True)


class TestCrossEntropies:
    def test_arguments_must_be_named(self) -> None:
        with pytest.raises(ValueError, match="named arguments"):
            cross_entropy.sparse_softmax_cross_entropy_with_logits([0], [[1.0]])
        with pytest.raises(ValueError, match="Both labels and logits"):
            cross_entropy.sigmoid_cross_entropy_with_logits(labels=[1.0])

    def test_a_column_of_labels_is_a_rank_mismatch(self) -> None:
        with pytest.raises(
            ValueError, match=r"Rank mismatch: Rank of labels \(received 2\) should equal rank of logits"
        ):
            cross_entropy.sparse_softmax_cross_entropy_with_logits(labels=[[0]], logits=[[1.0, 2.0]])

    def test_a_label_that_is_no_class_names_the_label_and_the_users_line(self) -> None:
        loss = cross_entropy.sparse_softmax_cross_entropy_with_logits(labels=[0, 7], logits=[[1.0, 2.0]] * 2)
        with pytest.raises(InvalidArgumentError, match=r"label value of 7 which is outside.*test_parts.py"):
            value(loss)

    def test_gradients_stop_at_the_labels_of_the_old_function(self) -> None:
        labels = constant([[0.5, 0.5]])
        loss = cross_entropy.softmax_cross_entropy_with_logits(labels=labels, logits=[[1.0, 2.0]])
        assert gradients(loss, labels) == [None]

    def test_half_precision_is_computed_in_full(self) -> None:
        logits = constant(np.array([[1.0, 2.0]]), dtypes.float16)
        loss = cross_entropy.sparse_softmax_cross_entropy_with_logits(labels=[0], logits=logits)

        assert loss.dtype is dtypes.float16
        assert value(loss)[0] == np.float16(np.log1p(np.e))

    def test_softmax_of_a_scalar_is_refused(self) -> None:
        with pytest.raises(ValueError, match="at least one axis"):
            softmax.softmax(1.0)


class TestDropout:
    def test_kept_elements_are_scaled_up(self) -> None:
        dropped = value(dropout.dropout(constant(np.ones(10_000, np.float32)), rate=0.25, seed=1))

        assert set(np.unique(dropped)) == {np.float32(0), np.float32(1) / np.float32(0.75)}
        # Four standard deviations of 10,000 coins.
        assert abs(np.mean(dropped == 0) - 0.25) < 4 * np.sqrt(0.25 * 0.75 / 10_000)

    def test_keep_prob_is_the_rest_of_rate(self) -> None:
        x = constant(np.ones(100, np.float32))
        by_rate, by_keep_prob = dropout.dropout(x, rate=0.25, seed=1), dropout.dropout(x, 0.75, seed=1)

        np.testing.assert_allclose(np.unique(value(by_keep_prob)), np.unique(value(by_rate)))

    def test_a_rate_of_zero_is_no_operation(self) -> None:
        x = constant([1.0])
        assert dropout.dropout(x, rate=0.0) is x
        assert dropout.dropout(x, keep_prob=1.0) is x

    def test_noise_shape_drops_together(self) -> None:
        dropped = value(dropout.dropout(np.ones((50, 4), np.float32), rate=0.5, noise_shape=[None, 1], seed=1))
        assert np.all(dropped == dropped[:, :1])
        assert len(np.unique(dropped[:, 0])) == 2

    def test_gradients_pass_where_elements_are_kept(self) -> None:
        x = constant(np.ones(20, np.float32))
        y = dropout.dropout(x, rate=0.5, seed=1)
        dropped, grad = value([y, gradients(y, x)[0]])
        np.testing.assert_array_equal(grad, dropped)

    @pytest.mark.parametrize("rate", [-0.1, 1.0, 2])
    def test_impossible_rates_are_refused(self, rate: float) -> None:
        with pytest.raises(ValueError, match="range"):
            dropout.dropout([1.0], rate=rate)

    def test_one_of_rate_and_keep_prob_is_needed(self) -> None:
        with pytest.raises(ValueError, match="one of"):
            dropout.dropout([1.0])
        with pytest.raises(ValueError, match="one of"):
            dropout.dropout([1.0], keep_prob=0.5, rate=0.5)


class TestClipping:
    def test_rows_stay_rows(self) -> None:
        rows = IndexedSlices(constant([[3.0, 4.0]]), constant([7], dtypes.int64))
        clipped = clipping.clip_by_norm(rows, 1.0)

        assert isinstance(clipped, IndexedSlices)
        np.testing.assert_allclose(value(clipped).values, [[0.6, 0.8]], rtol=1e-6)

    def test_a_list_is_scaled_to_one_norm(self) -> None:
        clipped, norm = clipping.clip_by_global_norm([constant([3.0]), None, constant([4.0])], 1.0)

        assert value(norm) == 5
        assert clipped[1] is None
        np.testing.assert_allclose(value([clipped[0], clipped[2]]), [[0.6], [0.8]], rtol=1e-6)

    def test_a_small_list_stays_as_it_is(self) -> None:
        clipped, _ = clipping.clip_by_global_norm([constant([0.3]), constant([0.4])], 1.0)
        np.testing.assert_allclose(value(clipped), [[0.3], [0.4]], rtol=1e-6)

    def test_an_infinite_norm_makes_all_nan(self) -> None:
        clipped, _ = clipping.clip_by_global_norm([constant([np.inf]), constant([1.0])], 1.0)
        assert np.isnan(value(clipped)).all()

    def test_limits_do_not_widen_the_tensor(self) -> None:
        with pytest.raises(ValueError, match="incompatible"):
            clipping.clip_by_value(constant([1.0]), [0.0, 0.0], 1.0)


class TestParts:
    def test_bias_must_have_the_channels(self) -> None:
        with pytest.raises(ValueError, match="incompatible"):
            nn.bias_add(np.ones((2, 3)), np.ones(2))

    def test_top_k_of_too_few_is_refused(self) -> None:
        with pytest.raises(ValueError, match="k = 3"):
            nn.top_k([1.0, 2.0], 3)

    def test_add_n_wants_one_type(self) -> None:
        with pytest.raises(ValueError, match="same dtype"):
            math.add_n([constant(1.0), constant(1)])
        with pytest.raises(ValueError, match="at least one"):
            math.add_n([])

    def test_floats_are_wanted_for_roots(self) -> None:
        with pytest.raises(TypeError, match="DataType int32 not in list of allowed values"):
            math.sqrt(4)

    def test_integers_divided_by_zero_name_the_users_line(self) -> None:
        with pytest.raises(InvalidArgumentError, match=r"Integer division by zero.*test_parts.py"):
            value(constant([1, 2]) // constant([1, 0]))

    def test_batch_normalization_standardizes(self) -> None:
        x = constant(np.arange(12, dtype=np.float32).reshape(4, 3))
        mean, variance = nn.moments(x, [0])
        result = value(nn.batch_normalization(x, mean, variance, 2.0, 3.0, 0.0))

        np.testing.assert_allclose(result.mean(axis=0), [2, 2, 2], atol=1e-5)
        np.testing.assert_allclose(result.std(axis=0), [3, 3, 3], rtol=1e-5)
