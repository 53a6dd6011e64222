"""FTRL-Proximal: sparse linear models, of weights that are exactly zero."""

from __future__ import annotations

from typing import Any

from trackml.graph.graph import apply_op
from trackml.initializers import Constant
from trackml.keras.optimizers.optimizer import Optimizer
from trackml.keras.optimizers.sgd import as_number
from trackml.variables import Variable


class Ftrl(Optimizer):
    """Follows the leader of all gradients so far, with penalties that keep weights at zero.

    Args:
        learning_rate: The rate.
        learning_rate_power: How the rate falls with the sum of squared gradients; at most 0.
        initial_accumulator_value: What the sum starts from.
        l1_regularization_strength: The penalty on sizes of weights.
        l2_regularization_strength: The penalty on their squares.
        name: Name of the training operation and of the slots.
        l2_shrinkage_regularization_strength: A penalty on squares that acts by the gradient.
        beta: A further penalty on squares, over twice the rate.
        kwargs: What `Optimizer` takes.

    Raises:
        ValueError: A setting is negative, or the power positive.

    Source: McMahan et al., Ad Click Prediction: a View from the Trenches (2013), algorithm 1.
    """

    _SETTINGS = (
        "learning_rate_power",
        "initial_accumulator_value",
        "l1_regularization_strength",
        "l2_regularization_strength",
        "l2_shrinkage_regularization_strength",
        "beta",
    )
    learning_rate_power: float
    initial_accumulator_value: float
    l1_regularization_strength: float
    l2_regularization_strength: float
    l2_shrinkage_regularization_strength: float
    beta: float

    def __init__(
        self,
        learning_rate: Any = 0.001,
        learning_rate_power: float = -0.5,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        name: str = "Ftrl",
        l2_shrinkage_regularization_strength: float = 0.0,
        beta: float = 0.0,
        **kwargs: Any,
    ) -> None:
        settings: dict[str, Any] = {
            "learning_rate_power": learning_rate_power,
            "initial_accumulator_value": initial_accumulator_value,
            "l1_regularization_strength": l1_regularization_strength,
            "l2_regularization_strength": l2_regularization_strength,
            "l2_shrinkage_regularization_strength": l2_shrinkage_regularization_strength,
            "beta": beta,
        }
        for setting, value in settings.items():
            if (value > 0.0) if setting == "learning_rate_power" else (value < 0.0):
                way = "0 or less" if setting == "learning_rate_power" else "0 or more"
                raise ValueError(f"`{setting}` must be {way}. Received: {value}")
        super().__init__(name, learning_rate, **settings, **kwargs)

    def _create_slots(self, var_list: Any) -> None:
        for var in var_list:
            self.add_slot(var, "accumulator", Constant(self.initial_accumulator_value))
            self.add_slot(var, "linear")

    def _resource_apply_dense(self, grad: Any, var: Variable) -> Any:
        rate = self._decayed_lr(var.dtype)
        l2 = as_number(self.l2_regularization_strength, var)
        return apply_op(
            "ResourceApplyFtrlV2",
            var.handle,
            *[self.get_slot(var, name).handle for name in ("accumulator", "linear")],
            grad,
            rate,
            as_number(self.l1_regularization_strength, var),
            l2 + self.beta / (2.0 * rate) if self.beta else l2,
            as_number(self.l2_shrinkage_regularization_strength, var),
            as_number(self.learning_rate_power, var),
            use_locking=False,
        )
