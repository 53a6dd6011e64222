"""Writes tests/golden/parsing/strings.json: how TensorFlow 1.15 splits texts and reads bytes as numbers.

Run with TensorFlow 1.15: `python tests/golden/make/string_split_tf115.py`. Each case has the function, its arguments
(texts as latin-1) and either `outputs`, as `[type, shape, values]` each, or the class of the error.
"""

import json
import pathlib

import numpy as np
import tensorflow as tf

tf = tf.compat.v1
TEXTS = ["a b  c", "", " x ", "one,two;;three", "\u00e4b", "tab\tand\nline"]
CASES = [
    ("string_split", [TEXTS], {}),
    ("string_split", [TEXTS], {"delimiter": ",;"}),
    ("string_split", [TEXTS], {"delimiter": ",;", "skip_empty": False}),
    ("string_split", [TEXTS], {"delimiter": ""}),
    ("string_split", [TEXTS], {"delimiter": " ", "skip_empty": False}),
    ("string_split", [[]], {}),
    ("strings.split", [TEXTS], {}),
    ("strings.split", [TEXTS], {"sep": ";;"}),
    ("strings.split", [TEXTS], {"sep": " "}),
    ("strings.split", [TEXTS], {"maxsplit": 1}),
    ("strings.split", [TEXTS], {"sep": " ", "maxsplit": 1}),
    ("strings.split", [TEXTS], {"sep": ",", "maxsplit": 0}),
    ("io.encode_base64", [TEXTS], {}),
    ("io.encode_base64", [TEXTS], {"pad": True}),
    ("io.decode_base64", [["YQ", "YQ==", "_-8", ""]], {}),
    ("io.decode_base64", [["Y+8"]], {}),
    ("io.decode_base64", [["Y"]], {}),
    ("decode_raw", [["abcd", "efgh"], "uint8"], {}),
    ("decode_raw", [["abcd", "efgh"], "int16"], {}),
    ("decode_raw", [["abcd", "efgh"], "int16"], {"little_endian": False}),
    ("decode_raw", [["\x00\x00\x80?", "\x00\x00\x00@"], "float32"], {}),
    ("decode_raw", ["abcdefgh", "int64"], {}),
    ("decode_raw", [["abcd", "efg"], "uint8"], {}),
    ("decode_raw", [["abc"], "int16"], {}),
    ("decode_raw", [[["ab"], ["cd"]], "bool"], {}),
    ("decode_raw", [[], "int16"], {}),
]


def as_bytes(value):
    return [as_bytes(item) for item in value] if isinstance(value, list) else value.encode("latin-1")


def stated(value):
    array = np.asarray(value)
    flat = [item.decode("latin-1") if isinstance(item, bytes) else item for item in array.ravel().tolist()]
    return ["string" if array.dtype.kind in "OS" else str(array.dtype), list(array.shape), flat]


def run(path, arguments, keywords):
    function = tf
    for part in path.split("."):
        function = getattr(function, part)
    case = {"function": path, "arguments": arguments, "keywords": keywords}
    with tf.Graph().as_default(), tf.Session() as session:
        texts = np.array(as_bytes(arguments[0]), object)
        try:
            value = session.run(function(tf.constant(texts, tf.string), *arguments[1:], **keywords))
        except tf.errors.OpError as error:
            return dict(case, error=type(error).__name__)
    return dict(case, outputs=[stated(part) for part in (value if isinstance(value, tuple) else [value])])


def main():
    target = pathlib.Path(__file__).resolve().parents[1] / "parsing" / "strings.json"
    target.write_text(json.dumps([run(*case) for case in CASES], separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
