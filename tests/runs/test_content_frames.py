"""Histograms, images, audio, texts and tensors as frames: what tbparse gives, and which rows and columns there are."""

from __future__ import annotations

import io
import json
import wave
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.plugins.pr_curve import metadata as pr_curve_metadata
from tensorboard.util import tensor_util

from trackml import runs
from trackml.storage import frame

GOLDEN = Path(__file__).parents[1] / "golden"
TBPARSE = json.loads((GOLDEN / "frames" / "tbparse.json").read_text(encoding="utf-8"))
FUNCTIONS = [runs.histograms, runs.images, runs.audio, runs.texts, runs.tensors, runs.pr_curves]


@pytest.fixture(scope="module")
def written_by_others(tmp_path_factory):
    """What tbparse was given."""
    path = tmp_path_factory.mktemp("others")
    for directory in (GOLDEN / "events").iterdir():
        for file in directory.iterdir() if directory.is_dir() else ():
            (path / directory.name).mkdir(exist_ok=True)
            (path / directory.name / file.name).write_bytes(file.read_bytes())
    for name in ("tensorboardx", "torch"):
        with zipfile.ZipFile(GOLDEN / "writer" / f"{name}.zip") as archive:
            archive.extractall(path / name, [entry for entry in archive.namelist() if "tfevents" in entry])
    return runs.RunStore(path)


def kept(array):
    """An array as the golden file holds it."""
    return {"dtype": array.dtype.name, "shape": list(array.shape), "crc32": zlib.crc32(array.tobytes())}


def rows_of(table, name):
    """What is in one column, by run, tag and step."""
    keys = zip(table["run"], table["tag"].str.removesuffix("/text_summary"), table["step"])
    found = {}
    for key, cell in zip(keys, table[name]):
        found.setdefault(key, []).append(cell)
    return found


def expected(kind, name, decode=lambda cell: cell):
    found = {}
    for row in TBPARSE[kind]:
        if row[name] is not None:
            found.setdefault((row["dir_name"], row["tag"], row["step"]), []).append(decode(row[name]))
    return found


def test_scalars_are_those_of_tbparse(written_by_others):
    ours = rows_of(runs.scalars(written_by_others), "value")
    first_format = expected("scalars", "value", float.fromhex)
    # The second format has tensors, which tbparse leaves among the others.
    tensors = expected("tensors", "value")
    second_format = {key: list(map(float.fromhex, tensors[key])) for key in set(ours) - set(first_format)}
    np.testing.assert_equal(ours, first_format | second_format)
    assert second_format


@pytest.mark.parametrize(("ours", "theirs"), [("min", "min"), ("max", "max"), ("count", "num"), ("sum", "sum")])
def test_histograms_are_those_of_tbparse(ours, theirs, written_by_others):
    table = runs.histograms(written_by_others)
    table = table[(table["run"] != "tf215_v2") & (table["count"] > 0)]
    by_tbparse = expected("histograms", theirs, float.fromhex)
    found = rows_of(table, ours)
    np.testing.assert_equal(found, {key: by_tbparse[key] for key in found})
    empty = expected("histograms", "num", float.fromhex)
    assert all(empty[key] == [0.0] for key in set(by_tbparse) - set(found))


def test_images_are_those_of_tensorflow(written_by_others):
    table = runs.images(written_by_others, values="decoded")
    table = table[(table["run"] != "tf215_v2") & (table["format"] != "gif")]
    ours = {key: [kept(image) for image in images] for key, images in rows_of(table, "image").items()}
    theirs = expected("images", "value")
    # TensorFlow gives a video the shape [frames, height, width, channels], too, but shows other colours.
    videos = {key for key, values in theirs.items() if len(values[0]["shape"]) == 4}
    assert ours == {key: values for key, values in theirs.items() if key not in videos}
    moving = runs.images(written_by_others, "video", values="decoded")["image"]
    assert {image.shape for image in moving} == {tuple(theirs[key][0]["shape"]) for key in videos}
    assert rows_of(table, "height") == {key: rows for key, rows in expected("images", "height").items() if key in ours}


def test_audio_is_that_of_tensorflow(written_by_others):
    table = runs.audio(written_by_others, values="decoded")
    table = table[table["run"] != "tf215_v2"]
    ours = {key: [kept(clip) for clip in clips] for key, clips in rows_of(table, "audio").items()}
    assert ours == expected("audio", "value")
    assert rows_of(table, "sample_rate") == expected("audio", "sample_rate", float.fromhex)
    assert rows_of(table, "length_frames") == {
        key: [len(clip) for clip in clips] for key, clips in rows_of(table, "audio").items()
    }


def test_texts_are_those_of_tbparse(written_by_others):
    assert rows_of(runs.texts(written_by_others), "value") == expected("text", "value")


def test_tensors_are_those_of_tbparse(written_by_others):
    table = runs.tensors(written_by_others)
    numeric = table[~table["dtype"].isin(["string", "bytes"]) & (table["shape"].map(len) > 0)]
    ours = {key: [kept(array) for array in arrays] for key, arrays in rows_of(numeric, "value").items()}
    theirs = expected("tensors", "value")
    assert ours == {key: theirs[key] for key in ours}
    # What is missing is of another kind: the second format writes everything as tensors.
    every = runs.tags(written_by_others)
    kinds = {(run, tag): kind for run, tag, kind in zip(every["run"], every["tag"], every["kind"])}
    missing = {kinds[key[:2]] for key in set(theirs) - set(rows_of(table, "value"))}
    assert missing == {"audio", "histograms", "images", "scalars"}


def test_hyperparameters_are_those_of_tbparse(written_by_others):
    table = runs.hparams(written_by_others)
    ours = {(run, name): value for run, name, value in zip(table["run"], table["name"], table["value"])}
    for row in TBPARSE["hparams"]:
        value = ours.pop((row["dir_name"], row["tag"]))
        assert row["value"] == (value.hex() if isinstance(value, float) else value)
    assert ours == {}


def event(step, *values, wall_time=1.0):
    message = event_pb2.Event(step=step, wall_time=wall_time, summary=summary_pb2.Summary(value=values))
    return frame(message.SerializeToString())


def tensor(tag, array, plugin=""):
    value = summary_pb2.Summary.Value(tag=tag, tensor=tensor_util.make_tensor_proto(array))
    value.metadata.plugin_data.plugin_name = plugin
    return value


def histogram(tag, numbers):
    counts, edges = np.histogram(numbers, 4)
    value = summary_pb2.Summary.Value(tag=tag)
    value.histo.min, value.histo.max, value.histo.num = min(numbers), max(numbers), len(numbers)
    value.histo.sum, value.histo.sum_squares = sum(numbers), sum(number * number for number in numbers)
    value.histo.bucket_limit.extend(edges[1:])
    value.histo.bucket.extend(counts)
    return value


def test_histograms_have_edges_and_counts_as_numpy_has_them(logdir):
    numbers = [1.0, 2.0, 2.5, 9.0]
    logdir.append(event(3, histogram("h", numbers)))
    (row,) = runs.histograms(logdir.path).itertuples()
    counts, edges = np.histogram(numbers, 4)
    np.testing.assert_array_equal(row.counts, counts)
    np.testing.assert_array_equal(row.limits, edges)
    assert (row.count, row.min, row.max, row.mean, row.sum) == (4, 1, 9, np.mean(numbers), 14.5)
    np.testing.assert_allclose(row.std, np.std(numbers), rtol=1e-12)


def test_mean_and_deviation_of_the_second_format_are_estimated(logdir):
    numbers = np.random.default_rng(0).normal(3, 2, 10_000)
    counts, edges = np.histogram(numbers, 30)
    logdir.append(event(1, tensor("h", np.stack([edges[:-1], edges[1:], counts], 1), "histograms")))
    (row,) = runs.histograms(logdir.path).itertuples()
    # A bucket is a quarter wide: what is assumed of its inside moves both by less than a hundredth.
    np.testing.assert_allclose([row.mean, row.std], [numbers.mean(), numbers.std()], atol=0.01)
    assert np.isnan([row.sum, row.sum_squares]).all()
    assert row.count == 10_000


def test_buckets_that_do_not_touch_have_an_empty_one_between(logdir):
    logdir.append(event(1, tensor("h", np.array([[0.0, 1.0, 5.0], [3.0, 4.0, 6.0]]), "histograms")))
    (row,) = runs.histograms(logdir.path).itertuples()
    assert (row.limits.tolist(), row.counts.tolist()) == ([0, 1, 3, 4], [5, 0, 6])


def test_an_empty_histogram_has_no_numbers(logdir):
    logdir.append(event(1, tensor("h", np.zeros((0, 3)), "histograms")))
    (row,) = runs.histograms(logdir.path).itertuples()
    assert (len(row.limits), len(row.counts), row.count) == (0, 0, 0)
    assert np.isnan([row.min, row.max, row.mean, row.std]).all()


def picture(shade, mode="RGB", size=(3, 2), **options):
    stream = io.BytesIO()
    Image.new(mode, size, shade).save(stream, **({"format": "PNG"} | options))
    return stream.getvalue()


def images_value(tag, *encoded):
    return tensor(tag, np.array([b"3", b"2", *encoded], object), "images")


def test_every_image_of_a_value_has_a_row(logdir):
    logdir.append(event(5, images_value("i", picture((1, 2, 3)), picture((4, 5, 6)))))
    table = runs.images(logdir.path, values="decoded")
    assert list(table.columns) == ["run", "tag", "step", "wall_time", "index", "height", "width", "format", "image"]
    assert table[["index", "height", "width", "format"]].values.tolist() == [[0, 2, 3, "png"], [1, 2, 3, "png"]]
    assert [image.shape for image in table["image"]] == [(2, 3, 3), (2, 3, 3)]
    assert [image[0, 0].tolist() for image in table["image"]] == [[1, 2, 3], [4, 5, 6]]


@pytest.mark.parametrize(
    ("mode", "shade", "shape", "dtype"),
    [
        ("L", 7, (2, 3, 1), "uint8"),
        ("1", 1, (2, 3, 1), "uint8"),
        ("LA", (7, 8), (2, 3, 2), "uint8"),
        ("RGBA", (1, 2, 3, 4), (2, 3, 4), "uint8"),
        ("P", 0, (2, 3, 3), "uint8"),
        ("I;16", 700, (2, 3, 1), "uint16"),
    ],
)
def test_images_are_decoded_with_their_channels(mode, shade, shape, dtype, logdir):
    logdir.append(event(1, images_value("i", picture(shade, mode))))
    (image,) = runs.images(logdir.path, values="decoded")["image"]
    assert (image.shape, image.dtype) == (shape, dtype)


def test_a_video_has_frames(logdir):
    frames = [Image.new("RGB", (3, 2), (shade, 0, 0)) for shade in (10, 200, 90)]
    encoded = picture((0, 0, 0), format="GIF", save_all=True, append_images=frames)
    logdir.append(event(1, images_value("v", encoded)))
    (row,) = runs.images(logdir.path, values="decoded").itertuples()
    assert (row.format, row.image.shape) == ("gif", (4, 2, 3, 3))


def test_images_come_without_their_bytes_on_request(logdir):
    logdir.append(event(5, images_value("i", picture((1, 2, 3)))))
    assert runs.images(logdir.path, values=None).columns[-1] == "format"
    (encoded,) = runs.images(logdir.path)["encoded"]
    assert encoded == picture((1, 2, 3))


def clip(samples, width, rate=8000, channels=1):
    stream = io.BytesIO()
    with wave.open(stream, "wb") as writer:
        writer.setnchannels(channels)
        writer.setsampwidth(width)
        writer.setframerate(rate)
        writer.writeframes(samples)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("samples", "width"),
    [
        (bytes([0, 128, 192]), 1),
        (np.array([-(2**15), 0, 2**14], "<i2").tobytes(), 2),
        (b"\x00\x00\x80" + b"\x00\x00\x00" + b"\x00\x00\x40", 3),
        (np.array([-(2**31), 0, 2**30], "<i4").tobytes(), 4),
    ],
)
def test_samples_of_any_width_are_decoded(samples, width, logdir):
    logdir.append(event(1, tensor("a", np.array([clip(samples, width)], object), "audio")))
    (row,) = runs.audio(logdir.path, values="decoded").itertuples()
    assert row.audio.tolist() == [[-1.0], [0.0], [0.5]]
    assert (row.content_type, row.sample_rate, row.channels, row.length_frames) == ("audio/wav", 8000, 1, 3)


def test_every_clip_of_a_value_has_a_row_and_labels_are_left_out(logdir):
    clips = np.array([[clip(b"\0\0", 2), b"one"], [clip(b"\0\0" * 4, 2, channels=2), b"two"]], object)
    logdir.append(event(1, tensor("a", clips, "audio")))
    table = runs.audio(logdir.path, values=None)
    assert table[["index", "channels", "length_frames"]].values.tolist() == [[0, 1, 1], [1, 2, 2]]


def test_sound_that_is_no_wave_is_kept_encoded(logdir):
    logdir.append(event(1, tensor("a", np.array([b"OggS..."], object), "audio")))
    (row,) = runs.audio(logdir.path).itertuples()
    assert (row.encoded, row.content_type, row.channels, np.isnan(row.sample_rate)) == (b"OggS...", "", 0, True)


def test_every_text_of_a_matrix_has_a_row(logdir):
    logdir.append(event(1, tensor("t", np.array([[b"a", b"b"], [b"c", b"d"]], object), "text")))
    table = runs.texts(logdir.path)
    assert table["value"].tolist() == ["a", "b", "c", "d"]
    assert table["index"].tolist() == [0, 1, 2, 3]
    assert table["shape"][3].tolist() == [2, 2]


def test_tensors_keep_dtype_and_shape_and_tell_their_plugin(logdir):
    logdir.append(event(1, tensor("m", np.arange(6, dtype=np.int16).reshape(2, 3), "mesh")))
    logdir.append(event(1, tensor("s", np.array(b"\xff", object)), tensor("z", np.float64(2.5))))
    table = runs.tensors(logdir.path)
    assert table["plugin"].tolist() == ["mesh", "", ""]
    assert table["dtype"].tolist() == ["int16", "bytes", "float64"]
    assert [shape.tolist() for shape in table["shape"]] == [[2, 3], [], []]
    assert table["value"][0].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert (table["value"][1].item(), table["value"][2].item()) == (b"\xff", 2.5)


def test_curves_have_thresholds(logdir):
    value = tensor("c", np.arange(30, dtype=np.float32).reshape(6, 5))
    value.metadata.CopyFrom(pr_curve_metadata.create_summary_metadata("c", "", 5))
    logdir.append(event(1, value))
    (row,) = runs.pr_curves(logdir.path).itertuples()
    assert row.thresholds.tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert (row.true_positives.tolist(), row.recall.tolist()) == ([0, 1, 2, 3, 4], [25, 26, 27, 28, 29])


@pytest.fixture
def restarted(logdir):
    """Two tags of every event, and a restart at step 2."""
    logdir.append(logdir.version() + logdir.start(0, 1000))
    for step in (1, 2):
        texts = [tensor(tag, np.array(f"{tag}{step}".encode(), object), "text") for tag in "ab"]
        logdir.append(event(step, *texts, wall_time=1001 + step))
    logdir.append(logdir.version(1010) + logdir.start(2, 1010), file="second.tfevents")
    again = tensor("a", np.array(b"again", object), "text")
    logdir.append(event(2, again, wall_time=1012.0), file="second.tfevents")
    return logdir


def test_superseded_values_come_on_request(restarted):
    assert runs.texts(restarted.path, "a")["value"].tolist() == ["a1", "again"]
    table = runs.texts(restarted.path, "a", superseded=True, file_name=True)
    assert table["value"].tolist() == ["a1", "a2", "again"]
    assert table["superseded"].tolist() == [False, True, False]
    assert [name.split(".")[0] for name in table["file_name"]] == ["events", "events", "second"]


def test_wide_form_has_a_row_a_step_and_a_column_a_tag(restarted):
    wide = runs.texts(restarted.path, form="wide", superseded=True, wall_time="seconds")
    assert wide.index.names == ["run", "superseded", "step", "index", "wall_time"]
    assert wide.index.to_list() == [(".", False, 1, 0, 1002), (".", False, 2, 0, 1012), (".", True, 2, 0, 1003)]
    assert wide["a"].tolist() == ["a1", "again", "a2"]
    assert wide["b"].isna().tolist() == [False, True, False]


def test_wide_form_of_several_columns_has_them_below_the_tag(logdir):
    logdir.append(event(1, histogram("a", [1, 2]), histogram("b", [3, 5])))
    logdir.append(event(1, histogram("a", [7, 8])))
    wide = runs.histograms(logdir.path, form="wide")
    assert wide.columns[:3].to_list() == [("a", "limits"), ("a", "counts"), ("a", "count")]
    assert wide["a"]["min"].tolist() == [1, 7]
    np.testing.assert_array_equal(wide["b"]["max"], [5, np.nan])


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("form", ["long", "wide"])
def test_a_directory_without_such_values_gives_an_empty_frame(function, form, logdir):
    logdir.append(logdir.scalars(1, loss=1.0))
    table = function(logdir.path, form=form, file_name=True, superseded=True, wall_time="datetime")
    assert len(table) == 0
    assert {"run", "step", "file_name", "superseded", "wall_time"} <= {*table, *table.index.names}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_tag_of_another_kind_is_told(function, logdir):
    logdir.append(logdir.scalars(1, loss=1.0))
    with pytest.raises(ValueError, match="tag 'loss' holds scalars"):
        function(logdir.path, "loss")


def test_a_near_name_is_told(restarted):
    with pytest.raises(ValueError, match=r"no run is called 'x'. There are '\.'"):
        runs.texts(restarted.path, runs="x")


def test_the_wide_form_of_images_needs_their_content(logdir):
    logdir.append(event(5, images_value("i", picture((1, 2, 3)))))
    with pytest.raises(ValueError, match="the wide form holds values alone; got values=None"):
        runs.images(logdir.path, values=None, form="wide")
    with pytest.raises(ValueError, match="values must be None, 'encoded' or 'decoded'; got 'pixels'"):
        runs.images(logdir.path, values="pixels")


def test_values_that_are_not_what_their_tag_promises_are_left_out_with_a_warning(logdir):
    bad = [tensor("h", np.zeros(4), "histograms"), summary_pb2.Summary.Value(tag="h", simple_value=1.0)]
    logdir.append(event(1, histogram("h", [1, 2])) + event(2, bad[0]) + event(3, histogram("h", [3, 4])))
    with pytest.warns(UserWarning, match="one value could not be read and is left out: Tag 'h': expected a value"):
        table = runs.histograms(logdir.path)
    assert table["step"].tolist() == [1, 3]


@pytest.mark.parametrize("encoded", [b"no image", picture((1, 2, 3))[:-30]], ids=["none", "cut"])
def test_images_that_cannot_be_decoded_are_left_out_with_a_warning(encoded, logdir):
    logdir.append(event(1, images_value("i", encoded)))
    assert len(runs.images(logdir.path)) == 1
    with pytest.warns(UserWarning, match="expected an image file"):
        assert len(runs.images(logdir.path, values="decoded")) == 0


def test_images_of_rare_formats_are_not_decoded(logdir):
    logdir.append(event(1, images_value("i", picture((1, 2, 3), format="TIFF"))))
    with pytest.warns(UserWarning, match="expected an image file"):
        assert len(runs.images(logdir.path, values="decoded")) == 0


def test_values_that_are_gone_are_left_out_with_a_warning(restarted):
    store = runs.RunStore(restarted.path)
    store.refresh()
    snapshot = store.snapshot()
    path = restarted.path / "second.tfevents"
    content = path.read_bytes()
    path.write_bytes(content[:-1])
    with pytest.warns(UserWarning, match="tag 'a': it is not at byte .* any more"):
        assert len(runs.texts(snapshot)) == 2
    path.unlink()
    with pytest.warns(UserWarning, match="cannot be read: No such file or directory"):
        assert len(runs.texts(snapshot)) == 2


def test_every_event_is_read_once_for_all_its_tags(logdir, monkeypatch):
    from trackml.runs import value_reading

    logdir.append(event(1, *(histogram(f"h{number}", [1, 2]) for number in range(20))))
    offsets = []
    parse = value_reading.parse_event
    monkeypatch.setattr(value_reading, "parse_event", lambda payload: offsets.append(1) or parse(payload))
    assert len(runs.histograms(logdir.path)) == 20
    assert len(offsets) == 1


def test_tags_tell_what_there_is(restarted):
    restarted.append(restarted.scalars(7, loss=1.0), run="b")
    table = runs.tags(restarted.path)
    assert table.values.tolist() == [
        [".", "a", "text", 2, 1, 2, 1],
        [".", "b", "text", 1, 1, 1, 1],
        ["b", "loss", "scalars", 1, 7, 7, 0],
    ]
    assert isinstance(table["first_step"].dtype, pd.Int64Dtype)
    assert runs.tags(restarted.path, "lo*")["tag"].tolist() == ["loss"]
