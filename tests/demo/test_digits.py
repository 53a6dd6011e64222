"""The digits that ship with the demo are those of the UCI repository, unchanged."""

from __future__ import annotations

import hashlib

import numpy as np

from trackml.demo import load_digits


def test_shapes_and_types_are_as_promised():
    images, labels = load_digits()
    assert (images.shape, images.dtype) == ((1797, 8, 8), np.uint8)
    assert (labels.shape, labels.dtype) == ((1797,), np.int64)


def test_each_class_has_the_count_of_the_uci_test_set():
    _, labels = load_digits()
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_pixels_use_the_whole_range():
    images, _ = load_digits()
    assert (images.min(), images.max()) == (0, 16)


def test_values_are_unchanged():
    images, labels = load_digits()
    assert (
        hashlib.sha256(images.tobytes()).hexdigest()
        == "8f26b2bd9d135c256808f68f14fdabddde6d9c7f869ae419704b051f0f14b3b3"
    )
    assert (
        hashlib.sha256(labels.astype("<i8").tobytes()).hexdigest()
        == "a3c91c262eddcf7ba8f0e37507c30284493c9b20412ffe4af30d536401f7ba21"
    )
