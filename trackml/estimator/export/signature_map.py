"""Which signatures an export has: each export output with each group of tensors that can be fed.

Source: tensorflow/python/saved_model/model_utils/export_utils.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tensorboard.compat.proto.meta_graph_pb2 import SignatureDef

from trackml import logging
from trackml.estimator.model_fn import EstimatorSpec, ModeKeys
from trackml.saved_model.constants import signature_constants as keys
from trackml.saved_model.constants import tag_constants
from trackml.saved_model.export_output import EvalOutput, ExportOutput, PredictOutput, TrainOutput

TAGS = {
    ModeKeys.PREDICT: [tag_constants.SERVING],
    ModeKeys.TRAIN: [tag_constants.TRAINING],
    ModeKeys.EVAL: [tag_constants.EVAL],
}
"""What the graph of each mode is for."""

_METHODS = {
    keys.CLASSIFY_METHOD_NAME: "Classify",
    keys.REGRESS_METHOD_NAME: "Regress",
    keys.PREDICT_METHOD_NAME: "Predict",
    keys.SUPERVISED_TRAIN_METHOD_NAME: "Train",
    keys.SUPERVISED_EVAL_METHOD_NAME: "Eval",
}


def export_outputs_of(spec: EstimatorSpec) -> dict[str, ExportOutput]:
    """The outputs that a model function offers, those of its mode if it names none.

    Raises:
        TypeError: They are no dict, or one is no `ExportOutput`.
        ValueError: There are several and none is the default.
    """
    if spec.mode == ModeKeys.TRAIN:
        return {"train": TrainOutput(spec.loss, spec.predictions, spec.eval_metric_ops)}
    if spec.mode == ModeKeys.EVAL:
        return {"eval": EvalOutput(spec.loss, spec.predictions, spec.eval_metric_ops)}
    default = keys.DEFAULT_SERVING_SIGNATURE_DEF_KEY
    if spec.export_outputs is None:
        return {default: PredictOutput(spec.predictions)}
    outputs = spec.export_outputs
    if not isinstance(outputs, Mapping):
        raise TypeError(f"export_outputs must be dict, given: {outputs}")
    if not all(isinstance(output, ExportOutput) for output in outputs.values()):
        raise TypeError(f"Values in export_outputs must be ExportOutput objects. Given: {outputs}")
    if len(outputs) == 1:
        return {**outputs, default: next(iter(outputs.values()))}
    if default not in outputs:
        raise ValueError(
            "Multiple export_outputs were provided, but none of them is specified as the default.  Do this by naming "
            "one of them with signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY."
        )
    return dict(outputs)


def signatures_of(
    outputs: Mapping[str, ExportOutput],
    receiver_tensors: Mapping[str, Any],
    alternatives: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, SignatureDef]:
    """The signatures by name; those that cannot be are logged, with the reason.

    Args:
        outputs: The export outputs by name.
        receiver_tensors: What callers feed.
        alternatives: Other groups of tensors to feed; their signatures are called `<group>:<output>`.
    """
    made: dict[str, SignatureDef] = {}
    excluded: dict[str, str] = {}
    groups = {"": receiver_tensors, **{f"{name or 'None'}:": tensors for name, tensors in (alternatives or {}).items()}}
    for prefix, tensors in groups.items():
        for key, output in outputs.items():
            _add(f"{prefix}{key or 'None'}", output, tensors, made, excluded)
    _report(made, excluded)
    return made


def _add(
    name: str,
    output: ExportOutput,
    tensors: Mapping[str, Any],
    made: dict[str, SignatureDef],
    excluded: dict[str, str],
) -> None:
    try:
        made[name] = output.as_signature_def(tensors)
    except ValueError as error:
        excluded[name] = str(error)


def _report(made: Mapping[str, SignatureDef], excluded: Mapping[str, str]) -> None:
    for method, friendly in _METHODS.items():
        names = [name for name, signature in made.items() if signature.method_name == method]
        logging.info("Signatures INCLUDED in export for %s: %s", friendly, names or "None")
    if excluded:
        logging.info("Signatures EXCLUDED from export because they cannot be be served via TensorFlow Serving APIs:")
        for name, reason in excluded.items():
            logging.info("'%s' : %s", name, reason)
    if not made:
        logging.warning("Export includes no signatures!")
    elif keys.DEFAULT_SERVING_SIGNATURE_DEF_KEY not in made:
        logging.warning("Export includes no default signature!")
