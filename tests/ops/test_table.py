"""Every operation of one table: values against numpy, gradients against differences, shapes against values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import erf, erfc
from typing import Any

import numpy as np
import pytest

from trackml import dtypes
from trackml.autodiff import gradients
from trackml.graph import Graph, Session, placeholder
from trackml.ops import (
    activations,
    clipping,
    comparison,
    cross_entropy,
    math,
    matmul,
    nn,
    reductions,
    scans,
    softmax,
    trigonometry,
)
from trackml.testing import assert_gradients

# numpy's functions in float32 are off by a few units in the last place.
FORWARD_TOLERANCES = {np.float32: 2e-5, np.float64: 1e-12}


@dataclass(frozen=True)
class Case:
    """One operation at one point."""

    name: str
    function: Callable[..., Any]
    reference: Callable[..., Any]
    inputs: tuple[Any, ...]
    differentiable: bool = True
    order: int = 2


def numbers(*shape: int, low: float = -2.0, high: float = 2.0, seed: int = 0) -> np.ndarray[Any, Any]:
    """Distinct numbers, evenly spread over an interval in random order, so that no two tie and none is at a kink."""
    count = int(np.prod(shape))
    spread = low + (high - low) * (np.arange(count) + 0.37) / max(count, 1)
    return np.random.default_rng(seed).permutation(spread).reshape(shape)


def one(name: str, function: Any, reference: Any, low: float = -2.0, high: float = 2.0, **options: Any) -> list[Case]:
    return [
        Case(f"{name}-{'x'.join(map(str, shape)) or 'scalar'}", function, reference, (value,), **options)
        for shape in ((3, 5), ())
        for value in (numbers(*shape, low=low, high=high),)
    ]


PAIRS = {
    "same": ((3, 4), (3, 4)),
    "row": ((3, 4), (4,)),
    "outer": ((3, 1), (1, 4)),
    "scalar": ((), (2, 3)),
    "mixed": ((2, 1, 3), (4, 1)),
}


def two(name: str, function: Any, reference: Any, low: float = -2.0, high: float = 2.0, **options: Any) -> list[Case]:
    return [
        Case(
            f"{name}-{pair}",
            function,
            reference,
            (numbers(*left, low=low, high=high), numbers(*right, low=low, high=high + 0.1, seed=1)),
            **options,
        )
        for pair, (left, right) in PAIRS.items()
    ]


def reduced(name: str, function: Any, reference: Any, **options: Any) -> list[Case]:
    value = numbers(3, 2, 4, low=-1.5, high=1.5)
    return [
        Case(
            f"{name}-{axis}-{keep}".replace(" ", ""),
            lambda x, axis=axis, keep=keep: function(x, axis, keepdims=keep),
            lambda x, axis=axis, keep=keep: reference(x, axis=axis, keepdims=keep),
            (value,),
            **options,
        )
        for axis in (None, 1, -1, (0, 2), (2, 1))
        for keep in (False, True)
    ]


def _np_logsumexp(x: Any, axis: Any, keepdims: bool) -> Any:
    return np.log(np.sum(np.exp(x), axis=axis, keepdims=keepdims))


def _np_softmax(x: Any, axis: int = -1) -> Any:
    e = np.exp(x)
    return e / e.sum(axis=axis, keepdims=True)


def _np_sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def _np_cross_entropy(labels: Any, logits: Any) -> Any:
    return -np.sum(labels * np.log(_np_softmax(logits)), axis=-1)


CLASSES = np.array([2, 0, 1, 3])
DISTRIBUTIONS = _np_softmax(numbers(4, 5))

CASES = [
    *one("negative", math.negative, np.negative),
    *one("abs", math.abs, np.abs),
    *one("sign", math.sign, np.sign, differentiable=False),
    *one("square", math.square, np.square),
    *one("sqrt", math.sqrt, np.sqrt, 0.1, 3),
    *one("rsqrt", math.rsqrt, lambda x: 1 / np.sqrt(x), 0.1, 3),
    *one("reciprocal", math.reciprocal, lambda x: 1 / x, 0.2, 3),
    *one("exp", math.exp, np.exp),
    *one("expm1", math.expm1, np.expm1),
    *one("log", math.log, np.log, 0.1, 3),
    *one("log1p", math.log1p, np.log1p, -0.8, 3),
    *one("sigmoid", math.sigmoid, _np_sigmoid, -5, 5),
    *one("tanh", math.tanh, np.tanh),
    *one("erf", math.erf, np.vectorize(erf)),
    *one("erfc", math.erfc, np.vectorize(erfc)),
    *one("floor", math.floor, np.floor, differentiable=False),
    *one("ceil", math.ceil, np.ceil, differentiable=False),
    *one("round", math.round, np.round, differentiable=False),
    *one("rint", math.rint, np.rint, differentiable=False),
    *one("sin", trigonometry.sin, np.sin),
    *one("cos", trigonometry.cos, np.cos),
    *one("tan", trigonometry.tan, np.tan, -1, 1),
    *one("asin", trigonometry.asin, np.arcsin, -0.9, 0.9),
    *one("acos", trigonometry.acos, np.arccos, -0.9, 0.9),
    *one("atan", trigonometry.atan, np.arctan),
    *one("sinh", trigonometry.sinh, np.sinh),
    *one("cosh", trigonometry.cosh, np.cosh),
    *one("asinh", trigonometry.asinh, np.arcsinh),
    *one("acosh", trigonometry.acosh, np.arccosh, 1.2, 3),
    *one("atanh", trigonometry.atanh, np.arctanh, -0.9, 0.9),
    *one("relu", activations.relu, lambda x: np.maximum(x, 0)),
    *one("relu6", activations.relu6, lambda x: np.clip(x, 0, 6), -3, 9),
    *one("leaky_relu", activations.leaky_relu, lambda x: np.where(x > 0, x, 0.2 * x)),
    *one("elu", activations.elu, lambda x: np.where(x < 0, np.expm1(x), x)),
    *one("selu", activations.selu, lambda x: 1.0507009873554805 * np.where(x < 0, 1.6732632423543772 * np.expm1(x), x)),
    *one("softplus", activations.softplus, lambda x: np.log1p(np.exp(x))),
    *one("log_sigmoid", activations.log_sigmoid, lambda x: np.log(_np_sigmoid(x))),
    *one("softsign", activations.softsign, lambda x: x / (1 + np.abs(x))),
    *one("swish", activations.swish, lambda x: x * _np_sigmoid(x)),
    *one("clip_by_value", lambda x: clipping.clip_by_value(x, -0.7, 1.1), lambda x: np.clip(x, -0.7, 1.1)),
    *one("l2_loss", nn.l2_loss, lambda x: np.sum(x * x) / 2),
    *two("add", math.add, np.add),
    *two("subtract", math.subtract, np.subtract),
    *two("multiply", math.multiply, np.multiply),
    *two("truediv", math.truediv, np.divide, 0.5, 2),
    *two("realdiv", math.realdiv, np.divide, 0.5, 2),
    *two("div_no_nan", math.div_no_nan, np.divide, 0.5, 2),
    *two("floordiv", math.floordiv, np.floor_divide, 0.5, 3, differentiable=False),
    *two("truncatediv", math.truncatediv, lambda x, y: np.trunc(x / y), 0.5, 3, differentiable=False),
    *two("mod", math.mod, np.mod, 0.5, 3, order=1),
    *two("truncatemod", math.truncatemod, np.fmod, 0.5, 3, order=1),
    *two("pow", math.pow, np.power, 0.3, 2),
    *two("maximum", math.maximum, np.maximum),
    *two("minimum", math.minimum, np.minimum),
    *two("squared_difference", math.squared_difference, lambda x, y: (x - y) ** 2),
    *two("atan2", trigonometry.atan2, np.arctan2, 0.2, 2),
    *two("xlogy", math.xlogy, lambda x, y: x * np.log(y), 0.3, 2),
    *two("xdivy", math.xdivy, np.divide, 0.3, 2),
    *two("equal", comparison.equal, np.equal, differentiable=False),
    *two("not_equal", comparison.not_equal, np.not_equal, differentiable=False),
    *two("less", comparison.less, np.less, differentiable=False),
    *two("less_equal", comparison.less_equal, np.less_equal, differentiable=False),
    *two("greater", comparison.greater, np.greater, differentiable=False),
    *two("greater_equal", comparison.greater_equal, np.greater_equal, differentiable=False),
    *reduced("sum", reductions.reduce_sum, np.sum),
    *reduced("mean", reductions.reduce_mean, np.mean),
    *reduced("max", reductions.reduce_max, np.max),
    *reduced("min", reductions.reduce_min, np.min),
    *reduced("prod", reductions.reduce_prod, np.prod),
    *reduced("logsumexp", reductions.reduce_logsumexp, _np_logsumexp),
    *reduced("variance", reductions.reduce_variance, np.var),
    *reduced("std", reductions.reduce_std, np.std),
    *[
        Case(
            f"{name}-{axis}",
            lambda x, function=function, axis=axis: function(x, axis),
            lambda x, reference=reference, axis=axis: reference(x, axis=axis),
            (np.array([[True, False, True], [True, True, True], [False, False, False]]),),
            False,
        )
        for name, function, reference in (
            ("all", reductions.reduce_all, np.all),
            ("any", reductions.reduce_any, np.any),
        )
        for axis in (None, 0, 1)
    ],
    *[
        Case(name, function, reference, (np.array([1.0, np.nan, np.inf, -np.inf]),), False)
        for name, function, reference in (
            ("is_nan", math.is_nan, np.isnan),
            ("is_inf", math.is_inf, np.isinf),
            ("is_finite", math.is_finite, np.isfinite),
        )
    ],
    *[
        Case(name, function, reference, (np.array([[True], [False]]), np.array([True, False])), False)
        for name, function, reference in (
            ("logical_and", comparison.logical_and, np.logical_and),
            ("logical_or", comparison.logical_or, np.logical_or),
            ("logical_xor", comparison.logical_xor, np.logical_xor),
        )
    ],
    Case("logical_not", comparison.logical_not, np.logical_not, (np.array([True, False]),), False),
    Case("count_nonzero", reductions.count_nonzero, np.count_nonzero, (np.array([[0, 1], [2, 0]]),), False),
    Case("argmax", lambda x: reductions.argmax(x, 1), lambda x: np.argmax(x, 1), (numbers(3, 4),), False),
    Case("argmin", lambda x: reductions.argmin(x, -1), lambda x: np.argmin(x, -1), (numbers(3, 4),), False),
    Case("cumsum", scans.cumsum, lambda x: np.cumsum(x, 0), (numbers(3, 4),)),
    Case("cumprod", lambda x: scans.cumprod(x, 1), lambda x: np.cumprod(x, 1), (numbers(3, 4),)),
    Case("add_n", lambda *x: math.add_n(x), lambda x, y, z: x + y + z, tuple(numbers(2, 3, seed=i) for i in range(3))),
    Case("matmul", matmul.matmul, np.matmul, (numbers(3, 4), numbers(4, 2))),
    Case("matmul-ta", lambda a, b: matmul.matmul(a, b, True), lambda a, b: a.T @ b, (numbers(4, 3), numbers(4, 2))),
    Case(
        "matmul-tb",
        lambda a, b: matmul.matmul(a, b, transpose_b=True),
        lambda a, b: a @ b.T,
        (numbers(3, 4), numbers(2, 4)),
    ),
    Case(
        "matmul-tab",
        lambda a, b: matmul.matmul(a, b, True, True),
        lambda a, b: a.T @ b.T,
        (numbers(4, 3), numbers(2, 4)),
    ),
    Case("matmul-batch", matmul.matmul, np.matmul, (numbers(2, 3, 4), numbers(2, 4, 2))),
    Case("matmul-batch-broadcast", matmul.matmul, np.matmul, (numbers(2, 1, 2, 3), numbers(4, 3, 2))),
    Case(
        "matmul-batch-ta",
        lambda a, b: matmul.matmul(a, b, adjoint_a=True),
        lambda a, b: np.swapaxes(a, 1, 2) @ b,
        (numbers(2, 4, 3), numbers(2, 4, 2)),
    ),
    Case("matvec", matmul.matvec, lambda a, b: a @ b, (numbers(3, 4), numbers(4))),
    Case(
        "tensordot-1",
        lambda a, b: matmul.tensordot(a, b, 1),
        lambda a, b: np.tensordot(a, b, 1),
        (numbers(2, 3), numbers(3, 2, 2)),
    ),
    Case(
        "tensordot-axes",
        lambda a, b: matmul.tensordot(a, b, [[0, 2], [1, 0]]),
        lambda a, b: np.tensordot(a, b, [[0, 2], [1, 0]]),
        (numbers(2, 3, 4), numbers(4, 2, 2)),
    ),
    Case("bias_add", nn.bias_add, np.add, (numbers(3, 2, 4), numbers(4))),
    Case(
        "bias_add-nchw",
        lambda x, b: nn.bias_add(x, b, "NCHW"),
        lambda x, b: x + b[:, None],
        (numbers(3, 4, 2), numbers(4)),
    ),
    Case("softmax", softmax.softmax, _np_softmax, (numbers(3, 4),)),
    Case("softmax-axis", lambda x: softmax.softmax(x, axis=0), lambda x: _np_softmax(x, 0), (numbers(3, 2, 2),)),
    Case("softmax-vector", softmax.softmax, _np_softmax, (numbers(4),)),
    Case("log_softmax", softmax.log_softmax, lambda x: np.log(_np_softmax(x)), (numbers(3, 4),)),
    Case(
        "softmax_cross_entropy",
        cross_entropy.softmax_cross_entropy_with_logits_v2,
        _np_cross_entropy,
        (DISTRIBUTIONS, numbers(4, 5, seed=2)),
    ),
    Case(
        "softmax_cross_entropy-rank3",
        cross_entropy.softmax_cross_entropy_with_logits_v2,
        _np_cross_entropy,
        (DISTRIBUTIONS.reshape(2, 2, 5), numbers(2, 2, 5, seed=2)),
    ),
    Case(
        "softmax_cross_entropy-axis",
        lambda z, x: cross_entropy.softmax_cross_entropy_with_logits_v2(z, x, axis=0),
        lambda z, x: _np_cross_entropy(z.T, x.T),
        (DISTRIBUTIONS.T, numbers(5, 4, seed=2)),
    ),
    Case(
        "sparse_softmax_cross_entropy",
        lambda z, x: cross_entropy.sparse_softmax_cross_entropy_with_logits(labels=z, logits=x),
        lambda z, x: -np.log(_np_softmax(x))[np.arange(4), z],
        (CLASSES, numbers(4, 5)),
    ),
    Case(
        "sparse_softmax_cross_entropy-rank3",
        lambda z, x: cross_entropy.sparse_softmax_cross_entropy_with_logits(labels=z, logits=x),
        lambda z, x: -np.log(np.take_along_axis(_np_softmax(x), z[..., None], -1))[..., 0],
        (CLASSES.reshape(2, 2), numbers(2, 2, 5)),
    ),
    Case(
        "sigmoid_cross_entropy",
        lambda z, x: cross_entropy.sigmoid_cross_entropy_with_logits(labels=z, logits=x),
        lambda z, x: -z * np.log(_np_sigmoid(x)) - (1 - z) * np.log(1 - _np_sigmoid(x)),
        (numbers(3, 4, low=0, high=1), numbers(3, 4, seed=1)),
    ),
    Case(
        "weighted_cross_entropy",
        lambda z, x: cross_entropy.weighted_cross_entropy_with_logits(labels=z, logits=x, pos_weight=3.0),
        lambda z, x: -3 * z * np.log(_np_sigmoid(x)) - (1 - z) * np.log(1 - _np_sigmoid(x)),
        (numbers(3, 4, low=0, high=1), numbers(3, 4, seed=1)),
    ),
    Case(
        "log_poisson_loss",
        lambda z, x: cross_entropy.log_poisson_loss(z, x, compute_full_loss=True),
        lambda z, x: np.exp(x) - x * z + z * np.log(z) - z + 0.5 * np.log(2 * np.pi * z),
        (numbers(3, low=1.5, high=4), numbers(3, seed=1)),
    ),
    Case(
        "l2_normalize",
        lambda x: nn.l2_normalize(x, axis=1),
        lambda x: x / np.sqrt(np.sum(x * x, 1, keepdims=True)),
        (numbers(3, 4),),
    ),
    Case("zero_fraction", nn.zero_fraction, lambda x: np.mean(x == 0), (numbers(3, 4),), False),
    Case("moments", lambda x: nn.moments(x, [0])[1], lambda x: np.var(x, 0), (numbers(4, 3),), order=1),
    Case(
        "in_top_k",
        lambda x, z: nn.in_top_k(math.cast(x, dtypes.float32), z, 2),
        lambda x, z: np.argsort(-x, axis=1)[:, :2].T[0] == z,
        (np.array([[1.0, 2.0, 0.0], [3.0, 2.0, 1.0]]), np.array([1, 0])),
        False,
    ),
    Case("top_k", lambda x: nn.top_k(x, 2).values, lambda x: -np.sort(-x)[..., :2], (numbers(3, 2, 4),)),
    Case(
        "clip_by_norm",
        lambda x: clipping.clip_by_norm(x, 1.5, axes=[1]),
        lambda x: x * 1.5 / np.maximum(np.sqrt(np.sum(x * x, 1, keepdims=True)), 1.5),
        (numbers(3, 4),),
    ),
    Case(
        "global_norm",
        lambda *x: clipping.global_norm(x),
        lambda x, y: np.sqrt(np.sum(x * x) + np.sum(y * y)),
        (numbers(3), numbers(2, 2)),
    ),
]

DIFFERENTIABLE = [case for case in CASES if case.differentiable]


def parametrized(cases: list[Case]) -> Any:
    return pytest.mark.parametrize("case", cases, ids=lambda case: case.name)


def as_type(inputs: tuple[Any, ...], dtype: Any) -> list[Any]:
    return [value.astype(dtype) if value.dtype.kind == "f" else value for value in inputs]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@parametrized(CASES)
def test_values_agree_with_numpy_and_keep_their_type(case: Case, dtype: Any) -> None:
    inputs = as_type(case.inputs, dtype)
    with Graph().as_default(), Session() as session:
        tensors = [placeholder(dtypes.as_dtype(value.dtype), value.shape) for value in inputs]
        output = case.function(*tensors)
        (value,) = session.make_callable([output], tensors)(*inputs)

    assert np.asarray(value).dtype == output.dtype.as_numpy_dtype
    assert output.shape.as_list() == list(np.shape(value))
    tolerance = FORWARD_TOLERANCES[dtype]
    np.testing.assert_allclose(value, case.reference(*inputs), rtol=tolerance, atol=tolerance)


@parametrized(CASES)
def test_shape_rule_holds_when_sizes_are_unknown(case: Case) -> None:
    with Graph().as_default(), Session() as session:
        tensors = [placeholder(dtypes.as_dtype(value.dtype), [None] * value.ndim) for value in case.inputs]
        output = case.function(*tensors)
        value = session.run(output, dict(zip(tensors, case.inputs)))

    assert output.shape.is_compatible_with(np.shape(value))


@pytest.mark.parametrize("static", [True, False])
@parametrized(CASES)
def test_nodes_are_what_tensorflow_defines(
    case: Case, static: bool, assert_tensorflow_takes: Callable[[Graph], None]
) -> None:
    inputs = as_type(case.inputs, np.float32)
    with Graph().as_default() as graph:
        tensors = [
            placeholder(dtypes.as_dtype(value.dtype), value.shape if static else [None] * value.ndim)
            for value in inputs
        ]
        outputs = [case.function(*tensors)]
        for _ in range(case.order if case.differentiable else 0):
            found = gradients(outputs, [tensor for tensor in tensors if tensor.dtype.is_floating])
            outputs = [grad for grad in found if grad is not None]
    assert_tensorflow_takes(graph)


@parametrized(DIFFERENTIABLE)
def test_gradients_agree_with_differences(case: Case) -> None:
    assert_gradients(case.function, as_type(case.inputs, np.float64), order=case.order)


@parametrized(DIFFERENTIABLE)
def test_gradients_agree_with_differences_when_sizes_are_unknown(case: Case) -> None:
    assert_gradients(case.function, as_type(case.inputs, np.float64), order=case.order, static_shapes=False)


def _gradients(case: Case, dtype: Any) -> list[Any]:
    inputs = as_type(case.inputs, dtype)
    with Graph().as_default(), Session() as session:
        tensors = [placeholder(dtypes.as_dtype(value.dtype), value.shape) for value in inputs]
        floats = [tensor for tensor in tensors if tensor.dtype.is_floating]
        values: list[Any] = session.run(gradients(case.function(*tensors), floats), dict(zip(tensors, inputs)))
    return values


@parametrized(DIFFERENTIABLE)
def test_gradients_of_float32_are_float32(case: Case) -> None:
    single = _gradients(case, np.float32)

    assert {np.asarray(value).dtype for value in single} == {np.dtype(np.float32)}
    for value, precise in zip(single, _gradients(case, np.float64)):
        np.testing.assert_allclose(value, precise, rtol=1e-3, atol=1e-4)
