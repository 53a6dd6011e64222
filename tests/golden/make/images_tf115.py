"""Writes tests/golden/images/*: what TensorFlow 1.15 makes of images, and files for its decoders.

Run with TensorFlow 1.15: `python tests/golden/make/images_tf115.py`.

`values.json` is a list of cases: `function` (under `tf.image`), `arguments` (arrays or plain values) with `keywords`,
and `outputs`, with `gradient` where the first argument is of floats: of the sum of the output times 0, 1, 2 ...
An array is `{"dtype", "shape", "values"}`. `files.json` has files (base64) with the pixels that the decoder gives.
"""

import base64
import json
import pathlib

import numpy as np
import tensorflow as tf

tf = tf.compat.v1
OUTPUT = pathlib.Path(__file__).resolve().parents[1] / "images"
RANDOM = np.random.RandomState(0)
BATCH = (RANDOM.randint(0, 100, (2, 4, 5, 2)) / 10).astype(np.float32)
ONE = (RANDOM.randint(0, 100, (5, 4, 1)) / 100).astype(np.float32)
BYTES = RANDOM.randint(0, 256, (4, 5, 3)).astype(np.uint8)
SIZES = ([2, 3], [7, 4], [4, 5], [8, 10], [1, 1])

CASES = [
    *[
        ("resize_images", [BATCH, size], {"method": method, "align_corners": corners})
        for method in (0, 1, 2, 3)
        for size in SIZES
        for corners in (False, True)
    ],
    *[
        (name, [BATCH, size], {"half_pixel_centers": True})
        for name in ("resize_bilinear", "resize_nearest_neighbor", "resize_bicubic")
        for size in SIZES
    ],
    ("resize_images", [BYTES, [3, 3]], {}),
    ("resize_images", [BYTES, [3, 3]], {"method": 1}),
    ("resize_images", [BATCH, [8, 8]], {"preserve_aspect_ratio": True}),
    ("convert_image_dtype", [BYTES, "float32"], {}),
    ("convert_image_dtype", [ONE, "uint8"], {}),
    ("convert_image_dtype", [ONE * 3, "uint8"], {"saturate": True}),
    ("convert_image_dtype", [BYTES, "uint16"], {}),
    ("convert_image_dtype", [BYTES, "int32"], {}),
    ("convert_image_dtype", [BYTES.astype(np.int32) * 60000, "uint8"], {}),
    ("convert_image_dtype", [ONE, "float64"], {}),
    ("rgb_to_grayscale", [BYTES.astype(np.float32)], {}),
    ("rgb_to_grayscale", [BYTES], {}),
    ("grayscale_to_rgb", [ONE], {}),
    ("flip_left_right", [BYTES], {}),
    ("flip_left_right", [BATCH], {}),
    ("flip_up_down", [BYTES], {}),
    ("flip_up_down", [BATCH], {}),
    ("transpose_image", [BYTES], {}),
    ("transpose_image", [BATCH], {}),
    *[("rot90", [image], {"k": k}) for image in (BYTES, BATCH) for k in (0, 1, 2, 3, 5)],
    ("central_crop", [BYTES, 0.5], {}),
    ("central_crop", [BATCH, 0.6], {}),
    ("central_crop", [BYTES, 1.0], {}),
    ("crop_to_bounding_box", [BATCH, 1, 2, 2, 3], {}),
    ("crop_to_bounding_box", [BYTES, 0, 1, 3, 2], {}),
    ("pad_to_bounding_box", [BYTES, 1, 2, 7, 8], {}),
    ("pad_to_bounding_box", [BATCH, 0, 0, 4, 6], {}),
    *[("resize_image_with_crop_or_pad", [BYTES, *size], {}) for size in ([3, 3], [9, 2], [4, 5], [7, 8])],
    ("per_image_standardization", [BATCH], {}),
    ("per_image_standardization", [np.full((3, 3, 1), 7, np.uint8)], {}),
    ("adjust_brightness", [BYTES, 0.3], {}),
    ("adjust_brightness", [ONE, -0.3], {}),
    ("adjust_contrast", [BATCH, 0.5], {}),
    ("adjust_contrast", [BYTES, 2.0], {}),
]  # fmt: skip


def stated(array):
    array = np.asarray(array)
    return {
        "dtype": str(array.dtype),
        "shape": list(array.shape),
        "values": [json.loads(str(item).lower()) for item in array.ravel()],
    }


def run(name, arguments, keywords):
    with tf.Graph().as_default(), tf.Session() as session:
        image = tf.constant(arguments[0])
        output = getattr(tf.image, name)(image, *arguments[1:], **keywords)
        case = {
            "function": name,
            "arguments": [stated(item) if isinstance(item, np.ndarray) else item for item in arguments],
            "keywords": keywords,
            "outputs": stated(session.run(output)),
        }
        if arguments[0].dtype == np.float32 and output.dtype.is_floating:
            weights = tf.reshape(tf.cast(tf.range(tf.size(output)), output.dtype), tf.shape(output))
            try:
                (grad,) = tf.gradients(tf.reduce_sum(output * weights), [image])
            except LookupError:
                grad = None
            if grad is not None:
                case["gradient"] = stated(session.run(grad))
        return case


def decoded(contents, function, **keywords):
    with tf.Graph().as_default(), tf.Session() as session:
        try:
            pixels = session.run(getattr(tf.image, function)(contents, **keywords))
        except (ValueError, tf.errors.OpError):
            pixels = None
    keywords = {key: getattr(value, "name", value) for key, value in keywords.items()}
    return {"function": function, "keywords": keywords, "pixels": None if pixels is None else stated(pixels)}


def encoded(function, image, **keywords):
    with tf.Graph().as_default(), tf.Session() as session:
        return session.run(getattr(tf.image, function)(image, **keywords))


def files():
    ramp = np.linspace(0, 255, 16 * 24).reshape(16, 24, 1)
    smooth = np.concatenate([ramp, ramp[::-1], ramp[:, ::-1]], axis=-1).astype(np.uint8)
    alpha = np.concatenate([BYTES, BYTES[..., :1]], axis=-1)
    deep = (RANDOM.randint(0, 65536, (5, 4, 3))).astype(np.uint16)
    deep_alpha = np.concatenate([deep, deep[..., :1]], axis=-1)
    smooth16 = (np.arange(8 * 9 * 3).reshape(8, 9, 3) * 301 % 65536).astype(np.uint16)
    found = []
    for image in (
        BYTES,
        BYTES[..., :1],
        BYTES[..., :2],
        alpha,
        deep,
        deep[..., :1],
        deep[..., :2],
        deep_alpha,
        smooth16,
    ):
        contents = encoded("encode_png", image)
        wanted = [
            decoded(contents, "decode_png", channels=channels, dtype=dtype)
            for channels in (0, 1, 2, 3, 4)
            for dtype in (tf.uint8, tf.uint16)
        ]
        wanted.append(decoded(contents, "decode_image"))
        wanted.append(decoded(contents, "decode_image", dtype=tf.float32, channels=3))
        found.append({"kind": "png", "contents": base64.b64encode(contents).decode(), "decoded": wanted})
    for image in (smooth, smooth[..., :1]):
        contents = encoded("encode_jpeg", image, chroma_downsampling=False)
        wanted = [decoded(contents, "decode_jpeg", channels=channels) for channels in (0, 1, 3)]
        wanted += [decoded(contents, "decode_jpeg", ratio=ratio) for ratio in (2, 4, 8)]
        wanted.append(decoded(contents, "decode_jpeg", dct_method="INTEGER_ACCURATE"))
        wanted += [decoded(contents, "decode_image", channels=3), decoded(contents, "decode_png", channels=3)]
        found.append({"kind": "jpeg", "contents": base64.b64encode(contents).decode(), "decoded": wanted})
    return found


def main():
    OUTPUT.mkdir(exist_ok=True)
    cases = [run(*case) for case in CASES]
    (OUTPUT / "values.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")
    (OUTPUT / "files.json").write_text(json.dumps(files(), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
