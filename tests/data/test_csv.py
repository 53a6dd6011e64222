"""Files of comma-separated values give TensorFlow 1.15's rows, types, names and messages."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trackml as tf

HERE = Path(__file__).parent
EXPECTED = json.loads((HERE.parent / "golden/csv/csv.json").read_text(encoding="utf-8"))


def cases() -> dict[str, Any]:
    spec = importlib.util.spec_from_file_location("csv_cases", HERE / "csv_cases.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: dict[str, Any] = module.CASES
    return found


CASES = cases()
OWN_WORDS = {
    "Expect 3 fields but have more in record": "Expect 3 fields but have 4 in record",
    "Unquoted fields cannot have quotes inside": "Unquoted fields cannot have quotes/CRLFs inside",
}
"""Where the operation that decodes says more than TensorFlow's dataset."""


def listed(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [listed(item) for item in value]
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, (np.ndarray, np.generic)):
        return listed(value.tolist())
    return re.sub(r"( \(line|\.? It begins at line).*", "", value) if isinstance(value, str) else value


def in_own_words(value: Any) -> Any:
    if isinstance(value, list):
        return [in_own_words(item) for item in value]
    return OWN_WORDS.get(value, value) if isinstance(value, str) else value


@pytest.mark.parametrize("name", [name for name in CASES if name != "empty line"])
def test_rows_are_tensorflows(name: str) -> None:
    assert listed(CASES[name](tf)) == in_own_words(EXPECTED[name])


def test_an_empty_line_is_a_record_of_one_field() -> None:
    first, error, last = listed(CASES["empty line"](tf))
    assert [first, last] == [EXPECTED["empty line"][0], EXPECTED["empty line"][2]]
    # TensorFlow looks at the field before it counts.
    assert error == ["InvalidArgumentError", "Expect 3 fields but have 1 in record"]


def rows(dataset: Any) -> list[Any]:
    element = dataset.make_one_shot_iterator().get_next()
    found = []
    with tf.Session() as session:
        while True:
            try:
                found.append(session.run(element))
            except tf.errors.OutOfRangeError:  # noqa: PERF203
                return found


@pytest.mark.parametrize(
    ("text", "line"), [("a,b\n1,2\nx,3\n", 3), ('a,b\n1,2\n\n"3",4\nx,3\n', 3), ('a,b\n"1","2"\r\n"3\n4",5\n', 3)]
)
def test_the_line_of_a_bad_record_is_told(tmp_path: Path, text: str, line: int) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(text.encode())
    with tf.Graph().as_default():
        dataset = tf.data.experimental.CsvDataset(str(path), [tf.int32, tf.int32], header=True).batch(10)
        with pytest.raises(tf.errors.InvalidArgumentError, match=re.escape(f"(line {line} of {path})")):
            rows(dataset)


def test_the_line_at_which_a_quote_is_opened_is_told(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(b'1,2\n3,"4\n5,6\n')
    with tf.Graph().as_default():
        dataset = tf.data.experimental.CsvDataset(str(path), [tf.int32, tf.string])
        with pytest.raises(tf.errors.InvalidArgumentError, match=f"It begins at line 2 of {path}"):
            rows(dataset)


def test_long_files_are_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("".join(f'{n},"text\n{n}"\n' for n in range(40000)))
    with tf.Graph().as_default():
        (found,) = rows(tf.data.experimental.CsvDataset(str(path), [tf.int64, tf.string]).batch(50000))
    assert found[0].tolist() == list(range(40000))
    assert found[1][-1] == b"text\n39999"


@pytest.mark.parametrize("reads", [1, 2])
def test_files_of_a_pattern(tmp_path: Path, reads: int) -> None:
    for name, first in (("b", 10), ("a", 0)):
        (tmp_path / f"{name}.csv").write_text("n\n" + "".join(f"{first + n}\n" for n in range(3)))
    with tf.Graph().as_default():
        dataset = tf.data.experimental.make_csv_dataset(
            str(tmp_path / "*.csv"), 6, num_epochs=1, shuffle=False, num_parallel_reads=reads
        )
        (found,) = rows(dataset)
    assert found["n"].tolist() == ([0, 1, 2, 10, 11, 12] if reads == 1 else [0, 10, 1, 11, 2, 12])


def test_rows_come_in_random_order_and_without_end(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("n\n" + "".join(f"{n}\n" for n in range(100)))
    with tf.Graph().as_default(), tf.Session() as session:
        dataset = tf.data.experimental.make_csv_dataset(str(tmp_path / "rows.csv"), 64, shuffle_seed=1)
        element = dataset.make_one_shot_iterator().get_next()
        batches = [session.run(element)["n"].tolist() for _ in range(5)]
    assert [len(batch) for batch in batches] == [64] * 5
    assert batches[0] != sorted(batches[0])


def test_an_estimator_takes_the_dataset(tmp_path: Path) -> None:
    (tmp_path / "houses.csv").write_text("area,kind,price\n1.0,house,2.0\n2.0,apt,3.0\n")

    def input_fn() -> Any:
        return tf.data.experimental.make_csv_dataset(str(tmp_path / "houses.csv"), 2, label_name="price", num_epochs=20)

    def model_fn(features: Any, labels: Any, mode: str) -> Any:
        kind = tf.feature_column.categorical_column_with_vocabulary_list("kind", ["house", "apt"])
        price = tf.feature_column.linear_model(features, [tf.feature_column.numeric_column("area"), kind])
        loss = tf.losses.mean_squared_error(labels[:, tf.newaxis], price)
        step = tf.train.FtrlOptimizer(0.3).minimize(loss, tf.train.get_global_step())
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=step)

    estimator = tf.estimator.Estimator(model_fn, str(tmp_path / "model"))
    estimator.train(input_fn)
    assert estimator.evaluate(input_fn)["loss"] < 1.0


@pytest.mark.parametrize(
    ("text", "arguments", "message"),
    [
        ("1\n", {"header": False}, "Cannot infer column names without a header line."),
        ("a,a\n1,2\n", {}, "Cannot have duplicate column names."),
        ("a,b\n1,2\n3\n", {}, "CSV row has different number of fields than expected. Line 3 of"),
        ("", {}, "Received StopIteration when reading the header line of"),
        ("a,b\n1,2\n", {"label_name": "c"}, "`label_name` provided must be one of the columns."),
        ("a,b\n1,2\n", {"select_columns": ["c"]}, "Value 'c' specified in select_columns not a valid column index"),
        ("a,b\n1,2\n", {"select_columns": [2]}, "Column index 2 specified in select_columns out of valid range."),
        ("a,b\n1,2\n", {"select_columns": [0, "a"]}, "select_columns contains duplicate columns"),
        (
            "a,b\n1,2\n",
            {"select_columns": [0], "column_defaults": [tf.int32, tf.int32]},
            "If specified, column_defaults and select_columns must have same length.",
        ),
        ("a,b\n1,2\n", {"compression_type": "ZLIB"}, "is not supported for probing columns"),
    ],
)
def test_what_cannot_be_made_is_told(tmp_path: Path, text: str, arguments: dict[str, Any], message: str) -> None:
    (tmp_path / "rows.csv").write_text(text)
    with tf.Graph().as_default(), pytest.raises(ValueError, match=re.escape(message)):
        tf.data.experimental.make_csv_dataset(str(tmp_path / "rows.csv"), 2, **arguments)


@pytest.mark.parametrize(
    ("pattern", "message"), [([], "File pattern is empty."), ("/nowhere/*.csv", "No files match /nowhere/*.csv.")]
)
def test_files_that_are_not_there_are_told(pattern: Any, message: str) -> None:
    with tf.Graph().as_default(), pytest.raises(ValueError, match=re.escape(message)):
        tf.data.experimental.make_csv_dataset(pattern, 2)


def test_headers_must_agree(tmp_path: Path) -> None:
    for name, header in (("a", "x,y"), ("b", "x,z")):
        (tmp_path / f"{name}.csv").write_text(f"{header}\n1,2\n")
    with tf.Graph().as_default(), pytest.raises(ValueError, match="Files have different column names"):
        tf.data.experimental.make_csv_dataset(str(tmp_path / "*.csv"), 2)
