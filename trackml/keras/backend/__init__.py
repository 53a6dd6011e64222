"""The session that models run in, and functions of tensors (`keras.backend`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackml._lazy import attach

# Where each public name lives; `./scripts/names` remakes the imports and `__all__` below from it.
_HOMES = {
    "abs": "trackml.keras.backend.functions:abs",
    "all": "trackml.keras.backend.functions:all",
    "any": "trackml.keras.backend.functions:any",
    "argmax": "trackml.keras.backend.functions:argmax",
    "argmin": "trackml.keras.backend.functions:argmin",
    "batch_dot": "trackml.keras.backend.functions:batch_dot",
    "batch_flatten": "trackml.keras.backend.functions:batch_flatten",
    "bias_add": "trackml.keras.backend.functions:bias_add",
    "binary_crossentropy": "trackml.keras.backend.functions:binary_crossentropy",
    "cast": "trackml.keras.backend.functions:cast",
    "categorical_crossentropy": "trackml.keras.backend.functions:categorical_crossentropy",
    "clear_session": "trackml.keras.backend.session:clear_session",
    "clip": "trackml.keras.backend.functions:clip",
    "concatenate": "trackml.keras.backend.functions:concatenate",
    "constant": "trackml.keras.backend.functions:constant",
    "cos": "trackml.keras.backend.functions:cos",
    "dot": "trackml.keras.backend.functions:dot",
    "dropout": "trackml.keras.backend.functions:dropout",
    "dtype": "trackml.keras.backend.functions:dtype",
    "elu": "trackml.keras.backend.functions:elu",
    "epsilon": "trackml.keras.backend.session:epsilon",
    "equal": "trackml.keras.backend.functions:equal",
    "eval": "trackml.keras.backend.functions:eval",
    "exp": "trackml.keras.backend.functions:exp",
    "expand_dims": "trackml.keras.backend.functions:expand_dims",
    "eye": "trackml.keras.backend.functions:eye",
    "flatten": "trackml.keras.backend.functions:flatten",
    "floatx": "trackml.keras.backend.session:floatx",
    "function": "trackml.keras.backend.functions:function",
    "gather": "trackml.keras.backend.functions:gather",
    "get_session": "trackml.keras.backend.session:get_session",
    "get_value": "trackml.keras.backend.session:get_value",
    "gradients": "trackml.keras.backend.functions:gradients",
    "greater": "trackml.keras.backend.functions:greater",
    "greater_equal": "trackml.keras.backend.functions:greater_equal",
    "hard_sigmoid": "trackml.keras.backend.functions:hard_sigmoid",
    "initialize": "trackml.keras.backend.session:initialize",
    "int_shape": "trackml.keras.backend.functions:int_shape",
    "is_keras_tensor": "trackml.keras.backend.functions:is_keras_tensor",
    "l2_normalize": "trackml.keras.backend.functions:l2_normalize",
    "less": "trackml.keras.backend.functions:less",
    "less_equal": "trackml.keras.backend.functions:less_equal",
    "log": "trackml.keras.backend.functions:log",
    "logsumexp": "trackml.keras.backend.functions:logsumexp",
    "max": "trackml.keras.backend.functions:max",
    "maximum": "trackml.keras.backend.functions:maximum",
    "mean": "trackml.keras.backend.functions:mean",
    "min": "trackml.keras.backend.functions:min",
    "minimum": "trackml.keras.backend.functions:minimum",
    "ndim": "trackml.keras.backend.functions:ndim",
    "not_equal": "trackml.keras.backend.functions:not_equal",
    "one_hot": "trackml.keras.backend.functions:one_hot",
    "ones": "trackml.keras.backend.functions:ones",
    "ones_like": "trackml.keras.backend.functions:ones_like",
    "permute_dimensions": "trackml.keras.backend.functions:permute_dimensions",
    "placeholder": "trackml.keras.backend.functions:placeholder",
    "pow": "trackml.keras.backend.functions:pow",
    "prod": "trackml.keras.backend.functions:prod",
    "random_normal": "trackml.keras.backend.functions:random_normal",
    "random_uniform": "trackml.keras.backend.functions:random_uniform",
    "relu": "trackml.keras.backend.functions:relu",
    "repeat": "trackml.keras.backend.functions:repeat",
    "reshape": "trackml.keras.backend.functions:reshape",
    "reverse": "trackml.keras.backend.functions:reverse",
    "round": "trackml.keras.backend.functions:round",
    "session_of": "trackml.keras.backend.session:session_of",
    "set_value": "trackml.keras.backend.session:set_value",
    "shape": "trackml.keras.backend.functions:shape",
    "sigmoid": "trackml.keras.backend.functions:sigmoid",
    "sign": "trackml.keras.backend.functions:sign",
    "sin": "trackml.keras.backend.functions:sin",
    "softmax": "trackml.keras.backend.functions:softmax",
    "softplus": "trackml.keras.backend.functions:softplus",
    "softsign": "trackml.keras.backend.functions:softsign",
    "sqrt": "trackml.keras.backend.functions:sqrt",
    "square": "trackml.keras.backend.functions:square",
    "squeeze": "trackml.keras.backend.functions:squeeze",
    "stack": "trackml.keras.backend.functions:stack",
    "std": "trackml.keras.backend.functions:std",
    "stop_gradient": "trackml.keras.backend.functions:stop_gradient",
    "sum": "trackml.keras.backend.functions:sum",
    "switch": "trackml.keras.backend.functions:switch",
    "tanh": "trackml.keras.backend.functions:tanh",
    "tile": "trackml.keras.backend.functions:tile",
    "transpose": "trackml.keras.backend.functions:transpose",
    "truncated_normal": "trackml.keras.backend.functions:truncated_normal",
    "var": "trackml.keras.backend.functions:var",
    "variable": "trackml.keras.backend.functions:variable",
    "zeros": "trackml.keras.backend.functions:zeros",
    "zeros_like": "trackml.keras.backend.functions:zeros_like",
}

if TYPE_CHECKING:
    from trackml.keras.backend.functions import abs as abs
    from trackml.keras.backend.functions import all as all
    from trackml.keras.backend.functions import any as any
    from trackml.keras.backend.functions import argmax as argmax
    from trackml.keras.backend.functions import argmin as argmin
    from trackml.keras.backend.functions import batch_dot as batch_dot
    from trackml.keras.backend.functions import batch_flatten as batch_flatten
    from trackml.keras.backend.functions import bias_add as bias_add
    from trackml.keras.backend.functions import binary_crossentropy as binary_crossentropy
    from trackml.keras.backend.functions import cast as cast
    from trackml.keras.backend.functions import categorical_crossentropy as categorical_crossentropy
    from trackml.keras.backend.functions import clip as clip
    from trackml.keras.backend.functions import concatenate as concatenate
    from trackml.keras.backend.functions import constant as constant
    from trackml.keras.backend.functions import cos as cos
    from trackml.keras.backend.functions import dot as dot
    from trackml.keras.backend.functions import dropout as dropout
    from trackml.keras.backend.functions import dtype as dtype
    from trackml.keras.backend.functions import elu as elu
    from trackml.keras.backend.functions import equal as equal
    from trackml.keras.backend.functions import eval as eval
    from trackml.keras.backend.functions import exp as exp
    from trackml.keras.backend.functions import expand_dims as expand_dims
    from trackml.keras.backend.functions import eye as eye
    from trackml.keras.backend.functions import flatten as flatten
    from trackml.keras.backend.functions import function as function
    from trackml.keras.backend.functions import gather as gather
    from trackml.keras.backend.functions import gradients as gradients
    from trackml.keras.backend.functions import greater as greater
    from trackml.keras.backend.functions import greater_equal as greater_equal
    from trackml.keras.backend.functions import hard_sigmoid as hard_sigmoid
    from trackml.keras.backend.functions import int_shape as int_shape
    from trackml.keras.backend.functions import is_keras_tensor as is_keras_tensor
    from trackml.keras.backend.functions import l2_normalize as l2_normalize
    from trackml.keras.backend.functions import less as less
    from trackml.keras.backend.functions import less_equal as less_equal
    from trackml.keras.backend.functions import log as log
    from trackml.keras.backend.functions import logsumexp as logsumexp
    from trackml.keras.backend.functions import max as max
    from trackml.keras.backend.functions import maximum as maximum
    from trackml.keras.backend.functions import mean as mean
    from trackml.keras.backend.functions import min as min
    from trackml.keras.backend.functions import minimum as minimum
    from trackml.keras.backend.functions import ndim as ndim
    from trackml.keras.backend.functions import not_equal as not_equal
    from trackml.keras.backend.functions import one_hot as one_hot
    from trackml.keras.backend.functions import ones as ones
    from trackml.keras.backend.functions import ones_like as ones_like
    from trackml.keras.backend.functions import permute_dimensions as permute_dimensions
    from trackml.keras.backend.functions import placeholder as placeholder
    from trackml.keras.backend.functions import pow as pow
    from trackml.keras.backend.functions import prod as prod
    from trackml.keras.backend.functions import random_normal as random_normal
    from trackml.keras.backend.functions import random_uniform as random_uniform
    from trackml.keras.backend.functions import relu as relu
    from trackml.keras.backend.functions import repeat as repeat
    from trackml.keras.backend.functions import reshape as reshape
    from trackml.keras.backend.functions import reverse as reverse
    from trackml.keras.backend.functions import round as round
    from trackml.keras.backend.functions import shape as shape
    from trackml.keras.backend.functions import sigmoid as sigmoid
    from trackml.keras.backend.functions import sign as sign
    from trackml.keras.backend.functions import sin as sin
    from trackml.keras.backend.functions import softmax as softmax
    from trackml.keras.backend.functions import softplus as softplus
    from trackml.keras.backend.functions import softsign as softsign
    from trackml.keras.backend.functions import sqrt as sqrt
    from trackml.keras.backend.functions import square as square
    from trackml.keras.backend.functions import squeeze as squeeze
    from trackml.keras.backend.functions import stack as stack
    from trackml.keras.backend.functions import std as std
    from trackml.keras.backend.functions import stop_gradient as stop_gradient
    from trackml.keras.backend.functions import sum as sum
    from trackml.keras.backend.functions import switch as switch
    from trackml.keras.backend.functions import tanh as tanh
    from trackml.keras.backend.functions import tile as tile
    from trackml.keras.backend.functions import transpose as transpose
    from trackml.keras.backend.functions import truncated_normal as truncated_normal
    from trackml.keras.backend.functions import var as var
    from trackml.keras.backend.functions import variable as variable
    from trackml.keras.backend.functions import zeros as zeros
    from trackml.keras.backend.functions import zeros_like as zeros_like
    from trackml.keras.backend.session import clear_session as clear_session
    from trackml.keras.backend.session import epsilon as epsilon
    from trackml.keras.backend.session import floatx as floatx
    from trackml.keras.backend.session import get_session as get_session
    from trackml.keras.backend.session import get_value as get_value
    from trackml.keras.backend.session import initialize as initialize
    from trackml.keras.backend.session import session_of as session_of
    from trackml.keras.backend.session import set_value as set_value
else:
    __getattr__, __dir__ = attach(__name__, _HOMES)

__all__ = [
    "abs",
    "all",
    "any",
    "argmax",
    "argmin",
    "batch_dot",
    "batch_flatten",
    "bias_add",
    "binary_crossentropy",
    "cast",
    "categorical_crossentropy",
    "clear_session",
    "clip",
    "concatenate",
    "constant",
    "cos",
    "dot",
    "dropout",
    "dtype",
    "elu",
    "epsilon",
    "equal",
    "eval",
    "exp",
    "expand_dims",
    "eye",
    "flatten",
    "floatx",
    "function",
    "gather",
    "get_session",
    "get_value",
    "gradients",
    "greater",
    "greater_equal",
    "hard_sigmoid",
    "initialize",
    "int_shape",
    "is_keras_tensor",
    "l2_normalize",
    "less",
    "less_equal",
    "log",
    "logsumexp",
    "max",
    "maximum",
    "mean",
    "min",
    "minimum",
    "ndim",
    "not_equal",
    "one_hot",
    "ones",
    "ones_like",
    "permute_dimensions",
    "placeholder",
    "pow",
    "prod",
    "random_normal",
    "random_uniform",
    "relu",
    "repeat",
    "reshape",
    "reverse",
    "round",
    "session_of",
    "set_value",
    "shape",
    "sigmoid",
    "sign",
    "sin",
    "softmax",
    "softplus",
    "softsign",
    "sqrt",
    "square",
    "squeeze",
    "stack",
    "std",
    "stop_gradient",
    "sum",
    "switch",
    "tanh",
    "tile",
    "transpose",
    "truncated_normal",
    "var",
    "variable",
    "zeros",
    "zeros_like",
]
