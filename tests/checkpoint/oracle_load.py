"""Shows that TensorFlow reads what our writer writes. Run by hand, where TensorFlow and this package are at hand:

    python tests/checkpoint/oracle_load.py write FOLDER          # with this package
    python tests/checkpoint/oracle_load.py check FOLDER          # with TensorFlow (1.15 and 2.15 were used)

The tests prove the same without TensorFlow: our files are byte for byte those that it wrote.
"""

from __future__ import annotations

import pathlib
import pickle
import sys

import numpy as np

NUMBERS = "float16 float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool complex64 complex128"
SHAPES = [(), (0,), (1,), (7,), (2, 3), (3, 0, 2), (2, 1, 4), (300, 300)]


def tensors():
    random = np.random.default_rng(11)
    made = {}
    for dtype in NUMBERS.split():
        for shape in SHAPES:
            made[f"{dtype}/{'x'.join(map(str, shape)) or 'scalar'}"] = random.integers(0, 100, shape).astype(dtype)
    for count in (0, 1, 5, 1000):
        strings = np.empty(count, object)
        strings[:] = [random.bytes(int(size)) for size in random.integers(0, 300, count)]
        made[f"string/{count}"] = strings
    made.update({f"many/{'deep/' * (index % 40)}{index:05d}": np.float32(index) for index in range(6000)})
    return made


def write(folder):
    from trackml.checkpoint import BundleWriter, update_checkpoint_state

    made = tensors()
    with BundleWriter(folder / "model.ckpt-7") as writer:
        for name, value in made.items():
            writer.add(name, value)
    update_checkpoint_state(folder, str(folder / "model.ckpt-7"), save_relative_paths=True)
    with open(folder / "expected.pickle", "wb") as target:
        plain = {k: v.tolist() if v.dtype == object else (v.dtype.name, v.shape, v.tobytes()) for k, v in made.items()}
        pickle.dump(plain, target, protocol=4)


def check(folder):
    import tensorflow as tf

    with open(folder / "expected.pickle", "rb") as source:
        expected = pickle.load(source)
    assert tf.train.latest_checkpoint(str(folder)) == str(folder / "model.ckpt-7")
    reader = tf.train.load_checkpoint(str(folder))
    assert set(reader.get_variable_to_shape_map()) == set(expected)
    for name, value in expected.items():
        read = np.asarray(reader.get_tensor(name))
        seen = read.tolist() if name.startswith("string/") else (read.dtype.name, read.shape, read.tobytes())
        assert seen == value, name
    print(f"TensorFlow {tf.__version__}: {len(expected)} tensors, all equal")


if __name__ == "__main__":
    {"write": write, "check": check}[sys.argv[1]](pathlib.Path(sys.argv[2]))
