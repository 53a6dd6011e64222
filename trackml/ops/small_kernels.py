"""Kernels for small arrays whose shapes are known: numpy's calls, and nothing around them.

A kernel for any arrays looks at shapes and sizes to find the fastest way for large ones. For arrays of a few hundred
elements that looking costs as much as the work. A plan that was compiled for shapes has these in their place, with
equal results.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

import numpy as np

from trackml.graph.facts import Sizes
from trackml.graph.program import Program, Step
from trackml.graph.registry import Kernel
from trackml.graph.rewriting import BY_SIZES, register_pass

_MOST = 2048
"""Elements of the largest array for which looking any further does not pay."""

Choice = Callable[[Program, Step, Sequence[Sizes]], "Kernel | None"]
"""Gives the kernel of a step from the shapes of its inputs, None to leave it as it is."""


def register_choice(type: str, choose: Choice) -> None:
    """Has plans take other kernels for small inputs of known shapes."""
    register_pass(BY_SIZES, type, functools.partial(_chosen, type, choose))


def _chosen(type: str, choose: Choice, program: Program) -> None:
    for place, step in enumerate(program.steps):
        if step.op.type == type and step.is_plain:
            sizes = [program.sizes(key) for key in program.inputs(step)]
            known = [size for size in sizes if size is not None]
            if len(known) == len(sizes) and all(np.prod(size) <= _MOST for size in known):
                kernel = choose(program, step, known)
                if kernel is not None:
                    program.steps[place] = step._replace(kernel=kernel, in_place=None)


def _product(program: Program, step: Step, sizes: Sequence[Sizes]) -> Kernel | None:
    if len(sizes[0]) != 2 or len(sizes[1]) != 2:
        return None
    if step.op.attrs["transpose_a"]:
        return (lambda a, b: a.T.dot(b.T)) if step.op.attrs["transpose_b"] else (lambda a, b: a.T.dot(b))
    return (lambda a, b: a.dot(b.T)) if step.op.attrs["transpose_b"] else np.ndarray.dot


def _bias_added(program: Program, step: Step, sizes: Sequence[Sizes]) -> Kernel | None:
    return np.add if step.op.attrs["data_format"] == "NHWC" else None


def _bias_grad(program: Program, step: Step, sizes: Sequence[Sizes]) -> Kernel | None:
    dtype = step.op.inputs[0].dtype.as_numpy_dtype
    if step.op.attrs["data_format"] != "NHWC" or len(sizes[0]) != 2 or np.dtype(dtype).char not in "fd":
        return None
    kernel: Kernel = np.ones(sizes[0][0], dtype).dot
    return kernel


def _rectified(program: Program, step: Step, sizes: Sequence[Sizes]) -> Kernel:
    # With zeros of the same shape numpy compares whole vectors; with one number it takes twice as long.
    zeros = np.zeros(sizes[0], step.op.inputs[0].dtype.as_numpy_dtype)
    return lambda x: np.maximum(x, zeros)


def _rectified_grad(program: Program, step: Step, sizes: Sequence[Sizes]) -> Kernel:
    zeros = np.zeros(sizes[1], step.op.inputs[1].dtype.as_numpy_dtype)
    return lambda grad, features: np.multiply(grad, np.greater(features, zeros))


def _summed(program: Program, step: Step, sizes: Sequence[Sizes]) -> Kernel | None:
    return (lambda x, axes: np.add.reduce(x, None)) if _is_of_all(program, step, sizes[0]) else None


def _averaged(program: Program, step: Step, sizes: Sequence[Sizes]) -> Kernel | None:
    count = np.prod(sizes[0])
    if not count or not _is_of_all(program, step, sizes[0]):
        return None
    divisor = step.op.inputs[0].dtype.as_numpy_dtype(count)
    return lambda x, axes: np.true_divide(np.add.reduce(x, None), divisor)


def _is_of_all(program: Program, step: Step, sizes: Sizes) -> bool:
    """Whether a step makes one number of all floats of an array."""
    axes = program.facts.value(program.inputs(step)[1])
    if axes is None or not sizes or step.op.attrs["keep_dims"] or not step.op.inputs[0].dtype.is_floating:
        return False
    return len({axis % len(sizes) for axis in axes.ravel().tolist()}) == len(sizes)


register_choice("MatMul", _product)
register_choice("BiasAdd", _bias_added)
register_choice("BiasAddGrad", _bias_grad)
register_choice("Relu", _rectified)
register_choice("ReluGrad", _rectified_grad)
register_choice("Sum", _summed)
register_choice("Mean", _averaged)
