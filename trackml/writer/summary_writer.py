"""`SummaryWriter`: scalars, histograms, pictures, sound, texts and more, from any loop into event files."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tensorboard.compat.proto.event_pb2 import Event

from trackml.writer.arrays import as_array, as_number
from trackml.writer.audio import audio_value
from trackml.writer.distributions import histogram_raw_value, histogram_value, pr_curve_raw_value, pr_curve_value
from trackml.writer.hparams import hparams_values
from trackml.writer.images import figure_pixels, image_value, video_value
from trackml.writer.layouts import layout_value
from trackml.writer.projector import write_embedding
from trackml.writer.run_files import event_of
from trackml.writer.run_writer import RunWriter
from trackml.writer.tensors import mesh_values, tensor_value, text_value


class SummaryWriter(RunWriter):
    """Logs a run: each `add_` method queues one event for the event file of the run's directory.

    A drop-in for `torch.utils.tensorboard.SummaryWriter` and `tensorboardX.SummaryWriter`. Numbers and tensors may be
    Python's, numpy's, or anything with `__array__` or `__dlpack__`; PyTorch and JAX are not imported. Where the two
    disagree, this one does as PyTorch's: tags stay as they are given, and `add_scalars` writes to
    `<log_dir>/<main_tag>_<tag>`. docs/summary_writer.md lists every difference.

    What is on disk: after `flush` returns, everything that was added before, also when the process is killed then.
    Without it, an event waits `flush_secs` at most, and never longer than a second. That is on disk as other processes
    see it: a power failure can take what the operating system has not yet written. A normal exit of the interpreter, or
    of a child process of multiprocessing, closes the writer.

    When writing fails (the disk is full, the directory was removed), the next call raises the OSError, and has not
    added its own event. Nothing that waits is dropped: later calls try it again, and the file never ends in a part of a
    record that would hide what follows it. An error of `close` is final.

    A writer may be used from several threads. In a fork of the process it goes on in a new file; what waits then is
    written once, by the parent. After `close`, adding opens a new file too.

    Args:
        log_dir: The run's directory. By default `runs/<date>_<host><comment>`.
        comment: Ends the default `log_dir`.
        purge_step: What earlier files of the directory hold from this step on is hidden by TensorBoard, because a run
            that crashed goes on from here.
        max_queue: How many events may wait to be written before adding waits too: 0 for any number, else never less
            than 65,536, since batches make events cheap.
        flush_secs: The longest time that an event waits; more than a second counts as a second.
        filename_suffix: Ends the names of the files.
        write_to_disk: Whether to write at all.
        logdir: `log_dir` by tensorboardX's name.
        comet_config: Accepted for tensorboardX's sake; must be None or disabled.

    Raises:
        OSError: The event file cannot be made.

    Example:
        >>> import tempfile, trackml
        >>> with trackml.SummaryWriter(tempfile.mkdtemp()) as writer:
        ...     for step in range(100):
        ...         writer.add_scalar("loss", 1 / (1 + step), step)
    """

    def add_tensor(self, tag: str, tensor: Any, global_step: Any = None, walltime: float | None = None) -> None:
        """Adds a tensor of any shape as it is."""
        self._add([tensor_value(tag, tensor)], global_step, walltime)

    def add_histogram(
        self,
        tag: str,
        values: Any,
        global_step: Any = None,
        bins: Any = "tensorflow",
        walltime: float | None = None,
        max_bins: int | None = None,
    ) -> None:
        """Adds the distribution of numbers.

        Args:
            tag: The tag.
            values: Numbers of any shape.
            global_step: The step.
            bins: "tensorflow" for buckets that widen by a tenth, else what `numpy.histogram` takes.
            walltime: Seconds since the epoch; now by default.
            max_bins: About how many buckets to keep.

        Raises:
            ValueError: There is no number, or none that lies in a bucket.
        """
        self._add([histogram_value(tag, values, bins, max_bins)], global_step, walltime)

    def add_histogram_raw(
        self,
        tag: str,
        min: float,
        max: float,
        num: float,
        sum: float,
        sum_squares: float,
        bucket_limits: Any,
        bucket_counts: Any,
        global_step: Any = None,
        walltime: float | None = None,
    ) -> None:
        """Adds a distribution that was counted already.

        Args:
            tag: The tag.
            min: The least number.
            max: The greatest number.
            num: How many numbers there are.
            sum: Their sum.
            sum_squares: The sum of their squares.
            bucket_limits: The upper limit of each bucket.
            bucket_counts: How many numbers each bucket holds.
            global_step: The step.
            walltime: Seconds since the epoch; now by default.

        Raises:
            ValueError: There are not as many limits as counts.
        """
        value = histogram_raw_value(
            tag,
            min=as_number(min),
            max=as_number(max),
            num=as_number(num),
            sum=as_number(sum),
            sum_squares=as_number(sum_squares),
            bucket_limits=as_array(bucket_limits).tolist(),
            bucket_counts=as_array(bucket_counts).tolist(),
        )
        self._add([value], global_step, walltime)

    def add_image(
        self,
        tag: str,
        img_tensor: Any,
        global_step: Any = None,
        walltime: float | None = None,
        dataformats: str = "CHW",
    ) -> None:
        """Adds an image.

        Args:
            tag: The tag.
            img_tensor: `uint8` from 0 to 255, or other numbers from 0 to 1, with 1, 3 or 4 channels.
            global_step: The step.
            walltime: Seconds since the epoch; now by default.
            dataformats: What the dimensions are: "CHW", "HWC", "HW", or "NCHW" in any order for a grid of several.

        Raises:
            ValueError: The shape does not fit `dataformats`.
        """
        self._add([image_value(tag, img_tensor, dataformats)], global_step, walltime)

    def add_images(
        self,
        tag: str,
        img_tensor: Any,
        global_step: Any = None,
        walltime: float | None = None,
        dataformats: str = "NCHW",
    ) -> None:
        """Adds several images as one, eight in a row.

        Args:
            tag: The tag.
            img_tensor: As for `add_image`, with a dimension N; or a list of images, `dataformats` being that of one.
            global_step: The step.
            walltime: Seconds since the epoch; now by default.
            dataformats: What the dimensions are, "NCHW" in any order.
        """
        if isinstance(img_tensor, (list, tuple)) and len(dataformats) == 3:
            img_tensor, dataformats = np.stack([as_array(image) for image in img_tensor]), f"N{dataformats}"
        self._add([image_value(tag, img_tensor, dataformats)], global_step, walltime)

    def add_image_with_boxes(
        self,
        tag: str,
        img_tensor: Any,
        box_tensor: Any,
        global_step: Any = None,
        walltime: float | None = None,
        rescale: float = 1,
        dataformats: str = "CHW",
        labels: str | Sequence[str] | None = None,
    ) -> None:
        """Adds an image with boxes drawn on it.

        Args:
            tag: The tag.
            img_tensor: As for `add_image`.
            box_tensor: The corners `xmin, ymin, xmax, ymax` of each box in pixels, `[boxes, 4]`.
            global_step: The step.
            walltime: Seconds since the epoch; now by default.
            rescale: Factor to the size of the picture.
            dataformats: What the dimensions of the image are.
            labels: A text for each box; another number of texts than boxes is left out.
        """
        boxes = as_array(box_tensor)
        texts = [labels] if isinstance(labels, str) else labels
        if texts is not None and len(texts) != len(boxes):
            texts = None
        value = image_value(tag, img_tensor, dataformats, rescale=rescale, boxes=boxes, labels=texts)
        self._add([value], global_step, walltime)

    def add_figure(
        self, tag: str, figure: Any, global_step: Any = None, close: bool = True, walltime: float | None = None
    ) -> None:
        """Adds a matplotlib figure, or a list of them as a grid, as an image.

        Args:
            tag: The tag.
            figure: The figure, drawn by its own canvas.
            global_step: The step.
            close: Whether pyplot forgets the figure then.
            walltime: Seconds since the epoch; now by default.
        """
        if isinstance(figure, list):
            self.add_images(tag, [figure_pixels(one, close=close) for one in figure], global_step, walltime, "HWC")
        else:
            self.add_image(tag, figure_pixels(figure, close=close), global_step, walltime, "HWC")

    def add_video(
        self,
        tag: str,
        vid_tensor: Any,
        global_step: Any = None,
        fps: float = 4,
        walltime: float | None = None,
        dataformats: str = "NTCHW",
    ) -> None:
        """Adds videos, side by side, as an animated GIF.

        Args:
            tag: The tag.
            vid_tensor: `uint8` from 0 to 255, or other numbers from 0 to 1.
            global_step: The step.
            fps: Frames a second.
            walltime: Seconds since the epoch; now by default.
            dataformats: What the dimensions are, "NTCHW" in any order.
        """
        self._add([video_value(tag, vid_tensor, fps, dataformats)], global_step, walltime)

    def add_audio(
        self,
        tag: str,
        snd_tensor: Any,
        global_step: Any = None,
        sample_rate: int = 44100,
        walltime: float | None = None,
    ) -> None:
        """Adds a clip of sound.

        Args:
            tag: The tag.
            snd_tensor: `[frames]`, `[1, frames]` or `[frames, channels]`, samples from -1 to 1.
            global_step: The step.
            sample_rate: Frames a second.
            walltime: Seconds since the epoch; now by default.
        """
        self._add([audio_value(tag, snd_tensor, sample_rate)], global_step, walltime)

    def add_text(self, tag: str, text_string: str, global_step: Any = None, walltime: float | None = None) -> None:
        """Adds a text in Markdown, under the tag `<tag>/text_summary`."""
        self._add([text_value(tag, text_string)], global_step, walltime)

    def add_graph(
        self, model: Any, input_to_model: Any = None, verbose: bool = False, use_strict_trace: bool = True
    ) -> None:
        """Adds a graph for TensorBoard to draw.

        Args:
            model: A `trackml.Graph`, or anything else with `as_graph_def()`.
            input_to_model: Accepted for PyTorch's sake.
            verbose: Accepted for PyTorch's sake.
            use_strict_trace: Accepted for PyTorch's sake.

        Raises:
            TypeError: `model` is no graph. PyTorch's modules are drawn by PyTorch's own writer.
        """
        as_graph_def = getattr(model, "as_graph_def", None)
        if not callable(as_graph_def):
            raise TypeError(
                f"add_graph draws a graph, something with as_graph_def(); got {type(model).__name__}. "
                "Use torch.utils.tensorboard.SummaryWriter for the graph of a PyTorch module."
            )
        message = as_graph_def()
        self._run.add_event(Event(wall_time=self._moments.now(), graph_def=message.SerializeToString()))

    def add_onnx_graph(
        self, prototxt: str | os.PathLike[str] | None = None, *, onnx_model_file: str | os.PathLike[str] | None = None
    ) -> None:
        """Adds the graph of an ONNX model: a node for each input, weight and operation. The package onnx is not needed.

        Args:
            prototxt: The model's file; the name is PyTorch's.
            onnx_model_file: The same by tensorboardX's name.

        Raises:
            OSError: The file cannot be read.
            ValueError: It is no ONNX model.
        """
        from trackml.writer.foreign_graphs import onnx_graph  # few need it, and it costs milliseconds

        path = prototxt if onnx_model_file is None else onnx_model_file
        if path is None:
            raise TypeError("add_onnx_graph expects the file of an ONNX model; got none.")
        self._file_writer.add_onnx_graph(onnx_graph(path))

    def add_openvino_graph(self, xmlname: str | os.PathLike[str]) -> None:
        """Adds the graph of a model in OpenVINO's intermediate representation: a node for each layer.

        Args:
            xmlname: The model's XML file.

        Raises:
            OSError: The file cannot be read.
            ValueError: It is no such model.
        """
        from trackml.writer.foreign_graphs import openvino_graph

        self._file_writer.add_openvino_graph(openvino_graph(xmlname))

    def add_embedding(
        self,
        mat: Any,
        metadata: Sequence[Any] | None = None,
        label_img: Any = None,
        global_step: Any = None,
        tag: str = "default",
        metadata_header: Sequence[str] | None = None,
    ) -> None:
        """Writes points for TensorBoard's projector, into files beside the event file, at once.

        Args:
            mat: `[points, dimensions]`.
            metadata: A label for each point, or with `metadata_header` a list of labels.
            label_img: A square picture for each point, `[points, channels, side, side]`.
            global_step: The step.
            tag: The embedding's name; one of the same name and step is replaced.
            metadata_header: Names of the columns of labels.

        Raises:
            ValueError: The parts do not fit each other.
            OSError: The files cannot be written.
        """
        if self._files.to_disk:
            step = self._moments.step(global_step)
            write_embedding(Path(self.log_dir), mat, metadata, label_img, step, tag, metadata_header)

    def add_pr_curve(
        self,
        tag: str,
        labels: Any,
        predictions: Any,
        global_step: Any = None,
        num_thresholds: int = 127,
        weights: Any = None,
        walltime: float | None = None,
    ) -> None:
        """Adds the precision-recall curve of a binary classifier.

        Args:
            tag: The tag.
            labels: The truth, 0 or 1 for each example.
            predictions: The probability of 1 for each example.
            global_step: The step.
            num_thresholds: How many thresholds from 0 to 1; 127 at most.
            weights: Of the examples.
            walltime: Seconds since the epoch; now by default.
        """
        self._add([pr_curve_value(tag, labels, predictions, num_thresholds, weights)], global_step, walltime)

    def add_pr_curve_raw(
        self,
        tag: str,
        true_positive_counts: Any,
        false_positive_counts: Any,
        true_negative_counts: Any,
        false_negative_counts: Any,
        precision: Any,
        recall: Any,
        global_step: Any = None,
        num_thresholds: int = 127,
        weights: Any = None,
        walltime: float | None = None,
    ) -> None:
        """Adds a precision-recall curve that was computed already, a value for each threshold.

        Args:
            tag: The tag.
            true_positive_counts: Positives above the threshold.
            false_positive_counts: Negatives above it.
            true_negative_counts: Negatives below it.
            false_negative_counts: Positives below it.
            precision: The share of what is above that is positive.
            recall: The share of the positives that is above.
            global_step: The step.
            num_thresholds: How many thresholds there are; 127 at most.
            weights: Accepted for PyTorch's sake.
            walltime: Seconds since the epoch; now by default.
        """
        counts = [true_positive_counts, false_positive_counts, true_negative_counts, false_negative_counts]
        self._add([pr_curve_raw_value(tag, [*counts, precision, recall], num_thresholds)], global_step, walltime)

    def add_custom_scalars_multilinechart(
        self, tags: Sequence[str], category: str = "default", title: str = "untitled"
    ) -> None:
        """Adds a layout of one chart with a line for each tag."""
        self.add_custom_scalars({category: {title: ["Multiline", tags]}})

    def add_custom_scalars_marginchart(
        self, tags: Sequence[str], category: str = "default", title: str = "untitled"
    ) -> None:
        """Adds a layout of one chart with a line, the first tag, between two others, the lower and the upper."""
        self.add_custom_scalars({category: {title: ["Margin", tags]}})

    def add_custom_scalars(self, layout: Mapping[str, Mapping[str, Sequence[Any]]]) -> None:
        """Adds a layout of charts, once for a run.

        Args:
            layout: By category and title of a chart: `["Multiline", tags]` or `["Margin", [value, lower, upper]]`.

        Raises:
            ValueError: A margin chart has not three tags.
        """
        self._add([layout_value(layout)], None, None)

    def add_mesh(
        self,
        tag: str,
        vertices: Any,
        colors: Any = None,
        faces: Any = None,
        config_dict: Mapping[str, Any] | None = None,
        global_step: Any = None,
        walltime: float | None = None,
    ) -> None:
        """Adds meshes or clouds of points.

        Args:
            tag: The tag.
            vertices: Coordinates, `[batch, vertices, 3]`.
            colors: From 0 to 255, `[batch, vertices, 3]`.
            faces: Numbers of vertices, `[batch, faces, 3]`.
            config_dict: Classes of three.js and their settings.
            global_step: The step.
            walltime: Seconds since the epoch; now by default.
        """
        self._add(mesh_values(tag, vertices, colors, faces, config_dict), global_step, walltime)

    def add_hparams(
        self,
        hparam_dict: Mapping[str, Any],
        metric_dict: Mapping[str, Any],
        hparam_domain_discrete: Mapping[str, Sequence[Any]] | str | None = None,
        run_name: str | None = None,
        global_step: Any = None,
        *,
        name: str | None = None,
    ) -> None:
        """Adds a session for TensorBoard's HParams page, in a run of its own below this one.

        Args:
            hparam_dict: A bool, a number, a str or a callable (by its name) for each hyperparameter.
            metric_dict: A number for each tag that the page compares.
            hparam_domain_discrete: All values that a hyperparameter may take; a str here is tensorboardX's `name`.
            run_name: Ends the run's directory; the time by default.
            global_step: The step.
            name: `run_name` by tensorboardX's name.

        Raises:
            TypeError: A hyperparameter is something else.
        """
        if not isinstance(hparam_dict, Mapping) or not isinstance(metric_dict, Mapping):
            raise TypeError(
                "hparam_dict and metric_dict must be dicts; got "
                f"{type(hparam_dict).__name__} and {type(metric_dict).__name__}."
            )
        if isinstance(hparam_domain_discrete, str):
            name, hparam_domain_discrete = hparam_domain_discrete, None
        values = hparams_values(hparam_dict, metric_dict, hparam_domain_discrete)
        metrics = {tag: as_number(metric) for tag, metric in metric_dict.items()}
        step, now = self._moments.step(global_step), self._moments.now()
        run = self._files.of(run_name or name or str(time.time()))
        for value in values:
            run.add_event(event_of([value], step, now))
        for tag, metric in metrics.items():
            run.add_scalar(tag, metric, step, now)
        run.close()  # sessions are many, and each of them is whole
