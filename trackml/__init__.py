"""tf.estimator on numpy alone: the public names, spelt as TensorFlow spells them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackml._lazy import attach

__version__ = "0.1.0"

# Where each public name lives; `./scripts/names` remakes the imports and `__all__` below from it.
_HOMES = {
    "DType": "trackml.dtypes:DType",
    "TensorShape": "trackml.shapes:TensorShape",
    "as_dtype": "trackml.dtypes:as_dtype",
    "errors": "trackml.errors",
    "nest": "trackml.nest",
}

if TYPE_CHECKING:
    from trackml import errors as errors
    from trackml import nest as nest
    from trackml.dtypes import DType as DType
    from trackml.dtypes import as_dtype as as_dtype
    from trackml.shapes import TensorShape as TensorShape
else:
    __getattr__, __dir__ = attach(__name__, _HOMES)

__all__ = [
    "DType",
    "TensorShape",
    "as_dtype",
    "errors",
    "nest",
]
