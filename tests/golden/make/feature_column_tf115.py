"""Writes golden/feature_column/*.json with TensorFlow 1.15.0: what feature columns give, and what they refuse.

Run with a Python that has it: `python tests/golden/make/feature_column_tf115.py`.

columns.json: name of a case to what it returns; tests/feature_column/column_cases.py has the programs.
mistakes.json: name of a mistake to the exception's type and message; tests/feature_column/mistake_cases.py has them.
"""

import importlib.util
import json
import pathlib

import numpy as np
import tensorflow as tf

tf.logging.set_verbosity(tf.logging.ERROR)
TESTS = pathlib.Path(__file__).resolve().parents[2]


def module(name):
    path = TESTS / "feature_column" / (name + ".py")
    spec = importlib.util.spec_from_file_location(name, str(path))
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def listed(value):
    if isinstance(value, (list, tuple)):
        return [listed(item) for item in value]
    if isinstance(value, dict):
        return {key: listed(item) for key, item in value.items()}
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return [listed(item) for item in value] if value.ndim else float("%.7g" % value)
    if isinstance(value, np.floating):
        return float("%.7g" % value)
    return value if isinstance(value, (str, bool, type(None))) else np.asarray(value).tolist()


def write(name, made):
    path = TESTS / "golden/feature_column" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(made, separators=(",", ":")) + "\n")


def mistake(function):
    try:
        with tf.Graph().as_default():
            function(tf)
    except Exception as error:
        return [type(error).__name__, str(error).split("\n")[0]]
    return None


write("columns.json", {name: listed(case(tf)) for name, case in module("column_cases").CASES.items()})
if (TESTS / "feature_column/mistake_cases.py").exists():
    mistakes = module("mistake_cases").CASES
    write("mistakes.json", {name: mistake(mistakes[name]) for name in sorted(mistakes)})
