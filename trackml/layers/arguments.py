"""Arguments that layers with windows share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from trackml.layers.core import checked_data_format


def numbers_of(value: int | Sequence[int], rank: int, name: str) -> list[int]:
    """A number an axis, from a sequence of them or from one for all.

    Raises:
        ValueError: There are not `rank` of them, or one is no positive integer.
    """
    numbers = [value] * rank if isinstance(value, (int, np.integer)) else list(value)
    if len(numbers) != rank:
        raise ValueError(f"The `{name}` argument must be a tuple of {rank} integers. Received: {value}")
    if any(not isinstance(number, (int, np.integer)) or number < 1 for number in numbers):
        raise ValueError(f"The `{name}` argument must be a tuple of {rank} positive integers. Received: {value}")
    return [int(number) for number in numbers]


def checked_padding(padding: str) -> str:
    """`padding` in lower case; ValueError when it is neither `"valid"` nor `"same"`."""
    known = padding.lower()
    if known not in ("valid", "same"):
        raise ValueError(f'The `padding` argument must be one of "valid", "same". Received: {padding}')
    return known


def refuse_channels_first(data_format: str | None) -> str:
    """`"channels_last"`; ValueError for another format."""
    if checked_data_format(data_format) == "channels_first":
        raise ValueError(
            "channels_first does not run on CPUs. Put channels last: tf.transpose(inputs, [0, 2, 3, 1]) for images, "
            "[0, 2, 1] for sequences."
        )
    return "channels_last"
