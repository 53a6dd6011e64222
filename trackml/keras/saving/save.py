"""Models and weights written and read: which format a path means."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from trackml.keras.saving import checkpoints, hdf5
from trackml.keras.saving.hdf5_files import is_hdf5
from trackml.keras.saving.registry import custom_object_scope

Path = str | os.PathLike[str]

_H5_FORMATS, _TF_FORMATS = ("h5", "hdf5", "keras"), ("tf", "tensorflow")


def save_model(
    model: Any,
    filepath: Path,
    overwrite: bool = True,
    include_optimizer: bool = True,
    save_format: str | None = None,
    **kwargs: Any,
) -> None:
    """Writes a model: what it is made of, its weights, what it was compiled with, and what its optimizer remembers.

    Args:
        model: The model.
        filepath: The file of HDF5, if it ends in `.h5` or `.hdf5`, else the directory of a SavedModel.
        overwrite: Whether what is there is written over.
        include_optimizer: Whether training can go on from it.
        save_format: `"h5"` or `"tf"`, where the path does not say.
        kwargs: Accepted for TensorFlow's sake (`signatures`, `options`, `save_traces`).

    Raises:
        ValueError: There is no such format, or the model cannot be told in it.
        FileExistsError: There is something already, and `overwrite` is False.
        ImportError: h5py is not installed.
    """
    path = os.fspath(filepath)
    if _is_hdf5(path, save_format):
        hdf5.save_model(model, path, overwrite, include_optimizer)
        return
    from trackml.keras.saving import saved_model

    saved_model.write(model, path, overwrite, include_optimizer)


def load_model(
    filepath: Path, custom_objects: Mapping[str, Any] | None = None, compile: bool = True, **kwargs: Any
) -> Any:
    """The model that `save_model` wrote; also one that TensorFlow wrote as HDF5.

    Args:
        filepath: The HDF5 file, or the directory.
        custom_objects: Classes and functions of one's own, by name. Code is never read from a file.
        compile: Whether the model is compiled as it was.
        kwargs: Accepted for TensorFlow's sake (`options`, `safe_mode`).

    Raises:
        FileNotFoundError: There is nothing.
        ValueError: It is no model, or one of something that is not there.
        ImportError: h5py is not installed.
    """
    path = os.fspath(filepath)
    if not os.path.exists(path):
        raise FileNotFoundError(f"No file or directory found at {path}")
    with custom_object_scope(custom_objects):
        if os.path.isdir(path):
            from trackml.keras.saving import saved_model

            return saved_model.read(path, compile)
        if path.endswith(".keras"):
            raise ValueError(f"{path!r}: archives of Keras 3 (.keras) are not read. Save the model as .h5.")
        return hdf5.load_model(path, compile=compile)


def save_weights(model: Any, filepath: Path, overwrite: bool = True, save_format: str | None = None) -> None:
    """Writes the weights of a model.

    Args:
        model: The model; it has weights.
        filepath: The file of HDF5, if it ends in `.h5` or `.hdf5`, else what the names of a checkpoint begin with.
        overwrite: Whether what is there is written over.
        save_format: `"h5"` or `"tf"`, where the path does not say.

    Raises:
        ValueError: There is no such format, or the model has no weights yet.
        FileExistsError: There is something already, and `overwrite` is False.
        ImportError: h5py is not installed.
    """
    path = os.fspath(filepath)
    if not model.built:
        raise ValueError(
            f"Unable to save weights: the model {model.name!r} has none yet, because it has seen no input. Give its "
            "first layer an `input_shape`, or call `build` or `fit` first."
        )
    as_hdf5 = _is_hdf5(path, save_format)
    if not overwrite and os.path.exists(path if as_hdf5 else f"{path}.index"):
        raise FileExistsError(f"{path!r} exists; give overwrite=True to write over it.")
    if as_hdf5:
        hdf5.save_weights(model, path)
    else:
        checkpoints.write(model, path)


def load_weights(model: Any, filepath: Path, by_name: bool = False, skip_mismatch: bool = False) -> None:
    """Gives a model weights that `save_weights`, or TensorFlow, wrote.

    Args:
        model: The model; it has weights.
        filepath: As of `save_weights`.
        by_name: Whether layers get the weights of layers of their name, and those without such stay as they are: in
            HDF5 files only. Else all layers get weights in their order.
        skip_mismatch: With `by_name`, whether a layer whose weights do not fit is left as it is, with a warning.

    Raises:
        FileNotFoundError: There is nothing.
        ValueError: The weights do not fit the model.
        ImportError: h5py is not installed.
    """
    path = os.fspath(filepath)
    if not model.built:
        raise ValueError(
            "Unable to load weights saved in HDF5 or checkpoint format into a model that has not created its variables "
            "yet. Give its first layer an `input_shape`, or call `build` first, then load the weights."
        )
    if _is_checkpoint(path):
        if by_name:
            raise ValueError(
                "Weights may only be loaded based on topology into Models when loading TensorFlow-formatted weights "
                "(got by_name=True to load_weights)."
            )
        checkpoints.read(model, path)
    else:
        hdf5.load_weights(model, path, by_name, skip_mismatch)


def _is_checkpoint(path: str) -> bool:
    return os.path.exists(f"{path}.index") or not (os.path.isfile(path) or is_hdf5(path))


def _is_hdf5(path: str, save_format: str | None) -> bool:
    if path.endswith(".keras"):
        raise ValueError(f"{path!r}: archives of Keras 3 (.keras) are not written. Let the path end in .h5.")
    if save_format is None:
        return is_hdf5(path)
    wanted = save_format.lower().strip()
    if wanted not in (*_H5_FORMATS, *_TF_FORMATS):
        raise ValueError(f'Unknown format "{save_format}". Was expecting one of {{"tf", "h5"}}.')
    if wanted in _TF_FORMATS and is_hdf5(path):
        raise ValueError(
            f"save_format={save_format!r} writes a TensorFlow format, but the path {path!r} is that of HDF5."
        )
    return wanted in _H5_FORMATS
