"""Variables: what a session keeps between runs, by name, in scopes."""

from __future__ import annotations

from trackml.variables.collections import (
    assert_variables_initialized,
    global_variables,
    global_variables_initializer,
    is_variable_initialized,
    local_variables,
    local_variables_initializer,
    model_variables,
    report_uninitialized_variables,
    trainable_variables,
    variables_initializer,
)
from trackml.variables.scope import (
    AUTO_REUSE,
    VariableScope,
    get_local_variable,
    get_variable,
    get_variable_scope,
    no_regularizer,
    variable_op_scope,
    variable_scope,
)
from trackml.variables.variable import Variable, assign, assign_add, assign_sub

__all__ = [
    "AUTO_REUSE",
    "Variable",
    "VariableScope",
    "assert_variables_initialized",
    "assign",
    "assign_add",
    "assign_sub",
    "get_local_variable",
    "get_variable",
    "get_variable_scope",
    "global_variables",
    "global_variables_initializer",
    "is_variable_initialized",
    "local_variables",
    "local_variables_initializer",
    "model_variables",
    "no_regularizer",
    "report_uninitialized_variables",
    "trainable_variables",
    "variable_op_scope",
    "variable_scope",
    "variables_initializer",
]
