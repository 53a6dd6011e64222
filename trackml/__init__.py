"""tf.estimator on numpy alone: the public names, spelt as TensorFlow spells them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackml._lazy import attach

__version__ = "0.1.0"

# Where each public name lives; `./scripts/names` remakes the imports and `__all__` below from it.
_HOMES = {
    "AUTO_REUSE": "trackml.variables.scope:AUTO_REUSE",
    "Assert": "trackml.ops.checks:Assert",
    "AttrValue": "tensorboard.compat.proto.attr_value_pb2:AttrValue",
    "DType": "trackml.dtypes:DType",
    "Dimension": "trackml.shapes:Dimension",
    "Event": "tensorboard.compat.proto.event_pb2:Event",
    "FixedLenFeature": "trackml.ops.example_features:FixedLenFeature",
    "FixedLenSequenceFeature": "trackml.ops.example_features:FixedLenSequenceFeature",
    "Graph": "trackml.graph.graph:Graph",
    "GraphDef": "tensorboard.compat.proto.graph_pb2:GraphDef",
    "GraphKeys": "trackml.graph.keys:GraphKeys",
    "HistogramProto": "tensorboard.compat.proto.histogram_pb2:HistogramProto",
    "IndexedSlices": "trackml.graph.indexed_slices:IndexedSlices",
    "Initializer": "trackml.initializers:Initializer",
    "InteractiveSession": "trackml.graph.session:InteractiveSession",
    "MetaGraphDef": "tensorboard.compat.proto.meta_graph_pb2:MetaGraphDef",
    "NodeDef": "tensorboard.compat.proto.node_def_pb2:NodeDef",
    "Operation": "trackml.graph.operation:Operation",
    "Print": "trackml.ops.printing:Print",
    "RunMetadata": "tensorboard.compat.proto.config_pb2:RunMetadata",
    "RunOptions": "tensorboard.compat.proto.config_pb2:RunOptions",
    "Session": "trackml.graph.session:Session",
    "SessionLog": "tensorboard.compat.proto.event_pb2:SessionLog",
    "SparseFeature": "trackml.ops.example_features:SparseFeature",
    "SparseTensor": "trackml.graph.sparse_tensor:SparseTensor",
    "SparseTensorValue": "trackml.graph.sparse_tensor:SparseTensorValue",
    "Summary": "tensorboard.compat.proto.summary_pb2:Summary",
    "SummaryMetadata": "tensorboard.compat.proto.summary_pb2:SummaryMetadata",
    "SummaryWriter": "trackml.writer:SummaryWriter",
    "Tensor": "trackml.graph.operation:Tensor",
    "TensorArray": "trackml.ops.tensor_array:TensorArray",
    "TensorShape": "trackml.shapes:TensorShape",
    "TensorSpec": "trackml.graph.function:TensorSpec",
    "VarLenFeature": "trackml.ops.example_features:VarLenFeature",
    "Variable": "trackml.variables.variable:Variable",
    "VariableScope": "trackml.variables.scope:VariableScope",
    "abs": "trackml.ops.math:abs",
    "accumulate_n": "trackml.ops.math:accumulate_n",
    "acos": "trackml.ops.trigonometry:acos",
    "acosh": "trackml.ops.trigonometry:acosh",
    "add": "trackml.ops.math:add",
    "add_check_numerics_ops": "trackml.ops.checks:add_check_numerics_ops",
    "add_n": "trackml.ops.math:add_n",
    "add_to_collection": "trackml.ops.framework:add_to_collection",
    "add_to_collections": "trackml.ops.framework:add_to_collections",
    "app": "trackml.app",
    "argmax": "trackml.ops.reductions:argmax",
    "argmin": "trackml.ops.reductions:argmin",
    "as_dtype": "trackml.dtypes:as_dtype",
    "as_string": "trackml.ops.strings:as_string",
    "asin": "trackml.ops.trigonometry:asin",
    "asinh": "trackml.ops.trigonometry:asinh",
    "assert_equal": "trackml.ops.checks:assert_equal",
    "assert_greater": "trackml.ops.checks:assert_greater",
    "assert_greater_equal": "trackml.ops.checks:assert_greater_equal",
    "assert_integer": "trackml.ops.checks:assert_integer",
    "assert_less": "trackml.ops.checks:assert_less",
    "assert_less_equal": "trackml.ops.checks:assert_less_equal",
    "assert_near": "trackml.ops.checks:assert_near",
    "assert_negative": "trackml.ops.checks:assert_negative",
    "assert_non_negative": "trackml.ops.checks:assert_non_negative",
    "assert_non_positive": "trackml.ops.checks:assert_non_positive",
    "assert_none_equal": "trackml.ops.checks:assert_none_equal",
    "assert_positive": "trackml.ops.checks:assert_positive",
    "assert_rank": "trackml.ops.checks:assert_rank",
    "assert_rank_at_least": "trackml.ops.checks:assert_rank_at_least",
    "assert_rank_in": "trackml.ops.checks:assert_rank_in",
    "assert_type": "trackml.ops.checks:assert_type",
    "assert_variables_initialized": "trackml.variables.collections:assert_variables_initialized",
    "assign": "trackml.variables.variable:assign",
    "assign_add": "trackml.variables.variable:assign_add",
    "assign_sub": "trackml.variables.variable:assign_sub",
    "atan": "trackml.ops.trigonometry:atan",
    "atan2": "trackml.ops.trigonometry:atan2",
    "atanh": "trackml.ops.trigonometry:atanh",
    "bool": "trackml.dtypes:bool_",
    "boolean_mask": "trackml.ops.gathering:boolean_mask",
    "broadcast_static_shape": "trackml.ops.array:broadcast_static_shape",
    "broadcast_to": "trackml.ops.array:broadcast_to",
    "case": "trackml.ops.conditional:case",
    "cast": "trackml.ops.math:cast",
    "ceil": "trackml.ops.math:ceil",
    "check_numerics": "trackml.ops.checks:check_numerics",
    "checkpoint": "trackml.checkpoint",
    "clip_by_average_norm": "trackml.ops.clipping:clip_by_average_norm",
    "clip_by_global_norm": "trackml.ops.clipping:clip_by_global_norm",
    "clip_by_norm": "trackml.ops.clipping:clip_by_norm",
    "clip_by_value": "trackml.ops.clipping:clip_by_value",
    "colocate_with": "trackml.ops.framework:colocate_with",
    "compat": "trackml.compat",
    "complex128": "trackml.dtypes:complex128",
    "complex64": "trackml.dtypes:complex64",
    "concat": "trackml.ops.joining:concat",
    "cond": "trackml.ops.conditional:cond",
    "confusion_matrix": "trackml.ops.confusion_matrix:confusion_matrix",
    "constant": "trackml.ops:constant",
    "constant_initializer": "trackml.initializers:Constant",
    "contrib": "trackml.contrib",
    "control_dependencies": "trackml.ops.framework:control_dependencies",
    "convert_to_tensor": "trackml.ops:convert_to_tensor",
    "cos": "trackml.ops.trigonometry:cos",
    "cosh": "trackml.ops.trigonometry:cosh",
    "count_nonzero": "trackml.ops.reductions:count_nonzero",
    "cumprod": "trackml.ops.scans:cumprod",
    "cumsum": "trackml.ops.scans:cumsum",
    "data": "trackml.data",
    "debugging": "trackml.debugging",
    "decode_base64": "trackml.ops.string_split:decode_base64",
    "decode_compressed": "trackml.ops.file_ops:decode_compressed",
    "decode_csv": "trackml.ops.csv_records:decode_csv",
    "decode_raw": "trackml.ops.file_ops:decode_raw",
    "device": "trackml.ops.framework:device",
    "div": "trackml.ops.math:div",
    "div_no_nan": "trackml.ops.math:div_no_nan",
    "divide": "trackml.ops.math:divide",
    "double": "trackml.dtypes:double",
    "encode_base64": "trackml.ops.string_split:encode_base64",
    "equal": "trackml.ops.comparison:equal",
    "erf": "trackml.ops.math:erf",
    "erfc": "trackml.ops.math:erfc",
    "errors": "trackml.errors",
    "estimator": "trackml.estimator",
    "exp": "trackml.ops.math:exp",
    "expand_dims": "trackml.ops.array:expand_dims",
    "expm1": "trackml.ops.math:expm1",
    "feature_column": "trackml.feature_column",
    "fill": "trackml.ops.array:fill",
    "flags": "trackml.flags",
    "float16": "trackml.dtypes:float16",
    "float32": "trackml.dtypes:float32",
    "float64": "trackml.dtypes:float64",
    "floor": "trackml.ops.math:floor",
    "floor_div": "trackml.ops.math:floor_div",
    "floordiv": "trackml.ops.math:floordiv",
    "floormod": "trackml.ops.math:floormod",
    "foldl": "trackml.ops.functional:foldl",
    "foldr": "trackml.ops.functional:foldr",
    "gather": "trackml.ops.gathering:gather",
    "gather_nd": "trackml.ops.gathering:gather_nd",
    "get_collection": "trackml.ops.framework:get_collection",
    "get_collection_ref": "trackml.ops.framework:get_collection_ref",
    "get_default_graph": "trackml.graph.graph:get_default_graph",
    "get_default_session": "trackml.graph.session:get_default_session",
    "get_local_variable": "trackml.variables.scope:get_local_variable",
    "get_variable": "trackml.variables.scope:get_variable",
    "get_variable_scope": "trackml.variables.scope:get_variable_scope",
    "gfile": "trackml.gfile",
    "global_norm": "trackml.ops.clipping:global_norm",
    "global_variables": "trackml.variables.collections:global_variables",
    "global_variables_initializer": "trackml.variables.collections:global_variables_initializer",
    "glorot_normal_initializer": "trackml.initializers:GlorotNormal",
    "glorot_uniform_initializer": "trackml.initializers:GlorotUniform",
    "gradients": "trackml.autodiff:gradients",
    "greater": "trackml.ops.comparison:greater",
    "greater_equal": "trackml.ops.comparison:greater_equal",
    "group": "trackml.ops.control:group",
    "half": "trackml.dtypes:half",
    "hessians": "trackml.autodiff:hessians",
    "identity": "trackml.ops.array:identity",
    "image": "trackml.image",
    "import_graph_def": "trackml.saved_model.import_graph:import_graph_def",
    "init_scope": "trackml.ops.framework:init_scope",
    "initializers": "trackml.initializers",
    "int16": "trackml.dtypes:int16",
    "int32": "trackml.dtypes:int32",
    "int64": "trackml.dtypes:int64",
    "int8": "trackml.dtypes:int8",
    "invert_permutation": "trackml.ops.array:invert_permutation",
    "io": "trackml.io",
    "is_finite": "trackml.ops.math:is_finite",
    "is_inf": "trackml.ops.math:is_inf",
    "is_nan": "trackml.ops.math:is_nan",
    "is_variable_initialized": "trackml.variables.collections:is_variable_initialized",
    "keras": "trackml.keras",
    "layers": "trackml.layers",
    "less": "trackml.ops.comparison:less",
    "less_equal": "trackml.ops.comparison:less_equal",
    "linalg": "trackml.linalg",
    "linspace": "trackml.ops.ranges:linspace",
    "local_variables": "trackml.variables.collections:local_variables",
    "local_variables_initializer": "trackml.variables.collections:local_variables_initializer",
    "log": "trackml.ops.math:log",
    "log1p": "trackml.ops.math:log1p",
    "log_sigmoid": "trackml.ops.activations:log_sigmoid",
    "logging": "trackml.logging",
    "logical_and": "trackml.ops.comparison:logical_and",
    "logical_not": "trackml.ops.comparison:logical_not",
    "logical_or": "trackml.ops.comparison:logical_or",
    "logical_xor": "trackml.ops.comparison:logical_xor",
    "lookup": "trackml.lookup",
    "losses": "trackml.losses",
    "map_fn": "trackml.ops.functional:map_fn",
    "matching_files": "trackml.ops.file_ops:matching_files",
    "math": "trackml.math",
    "matmul": "trackml.ops.matmul:matmul",
    "matrix_transpose": "trackml.ops.array:matrix_transpose",
    "maximum": "trackml.ops.math:maximum",
    "metrics": "trackml.metrics",
    "minimum": "trackml.ops.math:minimum",
    "mod": "trackml.ops.math:mod",
    "model_variables": "trackml.variables.collections:model_variables",
    "multinomial": "trackml.ops.random:multinomial",
    "multiply": "trackml.ops.math:multiply",
    "name_scope": "trackml.ops.framework:name_scope",
    "negative": "trackml.ops.math:negative",
    "nest": "trackml.nest",
    "newaxis": "trackml.ops.slicing:newaxis",
    "nn": "trackml.nn",
    "no_op": "trackml.ops.control:no_op",
    "no_regularizer": "trackml.variables.scope:no_regularizer",
    "not_equal": "trackml.ops.comparison:not_equal",
    "numpy_function": "trackml.ops.py_function:numpy_function",
    "one_hot": "trackml.ops.gathering:one_hot",
    "ones": "trackml.ops.array:ones",
    "ones_initializer": "trackml.initializers:Ones",
    "ones_like": "trackml.ops.array:ones_like",
    "pad": "trackml.ops.padding:pad",
    "parallel_stack": "trackml.ops.joining:parallel_stack",
    "parse_example": "trackml.ops.example_parsing:parse_example",
    "parse_single_example": "trackml.ops.example_parsing:parse_single_example",
    "placeholder": "trackml.ops:placeholder",
    "placeholder_with_default": "trackml.ops.array:placeholder_with_default",
    "pow": "trackml.ops.math:pow",
    "print": "trackml.ops.printing:print_v2",
    "py_func": "trackml.ops.py_function:py_func",
    "python_io": "trackml.python_io",
    "random": "trackml.random",
    "random_crop": "trackml.ops.random:random_crop",
    "random_normal": "trackml.ops.random:random_normal",
    "random_normal_initializer": "trackml.initializers:RandomNormal",
    "random_shuffle": "trackml.ops.random:random_shuffle",
    "random_uniform": "trackml.ops.random:random_uniform",
    "random_uniform_initializer": "trackml.initializers:RandomUniform",
    "range": "trackml.ops.ranges:range",
    "rank": "trackml.ops.array:rank",
    "read_file": "trackml.ops.file_ops:read_file",
    "realdiv": "trackml.ops.math:realdiv",
    "reciprocal": "trackml.ops.math:reciprocal",
    "reduce_all": "trackml.ops.reductions:reduce_all",
    "reduce_any": "trackml.ops.reductions:reduce_any",
    "reduce_join": "trackml.ops.strings:reduce_join",
    "reduce_logsumexp": "trackml.ops.reductions:reduce_logsumexp",
    "reduce_max": "trackml.ops.reductions:reduce_max",
    "reduce_mean": "trackml.ops.reductions:reduce_mean",
    "reduce_min": "trackml.ops.reductions:reduce_min",
    "reduce_prod": "trackml.ops.reductions:reduce_prod",
    "reduce_sum": "trackml.ops.reductions:reduce_sum",
    "regex_replace": "trackml.ops.strings:regex_replace",
    "report_uninitialized_variables": "trackml.variables.collections:report_uninitialized_variables",
    "reset_default_graph": "trackml.graph.graph:reset_default_graph",
    "reshape": "trackml.ops.array:reshape",
    "resource": "trackml.dtypes:resource",
    "reverse": "trackml.ops.joining:reverse",
    "rint": "trackml.ops.math:rint",
    "round": "trackml.ops.math:round",
    "rsqrt": "trackml.ops.math:rsqrt",
    "runs": "trackml.runs",
    "saturate_cast": "trackml.ops.math:saturate_cast",
    "saved_model": "trackml.saved_model",
    "scalar_mul": "trackml.ops.math:scalar_mul",
    "scan": "trackml.ops.functional:scan",
    "scatter_nd": "trackml.ops.gathering:scatter_nd",
    "segment_max": "trackml.ops.segment_reductions:segment_max",
    "segment_mean": "trackml.ops.segment_reductions:segment_mean",
    "segment_min": "trackml.ops.segment_reductions:segment_min",
    "segment_prod": "trackml.ops.segment_reductions:segment_prod",
    "segment_sum": "trackml.ops.segment_reductions:segment_sum",
    "sequence_mask": "trackml.ops.ranges:sequence_mask",
    "set_random_seed": "trackml.ops.framework:set_random_seed",
    "sets": "trackml.sets",
    "shape": "trackml.ops.array:shape",
    "shape_n": "trackml.ops.array:shape_n",
    "sigmoid": "trackml.ops.math:sigmoid",
    "sign": "trackml.ops.math:sign",
    "sin": "trackml.ops.trigonometry:sin",
    "sinh": "trackml.ops.trigonometry:sinh",
    "size": "trackml.ops.array:size",
    "slice": "trackml.ops.slicing:slice",
    "sparse": "trackml.sparse",
    "sparse_fill_empty_rows": "trackml.ops.sparse:sparse_fill_empty_rows",
    "sparse_merge": "trackml.ops.sparse:sparse_merge",
    "sparse_placeholder": "trackml.ops.sparse:sparse_placeholder",
    "sparse_reorder": "trackml.ops.sparse:sparse_reorder",
    "sparse_reshape": "trackml.ops.sparse:sparse_reshape",
    "sparse_retain": "trackml.ops.sparse:sparse_retain",
    "sparse_segment_mean": "trackml.ops.sparse_segments:sparse_segment_mean",
    "sparse_segment_sqrt_n": "trackml.ops.sparse_segments:sparse_segment_sqrt_n",
    "sparse_segment_sum": "trackml.ops.sparse_segments:sparse_segment_sum",
    "sparse_tensor_dense_matmul": "trackml.ops.sparse:sparse_tensor_dense_matmul",
    "sparse_tensor_to_dense": "trackml.ops.sparse:sparse_tensor_to_dense",
    "sparse_to_dense": "trackml.ops.sparse:sparse_to_dense",
    "sparse_to_indicator": "trackml.ops.sparse:sparse_to_indicator",
    "split": "trackml.ops.joining:split",
    "sqrt": "trackml.ops.math:sqrt",
    "square": "trackml.ops.math:square",
    "squared_difference": "trackml.ops.math:squared_difference",
    "squeeze": "trackml.ops.array:squeeze",
    "stack": "trackml.ops.joining:stack",
    "stop_gradient": "trackml.ops.array:stop_gradient",
    "strided_slice": "trackml.ops.slicing:strided_slice",
    "string": "trackml.dtypes:string",
    "string_join": "trackml.ops.strings:string_join",
    "string_split": "trackml.ops.string_split:string_split",
    "string_strip": "trackml.ops.strings:string_strip",
    "string_to_hash_bucket": "trackml.ops.hashing:string_to_hash_bucket",
    "string_to_hash_bucket_fast": "trackml.ops.hashing:string_to_hash_bucket_fast",
    "string_to_hash_bucket_strong": "trackml.ops.hashing:string_to_hash_bucket_strong",
    "string_to_number": "trackml.ops.strings:string_to_number",
    "strings": "trackml.strings",
    "substr": "trackml.ops.strings:substr",
    "subtract": "trackml.ops.math:subtract",
    "summary": "trackml.summary",
    "tables_initializer": "trackml.ops.lookup:tables_initializer",
    "tan": "trackml.ops.trigonometry:tan",
    "tanh": "trackml.ops.math:tanh",
    "tensordot": "trackml.ops.matmul:tensordot",
    "testing": "trackml.testing",
    "tile": "trackml.ops.joining:tile",
    "to_double": "trackml.ops.math:to_double",
    "to_float": "trackml.ops.math:to_float",
    "to_int32": "trackml.ops.math:to_int32",
    "to_int64": "trackml.ops.math:to_int64",
    "train": "trackml.train",
    "trainable_variables": "trackml.variables.collections:trainable_variables",
    "transpose": "trackml.ops.array:transpose",
    "truediv": "trackml.ops.math:truediv",
    "truncated_normal": "trackml.ops.random:truncated_normal",
    "truncated_normal_initializer": "trackml.initializers:TruncatedNormal",
    "truncatediv": "trackml.ops.math:truncatediv",
    "truncatemod": "trackml.ops.math:truncatemod",
    "tuple": "trackml.ops.control:tuple",
    "uint16": "trackml.dtypes:uint16",
    "uint32": "trackml.dtypes:uint32",
    "uint64": "trackml.dtypes:uint64",
    "uint8": "trackml.dtypes:uint8",
    "uniform_unit_scaling_initializer": "trackml.initializers:UniformUnitScaling",
    "unique": "trackml.ops.unique:unique",
    "unique_with_counts": "trackml.ops.unique:unique_with_counts",
    "unsorted_segment_max": "trackml.ops.segment_reductions:unsorted_segment_max",
    "unsorted_segment_mean": "trackml.ops.segment_reductions:unsorted_segment_mean",
    "unsorted_segment_min": "trackml.ops.segment_reductions:unsorted_segment_min",
    "unsorted_segment_prod": "trackml.ops.segment_reductions:unsorted_segment_prod",
    "unsorted_segment_sqrt_n": "trackml.ops.segment_reductions:unsorted_segment_sqrt_n",
    "unsorted_segment_sum": "trackml.ops.segments:unsorted_segment_sum",
    "unstack": "trackml.ops.joining:unstack",
    "variable_op_scope": "trackml.variables.scope:variable_op_scope",
    "variable_scope": "trackml.variables.scope:variable_scope",
    "variables_initializer": "trackml.variables.collections:variables_initializer",
    "variance_scaling_initializer": "trackml.initializers:VarianceScaling",
    "variant": "trackml.dtypes:variant",
    "verify_tensor_all_finite": "trackml.ops.checks:verify_tensor_all_finite",
    "where": "trackml.ops.gathering:where",
    "while_loop": "trackml.ops.while_loops:while_loop",
    "write_file": "trackml.ops.file_ops:write_file",
    "zeros": "trackml.ops.array:zeros",
    "zeros_initializer": "trackml.initializers:Zeros",
    "zeros_like": "trackml.ops.array:zeros_like",
}

if TYPE_CHECKING:
    from tensorboard.compat.proto.attr_value_pb2 import AttrValue as AttrValue
    from tensorboard.compat.proto.config_pb2 import RunMetadata as RunMetadata
    from tensorboard.compat.proto.config_pb2 import RunOptions as RunOptions
    from tensorboard.compat.proto.event_pb2 import Event as Event
    from tensorboard.compat.proto.event_pb2 import SessionLog as SessionLog
    from tensorboard.compat.proto.graph_pb2 import GraphDef as GraphDef
    from tensorboard.compat.proto.histogram_pb2 import HistogramProto as HistogramProto
    from tensorboard.compat.proto.meta_graph_pb2 import MetaGraphDef as MetaGraphDef
    from tensorboard.compat.proto.node_def_pb2 import NodeDef as NodeDef
    from tensorboard.compat.proto.summary_pb2 import Summary as Summary
    from tensorboard.compat.proto.summary_pb2 import SummaryMetadata as SummaryMetadata

    from trackml import app as app
    from trackml import checkpoint as checkpoint
    from trackml import compat as compat
    from trackml import contrib as contrib
    from trackml import data as data
    from trackml import debugging as debugging
    from trackml import errors as errors
    from trackml import estimator as estimator
    from trackml import feature_column as feature_column
    from trackml import flags as flags
    from trackml import gfile as gfile
    from trackml import image as image
    from trackml import initializers as initializers
    from trackml import io as io
    from trackml import keras as keras
    from trackml import layers as layers
    from trackml import linalg as linalg
    from trackml import logging as logging
    from trackml import lookup as lookup
    from trackml import losses as losses
    from trackml import math as math
    from trackml import metrics as metrics
    from trackml import nest as nest
    from trackml import nn as nn
    from trackml import python_io as python_io
    from trackml import random as random
    from trackml import runs as runs
    from trackml import saved_model as saved_model
    from trackml import sets as sets
    from trackml import sparse as sparse
    from trackml import strings as strings
    from trackml import summary as summary
    from trackml import testing as testing
    from trackml import train as train
    from trackml.autodiff import gradients as gradients
    from trackml.autodiff import hessians as hessians
    from trackml.dtypes import DType as DType
    from trackml.dtypes import as_dtype as as_dtype
    from trackml.dtypes import bool_ as bool
    from trackml.dtypes import complex64 as complex64
    from trackml.dtypes import complex128 as complex128
    from trackml.dtypes import double as double
    from trackml.dtypes import float16 as float16
    from trackml.dtypes import float32 as float32
    from trackml.dtypes import float64 as float64
    from trackml.dtypes import half as half
    from trackml.dtypes import int8 as int8
    from trackml.dtypes import int16 as int16
    from trackml.dtypes import int32 as int32
    from trackml.dtypes import int64 as int64
    from trackml.dtypes import resource as resource
    from trackml.dtypes import string as string
    from trackml.dtypes import uint8 as uint8
    from trackml.dtypes import uint16 as uint16
    from trackml.dtypes import uint32 as uint32
    from trackml.dtypes import uint64 as uint64
    from trackml.dtypes import variant as variant
    from trackml.graph.function import TensorSpec as TensorSpec
    from trackml.graph.graph import Graph as Graph
    from trackml.graph.graph import get_default_graph as get_default_graph
    from trackml.graph.graph import reset_default_graph as reset_default_graph
    from trackml.graph.indexed_slices import IndexedSlices as IndexedSlices
    from trackml.graph.keys import GraphKeys as GraphKeys
    from trackml.graph.operation import Operation as Operation
    from trackml.graph.operation import Tensor as Tensor
    from trackml.graph.session import InteractiveSession as InteractiveSession
    from trackml.graph.session import Session as Session
    from trackml.graph.session import get_default_session as get_default_session
    from trackml.graph.sparse_tensor import SparseTensor as SparseTensor
    from trackml.graph.sparse_tensor import SparseTensorValue as SparseTensorValue
    from trackml.initializers import Constant as constant_initializer
    from trackml.initializers import GlorotNormal as glorot_normal_initializer
    from trackml.initializers import GlorotUniform as glorot_uniform_initializer
    from trackml.initializers import Initializer as Initializer
    from trackml.initializers import Ones as ones_initializer
    from trackml.initializers import RandomNormal as random_normal_initializer
    from trackml.initializers import RandomUniform as random_uniform_initializer
    from trackml.initializers import TruncatedNormal as truncated_normal_initializer
    from trackml.initializers import UniformUnitScaling as uniform_unit_scaling_initializer
    from trackml.initializers import VarianceScaling as variance_scaling_initializer
    from trackml.initializers import Zeros as zeros_initializer
    from trackml.ops import constant as constant
    from trackml.ops import convert_to_tensor as convert_to_tensor
    from trackml.ops import placeholder as placeholder
    from trackml.ops.activations import log_sigmoid as log_sigmoid
    from trackml.ops.array import broadcast_static_shape as broadcast_static_shape
    from trackml.ops.array import broadcast_to as broadcast_to
    from trackml.ops.array import expand_dims as expand_dims
    from trackml.ops.array import fill as fill
    from trackml.ops.array import identity as identity
    from trackml.ops.array import invert_permutation as invert_permutation
    from trackml.ops.array import matrix_transpose as matrix_transpose
    from trackml.ops.array import ones as ones
    from trackml.ops.array import ones_like as ones_like
    from trackml.ops.array import placeholder_with_default as placeholder_with_default
    from trackml.ops.array import rank as rank
    from trackml.ops.array import reshape as reshape
    from trackml.ops.array import shape as shape
    from trackml.ops.array import shape_n as shape_n
    from trackml.ops.array import size as size
    from trackml.ops.array import squeeze as squeeze
    from trackml.ops.array import stop_gradient as stop_gradient
    from trackml.ops.array import transpose as transpose
    from trackml.ops.array import zeros as zeros
    from trackml.ops.array import zeros_like as zeros_like
    from trackml.ops.checks import Assert as Assert
    from trackml.ops.checks import add_check_numerics_ops as add_check_numerics_ops
    from trackml.ops.checks import assert_equal as assert_equal
    from trackml.ops.checks import assert_greater as assert_greater
    from trackml.ops.checks import assert_greater_equal as assert_greater_equal
    from trackml.ops.checks import assert_integer as assert_integer
    from trackml.ops.checks import assert_less as assert_less
    from trackml.ops.checks import assert_less_equal as assert_less_equal
    from trackml.ops.checks import assert_near as assert_near
    from trackml.ops.checks import assert_negative as assert_negative
    from trackml.ops.checks import assert_non_negative as assert_non_negative
    from trackml.ops.checks import assert_non_positive as assert_non_positive
    from trackml.ops.checks import assert_none_equal as assert_none_equal
    from trackml.ops.checks import assert_positive as assert_positive
    from trackml.ops.checks import assert_rank as assert_rank
    from trackml.ops.checks import assert_rank_at_least as assert_rank_at_least
    from trackml.ops.checks import assert_rank_in as assert_rank_in
    from trackml.ops.checks import assert_type as assert_type
    from trackml.ops.checks import check_numerics as check_numerics
    from trackml.ops.checks import verify_tensor_all_finite as verify_tensor_all_finite
    from trackml.ops.clipping import clip_by_average_norm as clip_by_average_norm
    from trackml.ops.clipping import clip_by_global_norm as clip_by_global_norm
    from trackml.ops.clipping import clip_by_norm as clip_by_norm
    from trackml.ops.clipping import clip_by_value as clip_by_value
    from trackml.ops.clipping import global_norm as global_norm
    from trackml.ops.comparison import equal as equal
    from trackml.ops.comparison import greater as greater
    from trackml.ops.comparison import greater_equal as greater_equal
    from trackml.ops.comparison import less as less
    from trackml.ops.comparison import less_equal as less_equal
    from trackml.ops.comparison import logical_and as logical_and
    from trackml.ops.comparison import logical_not as logical_not
    from trackml.ops.comparison import logical_or as logical_or
    from trackml.ops.comparison import logical_xor as logical_xor
    from trackml.ops.comparison import not_equal as not_equal
    from trackml.ops.conditional import case as case
    from trackml.ops.conditional import cond as cond
    from trackml.ops.confusion_matrix import confusion_matrix as confusion_matrix
    from trackml.ops.control import group as group
    from trackml.ops.control import no_op as no_op
    from trackml.ops.control import tuple as tuple
    from trackml.ops.csv_records import decode_csv as decode_csv
    from trackml.ops.example_features import FixedLenFeature as FixedLenFeature
    from trackml.ops.example_features import FixedLenSequenceFeature as FixedLenSequenceFeature
    from trackml.ops.example_features import SparseFeature as SparseFeature
    from trackml.ops.example_features import VarLenFeature as VarLenFeature
    from trackml.ops.example_parsing import parse_example as parse_example
    from trackml.ops.example_parsing import parse_single_example as parse_single_example
    from trackml.ops.file_ops import decode_compressed as decode_compressed
    from trackml.ops.file_ops import decode_raw as decode_raw
    from trackml.ops.file_ops import matching_files as matching_files
    from trackml.ops.file_ops import read_file as read_file
    from trackml.ops.file_ops import write_file as write_file
    from trackml.ops.framework import add_to_collection as add_to_collection
    from trackml.ops.framework import add_to_collections as add_to_collections
    from trackml.ops.framework import colocate_with as colocate_with
    from trackml.ops.framework import control_dependencies as control_dependencies
    from trackml.ops.framework import device as device
    from trackml.ops.framework import get_collection as get_collection
    from trackml.ops.framework import get_collection_ref as get_collection_ref
    from trackml.ops.framework import init_scope as init_scope
    from trackml.ops.framework import name_scope as name_scope
    from trackml.ops.framework import set_random_seed as set_random_seed
    from trackml.ops.functional import foldl as foldl
    from trackml.ops.functional import foldr as foldr
    from trackml.ops.functional import map_fn as map_fn
    from trackml.ops.functional import scan as scan
    from trackml.ops.gathering import boolean_mask as boolean_mask
    from trackml.ops.gathering import gather as gather
    from trackml.ops.gathering import gather_nd as gather_nd
    from trackml.ops.gathering import one_hot as one_hot
    from trackml.ops.gathering import scatter_nd as scatter_nd
    from trackml.ops.gathering import where as where
    from trackml.ops.hashing import string_to_hash_bucket as string_to_hash_bucket
    from trackml.ops.hashing import string_to_hash_bucket_fast as string_to_hash_bucket_fast
    from trackml.ops.hashing import string_to_hash_bucket_strong as string_to_hash_bucket_strong
    from trackml.ops.joining import concat as concat
    from trackml.ops.joining import parallel_stack as parallel_stack
    from trackml.ops.joining import reverse as reverse
    from trackml.ops.joining import split as split
    from trackml.ops.joining import stack as stack
    from trackml.ops.joining import tile as tile
    from trackml.ops.joining import unstack as unstack
    from trackml.ops.lookup import tables_initializer as tables_initializer
    from trackml.ops.math import abs as abs
    from trackml.ops.math import accumulate_n as accumulate_n
    from trackml.ops.math import add as add
    from trackml.ops.math import add_n as add_n
    from trackml.ops.math import cast as cast
    from trackml.ops.math import ceil as ceil
    from trackml.ops.math import div as div
    from trackml.ops.math import div_no_nan as div_no_nan
    from trackml.ops.math import divide as divide
    from trackml.ops.math import erf as erf
    from trackml.ops.math import erfc as erfc
    from trackml.ops.math import exp as exp
    from trackml.ops.math import expm1 as expm1
    from trackml.ops.math import floor as floor
    from trackml.ops.math import floor_div as floor_div
    from trackml.ops.math import floordiv as floordiv
    from trackml.ops.math import floormod as floormod
    from trackml.ops.math import is_finite as is_finite
    from trackml.ops.math import is_inf as is_inf
    from trackml.ops.math import is_nan as is_nan
    from trackml.ops.math import log as log
    from trackml.ops.math import log1p as log1p
    from trackml.ops.math import maximum as maximum
    from trackml.ops.math import minimum as minimum
    from trackml.ops.math import mod as mod
    from trackml.ops.math import multiply as multiply
    from trackml.ops.math import negative as negative
    from trackml.ops.math import pow as pow
    from trackml.ops.math import realdiv as realdiv
    from trackml.ops.math import reciprocal as reciprocal
    from trackml.ops.math import rint as rint
    from trackml.ops.math import round as round
    from trackml.ops.math import rsqrt as rsqrt
    from trackml.ops.math import saturate_cast as saturate_cast
    from trackml.ops.math import scalar_mul as scalar_mul
    from trackml.ops.math import sigmoid as sigmoid
    from trackml.ops.math import sign as sign
    from trackml.ops.math import sqrt as sqrt
    from trackml.ops.math import square as square
    from trackml.ops.math import squared_difference as squared_difference
    from trackml.ops.math import subtract as subtract
    from trackml.ops.math import tanh as tanh
    from trackml.ops.math import to_double as to_double
    from trackml.ops.math import to_float as to_float
    from trackml.ops.math import to_int32 as to_int32
    from trackml.ops.math import to_int64 as to_int64
    from trackml.ops.math import truediv as truediv
    from trackml.ops.math import truncatediv as truncatediv
    from trackml.ops.math import truncatemod as truncatemod
    from trackml.ops.matmul import matmul as matmul
    from trackml.ops.matmul import tensordot as tensordot
    from trackml.ops.padding import pad as pad
    from trackml.ops.printing import Print as Print
    from trackml.ops.printing import print_v2 as print
    from trackml.ops.py_function import numpy_function as numpy_function
    from trackml.ops.py_function import py_func as py_func
    from trackml.ops.random import multinomial as multinomial
    from trackml.ops.random import random_crop as random_crop
    from trackml.ops.random import random_normal as random_normal
    from trackml.ops.random import random_shuffle as random_shuffle
    from trackml.ops.random import random_uniform as random_uniform
    from trackml.ops.random import truncated_normal as truncated_normal
    from trackml.ops.ranges import linspace as linspace
    from trackml.ops.ranges import range as range
    from trackml.ops.ranges import sequence_mask as sequence_mask
    from trackml.ops.reductions import argmax as argmax
    from trackml.ops.reductions import argmin as argmin
    from trackml.ops.reductions import count_nonzero as count_nonzero
    from trackml.ops.reductions import reduce_all as reduce_all
    from trackml.ops.reductions import reduce_any as reduce_any
    from trackml.ops.reductions import reduce_logsumexp as reduce_logsumexp
    from trackml.ops.reductions import reduce_max as reduce_max
    from trackml.ops.reductions import reduce_mean as reduce_mean
    from trackml.ops.reductions import reduce_min as reduce_min
    from trackml.ops.reductions import reduce_prod as reduce_prod
    from trackml.ops.reductions import reduce_sum as reduce_sum
    from trackml.ops.scans import cumprod as cumprod
    from trackml.ops.scans import cumsum as cumsum
    from trackml.ops.segment_reductions import segment_max as segment_max
    from trackml.ops.segment_reductions import segment_mean as segment_mean
    from trackml.ops.segment_reductions import segment_min as segment_min
    from trackml.ops.segment_reductions import segment_prod as segment_prod
    from trackml.ops.segment_reductions import segment_sum as segment_sum
    from trackml.ops.segment_reductions import unsorted_segment_max as unsorted_segment_max
    from trackml.ops.segment_reductions import unsorted_segment_mean as unsorted_segment_mean
    from trackml.ops.segment_reductions import unsorted_segment_min as unsorted_segment_min
    from trackml.ops.segment_reductions import unsorted_segment_prod as unsorted_segment_prod
    from trackml.ops.segment_reductions import unsorted_segment_sqrt_n as unsorted_segment_sqrt_n
    from trackml.ops.segments import unsorted_segment_sum as unsorted_segment_sum
    from trackml.ops.slicing import newaxis as newaxis
    from trackml.ops.slicing import slice as slice
    from trackml.ops.slicing import strided_slice as strided_slice
    from trackml.ops.sparse import sparse_fill_empty_rows as sparse_fill_empty_rows
    from trackml.ops.sparse import sparse_merge as sparse_merge
    from trackml.ops.sparse import sparse_placeholder as sparse_placeholder
    from trackml.ops.sparse import sparse_reorder as sparse_reorder
    from trackml.ops.sparse import sparse_reshape as sparse_reshape
    from trackml.ops.sparse import sparse_retain as sparse_retain
    from trackml.ops.sparse import sparse_tensor_dense_matmul as sparse_tensor_dense_matmul
    from trackml.ops.sparse import sparse_tensor_to_dense as sparse_tensor_to_dense
    from trackml.ops.sparse import sparse_to_dense as sparse_to_dense
    from trackml.ops.sparse import sparse_to_indicator as sparse_to_indicator
    from trackml.ops.sparse_segments import sparse_segment_mean as sparse_segment_mean
    from trackml.ops.sparse_segments import sparse_segment_sqrt_n as sparse_segment_sqrt_n
    from trackml.ops.sparse_segments import sparse_segment_sum as sparse_segment_sum
    from trackml.ops.string_split import decode_base64 as decode_base64
    from trackml.ops.string_split import encode_base64 as encode_base64
    from trackml.ops.string_split import string_split as string_split
    from trackml.ops.strings import as_string as as_string
    from trackml.ops.strings import reduce_join as reduce_join
    from trackml.ops.strings import regex_replace as regex_replace
    from trackml.ops.strings import string_join as string_join
    from trackml.ops.strings import string_strip as string_strip
    from trackml.ops.strings import string_to_number as string_to_number
    from trackml.ops.strings import substr as substr
    from trackml.ops.tensor_array import TensorArray as TensorArray
    from trackml.ops.trigonometry import acos as acos
    from trackml.ops.trigonometry import acosh as acosh
    from trackml.ops.trigonometry import asin as asin
    from trackml.ops.trigonometry import asinh as asinh
    from trackml.ops.trigonometry import atan as atan
    from trackml.ops.trigonometry import atan2 as atan2
    from trackml.ops.trigonometry import atanh as atanh
    from trackml.ops.trigonometry import cos as cos
    from trackml.ops.trigonometry import cosh as cosh
    from trackml.ops.trigonometry import sin as sin
    from trackml.ops.trigonometry import sinh as sinh
    from trackml.ops.trigonometry import tan as tan
    from trackml.ops.unique import unique as unique
    from trackml.ops.unique import unique_with_counts as unique_with_counts
    from trackml.ops.while_loops import while_loop as while_loop
    from trackml.saved_model.import_graph import import_graph_def as import_graph_def
    from trackml.shapes import Dimension as Dimension
    from trackml.shapes import TensorShape as TensorShape
    from trackml.variables.collections import assert_variables_initialized as assert_variables_initialized
    from trackml.variables.collections import global_variables as global_variables
    from trackml.variables.collections import global_variables_initializer as global_variables_initializer
    from trackml.variables.collections import is_variable_initialized as is_variable_initialized
    from trackml.variables.collections import local_variables as local_variables
    from trackml.variables.collections import local_variables_initializer as local_variables_initializer
    from trackml.variables.collections import model_variables as model_variables
    from trackml.variables.collections import report_uninitialized_variables as report_uninitialized_variables
    from trackml.variables.collections import trainable_variables as trainable_variables
    from trackml.variables.collections import variables_initializer as variables_initializer
    from trackml.variables.scope import AUTO_REUSE as AUTO_REUSE
    from trackml.variables.scope import VariableScope as VariableScope
    from trackml.variables.scope import get_local_variable as get_local_variable
    from trackml.variables.scope import get_variable as get_variable
    from trackml.variables.scope import get_variable_scope as get_variable_scope
    from trackml.variables.scope import no_regularizer as no_regularizer
    from trackml.variables.scope import variable_op_scope as variable_op_scope
    from trackml.variables.scope import variable_scope as variable_scope
    from trackml.variables.variable import Variable as Variable
    from trackml.variables.variable import assign as assign
    from trackml.variables.variable import assign_add as assign_add
    from trackml.variables.variable import assign_sub as assign_sub
    from trackml.writer import SummaryWriter as SummaryWriter
else:
    __getattr__, __dir__ = attach(__name__, _HOMES)

__all__ = [
    "AUTO_REUSE",
    "Assert",
    "AttrValue",
    "DType",
    "Dimension",
    "Event",
    "FixedLenFeature",
    "FixedLenSequenceFeature",
    "Graph",
    "GraphDef",
    "GraphKeys",
    "HistogramProto",
    "IndexedSlices",
    "Initializer",
    "InteractiveSession",
    "MetaGraphDef",
    "NodeDef",
    "Operation",
    "Print",
    "RunMetadata",
    "RunOptions",
    "Session",
    "SessionLog",
    "SparseFeature",
    "SparseTensor",
    "SparseTensorValue",
    "Summary",
    "SummaryMetadata",
    "SummaryWriter",
    "Tensor",
    "TensorArray",
    "TensorShape",
    "TensorSpec",
    "VarLenFeature",
    "Variable",
    "VariableScope",
    "abs",
    "accumulate_n",
    "acos",
    "acosh",
    "add",
    "add_check_numerics_ops",
    "add_n",
    "add_to_collection",
    "add_to_collections",
    "app",
    "argmax",
    "argmin",
    "as_dtype",
    "as_string",
    "asin",
    "asinh",
    "assert_equal",
    "assert_greater",
    "assert_greater_equal",
    "assert_integer",
    "assert_less",
    "assert_less_equal",
    "assert_near",
    "assert_negative",
    "assert_non_negative",
    "assert_non_positive",
    "assert_none_equal",
    "assert_positive",
    "assert_rank",
    "assert_rank_at_least",
    "assert_rank_in",
    "assert_type",
    "assert_variables_initialized",
    "assign",
    "assign_add",
    "assign_sub",
    "atan",
    "atan2",
    "atanh",
    "bool",
    "boolean_mask",
    "broadcast_static_shape",
    "broadcast_to",
    "case",
    "cast",
    "ceil",
    "check_numerics",
    "checkpoint",
    "clip_by_average_norm",
    "clip_by_global_norm",
    "clip_by_norm",
    "clip_by_value",
    "colocate_with",
    "compat",
    "complex64",
    "complex128",
    "concat",
    "cond",
    "confusion_matrix",
    "constant",
    "constant_initializer",
    "contrib",
    "control_dependencies",
    "convert_to_tensor",
    "cos",
    "cosh",
    "count_nonzero",
    "cumprod",
    "cumsum",
    "data",
    "debugging",
    "decode_base64",
    "decode_compressed",
    "decode_csv",
    "decode_raw",
    "device",
    "div",
    "div_no_nan",
    "divide",
    "double",
    "encode_base64",
    "equal",
    "erf",
    "erfc",
    "errors",
    "estimator",
    "exp",
    "expand_dims",
    "expm1",
    "feature_column",
    "fill",
    "flags",
    "float16",
    "float32",
    "float64",
    "floor",
    "floor_div",
    "floordiv",
    "floormod",
    "foldl",
    "foldr",
    "gather",
    "gather_nd",
    "get_collection",
    "get_collection_ref",
    "get_default_graph",
    "get_default_session",
    "get_local_variable",
    "get_variable",
    "get_variable_scope",
    "gfile",
    "global_norm",
    "global_variables",
    "global_variables_initializer",
    "glorot_normal_initializer",
    "glorot_uniform_initializer",
    "gradients",
    "greater",
    "greater_equal",
    "group",
    "half",
    "hessians",
    "identity",
    "image",
    "import_graph_def",
    "init_scope",
    "initializers",
    "int8",
    "int16",
    "int32",
    "int64",
    "invert_permutation",
    "io",
    "is_finite",
    "is_inf",
    "is_nan",
    "is_variable_initialized",
    "keras",
    "layers",
    "less",
    "less_equal",
    "linalg",
    "linspace",
    "local_variables",
    "local_variables_initializer",
    "log",
    "log1p",
    "log_sigmoid",
    "logging",
    "logical_and",
    "logical_not",
    "logical_or",
    "logical_xor",
    "lookup",
    "losses",
    "map_fn",
    "matching_files",
    "math",
    "matmul",
    "matrix_transpose",
    "maximum",
    "metrics",
    "minimum",
    "mod",
    "model_variables",
    "multinomial",
    "multiply",
    "name_scope",
    "negative",
    "nest",
    "newaxis",
    "nn",
    "no_op",
    "no_regularizer",
    "not_equal",
    "numpy_function",
    "one_hot",
    "ones",
    "ones_initializer",
    "ones_like",
    "pad",
    "parallel_stack",
    "parse_example",
    "parse_single_example",
    "placeholder",
    "placeholder_with_default",
    "pow",
    "print",
    "py_func",
    "python_io",
    "random",
    "random_crop",
    "random_normal",
    "random_normal_initializer",
    "random_shuffle",
    "random_uniform",
    "random_uniform_initializer",
    "range",
    "rank",
    "read_file",
    "realdiv",
    "reciprocal",
    "reduce_all",
    "reduce_any",
    "reduce_join",
    "reduce_logsumexp",
    "reduce_max",
    "reduce_mean",
    "reduce_min",
    "reduce_prod",
    "reduce_sum",
    "regex_replace",
    "report_uninitialized_variables",
    "reset_default_graph",
    "reshape",
    "resource",
    "reverse",
    "rint",
    "round",
    "rsqrt",
    "runs",
    "saturate_cast",
    "saved_model",
    "scalar_mul",
    "scan",
    "scatter_nd",
    "segment_max",
    "segment_mean",
    "segment_min",
    "segment_prod",
    "segment_sum",
    "sequence_mask",
    "set_random_seed",
    "sets",
    "shape",
    "shape_n",
    "sigmoid",
    "sign",
    "sin",
    "sinh",
    "size",
    "slice",
    "sparse",
    "sparse_fill_empty_rows",
    "sparse_merge",
    "sparse_placeholder",
    "sparse_reorder",
    "sparse_reshape",
    "sparse_retain",
    "sparse_segment_mean",
    "sparse_segment_sqrt_n",
    "sparse_segment_sum",
    "sparse_tensor_dense_matmul",
    "sparse_tensor_to_dense",
    "sparse_to_dense",
    "sparse_to_indicator",
    "split",
    "sqrt",
    "square",
    "squared_difference",
    "squeeze",
    "stack",
    "stop_gradient",
    "strided_slice",
    "string",
    "string_join",
    "string_split",
    "string_strip",
    "string_to_hash_bucket",
    "string_to_hash_bucket_fast",
    "string_to_hash_bucket_strong",
    "string_to_number",
    "strings",
    "substr",
    "subtract",
    "summary",
    "tables_initializer",
    "tan",
    "tanh",
    "tensordot",
    "testing",
    "tile",
    "to_double",
    "to_float",
    "to_int32",
    "to_int64",
    "train",
    "trainable_variables",
    "transpose",
    "truediv",
    "truncated_normal",
    "truncated_normal_initializer",
    "truncatediv",
    "truncatemod",
    "tuple",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "uniform_unit_scaling_initializer",
    "unique",
    "unique_with_counts",
    "unsorted_segment_max",
    "unsorted_segment_mean",
    "unsorted_segment_min",
    "unsorted_segment_prod",
    "unsorted_segment_sqrt_n",
    "unsorted_segment_sum",
    "unstack",
    "variable_op_scope",
    "variable_scope",
    "variables_initializer",
    "variance_scaling_initializer",
    "variant",
    "verify_tensor_all_finite",
    "where",
    "while_loop",
    "write_file",
    "zeros",
    "zeros_initializer",
    "zeros_like",
]
