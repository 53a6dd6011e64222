"""Random numbers, the same as TensorFlow's for the same seeds.

Each operation has a sequence of its own, kept by the session and keyed by the graph's seed and the operation's
(`philox.py`). So two operations differ, one operation goes on in each run, and a new session with the same seeds
begins anew with the same numbers. Without any seed the key comes from the system.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import trackml.ops.operators  # noqa: F401  sizes - wanted
from trackml import dtypes
from trackml.dtypes import as_dtype
from trackml.graph.conversion import constant_value, constant_value_as_shape, convert_to_tensor
from trackml.graph.function import FuncGraph
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, Kernel, register
from trackml.graph.runtime import Runtime
from trackml.graph.shape_rules import same_as_input
from trackml.ops import comparison, math
from trackml.ops.array import as_indices, shape
from trackml.ops.checks import Assert
from trackml.ops.control import with_dependencies
from trackml.ops.framework import name_scope, seed_attributes
from trackml.ops.philox import Philox
from trackml.ops.reductions import reduce_all
from trackml.ops.slicing import slice as part_of
from trackml.shapes import TensorShape

Array = np.ndarray[Any, Any]

_REAL = (dtypes.float16, dtypes.float32, dtypes.float64)


def sequence_of(op: Operation, runtime: Runtime) -> Philox:
    """The sequence of a random operation in one session."""
    owner = op.graph.name if isinstance(op.graph, FuncGraph) else None
    seeds = op.get_attr("seed"), op.get_attr("seed2")
    made: Philox = runtime.resource(("random", owner, op.name), lambda: Philox(*seeds))
    return made


def _drawn_by(draw: Callable[..., Array]) -> Callable[[Operation, Runtime], Kernel]:
    """A `bind` from a function of the sequence, the operation and the inputs' arrays."""

    def bind(op: Operation, runtime: Runtime) -> Kernel:
        sequence = sequence_of(op, runtime)
        return lambda *arrays: draw(sequence, op, *arrays)

    return bind


def _drawn_shape(op: Operation) -> TensorShape:
    return constant_value_as_shape(op.inputs[0])


def random_uniform(
    shape: Any,
    minval: Any = 0,
    maxval: Any = None,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Numbers that are equally likely anywhere in `[minval, maxval)`.

    Args:
        shape: Shape of the result.
        minval: The smallest.
        maxval: What all of them are below; 1 if not given, but needed for integers.
        dtype: A real type, int32 or int64.
        seed: Seed of this operation.
        name: Name of the operation.

    Raises:
        ValueError: Another type, or integers without `maxval`.
    """
    wanted = as_dtype(dtype)
    if wanted not in (*_REAL, dtypes.int32, dtypes.int64):
        raise ValueError(f"Invalid dtype {wanted!r}")
    if maxval is None and wanted.is_integer:
        raise ValueError(f"Must specify maxval for integer dtype {wanted!r}")
    with name_scope(name, "random_uniform", [shape, minval, maxval]) as scope:
        sizes = as_indices(shape, "shape")
        low = convert_to_tensor(minval, wanted, name="min")
        high = convert_to_tensor(1 if maxval is None else maxval, wanted, name="max")
        seeds = seed_attributes(seed)
        if wanted.is_integer:
            drawn: Tensor = apply_op("RandomUniformInt", sizes, low, high, name=scope, **seeds)
        else:
            unit = apply_op("RandomUniform", sizes, dtype=wanted, **seeds)
            span = math.subtract(high, low, name="sub")
            drawn = math.add(math.multiply(unit, span, name="mul"), low, name=scope)
    return drawn


def _uniform(sequence: Philox, op: Operation, shape: Array) -> Array:
    return sequence.uniform(shape.tolist(), op.attrs["dtype"].as_numpy_dtype)


register(
    "RandomUniform",
    bind=_drawn_by(_uniform),
    shape=_drawn_shape,
    dtypes="dtype",
    gradient=NOT_DIFFERENTIABLE,
)


def _uniform_int(sequence: Philox, op: Operation, shape: Array, low: Array, high: Array) -> Array:
    if not low < high:
        raise ValueError(f"Need minval < maxval, got {low} >= {high}")
    return sequence.integers(shape.tolist(), int(low), int(high), op.outputs[0].dtype.as_numpy_dtype)


register(
    "RandomUniformInt",
    bind=_drawn_by(_uniform_int),
    shape=_drawn_shape,
    dtypes=lambda op: [op.inputs[1].dtype],
    gradient=NOT_DIFFERENTIABLE,
    types={"T": 0, "Tout": 1},
)


def random_normal(
    shape: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Normally distributed numbers.

    Args:
        shape: Shape of the result.
        mean: Their mean.
        stddev: Their standard deviation.
        dtype: A real type.
        seed: Seed of this operation.
        name: Name of the operation.
    """
    return _normal("RandomStandardNormal", "random_normal", shape, mean, stddev, dtype, seed, name)


def truncated_normal(
    shape: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Normally distributed numbers less than two standard deviations from the mean: others are drawn again.

    Args:
        shape: Shape of the result.
        mean: The mean.
        stddev: The standard deviation before the others are drawn again.
        dtype: A real type.
        seed: Seed of this operation.
        name: Name of the operation.
    """
    return _normal("TruncatedNormal", "truncated_normal", shape, mean, stddev, dtype, seed, name)


def _normal(
    type: str, default_name: str, shape: Any, mean: Any, stddev: Any, dtype: Any, seed: int | None, name: str | None
) -> Tensor:
    wanted = as_dtype(dtype)
    with name_scope(name, default_name, [shape, mean, stddev]) as scope:
        sizes = as_indices(shape, "shape")
        center = convert_to_tensor(mean, wanted, name="mean")
        spread = convert_to_tensor(stddev, wanted, name="stddev")
        standard = apply_op(type, sizes, dtype=wanted, **seed_attributes(seed))
        return math.add(math.multiply(standard, spread, name="mul"), center, name=scope)


def _standard_normal(sequence: Philox, op: Operation, shape: Array) -> Array:
    return sequence.normal(shape.tolist(), op.attrs["dtype"].as_numpy_dtype)


def _truncated_normal(sequence: Philox, op: Operation, shape: Array) -> Array:
    return sequence.truncated_normal(shape.tolist(), op.attrs["dtype"].as_numpy_dtype)


for _type, _draw in (("RandomStandardNormal", _standard_normal), ("TruncatedNormal", _truncated_normal)):
    register(
        _type,
        bind=_drawn_by(_draw),
        shape=_drawn_shape,
        dtypes="dtype",
        gradient=NOT_DIFFERENTIABLE,
    )


def random_shuffle(value: Any, seed: int | None = None, name: str | None = None) -> Tensor:
    """The rows of `value` in random order."""
    seeds = seed_attributes(seed)
    with name_scope(name, "RandomShuffle", [value]) as scope:
        tensor = convert_to_tensor(value, name="value")
        shuffled: Tensor = apply_op("RandomShuffle", tensor, name=scope, **seeds)
    return shuffled


def _random_shuffle(sequence: Philox, op: Operation, value: Array) -> Array:
    """Fisher and Yates' shuffle from the front: each place gets one of those from it on."""
    if value.size <= 1 or value.shape[0] <= 1:
        return value
    count = value.shape[0]
    left = np.arange(count, 1, -1, dtype=np.uint32)
    steps = (sequence.words(count - 1) % left).tolist()
    order = list(range(count))
    for place, step in enumerate(steps):
        order[place], order[place + step] = order[place + step], order[place]
    shuffled: Array = value[np.array(order)]
    return shuffled


register(
    "RandomShuffle",
    bind=_drawn_by(_random_shuffle),
    shape=same_as_input,
    gradient=NOT_DIFFERENTIABLE,
)


def random_crop(value: Any, size: Any, seed: int | None = None, name: str | None = None) -> Tensor:
    """A part of `value` of that size at a random place.

    Args:
        value: A tensor.
        size: Shape of the part `[rank]`.
        seed: Seed of this operation.
        name: Name of the operation.
    """
    with name_scope(name, "random_crop", [value, size]) as scope:
        tensor = convert_to_tensor(value, name="value")
        wanted = convert_to_tensor(size, dtypes.int32, name="size")
        sizes = shape(tensor)
        fits = reduce_all(comparison.greater_equal(sizes, wanted))
        check = Assert(fits, ["Need value.shape >= size, got ", sizes, wanted], summarize=1000)
        sizes = with_dependencies([check], sizes)
        limit = sizes - wanted + 1
        anywhere = random_uniform(shape(sizes), maxval=dtypes.int32.max, dtype=dtypes.int32, seed=seed)
        return part_of(tensor, anywhere % limit, wanted, name=scope)


def multinomial(
    logits: Any, num_samples: Any, seed: int | None = None, name: str | None = None, output_dtype: Any = None
) -> Tensor:
    """Classes drawn by their unnormalized log-probabilities.

    Args:
        logits: `[batch, classes]`.
        num_samples: How many to draw for each row, a scalar.
        seed: Seed of this operation.
        name: Name scope.
        output_dtype: int64 or int32.

    Returns:
        Class numbers `[batch, num_samples]`.
    """
    with name_scope(name, "multinomial", [logits]):
        return _categorical(logits, num_samples, output_dtype, seed)


def categorical(
    logits: Any, num_samples: Any, dtype: Any = None, seed: int | None = None, name: str | None = None
) -> Tensor:
    """Classes drawn by their unnormalized log-probabilities; arguments as `multinomial`."""
    with name_scope(name, "categorical", [logits]):
        return _categorical(logits, num_samples, dtype, seed)


def _categorical(logits: Any, num_samples: Any, dtype: Any, seed: int | None) -> Tensor:
    scores = convert_to_tensor(logits, name="logits")
    seeds = seed_attributes(seed)
    count = convert_to_tensor(num_samples, dtypes.int32, name="num_samples")
    wanted = dtypes.int64 if dtype is None else as_dtype(dtype)
    drawn: Tensor = apply_op("Multinomial", scores, count, output_dtype=wanted, **seeds)
    return drawn


def _multinomial(sequence: Philox, op: Operation, logits: Array, num_samples: Array) -> Array:
    """Inverts the cumulative distribution: the class is the number of steps that a uniform number is past."""
    rows, count = logits.shape[0], int(num_samples)
    finite = np.isfinite(logits)
    largest = np.max(logits, axis=1, keepdims=True, initial=-np.inf, where=finite).astype(np.float64)
    steps = np.cumsum(np.where(finite, np.exp(logits.astype(np.float64) - largest), 0.0), axis=1)
    # TensorFlow sets aside 256 counters for each number, of which there are two for each double.
    chances = sequence.doubles(rows * count, rows * -(-count // 4) * 4 * 2 * 256)
    points = chances.reshape(rows, count) * steps[:, -1:]
    classes = [np.searchsorted(row, wanted, side="right") for row, wanted in zip(steps, points)]
    return np.array(classes, op.attrs["output_dtype"].as_numpy_dtype).reshape(rows, count)


def _multinomial_shape(op: Operation) -> TensorShape:
    count = constant_value(op.inputs[1])
    rows = op.inputs[0].shape.with_rank(2).as_list()[0]
    return TensorShape([rows, None if count is None else int(count)])


register(
    "Multinomial",
    bind=_drawn_by(_multinomial),
    shape=_multinomial_shape,
    dtypes="output_dtype",
    gradient=NOT_DIFFERENTIABLE,
)
