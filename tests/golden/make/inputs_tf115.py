"""Writes golden/inputs/batches.json with TensorFlow 1.15.0: the batches of numpy_input_fn and pandas_input_fn.

Run with a Python that has it: `python tests/golden/make/inputs_tf115.py`. `CALLS` are expressions over `np`, `pd`,
`numpy_input_fn` and `pandas_input_fn` that give an input function.
"""

import json
import pathlib
import warnings

import numpy as np
import pandas as pd
import tensorflow as tf

TARGET = pathlib.Path(__file__).resolve().parent.parent / "inputs"
MOST = 6

CALLS = """
numpy_input_fn({"a": np.arange(5)}, shuffle=False)
numpy_input_fn({"a": np.arange(5), "b": np.ones([5, 2], np.float32)}, np.arange(5.0), 2, 1, False)
numpy_input_fn({"a": np.arange(5)}, np.arange(5), batch_size=2, num_epochs=2, shuffle=False)
numpy_input_fn({"a": np.arange(5)}, np.arange(5), batch_size=3, num_epochs=None, shuffle=False)
numpy_input_fn({"a": np.arange(3)}, batch_size=7, num_epochs=2, shuffle=False)
numpy_input_fn({"a": np.arange(3)}, batch_size=7, num_epochs=None, shuffle=False)
numpy_input_fn(np.arange(6).reshape(3, 2), np.arange(3), 2, shuffle=False)
numpy_input_fn(np.array(["a", "b"]), shuffle=False)
numpy_input_fn({"a": np.arange(3)}, {"y": np.arange(3), "z": np.arange(3.0)}, 2, shuffle=False)
numpy_input_fn({"a": np.arange(3)}, np.arange(3))
numpy_input_fn({"a": np.arange(3)}, np.arange(3), shuffle=0)
numpy_input_fn({"a": np.arange(3)}, np.arange(4), shuffle=False)
numpy_input_fn({"a": np.arange(3), "b": np.arange(4)}, shuffle=False)
numpy_input_fn({}, shuffle=False)
numpy_input_fn(np.array([]), shuffle=False)
numpy_input_fn([1, 2], shuffle=False)
numpy_input_fn({"a": np.arange(3)}, {}, shuffle=False)
numpy_input_fn({"a": np.arange(3)}, {"a": np.arange(3)}, shuffle=False)
pandas_input_fn(pd.DataFrame({"a": [1, 2, 3], "w": ["x", "y", "z"]}), batch_size=2, shuffle=False)
pandas_input_fn(pd.DataFrame({"a": [1.5, 2.5]}), pd.Series([3, 4]), num_epochs=2, batch_size=3, shuffle=False)
pandas_input_fn(pd.DataFrame({"a": [1, 2, 3]}), pd.Series([4, 5, 6]), 2, None, False)
pandas_input_fn(pd.DataFrame({"a": [1, 2]}), pd.DataFrame({"a": [3, 4], "y": [5.0, 6.0]}), shuffle=False)
pandas_input_fn(pd.DataFrame({"a": [1, 2]}, index=[7, 8]), pd.Series([3, 4]), shuffle=False)
pandas_input_fn(pd.DataFrame({"a": [1, 2]}, index=[7, 8]), pd.Series([3, 4], index=[7, 8]), shuffle=False)
pandas_input_fn(pd.DataFrame({"target": [1, 2]}), pd.Series([3, 4]), shuffle=False)
pandas_input_fn(pd.DataFrame({"target": [1, 2]}), shuffle=False)
pandas_input_fn(pd.DataFrame({"a": [1, 2]}), pd.Series([3, 4]), shuffle=False, target_column=3)
pandas_input_fn(pd.DataFrame({"a": [1, 2]}))
"""


def as_json(value):
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [as_json(item) for item in value]
    if isinstance(value, bytes):
        return value.decode()
    array = np.asarray(value)
    return [as_json(item) for item in array] if array.ndim else array.item()


def described(tensor):
    return "%s %s" % (tensor.dtype.name, tensor.shape.as_list())


def run(call):
    names = {"np": np, "pd": pd, **vars(tf.compat.v1.estimator.inputs)}
    found = {"call": call, "batches": [], "end": None}
    with tf.Graph().as_default():
        try:
            tensors = eval(call, names)()
        except (TypeError, ValueError) as error:
            return {**found, "end": type(error).__name__, "message": str(error).split("\n")[0]}
        found["tensors"] = tf.nest.map_structure(described, tensors)
        with tf.train.MonitoredSession() as session:
            while len(found["batches"]) < MOST and not session.should_stop():
                found["batches"].append(as_json(session.run(tensors)))
    if len(found["batches"]) < MOST:  # the session swallowed it
        found["end"] = "OutOfRangeError"
    return found


def main():
    warnings.simplefilter("ignore")
    tf.logging.set_verbosity(tf.logging.FATAL)
    TARGET.mkdir(exist_ok=True)
    rows = [json.dumps(run(call)) for call in CALLS.split("\n") if call]
    (TARGET / "batches.json").write_text("[\n" + ",\n".join(rows) + "\n]\n")


if __name__ == "__main__":
    main()
