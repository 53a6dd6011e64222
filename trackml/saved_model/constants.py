"""Names that readers of SavedModels look for.

Source: tensorflow/python/saved_model/{constants,signature_constants,tag_constants}.py.
"""

from __future__ import annotations


class signature_constants:  # noqa: N801 (TensorFlow's name of a module)
    """Keys and method names of signatures."""

    DEFAULT_SERVING_SIGNATURE_DEF_KEY = "serving_default"
    PREDICT_INPUTS = "inputs"
    PREDICT_METHOD_NAME = "tensorflow/serving/predict"
    PREDICT_OUTPUTS = "outputs"
    CLASSIFY_INPUTS = "inputs"
    CLASSIFY_METHOD_NAME = "tensorflow/serving/classify"
    CLASSIFY_OUTPUT_CLASSES = "classes"
    CLASSIFY_OUTPUT_SCORES = "scores"
    REGRESS_INPUTS = "inputs"
    REGRESS_METHOD_NAME = "tensorflow/serving/regress"
    REGRESS_OUTPUTS = "outputs"
    SUPERVISED_TRAIN_METHOD_NAME = "tensorflow/supervised/training"
    SUPERVISED_EVAL_METHOD_NAME = "tensorflow/supervised/eval"


class tag_constants:  # noqa: N801 (TensorFlow's name of a module)
    """Tags of the graphs in a SavedModel."""

    SERVING = "serve"
    TRAINING = "train"
    EVAL = "eval"
    GPU = "gpu"
    TPU = "tpu"


ASSETS_DIRECTORY = "assets"
ASSETS_EXTRA_DIRECTORY = "assets.extra"
ASSETS_KEY = "saved_model_assets"
MAIN_OP_KEY = "saved_model_main_op"
LEGACY_INIT_OP_KEY = "legacy_init_op"
SAVED_MODEL_SCHEMA_VERSION = 1
SAVED_MODEL_FILENAME_PB = "saved_model.pb"
SAVED_MODEL_FILENAME_PBTXT = "saved_model.pbtxt"
VARIABLES_DIRECTORY = "variables"
VARIABLES_FILENAME = "variables"
