"""The UCI hand-written digits that ship with the demo; `data/digits.md` says where they come from."""

from __future__ import annotations

from importlib import resources

import numpy as np
from numpy.typing import NDArray

__all__ = ["load_digits"]


def load_digits() -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Gives the 1,797 images of hand-written digits and the digit that each shows.

    Returns:
        `images` uint8 [1797, 8, 8], each pixel from 0 (paper) to 16 (ink), and `labels` int64 [1797], from 0 to 9.

    Source:
        E. Alpaydin, C. Kaynak (1998), Optical Recognition of Handwritten Digits, UCI Machine Learning Repository.

    Example:
        >>> images, labels = load_digits()
        >>> images.shape, int(labels[0])
        ((1797, 8, 8), 0)
    """
    file = resources.files("trackml.demo").joinpath("data/digits.npz")
    with file.open("rb") as stream, np.load(stream) as arrays:
        return arrays["images"], arrays["labels"].astype(np.int64)
