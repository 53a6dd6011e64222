"""tf.estimator.inputs: input functions of numpy arrays and of pandas data frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackml._lazy import attach

# Where each public name lives; `./scripts/names` remakes the imports and `__all__` below from it.
_HOMES = {
    "numpy_input_fn": "trackml.estimator.inputs.numpy_io:numpy_input_fn",
    "pandas_input_fn": "trackml.estimator.inputs.pandas_io:pandas_input_fn",
}

if TYPE_CHECKING:
    from trackml.estimator.inputs.numpy_io import numpy_input_fn as numpy_input_fn
    from trackml.estimator.inputs.pandas_io import pandas_input_fn as pandas_input_fn
else:
    __getattr__, __dir__ = attach(__name__, _HOMES)

__all__ = [
    "numpy_input_fn",
    "pandas_input_fn",
]
