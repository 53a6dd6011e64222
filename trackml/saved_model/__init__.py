"""`tf.saved_model`: models as directories that TensorFlow and its servers load."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackml._lazy import attach

# Where each public name lives; `./scripts/names` remakes the imports and `__all__` below from it.
_HOMES = {
    "Builder": "trackml.saved_model.builder:SavedModelBuilder",
    "SavedModelBuilder": "trackml.saved_model.builder:SavedModelBuilder",
    "build_signature_def": "trackml.saved_model.signatures:build_signature_def",
    "build_tensor_info": "trackml.saved_model.signatures:build_tensor_info",
    "builder": "trackml.saved_model.builder",
    "classification_signature_def": "trackml.saved_model.signatures:classification_signature_def",
    "load": "trackml.saved_model.loader:load",
    "loader": "trackml.saved_model.loader",
    "maybe_saved_model_directory": "trackml.saved_model.loader:maybe_saved_model_directory",
    "predict_signature_def": "trackml.saved_model.signatures:predict_signature_def",
    "regression_signature_def": "trackml.saved_model.signatures:regression_signature_def",
    "signature_constants": "trackml.saved_model.constants:signature_constants",
    "simple_save": "trackml.saved_model.builder:simple_save",
    "tag_constants": "trackml.saved_model.constants:tag_constants",
}

if TYPE_CHECKING:
    from trackml.saved_model import builder as builder
    from trackml.saved_model import loader as loader
    from trackml.saved_model.builder import SavedModelBuilder as Builder
    from trackml.saved_model.builder import SavedModelBuilder as SavedModelBuilder
    from trackml.saved_model.builder import simple_save as simple_save
    from trackml.saved_model.constants import signature_constants as signature_constants
    from trackml.saved_model.constants import tag_constants as tag_constants
    from trackml.saved_model.loader import load as load
    from trackml.saved_model.loader import maybe_saved_model_directory as maybe_saved_model_directory
    from trackml.saved_model.signatures import build_signature_def as build_signature_def
    from trackml.saved_model.signatures import build_tensor_info as build_tensor_info
    from trackml.saved_model.signatures import classification_signature_def as classification_signature_def
    from trackml.saved_model.signatures import predict_signature_def as predict_signature_def
    from trackml.saved_model.signatures import regression_signature_def as regression_signature_def
else:
    __getattr__, __dir__ = attach(__name__, _HOMES)

__all__ = [
    "Builder",
    "SavedModelBuilder",
    "build_signature_def",
    "build_tensor_info",
    "builder",
    "classification_signature_def",
    "load",
    "loader",
    "maybe_saved_model_directory",
    "predict_signature_def",
    "regression_signature_def",
    "signature_constants",
    "simple_save",
    "tag_constants",
]
