"""A training step in one call: gradients, clipping, summaries and the update."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from trackml.global_step import assert_global_step, get_global_step
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.indexed_slices import IndexedSlices
from trackml.graph.keys import GraphKeys
from trackml.graph.operation import Tensor
from trackml.initializers import Constant
from trackml.ops.clipping import clip_by_global_norm, global_norm
from trackml.ops.control import with_dependencies
from trackml.ops.framework import get_collection
from trackml.ops.math import multiply
from trackml.ops.random import truncated_normal
from trackml.optimizers import (
    AdagradOptimizer,
    AdamOptimizer,
    FtrlOptimizer,
    GradientDescentOptimizer,
    MomentumOptimizer,
    Optimizer,
    RMSPropOptimizer,
)
from trackml.summary import histogram, scalar
from trackml.variables import Variable, get_variable, trainable_variables, variable_scope

OPTIMIZER_CLS_NAMES: dict[str, Callable[..., Optimizer]] = {
    "Adagrad": AdagradOptimizer,
    "Adam": AdamOptimizer,
    "Ftrl": FtrlOptimizer,
    "Momentum": lambda learning_rate: MomentumOptimizer(learning_rate, momentum=0.9),
    "RMSProp": RMSPropOptimizer,
    "SGD": GradientDescentOptimizer,
}
"""Optimizers by the names that `optimize_loss` knows."""

OPTIMIZER_SUMMARIES = ["learning_rate", "loss", "gradients", "gradient_norm", "global_gradient_norm"]
"""What `optimize_loss` can summarize."""

_Pairs = list[tuple[Any, Variable]]


def optimize_loss(
    loss: Any,
    global_step: Any,
    learning_rate: Any,
    optimizer: Any,
    gradient_noise_scale: float | None = None,
    gradient_multipliers: Mapping[Any, Any] | None = None,
    clip_gradients: Any = None,
    learning_rate_decay_fn: Callable[[Any, Any], Any] | None = None,
    update_ops: Sequence[Any] | None = None,
    variables: Sequence[Variable] | None = None,
    name: str | None = None,
    summaries: Sequence[str] | None = None,
    colocate_gradients_with_ops: bool = False,
    increment_global_step: bool = True,
) -> Tensor:
    """A tensor that trains one step when it is computed, and gives the loss.

    Args:
        loss: A scalar.
        global_step: The variable that counts steps; that of the graph if None.
        learning_rate: A number, which becomes a variable, a scalar tensor, or None.
        optimizer: A name in `OPTIMIZER_CLS_NAMES`, a class, an optimizer, or a function of the learning rate.
        gradient_noise_scale: Standard deviation of noise that is added to gradients, before the sizes of these.
        gradient_multipliers: Factors by variable or by its name.
        clip_gradients: Limit of the global norm as a float, or a function on the pairs of gradient and variable.
        learning_rate_decay_fn: From learning rate and global step to the learning rate.
        update_ops: Operations to run before the loss; the collection UPDATE_OPS by default.
        variables: What to train; all trainable variables by default.
        name: Scope of variables and summaries; `OptimizeLoss` by default.
        summaries: Names from `OPTIMIZER_SUMMARIES`; by default the loss, the learning rate if it decays, and the
            global norm of the gradients.
        colocate_gradients_with_ops: Accepted for TensorFlow's sake.
        increment_global_step: Whether the step counts.

    Raises:
        ValueError: An argument is not one of these, or the learning rate or the global step is missing.
    """
    value = convert_to_tensor(loss)
    if value.shape.ndims not in (None, 0):
        raise ValueError(f"loss must be a scalar; got shape {value.shape} for '{value.name}'.")
    step = get_global_step() if global_step is None else global_step
    if global_step is not None:
        assert_global_step(global_step)
    with variable_scope(name, "OptimizeLoss", [value, step]):
        updates = get_collection(GraphKeys.UPDATE_OPS) if update_ops is None else list(update_ops)
        value = with_dependencies(list(dict.fromkeys(updates)), value) if updates else value
        wanted = _wanted_summaries(summaries)
        rate = _decayed(_learning_rate(learning_rate), learning_rate_decay_fn, step, "learning_rate" in wanted)
        chosen = _optimizer(optimizer, rate)
        pairs: _Pairs = chosen.compute_gradients(value, list(variables or trainable_variables()))
        pairs = _changed(pairs, gradient_noise_scale, gradient_multipliers)
        norms = "global_gradient_norm" in wanted or "gradient_norm" in wanted
        if norms:
            scalar("global_norm/gradient_norm", global_norm([grad for grad, _ in pairs]))
        pairs = _clipped(pairs, clip_gradients)
        _summarize(value, pairs, wanted)
        if clip_gradients is not None and norms:
            scalar("global_norm/clipped_gradient_norm", global_norm([grad for grad, _ in pairs]))
        train = chosen.apply_gradients(pairs, global_step=step if increment_global_step else None, name="train")
        trained: Tensor = with_dependencies([train], value)
    return trained


def _wanted_summaries(summaries: Sequence[str] | None) -> Sequence[str]:
    if summaries is None:
        return ["loss", "learning_rate", "global_gradient_norm"]
    unknown = [name for name in summaries if name not in OPTIMIZER_SUMMARIES]
    if unknown:
        raise ValueError(f"Summaries should be one of {OPTIMIZER_SUMMARIES}, you provided {unknown}.")
    return summaries


def _learning_rate(rate: Any) -> Any:
    if rate is None or (isinstance(rate, Tensor) and rate.shape.ndims == 0):
        return rate
    if not isinstance(rate, float):
        raise ValueError(f"Learning rate should be 0d Tensor or float. Got {rate} of type {type(rate)}")
    if rate < 0.0:
        raise ValueError(f"Invalid learning_rate {rate}.")
    return get_variable("learning_rate", [], trainable=False, initializer=Constant(rate))


def _decayed(rate: Any, decay: Callable[[Any, Any], Any] | None, step: Any, summarized: bool) -> Any:
    if rate is None or decay is None:
        return rate
    if step is None:
        raise ValueError("global_step is required for learning_rate_decay_fn.")
    decayed = decay(rate, step)
    if summarized:
        scalar("learning_rate", decayed)
    return decayed


def _optimizer(optimizer: Any, rate: Any) -> Optimizer:
    by_rate = isinstance(optimizer, str) or (isinstance(optimizer, type) and issubclass(optimizer, Optimizer))
    if by_rate and rate is None:
        raise ValueError(f"Learning rate is None, but should be specified if optimizer is {optimizer!r}.")
    if isinstance(optimizer, str):
        if optimizer not in OPTIMIZER_CLS_NAMES:
            names = ", ".join(OPTIMIZER_CLS_NAMES)
            raise ValueError(f"Optimizer name should be one of [{names}], you provided {optimizer}.")
        return OPTIMIZER_CLS_NAMES[optimizer](rate)
    if isinstance(optimizer, Optimizer):
        return optimizer
    made = (optimizer(rate) if rate is not None else optimizer()) if callable(optimizer) else None
    if not isinstance(made, Optimizer):
        raise ValueError("Unrecognized optimizer: should be string, subclass of Optimizer, instance of subclass of "
                         f"Optimizer or function with one argument. Got {optimizer!r}.")  # fmt: skip
    return made


def _changed(pairs: _Pairs, noise: float | None, factors: Mapping[Any, Any] | None) -> _Pairs:
    if noise is not None:
        pairs = [(None if grad is None else _noisy(grad, noise), variable) for grad, variable in pairs]
    if factors is None:
        return pairs
    changed = []
    for grad, variable in pairs:
        # A variable cannot be compared by value, so the keys are looked at one by one.
        keys = [key for key in factors if key is variable or key == variable.op.name]
        if keys and grad is None:
            raise ValueError(f"Requested multiple of `None` gradient for {variable.name}.")
        changed.append((_scaled(grad, factors[keys[0]]) if keys else grad, variable))
    return changed


def _noisy(grad: Any, scale: float) -> Tensor:
    dense = convert_to_tensor(grad)
    sizes = dense.shape.as_list()
    return dense + truncated_normal(sizes, dtype=dense.dtype) * scale


def _scaled(grad: Any, factor: Any) -> Any:
    if isinstance(grad, IndexedSlices):
        return IndexedSlices(multiply(grad.values, factor), grad.indices, grad.dense_shape)
    return multiply(grad, factor)


def _clipped(pairs: _Pairs, clip: Any) -> _Pairs:
    if clip is None:
        return pairs
    if isinstance(clip, float):
        clipped, _ = clip_by_global_norm([grad for grad, _ in pairs], clip)
        return list(zip(clipped, [variable for _, variable in pairs]))
    if not callable(clip):
        raise ValueError(f"Unknown type {type(clip)} for clip_gradients")
    return list(clip(pairs))


def _summarize(loss: Tensor, pairs: _Pairs, wanted: Sequence[str]) -> None:
    if "loss" in wanted:
        scalar("loss", loss)
    for grad, variable in pairs:
        values = grad.values if isinstance(grad, IndexedSlices) else grad
        if values is None:
            continue
        label = variable.name.replace(":", "_")
        if "gradients" in wanted:
            histogram(f"gradients/{label}", values)
        if "gradient_norm" in wanted:
            scalar(f"gradient_norm/{label}", global_norm([values]))
