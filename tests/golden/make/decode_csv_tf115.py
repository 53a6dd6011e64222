"""Writes tests/golden/decode_csv/decode_csv.json: what TensorFlow 1.15 makes of records, and how it refuses them.

Run with Python 3.7 and tensorflow 1.15.0: `python tests/golden/make/decode_csv_tf115.py`. Each case has the
records, the defaults as `[type, values]`, the options, and either the columns (as text) or the message.
"""

import json
import pathlib

import numpy as np

INT, LONG, FLOAT, DOUBLE, TEXT = (
    ["int32", [7]], ["int64", [8]], ["float32", [0.5]], ["float64", [0.25]], ["string", ["none"]]
)  # fmt: skip
NEEDED = ["int32", []]
CASES = [
    (["1,2", "3,"], [INT, FLOAT], {}),
    (["1,2"], [INT], {}),
    ([""], [INT], {}),
    ([",5"], [INT, NEEDED], {}),
    (["5,"], [INT, NEEDED], {}),
    (["abc"], [INT], {}),
    (["abc"], [LONG], {}),
    (["abc"], [FLOAT], {}),
    (["1", "abc"], [DOUBLE], {}),
    (['"a""b",c', "d,e"], [TEXT, TEXT], {}),
    (['a"b,c'], [TEXT, TEXT], {}),
    (['"ab"x,c'], [TEXT, TEXT], {}),
    (['"ab,c'], [TEXT, TEXT], {}),
    (['"a,b"', '"ab"'], [TEXT], {}),
    (['"5",6'], [INT, INT], {}),
    ([" 5 , 6.5 "], [INT, FLOAT], {}),
    ([" house"], [TEXT], {}),
    (['a"b,"c"'], [TEXT, TEXT], {"use_quote_delim": False}),
    (["a\n,b"], [TEXT, TEXT], {}),
    (["a\r\n"], [TEXT], {}),
    (['"a\nb",2'], [TEXT, INT], {}),
    (["\na,\r\nb"], [TEXT, TEXT], {}),
    (["NA,3", "4,NA"], [INT, INT], {"na_value": "NA"}),
    (["NA,"], [TEXT, TEXT], {"na_value": "NA"}),
    (['"NA",""'], [TEXT, INT], {"na_value": "NA"}),
    (["1;2;3"], [INT, INT], {"field_delim": ";", "select_cols": [0, 2]}),
    (["1;2;3"], [INT, INT], {"field_delim": ";", "select_cols": [0, 3]}),
    (["x;2;3;4"], [INT], {"field_delim": ";", "select_cols": [1]}),
    (["1,2"], [INT, INT], {"field_delim": "ab"}),
    (["1\t2"], [INT, INT], {"field_delim": "\t"}),
    (["2147483648"], [INT], {}),
    (["2147483648"], [LONG], {}),
    (["1_0"], [INT], {}),
    (["1_0"], [FLOAT], {}),
    (["+5"], [INT], {}),
    (["+5,-5"], [FLOAT, INT], {}),
    (["5.0"], [INT], {}),
    (["1e3,nan,inf,-inf"], [FLOAT, DOUBLE, FLOAT, DOUBLE], {}),
    ([["1,a", "2,b"], ["3,c", "4,d"]], [LONG, TEXT], {}),
    ("1,a", [LONG, TEXT], {}),
    (["1,2,"], [INT, INT], {}),
    (["1,2,"], [INT, INT, INT], {}),
    (["1,2", "1"], [INT, INT], {}),
    (['"a" '], [TEXT], {}),
    (["\u00e9,2"], [TEXT, INT], {}),
    (["1,2\r"], [TEXT, TEXT], {}),
]


def outcome(tf, records, defaults, options):
    with tf.Graph().as_default(), tf.Session() as session:
        columns = tf.decode_csv(
            tf.placeholder_with_default(tf.constant(records), None),
            [tf.constant(values, dtype, shape=[len(values)]) for dtype, values in defaults],
            **options,
        )
        try:
            values = session.run(columns)
        except tf.errors.InvalidArgumentError as error:
            return {"error": error.message.split("\n")[0]}
    return {"columns": [_described(np.asarray(value)) for value in values]}


def _described(array):
    texts = [item.decode("utf-8") if isinstance(item, bytes) else repr(item) for item in array.ravel().tolist()]
    return [list(array.shape), texts]


def main():
    import tensorflow.compat.v1 as tf

    tf.disable_eager_execution()
    cases = [dict(records=case[0], defaults=case[1], options=case[2], **outcome(tf, *case)) for case in CASES]
    path = pathlib.Path(__file__).resolve().parents[1] / "decode_csv" / "decode_csv.json"
    path.write_text(json.dumps(cases, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
