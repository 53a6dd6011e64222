"""What models have for going to disk and coming back: text, files, weights."""

from __future__ import annotations

import os
from typing import Any

from trackml.keras.engine.base_layer import Layer

Path = str | os.PathLike[str]


class Persistent(Layer):
    """A model's ways to disk; see `trackml.keras.saving`."""

    def to_json(self, **kwargs: Any) -> str:
        """The model without its weights, as text that TensorFlow reads, and `keras.models.model_from_json`.

        Args:
            kwargs: Passed on to `json.dumps`.

        Raises:
            TypeError: A layer's configuration holds something that has no name, as a lambda.
        """
        from trackml.keras.saving.text import to_json

        return to_json(self, **kwargs)

    def to_yaml(self, **kwargs: Any) -> str:
        """Refuses, as TensorFlow 2 does: RuntimeError."""
        from trackml.keras.saving.text import refuse_yaml

        text: str = refuse_yaml(**kwargs)
        return text

    def save(
        self,
        filepath: Path,
        overwrite: bool = True,
        include_optimizer: bool = True,
        save_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        """Writes the model with its weights, what it was compiled with, and what its optimizer remembers.

        Args:
            filepath: A file of HDF5, if it ends in `.h5` or `.hdf5`, else the directory of a SavedModel.
            overwrite: Whether what is there is written over.
            include_optimizer: Whether training can go on from it.
            save_format: `"h5"` or `"tf"`, where the path does not say.
            kwargs: Accepted for TensorFlow's sake (`signatures`, `options`, `save_traces`).

        Raises:
            ValueError: There is no such format, or the model cannot be told in it.
            FileExistsError: There is something already, and `overwrite` is False.
            ImportError: The path is that of an HDF5 file, and h5py is not installed.
        """
        from trackml.keras.saving.save import save_model

        save_model(self, filepath, overwrite, include_optimizer, save_format, **kwargs)

    def save_weights(
        self, filepath: Path, overwrite: bool = True, save_format: str | None = None, **kwargs: Any
    ) -> None:
        """Writes the weights.

        Args:
            filepath: A file of HDF5, if it ends in `.h5` or `.hdf5`, else what the names of a TensorFlow checkpoint
                begin with.
            overwrite: Whether what is there is written over.
            save_format: `"h5"` or `"tf"`, where the path does not say.
            kwargs: Accepted for TensorFlow's sake (`options`).

        Raises:
            ValueError: There is no such format, or the model has no weights yet.
            FileExistsError: There is something already, and `overwrite` is False.
            ImportError: The path is that of an HDF5 file, and h5py is not installed.
        """
        from trackml.keras.saving.save import save_weights

        save_weights(self, filepath, overwrite, save_format)

    def load_weights(self, filepath: Path, by_name: bool = False, skip_mismatch: bool = False, **kwargs: Any) -> None:
        """Reads weights that `save_weights`, or TensorFlow, wrote.

        Args:
            filepath: As of `save_weights`; the HDF5 file may be that of a whole model.
            by_name: For HDF5: whether layers get the weights of layers of their name, and others stay as they are.
            skip_mismatch: With `by_name`, whether a layer whose weights do not fit stays as it is, with a warning.
            kwargs: Accepted for TensorFlow's sake (`options`).

        Raises:
            ValueError: There are no such weights, or they do not fit the model.
            ImportError: The path is that of an HDF5 file, and h5py is not installed.
        """
        from trackml.keras.saving.save import load_weights

        load_weights(self, filepath, by_name, skip_mismatch)
