"""Exporters: what `train_and_evaluate` writes for serving after an evaluation.

Source: tensorflow_estimator/python/estimator/exporter.py.
"""

from __future__ import annotations

import abc
import glob
import os
import shutil
from collections.abc import Callable, Mapping
from typing import Any

from trackml import logging
from trackml.estimator.arguments import argument_names
from trackml.estimator.heads.keys import MetricKeys
from trackml.events import summary_iterator

Results = Mapping[str, Any]


class Exporter(abc.ABC):
    """The base of exporters."""

    @property
    @abc.abstractmethod
    def name(self) -> str:
        """The name of the directory, below `export` in the model directory, that exports go to."""

    @abc.abstractmethod
    def export(
        self, estimator: Any, export_path: str, checkpoint_path: str, eval_result: Results, is_the_final_export: bool
    ) -> Any:
        """Exports a model, or not.

        Args:
            estimator: The Estimator.
            export_path: The directory that exports of this exporter go to.
            checkpoint_path: The checkpoint that was evaluated.
            eval_result: What `Estimator.evaluate` gave.
            is_the_final_export: Whether the training is at its `max_steps`.

        Returns:
            The path of the export as bytes, or None if nothing was exported.
        """


class _SavedModelExporter(Exporter):
    """Exports a SavedModel each time; the base of those that choose.

    Args:
        name: The name of the directory.
        serving_input_receiver_fn: A function that makes a `ServingInputReceiver`.
        assets_extra: Files to put beside the model, by their paths there.
        as_text: Whether the message is written as text.
        exports_to_keep: How many exports stay; None for all.

    Raises:
        ValueError: `exports_to_keep` is not positive.
    """

    def __init__(
        self,
        name: str,
        serving_input_receiver_fn: Callable[[], Any] | None,
        assets_extra: Mapping[str, str] | None,
        as_text: bool,
        exports_to_keep: int | None,
    ) -> None:
        if exports_to_keep is not None and exports_to_keep <= 0:
            raise ValueError(f"`exports_to_keep`, if provided, must be a positive number. Got {exports_to_keep}")
        self._name = name
        self._receiver_fn = serving_input_receiver_fn
        self._assets_extra = assets_extra
        self._as_text = as_text
        self._exports_to_keep = exports_to_keep

    @property
    def name(self) -> str:
        """The name of the directory."""
        return self._name

    def _export(self, estimator: Any, export_path: str, checkpoint_path: str) -> Any:
        result = estimator.export_saved_model(
            export_path,
            self._receiver_fn,
            assets_extra=self._assets_extra,
            as_text=self._as_text,
            checkpoint_path=checkpoint_path,
        )
        if self._exports_to_keep is not None:
            _delete_old_exports(export_path, self._exports_to_keep)
        return result


def _delete_old_exports(directory: str, keep: int) -> None:
    """Deletes all exports but the newest; an export is a directory whose name is a time in seconds, of ten digits."""
    exports = sorted(name for name in os.listdir(directory) if len(name) == 10 and name.isdigit())
    for name in exports[:-keep]:
        _delete(os.path.join(directory, name))


def _delete(directory: str) -> None:
    try:
        shutil.rmtree(directory)
    except OSError as error:
        logging.warning("Can not delete %s recursively: %s", directory, error)


class LatestExporter(_SavedModelExporter):
    """Exports after each evaluation.

    Args:
        name: The name of the directory.
        serving_input_receiver_fn: A function that makes a `ServingInputReceiver`; see `tf.estimator.export`.
        assets_extra: Files to put beside the model: {path below `assets.extra`: path of the file}.
        as_text: Whether the message is written as text.
        exports_to_keep: How many exports stay; None for all.

    Raises:
        ValueError: `exports_to_keep` is not positive.
    """

    def __init__(
        self,
        name: str,
        serving_input_receiver_fn: Callable[[], Any],
        assets_extra: Mapping[str, str] | None = None,
        as_text: bool = False,
        exports_to_keep: int | None = 5,
    ) -> None:
        super().__init__(name, serving_input_receiver_fn, assets_extra, as_text, exports_to_keep)

    def export(
        self, estimator: Any, export_path: str, checkpoint_path: str, eval_result: Results, is_the_final_export: bool
    ) -> Any:
        """Exports the model."""
        return self._export(estimator, export_path, checkpoint_path)


class FinalExporter(_SavedModelExporter):
    """Exports once, when the training is at its `max_steps`.

    Args:
        name: The name of the directory.
        serving_input_receiver_fn: A function that makes a `ServingInputReceiver`; see `tf.estimator.export`.
        assets_extra: Files to put beside the model: {path below `assets.extra`: path of the file}.
        as_text: Whether the message is written as text.
    """

    def __init__(
        self,
        name: str,
        serving_input_receiver_fn: Callable[[], Any],
        assets_extra: Mapping[str, str] | None = None,
        as_text: bool = False,
    ) -> None:
        super().__init__(name, serving_input_receiver_fn, assets_extra, as_text, exports_to_keep=None)

    def export(
        self, estimator: Any, export_path: str, checkpoint_path: str, eval_result: Results, is_the_final_export: bool
    ) -> Any:
        """Exports the model if the training is done."""
        if not is_the_final_export:
            return None
        logging.info("Performing the final export in the end of training.")
        return self._export(estimator, export_path, checkpoint_path)


def _loss_smaller(best_eval_result: Results, current_eval_result: Results) -> bool:
    """Whether the loss became smaller."""
    for name, result in (("best_eval_result", best_eval_result), ("current_eval_result", current_eval_result)):
        if not result or MetricKeys.LOSS not in result:
            raise ValueError(f"{name} cannot be empty or no loss is found in it.")
    return bool(best_eval_result[MetricKeys.LOSS] > current_eval_result[MetricKeys.LOSS])


class BestExporter(_SavedModelExporter):
    """Exports when the model is better than at all evaluations before, those of earlier processes among them.

    Unlike TensorFlow 1.15, and like later ones, the first evaluation of all is exported: 1.15 compares it with its own
    events.

    Args:
        name: The name of the directory.
        serving_input_receiver_fn: A function that makes a `ServingInputReceiver`; see `tf.estimator.export`.
        event_file_pattern: Which event files, below the model directory, tell of earlier evaluations; None for none.
        compare_fn: A function of `best_eval_result` and `current_eval_result` that says whether the second is better;
            whether its loss is smaller by default.
        assets_extra: Files to put beside the model: {path below `assets.extra`: path of the file}.
        as_text: Whether the message is written as text.
        exports_to_keep: How many exports stay; None for all.

    Raises:
        ValueError: `compare_fn` does not have the two parameters, or `exports_to_keep` is not positive.
    """

    def __init__(
        self,
        name: str = "best_exporter",
        serving_input_receiver_fn: Callable[[], Any] | None = None,
        event_file_pattern: str | None = "eval/*.tfevents.*",
        compare_fn: Callable[..., Any] = _loss_smaller,
        assets_extra: Mapping[str, str] | None = None,
        as_text: bool = False,
        exports_to_keep: int | None = 5,
    ) -> None:
        _check_compare_fn(compare_fn)
        super().__init__(name, serving_input_receiver_fn, assets_extra, as_text, exports_to_keep)
        self._compare_fn = compare_fn
        self._event_file_pattern = event_file_pattern
        self._model_dir: str | None = None
        self._best: Results | None = None

    def export(
        self, estimator: Any, export_path: str, checkpoint_path: str, eval_result: Results, is_the_final_export: bool
    ) -> Any:
        """Exports the model if it is the best."""
        if self._model_dir != estimator.model_dir and self._event_file_pattern:
            logging.info("Loading best metric from event files.")
            self._model_dir = estimator.model_dir
            pattern = os.path.join(glob.escape(estimator.model_dir), self._event_file_pattern)
            self._best = self._best_before(pattern, eval_result.get("global_step"))
        if self._best is not None and not self._is_better(self._best, eval_result):
            return None
        logging.info("Performing best model export.")
        self._best = eval_result
        return self._export(estimator, export_path, checkpoint_path)

    def _best_before(self, pattern: str, step: int | None) -> Results | None:
        """The best of the evaluations that event files tell of, the one of `step` left out."""
        best: Results | None = None
        for path in sorted(glob.glob(pattern)):
            for event in summary_iterator(path):
                values = event.summary.value if event.step != step else ()
                result = {value.tag: value.simple_value for value in values if value.HasField("simple_value")}
                if result and (best is None or self._is_better(best, result)):
                    best = result
        return best

    def _is_better(self, best: Results, current: Results) -> bool:
        return bool(self._compare_fn(best_eval_result=best, current_eval_result=current))


def _check_compare_fn(compare_fn: Callable[..., Any] | None) -> None:
    if compare_fn is None:
        raise ValueError("`compare_fn` must not be None.")
    wanted = {"best_eval_result", "current_eval_result"}
    names = set(argument_names(compare_fn))
    for missing in sorted(wanted - names):
        raise ValueError(f"compare_fn ({compare_fn}) must include {missing} argument.")
    if names - wanted:
        raise ValueError(f"compare_fn ({compare_fn}) has following not expected args: {sorted(names - wanted)}")
