"""Makes tests/golden/continued: models that TensorFlow and trackml train in turns.

Four calls, from the root of the repository, with a directory that is not there yet:

    python tests/golden/make/continued.py tensorflow begin DIRECTORY
    python tests/golden/make/continued.py trackml begin DIRECTORY
    python tests/golden/make/continued.py tensorflow end DIRECTORY
    python tests/golden/make/continued.py trackml end DIRECTORY

`pure` is trained by TensorFlow alone, `mixed` by TensorFlow, trackml, TensorFlow, `reverse` by trackml, TensorFlow,
trackml, a hundred steps each.
"""

import json
import os
import shutil
import sys

from continued_models import KINDS, scalar_tags, told

GOLDEN = os.path.join("tests", "golden", "continued")


def tensorflow_begins(tf, directory, results):
    pure, mixed = (os.path.join(directory, name) for name in ("pure", "mixed"))
    for kind in KINDS:
        results[kind] = {"pure_100": told(tf, kind, pure, 100)}
        shutil.copytree(os.path.join(pure, kind), os.path.join(mixed, kind))
        kept = os.path.join(GOLDEN, kind)
        os.makedirs(kept, exist_ok=True)
        for suffix in ("index", "data-00000-of-00001"):
            shutil.copy(os.path.join(pure, kind, f"model.ckpt-100.{suffix}"), kept)
        results[kind]["pure_200"] = told(tf, kind, pure, 200)
        results[kind]["pure_300"] = told(tf, kind, pure, 300)
        results[kind]["pure_events"] = scalar_tags(tf, os.path.join(pure, kind))


def trackml_begins(tf, directory, results):
    for kind in KINDS:
        results[kind]["mixed_200"] = told(tf, kind, os.path.join(directory, "mixed"), 200)
        results[kind]["reverse_100"] = told(tf, kind, os.path.join(directory, "reverse"), 100)


def tensorflow_ends(tf, directory, results):
    for kind in KINDS:
        mixed, reverse = (os.path.join(directory, name) for name in ("mixed", "reverse"))
        results[kind]["mixed_300"] = told(tf, kind, mixed, 300)
        results[kind]["mixed_events"] = scalar_tags(tf, os.path.join(mixed, kind))
        results[kind]["reverse_100_by_tensorflow"] = told(tf, kind, reverse)
        results[kind]["reverse_200"] = told(tf, kind, reverse, 200)


def trackml_ends(tf, directory, results):
    for kind in KINDS:
        reverse = os.path.join(directory, "reverse")
        results[kind]["reverse_200_by_trackml"] = told(tf, kind, reverse)
        results[kind]["reverse_300"] = told(tf, kind, reverse, 300)
        results[kind]["reverse_events"] = scalar_tags(tf, os.path.join(reverse, kind))


STAGES = {
    ("tensorflow", "begin"): tensorflow_begins,
    ("trackml", "begin"): trackml_begins,
    ("tensorflow", "end"): tensorflow_ends,
    ("trackml", "end"): trackml_ends,
}


def library(name):
    if name == "trackml":
        import trackml

        return trackml
    import tensorflow

    return tensorflow.compat.v1


def main(name, stage, directory):
    path = os.path.join(GOLDEN, "turns.json")
    results = {}
    if (name, stage) != ("tensorflow", "begin"):
        with open(path) as file:
            results = json.load(file)
    STAGES[name, stage](library(name), directory, results)
    os.makedirs(GOLDEN, exist_ok=True)
    with open(path, "w") as file:
        json.dump(results, file, indent=1, sort_keys=True)
        file.write("\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
