"""Writes an event file with every kind of summary, with the TensorFlow that runs it.

`python tests/golden/make/event_files.py tests/golden/events/tf115_v1` (TensorFlow 1.15)
`python tests/golden/make/event_files.py tests/golden/events/tf215_v1` (TensorFlow 2.15)
`python tests/golden/make/event_files.py tests/golden/events/tf215_v2 v2` (TensorFlow 2.15, its second writer)

What each file holds is in the docstrings of `write_v1` and `write_v2`. The file is renamed to
`events.out.tfevents.1700000000.golden`; its bytes are TensorFlow's.
"""

from __future__ import annotations

import os
import sys

import numpy as np
import tensorflow as tf

STEPS = range(5)
IMAGES = np.linspace(0, 1, 2 * 4 * 5 * 3, dtype=np.float32).reshape(2, 4, 5, 3)
AUDIO = np.sin(np.arange(40, dtype=np.float32) / 3).reshape(2, 10, 2)


def write_v1(logdir):
    """Steps 0 to 4 of scalar `loss` = step / 4, `scope/accuracy` = -step, `huge` = 1e30, histogram `weights` of 10
    numbers and `nothing` of none, images `picture/image/0` and `/1`, stereo `sound/audio/0` and `/1`, text `note`; the
    graph; a SessionLog START at step 0 and CHECKPOINT at step 4; run metadata `trace`."""
    v1 = tf.compat.v1
    v1.disable_eager_execution()
    step = v1.placeholder(tf.float32, [])
    v1.summary.scalar("loss", step / 4)
    with v1.name_scope("scope"):
        v1.summary.scalar("accuracy", -step)
    v1.summary.scalar("huge", tf.constant(1e30))
    v1.summary.histogram("weights", tf.range(10, dtype=tf.float32) - step)
    v1.summary.histogram("nothing", tf.zeros([0]))
    v1.summary.image("picture", v1.placeholder_with_default(IMAGES, IMAGES.shape))
    v1.summary.audio("sound", v1.placeholder_with_default(AUDIO, AUDIO.shape), 8000)
    v1.summary.text("note", tf.strings.join(["step *", tf.strings.as_string(step, precision=0), "*"]))
    merged = v1.summary.merge_all()
    # A graph of its own, smaller than the one that makes the summaries.
    with tf.Graph().as_default() as graph:
        tf.constant(1.0, name="one")
    writer = v1.summary.FileWriter(logdir, graph=graph)
    writer.add_session_log(v1.SessionLog(status=v1.SessionLog.START), 0)
    with v1.Session() as session:
        for number in STEPS:
            writer.add_summary(session.run(merged, {step: number}), number)
    writer.add_session_log(v1.SessionLog(status=v1.SessionLog.CHECKPOINT, checkpoint_path="model.ckpt"), 4)
    writer.add_run_metadata(v1.RunMetadata(), "trace", 4)
    writer.close()


def write_v2(logdir):
    """Steps 0 to 4 of the tensors `loss` = step / 4, `scope/accuracy` = -step (float32), histogram `weights`, two
    images `picture`, two stereo clips `sound`, text `note`, and `double`, a float64 that claims to be a scalar."""
    metadata = tf.compat.v1.SummaryMetadata()
    metadata.plugin_data.plugin_name = "scalars"
    writer = tf.summary.create_file_writer(logdir)
    with writer.as_default():
        for number in STEPS:
            tf.summary.scalar("loss", number / 4, step=number)
            tf.summary.scalar("scope/accuracy", -number, step=number)
            tf.summary.write("double", tf.constant(number / 3, tf.float64), step=number, metadata=metadata)
            tf.summary.histogram("weights", np.arange(10) - number, step=number, buckets=5)
            tf.summary.image("picture", IMAGES, step=number)
            tf.summary.audio("sound", AUDIO, 8000, step=number)
            tf.summary.text("note", "step *%d*" % number, step=number)
    writer.close()


def main():
    logdir = sys.argv[1]
    (write_v2 if "v2" in sys.argv[2:] else write_v1)(logdir)
    (name,) = os.listdir(logdir)
    os.rename(os.path.join(logdir, name), os.path.join(logdir, "events.out.tfevents.1700000000.golden"))


main()
