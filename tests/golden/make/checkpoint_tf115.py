"""Writes golden/checkpoint/{parts,sharded_parts}.* and linear_two_shards/ with TensorFlow 1.15.0.

Run with a Python that has it: `python tests/golden/make/checkpoint_tf115.py`.
"""

import json
import pathlib
import shutil
import tempfile

import numpy as np
import tensorflow as tf

TARGET = pathlib.Path(__file__).resolve().parent.parent / "checkpoint"


def as_json(name, array):
    array = np.asarray(array)
    return {"name": name, "dtype": array.dtype.name, "shape": array.shape, "hex": array.tobytes().hex()}


def write_values(path, prefix):
    """What TensorFlow itself reads back, one tensor a line."""
    reader = tf.train.load_checkpoint(str(prefix))
    names = sorted(reader.get_variable_to_shape_map())
    rows = [json.dumps(as_json(name, reader.get_tensor(name))) for name in names]
    path.write_text("[\n" + ",\n".join(rows) + "\n]\n")


def parts(name, sharded):
    """Variables cut into parts along their first or second axis, of unequal size where they do not divide.

    A sharded Saver writes one data file a device string, so naming the device of some parts makes two files.
    """

    def device(op):
        return "/cpu:0" if sharded and "part_1" in op.name else ""

    random = np.random.RandomState(3)
    with tf.Graph().as_default(), tf.Session() as session, tf.device(device):
        tf.get_variable("rows", [7, 3], partitioner=tf.fixed_size_partitioner(3))
        tf.get_variable("columns", [2, 300], partitioner=tf.fixed_size_partitioner(2, axis=1))
        tf.get_variable("vector", [5], tf.int32, tf.zeros_initializer(), partitioner=tf.fixed_size_partitioner(2))
        tf.get_variable("one_part", [2, 2], partitioner=tf.fixed_size_partitioner(1))
        tf.get_variable("whole", [2, 2])
        tf.train.create_global_step()
        session.run(tf.global_variables_initializer())
        for variable in tf.global_variables():
            values = random.uniform(-100, 100, variable.shape.as_list())
            variable.load(values.astype(variable.dtype.base_dtype.as_numpy_dtype), session)
        saver = tf.train.Saver(sharded=sharded)
        saver.save(session, str(TARGET / name), write_meta_graph=False, write_state=False)
    write_values(TARGET / (name + ".json"), TARGET / name)


def linear_two_shards():
    """The model directory of a LinearRegressor: two data files, and the state file of an Estimator."""

    def input_fn():
        return {"sq": [1000, 2000, 3000], "type": ["house", "house", "apt"]}, [500, 1000, 700]

    columns = [
        tf.feature_column.numeric_column("sq"),
        tf.feature_column.categorical_column_with_vocabulary_list("type", ["house", "apt"]),
    ]
    target = TARGET / "linear_two_shards"
    shutil.rmtree(str(target), ignore_errors=True)
    target.mkdir()
    with tempfile.TemporaryDirectory() as folder:
        model_dir = pathlib.Path(folder)
        config = tf.estimator.RunConfig(tf_random_seed=1, save_checkpoints_steps=20)
        tf.estimator.LinearRegressor(columns, folder, config=config).train(input_fn, steps=50)
        for path in [*sorted(model_dir.glob("model.ckpt-50.[di]*")), model_dir / "checkpoint"]:
            shutil.copy(str(path), str(target))
        write_values(target / "values.json", model_dir / "model.ckpt-50")


tf.logging.set_verbosity(tf.logging.ERROR)
parts("parts", sharded=False)
parts("sharded_parts", sharded=True)
linear_two_shards()
