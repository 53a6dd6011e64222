"""The variables of a graph by collection, and the operations that initialise them."""

from __future__ import annotations

from collections.abc import Sequence

from trackml import dtypes
from trackml.graph.conversion import constant
from trackml.graph.graph import apply_op
from trackml.graph.keys import GraphKeys
from trackml.graph.operation import Operation, Tensor
from trackml.ops.comparison import logical_not
from trackml.ops.framework import control_dependencies, get_collection, name_scope
from trackml.ops.gathering import boolean_mask
from trackml.ops.joining import stack
from trackml.variables.variable import Variable


def global_variables(scope: str | None = None) -> list[Variable]:
    """The variables that a checkpoint holds; with `scope`, those whose name begins with that pattern."""
    return get_collection(GraphKeys.GLOBAL_VARIABLES, scope)


def local_variables(scope: str | None = None) -> list[Variable]:
    """The variables that last for one session only, such as metrics' totals."""
    return get_collection(GraphKeys.LOCAL_VARIABLES, scope)


def trainable_variables(scope: str | None = None) -> list[Variable]:
    """The variables that optimizers change."""
    return get_collection(GraphKeys.TRAINABLE_VARIABLES, scope)


def model_variables(scope: str | None = None) -> list[Variable]:
    """The variables in the collection of the model's."""
    return get_collection(GraphKeys.MODEL_VARIABLES, scope)


def variables_initializer(var_list: Sequence[Variable], name: str = "init") -> Operation:
    """An operation that initialises all of `var_list`."""
    with control_dependencies([variable.initializer for variable in var_list]):
        op: Operation = apply_op("NoOp", name=name)
        return op


def global_variables_initializer() -> Operation:
    """An operation that initialises the global variables."""
    return variables_initializer(global_variables())


def local_variables_initializer() -> Operation:
    """An operation that initialises the local variables."""
    return variables_initializer(local_variables())


def is_variable_initialized(variable: Variable) -> Tensor:
    """Whether a variable has a value in the session, as a boolean scalar."""
    return variable.is_initialized()


def report_uninitialized_variables(
    var_list: Sequence[Variable] | None = None, name: str = "report_uninitialized_variables"
) -> Tensor:
    """The names of the variables that have no value yet, as a vector of strings.

    Args:
        var_list: The variables to look at; all global and local ones by default.
        name: Name of the operation.
    """
    variables = [*global_variables(), *local_variables()] if var_list is None else list(var_list)
    with name_scope(name):
        if not variables:
            return constant([], dtypes.string)
        missing = logical_not(stack([variable.is_initialized() for variable in variables]))
        names = constant([variable.op.name for variable in variables], dtypes.string)
        return boolean_mask(names, missing)


def assert_variables_initialized(var_list: Sequence[Variable] | None = None) -> Tensor:
    """The same as `report_uninitialized_variables`; reading a variable without a value raises by itself."""
    return report_uninitialized_variables(var_list)
