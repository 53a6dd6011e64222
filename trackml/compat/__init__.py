"""`tf.compat`: TensorFlow 1 under its later name (`tf.compat.v1`), texts as bytes and back."""

from __future__ import annotations

import os
from typing import Any

from trackml.compat import v1


def as_bytes(bytes_or_text: Any, encoding: str = "utf-8") -> bytes:
    """Bytes as they are, text encoded; TypeError for anything else."""
    if isinstance(bytes_or_text, (bytes, bytearray)):
        return bytes(bytes_or_text)
    if isinstance(bytes_or_text, str):
        return bytes_or_text.encode(encoding)
    raise TypeError(f"Expected binary or unicode string, got {bytes_or_text!r}")


def as_text(bytes_or_text: Any, encoding: str = "utf-8") -> str:
    """Text as it is, bytes decoded; TypeError for anything else."""
    if isinstance(bytes_or_text, str):
        return bytes_or_text
    if isinstance(bytes_or_text, (bytes, bytearray)):
        return bytes(bytes_or_text).decode(encoding)
    raise TypeError(f"Expected binary or unicode string, got {bytes_or_text!r}")


as_str = as_text


def as_str_any(value: Any) -> str:
    """Text and bytes as text, anything else by `str`."""
    return as_text(value) if isinstance(value, (str, bytes, bytearray)) else str(value)


def path_to_str(path: Any) -> Any:
    """A path as text; what is none, as it is."""
    return os.fspath(path) if hasattr(path, "__fspath__") else path


__all__ = ["as_bytes", "as_str", "as_str_any", "as_text", "path_to_str", "v1"]
