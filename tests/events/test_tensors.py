from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from tensorboard.compat.proto import summary_pb2, tensor_pb2, tensor_shape_pb2, types_pb2
from tensorboard.util import tensor_util

from trackml.events.contents import content_of
from trackml.events.tensors import array_of

DTYPES = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "?", "c8", "c16"]
SHAPES = arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)


def tensor(dtype: int, sizes: tuple[int, ...] = (), **fields: Any) -> tensor_pb2.TensorProto:
    dimensions = [tensor_shape_pb2.TensorShapeProto.Dim(size=size) for size in sizes]
    return tensor_pb2.TensorProto(dtype=dtype, tensor_shape=tensor_shape_pb2.TensorShapeProto(dim=dimensions), **fields)


@given(array=st.sampled_from(DTYPES).flatmap(lambda dtype: arrays.arrays(dtype, SHAPES)))
def test_gives_back_the_array_that_tensorboard_packed(array: Any) -> None:
    read = array_of(tensor_util.make_tensor_proto(array))
    assert (read.dtype, read.shape) == (array.dtype, array.shape)
    np.testing.assert_array_equal(read, array)


@given(array=st.sampled_from(DTYPES).flatmap(lambda dtype: arrays.arrays(dtype, SHAPES)))
def test_values_may_be_packed_as_bytes(array: Any) -> None:
    message = tensor_util.make_tensor_proto(array)
    content = tensor(message.dtype, array.shape, tensor_content=array.tobytes())
    np.testing.assert_array_equal(array_of(content), array)


@given(array=arrays.arrays(object, SHAPES, elements=st.binary(max_size=5)))
def test_strings_are_bytes(array: Any) -> None:
    message = tensor(types_pb2.DT_STRING, array.shape, string_val=array.ravel().tolist())
    np.testing.assert_array_equal(array_of(message), array)


def test_bfloat16_is_widened() -> None:
    bits = np.array([1.5, -math.inf], np.float32).view(np.uint32) >> 16
    assert array_of(tensor(types_pb2.DT_BFLOAT16, (2,), half_val=bits.tolist())).tolist() == [1.5, -math.inf]


def test_missing_values_repeat_the_last_one() -> None:
    assert array_of(tensor(types_pb2.DT_INT32, (2, 2), int_val=[1, 2])).tolist() == [[1, 2], [2, 2]]
    assert array_of(tensor(types_pb2.DT_DOUBLE, (2,))).tolist() == [0, 0]
    assert array_of(tensor(types_pb2.DT_STRING, (2,))).tolist() == [b"", b""]
    assert array_of(tensor_pb2.TensorProto()).tolist() == []


BAD = [
    (tensor(types_pb2.DT_FLOAT, (2,), float_val=[1, 2, 3]), r"shape \[2\] cannot have 3 values"),
    (tensor(types_pb2.DT_FLOAT, (-1, -1), float_val=[1]), r"shape \[-1, -1\] cannot have 1 values"),
    (tensor(types_pb2.DT_FLOAT, (1 << 40,), float_val=[1]), "cannot have 1 values"),
    (tensor(types_pb2.DT_FLOAT, (4,), tensor_content=bytes(8)), r"shape \[4\] cannot have 2 values"),
    (tensor(types_pb2.DT_FLOAT, (2,), tensor_content=bytes(7)), "7 bytes are no whole number of elements"),
    (tensor(types_pb2.DT_RESOURCE), "dtype DT_RESOURCE is nothing that summaries hold"),
    (tensor(9999), "dtype 9999 is nothing"),
]


@pytest.mark.parametrize(("message", "reason"), BAD)
def test_what_does_not_fit_is_refused(message: tensor_pb2.TensorProto, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        array_of(message)
    with pytest.raises(ValueError, match=f"Tag 't': .*{reason}"):
        content_of(summary_pb2.Summary.Value(tag="t", tensor=message), "tensors")


@pytest.mark.parametrize("kind", ["images", "audio", "text"])
def test_kinds_of_bytes_refuse_numbers(kind: str) -> None:
    value = summary_pb2.Summary.Value(tag="t", tensor=tensor(types_pb2.DT_FLOAT, (3,), float_val=[1, 2, 3]))
    with pytest.raises(ValueError, match=f"'t': expected a value of kind '{kind}'; got a tensor of float32"):
        content_of(value, kind)


@pytest.mark.parametrize("kind", ["histograms", "images"])
def test_texts_are_no_histograms_and_no_images(kind: str) -> None:
    value = summary_pb2.Summary.Value(tag="t", tensor=tensor(types_pb2.DT_STRING, (1,), string_val=[b"x"]))
    with pytest.raises(ValueError, match=f"'t': expected a value of kind '{kind}'"):
        content_of(value, kind)


def test_a_histogram_needs_a_limit_for_each_bucket() -> None:
    value = summary_pb2.Summary.Value(tag="t")
    value.histo.bucket.extend([1, 2])
    value.histo.bucket_limit.append(1)
    with pytest.raises(ValueError, match="expected a limit for each bucket; got 2 buckets and 1 limits"):
        content_of(value, "histograms")
