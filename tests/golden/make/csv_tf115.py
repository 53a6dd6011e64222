"""Writes golden/csv/csv.json with TensorFlow 1.15.0: what files of comma-separated values give as datasets.

Run with a Python that has it: `python tests/golden/make/csv_tf115.py`. tests/data/csv_cases.py has the programs.
"""

import importlib.util
import json
import pathlib

import numpy as np
import tensorflow as tf

tf.logging.set_verbosity(tf.logging.ERROR)
TESTS = pathlib.Path(__file__).resolve().parents[2]


def listed(value):
    if isinstance(value, (list, tuple)):
        return [listed(item) for item in value]
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, (np.ndarray, np.generic)):
        return listed(value.tolist())
    return value


spec = importlib.util.spec_from_file_location("csv_cases", str(TESTS / "data/csv_cases.py"))
cases = importlib.util.module_from_spec(spec)
spec.loader.exec_module(cases)
made = {name: listed(case(tf)) for name, case in cases.CASES.items()}
path = TESTS / "golden/csv/csv.json"
path.parent.mkdir(exist_ok=True)
path.write_text(json.dumps(made, indent=1) + "\n")
