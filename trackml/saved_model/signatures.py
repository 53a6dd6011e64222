"""Signatures: which tensors a caller of a SavedModel feeds and fetches, under which names.

Source: tensorflow/python/saved_model/signature_def_utils_impl.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tensorboard.compat.proto.meta_graph_pb2 import SignatureDef, TensorInfo

from trackml import dtypes
from trackml.graph.graph_def import shape_proto
from trackml.graph.operation import Tensor
from trackml.graph.sparse_tensor import SparseTensor
from trackml.saved_model.constants import signature_constants as keys


def build_tensor_info(tensor: Tensor | SparseTensor) -> TensorInfo:
    """The message that names a tensor, with its type and shape.

    Raises:
        TypeError: It is no tensor.
    """
    if isinstance(tensor, SparseTensor):
        info = TensorInfo(dtype=tensor.dtype.as_datatype_enum, tensor_shape=shape_proto(tensor.shape))
        info.coo_sparse.values_tensor_name = tensor.values.name
        info.coo_sparse.indices_tensor_name = tensor.indices.name
        info.coo_sparse.dense_shape_tensor_name = tensor.dense_shape.name
        return info
    if not isinstance(tensor, Tensor):
        raise TypeError(f"A signature names tensors of the graph; got {tensor!r}.")
    return TensorInfo(name=tensor.name, dtype=tensor.dtype.as_datatype_enum, tensor_shape=shape_proto(tensor.shape))


def build_signature_def(
    inputs: Mapping[str, TensorInfo] | None = None,
    outputs: Mapping[str, TensorInfo] | None = None,
    method_name: str | None = None,
) -> SignatureDef:
    """A signature of messages that `build_tensor_info` made."""
    return SignatureDef(inputs=inputs, outputs=outputs, method_name=method_name)


def predict_signature_def(inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> SignatureDef:
    """A signature of any tensors.

    Raises:
        ValueError: There are no inputs or no outputs.
    """
    if not inputs:
        raise ValueError("Prediction inputs cannot be None or empty.")
    if not outputs:
        raise ValueError("Prediction outputs cannot be None or empty.")
    return build_signature_def(_infos(inputs), _infos(outputs), keys.PREDICT_METHOD_NAME)


def regression_signature_def(examples: Any, predictions: Any) -> SignatureDef:
    """A signature that takes serialized examples and gives one number for each.

    Raises:
        ValueError: The input is no string tensor, or the output no float32 tensor.
    """
    _check("Regression examples", "a string", examples, dtypes.string)
    _check("Regression output", "a float", predictions, dtypes.float32)
    outputs = {keys.REGRESS_OUTPUTS: build_tensor_info(predictions)}
    inputs = {keys.REGRESS_INPUTS: build_tensor_info(examples)}
    return build_signature_def(inputs, outputs, keys.REGRESS_METHOD_NAME)


def classification_signature_def(examples: Any, classes: Any, scores: Any) -> SignatureDef:
    """A signature that takes serialized examples and gives classes, scores or both for each.

    Raises:
        ValueError: The input or the classes are no string tensor, the scores no float32 tensor, or both are None.
    """
    _check("Classification examples", "a string", examples, dtypes.string)
    if classes is None and scores is None:
        raise ValueError("Classification classes and scores cannot both be None.")
    outputs = {}
    if classes is not None:
        _check("Classification classes", "a string", classes, dtypes.string)
        outputs[keys.CLASSIFY_OUTPUT_CLASSES] = build_tensor_info(classes)
    if scores is not None:
        _check("Classification scores", "a float", scores, dtypes.float32)
        outputs[keys.CLASSIFY_OUTPUT_SCORES] = build_tensor_info(scores)
    inputs = {keys.CLASSIFY_INPUTS: build_tensor_info(examples)}
    return build_signature_def(inputs, outputs, keys.CLASSIFY_METHOD_NAME)


def _infos(tensors: Mapping[str, Any]) -> dict[str, TensorInfo]:
    return {key: build_tensor_info(tensor) for key, tensor in tensors.items()}


def _check(what: str, wanted: str, tensor: Any, dtype: dtypes.DType) -> None:
    if tensor is None:
        raise ValueError(f"{what} cannot be None.")
    if not isinstance(tensor, Tensor) or tensor.dtype != dtype:
        raise ValueError(f"{what} must be {wanted} Tensor; got {tensor!r}.")
