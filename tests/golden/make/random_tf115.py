"""Writes tests/golden/random/random.npz: TensorFlow 1.15's random numbers for given seeds, in two runs of a session.

Run with TensorFlow 1.15: `python tests/golden/make/random_tf115.py`. The cases are in `random_cases.py` beside this
script, which the tests use too: each is a function of TensorFlow's module that gives a tensor. Of an array with more
than 64 elements the first 64 are kept.
"""

import importlib.util
import pathlib

import numpy as np
import tensorflow as tf

HERE = pathlib.Path(__file__).resolve().parent
spec = importlib.util.spec_from_file_location("random_cases", str(HERE / "random_cases.py"))
cases = importlib.util.module_from_spec(spec)
spec.loader.exec_module(cases)

arrays = {}
for name, make in cases.CASES.items():
    for run, value in enumerate(cases.drawn(tf.compat.v1, make)):
        arrays["%s/%d" % (name, run)] = value
np.savez_compressed(str(HERE.parent / "random" / "random.npz"), **arrays)
