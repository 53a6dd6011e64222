"""Makes tests/golden/warm_start: what TensorFlow 1.15's `warm_start` does.

Run with TensorFlow 1.15, from the root of the repository:
    python tests/golden/make/warm_start_tf115.py
"""

import json
import logging
import os

import tensorflow as tf
from warm_start_cases import NEW_WORDS, OLD_WORDS, cases, new_model, old_model

tf = tf.compat.v1
GOLDEN = os.path.join("tests", "golden", "warm_start")
PREFIX = os.path.join(GOLDEN, "model.ckpt")


class Lines(logging.Handler):
    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append(f"{record.levelname}:{record.getMessage()}")


def write(name, words):
    path = os.path.join(GOLDEN, name)
    with open(path, "w") as file:
        file.write("\n".join(words) + "\n")
    return path


def outcome(arguments):
    lines = Lines()
    logger = logging.getLogger("tensorflow")
    logger.addHandler(lines)
    try:
        with tf.Graph().as_default(), tf.Session() as session:
            new_model(tf)
            tf.train.warm_start(PREFIX, **arguments)
            session.run(tf.global_variables_initializer())
            names = [variable.op.name for variable in tf.global_variables()]
            values = session.run(dict(zip(names, tf.global_variables())))
            return {"values": {name: values[name].tolist() for name in names}, "lines": lines.lines}
    except ValueError as error:
        return {"error": str(error), "lines": lines.lines}
    finally:
        logger.removeHandler(lines)


def main():
    tf.disable_resource_variables()
    tf.enable_resource_variables()
    logging.getLogger("tensorflow").setLevel(logging.INFO)
    os.makedirs(GOLDEN, exist_ok=True)
    old, new = write("old.txt", OLD_WORDS), write("new.txt", NEW_WORDS)
    with tf.Graph().as_default(), tf.Session() as session:
        old_model(tf)
        session.run(tf.global_variables_initializer())
        tf.train.Saver().save(session, PREFIX, write_meta_graph=False, write_state=False)
    outcomes = {name: outcome(arguments) for name, arguments in cases(tf, old, new).items()}
    with open(os.path.join(GOLDEN, "warm_start_tf115.json"), "w") as file:
        json.dump(outcomes, file, indent=1, sort_keys=True)
        file.write("\n")


if __name__ == "__main__":
    main()
