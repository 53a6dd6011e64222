"""Images out of JPEG, PNG, GIF and BMP files, and into JPEG and PNG, through Pillow.

What is read and written are arrays `[height, width, channels]`. JPEG pixels are those of TensorFlow's
`dct_method="INTEGER_ACCURATE"`; its default is a faster transform, which is off by a few levels.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.dtypes import DType, as_dtype
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, register
from trackml.graph.shape_rules import scalar
from trackml.ops import comparison, png16
from trackml.ops.checks import Assert
from trackml.ops.conditional import cond
from trackml.ops.framework import control_dependencies, name_scope
from trackml.ops.gathering import gather
from trackml.ops.image_types import convert_image_dtype
from trackml.ops.strings import substr
from trackml.shapes import TensorShape

Array = np.ndarray[Any, Any]

_MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}
_FORMATS = ("JPEG", "PNG", "GIF", "BMP")


def decode_jpeg(
    contents: Any,
    channels: int = 0,
    ratio: int = 1,
    fancy_upscaling: bool = True,
    try_recover_truncated: bool = False,
    acceptable_fraction: float = 1,
    dct_method: str = "",
    name: str | None = None,
) -> Tensor:
    """The pixels of a JPEG image (PNG and non-animated GIF are decoded too).

    Args:
        contents: The bytes of the file, a scalar string.
        channels: 1 for grey, 3 for RGB, 0 for as many as the file has.
        ratio: Divides both sizes: 1, 2, 4 or 8. Faster than resizing.
        fancy_upscaling: Kept in the graph; the decoder always smooths colours.
        try_recover_truncated: Decode what there is of a file that is cut off.
        acceptable_fraction: Kept in the graph.
        dct_method: Kept in the graph.
        name: Name of the operation.

    Returns:
        uint8 `[height, width, channels]`.
    """
    attrs = {
        "channels": channels or 0,
        "ratio": ratio,
        "fancy_upscaling": fancy_upscaling,
        "try_recover_truncated": try_recover_truncated,
        "acceptable_fraction": float(acceptable_fraction),
        "dct_method": dct_method,
    }
    _check(channels, (0, 1, 3), "JPEG")
    if ratio not in (1, 2, 4, 8):
        raise ValueError(f"ratio must be 1, 2, 4, or 8, got {ratio}")
    return _decoder("DecodeJpeg", contents, name, **attrs)


def decode_png(contents: Any, channels: int = 0, dtype: Any = dtypes.uint8, name: str | None = None) -> Tensor:
    """The pixels of a PNG image (JPEG and non-animated GIF are decoded too).

    Args:
        contents: The bytes of the file, a scalar string.
        channels: 1 for grey, 2 for grey with alpha, 3 for RGB, 4 for RGBA, 0 for as many as the file has.
        dtype: uint8 or uint16.
        name: Name of the operation.

    Returns:
        `[height, width, channels]` of type `dtype`.
    """
    _check(channels, (0, 1, 2, 3, 4), "PNG")
    wanted = as_dtype(dtype)
    if wanted not in (dtypes.uint8, dtypes.uint16):
        raise TypeError(f"dtype must be uint8 or uint16; got {wanted.name}")
    return _decoder("DecodePng", contents, name, channels=channels or 0, dtype=wanted)


def decode_bmp(contents: Any, channels: int = 0, name: str | None = None) -> Tensor:
    """The pixels of a BMP image, uint8 `[height, width, channels]`; `channels` 0 is as many as the file has."""
    _check(channels, (0, 1, 3, 4), "BMP")
    return _decoder("DecodeBmp", contents, name, channels=channels or 0)


def decode_gif(contents: Any, name: str | None = None) -> Tensor:
    """The frames of a GIF image, uint8 `[frames, height, width, 3]`."""
    return _decoder("DecodeGif", contents, name)


def decode_image(
    contents: Any,
    channels: int | None = None,
    dtype: Any = dtypes.uint8,
    name: str | None = None,
    expand_animations: bool = True,
) -> Tensor:
    """The pixels of an image in whichever of JPEG, PNG, GIF and BMP it is.

    Args:
        contents: The bytes of the file, a scalar string.
        channels: 1 for grey, 3 for RGB, 4 for RGBA, 0 or None for as many as the file has.
        dtype: Type of the result; floats are in [0, 1].
        name: Name scope.
        expand_animations: Whether a GIF gives all its frames, `[frames, height, width, 3]`; else the first one.

    Returns:
        A tensor of unknown shape: `[height, width, channels]`, or with frames in front for a GIF.
    """
    if channels not in (None, 0, 1, 3, 4):
        raise ValueError("channels must be in (None, 0, 1, 3, 4)")
    wanted, count = as_dtype(dtype), channels or 0
    with name_scope(name, "decode_image"):
        contents = convert_to_tensor(contents, dtypes.string, name="contents")
        signature = substr(contents, 0, 3)

        def bmp() -> Tensor:
            is_bmp = comparison.equal(substr(contents, 0, 2), b"BM", name="is_bmp")
            checks = [
                Assert(is_bmp, ["Unable to decode bytes as JPEG, PNG, GIF, or BMP"]),
                _accepted(count != 1, "Channels must be in (None, 0, 3) when decoding BMP images"),
            ]
            with control_dependencies(checks):
                return convert_image_dtype(decode_bmp(contents), wanted)

        def gif() -> Tensor:
            checks = [_accepted(count not in (1, 4), "Channels must be in (None, 0, 3) when decoding GIF images")]
            with control_dependencies(checks):
                frames = convert_image_dtype(decode_gif(contents), wanted)
            return frames if expand_animations else gather(frames, 0)

        def png() -> Tensor:
            depth = dtypes.uint8 if wanted is dtypes.uint8 else dtypes.uint16
            return convert_image_dtype(decode_png(contents, count, depth), wanted)

        def jpeg() -> Tensor:
            checks = [_accepted(count != 4, "Channels must be in (None, 0, 1, 3) when decoding JPEG images")]
            with control_dependencies(checks):
                return convert_image_dtype(decode_jpeg(contents, count if count != 4 else 0), wanted)

        def starts(text: bytes) -> Tensor:
            return comparison.equal(signature, text)

        image: Tensor = cond(
            starts(b"\xff\xd8\xff"),
            jpeg,
            lambda: cond(
                starts(b"\x89PN"), png, lambda: cond(starts(b"GIF"), gif, bmp, name="cond_gif"), name="cond_png"
            ),
            name="cond_jpeg",
        )
        return image


def _accepted(condition: bool, message: str) -> Operation:
    return Assert(condition, [message])


def _check(channels: int | None, allowed: tuple[int, ...], kind: str) -> None:
    if (channels or 0) not in allowed:
        raise ValueError(f"channels must be in {allowed} when decoding {kind} images, got {channels}")


def _decoder(type: str, contents: Any, name: str | None, **attrs: Any) -> Tensor:
    with name_scope(name, type, [contents]) as scope:
        data = convert_to_tensor(contents, dtypes.string, name="contents")
        image: Tensor = apply_op(type, data, name=scope, **attrs)
    return image


def is_jpeg(contents: Any, name: str | None = None) -> Tensor:
    """Whether the bytes `contents` begin like a JPEG file."""
    with name_scope(name, "is_jpeg") as scope:
        return comparison.equal(substr(contents, 0, 3), b"\xff\xd8\xff", name=scope)


def _opened(data: bytes) -> Any:
    """The image in a file's bytes."""
    from PIL import Image

    try:
        image = Image.open(io.BytesIO(data), formats=_FORMATS)
        if image.format != "JPEG":  # which may be made smaller while it is read
            image.load()
    except (OSError, SyntaxError, ValueError) as error:
        raise ValueError(f"Unknown image file format. One of JPEG, PNG, GIF, BMP required. ({error})") from None
    return image


def _bytes(contents: Any) -> bytes:
    return bytes(np.asarray(contents, object)[()])


def _pixels(image: Any, channels: int) -> Array:
    """The pixels as bytes `[height, width, channels]`."""
    own = _own_channels(image)
    try:
        if image.mode.startswith("I"):
            samples = (np.asarray(image).astype(np.uint16) >> 8).astype(np.uint8)
        else:
            samples = np.array(image if image.mode == _MODES[own] else image.convert(_MODES[own]), np.uint8)
    except OSError as error:
        raise ValueError(f"Invalid {image.format} data: {error}") from None
    return _in_channels(samples.reshape(image.height, image.width, own), channels or own)


def _own_channels(image: Any) -> int:
    if image.mode == "P":
        return 4 if "transparency" in image.info else 3
    return {"1": 1, "L": 1, "I": 1, "I;16": 1, "LA": 2, "RGBA": 4}.get(image.mode, 3)


def _in_channels(pixels: Array, channels: int) -> Array:
    """Samples of one to four channels as samples of `channels`."""
    own = pixels.shape[-1]
    if own == channels:
        return pixels
    opaque = np.full((*pixels.shape[:2], 1), np.iinfo(pixels.dtype).max, pixels.dtype)
    color, alpha = (pixels[..., :-1], pixels[..., -1:]) if own in (2, 4) else (pixels, opaque)
    if channels in (3, 4) and color.shape[-1] == 1:
        color = np.repeat(color, 3, axis=-1)
    elif channels in (1, 2) and color.shape[-1] == 3:
        color = _grey(color)
    return np.concatenate([color, alpha], axis=-1) if channels in (2, 4) else color


def _grey(color: Array) -> Array:
    """libpng's grey: parts of 2**15, rounded for 16 bits a sample and cut off for 8."""
    weighted = color.astype(np.int64) @ np.array([9798, 19235, 3735])
    rounding = 1 << 14 if color.dtype == np.uint16 else 0
    grey: Array = ((weighted + rounding) >> 15).astype(color.dtype)
    return grey[..., None]


def _decode_jpeg(contents: Array, *, channels: int, ratio: int, try_recover_truncated: bool) -> Array:
    # With an end marker the decoder takes what is missing for grey.
    image = _opened(_bytes(contents) + (b"\xff\xd9" if try_recover_truncated else b""))
    if image.format == "JPEG" and (ratio > 1 or (channels == 1 and image.mode == "RGB")):
        size = (max(image.width // ratio, 1), max(image.height // ratio, 1))
        image.draft("L" if channels == 1 else None, size)
    return _pixels(image, channels)


def _decode_png(contents: Array, *, channels: int, dtype: DType) -> Array:
    data = _bytes(contents)
    if png16.is_deep(data):
        deep = png16.decoded(data)
        if dtype is dtypes.uint8:
            return _in_channels((deep >> 8).astype(np.uint8), channels or deep.shape[-1])
        return _in_channels(deep, channels or deep.shape[-1])
    pixels = _pixels(_opened(data), channels)
    # 255 is to become 65535.
    return pixels if dtype is dtypes.uint8 else pixels * np.uint16(257)


def _decode_bmp(contents: Array, *, channels: int) -> Array:
    image = _opened(_bytes(contents))
    if image.format != "BMP":
        raise ValueError("Incorrect bmp data: the file does not begin with 'BM'.")
    own = _own_channels(image)
    if channels not in (0, own):
        raise ValueError(f"channels attribute {channels} does not match bits per pixel from file {own}")
    return _pixels(image, own)


def _decode_gif(contents: Array) -> Array:
    from PIL import ImageSequence

    image = _opened(_bytes(contents))
    if image.format != "GIF":
        raise ValueError(f"Expected the bytes of a GIF, got those of a {image.format}.")
    return np.stack([np.array(frame.convert("RGB"), np.uint8) for frame in ImageSequence.Iterator(image)])


def _decoded_shape(op: Operation) -> TensorShape:
    op.inputs[0].shape.with_rank(0)
    return TensorShape([None, None, op.attrs["channels"] or None])


def _gif_shape(op: Operation) -> TensorShape:
    op.inputs[0].shape.with_rank(0)
    return TensorShape([None, None, None, 3])


_Decoder = tuple[str, Callable[..., Array], Callable[[Operation], TensorShape], Any]
_DECODERS: tuple[_Decoder, ...] = (
    ("DecodeJpeg", _decode_jpeg, _decoded_shape, dtypes.uint8),
    ("DecodePng", _decode_png, _decoded_shape, "dtype"),
    ("DecodeBmp", _decode_bmp, _decoded_shape, dtypes.uint8),
    ("DecodeGif", _decode_gif, _gif_shape, dtypes.uint8),
)
for _type, _kernel, _rule, _result in _DECODERS:
    register(_type, _kernel, shape=_rule, dtypes=_result, gradient=NOT_DIFFERENTIABLE, types={})


def encode_jpeg(
    image: Any,
    format: str = "",
    quality: int = 95,
    progressive: bool = False,
    optimize_size: bool = False,
    chroma_downsampling: bool = True,
    density_unit: str = "in",
    x_density: int = 300,
    y_density: int = 300,
    xmp_metadata: str = "",
    name: str | None = None,
) -> Tensor:
    """The bytes of a JPEG file.

    Args:
        image: uint8 `[height, width, channels]`, with 1 channel or 3.
        format: `"grayscale"`, `"rgb"`, or empty to go by the channels.
        quality: From 0 to 100.
        progressive: Whether a viewer can show it coarsely at first.
        optimize_size: Smaller, but slower to write.
        chroma_downsampling: Whether colours have half the resolution.
        density_unit: `"in"` or `"cm"`, the unit of the next two.
        x_density: Pixels a unit across.
        y_density: Pixels a unit down.
        xmp_metadata: XMP to put into the file.
        name: Name of the operation.
    """
    if format not in ("", "grayscale", "rgb"):
        raise ValueError(f"format must be '', 'grayscale' or 'rgb'; got {format!r}")
    with name_scope(name, "EncodeJpeg", [image]) as scope:
        pixels = convert_to_tensor(image, dtypes.uint8, name="image")
        attrs = {
            "format": format,
            "quality": quality,
            "progressive": progressive,
            "optimize_size": optimize_size,
            "chroma_downsampling": chroma_downsampling,
            "density_unit": density_unit,
            "x_density": x_density,
            "y_density": y_density,
            "xmp_metadata": xmp_metadata,
        }
        encoded: Tensor = apply_op("EncodeJpeg", pixels, name=scope, **attrs)
    return encoded


def _encode_jpeg(
    image: Array,
    *,
    format: str,
    quality: int,
    progressive: bool,
    optimize_size: bool,
    chroma_downsampling: bool,
    density_unit: str,
    x_density: int,
    y_density: int,
    xmp_metadata: str,
) -> Array:
    channels = image.shape[2]
    wanted = {"": channels, "grayscale": 1, "rgb": 3}[format]
    if channels not in (1, 3) or channels != wanted:
        raise ValueError(f"image must have {wanted if format else '1 or 3'} channels, got {list(image.shape)}")
    inches = 1.0 if density_unit == "in" else 2.54
    options: dict[str, Any] = {"xmp": xmp_metadata.encode()} if xmp_metadata else {}
    if channels == 3:
        options["subsampling"] = "4:2:0" if chroma_downsampling else "4:4:4"
    return _saved(
        image,
        "JPEG",
        quality=quality,
        progressive=progressive,
        optimize=optimize_size,
        dpi=(x_density * inches, y_density * inches),
        **options,
    )


def _saved(image: Array, format: str, **options: Any) -> Array:
    from PIL import Image

    channels = image.shape[2]
    stream = io.BytesIO()
    flat = np.ascontiguousarray(image)
    Image.frombytes(_MODES[channels], (image.shape[1], image.shape[0]), flat.tobytes()).save(stream, format, **options)
    return _text(stream.getvalue())


def _text(value: bytes) -> Array:
    array = np.empty((), object)
    array[()] = value
    return array


def encode_png(image: Any, compression: int = -1, name: str | None = None) -> Tensor:
    """The bytes of a PNG file.

    Args:
        image: uint8 or uint16 `[height, width, channels]`: grey, grey with alpha, RGB or RGBA.
        compression: From 0 (none) to 9; -1 for zlib's own choice.
        name: Name of the operation.
    """
    with name_scope(name, "EncodePng", [image]) as scope:
        pixels = convert_to_tensor(image, dtypes.uint8 if not hasattr(image, "dtype") else None, name="image")
        if pixels.dtype not in (dtypes.uint8, dtypes.uint16):
            raise TypeError(
                f"Value passed to parameter 'image' has DataType {pixels.dtype.name} not in list of allowed values: "
                "uint8, uint16"
            )
        encoded: Tensor = apply_op("EncodePng", pixels, name=scope, compression=compression)
    return encoded


def _encode_png(image: Array, *, compression: int) -> Array:
    if image.shape[2] not in _MODES:
        raise ValueError(f"image must have 1, 2, 3, or 4 channels, got {image.shape[2]}")
    if image.dtype == np.uint16:
        return _text(png16.encoded(image, compression))
    # Pillow has no word for zlib's own choice, which is 6.
    return _saved(image, "PNG", compress_level=6 if compression < 0 else compression)


def _encoded_shape(op: Operation) -> TensorShape:
    op.inputs[0].shape.with_rank(3)
    return scalar(op)


register("EncodeJpeg", _encode_jpeg, shape=_encoded_shape, dtypes=dtypes.string, gradient=NOT_DIFFERENTIABLE, types={})
register("EncodePng", _encode_png, shape=_encoded_shape, dtypes=dtypes.string, gradient=NOT_DIFFERENTIABLE)
