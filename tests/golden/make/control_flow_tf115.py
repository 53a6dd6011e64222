"""Writes golden/control_flow/*.json with TensorFlow 1.15.0: what conditionals, loops and recurrent networks give.

Run with a Python that has it: `python tests/golden/make/control_flow_tf115.py`.

control_flow.json: name of a case to the values of its fetches; tests/ops/control_flow_cases.py has the same programs.
rnn.json: for each cell and loop the variables (names and shapes), outputs, states and gradients of a small network
whose weights are `0.1 * sin(k)` for element number k of each variable.
"""

import importlib.util
import json
import pathlib

import numpy as np
import tensorflow as tf

tf.logging.set_verbosity(tf.logging.ERROR)
TESTS = pathlib.Path(__file__).resolve().parents[2]


def module(path):
    spec = importlib.util.spec_from_file_location(path.stem, str(path))
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def listed(value):
    if isinstance(value, (list, tuple)):
        return [listed(item) for item in value]
    if isinstance(value, dict):
        return {key: listed(item) for key, item in value.items()}
    return np.asarray(value).tolist()


def results(cases, target):
    made = {name: listed(function(tf)) for name, function in cases.items()}
    path = TESTS / "golden/control_flow" / target
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(made, separators=(",", ":")) + "\n")


results(module(TESTS / "ops/control_flow_cases.py").CASES, "control_flow.json")
if (TESTS / "layers/rnn_cases.py").exists():
    results(module(TESTS / "layers/rnn_cases.py").CASES, "rnn.json")
