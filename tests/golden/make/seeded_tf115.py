"""Writes tests/golden/random/orders.json and trained.npz: what TensorFlow 1.15 makes of `seeded_cases.py`.

Run with TensorFlow 1.15: `python tests/golden/make/seeded_tf115.py`. `orders.json` has the elements of each dataset,
`trained.npz` has `<input>/<variable>` after nine steps of training.
"""

import importlib.util
import json
import pathlib
import tempfile

import numpy as np
import tensorflow as tf

HERE = pathlib.Path(__file__).resolve().parent
TARGET = HERE.parent / "random"
spec = importlib.util.spec_from_file_location("seeded_cases", str(HERE / "seeded_cases.py"))
cases = importlib.util.module_from_spec(spec)
spec.loader.exec_module(cases)
tf = tf.compat.v1

orders = {}
for name, make in cases.ORDERS.items():
    for kind in ("one shot", "initializable"):
        seed = cases.GRAPH_SEED if "graph" in name else None
        orders["%s, %s" % (name, kind)] = cases.listed(tf, make, seed, kind)
(TARGET / "orders.json").write_text(json.dumps(orders, separators=(",", ":")) + "\n")
arrays = {}
for name in cases.TRAININGS:
    with tempfile.TemporaryDirectory() as model_dir:
        for key, value in cases.trained(tf, name, model_dir).items():
            arrays["%s/%s" % (name, key)] = value
np.savez_compressed(str(TARGET / "trained.npz"), **arrays)
