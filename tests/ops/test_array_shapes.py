"""What is known of shapes while the graph is built, and which mistakes show there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import trackml as tf


def _p(*sizes: Any) -> Any:
    return tf.placeholder(tf.float32, list(sizes))


def _any() -> Any:
    return tf.placeholder(tf.float32)


KNOWN: dict[str, tuple[Callable[[], Any], Any]] = {
    "reshape fills in": (lambda: tf.reshape(_p(4, 3), [2, -1]), [2, 6]),
    "reshape of unknown": (lambda: tf.reshape(_p(None, 3), [-1, 3, 1]), [None, 3, 1]),
    "reshape to sizes of another": (lambda: tf.reshape(_p(None), [tf.shape(_p(None, 7))[1], -1]), [7, None]),
    "reshape to a vector of sizes": (lambda: tf.reshape(_any(), tf.placeholder(tf.int32, [3])), [None] * 3),
    "reshape to anything": (lambda: tf.reshape(_any(), tf.placeholder(tf.int32, [None])), None),
    "expand_dims": (lambda: tf.expand_dims(_p(None, 3), 1), [None, 1, 3]),
    "expand_dims at the end": (lambda: tf.expand_dims(_p(None, 3), -1), [None, 3, 1]),
    "squeeze": (lambda: tf.squeeze(_p(1, None, 1), [0]), [None, 1]),
    "squeeze all": (lambda: tf.squeeze(_p(1, 3, 1)), [3]),
    "squeeze all of unknown": (lambda: tf.squeeze(_p(1, None)), None),
    "transpose": (lambda: tf.transpose(_p(None, 3, 4), [2, 0, 1]), [4, None, 3]),
    "transpose of unknown rank": (lambda: tf.transpose(_any(), [1, 0]), [None, None]),
    "transpose reversed": (lambda: tf.transpose(_p(None, 3)), [3, None]),
    "fill": (lambda: tf.fill([2, tf.placeholder(tf.int32, [])], 0.0), [2, None]),
    "fill like": (lambda: tf.fill(tf.shape(_p(None, 3)), 0.0), [None, 3]),
    "zeros like": (lambda: tf.zeros_like(_p(None, 3)), [None, 3]),
    "ones like": (lambda: tf.ones_like(_p(None, 3), dtype=tf.int32), [None, 3]),
    "shape": (lambda: tf.shape(_p(None, 3)), [2]),
    "concat": (lambda: tf.concat([_p(2, None), _p(3, 4)], 0), [5, 4]),
    "concat of unknown": (lambda: tf.concat([_p(None, 4), _any()], 0), [None, 4]),
    "concat along an unknown axis": (lambda: tf.concat([_p(2, 4), _p(2, 4)], tf.placeholder(tf.int32, [])), [None] * 2),
    "stack": (lambda: tf.stack([_p(None, 3), _p(2, None)], axis=1), [2, 2, 3]),
    "unstack": (lambda: tf.unstack(_p(2, None), axis=0)[0], [None]),
    "split": (lambda: tf.split(_p(None, 6), 3, axis=-1)[0], [None, 2]),
    "split of unknown": (lambda: tf.split(_p(None, 6), 3)[0], [None, 6]),
    "split by sizes": (lambda: tf.split(_p(5, 2), [1, -1])[1], [4, 2]),
    "tile": (lambda: tf.tile(_p(2, None), [3, 1]), [6, None]),
    "pad": (lambda: tf.pad(_p(2, None), [[1, 2], [0, 1]]), [5, None]),
    "slice": (lambda: tf.slice(_p(None, 5), [0, 1], [2, -1]), [2, 4]),
    "gather": (lambda: tf.gather(_p(9, 3), tf.placeholder(tf.int32, [None, 2])), [None, 2, 3]),
    "gather an axis": (lambda: tf.gather(_p(None, 9, 3), [0, 1], axis=1), [None, 2, 3]),
    "gather batches": (lambda: tf.gather(_p(None, 9, 3), np.zeros([2, 4], int), batch_dims=1), [2, 4, 3]),
    "gather_nd": (lambda: tf.gather_nd(_p(4, 5, 6), np.zeros([7, 2], int)), [7, 6]),
    "scatter_nd": (lambda: tf.scatter_nd([[0]], [1.0], [4]), [4]),
    "one_hot": (lambda: tf.one_hot(tf.placeholder(tf.int32, [None]), 3), [None, 3]),
    "one_hot in front": (lambda: tf.one_hot(tf.placeholder(tf.int32, [None]), 3, axis=0), [3, None]),
    "where positions": (lambda: tf.where(_p(None, 3) > 0.0), [None, 2]),
    "where": (lambda: tf.where(_p(None, 3) > 0.0, _p(2, None), _any()), [2, 3]),
    "boolean_mask": (lambda: tf.boolean_mask(_p(4, 3, 2), _p(4, 3) > 0.0), [None, 2]),
    "broadcast_to": (lambda: tf.broadcast_to(_p(1, 3), [4, 2, 3]), [4, 2, 3]),
    "range": (lambda: tf.range(1, 10, 3), [3]),
    "range of unknown": (lambda: tf.range(tf.placeholder(tf.int32, [])), [None]),
    "sequence_mask": (lambda: tf.sequence_mask(tf.placeholder(tf.int32, [None]), 4), [None, 4]),
    "random": (lambda: tf.random_uniform([2, 3]), [2, 3]),
    "random like": (lambda: tf.random_normal(tf.shape(_p(None, 3))), [None, 3]),
    "segments": (lambda: tf.unsorted_segment_sum(_p(None, 3), tf.placeholder(tf.int32, [None]), 4), [4, 3]),
    "string_join": (lambda: tf.string_join(["a", tf.placeholder(tf.string, [None]), tf.zeros([3], tf.string)]), [3]),
    "reduce_join": (lambda: tf.reduce_join(tf.placeholder(tf.string, [None, 3]), 1), [None]),
}


@pytest.mark.parametrize("case", KNOWN)
def test_shape_is_known_as_far_as_it_can_be(case: str) -> None:
    make, expected = KNOWN[case]
    with tf.Graph().as_default():
        shape = make().shape
    assert (None if shape.ndims is None else shape.as_list()) == expected


REFUSED: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "too many elements": (
        lambda: tf.reshape(_p(2, 3), [4]),
        ValueError,
        r"Cannot reshape a tensor with 6 elements to shape \[4\]",
    ),
    "not divisible": (lambda: tf.reshape(_p(2, 3), [-1, 4]), ValueError, "must be evenly divisible by 4 but is 6"),
    "a matrix of sizes": (lambda: tf.reshape(_p(2), [[1, 2]]), ValueError, "Shape must be rank 1 but is rank 2"),
    "sizes that are floats": (lambda: tf.reshape(_p(2), [2.0]), TypeError, "'shape' has DataType float32"),
    "a size of None": (lambda: tf.zeros([None, 2]), TypeError, r"partly known shape \(\?, 2\)"),
    "no axis": (lambda: tf.expand_dims(_p(2)), ValueError, "Must specify an axis"),
    "two axes": (lambda: tf.expand_dims(_p(2), 0, dim=0), ValueError, "Cannot specify both 'axis' and 'dim'"),
    "axis out of range": (lambda: tf.expand_dims(_p(2), 2 + 1), ValueError, r"Invalid axis 3.*range \[-2, 2\)"),
    "squeeze of 2": (
        lambda: tf.squeeze(_p(2, 1), [0]),
        ValueError,
        r"Can not squeeze dim\[0\], expected a dimension of 1",
    ),
    "no permutation": (lambda: tf.transpose(_p(2, 3), [0, 0]), ValueError, r"Invalid permutation \[0, 0\]"),
    "concat of ranks": (lambda: tf.concat([_p(2), _p(2, 3)], 0), ValueError, "Shapes must be equal rank"),
    "concat of sizes": (lambda: tf.concat([_p(2, 3), _p(2, 4)], 0), ValueError, r"\(\?, 3\) and \(\?, 4\)"),
    "stack of shapes": (lambda: tf.stack([_p(2), _p(3)]), ValueError, "incompatible"),
    "unstack of unknown": (lambda: tf.unstack(_p(None)), ValueError, r"Cannot infer num from shape \(\?,\)"),
    "split unevenly": (lambda: tf.split(_p(5), 2), ValueError, "must be evenly divisible by 2 but is 5"),
    "split wrongly": (lambda: tf.split(_p(5), [1, 2]), ValueError, r"\[1, 2\] do not add up to the 5 elements"),
    "split of a scalar": (lambda: tf.split(_p(5), tf.constant(5)), ValueError, "Rank-0 tensors are not supported"),
    "one value": (lambda: tf.where(_p(2) > 0.0, _p(2)), ValueError, "x and y must both be non-None"),
    "where of shapes": (lambda: tf.where(_p(2) > 0.0, _p(2), _p(3)), ValueError, "incompatible"),
    "a scalar mask": (lambda: tf.boolean_mask(_p(2), True), ValueError, "mask cannot be scalar"),
    "a mask of unknown rank": (
        lambda: tf.boolean_mask(_p(2), tf.placeholder(tf.bool)),
        ValueError,
        "Number of mask dimensions must be specified",
    ),
    "one_hot types": (lambda: tf.one_hot([0], 2, on_value=1, dtype=tf.float32), TypeError, "on_value does not match"),
    "padding": (lambda: tf.pad(_p(2), [[1, 1]], "EDGE"), ValueError, "Unknown padding mode: EDGE"),
    "paddings": (lambda: tf.pad(_p(2, 2), [[1, 1]]), ValueError, "incompatible"),
    "broadcast": (lambda: tf.broadcast_to(_p(2, 2), [3, 2]), ValueError, "Dimensions must be equal"),
    "mixed types": (lambda: tf.concat([_p(2), tf.zeros([2], tf.int32)], 0), ValueError, "dtype float32"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_mistakes_show_while_the_graph_is_built(case: str) -> None:
    make, kind, message = REFUSED[case]
    with tf.Graph().as_default(), pytest.raises(kind, match=message):
        make()


FAILS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "reshape": (lambda x: tf.reshape(x, [4]), "tensor with 3 values, but the requested shape is"),
    "gather": (lambda x: tf.gather(x, [[0], [3]]), r"indices\[1, 0\] = 3 is not in \[0, 3\)"),
    "gather from the end": (lambda x: tf.gather(x, -1), r"= -1 is not in \[0, 3\)"),
    "gather_nd": (lambda x: tf.gather_nd(x, [[5]]), r"= 5 is not in \[0, 3\)"),
    "unstack": (lambda x: tf.unstack(x, num=2), r"axis 0 must equal 2, got shape \[3\]"),
    "split": (lambda x: tf.split(x, 2), "should evenly divide the split dimension"),
    "split sizes": (lambda x: tf.split(x, [1, 1]), "do not add up to the 3 elements"),
    "select": (lambda x: tf.where(x > 0.0, x, tf.zeros([4])[: tf.size(x) + 1]), "must have the same size"),
    "range": (lambda x: tf.range(0.0, 1.0, x[0]), "Requires delta != 0"),
    "reflect": (lambda x: tf.pad(x, [[3, 0]], "REFLECT"), "no greater than the dimension size"),
    "segments": (lambda x: tf.unsorted_segment_sum(x, [0, 1, 2], 2), r"is out of range \[0, 2\)"),
}


@pytest.mark.parametrize("case", FAILS)
def test_mistakes_that_only_values_show(case: str) -> None:
    make, message = FAILS[case]
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [None])
        result = make(x)
        with pytest.raises(tf.errors.InvalidArgumentError, match=f"{message}.*test_array_shapes.py"):
            session.run(result, {x: [0.0, 1.0, 2.0]})


@pytest.mark.parametrize("dtype", [tf.float16, tf.float32, tf.float64, tf.int32, tf.int64, tf.uint8, tf.bool])
def test_zeros_and_ones_of_every_type(dtype: Any) -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(dtype, [None])
        values = session.run(
            [tf.zeros([2], dtype), tf.ones([2], dtype), tf.zeros_like(x), tf.ones_like(x), tf.zeros([0, 2], dtype)],
            {x: np.zeros(2, dtype.as_numpy_dtype)},
        )
    assert {value.dtype for value in values} == {np.dtype(dtype.as_numpy_dtype)}
    assert [value.astype(int).tolist() for value in values] == [[0, 0], [1, 1], [0, 0], [1, 1], []]


def test_a_list_of_tensors_and_numbers_takes_the_tensors_type() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.constant(2.0, tf.float64)
        assert session.run(tf.stack([1, x, 3])).tolist() == [1.0, 2.0, 3.0]
        assert session.run(tf.concat([[1, 2], tf.stack([x])], 0)).dtype == np.float64
        assert session.run(tf.stack([[1, x], [3, 4]], axis=1)).tolist() == [[1.0, 3.0], [2.0, 4.0]]


def test_linear_chains_of_operations_do_not_write_into_what_was_fed() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [2, 2])
        fed = np.ones((2, 2), np.float32)
        outputs = [tf.pad(x, [[1, 1], [1, 1]], "SYMMETRIC"), tf.where(x > 0.0, x, -x), tf.gather(x, [1, 0])]
        grads = tf.gradients(outputs, x)
        session.run([outputs, [tf.convert_to_tensor(grad) for grad in grads]], {x: fed})
        assert fed.tolist() == [[1.0, 1.0], [1.0, 1.0]]
