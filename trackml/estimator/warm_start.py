"""What an Estimator's variables begin with, if not with what their initializers give.

Source: tensorflow_estimator/python/estimator/estimator.py.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, NamedTuple

from trackml import logging
from trackml.saved_model.constants import VARIABLES_DIRECTORY, VARIABLES_FILENAME
from trackml.train.warm_starting import VocabInfo, warm_start

Path = str | os.PathLike[str]


class _WarmStartSettings(NamedTuple):
    ckpt_to_initialize_from: Any
    vars_to_warm_start: Any = ".*"
    var_name_to_vocab_info: Any = None
    var_name_to_prev_var_name: Any = None


class WarmStartSettings(_WarmStartSettings):
    """Where the variables of an Estimator begin.

    Args:
        ckpt_to_initialize_from: The prefix of a checkpoint, or a directory of them, whose newest is taken.
        vars_to_warm_start: A pattern that the names of trainable variables begin with; a list of patterns, for
            variables of all kinds (slots of optimizers, moving averages); a list of variables; or None for only
            those in `var_name_to_vocab_info`.
        var_name_to_vocab_info: A `tf.estimator.VocabInfo` for each variable whose vocabulary changed.
        var_name_to_prev_var_name: The names of variables in the checkpoint, where they differ.

    Raises:
        ValueError: There is no `ckpt_to_initialize_from`.

    Example:
        >>> import trackml as tf
        >>> settings = tf.estimator.WarmStartSettings("earlier_model", vars_to_warm_start=".*input_layer.*")
        >>> settings.ckpt_to_initialize_from
        'earlier_model'
    """

    __slots__ = ()

    def __new__(
        cls,
        ckpt_to_initialize_from: Path,
        vars_to_warm_start: Any = ".*",
        var_name_to_vocab_info: Mapping[str, VocabInfo] | None = None,
        var_name_to_prev_var_name: Mapping[str, str] | None = None,
    ) -> WarmStartSettings:
        """Checks that there is a checkpoint's path."""
        if not ckpt_to_initialize_from:
            raise ValueError("`ckpt_to_initialize_from` MUST be set in WarmStartSettings")
        return super().__new__(
            cls,
            ckpt_to_initialize_from,
            vars_to_warm_start,
            var_name_to_vocab_info or {},
            var_name_to_prev_var_name or {},
        )


def warm_start_settings(warm_start_from: Any) -> WarmStartSettings | None:
    """The settings that an Estimator's argument means.

    Args:
        warm_start_from: None; the path of a checkpoint, of a model directory or of a SavedModel; or settings.

    Raises:
        ValueError: It is none of these.
    """
    if warm_start_from is None or isinstance(warm_start_from, WarmStartSettings):
        return warm_start_from
    if not isinstance(warm_start_from, (str, bytes, os.PathLike)):
        raise ValueError(
            f"warm_start_from must be a string or a WarmStartSettings, instead got {type(warm_start_from)}"
        )
    path = os.fsdecode(warm_start_from)
    variables = os.path.join(path, VARIABLES_DIRECTORY, VARIABLES_FILENAME)
    if os.path.exists(f"{variables}.index"):
        logging.info("Warm-starting from a SavedModel")
        return WarmStartSettings(variables)
    return WarmStartSettings(path)


def warm_start_variables(settings: WarmStartSettings) -> None:
    """Makes the variables of the default graph begin as the settings say."""
    logging.info("Warm-starting with WarmStartSettings: %s", settings)
    warm_start(*settings)
