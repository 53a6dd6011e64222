"""Estimators: train, evaluate and predict with a model function, and keep everything in one directory."""

from __future__ import annotations

import contextlib
import copy
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from trackml import logging
from trackml.checkpoint.initial_values import checkpoint_prefix
from trackml.checkpoint.reader import load_checkpoint
from trackml.checkpoint.saver import Saver
from trackml.checkpoint.state import checkpoint_exists, remove_leftovers
from trackml.estimator import evaluation, prediction
from trackml.estimator.arguments import argument_names, check_model_fn, place_of
from trackml.estimator.export.saved_models import export_modes
from trackml.estimator.input_fn import call_input_fn, features_and_labels
from trackml.estimator.model_fn import EstimatorSpec, ModeKeys
from trackml.estimator.run_config import RunConfig, with_model_dir
from trackml.estimator.warm_start import warm_start_settings, warm_start_variables
from trackml.global_step import get_or_create_global_step
from trackml.graph.graph import Graph, get_default_graph
from trackml.graph.keys import GraphKeys
from trackml.ops import array
from trackml.ops.framework import control_dependencies, leave_out
from trackml.summary import scalar
from trackml.train.logging_hooks import LoggingTensorHook, NanTensorHook, as_hooks
from trackml.train.manifest import CheckpointNotes, training
from trackml.train.monitored_session import ChiefSessionCreator, MonitoredSession, MonitoredTrainingSession
from trackml.train.progress_hook import ProgressHook
from trackml.train.resume import newest_checkpoint
from trackml.train.saver_hooks import CheckpointSaverHook, CheckpointSaverListener
from trackml.train.session_run_hook import SessionRunHook
from trackml.train.step_hooks import StopAtStepHook

InputFn = Callable[..., Any]

_READING_THE_STEP = 11
"""How many operations TensorFlow makes to read the global step, not needed here; seeds are counted by operations."""


class Estimator:
    """Trains and evaluates the model that a model function builds.

    Each call of `train`, `evaluate` and `predict` builds a new graph: it calls the input function once and the
    model function once, restores the newest checkpoint of `model_dir` (or initialises), and runs.

    Args:
        model_fn: A function with the parameter `features` and any of `labels`, `mode`, `params` and `config`, that
            returns an `EstimatorSpec`.
        model_dir: Where checkpoints and events go; that of `config` by default, else a temporary directory.
        config: A `RunConfig`.
        params: A dict that is passed to the model function as it is (a copy).
        warm_start_from: Where variables begin when `model_dir` has no checkpoint: the path of a checkpoint, of another
            model's directory or of a SavedModel, or `WarmStartSettings`.

    Raises:
        ValueError: The model function has parameters that nobody fills, or `model_dir` is not that of `config`.

    Example:
        >>> import numpy as np, trackml as tf
        >>> def model_fn(features, labels, mode):
        ...     w = tf.get_variable("w", [], initializer=tf.zeros_initializer())
        ...     loss = tf.reduce_mean(tf.square(w - labels))
        ...     train_op = tf.train.GradientDescentOptimizer(0.5).minimize(loss, tf.train.get_global_step())
        ...     return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op, predictions=w)
        >>> import tempfile
        >>> estimator = tf.estimator.Estimator(model_fn, tempfile.mkdtemp())
        >>> x = np.ones([4], np.float32)
        >>> _ = estimator.train(lambda: (x, 3.0 * x), steps=10)
        >>> float(estimator.get_variable_value("w"))
        3.0
    """

    def __init__(
        self,
        model_fn: Callable[..., Any],
        model_dir: str | os.PathLike[str] | None = None,
        config: RunConfig | None = None,
        params: Any = None,
        warm_start_from: Any = None,
    ) -> None:
        check_model_fn(model_fn, params)
        self._model_fn = model_fn
        self._config = with_model_dir(config, None if model_dir is None else os.fspath(model_dir))
        self._params = copy.deepcopy(params or {})
        self._warm_start = warm_start_settings(warm_start_from)
        logging.info("Using config: %s", self._config.as_dict())

    @property
    def model_dir(self) -> str:
        """Where checkpoints and events go."""
        return str(self._config.model_dir)

    @property
    def config(self) -> RunConfig:
        """The settings of the runs."""
        return self._config

    @property
    def params(self) -> Any:
        """What is passed to the model function (a copy)."""
        return copy.deepcopy(self._params)

    @property
    def model_fn(self) -> Callable[..., Any]:
        """A function of (features, labels, mode, config) that calls the model function with the right arguments."""

        def public_model_fn(features: Any, labels: Any, mode: str, config: Any) -> EstimatorSpec:
            return self._call_model_fn(features, labels, mode, config)

        return public_model_fn

    def latest_checkpoint(self) -> str | None:
        """The path of the newest checkpoint whose files are there, or None; see `train.resume.newest_checkpoint`."""
        return newest_checkpoint(self.model_dir)

    def get_variable_names(self) -> list[str]:
        """The names of all variables in the newest checkpoint, sorted.

        Raises:
            ValueError: There is no checkpoint yet.
        """
        return sorted(load_checkpoint(self._required_checkpoint()).get_variable_to_shape_map())

    def get_variable_value(self, name: str) -> Any:
        """The value of a variable in the newest checkpoint, as an array.

        Raises:
            ValueError: There is no checkpoint yet.
            NotFoundError: It has no such variable.
        """
        return load_checkpoint(self._required_checkpoint()).get_tensor(name)

    def _required_checkpoint(self) -> str:
        path = self.latest_checkpoint()
        if path is None:
            raise ValueError(f"Could not find trained model at {self.model_dir}. Call train first.")
        return path

    def eval_dir(self, name: str | None = None) -> str:
        """Where the events of evaluations under that name go."""
        return os.path.join(self.model_dir, f"eval_{name}" if name else "eval")

    def train(
        self,
        input_fn: InputFn,
        hooks: Sequence[SessionRunHook] | None = None,
        steps: int | None = None,
        max_steps: int | None = None,
        saving_listeners: Sequence[CheckpointSaverListener] | None = None,
    ) -> Estimator:
        """Trains, from the newest checkpoint on.

        Args:
            input_fn: A function that returns a `Dataset` of (features, labels), or (features, labels) as tensors,
                arrays or dicts of these.
            hooks: Hooks to run around each step.
            steps: How many steps to make; until the input ends if neither is given.
            max_steps: The global step to stop at: nothing is done when it is reached already.
            saving_listeners: What is called around each checkpoint.

        Returns:
            This Estimator.

        Raises:
            ValueError: Both `steps` and `max_steps` are given, or one is not positive.
            NanLossDuringTrainingError: The loss became NaN.
        """
        _check_steps(steps, max_steps)
        if max_steps is not None and self._saved_step() >= max_steps:
            logging.info("Skipping training since max_steps has already saved.")
            return self
        all_hooks = as_hooks(hooks)
        if steps is not None or max_steps is not None:
            all_hooks.append(StopAtStepHook(num_steps=steps, last_step=max_steps))
        listeners = _checked_listeners(saving_listeners)
        os.makedirs(self.model_dir, exist_ok=True)
        facts = {"steps": steps, "max_steps": max_steps, "params": self._params, "config": self._config.as_dict()}
        progress = ProgressHook(steps, max_steps)
        if self._config.show_progress and progress.is_shown:
            all_hooks.append(progress)
        with training(self.model_dir, **facts) as manifest, contextlib.closing(progress):
            loss = self._train(input_fn, all_hooks, listeners, CheckpointNotes(manifest, self.model_dir))
        logging.info("Loss for final step: %s.", loss)
        return self

    def _saved_step(self) -> int:
        path = self.latest_checkpoint()
        if path is None:
            return 0
        reader = load_checkpoint(path)
        return int(reader.get_tensor(GraphKeys.GLOBAL_STEP)) if reader.has_tensor(GraphKeys.GLOBAL_STEP) else 0

    def _train(
        self,
        input_fn: InputFn,
        hooks: list[SessionRunHook],
        listeners: list[CheckpointSaverListener],
        notes: CheckpointNotes,
    ) -> Any:
        remove_leftovers(self.model_dir)
        with self._new_graph():
            leave_out(_READING_THE_STEP)
            features, labels, input_hooks = self._inputs(input_fn, ModeKeys.TRAIN)
            spec = self._call_model_fn(features, labels, ModeKeys.TRAIN, self._config)
            if self._warm_start is not None:
                warm_start_variables(self._warm_start)
            self._add_loss_summary(spec)
            own = [*input_hooks, *hooks, NanTensorHook(spec.loss), *self._log_hooks(spec), *spec.training_hooks]
            self._set_saver(spec)
            chief = [*self._checkpoint_hooks(spec, own, listeners, notes), *spec.training_chief_hooks]
            session = MonitoredTrainingSession(
                checkpoint_dir=self.model_dir,
                scaffold=spec.scaffold,
                hooks=own,
                chief_only_hooks=chief,
                save_checkpoint_secs=0,
                save_summaries_steps=self._config.save_summary_steps,
                log_step_count_steps=self._config.log_step_count_steps,
            )
            loss = None
            with session:
                while not session.should_stop():
                    _, loss = session.run([spec.train_op, spec.loss])
            if loss is None:
                logging.warning("Training with estimator made no steps. Perhaps input is empty or misspecified.")
            return loss

    @staticmethod
    def _add_loss_summary(spec: EstimatorSpec) -> None:
        summaries = get_default_graph().get_collection(GraphKeys.SUMMARIES)
        if not any(item.op.name == "loss" for item in summaries):
            scalar("loss", spec.loss)
        get_default_graph().add_to_collection(GraphKeys.LOSSES, spec.loss)

    def _log_hooks(self, spec: EstimatorSpec) -> list[SessionRunHook]:
        every = self._config.log_step_count_steps
        if not every:
            return []
        # Read after the update, so that lines count steps from 1.
        with control_dependencies([spec.train_op]):
            step = array.identity(get_or_create_global_step().read_value(), name="step_after_update")
        return [LoggingTensorHook({"loss": spec.loss, "step": step}, every_n_iter=every)]

    def _set_saver(self, spec: EstimatorSpec) -> None:
        graph = get_default_graph()
        if spec.scaffold.saver is None and not graph.get_collection(GraphKeys.SAVERS):
            saver = Saver(
                sharded=True,
                max_to_keep=self._config.keep_checkpoint_max,
                keep_checkpoint_every_n_hours=self._config.keep_checkpoint_every_n_hours,
                defer_build=True,
                save_relative_paths=True,
                allow_empty=True,
            )
            graph.add_to_collection(GraphKeys.SAVERS, saver)

    def _checkpoint_hooks(
        self,
        spec: EstimatorSpec,
        hooks: Sequence[SessionRunHook],
        listeners: list[CheckpointSaverListener],
        notes: CheckpointNotes,
    ) -> list[CheckpointSaverHook]:
        given = [h for h in (*hooks, *spec.training_chief_hooks) if isinstance(h, CheckpointSaverHook)]
        secs, steps = self._config.save_checkpoints_secs, self._config.save_checkpoints_steps
        made = []
        if not given and (secs or steps):
            made = [CheckpointSaverHook(self.model_dir, secs or None, steps or None, scaffold=spec.scaffold)]
        savers = given or made
        if listeners and not savers:
            raise ValueError(
                "There should be a CheckpointSaverHook to use saving_listeners. Please set one of the "
                "RunConfig.save_checkpoints_steps or RunConfig.save_checkpoints_secs."
            )
        if savers:
            savers[0].add_listeners([notes, *listeners])
        return made

    def evaluate(
        self,
        input_fn: InputFn,
        steps: int | None = None,
        hooks: Sequence[SessionRunHook] | None = None,
        checkpoint_path: str | os.PathLike[str] | None = None,
        name: str | None = None,
    ) -> dict[str, Any]:
        """Evaluates the model on an input.

        Without a checkpoint in `model_dir` it is the initial values that are evaluated, with a line in the log. When
        the newest checkpoint that the file `checkpoint` names is gone, the one before it is taken, with a warning
        (TensorFlow would evaluate initial values). So a directory that another process trains in, or that somebody
        tidied up, can be evaluated at any time.

        Args:
            input_fn: As for `train`.
            steps: How many batches; until the input ends by default.
            hooks: Hooks to run around each batch.
            checkpoint_path: The checkpoint to evaluate, in place of the newest.
            name: A name of the evaluation: its events go to `eval_<name>` in place of `eval`.

        Returns:
            The metrics by name, with `loss` (the mean over batches) and `global_step`.

        Raises:
            ValueError: `steps` is not positive, or `checkpoint_path` is no checkpoint.
        """
        if steps is not None and steps <= 0:
            raise ValueError(f"Must specify steps > 0, given: {steps}")
        all_hooks = as_hooks(hooks)
        if steps is not None:
            all_hooks.append(evaluation.StopAfterNEvalsHook(steps))
        path = self._checkpoint_for(checkpoint_path, "evaluate")
        with self._new_graph():
            built = self._evaluation(input_fn, all_hooks, begins_warm=path is None)
            results = evaluation.evaluate_once(built.update_op, built.values, built.scaffold, built.hooks, path)
            evaluation.write_results(self.eval_dir(name), results, path)
        return results

    def _evaluation(
        self, input_fn: InputFn, hooks: list[SessionRunHook], begins_warm: bool = False
    ) -> evaluation.Evaluation:
        """Builds an evaluation in the default graph."""
        features, labels, input_hooks = self._inputs(input_fn, ModeKeys.EVAL)
        spec = self._call_model_fn(features, labels, ModeKeys.EVAL, self._config)
        if begins_warm and self._warm_start is not None:
            warm_start_variables(self._warm_start)
        update_op, values = evaluation.metric_ops(spec.eval_metric_ops, spec.loss)
        scaffold = evaluation.with_metrics_initialised(spec.scaffold)
        return evaluation.Evaluation(scaffold, update_op, values, [*input_hooks, *hooks, *spec.evaluation_hooks])

    def _checkpoint_for(self, given: str | os.PathLike[str] | None, purpose: str) -> str | None:
        path = os.fspath(given) if given else self.latest_checkpoint()
        if given and not checkpoint_exists(given):
            raise ValueError(f"checkpoint_path is not a checkpoint: {given}")
        if path is None:
            logging.info(
                "Could not find trained model in model_dir: %s, running initialization to %s.", self.model_dir, purpose
            )
        return path

    def predict(
        self,
        input_fn: InputFn,
        predict_keys: Any = None,
        hooks: Sequence[SessionRunHook] | None = None,
        checkpoint_path: str | os.PathLike[str] | None = None,
        yield_single_examples: bool = True,
    ) -> Iterator[Any]:
        """Yields the predictions for an input.

        Nothing is done before the first one is asked for. The checkpoint is chosen as for `evaluate`.

        Args:
            input_fn: As for `train`; labels are ignored.
            predict_keys: The predictions that are wanted; all by default.
            hooks: Hooks to run around each batch.
            checkpoint_path: The checkpoint to use, in place of the newest.
            yield_single_examples: Whether to yield one example at a time rather than a batch.

        Yields:
            A dict from each prediction's name to its value for one example (or one batch), or the value alone
            when the model function gives one tensor.

        Raises:
            ValueError: A key is unknown, or predictions differ in their number of rows.
        """
        path = self._checkpoint_for(checkpoint_path, "predict")
        with self._new_graph() as graph:
            features, input_hooks = self._features(input_fn)
            spec = self._call_model_fn(features, None, ModeKeys.PREDICT, self._config)
            if path is None and self._warm_start is not None:
                warm_start_variables(self._warm_start)
            predictions = prediction.selected(spec.predictions, predict_keys)
            all_hooks = [*input_hooks, *as_hooks(hooks), *spec.prediction_hooks]
            creator = ChiefSessionCreator(spec.scaffold, checkpoint_filename_with_path=path)
            session = MonitoredSession(creator, all_hooks)
        yield from prediction.predicted(graph, session, predictions, yield_single_examples)

    def export_saved_model(
        self,
        export_dir_base: str | os.PathLike[str],
        serving_input_receiver_fn: Callable[[], Any] | None,
        assets_extra: Mapping[str, str] | None = None,
        as_text: bool = False,
        checkpoint_path: str | os.PathLike[str] | None = None,
        experimental_mode: str = ModeKeys.PREDICT,
    ) -> bytes:
        """Writes the model as a SavedModel, which TensorFlow and its servers load.

        Args:
            export_dir_base: Where exports go; each into a new directory, named by the time in seconds.
            serving_input_receiver_fn: A function that makes a `ServingInputReceiver`; see `tf.estimator.export`.
            assets_extra: Files to put beside the model: {path below `assets.extra`: path of the file}.
            as_text: Whether the message is written as text.
            checkpoint_path: The checkpoint to export, in place of the newest.
            experimental_mode: The mode whose graph is exported.

        Returns:
            The path of the new directory.

        Raises:
            ValueError: There is no checkpoint, or no function that makes a receiver.
        """
        if serving_input_receiver_fn is None:
            raise ValueError("An input_receiver_fn must be defined.")
        return self.experimental_export_all_saved_models(
            export_dir_base, {experimental_mode: serving_input_receiver_fn}, assets_extra, as_text, checkpoint_path
        )

    def export_savedmodel(
        self,
        export_dir_base: str | os.PathLike[str],
        serving_input_receiver_fn: Callable[[], Any] | None,
        assets_extra: Mapping[str, str] | None = None,
        as_text: bool = False,
        checkpoint_path: str | os.PathLike[str] | None = None,
        strip_default_attrs: bool = False,
    ) -> bytes:
        """The older name of `export_saved_model`; `strip_default_attrs` is accepted for TensorFlow's sake."""
        return self.export_saved_model(
            export_dir_base, serving_input_receiver_fn, assets_extra, as_text, checkpoint_path
        )

    def experimental_export_all_saved_models(
        self,
        export_dir_base: str | os.PathLike[str],
        input_receiver_fn_map: Mapping[str, Callable[[], Any]],
        assets_extra: Mapping[str, str] | None = None,
        as_text: bool = False,
        checkpoint_path: str | os.PathLike[str] | None = None,
    ) -> bytes:
        """Writes the graphs of several modes as one SavedModel.

        Args:
            export_dir_base: Where exports go; each into a new directory, named by the time in seconds.
            input_receiver_fn_map: For each mode, a function that makes an input receiver.
            assets_extra: Files to put beside the model: {path below `assets.extra`: path of the file}.
            as_text: Whether the message is written as text.
            checkpoint_path: The checkpoint to export, in place of the newest.

        Returns:
            The path of the new directory.

        Raises:
            ValueError: There is no checkpoint, or no mode.
        """
        path = checkpoint_path or self.latest_checkpoint()
        if path is None and self._warm_start is not None:
            path = checkpoint_prefix(self._warm_start.ckpt_to_initialize_from)
        if path is None:
            raise ValueError(f"Couldn't find trained model at {self.model_dir}.")
        return export_modes(
            export_dir_base,
            input_receiver_fn_map,
            self._new_graph,
            lambda features, labels, mode: self._call_model_fn(features, labels, mode, self._config),
            path,
            assets_extra,
            as_text,
        )

    def _features(self, input_fn: InputFn) -> tuple[Any, list[SessionRunHook]]:
        result = call_input_fn(input_fn, self._offered(ModeKeys.PREDICT))
        features, _, hooks = features_and_labels(result)
        if not hooks and not prediction.has_iterator(get_default_graph()):
            logging.warning(
                "Input graph does not use tf.data.Dataset or contain a QueueRunner. "
                "That means predict yields forever. This is probably a mistake."
            )
        return features, hooks

    def _new_graph(self) -> Any:
        graph = Graph()
        graph.seed = self._config.tf_random_seed
        graph.debug_numerics = self._config.debug_numerics
        with graph.as_default():
            get_or_create_global_step(graph)
        return graph.as_default()

    def _offered(self, mode: str) -> dict[str, Any]:
        return {"mode": mode, "params": self.params, "config": self._config}

    def _inputs(self, input_fn: InputFn, mode: str) -> tuple[Any, Any, list[SessionRunHook]]:
        return features_and_labels(call_input_fn(input_fn, self._offered(mode)))

    def _call_model_fn(self, features: Any, labels: Any, mode: str, config: RunConfig) -> EstimatorSpec:
        names = argument_names(self._model_fn)
        if labels is not None and "labels" not in names:
            raise ValueError(
                "model_fn does not take labels, but input_fn returns labels. "
                f"Give {place_of(self._model_fn)} the parameter `labels`, or return features alone."
            )
        offered = {"labels": labels, "mode": mode, "params": self.params, "config": config}
        logging.info("Calling model_fn.")
        spec = self._model_fn(features=features, **{key: value for key, value in offered.items() if key in names})
        logging.info("Done calling model_fn.")
        if not isinstance(spec, EstimatorSpec):
            raise ValueError(
                f"model_fn should return an EstimatorSpec; {place_of(self._model_fn)} returned {spec!r} "
                f"for mode {mode!r}. Does it end with `return tf.estimator.EstimatorSpec(mode, ...)`?"
            )
        return spec


def _check_steps(steps: int | None, max_steps: int | None) -> None:
    if steps is not None and max_steps is not None:
        raise ValueError("Can not provide both steps and max_steps.")
    if steps is not None and steps <= 0:
        raise ValueError(f"Must specify steps > 0, given: {steps}")
    if max_steps is not None and max_steps <= 0:
        raise ValueError(f"Must specify max_steps > 0, given: {max_steps}")


def _checked_listeners(listeners: Sequence[CheckpointSaverListener] | None) -> list[CheckpointSaverListener]:
    checked = list(listeners or [])
    if not all(isinstance(listener, CheckpointSaverListener) for listener in checked):
        raise TypeError(f"saving_listeners must be a list of CheckpointSaverListener instances, given: {listeners!r}")
    return checked
