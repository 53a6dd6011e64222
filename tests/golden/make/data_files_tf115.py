"""Writes golden/data/files/ and golden/data/files.json with TensorFlow 1.15.0.

Run with a Python that has it: `python tests/golden/make/data_files_tf115.py`.

files.json: expressions over `D` (tf.data.Dataset) and `tf`, evaluated in the directory of the files, each with the
types and shapes of its components and what a one-shot iterator gives: elements, and the errors between them.
"""

import gzip
import json
import os
import pathlib
import warnings
import zlib

import tensorflow as tf
from data_tf115 import TARGET, as_json

FILES = pathlib.Path(TARGET) / "files"
MOST = 12

LINES = b"a\nbc\r\n\nd\re\n  f,g  \nlast"

EXPRESSIONS = """
tf.data.TextLineDataset("lines.txt")
tf.data.TextLineDataset(["lines.txt", "empty.txt", "more.txt"])
tf.data.TextLineDataset([["lines.txt"], ["more.txt"]]).batch(4)
tf.data.TextLineDataset(tf.constant(["more.txt"])).repeat(2).batch(3, True)
tf.data.TextLineDataset("empty.txt")
tf.data.TextLineDataset("empty.txt").repeat()
tf.data.TextLineDataset("lines.txt").skip(1).take(4).batch(3)
tf.data.TextLineDataset("lines.txt").shard(2, 1)
tf.data.TextLineDataset("lines.txt").filter(lambda line: tf.not_equal(line, ""))
tf.data.TextLineDataset("more.txt").cache().repeat(2)
tf.data.TextLineDataset("more.txt").concatenate(tf.data.TextLineDataset("more.txt"))
D.zip((tf.data.TextLineDataset("more.txt"), D.range(5))).batch(2)
D.zip((D.range(5), tf.data.TextLineDataset("lines.txt"))).shuffle(1)
D.zip((tf.data.TextLineDataset("more.txt"), D.range(5).map(lambda n: n * 2)))
tf.data.TextLineDataset("lines.gz", "GZIP")
tf.data.TextLineDataset("lines.zlib", "ZLIB").batch(4)
tf.data.TextLineDataset(["lines.gz", "lines.gz"], compression_type=b"GZIP").batch(20)
tf.data.TextLineDataset(D.from_tensor_slices(["more.txt", "lines.txt"]))
tf.data.TextLineDataset(D.range(3))
tf.data.TextLineDataset(D.from_tensors(["more.txt"]))
tf.data.TextLineDataset(3)
tf.data.TFRecordDataset("records.tfrecord")
tf.data.TFRecordDataset(["records.tfrecord", "records.tfrecord"]).batch(4)
tf.data.TFRecordDataset(D.list_files("*.tfrecord", shuffle=False)).take(3)
tf.data.TFRecordDataset("records.gz", "GZIP").batch(2)
tf.data.TFRecordDataset("empty.txt")
tf.data.TFRecordDataset(["bad_length.tfr", "records.tfrecord"])
tf.data.TFRecordDataset(["bad_payload.tfr", "records.tfrecord"])
tf.data.TFRecordDataset(["cut_payload.tfr", "records.tfrecord"])
tf.data.TFRecordDataset(["cut_header.tfr", "records.tfrecord"])
tf.data.TFRecordDataset("records.tfrecord", num_parallel_reads=1)
tf.data.FixedLengthRecordDataset("fixed.bin", 3, 2, 1)
tf.data.FixedLengthRecordDataset(["fixed.bin", "fixed.bin"], 3, header_bytes=2, footer_bytes=1).batch(4)
tf.data.FixedLengthRecordDataset("fixed.bin", 4)
tf.data.FixedLengthRecordDataset("fixed.gz", 3, 2, 1, compression_type="GZIP")
tf.data.FixedLengthRecordDataset("empty.txt", 3)
D.list_files("*.txt", shuffle=False)
D.list_files("[lm]*.txt", False)
D.list_files(["more.*", "l?nes.t*"], shuffle=False)
D.list_files("lines.txt", seed=1)
D.list_files(["lines.txt", "lines.txt"], shuffle=False)
"""


def write_files():
    FILES.mkdir(exist_ok=True, parents=True)
    os.chdir(str(FILES))
    content = {
        "lines.txt": LINES,
        "more.txt": b"x\ny\n",
        "empty.txt": b"",
        "lines.gz": gzip.compress(LINES),
        "lines.zlib": zlib.compress(LINES),
        "fixed.bin": b"hhabcdefghit",
        "fixed.gz": gzip.compress(b"hhabcdefghit"),
    }
    with tf.io.TFRecordWriter("records.tfrecord") as writer:
        for record in (b"one", b"", b"three" * 20):
            writer.write(record)
    records = pathlib.Path("records.tfrecord").read_bytes()
    content["records.gz"] = gzip.compress(records)
    content["bad_length.tfr"] = records[:19] + b"\x07" + records[20:]
    content["bad_payload.tfr"] = records[:60] + b"!" + records[61:]
    content["cut_payload.tfr"] = records[:-9]
    content["cut_header.tfr"] = records[:24]
    for name, data in content.items():
        pathlib.Path(name).write_bytes(data)


def run(expression):
    """What comes, with at most two errors between."""
    found = {"expression": expression, "elements": [], "end": None}
    errors = 0
    with tf.Graph().as_default(), tf.Session() as session:
        try:
            dataset = eval(expression, {"D": tf.data.Dataset, "tf": tf})
            found["types"], found["shapes"] = as_json(dataset.output_types), as_json(dataset.output_shapes)
            following = dataset.make_one_shot_iterator().get_next()
        except Exception as error:
            return {**found, "end": type(error).__name__, "message": str(error).split("\n")[0]}
        while len(found["elements"]) < MOST and errors < 2:
            try:
                found["elements"].append(as_json(session.run(following)))
            except tf.errors.OutOfRangeError:  # noqa: PERF203
                return {**found, "end": "OutOfRangeError"}
            except tf.errors.OpError as error:
                errors += 1
                found["elements"].append({"error": type(error).__name__, "message": str(error).split("\n")[0]})
    return found


def main():
    warnings.simplefilter("ignore")
    tf.logging.set_verbosity(tf.logging.ERROR)
    write_files()
    rows = [json.dumps(run(expression)) for expression in EXPRESSIONS.split("\n") if expression]
    (TARGET / "files.json").write_text("[\n" + ",\n".join(rows) + "\n]\n")


if __name__ == "__main__":
    main()
