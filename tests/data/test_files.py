"""Lines, records and names of files are TensorFlow's, of compressed and damaged files too."""

from __future__ import annotations

import gzip
import json
import zlib
from pathlib import Path

import pytest

import trackml as tf

GOLDEN = Path(__file__).parent.parent / "golden" / "data"
CASES = json.loads((GOLDEN / "files.json").read_text())


def outcome(as_json, expression):
    """What the expression gives here, in the form of the golden file."""
    found = {"elements": [], "end": None}
    with tf.Graph().as_default(), tf.Session() as session:
        try:
            dataset = eval(expression, {"D": tf.data.Dataset, "tf": tf})
            found["types"], found["shapes"] = as_json(dataset.output_types), as_json(dataset.output_shapes)
            following = dataset.make_one_shot_iterator().get_next()
        except TypeError as error:
            return {**found, "end": type(error).__name__}
        while True:
            try:
                found["elements"].append(as_json(session.run(following)))
            except tf.errors.OutOfRangeError:  # noqa: PERF203
                return {**found, "end": "OutOfRangeError"}
            except tf.errors.OpError as error:
                found["elements"].append({"error": type(error).__name__})


@pytest.fixture
def files(monkeypatch):
    """The current directory is that of the golden files."""
    monkeypatch.chdir(GOLDEN / "files")


@pytest.mark.parametrize("golden", CASES, ids=[golden["expression"] for golden in CASES])
def test_what_files_hold_is_read_as_tensorflow_reads_it(files, as_json, golden):
    found = outcome(as_json, golden["expression"])
    expected = [{"error": e["error"]} if isinstance(e, dict) else e for e in golden["elements"]]
    assert (found["elements"], found["end"]) == (expected, golden["end"])
    assert (found.get("types"), found.get("shapes")) == (golden.get("types"), golden.get("shapes"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("bad_length.tfr", "bad_length.tfr: corrupted record at 19: the checksum of its length"),
        ("bad_payload.tfr", "bad_payload.tfr: corrupted record at 35: the checksum of its payload"),
        ("cut_payload.tfr", "cut_payload.tfr: truncated record at 35: the file ends within it"),
    ],
)
def test_damage_is_told_with_the_file_and_the_offset(files, run, name, words):
    with pytest.raises(tf.errors.DataLossError, match=words):
        run(tf.data.TFRecordDataset(name))


@pytest.mark.parametrize("read", [tf.data.TextLineDataset, tf.data.TFRecordDataset])
def test_a_missing_file_and_a_directory_are_named(tmp_path, run, read):
    with pytest.raises(tf.errors.NotFoundError, match=r"nowhere\.txt; No such file"):
        run(read(str(tmp_path / "nowhere.txt")))
    with pytest.raises(tf.errors.FailedPreconditionError, match="Is a directory"):
        run(read(str(tmp_path)))


@pytest.mark.parametrize(("kind", "squeeze"), [("GZIP", gzip.compress), ("ZLIB", zlib.compress)])
def test_a_compressed_file_that_is_cut_or_is_none_is_a_loss_of_data(tmp_path, run, kind, squeeze):
    cut, none = tmp_path / "cut", tmp_path / "none"
    cut.write_bytes(squeeze(bytes(range(256)) * 9)[:-12])
    none.write_bytes(b"plain text")
    for path in (cut, none):
        with pytest.raises(tf.errors.DataLossError, match=f"{path} is not a whole {kind} file"):
            run(tf.data.TextLineDataset(str(path), kind))


def test_lines_longer_than_a_block_and_thousands_of_short_ones(tmp_path, run):
    wanted = [b"x" * 700_000, b"", *(b"%d" % n for n in range(100_000)), b"y" * 300_000]
    (tmp_path / "plain").write_bytes(b"\r\n".join(wanted))
    (tmp_path / "zlib").write_bytes(zlib.compress(b"\n".join(wanted) + b"\n"))
    for name, kind in (("plain", ""), ("zlib", "ZLIB")):
        batches = run(tf.data.TextLineDataset(tmp_path / name, kind).batch(999))
        assert [line for batch in batches for line in batch] == wanted


def test_lines_shuffled_and_cached_are_all_there_in_each_pass(tmp_path, run):
    path = tmp_path / "lines"
    path.write_text("".join(f"{n}\n" for n in range(1000)))
    dataset = tf.data.TextLineDataset(str(path)).cache().shuffle(100, seed=1).repeat(2).batch(1000)
    first, second = ([int(line) for line in batch] for batch in run(dataset))
    assert first != second
    assert sorted(first) == sorted(second) == list(range(1000))


def test_what_a_caller_does_to_a_batch_of_lines_does_not_reach_the_cache(files, run):
    first, second = run(tf.data.TextLineDataset("more.txt").cache().repeat(2).batch(2))
    first[:] = b"other"
    assert second.tolist() == [b"x", b"y"]


def test_names_and_compression_may_be_fed(files):
    with tf.Graph().as_default(), tf.Session() as session:
        names, kind = tf.placeholder(tf.string, [None]), tf.placeholder(tf.string, [])
        iterator = tf.data.TextLineDataset(names, kind).batch(9).make_initializable_iterator()
        following = iterator.get_next()
        session.run(iterator.initializer, {names: ["more.txt"], kind: ""})
        assert session.run(following).tolist() == [b"x", b"y"]
        session.run(iterator.initializer, {names: ["lines.gz"], kind: "GZIP"})
        assert len(session.run(following)) == 6


def test_an_unknown_compression_is_refused():
    with pytest.raises(tf.errors.InvalidArgumentError, match="Unsupported compression_type: 'BZIP'"):
        tf.data.TextLineDataset("lines.txt", "BZIP")


def test_a_file_of_no_whole_number_of_records_is_refused_before_the_first(files, run):
    words = r'Excluding the header \(2 bytes\) and footer \(1 bytes\), input file "fixed.{}" has body length 9 bytes'
    with pytest.raises(tf.errors.InvalidArgumentError, match=words.format("bin")):
        run(tf.data.FixedLengthRecordDataset("fixed.bin", 4, 2, 1), 1)
    with pytest.raises(tf.errors.InvalidArgumentError, match=words.format("gz")):
        run(tf.data.FixedLengthRecordDataset("fixed.gz", 4, 2, 1, compression_type="GZIP"))


def test_a_record_has_at_least_one_byte():
    with pytest.raises(tf.errors.InvalidArgumentError, match="`record_bytes` must be > 0"):
        tf.data.FixedLengthRecordDataset("fixed.bin", 0)


def test_files_are_looked_for_when_an_iterator_starts(tmp_path, run):
    dataset = tf.data.Dataset.list_files(str(tmp_path / "*.csv"))
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"No files matched pattern: .*\*\.csv"):
        run(dataset)
    (tmp_path / "a.csv").touch()
    assert run(dataset) == [str(tmp_path / "a.csv").encode()]


def test_names_of_files_are_shuffled_by_a_seed_in_each_pass_anew(tmp_path, run):
    for n in range(20):
        (tmp_path / f"{n:02}").touch()
    pattern = str(tmp_path / "*")
    in_order = run(tf.data.Dataset.list_files(pattern, shuffle=False))
    assert in_order == sorted(in_order)
    names = run(tf.data.Dataset.list_files(pattern, seed=3).repeat(2))
    assert names == run(tf.data.Dataset.list_files(pattern, seed=3).repeat(2))
    assert names[:20] != names[20:]
    assert sorted(names[:20]) == sorted(names[20:]) == in_order
