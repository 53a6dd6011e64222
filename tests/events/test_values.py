"""The values that TensorFlow 1.15's summary ops wrote, see tests/golden/events/PROVENANCE.md."""

from __future__ import annotations

import ast
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tensorboard.compat.proto import summary_pb2

from trackml.errors import InvalidArgumentError
from trackml.events import values

with np.load(Path(__file__).parents[1] / "golden" / "events" / "summary_values.npz") as archive:
    GOLDEN = {name: archive[name] for name in archive.files}


def cases(kind: str, result: str) -> list[str]:
    return [name.split("/")[1] for name in GOLDEN if name.startswith(f"{kind}/") and name.endswith(f"/{result}")]


def golden(kind: str, case: str) -> tuple[np.ndarray, list[summary_pb2.Summary.Value]]:
    summary = summary_pb2.Summary.FromString(GOLDEN[f"{kind}/{case}/out"].tobytes())
    return GOLDEN[f"{kind}/{case}/in"], list(summary.value)


def option(kind: str, case: str, name: str) -> np.ndarray:
    return GOLDEN[f"{kind}/{case}/{name}"]


@pytest.mark.parametrize("case", cases("scalar", "out"))
def test_scalar_is_tensorflows(case: str) -> None:
    number, expected = golden("scalar", case)
    assert values.scalar_value("tag", number).SerializeToString() == expected[0].SerializeToString()


@pytest.mark.parametrize("case", cases("histogram", "out"))
def test_histogram_is_tensorflows(case: str) -> None:
    numbers, expected = golden("histogram", case)
    assert values.histogram_value("tag", numbers) == expected[0]


@pytest.mark.parametrize("case", cases("image", "out"))
def test_image_has_tensorflows_pixels(case: str) -> None:
    images, expected = golden("image", case)
    color = GOLDEN.get(f"image/{case}/bad_color", values.BAD_COLOR)
    made = values.image_values("tag", images, int(option("image", case, "max_outputs")), bad_color=color)
    assert [value.tag for value in made] == [value.tag for value in expected]
    for ours, theirs in zip(made, expected):
        np.testing.assert_array_equal(pixels(ours.image), pixels(theirs.image))
        ours.image.encoded_image_string = theirs.image.encoded_image_string
        assert ours == theirs


@pytest.mark.parametrize("case", cases("audio", "out"))
def test_audio_is_tensorflows(case: str) -> None:
    audio, expected = golden("audio", case)
    sample_rate, max_outputs = option("audio", case, "sample_rate"), option("audio", case, "max_outputs")
    assert values.audio_values("tag", audio, float(sample_rate), int(max_outputs)) == expected


@pytest.mark.parametrize("case", cases("text", "out"))
def test_text_is_tensorflows(case: str) -> None:
    texts, expected = golden("text", case)
    assert values.text_value("tag", ast.literal_eval(str(texts))) == expected[0]


def test_text_takes_str() -> None:
    assert values.text_value("tag", "zwölf") == values.text_value("tag", "zwölf".encode())


@pytest.mark.parametrize(
    ("kind", "function"),
    [("scalar", values.scalar_value), ("histogram", values.histogram_value), ("image", values.image_values)],
)
def test_refuses_what_tensorflow_refuses(kind: str, function: object) -> None:
    assert callable(function)
    for case in cases(kind, "error"):
        with pytest.raises(InvalidArgumentError) as caught:
            function("tag", GOLDEN[f"{kind}/{case}/in"])
        assert str(caught.value) == str(GOLDEN[f"{kind}/{case}/error"])


def test_the_largest_double_has_a_bucket() -> None:
    largest = np.finfo(np.float64).max
    assert values.histogram_value("tag", [largest]).histo.bucket[-1] == 1


def test_refuses_audio_of_another_rank_and_rate() -> None:
    with pytest.raises(InvalidArgumentError, match=r"3-D or 2-D, got: \[4\]"):
        values.audio_values("tag", np.zeros(4, np.float32), 8000)
    with pytest.raises(InvalidArgumentError, match="sample_rate must be > 0"):
        values.audio_values("tag", np.zeros([1, 4], np.float32), 0)


def pixels(image: summary_pb2.Summary.Image) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(image.encoded_image_string)))
