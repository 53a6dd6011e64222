"""Prints trackml/graph/output_names.py: what TensorFlow 1.15 calls the outputs of the operation types given.

Run with TensorFlow 1.15 and a file with a type a line (`trackml.graph.registered_types()` has them all):
`python tests/golden/make/output_names_tf115.py TYPES > trackml/graph/output_names.py`
"""

import pathlib
import sys

import tensorflow  # noqa: F401  registers the types
from tensorflow.core.framework import op_def_pb2
from tensorflow.python import pywrap_tensorflow

HEAD = '''"""What TensorFlow calls the outputs of operations, which nodes inside of functions are named by.

Made by tests/golden/make/output_names_tf115.py. Behind a star stands the attribute that
tells how many outputs share a name: a number, or a list of their types.
"""

from __future__ import annotations

OUTPUT_NAMES: dict[str, str] = {'''


def main(path):
    found = op_def_pb2.OpList()
    found.ParseFromString(pywrap_tensorflow.TF_GetBuffer(pywrap_tensorflow.TF_GetAllOpList()))
    ops = {op.name: op for op in found.op}
    print(HEAD)
    for name in sorted(set(pathlib.Path(path).read_text().split())):
        if name in ops and ops[name].output_arg:
            args = ops[name].output_arg
            several = ["*" + (arg.number_attr or arg.type_list_attr) for arg in args]
            line = '    "%s": "%s",' % (name, " ".join(arg.name + star.rstrip("*") for arg, star in zip(args, several)))
            print(line + "  # noqa: E501" * (len(line) > 120))
    print("}")


if __name__ == "__main__":
    main(sys.argv[1])
