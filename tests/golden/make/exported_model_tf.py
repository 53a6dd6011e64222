"""Makes tests/golden/saved_model: numbers that TensorFlow computes with models that trackml exported.

    python tests/golden/make/exported_model.py /some/directory     with trackml
    python tests/golden/make/exported_model_tf.py /some/directory  with TensorFlow 1.15, and again with 2.15

from the root of the repository. The first run copies the exports, each adds its numbers.
"""

import glob
import json
import os
import shutil
import sys

import numpy as np
import tensorflow as tf

tf = tf.compat.v1
GOLDEN = os.path.join("tests", "golden", "saved_model")


def example(colour, size):
    feature = {
        "colour": tf.train.Feature(bytes_list=tf.train.BytesList(value=[colour])),
        "size": tf.train.Feature(float_list=tf.train.FloatList(value=[size])),
    }
    return tf.train.Example(features=tf.train.Features(feature=feature)).SerializeToString()


FEEDS = {
    "classifier": [example(b"red", 0.5), example(b"green", 1.5), example(b"pink", 2.5), example(b"blue", 9.0)],
    "regressor": [[1.0, 2.0], [-3.0, 0.5]],
}


def plain(value):
    value = np.asarray(value)
    return [item.decode() for item in value.ravel()] if value.dtype == object else value.ravel().tolist()


def computed(name):
    with tf.Graph().as_default(), tf.Session() as session:
        message = tf.saved_model.loader.load(session, ["serve"], os.path.join(GOLDEN, name))
        found = {}
        for key, signature in sorted(message.signature_def.items()):
            (feed,) = signature.inputs.values()
            fetches = {output: info.name for output, info in signature.outputs.items()}
            values = session.run(fetches, {feed.name: FEEDS[name]})
            found[key] = {
                "method": signature.method_name,
                "outputs": {output: plain(value) for output, value in sorted(values.items())},
            }
        return found


def main(directory):
    results = os.path.join(GOLDEN, "numbers.json")
    if not os.path.exists(results):
        for name in FEEDS:
            (export,) = glob.glob(os.path.join(directory, name, "*"))
            shutil.copytree(export, os.path.join(GOLDEN, name))
        with open(results, "w") as file:
            json.dump({}, file)
    with open(results) as file:
        numbers = json.load(file)
    numbers[tf.__version__] = {name: computed(name) for name in FEEDS}
    with open(results, "w") as file:
        json.dump(numbers, file, indent=1, sort_keys=True)
        file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
