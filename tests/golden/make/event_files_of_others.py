"""Writes small runs with every kind of summary, with a library that is not TensorFlow itself.

`python tests/golden/make/event_files_of_others.py LIBRARY tests/golden/events/LIBRARY.zip`, where LIBRARY is one of
`torch`, `tensorboardx`, `lightning` (PyTorch, tensorboardX, Lightning), `flax`, `clu` (JAX's writers), `keras` (the
callback of TensorFlow 2.15's Keras) and `keras3`.

What each run holds is in the docstring of the function that writes it. Files are renamed so that the names hold neither
host nor time, and keep their order; their bytes are the library's.
"""

from __future__ import annotations

import os
import pathlib
import sys
import tempfile
import time
import zipfile

import numpy as np

STEPS = (0, 1, 2, 3, 300)
IMAGES = np.linspace(0, 1, 2 * 3 * 4 * 5, dtype=np.float32).reshape(2, 3, 4, 5)
SOUND = (np.sin(np.arange(20, dtype=np.float32) / 3) * 0.9).astype(np.float32)
VALUES = np.sin(np.arange(50) * 12.9898) * 3
WALL = 1700000000.25


def write_every_kind(writer, step):
    """Scalars, one NaN and one of the second form, a histogram, one that was counted before, images, sound, text, a
    precision-recall curve, a mesh."""
    wall = WALL + step
    writer.add_scalar("loss", 1 / (1 + step), step, wall)
    writer.add_scalar("nan", float("nan"), step, wall)
    writer.add_histogram("weights", VALUES + step, step, walltime=wall)
    writer.add_histogram_raw("counted", 0.5, 4, 3, 7.5, 20.25, [1, 2, 4], [0, 1, 2], step, wall)
    writer.add_image("picture", IMAGES[0], step, wall)
    writer.add_images("pictures", IMAGES, step, wall)
    writer.add_audio("sound", SOUND, step, 8000, wall)
    writer.add_text("note", "step *%d*" % step, step, wall)
    writer.add_pr_curve("pr", np.arange(10) % 2, np.arange(10) / 10, step, 5, walltime=wall)
    writer.add_mesh("mesh", IMAGES[:1, 0, :, :3], global_step=step, walltime=wall)


def write_summaries(writer_class, logdir):
    """`run`: every kind at five steps, a layout of custom scalars, hyperparameters in a run of their own, scalars of
    one chart in two more. `restarted`: steps 0 to 4, and with `purge_step` 3 to 5."""
    with writer_class(os.path.join(logdir, "run")) as writer:
        for step in STEPS:
            write_every_kind(writer, step)
            writer.add_scalars("both", {"a": step, "b": -step}, step, WALL + step)
        writer.add_custom_scalars_multilinechart(["loss", "nan"])
        writer.add_hparams({"lr": 0.1, "name": "adam", "flag": True}, {"metric": 0.5})
    for begin in (0, 3):
        with writer_class(os.path.join(logdir, "restarted"), purge_step=begin or None) as writer:
            for step in range(begin, begin + (3 if begin else 5)):
                writer.add_scalar("loss", step + begin * 10, step)
                writer.add_text("note", str(step + begin * 10), step)
        time.sleep(1.1)  # tensorboardX would overwrite a file of the same second


def write_torch(logdir):
    """As `write_summaries` has it; in `torch` scalars of the second form, of float32 and float64, a tensor and the
    graph of a linear layer."""
    import torch
    from torch.utils.tensorboard import SummaryWriter

    write_summaries(SummaryWriter, logdir)
    with SummaryWriter(os.path.join(logdir, "torch")) as writer:
        for step in STEPS:
            writer.add_scalar("new", step / 3, step, new_style=True)
            writer.add_scalar("double", step / 3, step, new_style=True, double_precision=True)
            writer.add_tensor("tensor", torch.arange(6).reshape(2, 3) + step, step)
        writer.add_graph(torch.nn.Linear(2, 1), torch.zeros(1, 2))


def write_tensorboardx(logdir):
    """As `write_summaries` has it; in `named` a scalar with a name to show and a description."""
    from tensorboardX import SummaryWriter

    write_summaries(SummaryWriter, logdir)
    with SummaryWriter(os.path.join(logdir, "named")) as writer:
        for step in STEPS:
            writer.add_scalar("loss", step, step, display_name="Loss", summary_description="*it*")


def write_lightning(logdir):
    """What `TensorBoardLogger` makes of metrics, hyperparameters and a dict of metrics."""
    from lightning.pytorch.loggers import TensorBoardLogger

    logger = TensorBoardLogger(logdir, name="run", version=0)
    logger.log_hyperparams({"lr": 0.1, "layers": [1, 2], "none": None}, {"hp/metric": 0.5})
    for step in STEPS:
        logger.log_metrics({"loss": 1 / (1 + step), "epoch": step // 2, "both": {"a": step, "b": -step}}, step)
    logger.finalize("success")


def write_flax(logdir):
    """What `flax.metrics.tensorboard.SummaryWriter` has methods for."""
    from flax.metrics.tensorboard import SummaryWriter

    writer = SummaryWriter(os.path.join(logdir, "run"))
    for step in STEPS:
        writer.scalar("loss", 1 / (1 + step), step)
        writer.histogram("weights", VALUES + step, step, bins=5)
        writer.image("picture", IMAGES.transpose(0, 2, 3, 1), step)
        writer.audio("sound", SOUND.reshape(1, 10, 2), step, sample_rate=8000)
        writer.text("note", "step *%d*" % step, step)
        writer.write("tensor", np.arange(6).reshape(2, 3) + step, step)
    writer.hparams({"lr": 0.1, "net": {"layers": 3, "name": "mlp"}})
    writer.close()


def write_clu(logdir):
    """What `clu.metric_writers.SummaryWriter` has methods for."""
    from clu.metric_writers import SummaryWriter

    writer = SummaryWriter(os.path.join(logdir, "run"))
    for step in STEPS:
        writer.write_scalars(step, {"loss": 1 / (1 + step), "integer": np.int32(step)})
        writer.write_histograms(step, {"weights": VALUES + step}, {"weights": 5})
        writer.write_images(step, {"picture": IMAGES.transpose(0, 2, 3, 1)})
        writer.write_audios(step, {"sound": SOUND.reshape(1, 10, 2)}, sample_rate=8000)
        writer.write_texts(step, {"note": "step *%d*" % step})
        writer.write_summaries(step, {"tensor": np.arange(6).reshape(2, 3) + step})
    writer.write_hparams({"lr": 0.1, "layers": 3})
    writer.close()


def write_keras(logdir):
    """What Keras' `TensorBoard` callback writes of three epochs: losses of each epoch and batch, histograms and images
    of the weights, the graph, and the model's configuration."""
    import tensorflow as tf

    tf.keras.utils.set_random_seed(1)
    model = tf.keras.Sequential([tf.keras.layers.Input((2,)), tf.keras.layers.Dense(3, name="dense")])
    model.compile("sgd", "mse", metrics=["mae"])
    callback = tf.keras.callbacks.TensorBoard(
        logdir, histogram_freq=1, write_images=True, update_freq="batch", profile_batch=0
    )
    features, labels = np.ones((8, 2), np.float32), np.zeros((8, 3), np.float32)
    data = {"validation_data": (features, labels), "shuffle": False, "verbose": 0}
    model.fit(features, labels, 4, epochs=3, callbacks=[callback], **data)


WRITERS = {
    "torch": write_torch,
    "tensorboardx": write_tensorboardx,
    "lightning": write_lightning,
    "flax": write_flax,
    "clu": write_clu,
    "keras": write_keras,
    "keras3": write_keras,
}


def main(library, target):
    with tempfile.TemporaryDirectory() as folder:
        WRITERS[library](folder)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for directory in sorted({path.parent for path in pathlib.Path(folder).rglob("*tfevents*")}):
                run = directory.relative_to(folder).as_posix()
                if run.rpartition("/")[2].replace(".", "").isdigit():  # hyperparameters, named after the time
                    run = run.rpartition("/")[0] + "/hparams"
                for number, path in enumerate(sorted(directory.glob("*tfevents*"))):
                    name = "events.out.tfevents.%010d.golden%s" % (number + 1, ".v2" * path.name.endswith(".v2"))
                    archive.writestr("%s/%s" % (run, name), path.read_bytes())


if __name__ == "__main__":
    main(*sys.argv[1:])
