"""Images are resized, adjusted, read and written as TensorFlow 1.15 does it."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import trackml as tf
from trackml.testing import assert_gradients

Array = np.ndarray[Any, Any]
GOLDEN = Path(__file__).parents[1] / "golden/images"
CASES = json.loads((GOLDEN / "values.json").read_text(encoding="utf-8"))
FILES = json.loads((GOLDEN / "files.json").read_text(encoding="utf-8"))

ROUNDING: dict[str, Any] = {"rtol": 1e-5, "atol": 1e-5}
"""Sums in another order, of numbers around 10."""
JPEG_LEVELS = 6
"""libjpeg's fast inverse transform, which TensorFlow takes, is off by so much."""


def array_of(stated: Any) -> Any:
    if not isinstance(stated, dict):
        return stated
    return np.array(stated["values"], stated["dtype"]).reshape(stated["shape"])


def identity(case: dict[str, Any]) -> str:
    first, *others = case["arguments"]
    keywords = [f"{key}={value}" for key, value in case["keywords"].items()]
    return "-".join([case["function"], first["dtype"], str(len(first["shape"])), *map(str, others), *keywords])


@pytest.mark.parametrize("case", CASES, ids=identity)
def test_values_and_gradients_are_tensorflows(case: dict[str, Any], assert_tensorflow_takes: Any) -> None:
    image, *others = map(array_of, case["arguments"])
    with tf.Graph().as_default() as graph, tf.Session() as session:
        given = tf.constant(image)
        output = getattr(tf.image, case["function"])(given, *others, **case["keywords"])
        value, expected = session.run(output), array_of(case["outputs"])
        assert output.shape.is_compatible_with(expected.shape)
        assert value.dtype == expected.dtype
        np.testing.assert_allclose(value, expected, **ROUNDING)
        if "gradient" in case:
            weights = np.arange(expected.size, dtype=np.float32).reshape(expected.shape)
            (grad,) = tf.gradients(tf.reduce_sum(output * weights), [given])
            np.testing.assert_allclose(session.run(grad), array_of(case["gradient"]), rtol=2e-5, atol=1e-3)
    assert_tensorflow_takes(graph)


@pytest.mark.parametrize("case", CASES, ids=identity)
def test_values_do_not_depend_on_what_is_known_of_the_shape(case: dict[str, Any]) -> None:
    image, *others = map(array_of, case["arguments"])
    with tf.Graph().as_default(), tf.Session() as session:
        given = tf.placeholder(image.dtype, [None] * image.ndim)
        value = session.run(getattr(tf.image, case["function"])(given, *others, **case["keywords"]), {given: image})
    expected = array_of(case["outputs"])
    if value.dtype != expected.dtype:  # the size is not known to be the same, so it is resized, to floats
        assert value.dtype == np.float32
    np.testing.assert_allclose(value, expected, **ROUNDING)


@pytest.mark.parametrize("type", ["resize_bilinear", "resize_bicubic", "resize_nearest_neighbor"])
@pytest.mark.parametrize("options", [{}, {"align_corners": True}, {"half_pixel_centers": True}], ids=str)
@pytest.mark.parametrize("size", [[3, 2], [5, 7]], ids=str)
def test_second_derivatives_of_resizing(type: str, options: dict[str, bool], size: list[int]) -> None:
    image = np.random.default_rng(0).normal(size=(1, 4, 5, 2)).astype(np.float32)

    def squared(x: tf.Tensor) -> tf.Tensor:
        resized: tf.Tensor = getattr(tf.image, type)(x, size, **options)
        return tf.square(resized)

    assert_gradients(squared, [image])


@pytest.mark.parametrize(
    ("contents", "wanted"),
    [
        pytest.param(file["contents"], wanted, id=f"{number}-{file['kind']}-{wanted['function']}-{wanted['keywords']}")
        for number, file in enumerate(FILES)
        for wanted in file["decoded"]
        if wanted["pixels"] is not None
    ],
)
def test_files_are_decoded_as_by_tensorflow(contents: str, wanted: dict[str, Any]) -> None:
    data = base64.b64decode(contents)
    with tf.Graph().as_default(), tf.Session() as session:
        output = getattr(tf.image, wanted["function"])(data, **wanted["keywords"])
        pixels = session.run(output)
    expected = array_of(wanted["pixels"])
    assert (pixels.dtype, pixels.shape) == (expected.dtype, expected.shape)
    assert output.shape.is_compatible_with(expected.shape)
    exact = data.startswith(b"\x89PNG") or "dct_method" in wanted["keywords"]
    apart = np.abs(pixels.astype(np.float64) - expected).max()
    assert apart <= (1e-6 if exact else JPEG_LEVELS)


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_png_comes_back_as_it_was(channels: int, dtype: str) -> None:
    image = np.random.default_rng(0).integers(0, np.iinfo(dtype).max, (6, 7, channels)).astype(dtype)
    with tf.Graph().as_default(), tf.Session() as session:
        contents = tf.image.encode_png(image)
        assert np.array_equal(session.run(tf.image.decode_png(contents, dtype=dtype)), image)


def saved(image: Any, format: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, format, **options)
    return stream.getvalue()


def test_jpeg_comes_back_almost_as_it_was() -> None:
    ramp = np.linspace(0, 255, 16 * 16 * 3).reshape(16, 16, 3).astype(np.uint8)
    with tf.Graph().as_default(), tf.Session() as session:
        fine = tf.image.encode_jpeg(ramp, quality=100, chroma_downsampling=False, progressive=True)
        noise = np.random.default_rng(0).integers(0, 255, (16, 16, 3)).astype(np.uint8)
        rough = [tf.image.encode_jpeg(noise, quality=quality) for quality in (90, 20)]
        grey = tf.image.encode_jpeg(ramp[..., :1], format="grayscale", x_density=72, density_unit="cm")
        pixels, sizes = session.run([tf.image.decode_jpeg(fine), tf.strings.length(rough)])
        assert session.run(tf.image.is_jpeg(fine))
        assert session.run(tf.image.decode_jpeg(grey)).shape == (16, 16, 1)
    assert np.abs(pixels.astype(int) - ramp).max() <= 12
    assert sizes[0] > sizes[1]


def test_frames_of_a_gif() -> None:
    frames = [Image.new("RGB", (4, 3), color) for color in ("red", "blue", "lime")]
    data = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    with tf.Graph().as_default(), tf.Session() as session:
        movie = session.run(tf.image.decode_gif(data))
        either = session.run(tf.image.decode_image(data, expand_animations=False))
    assert movie.shape == (3, 3, 4, 3)
    assert movie[:, 0, 0].tolist() == [[255, 0, 0], [0, 0, 255], [0, 255, 0]]
    assert np.array_equal(either, movie[0])


@pytest.mark.parametrize(("mode", "channels"), [("RGB", 3), ("L", 1)])
def test_bmp(mode: str, channels: int) -> None:
    data = saved(Image.new(mode, (4, 3), 7), "BMP")
    with tf.Graph().as_default(), tf.Session() as session:
        pixels = session.run(tf.image.decode_bmp(data))
        assert np.array_equal(session.run(tf.image.decode_image(data)), pixels)
        with pytest.raises(tf.errors.InvalidArgumentError, match="does not match bits per pixel"):
            session.run(tf.image.decode_bmp(data, channels=4))
    assert pixels.shape == (3, 4, channels)


def test_palettes_have_colors() -> None:
    image = Image.new("RGB", (4, 3), (10, 200, 30)).convert("P", palette=Image.Palette.ADAPTIVE)
    with tf.Graph().as_default(), tf.Session() as session:
        pixels = session.run(tf.image.decode_png(saved(image, "PNG")))
    assert pixels[0, 0].tolist() == [10, 200, 30]


@pytest.mark.parametrize("function", ["decode_jpeg", "decode_png", "decode_gif", "decode_bmp", "decode_image"])
def test_what_is_no_image_is_refused(function: str) -> None:
    with tf.Graph().as_default(), tf.Session() as session, pytest.raises(tf.errors.InvalidArgumentError):
        session.run(getattr(tf.image, function)(b"no image at all"))


def test_truncated_jpeg_is_refused_unless_it_is_allowed() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3)).astype(np.uint8)
    data = saved(Image.fromarray(noise), "JPEG")
    with tf.Graph().as_default(), tf.Session() as session:
        with pytest.raises(tf.errors.InvalidArgumentError, match="truncated"):
            session.run(tf.image.decode_jpeg(data[: len(data) // 2]))
        pixels = session.run(tf.image.decode_jpeg(data[: len(data) // 2], try_recover_truncated=True))
    assert pixels.shape == (64, 64, 3)


def test_random_flips_turn_some_images_and_no_others() -> None:
    images = np.arange(2 * 3 * 4 * 1, dtype=np.float32).reshape(2, 3, 4, 1)
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(1)
        one, batch = tf.image.random_flip_left_right(images[0]), tf.image.random_flip_up_down(images)
        for _ in range(20):
            pixels, several = session.run([one, batch])
            assert np.array_equal(pixels, images[0]) or np.array_equal(pixels, images[0][:, ::-1])
            for image, original in zip(several, images):
                assert np.array_equal(image, original) or np.array_equal(image, original[::-1])


def test_random_brightness_and_contrast_stay_within_their_bounds() -> None:
    image = np.linspace(0, 1, 12, dtype=np.float32).reshape(2, 2, 3)
    with tf.Graph().as_default(), tf.Session() as session:
        bright, contrast = tf.image.random_brightness(image, 0.2), tf.image.random_contrast(image, 0.5, 2.0)
        for _ in range(20):
            moved, stretched = session.run([bright, contrast])
            assert np.ptp(moved - image) < 1e-6
            assert abs((moved - image).mean()) <= 0.2
            spread = np.ptp(stretched, axis=(0, 1)) / np.ptp(image, axis=(0, 1))
            assert ((spread > 0.49) & (spread < 2.01)).all()


REFUSED = {
    "rank": (lambda: tf.image.flip_left_right(tf.zeros([3, 4])), "'image' must have either 3 or 4 dimensions"),
    "resize rank": (lambda: tf.image.resize_images(tf.zeros([3]), [2, 2]), "must have either 3 or 4 dimensions"),
    "unknown rank": (lambda: tf.image.resize(tf.placeholder("float32"), [2, 2]), "'images' contains no shape"),
    "method": (lambda: tf.image.resize(tf.zeros([3, 3, 1]), [2, 2], method=9), "Resize method is not implemented"),
    "size": (lambda: tf.image.resize(tf.zeros([3, 3, 1]), [2, 2, 2]), "'size' must be a 1-D Tensor of 2 elements"),
    "fraction": (lambda: tf.image.central_crop(tf.zeros([3, 3, 1]), 1.5), r"central_fraction must be within \(0, 1\]"),
    "crop": (lambda: tf.image.crop_to_bounding_box(tf.zeros([3, 3, 1]), 1, 1, 3, 2), "height must be >= target"),
    "pad": (lambda: tf.image.pad_to_bounding_box(tf.zeros([3, 3, 1]), 1, 1, 3, 9), "height must be <= target"),
    "grey": (lambda: tf.image.grayscale_to_rgb(tf.zeros([3, 3, 2])), "should be size 1"),
    "channels": (lambda: tf.image.decode_jpeg("", channels=4), "channels must be in"),
    "ratio": (lambda: tf.image.decode_jpeg("", ratio=3), "ratio must be 1, 2, 4, or 8"),
    "brightness": (lambda: tf.image.random_brightness(tf.zeros([3, 3, 1]), -1), "max_delta must be non-negative"),
    "contrast": (lambda: tf.image.random_contrast(tf.zeros([3, 3, 1]), 2, 1), "upper must be > lower"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_wrong_arguments_are_refused_while_the_graph_is_built(name: str) -> None:
    build, message = REFUSED[name]
    with tf.Graph().as_default(), pytest.raises(ValueError, match=message):
        build()
