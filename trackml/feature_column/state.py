"""The variables of feature columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trackml.graph.keys import GraphKeys
from trackml.variables import Variable, get_variable


class StateManager:
    """Makes the variables of columns in the current variable scope, each once.

    Args:
        weight_collections: Collections for the variables, beside GLOBAL_VARIABLES.
        trainable: Whether optimizers change them; a column may say no by itself.
    """

    def __init__(self, weight_collections: Sequence[str] | None = None, trainable: bool | None = None) -> None:
        own = [key for key in weight_collections or () if key != GraphKeys.GLOBAL_VARIABLES]
        self.weight_collections = [GraphKeys.GLOBAL_VARIABLES, *own]
        self.trainable = True if trainable is None else bool(trainable)
        self._variables: dict[tuple[Any, str], Any] = {}

    def create_variable(
        self,
        feature_column: Any,
        name: str,
        shape: Any,
        dtype: Any = None,
        trainable: bool = True,
        use_resource: bool = True,
        initializer: Any = None,
    ) -> Variable:
        """A variable of a column, in the current variable scope.

        Args:
            feature_column: The column whose it is.
            name: Its name.
            shape: Its shape.
            dtype: Its type; float32 if not given.
            trainable: Whether optimizers change it, if the model's columns are to be trained at all.
            use_resource: Accepted for TensorFlow's sake.
            initializer: As for `tf.get_variable`.

        Raises:
            ValueError: The column has a variable of that name already.
        """
        if (feature_column, name) in self._variables:
            raise ValueError("Variable already exists.")
        variable = get_variable(
            name,
            shape,
            dtype,
            initializer=initializer,
            trainable=trainable and self.trainable,
            collections=self.weight_collections,
        )
        self._variables[feature_column, name] = variable
        return variable

    def get_variable(self, feature_column: Any, name: str) -> Any:
        """The column's variable of that name; the column's `create_state` makes it when it is not there yet.

        Raises:
            ValueError: The column does not make a variable of that name.
        """
        if (feature_column, name) not in self._variables:
            feature_column.create_state(self)
        try:
            return self._variables[feature_column, name]
        except KeyError:
            raise ValueError(f"Variable {name} of column {feature_column.name} does not exist.") from None
