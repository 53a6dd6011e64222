"""A row for every operation type: inputs and attributes at which it is checked in `test_every_operation.py`.

Floats are float32 here; the tests make float64 of them. No two of a row's floats tie and none is at a kink, so that
derivatives are what differences measure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.dtypes import DType
from trackml.shapes import TensorShape

Array = np.ndarray[Any, Any]
F32, I32, I64 = dtypes.float32, dtypes.int32, dtypes.int64


@dataclass(frozen=True)
class Row:
    """One operation at one point."""

    inputs: tuple[Any, ...]
    """Arrays."""
    attrs: dict[str, Any] = field(default_factory=dict)
    """Attributes that do not follow from the inputs."""
    order: int = 2
    """How often its gradient is checked; 0 for one that has none."""
    fixed: tuple[int, ...] = ()
    """Inputs of floats that are not moved: what is computed is no function of them by itself."""
    wide: bool = True
    """Whether it takes float64."""


def f(*shape: int, low: float = -2.0, high: float = 2.0, seed: int = 0) -> Array:
    """Distinct numbers, evenly spread over an interval in random order."""
    count = int(np.prod(shape))
    spread = low + (high - low) * (np.arange(count) + 0.37) / max(count, 1)
    return np.random.default_rng(seed).permutation(spread).reshape(shape).astype(np.float32)


def i(*values: Any, dtype: Any = np.int32) -> Array:
    """Integers: a scalar if there is one."""
    return np.array(values[0] if len(values) == 1 else values, dtype)


def v(*values: int, dtype: Any = np.int32) -> Array:
    """A vector of integers."""
    return np.array(values, dtype)


def s(*texts: bytes) -> Array:
    """A vector of texts."""
    array = np.empty(len(texts), object)
    array[:] = texts
    return array


def t(text: bytes) -> Array:
    """A text as a scalar."""
    array = np.empty((), object)
    array[()] = text
    return array


def one(low: float = -2.0, high: float = 2.0, **options: Any) -> Row:
    return Row((f(3, 4, low=low, high=high),), **options)


def two(low: float = -2.0, high: float = 2.0, **options: Any) -> Row:
    return Row((f(3, 1, low=low, high=high), f(1, 4, low=low, high=high, seed=1) + np.float32(0.011)), **options)


def reduced(**options: Any) -> Row:
    return Row((f(3, 2, 4, low=-1.5, high=1.5), v(1, -1)), {"keep_dims": False}, **options)


CONV = {"strides": [1, 2, 1, 1], "padding": "SAME", "explicit_paddings": [], "dilations": [1, 1, 1, 1],
        "data_format": "NHWC", "use_cudnn_on_gpu": True}  # fmt: skip
DEPTHWISE = {"strides": [1, 1, 1, 1], "padding": "VALID", "dilations": [1, 1, 1, 1], "data_format": "NHWC"}
POOL = {"ksize": [1, 2, 2, 1], "strides": [1, 2, 1, 1], "padding": "SAME", "data_format": "NHWC"}
RESIZE = {"align_corners": False, "half_pixel_centers": False}
SLICE = {"begin_mask": 1, "end_mask": 0, "ellipsis_mask": 0, "new_axis_mask": 4, "shrink_axis_mask": 2}
IMAGES, POOLED = f(2, 4, 3, 2), f(2, 2, 3, 2, seed=3)
KERNEL, DEPTH_KERNEL = f(2, 2, 2, 3, seed=1), f(2, 2, 2, 2, seed=1)
IDS, SPARSE_SHAPE = v(0, 0, 2, 2, 3), v(4, 3, dtype=np.int64)
PLACES = np.array([[0, 1], [1, 0], [1, 2], [3, 1]], np.int64)
SEGMENTS = v(0, 1, 1, 3)
TEXTS = s(b" Alpha beta", b"x1y22", b"", "äß".encode())
PARTS = f(3, 4), f(3, 2, seed=1)


def largest_of(images: Array) -> Array:
    """What `MaxPool` makes of `IMAGES`, computed here since its gradients take it."""
    padded = np.pad(images, ((0, 0), (0, 0), (0, 1), (0, 0)), constant_values=-np.inf)
    rows = np.maximum(padded[:, 0::2], padded[:, 1::2])
    return np.maximum(rows[:, :, :-1], rows[:, :, 1:])


def softmax_labels() -> Array:
    weights = np.exp(f(3, 4, seed=5))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), np.float32)


ROWS: dict[str, Row] = {
    "Abs": one(),
    "Acos": one(-0.9, 0.9),
    "Acosh": one(1.2, 3),
    "Add": two(),
    "AddN": Row((f(2, 3), f(2, 3, seed=1), f(2, 3, seed=2))),
    "AddV2": two(),
    "AdjustContrastv2": Row((f(2, 3, 4, 2), np.float32(0.7)), order=0, wide=False),
    "All": Row((np.array([[True, False], [True, True]]), v(1)), {"keep_dims": True}, order=0),
    "Any": Row((np.array([[False, False], [False, True]]), v(1)), {"keep_dims": False}, order=0),
    "ArgMax": Row((f(3, 4), i(1)), {"output_type": I64}, order=0),
    "ArgMin": Row((f(3, 4), i(0)), {"output_type": I32}, order=0),
    "AsString": Row((f(3),), {"precision": 3, "scientific": True, "shortest": False, "width": 12, "fill": "0"},
                    order=0),
    "Asin": one(-0.9, 0.9),
    "Asinh": one(),
    "Atan": one(),
    "Atan2": two(0.2, 2),
    "Atanh": one(-0.9, 0.9),
    "AvgPool": Row((IMAGES,), POOL),
    "AvgPoolGrad": Row((v(2, 4, 3, 2), POOLED), POOL),
    "BatchMatMulV2": Row((f(2, 1, 3, 2), f(3, 3, 4, seed=1)), {"adj_x": True, "adj_y": False}),
    "BiasAdd": Row((f(2, 3, 4), f(4, seed=1)), {"data_format": "NHWC"}),
    "BiasAddGrad": Row((f(2, 3, 4),), {"data_format": "NHWC"}),
    "BroadcastGradientArgs": Row((v(3, 1, 4), v(2, 1)), order=0),
    "BroadcastTo": Row((f(3, 1), v(2, 3, 4))),
    "Bucketize": Row((f(3, 4),), {"boundaries": [-1.0, 0.0, 1.5]}, order=0),
    "Cast": Row((f(3, 4),), {"DstT": dtypes.float64, "Truncate": False}),
    "Ceil": one(order=0),
    "ConcatOffset": Row((i(1), v(2, 3), v(2, 5)), {"N": 2}, order=0),
    "ConcatV2": Row((*PARTS, i(1)), {"N": 2}),
    "ConjugateTranspose": Row((f(2, 3, 4), v(2, 0, 1))),
    "Conv2D": Row((IMAGES, KERNEL), CONV),
    "Conv2DBackpropFilter": Row((IMAGES, v(2, 2, 2, 3), f(2, 2, 3, 3, seed=2)), CONV),
    "Conv2DBackpropInput": Row((v(2, 4, 3, 2), KERNEL, f(2, 2, 3, 3, seed=2)), CONV),
    "Cos": one(),
    "Cosh": one(),
    "Cumprod": Row((f(3, 4), i(1)), {"exclusive": True, "reverse": False}),
    "Cumsum": Row((f(3, 4), i(0)), {"exclusive": False, "reverse": True}),
    "DecodeRaw": Row((s(b"abcd", b"efgh"),), {"out_type": dtypes.int16, "little_endian": True}, order=0),
    "DenseToDenseSetOperation": Row((i([[1, 2], [3, 4]]), i([[2, 5], [3, 4]])),
                                    {"set_operation": "intersection", "validate_indices": True}, order=0),
    "DenseToSparseSetOperation": Row((i([[1, 2], [3, 4]]), np.array([[0, 0], [1, 1]]), v(2, 9),
                                      v(2, 2, dtype=np.int64)),
                                     {"set_operation": "union", "validate_indices": True}, order=0),
    "DepthwiseConv2dNative": Row((IMAGES, DEPTH_KERNEL), DEPTHWISE),
    "DepthwiseConv2dNativeBackpropFilter": Row((IMAGES, v(2, 2, 2, 2), f(2, 3, 2, 4, seed=2)), DEPTHWISE),
    "DepthwiseConv2dNativeBackpropInput": Row((v(2, 4, 3, 2), DEPTH_KERNEL, f(2, 3, 2, 4, seed=2)), DEPTHWISE),
    "DivNoNan": two(0.5, 2),
    "Elu": one(),
    "EluGrad": Row((f(3, 4), f(3, 4, low=-0.9, seed=1))),
    "EncodeBase64": Row((TEXTS,), {"pad": True}, order=0),
    "DecodeBase64": Row((s(b"YQ", b"YWJj"),), order=0),
    "Equal": Row((i([1, 2, 3]), i([1, 5, 3])), order=0),
    "Erf": one(),
    "Erfc": one(),
    "Exp": one(),
    "ExpandDims": Row((f(3, 4), i(-2))),
    "Expm1": one(),
    "Fill": Row((v(2, 3), np.float32(1.5))),
    "Floor": one(order=0),
    "FloorDiv": two(0.5, 3, order=0),
    "FloorMod": two(0.5, 3, order=1),
    "GatherNd": Row((f(3, 4, 2), i([[0, 1], [2, 3], [0, 1]]))),
    "GatherV2": Row((f(4, 3), i([[0, 2], [2, 1]]), i(0)), {"batch_dims": 0}),
    "Greater": two(order=0),
    "GreaterEqual": two(order=0),
    "Identity": one(),
    "InTopKV2": Row((f(3, 4), v(1, 3, 0), i(2)), order=0, wide=False),
    "InvertPermutation": Row((v(2, 0, 1),), order=0),
    "IsFinite": Row((np.array([1, np.nan, np.inf], np.float32),), order=0),
    "IsInf": Row((np.array([1, np.nan, np.inf], np.float32),), order=0),
    "IsNan": Row((np.array([1, np.nan, np.inf], np.float32),), order=0),
    "L2Loss": one(),
    "LeakyRelu": one(attrs={"alpha": 0.3}),
    "LeakyReluGrad": Row((f(3, 4), f(3, 4, seed=1)), {"alpha": 0.3}),
    "Less": two(order=0),
    "LessEqual": two(order=0),
    "LinSpace": Row((np.float32(-1), np.float32(2), i(5)), order=0),
    "Log": one(0.1, 3),
    "Log1p": one(-0.8, 3),
    "LogSoftmax": one(),
    "LogicalAnd": Row((np.array([[True], [False]]), np.array([True, False])), order=0),
    "LogicalNot": Row((np.array([True, False]),), order=0),
    "LogicalOr": Row((np.array([[True], [False]]), np.array([True, False])), order=0),
    "MatMul": Row((f(3, 4), f(2, 3, seed=1)), {"transpose_a": True, "transpose_b": True}),
    "Max": reduced(),
    "MaxPool": Row((IMAGES,), POOL),
    "MaxPoolGrad": Row((IMAGES, largest_of(IMAGES), POOLED), POOL, fixed=(0, 1)),
    "MaxPoolGradGrad": Row((IMAGES, largest_of(IMAGES), f(2, 4, 3, 2, seed=4)), POOL, fixed=(0, 1)),
    "Maximum": two(),
    "Mean": reduced(),
    "Min": reduced(),
    "Minimum": two(),
    "MirrorPad": Row((f(3, 4), i([[1, 2], [0, 1]])), {"mode": "REFLECT"}),
    "MirrorPadGrad": Row((f(6, 5), i([[1, 2], [0, 1]])), {"mode": "SYMMETRIC"}),
    "Mul": two(),
    "Neg": one(),
    "NotEqual": Row((i([1, 2, 3]), i([1, 5, 3])), order=0),
    "OneHot": Row((i([0, 2, -1]), i(3), np.float32(2), np.float32(-1)), {"axis": -1}, order=0),
    "OnesLike": one(order=0),
    "Pack": Row((f(3, 4), f(3, 4, seed=1)), {"axis": 1}),
    "Pad": Row((f(3, 4), i([[1, 2], [0, 1]]))),
    "PadV2": Row((f(3, 4), i([[1, 2], [0, 1]]), np.float32(0.7))),
    "PlaceholderWithDefault": one(attrs={"shape": TensorShape([None, 4]), "dtype": F32}),
    "Pow": two(0.3, 2),
    "Prod": reduced(),
    "Range": Row((np.float32(1), np.float32(4), np.float32(0.7)), order=0),
    "Rank": one(order=0),
    "RealDiv": two(0.5, 2),
    "Reciprocal": one(0.3, 2),
    "ReciprocalGrad": Row((f(3, 4, low=0.3), f(3, 4, seed=1))),
    "ReduceJoin": Row((np.array([[b"a", b"b"], [b"c", b"d"]], object), v(0)),
                      {"keep_dims": True, "separator": "-"}, order=0),
    "RegexFullMatch": Row((TEXTS, t(b"[a-z0-9]+")), order=0),
    "RegexReplace": Row((TEXTS, t(b"([a-z])([0-9])"), t(b"\\2\\1")), {"replace_global": False}, order=0),
    "Relu": one(),
    "Relu6": one(-3, 9),
    "Relu6Grad": Row((f(3, 4), f(3, 4, low=-3, high=9, seed=1)), fixed=(1,)),
    "ReluGrad": Row((f(3, 4), f(3, 4, seed=1)), fixed=(1,)),
    "Reshape": Row((f(3, 4), v(2, -1))),
    "ResizeArea": Row((IMAGES, v(3, 2)), {"align_corners": False}, order=0),
    "ResizeBicubic": Row((IMAGES, v(3, 5)), RESIZE, wide=False),
    "ResizeBicubicGrad": Row((f(2, 3, 5, 2), IMAGES), RESIZE, wide=False, fixed=(1,)),
    "ResizeBilinear": Row((IMAGES, v(3, 5)), RESIZE, wide=False),
    "ResizeBilinearGrad": Row((f(2, 3, 5, 2), IMAGES), RESIZE, wide=False, fixed=(1,)),
    "ResizeNearestNeighbor": Row((IMAGES, v(3, 5)), RESIZE),
    "ResizeNearestNeighborGrad": Row((f(2, 3, 5, 2), v(4, 3)), RESIZE),
    "ReverseV2": Row((f(3, 4), v(1))),
    "Rint": one(order=0),
    "Round": one(order=0),
    "Rsqrt": one(0.3, 2),
    "RsqrtGrad": Row((f(3, 4, low=0.3), f(3, 4, seed=1))),
    "ScatterNd": Row((i([[0], [3], [0]]), f(3, 2), v(5, 2))),
    "SegmentMax": Row((f(4, 2), SEGMENTS)),
    "SegmentMean": Row((f(4, 2), SEGMENTS)),
    "SegmentMin": Row((f(4, 2), SEGMENTS)),
    "SegmentProd": Row((f(4, 2), SEGMENTS)),
    "SegmentSum": Row((f(4, 2), SEGMENTS)),
    "Select": Row((np.array([True, False, True]), f(3, 4), f(3, 4, seed=1))),
    "Selu": one(),
    "SeluGrad": Row((f(3, 4), f(3, 4, low=-1.5, seed=1))),
    "SetSize": Row((PLACES, v(5, 6, 6, 7), SPARSE_SHAPE), {"validate_indices": True}, order=0),
    "Shape": one(attrs={"out_type": I64}, order=0),
    "ShapeN": Row(PARTS, {"out_type": I32}, order=0),
    "Sigmoid": one(),
    "SigmoidGrad": Row((f(3, 4, low=0.1, high=0.9), f(3, 4, seed=1))),
    "Sign": one(order=0),
    "Sin": one(),
    "Sinh": one(),
    "Size": one(attrs={"out_type": I32}, order=0),
    "Slice": Row((f(3, 4), v(1, 0), v(2, -1))),
    "Softmax": one(),
    "SoftmaxCrossEntropyWithLogits": Row((f(3, 4), softmax_labels()), fixed=(1,)),
    "Softplus": one(),
    "SoftplusGrad": Row((f(3, 4), f(3, 4, seed=1))),
    "Softsign": one(),
    "SoftsignGrad": Row((f(3, 4), f(3, 4, seed=1))),
    "SparseCross": Row((PLACES, s(b"a", b"b", b"c", b"d"), SPARSE_SHAPE, s(b"w", b"x", b"y", b"z").reshape(4, 1)),
                       {"N": 1, "hashed_output": True, "num_buckets": 100, "hash_key": 956888297470, "out_type": I64,
                        "internal_type": dtypes.string, "sparse_types": [dtypes.string],
                        "dense_types": [dtypes.string]}, order=0),
    "SparseFillEmptyRows": Row((PLACES, f(4), SPARSE_SHAPE, np.float32(0.5))),
    "SparseReorder": Row((PLACES[::-1], f(4), SPARSE_SHAPE)),
    "SparseReshape": Row((PLACES, SPARSE_SHAPE, v(2, -1, dtype=np.int64)), order=0),
    "SparseSegmentMean": Row((f(4, 2), v(2, 1, 0, 2, 3), IDS)),
    "SparseSegmentMeanGrad": Row((f(4, 2), v(2, 1, 0, 2, 3), IDS, i(5))),
    "SparseSegmentMeanWithNumSegments": Row((f(4, 2), v(2, 1, 0, 2, 3), IDS, i(6))),
    "SparseSegmentSqrtN": Row((f(4, 2), v(2, 1, 0, 2, 3), IDS)),
    "SparseSegmentSqrtNGrad": Row((f(4, 2), v(2, 1, 0, 2, 3), IDS, i(5))),
    "SparseSegmentSqrtNWithNumSegments": Row((f(4, 2), v(2, 1, 0, 2, 3), IDS, i(6))),
    "SparseSegmentSum": Row((f(4, 2), v(2, 1, 0, 2, 3), IDS)),
    "SparseSegmentSumWithNumSegments": Row((f(4, 2), v(2, 1, 0, 2, 3), IDS, i(6))),
    "SparseSoftmaxCrossEntropyWithLogits": Row((f(3, 4), v(2, 0, 3))),
    "SparseTensorDenseMatMul": Row((PLACES, f(4), SPARSE_SHAPE, f(3, 2, seed=1)),
                                   {"adjoint_a": False, "adjoint_b": False}),
    "SparseToDense": Row((PLACES, SPARSE_SHAPE, f(4), np.float32(0.5)), {"validate_indices": True}),
    "SparseToSparseSetOperation": Row((PLACES, v(1, 2, 3, 4), SPARSE_SHAPE, PLACES[1:], v(2, 3, 5), SPARSE_SHAPE),
                                      {"set_operation": "a-b", "validate_indices": True}, order=0),
    "Split": Row((i(1), f(3, 4)), {"num_split": 2}),
    "SplitV": Row((f(3, 4), v(1, 3), i(1)), {"num_split": 2}),
    "Sqrt": one(0.3, 2),
    "SqrtGrad": Row((f(3, 4, low=0.3), f(3, 4, seed=1))),
    "Square": one(),
    "SquaredDifference": two(),
    "Squeeze": Row((f(3, 1, 4, 1),), {"squeeze_dims": [1]}),
    "StaticRegexFullMatch": Row((TEXTS,), {"pattern": "[a-z0-9]*"}, order=0),
    "StaticRegexReplace": Row((TEXTS,), {"pattern": "[a-z]", "rewrite": "<\\0>", "replace_global": True}, order=0),
    "StopGradient": one(order=0),
    "StridedSlice": Row((f(5, 4, 3), v(1, 2, 0, 0), v(4, 3, 0, 3), v(2, 1, 1, 2)), SLICE),
    "StridedSliceGrad": Row((v(5, 4, 3), v(1, 2, 0, 0), v(4, 3, 0, 3), v(2, 1, 1, 2), f(2, 1, 2)), SLICE),
    "StringJoin": Row((TEXTS, TEXTS, t(b"!")), {"separator": "/"}, order=0),
    "StringLength": Row((TEXTS,), {"unit": "UTF8_CHAR"}, order=0),
    "StringLower": Row((TEXTS,), {"encoding": ""}, order=0),
    "StringSplit": Row((s(b"a b", b"", b"c"), t(b" ")), {"skip_empty": True}, order=0),
    "StringSplitV2": Row((s(b"a b", b"", b"c"), t(b"")), {"maxsplit": -1}, order=0),
    "StringStrip": Row((TEXTS,), order=0),
    "StringToHashBucket": Row((TEXTS,), {"num_buckets": 1000}, order=0),
    "StringToHashBucketFast": Row((TEXTS,), {"num_buckets": 1000}, order=0),
    "StringToHashBucketStrong": Row((TEXTS,), {"num_buckets": 1000, "key": [3, 7]}, order=0),
    "StringToNumber": Row((s(b"1.5", b"-3"),), {"out_type": F32}, order=0),
    "StringUpper": Row((TEXTS,), {"encoding": "utf-8"}, order=0),
    "Sub": two(),
    "Substr": Row((s(b"abcdef", b"uvwxyz"), i(-4), i(2)), {"unit": "BYTE"}, order=0),
    "Sum": reduced(),
    "Tan": one(-1, 1),
    "Tanh": one(),
    "TanhGrad": Row((f(3, 4, low=-0.9, high=0.9), f(3, 4, seed=1))),
    "Tile": Row((f(3, 2), v(2, 3))),
    "TopKV2": Row((f(3, 4), i(2)), {"sorted": True}),
    "Transpose": Row((f(2, 3, 4), v(2, 0, 1))),
    "TruncateDiv": Row((i([7, -7, 6]), i([2, 2, -4])), order=0),
    "TruncateMod": two(0.5, 3, order=1),
    "Unique": Row((v(4, 1, 4, 2),), {"out_idx": I32}, order=0),
    "UniqueWithCounts": Row((v(4, 1, 4, 2),), {"out_idx": I64}, order=0),
    "Unpack": Row((f(3, 2, 4),), {"num": 2, "axis": 1}),
    "UnsortedSegmentMax": Row((f(4, 2), v(2, 0, 2, 1), i(3))),
    "UnsortedSegmentMin": Row((f(4, 2), v(2, 0, 2, 1), i(3))),
    "UnsortedSegmentProd": Row((f(4, 2), v(2, 0, 2, 1), i(4))),
    "UnsortedSegmentSum": Row((f(4, 2), v(2, 0, 2, 1), i(4))),
    "Where": Row((np.array([[True, False], [True, True]]),), order=0),
    "Xdivy": two(0.3, 2),
    "Xlogy": two(0.3, 2),
    "ZerosLike": one(order=0),
}  # fmt: skip

ELSEWHERE: dict[str, tuple[str, ...]] = {
    # Operations with state, and those whose inputs are files, images and the like: where they are checked.
    "checkpoint/test_saver.py": ("RestoreV2", "SaveV2"),
    "data/test_iterators.py": ("IteratorFromStringHandleV2", "IteratorGetNext", "IteratorToStringHandle", "IteratorV2",
                               "MakeIterator", "OneShotIterator"),
    "data/test_sparse.py": ("DeserializeSparse", "SerializeManySparse", "SerializeSparse"),
    "data/test_whole.py": ("DatasetToSingleElement", "GeneratorDataset", "ReduceDataset"),
    "saved_model/test_import_functions.py": ("EmptyTensorList", "TensorListPushBack"),
    "train/test_warm_starting.py": ("GenerateVocabRemapping", "LoadAndRemapMatrix"),
    "graph/test_graph.py": ("Const", "NoOp", "Placeholder"),
    "keras/optimizers/test_optimizers.py": ("ResourceApplyAdaMax", "ResourceApplyAdamWithAmsgrad",
                                            "ResourceApplyKerasMomentum"),
    "ops/test_checks.py": ("Assert", "CheckNumerics"),
    "ops/test_control.py": ("Print", "PrintV2", "PyFunc", "PyFuncStateless", "StringFormat"),
    "ops/test_control_flow.py": ("If", "TensorListFromTensor", "TensorListGetItem", "TensorListLength",
                                 "TensorListReserve", "TensorListResize", "TensorListSetItem", "TensorListStack",
                                 "While"),
    "ops/test_csv_records.py": ("DecodeCSV",),
    "ops/test_file_ops.py": ("DecodeCompressed", "MatchingFiles", "ReadFile", "WriteFile"),
    "ops/test_images.py": ("DecodeBmp", "DecodeGif", "DecodeJpeg", "DecodePng", "EncodeJpeg", "EncodePng"),
    "ops/test_lookup": ("HashTableV2", "InitializeTableFromTextFileV2", "InitializeTableV2", "LookupTableExportV2",
                        "LookupTableFindV2", "LookupTableImportV2", "LookupTableSizeV2"),
    "ops/test_parse_example.py": ("ParseExample", "ParseSingleExample"),
    "ops/test_random_golden.py": ("Multinomial", "RandomShuffle", "RandomStandardNormal", "RandomUniform",
                                  "RandomUniformInt", "TruncatedNormal"),
    "optimizers/test_optimizers_golden.py": (
        "ResourceApplyAdadelta", "ResourceApplyAdagrad", "ResourceApplyAdam", "ResourceApplyCenteredRMSProp",
        "ResourceApplyFtrl", "ResourceApplyFtrlV2", "ResourceApplyGradientDescent", "ResourceApplyMomentum",
        "ResourceApplyRMSProp", "ResourceScatterAdd", "ResourceScatterSub", "ResourceScatterUpdate",
        "ResourceSparseApplyAdadelta", "ResourceSparseApplyAdagrad", "ResourceSparseApplyCenteredRMSProp",
        "ResourceSparseApplyFtrl", "ResourceSparseApplyFtrlV2", "ResourceSparseApplyMomentum",
        "ResourceSparseApplyRMSProp"),
    "summary/test_summary_ops.py": ("AudioSummaryV2", "HistogramSummary", "ImageSummary", "MergeSummary",
                                    "ScalarSummary", "TensorSummaryV2"),
    "variables/test_variables.py": ("AssignAddVariableOp", "AssignSubVariableOp", "AssignVariableOp", "ReadVariableOp",
                                    "ResourceGather", "VarHandleOp", "VarIsInitializedOp"),
}  # fmt: skip


def dtype_of(value: Any) -> DType:
    return dtypes.string if np.asarray(value).dtype == object else dtypes.as_dtype(np.asarray(value).dtype)
