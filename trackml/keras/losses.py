"""Losses by Keras' names, as functions of one value an example, and as classes of one value a batch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from trackml import dtypes
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.ops import activations, array, comparison, cross_entropy, math, nn, reductions

_EPSILON = 1e-7

LossFunction = Callable[[Any, Any], Any]


def mean_squared_error(y_true: Any, y_pred: Any) -> Tensor:
    """`mean((y_pred - y_true) ** 2)` along the last axis."""
    true, pred = _alike(y_true, y_pred)
    return _mean(math.square(pred - true))


def mean_absolute_error(y_true: Any, y_pred: Any) -> Tensor:
    """`mean(abs(y_pred - y_true))` along the last axis."""
    true, pred = _alike(y_true, y_pred)
    return _mean(math.abs(pred - true))


def mean_absolute_percentage_error(y_true: Any, y_pred: Any) -> Tensor:
    """`100 * mean(abs((y_true - y_pred) / y_true))` along the last axis; divisors are 1e-7 at least."""
    true, pred = _alike(y_true, y_pred)
    return 100.0 * _mean(math.abs((true - pred) / math.maximum(math.abs(true), _EPSILON)))


def mean_squared_logarithmic_error(y_true: Any, y_pred: Any) -> Tensor:
    """`mean((log(1 + y_true) - log(1 + y_pred)) ** 2)` along the last axis."""
    true, pred = _alike(y_true, y_pred)
    logs = [math.log(math.maximum(value, _EPSILON) + 1.0) for value in (pred, true)]
    return _mean(math.square(logs[0] - logs[1]))


def binary_crossentropy(y_true: Any, y_pred: Any, from_logits: bool = False, label_smoothing: float = 0.0) -> Tensor:
    """`mean(-y_true * log(y_pred) - (1 - y_true) * log(1 - y_pred))` along the last axis.

    Args:
        y_true: Zeros and ones, or shares between them.
        y_pred: Probabilities; clipped to [1e-7, 1 - 1e-7].
        from_logits: Whether `y_pred` are logits.
        label_smoothing: How far labels are moved towards a half.
    """
    true, pred = _alike(y_true, y_pred)
    if label_smoothing:
        true = true * (1.0 - label_smoothing) + 0.5 * label_smoothing
    if from_logits:
        return _mean(cross_entropy.sigmoid_cross_entropy_with_logits(labels=true, logits=pred))
    if pred.op.type == "Sigmoid":  # its logits are exact where probabilities have run into 0 or 1
        return _mean(cross_entropy.sigmoid_cross_entropy_with_logits(labels=true, logits=pred.op.inputs[0]))
    clipped = _clipped(pred)
    return _mean(-(true * math.log(clipped + _EPSILON) + (1.0 - true) * math.log(1.0 - clipped + _EPSILON)))


def categorical_crossentropy(
    y_true: Any, y_pred: Any, from_logits: bool = False, label_smoothing: float = 0.0
) -> Tensor:
    """`-sum(y_true * log(y_pred))` along the last axis.

    Args:
        y_true: One number a class: one-hot, or probabilities.
        y_pred: Probabilities, scaled to a sum of 1 and clipped.
        from_logits: Whether `y_pred` are logits.
        label_smoothing: How far labels are moved towards the same number for each class.
    """
    true, pred = _alike(y_true, y_pred)
    if label_smoothing:
        classes = float(pred.shape.as_list()[-1] or 1)
        true = true * (1.0 - label_smoothing) + label_smoothing / classes
    logits = pred if from_logits else _logits_of_softmax(pred)
    if logits is not None:
        return cross_entropy.softmax_cross_entropy_with_logits(labels=true, logits=logits)
    scaled = _clipped(pred / reductions.reduce_sum(pred, axis=-1, keepdims=True))
    return -reductions.reduce_sum(true * math.log(scaled), axis=-1)


def sparse_categorical_crossentropy(y_true: Any, y_pred: Any, from_logits: bool = False) -> Tensor:
    """`-log(y_pred[y_true])` along the last axis of `y_pred`.

    Args:
        y_true: Numbers of classes, in the shape of `y_pred` without its last axis, or with 1 for it.
        y_pred: Probabilities, clipped.
        from_logits: Whether `y_pred` are logits.
    """
    pred = convert_to_tensor(y_pred)
    true = math.cast(_without_last(convert_to_tensor(y_true), pred), dtypes.int64)
    logits = pred if from_logits else _logits_of_softmax(pred)
    if logits is None:
        logits = math.log(_clipped(pred))
    return cross_entropy.sparse_softmax_cross_entropy_with_logits(labels=true, logits=logits)


def hinge(y_true: Any, y_pred: Any) -> Tensor:
    """`mean(max(1 - y_true * y_pred, 0))` along the last axis, for labels -1 and 1; 0 counts as -1."""
    true, pred = _signs(y_true, y_pred)
    return _mean(math.maximum(1.0 - true * pred, 0.0))


def squared_hinge(y_true: Any, y_pred: Any) -> Tensor:
    """`mean(max(1 - y_true * y_pred, 0) ** 2)` along the last axis, for labels as of `hinge`."""
    true, pred = _signs(y_true, y_pred)
    return _mean(math.square(math.maximum(1.0 - true * pred, 0.0)))


def huber_loss(y_true: Any, y_pred: Any, delta: float = 1.0) -> Tensor:
    """The mean along the last axis of `e ** 2 / 2` for errors up to `delta`, `delta * (abs(e) - delta / 2)` beyond."""
    true, pred = _alike(y_true, y_pred)
    error = math.abs(pred - true)
    small = math.minimum(error, delta)
    return _mean(0.5 * math.square(small) + delta * (error - small))


def logcosh(y_true: Any, y_pred: Any) -> Tensor:
    """`mean(log(cosh(y_pred - y_true)))` along the last axis."""
    true, pred = _alike(y_true, y_pred)
    error = pred - true
    return _mean(error + activations.softplus(-2.0 * error) - 0.6931471805599453)


def kullback_leibler_divergence(y_true: Any, y_pred: Any) -> Tensor:
    """`sum(y_true * log(y_true / y_pred))` along the last axis; both clipped to [1e-7, 1]."""
    true, pred = (math.minimum(math.maximum(value, _EPSILON), 1.0) for value in _alike(y_true, y_pred))
    return reductions.reduce_sum(true * math.log(true / pred), axis=-1)


def poisson(y_true: Any, y_pred: Any) -> Tensor:
    """`mean(y_pred - y_true * log(y_pred))` along the last axis."""
    true, pred = _alike(y_true, y_pred)
    return _mean(pred - true * math.log(pred + _EPSILON))


def cosine_similarity(y_true: Any, y_pred: Any, axis: int = -1) -> Tensor:
    """The cosine of the angle between the two, times -1."""
    true, pred = (nn.l2_normalize(value, axis=axis) for value in _alike(y_true, y_pred))
    return -reductions.reduce_sum(true * pred, axis=axis)


class Loss:
    """A loss of a batch: the weighted mean of a function of examples.

    Args:
        reduction: `"sum_over_batch_size"` (or `"auto"`), `"sum"` or `"none"`.
        name: Its name.
        kwargs: Passed on to the function.

    Raises:
        ValueError: There is no such reduction.
    """

    function: Callable[..., Any]

    def __init__(self, reduction: str = "auto", name: str | None = None, **kwargs: Any) -> None:
        if reduction not in ("auto", "sum_over_batch_size", "sum", "none"):
            raise ValueError(f"Invalid Reduction Key: {reduction!r}; expected auto, sum_over_batch_size, sum or none.")
        self.reduction = reduction
        self.name = name or type(self).__name__
        self._arguments = kwargs

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """One value an example."""
        return type(self).function(y_true, y_pred, **self._arguments)

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """The loss of the batch."""
        values = convert_to_tensor(self.call(y_true, y_pred))
        return reduced(values, sample_weight, self.reduction)

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes."""
        return {"reduction": self.reduction, "name": self.name, **self._arguments}


def _loss_class(name: str, of: LossFunction) -> type[Loss]:
    documentation = f"The mean of `{of.__name__}` over a batch; see `Loss`, and the function for what else it takes."
    return type(name, (Loss,), {"function": staticmethod(of), "__doc__": documentation, "__module__": __name__})


BinaryCrossentropy = _loss_class("BinaryCrossentropy", binary_crossentropy)
CategoricalCrossentropy = _loss_class("CategoricalCrossentropy", categorical_crossentropy)
CosineSimilarity = _loss_class("CosineSimilarity", cosine_similarity)
Hinge = _loss_class("Hinge", hinge)
Huber = _loss_class("Huber", huber_loss)
KLDivergence = _loss_class("KLDivergence", kullback_leibler_divergence)
LogCosh = _loss_class("LogCosh", logcosh)
MeanAbsoluteError = _loss_class("MeanAbsoluteError", mean_absolute_error)
MeanAbsolutePercentageError = _loss_class("MeanAbsolutePercentageError", mean_absolute_percentage_error)
MeanSquaredError = _loss_class("MeanSquaredError", mean_squared_error)
MeanSquaredLogarithmicError = _loss_class("MeanSquaredLogarithmicError", mean_squared_logarithmic_error)
Poisson = _loss_class("Poisson", poisson)
SparseCategoricalCrossentropy = _loss_class("SparseCategoricalCrossentropy", sparse_categorical_crossentropy)
SquaredHinge = _loss_class("SquaredHinge", squared_hinge)

mse = MSE = mean_squared_error
mae = MAE = mean_absolute_error
mape = MAPE = mean_absolute_percentage_error
msle = MSLE = mean_squared_logarithmic_error
kld = KLD = kullback_leibler_divergence
huber = huber_loss
log_cosh = logcosh

_FUNCTIONS: dict[str, Any] = {
    name: value
    for name, value in list(globals().items())
    if not name.startswith("_") and getattr(value, "__module__", "") == __name__ and name not in ("Loss", "get")
}


def get(identifier: Any) -> Any:
    """The function or object that a name or a function stands for; None stays None.

    Raises:
        ValueError: There is no loss of that name.
    """
    if identifier is None or callable(identifier):
        return identifier
    if identifier not in _FUNCTIONS:
        raise ValueError(f"Unknown loss function: {identifier!r}; expected a function or one of {sorted(_FUNCTIONS)}.")
    found = _FUNCTIONS[identifier]
    return found() if isinstance(found, type) else found


def per_example(loss: Any, y_true: Any, y_pred: Any) -> Tensor:
    """One value an example, of a function or of an object."""
    values = loss.call(y_true, y_pred) if isinstance(loss, Loss) else loss(y_true, y_pred)
    return convert_to_tensor(values)


def reduced(values: Tensor, weights: Any, reduction: str = "auto") -> Tensor:
    """Values of examples as one of the batch: weights broadcast from the left, and do not count for the divisor."""
    if weights is not None:
        weight = math.cast(weights, values.dtype)
        missing = (values.shape.ndims or 0) - (weight.shape.ndims or 0)
        if missing < 0:
            weight = array.squeeze(weight, [-1])
        for _ in range(max(missing, 0)):
            weight = array.expand_dims(weight, -1)
        values = values * weight
    if reduction == "none":
        return values
    return reductions.reduce_sum(values) if reduction == "sum" else reductions.reduce_mean(values)


def _alike(y_true: Any, y_pred: Any) -> tuple[Tensor, Tensor]:
    """Both as tensors of the predictions' type and rank: a last axis of size 1 that one of them lacks is no axis."""
    pred = convert_to_tensor(y_pred)
    true = math.cast(convert_to_tensor(y_true), pred.dtype)
    return _squeezed(true, pred)


def _squeezed(true: Tensor, pred: Tensor) -> tuple[Tensor, Tensor]:
    difference = (pred.shape.ndims or 0) - (true.shape.ndims or 0)
    if difference == 1 and pred.shape.as_list()[-1] == 1:
        return array.expand_dims(true, -1), pred
    if difference == -1 and true.shape.as_list()[-1] in (1, None):
        return array.squeeze(true, [-1]), pred
    return true, pred


def _without_last(true: Tensor, pred: Tensor) -> Tensor:
    """Numbers of classes without a last axis of size 1."""
    return array.squeeze(true, [-1]) if true.shape.ndims == pred.shape.ndims else true


def _mean(values: Tensor) -> Tensor:
    return reductions.reduce_mean(values, axis=-1)


def _clipped(values: Tensor) -> Tensor:
    return math.minimum(math.maximum(values, _EPSILON), 1.0 - _EPSILON)


def _logits_of_softmax(pred: Tensor) -> Tensor | None:
    """What a softmax was computed from: exact where probabilities have run into 0; None if it is no softmax."""
    return pred.op.inputs[0] if pred.op.type == "Softmax" else None


def _signs(y_true: Any, y_pred: Any) -> tuple[Tensor, Tensor]:
    true, pred = _alike(y_true, y_pred)
    share = math.cast(reductions.reduce_all(comparison.equal(true * (true - 1.0), 0.0)), true.dtype)
    return share * (2.0 * true - 1.0) + (1.0 - share) * true, pred
