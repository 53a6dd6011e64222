"""The callback `TensorBoard`: event files as TensorFlow 2's Keras writes them."""

from __future__ import annotations

import os
import time
from typing import Any

import numpy as np

from trackml import logging
from trackml.keras import backend
from trackml.keras.callbacks.base import Callback
from trackml.keras.callbacks.tensorboard_values import (
    histogram_value,
    image_value,
    keras_graph_value,
    scalar_value,
    weight_as_pictures,
)

_OLD_ARGUMENTS = ("batch_size", "embeddings_data", "embeddings_layer_names", "write_grads")


class TensorBoard(Callback):
    """Writes losses, metrics, weights and the model for TensorBoard, in the runs `train` and `validation`.

    The tags are those of TensorFlow 2: `epoch_loss` and its like by epochs, `batch_loss` by batches,
    `evaluation_loss_vs_iterations` for validations, `dense/kernel_0/histogram` for weights.

    Args:
        log_dir: The directory; runs are below it.
        histogram_freq: Each how many epochs histograms of weights are written; 0 for none.
        write_graph: Whether the model and its graph are written.
        write_images: Whether weights are written as images, too, with their histograms.
        write_steps_per_second: Whether steps a second are written, of each batch and epoch.
        update_freq: `"epoch"`, `"batch"`, or each how many batches losses and metrics are written.
        profile_batch: 0; anything else is told to have no effect: nothing is profiled.
        embeddings_freq: Each how many epochs weights are written for the projector; 0 for none.
        embeddings_metadata: The file of labels of all `Embedding` layers, or a dict of such by the names of layers.
        kwargs: Arguments of older versions, told to have no effect.

    Raises:
        ValueError: An argument that no version has, or labels for a layer that is no `Embedding`.
    """

    def __init__(
        self,
        log_dir: str | os.PathLike[str] = "logs",
        histogram_freq: int = 0,
        write_graph: bool = True,
        write_images: bool = False,
        write_steps_per_second: bool = False,
        update_freq: str | int = "epoch",
        profile_batch: Any = 0,
        embeddings_freq: int = 0,
        embeddings_metadata: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__()
        _check(profile_batch, kwargs)
        self.log_dir = os.fspath(log_dir)
        self.histogram_freq, self.write_graph, self.write_images = histogram_freq, write_graph, write_images
        self.write_steps_per_second = write_steps_per_second
        self.update_freq: Any = 1 if update_freq == "batch" else update_freq
        self.embeddings_freq, self.embeddings_metadata = embeddings_freq, embeddings_metadata
        self._writers: dict[str, Any] = {}
        self._batches = self._batches_before = 0

    def set_model(self, model: Any) -> None:
        """Writes the model, and what the projector shows."""
        super().set_model(model)
        self._writers = {}
        if self.write_graph and (model.is_network or hasattr(model, "_stack")):
            self._add("train", 0, [keras_graph_value("keras", model)])
        if self.embeddings_freq:
            from trackml.keras.callbacks.projector import write_projector_config

            write_projector_config(self.log_dir, model, self.embeddings_metadata)

    def _writer(self, run: str) -> Any:
        from trackml.events.writer import EventFileWriter

        if run not in self._writers:
            self._writers[run] = EventFileWriter(os.path.join(self.log_dir, run), filename_suffix=".v2")
        return self._writers[run]

    def _add(self, run: str, step: int, values: list[Any]) -> None:
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.compat.proto.summary_pb2 import Summary

        now = time.time()
        for value in values:
            self._writer(run).add_event(Event(wall_time=now, step=step, summary=Summary(value=[value])))

    def _add_scalars(self, run: str, step: int, scalars: dict[str, Any]) -> None:
        self._add(run, step, [scalar_value(tag, value) for tag, value in scalars.items()])

    def on_train_begin(self, logs: Any = None) -> None:
        """Begins to count."""
        self._batches = self._batches_before = 0
        self._graph_is_due = self.write_graph

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Notes the time."""
        self._epoch_began, self._batches_before = time.perf_counter(), self._batches

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Notes the time."""
        self._batch_began = time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Writes the graph after the first batch, and losses and metrics if it is time."""
        self._batches += 1
        if self._graph_is_due:
            self._graph_is_due = False
            self._add_graph()
        if self.update_freq == "epoch" or self._batches % self.update_freq:
            return
        scalars = {}
        if self.write_steps_per_second:
            scalars["batch_steps_per_second"] = 1.0 / max(time.perf_counter() - self._batch_began, 1e-9)
        scalars |= {f"batch_{name}": value for name, value in _values(logs).items()}
        self._add_scalars("train", self._batches, scalars)

    def _add_graph(self) -> None:
        from tensorboard.compat.proto.event_pb2 import Event

        message = self.model.graph.as_graph_def().SerializeToString()
        self._writer("train").add_event(Event(wall_time=time.time(), step=0, graph_def=message))

    def on_test_end(self, logs: Any = None) -> None:
        """Writes losses and metrics of an evaluation, by the optimizer's steps."""
        if self.model.optimizer is None or not logs:
            return
        from trackml.keras.saving.optimizer_state import iterations_of

        steps = iterations_of(self.model)
        step = self._batches if steps is None else int(backend.get_value(steps))
        self._add_scalars("validation", step, {f"evaluation_{n}_vs_iterations": v for n, v in _values(logs).items()})

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Writes losses, metrics and weights."""
        values = _values(logs)
        train = {f"epoch_{name}": value for name, value in values.items() if not name.startswith("val_")}
        if self.write_steps_per_second:
            spent = max(time.perf_counter() - self._epoch_began, 1e-9)
            train["epoch_steps_per_second"] = (self._batches - self._batches_before) / spent
        self._add_scalars("train", epoch, train)
        held = {f"epoch_{name[4:]}": value for name, value in values.items() if name.startswith("val_")}
        self._add_scalars("validation", epoch, held)
        if self.histogram_freq and epoch % self.histogram_freq == 0:
            self._add_weights(epoch)
        if self.embeddings_freq and epoch % self.embeddings_freq == 0:
            self.model.save_weights(os.path.join(self.log_dir, "train", f"keras_embedding.ckpt-{epoch}"))

    def _add_weights(self, epoch: int) -> None:
        for layer in self.model.layers:
            for weight, value in zip(layer.weights, layer.get_weights()):
                name = weight.name.replace(":", "_")
                self._add("train", epoch, [histogram_value(f"{name}/histogram", value)])
                pictures = weight_as_pictures(value) if self.write_images else None
                if pictures is not None:
                    self._add("train", epoch, [image_value(f"{name}/image", pictures)])
        self._writer("train").flush()

    def on_train_end(self, logs: Any = None) -> None:
        """Closes the files."""
        for writer in self._writers.values():
            writer.close()


def _values(logs: Any) -> dict[str, Any]:
    """What is logged of losses and metrics."""
    scalars = {name: value for name, value in (logs or {}).items() if np.ndim(value) == 0}
    return {name: value for name, value in scalars.items() if name not in ("batch", "size")}


def _check(profile_batch: Any, kwargs: dict[str, Any]) -> None:
    unknown = sorted(set(kwargs) - set(_OLD_ARGUMENTS))
    if unknown:
        raise ValueError(
            f"Unrecognized arguments in `TensorBoard` Callback: {unknown}. Supported kwargs are: {list(_OLD_ARGUMENTS)}"
        )
    for name in sorted(kwargs):
        if kwargs[name]:
            logging.warning("`%s` has no effect in the `TensorBoard` callback.", name)
    if profile_batch not in (0, "0", None):
        logging.warning(
            "profile_batch=%s has no effect: the `TensorBoard` callback profiles nothing. For timelines "
            "of single steps use `tf.train.ProfilerHook`.",
            profile_batch,
        )
