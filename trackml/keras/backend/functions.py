"""Functions of tensors under the names of `keras.backend`."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from trackml import autodiff
from trackml.dtypes import as_dtype
from trackml.graph.conversion import constant as graph_constant
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.conversion import placeholder as graph_placeholder
from trackml.graph.operation import Tensor
from trackml.keras import activations
from trackml.keras.backend.session import epsilon, floatx, get_session
from trackml.ops import array, comparison, gathering, joining, matmul, nn, random, reductions
from trackml.ops import math as graph_math
from trackml.ops.dropout import dropout as graph_dropout
from trackml.ops.softmax import softmax as graph_softmax
from trackml.variables import Variable

_Axis = int | Sequence[int] | None


def constant(value: Any, dtype: Any = None, shape: Any = None, name: str | None = None) -> Tensor:
    """A tensor of a value; of floating point unless another type is said."""
    return graph_constant(value, floatx() if dtype is None else dtype, shape, name or "Const")


def variable(value: Any, dtype: Any = None, name: str | None = None, constraint: Any = None) -> Variable:
    """A variable that starts from a value."""
    kind = as_dtype(dtype or floatx())
    return Variable(np.asarray(value, kind.as_numpy_dtype), dtype=kind, name=name, constraint=constraint)


def placeholder(shape: Any = None, ndim: int | None = None, dtype: Any = None, name: str | None = None) -> Tensor:
    """A tensor that is fed; of a shape, or of a rank alone."""
    sizes = [None] * ndim if shape is None and ndim is not None else shape
    return graph_placeholder(as_dtype(dtype or floatx()), sizes, name)


def is_keras_tensor(x: Any) -> bool:
    """Whether a layer made the tensor, or `Input`."""
    from trackml.keras.engine.nodes import node_of

    return isinstance(x, Tensor) and node_of(x) is not None


def shape(x: Any) -> Tensor:
    """The shape while the graph runs, as a vector."""
    return array.shape(x)


def int_shape(x: Any) -> tuple[int | None, ...] | None:
    """The shape as far as it is known, as a tuple; None if not even the rank is."""
    known = convert_to_tensor(x).shape
    return None if known.ndims is None else tuple(known.as_list())


def ndim(x: Any) -> int | None:
    """The number of axes."""
    return convert_to_tensor(x).shape.ndims


def dtype(x: Any) -> str:
    """The name of the type."""
    return convert_to_tensor(x).dtype.name


def cast(x: Any, dtype: Any) -> Tensor:
    """The same numbers in another type."""
    tensor: Tensor = graph_math.cast(x, dtype)
    return tensor


def zeros(shape: Any, dtype: Any = None, name: str | None = None) -> Tensor:
    """Zeros."""
    return array.zeros(shape, as_dtype(dtype or floatx()), name)


def ones(shape: Any, dtype: Any = None, name: str | None = None) -> Tensor:
    """Ones."""
    return array.ones(shape, as_dtype(dtype or floatx()), name)


def zeros_like(x: Any, dtype: Any = None, name: str | None = None) -> Tensor:
    """Zeros in the shape of `x`."""
    return array.zeros_like(x, dtype, name)


def ones_like(x: Any, dtype: Any = None, name: str | None = None) -> Tensor:
    """Ones in the shape of `x`."""
    return array.ones_like(x, dtype, name)


def eye(size: int, dtype: Any = None, name: str | None = None) -> Tensor:
    """The matrix with ones where row and column are the same."""
    return graph_constant(np.eye(size), as_dtype(dtype or floatx()), name=name or "eye")


def dot(x: Any, y: Any) -> Tensor:
    """The product of matrices; of tensors over the last axis of `x` and the last but one of `y`."""
    left, right = convert_to_tensor(x), convert_to_tensor(y)
    ranks = len(left.shape), len(right.shape)
    if ranks == (2, 2):
        return matmul.matmul(left, right)
    return matmul.tensordot(left, right, [[ranks[0] - 1], [builtins.max(ranks[1] - 2, 0)]])


def batch_dot(x: Any, y: Any, axes: Any = None) -> Tensor:
    """The products of each example's tensors, summed along an axis of each."""
    from trackml.keras.layers.merge import Dot

    left, right = convert_to_tensor(x), convert_to_tensor(y)
    chosen = (len(left.shape) - 1, builtins.max(len(right.shape) - 2, 1)) if axes is None else axes
    return Dot(axes=chosen).call([left, right])


def transpose(x: Any) -> Tensor:
    """The axes in reverse."""
    return array.transpose(x)


def permute_dimensions(x: Any, pattern: Any) -> Tensor:
    """The axes in another order."""
    return array.transpose(x, pattern)


def reshape(x: Any, shape: Any) -> Tensor:
    """Another shape."""
    return array.reshape(x, shape)


def flatten(x: Any) -> Tensor:
    """All elements as one vector."""
    return array.reshape(x, [-1])


def batch_flatten(x: Any) -> Tensor:
    """One vector for each example."""
    tensor = convert_to_tensor(x)
    sizes = tensor.shape.as_list()[1:]
    outputs = array.reshape(tensor, [array.shape(tensor)[0], -1])
    outputs.set_shape([tensor.shape.as_list()[0], None if None in sizes else int(np.prod([s or 0 for s in sizes]))])
    return outputs


def expand_dims(x: Any, axis: int = -1) -> Tensor:
    """With an axis of size 1."""
    return array.expand_dims(x, axis)


def squeeze(x: Any, axis: int) -> Tensor:
    """Without an axis of size 1."""
    return array.squeeze(x, [axis])


def concatenate(tensors: Sequence[Any], axis: int = -1) -> Tensor:
    """Tensors side by side."""
    return joining.concat(list(tensors), axis)


def stack(x: Sequence[Any], axis: int = 0) -> Tensor:
    """Tensors along a new axis."""
    return joining.stack(list(x), axis)


def repeat(x: Any, n: int) -> Tensor:
    """Each example of `[batch, features]` `n` times, `[batch, n, features]`."""
    return joining.stack([x] * n, axis=1)


def tile(x: Any, n: Any) -> Tensor:
    """The tensor several times along each axis."""
    return joining.tile(x, n)


def reverse(x: Any, axes: int | Sequence[int]) -> Tensor:
    """In reverse along some axes."""
    return joining.reverse(x, [axes] if isinstance(axes, int) else list(axes))


def gather(reference: Any, indices: Any) -> Any:
    """Rows by their numbers."""
    return gathering.gather(reference, indices)


def one_hot(indices: Any, num_classes: int) -> Tensor:
    """A vector with a 1 in one place for each number."""
    return gathering.one_hot(indices, num_classes)


def sum(x: Any, axis: _Axis = None, keepdims: bool = False) -> Tensor:
    """The sum over some axes, all by default."""
    return reductions.reduce_sum(x, axis, keepdims=keepdims)


def prod(x: Any, axis: _Axis = None, keepdims: bool = False) -> Tensor:
    """The product over some axes, all by default."""
    return reductions.reduce_prod(x, axis, keepdims=keepdims)


def mean(x: Any, axis: _Axis = None, keepdims: bool = False) -> Tensor:
    """The mean over some axes, all by default; booleans count as 0 and 1."""
    return reductions.reduce_mean(_floating(x), axis, keepdims=keepdims)


def var(x: Any, axis: _Axis = None, keepdims: bool = False) -> Tensor:
    """The variance over some axes, all by default."""
    return reductions.reduce_variance(_floating(x), axis, keepdims)


def std(x: Any, axis: _Axis = None, keepdims: bool = False) -> Tensor:
    """The standard deviation over some axes, all by default."""
    return reductions.reduce_std(_floating(x), axis, keepdims)


def max(x: Any, axis: _Axis = None, keepdims: bool = False) -> Tensor:
    """The largest element over some axes, all by default."""
    return reductions.reduce_max(x, axis, keepdims=keepdims)


def min(x: Any, axis: _Axis = None, keepdims: bool = False) -> Tensor:
    """The smallest element over some axes, all by default."""
    return reductions.reduce_min(x, axis, keepdims=keepdims)


def any(x: Any, axis: _Axis = None, keepdims: bool = False) -> Tensor:
    """Whether any element is not zero."""
    return reductions.reduce_any(cast(x, "bool"), axis, keepdims=keepdims)


def all(x: Any, axis: _Axis = None, keepdims: bool = False) -> Tensor:
    """Whether all elements are not zero."""
    return reductions.reduce_all(cast(x, "bool"), axis, keepdims=keepdims)


def argmax(x: Any, axis: int = -1) -> Tensor:
    """The place of the largest element."""
    return reductions.argmax(x, axis)


def argmin(x: Any, axis: int = -1) -> Tensor:
    """The place of the smallest element."""
    return reductions.argmin(x, axis)


def logsumexp(x: Any, axis: _Axis = None, keepdims: bool = False) -> Tensor:
    """`log(sum(exp(x)))` over some axes, all by default."""
    return reductions.reduce_logsumexp(x, axis, keepdims=keepdims)


def square(x: Any) -> Tensor:
    """`x ** 2`."""
    return graph_math.square(x)


def abs(x: Any) -> Tensor:
    """The size of each element."""
    return graph_math.abs(x)


def sqrt(x: Any) -> Tensor:
    """The root; zero for what is negative."""
    return graph_math.sqrt(graph_math.maximum(x, 0.0))


def exp(x: Any) -> Tensor:
    """`e ** x`."""
    return graph_math.exp(x)


def log(x: Any) -> Tensor:
    """The natural logarithm."""
    return graph_math.log(x)


def round(x: Any) -> Tensor:
    """The nearest whole numbers, even ones where two are as near."""
    return graph_math.round(x)


def sign(x: Any) -> Tensor:
    """-1, 0 or 1."""
    return graph_math.sign(x)


def pow(x: Any, a: Any) -> Tensor:
    """`x ** a`."""
    return graph_math.pow(x, a)


def clip(x: Any, min_value: Any, max_value: Any) -> Tensor:
    """`x` within bounds; None for no bound."""
    tensor = convert_to_tensor(x)
    tensor = tensor if min_value is None else graph_math.maximum(tensor, min_value)
    return tensor if max_value is None else graph_math.minimum(tensor, max_value)


def maximum(x: Any, y: Any) -> Tensor:
    """The larger of each two elements."""
    return graph_math.maximum(x, y)


def minimum(x: Any, y: Any) -> Tensor:
    """The smaller of each two elements."""
    return graph_math.minimum(x, y)


def sin(x: Any) -> Tensor:
    """The sine."""
    from trackml.ops import trigonometry

    return trigonometry.sin(x)


def cos(x: Any) -> Tensor:
    """The cosine."""
    from trackml.ops import trigonometry

    return trigonometry.cos(x)


def equal(x: Any, y: Any) -> Tensor:
    """Where both are equal."""
    return comparison.equal(x, y)


def not_equal(x: Any, y: Any) -> Tensor:
    """Where they differ."""
    return comparison.not_equal(x, y)


def greater(x: Any, y: Any) -> Tensor:
    """Where `x > y`."""
    return comparison.greater(x, y)


def greater_equal(x: Any, y: Any) -> Tensor:
    """Where `x >= y`."""
    return comparison.greater_equal(x, y)


def less(x: Any, y: Any) -> Tensor:
    """Where `x < y`."""
    return comparison.less(x, y)


def less_equal(x: Any, y: Any) -> Tensor:
    """Where `x <= y`."""
    return comparison.less_equal(x, y)


def switch(condition: Any, then_expression: Any, else_expression: Any) -> Any:
    """One of two tensors, or what functions of them give, element by element or example by example."""
    one, other = (item() if callable(item) else item for item in (then_expression, else_expression))
    chosen, tensor = convert_to_tensor(condition), convert_to_tensor(one)
    for _ in builtins.range(len(tensor.shape) - len(chosen.shape)):
        chosen = array.expand_dims(chosen, -1)
    return gathering.where(comparison.logical_and(chosen, array.ones_like(tensor, "bool")), one, other)


def relu(x: Any, alpha: float = 0.0, max_value: float | None = None, threshold: float = 0.0) -> Tensor:
    """See `keras.activations.relu`."""
    return activations.relu(x, alpha, max_value, threshold)


def elu(x: Any, alpha: float = 1.0) -> Tensor:
    """See `keras.activations.elu`."""
    return activations.elu(x, alpha)


def softmax(x: Any, axis: int = -1) -> Tensor:
    """`exp(x) / sum(exp(x))` along `axis`."""
    return graph_softmax(x, axis=axis)


def softplus(x: Any) -> Tensor:
    """`log(1 + exp(x))`."""
    return activations.softplus(x)


def softsign(x: Any) -> Tensor:
    """`x / (1 + abs(x))`."""
    return activations.softsign(x)


def sigmoid(x: Any) -> Tensor:
    """`1 / (1 + exp(-x))`."""
    return graph_math.sigmoid(x)


def hard_sigmoid(x: Any) -> Tensor:
    """`0.2 * x + 0.5`, clipped to the range 0 to 1."""
    return activations.hard_sigmoid(x)


def tanh(x: Any) -> Tensor:
    """The hyperbolic tangent."""
    return graph_math.tanh(x)


def dropout(x: Any, level: float, noise_shape: Any = None, seed: int | None = None) -> Tensor:
    """Elements set to zero at random, the others scaled up."""
    return graph_dropout(x, noise_shape=noise_shape, seed=seed, rate=level)


def l2_normalize(x: Any, axis: Any = None) -> Tensor:
    """Vectors scaled to length 1."""
    return nn.l2_normalize(x, axis=axis)


def bias_add(x: Any, bias: Any, data_format: str | None = None) -> Tensor:
    """A vector added to the last axis, or to the channels of `channels_first`."""
    tensor = convert_to_tensor(x)
    if data_format == "channels_first" and len(tensor.shape) > 2:
        return tensor + array.reshape(bias, [-1, *[1] * (len(tensor.shape) - 2)])
    return nn.bias_add(tensor, bias)


def binary_crossentropy(target: Any, output: Any, from_logits: bool = False) -> Tensor:
    """The cross entropy of each element of shares, or of logits."""
    if from_logits:
        from trackml.ops.cross_entropy import sigmoid_cross_entropy_with_logits

        return sigmoid_cross_entropy_with_logits(labels=target, logits=output)
    near = epsilon()
    shares = clip(output, near, 1.0 - near)
    right = target * graph_math.log(shares + near)
    return graph_math.negative(right + (1.0 - target) * graph_math.log(1.0 - shares + near))


def categorical_crossentropy(target: Any, output: Any, from_logits: bool = False, axis: int = -1) -> Tensor:
    """The cross entropy of shares, or of logits, along an axis."""
    if from_logits:
        output = softmax(output, axis)
    shares = output / reductions.reduce_sum(output, axis=axis, keepdims=True)
    near = epsilon()
    return -reductions.reduce_sum(target * graph_math.log(clip(shares, near, 1.0 - near)), axis=axis)


def random_normal(
    shape: Any, mean: float = 0.0, stddev: float = 1.0, dtype: Any = None, seed: int | None = None
) -> Tensor:
    """Normal numbers."""
    return random.random_normal(shape, mean, stddev, as_dtype(dtype or floatx()), seed)


def random_uniform(
    shape: Any, minval: float = 0.0, maxval: float = 1.0, dtype: Any = None, seed: int | None = None
) -> Tensor:
    """Uniform numbers."""
    return random.random_uniform(shape, minval, maxval, as_dtype(dtype or floatx()), seed)


def truncated_normal(
    shape: Any, mean: float = 0.0, stddev: float = 1.0, dtype: Any = None, seed: int | None = None
) -> Tensor:
    """Normal numbers, those beyond two standard deviations drawn again."""
    return random.truncated_normal(shape, mean, stddev, as_dtype(dtype or floatx()), seed)


def gradients(loss: Any, variables: Any) -> list[Any]:
    """The gradients of a loss by variables or tensors."""
    found: list[Any] = autodiff.gradients(loss, variables)
    return found


def stop_gradient(variables: Any) -> Any:
    """The same, through which no gradient flows."""
    if isinstance(variables, (list, tuple)):
        return [array.stop_gradient(item) for item in variables]
    return array.stop_gradient(variables)


def eval(x: Any) -> Any:
    """The value of a tensor or a variable."""
    tensor = convert_to_tensor(x)
    with tensor.graph.as_default():
        return get_session().run(tensor)


def function(inputs: Sequence[Any], outputs: Any, updates: Any = None, name: str | None = None) -> Callable[..., Any]:
    """A function from values of some tensors to the values of others.

    Args:
        inputs: The tensors that are fed.
        outputs: A tensor, or a list of them.
        updates: Operations that run with each call.
        name: Accepted for Keras' sake.

    Example:
        >>> from trackml import keras
        >>> x = keras.Input(shape=(2,))
        >>> double = keras.backend.function([x], [x * 2.0])
        >>> double([[[1.0, 2.0]]])[0].tolist()
        [[2.0, 4.0]]
    """
    fed: list[Any] = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
    several = isinstance(outputs, (list, tuple))
    fetched: list[Any] = list(outputs) if several else [outputs]

    def call(values: Any) -> Any:
        given = values if isinstance(values, (list, tuple)) and len(fed) == len(values) else [values]
        with fed[0].graph.as_default() if fed else fetched[0].graph.as_default():
            found = get_session().run([fetched, list(updates or [])], dict(zip(fed, given)))[0]
        return found if several else found[0]

    return call


def _floating(x: Any) -> Tensor:
    tensor = convert_to_tensor(x)
    return cast(tensor, floatx()) if tensor.dtype.name == "bool" else tensor
