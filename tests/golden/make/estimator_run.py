"""A run of an Estimator that has the same numbers everywhere, and what it leaves behind.

`python tests/golden/make/estimator_run.py tests/golden/estimator/run_tf115.json tests/golden/estimator/model_tf115`
(TensorFlow 1.15) keeps what TensorFlow says, writes and returns, and the checkpoint of step 55. The tests call `run`
with trackml in TensorFlow's place and compare.

Initial values are constants and rows keep their order, so nothing is left to chance but times, which are cut out.
"""

from __future__ import print_function

import json
import logging
import os
import re
import shutil
import sys
import tempfile

import numpy as np

ROWS = np.arange(80, dtype=np.float32).reshape(40, 2) % 7 / 7
LABELS = (ROWS[:, :1] * 2 - ROWS[:, 1:]).astype(np.float32)


class Lines(logging.Handler):
    """Everything that is said, in order: log lines without times, and calls of hooks and listeners."""

    def __init__(self, directory):
        logging.Handler.__init__(self)
        self.lines = []
        self.directory = directory

    def emit(self, record):
        if record.levelname != "WARNING" and "Using config" not in record.getMessage():
            self.say("%s:%s" % (record.levelname, record.getMessage()))

    def say(self, line):
        line = line.replace(self.directory, "DIR")
        line = re.sub(r"\(\d+\.\d+ sec\)", "(TIME sec)", line)
        line = re.sub(r"global_step/sec: [\d.e+]+", "global_step/sec: RATE", line)
        line = re.sub(r"\d{4}-\d\d-\d\d[T-]\d\d:\d\d:\d\d", "TIME", line)
        # Digits that depend on the order of a sum.
        self.lines.append(re.sub(r"\d+\.\d+(e-\d+)?", lambda found: "%.4f" % float(found.group(0)), line))

    def taken(self):
        taken, self.lines = self.lines, []
        return taken


def hook_class(tf):
    class Hook(tf.train.SessionRunHook):
        def __init__(self, name, lines):
            self.name, self.lines = name, lines

        def begin(self):
            finalized = tf.get_default_graph().finalized
            self.lines.say("HOOK %s begin finalized=%s" % (self.name, finalized))

        def after_create_session(self, session, coord):
            finalized = session.graph.finalized
            self.lines.say("HOOK %s after_create_session finalized=%s" % (self.name, finalized))
            self.runs = 0

        def before_run(self, run_context):
            self.runs += 1
            if self.runs == 1:
                original = run_context.original_args
                fetches = [type(item).__name__ for item in original.fetches]
                self.lines.say("HOOK %s before_run %s %s" % (self.name, fetches, original.feed_dict))

        def after_run(self, run_context, run_values):
            if self.runs == 1:
                self.lines.say("HOOK %s after_run %s" % (self.name, run_values.results))

        def end(self, session):
            self.lines.say("HOOK %s end" % self.name)

    return Hook


def listener_class(tf):
    class Listener(tf.train.CheckpointSaverListener):
        def __init__(self, lines):
            self.lines = lines

        def begin(self):
            self.lines.say("LISTENER begin")

        def before_save(self, session, global_step_value):
            self.lines.say("LISTENER before_save %d" % global_step_value)

        def after_save(self, session, global_step_value):
            self.lines.say("LISTENER after_save %d" % global_step_value)

        def end(self, session, global_step_value):
            self.lines.say("LISTENER end %d" % global_step_value)

    return Listener


def model_fn_of(tf, lines):
    hook = hook_class(tf)

    def model_fn(features, labels, mode, params, config):
        lines.say("MODEL_FN %s %s %s" % (mode, sorted(features), params))
        net = tf.layers.dense(
            features["x"], params["units"], tf.nn.relu, kernel_initializer=tf.constant_initializer(0.5), name="hidden"
        )
        output = tf.layers.dense(net, 1, kernel_initializer=tf.constant_initializer(0.25), name="output")
        if mode == tf.estimator.ModeKeys.PREDICT:
            hooks = [hook("prediction", lines)]
            predictions = {"output": output, "twice": output * 2}
            return tf.estimator.EstimatorSpec(mode, predictions=predictions, prediction_hooks=hooks)
        loss = tf.losses.mean_squared_error(labels, output)
        metrics = {"rmse": tf.metrics.root_mean_squared_error(labels, output), "mean": tf.metrics.mean(output)}
        tf.summary.scalar("rmse", metrics["rmse"][1])
        if mode == tf.estimator.ModeKeys.EVAL:
            hooks = [hook("evaluation", lines)]
            return tf.estimator.EstimatorSpec(mode, loss=loss, eval_metric_ops=metrics, evaluation_hooks=hooks)
        tf.summary.histogram("net", net)
        tf.summary.text("note", tf.constant("*hello*"))
        tf.summary.image("picture", tf.ones([2, 2, 2, 3]))
        tf.summary.audio("sound", tf.zeros([1, 4]), 8000, max_outputs=1)
        with tf.name_scope("scope"):
            tf.summary.scalar("bad tag:x", loss)
        train_op = tf.train.AdagradOptimizer(0.05).minimize(loss, global_step=tf.train.get_global_step())
        return tf.estimator.EstimatorSpec(
            mode,
            loss=loss,
            train_op=train_op,
            training_hooks=[hook("training", lines)],
            training_chief_hooks=[hook("chief", lines)],
        )

    return model_fn


def train_input(tf):
    return tf.data.Dataset.from_tensor_slices(({"x": ROWS}, LABELS)).repeat().batch(10)


def eval_input(tf):
    return tf.data.Dataset.from_tensor_slices(({"x": ROWS}, LABELS)).batch(16)


def predict_input(tf):
    return tf.data.Dataset.from_tensor_slices({"x": ROWS[:3]}).batch(2)


def events_of(tf, directory, root):
    """[step, kind of event, what is in it] of each event."""
    found = []
    for name in sorted(os.listdir(directory)):
        if "tfevents" not in name or name.endswith(".manifest"):  # which TensorFlow does not write
            continue
        for event in tf.train.summary_iterator(os.path.join(directory, name)):
            kind = event.WhichOneof("what")
            found.append([int(event.step), kind, content_of(event, kind, root)])
    return found


def content_of(event, kind, root):
    if kind == "file_version":
        return event.file_version
    if kind == "session_log":
        return [int(event.session_log.status), event.session_log.checkpoint_path.replace(root, "DIR")]
    if kind == "summary":
        return [value_of(value, root) for value in event.summary.value]
    return None


def value_of(value, root):
    field = value.WhichOneof("value")
    plugin = value.metadata.plugin_data.plugin_name
    content = None
    if field == "simple_value" and value.tag != "global_step/sec":
        content = float(value.simple_value)
    elif field == "tensor":
        content = [item.decode("utf-8").replace(root, "DIR") for item in value.tensor.string_val]
    elif field == "histo":
        content = [value.histo.num, value.histo.min, value.histo.max]
    return [value.tag, field, plugin, content]


def files_of(directory):
    return sorted(
        re.sub(r"\.tfevents\..*", ".tfevents.FILE", os.path.relpath(os.path.join(folder, name), directory))
        for folder, _, names in os.walk(directory)
        for name in names
        if not name.endswith(".manifest")
    )


def state_of(directory):
    with open(os.path.join(directory, "checkpoint")) as file:
        return file.read()


def plain(values):
    return {key: np.asarray(value).tolist() for key, value in values.items()}


def estimator_of(tf, directory, lines):
    config = tf.estimator.RunConfig(
        tf_random_seed=1,
        save_summary_steps=10,
        save_checkpoints_steps=20,
        keep_checkpoint_max=2,
        log_step_count_steps=25,
    )
    return tf.estimator.Estimator(model_fn_of(tf, lines), directory, config, params={"units": 3})


def keep_checkpoint(directory, target):
    """Copies what another process needs to go on from the newest checkpoint."""
    if not os.path.isdir(target):
        os.makedirs(target)
    for name in os.listdir(directory):
        if name == "checkpoint" or re.match(r"model\.ckpt-55\.(index|data)", name):
            shutil.copy(os.path.join(directory, name), target)


def run(tf, root, after_training=None):
    """Trains, evaluates, predicts and trains on with the library `tf` under the directory `root`."""
    directory = os.path.join(root, "model")
    lines = Lines(directory)
    logger = logging.getLogger("tensorflow")
    logger.addHandler(lines)
    logger.setLevel(logging.INFO)
    hook, listener = hook_class(tf), listener_class(tf)
    estimator = estimator_of(tf, directory, lines)
    result = {}
    try:
        lines.taken()
        estimator.train(
            lambda: train_input(tf), steps=55, hooks=[hook("user", lines)], saving_listeners=[listener(lines)]
        )
        result["train"] = {
            "lines": lines.taken(),
            "events": events_of(tf, directory, directory),
            "files": files_of(directory),
            "state": state_of(directory),
        }
        if after_training is not None:
            after_training(directory)
        scores = estimator.evaluate(lambda: eval_input(tf), hooks=[hook("user", lines)])
        again = estimator.evaluate(lambda: eval_input(tf), steps=2, name="short")
        result["evaluate"] = {
            "lines": lines.taken(),
            "scores": plain(scores),
            "short": plain(again),
            "events": events_of(tf, os.path.join(directory, "eval"), directory),
            "files": files_of(directory),
        }
        predictions = list(estimator.predict(lambda: predict_input(tf), hooks=[hook("user", lines)]))
        batches = list(estimator.predict(lambda: predict_input(tf), ["twice"], yield_single_examples=False))
        result["predict"] = {
            "lines": lines.taken(),
            "predictions": [plain(row) for row in predictions],
            "batches": [plain(batch) for batch in batches],
        }
        estimator.train(lambda: train_input(tf), max_steps=70)
        estimator.train(lambda: train_input(tf), max_steps=70)
        result["resume"] = {
            "lines": lines.taken(),
            "events": events_of(tf, directory, directory)[len(result["train"]["events"]) :],
            "files": files_of(directory),
            "state": state_of(directory),
            "variables": {name: estimator.get_variable_value(name).tolist() for name in estimator.get_variable_names()},
        }
    finally:
        logger.removeHandler(lines)
    return result


def main():
    import tensorflow as tf

    with open(sys.argv[1], "w") as file:
        result = run(tf, tempfile.mkdtemp(), lambda directory: keep_checkpoint(directory, sys.argv[2]))
        json.dump(result, file, indent=1, sort_keys=True)
        file.write("\n")


if __name__ == "__main__":
    main()
