"""`tf.compat.v1` is trackml itself."""

from __future__ import annotations

import logging

import pytest

import trackml
import trackml.compat.v1 as tf


def test_every_public_name_is_the_same():
    for name in trackml.__all__:
        assert getattr(tf, name) is getattr(trackml, name)
    assert set(trackml.__all__) <= set(dir(tf))
    assert trackml.compat.v1 is tf


def test_submodules_can_be_imported_from_it():
    from trackml.compat.v1 import estimator, feature_column

    assert (estimator, feature_column) == (trackml.estimator, trackml.feature_column)


def test_what_scripts_for_two_say_first_does_nothing():
    tf.disable_v2_behavior()
    tf.disable_eager_execution()
    tf.disable_v2_tensorshape()
    tf.disable_tensor_equality()
    tf.enable_resource_variables()
    assert not tf.executing_eagerly()


def test_a_name_that_is_not_there_is_told():
    with pytest.raises(AttributeError, match="no_such_name"):
        tf.no_such_name  # noqa: B018


def test_texts_and_bytes():
    compat = trackml.compat
    assert (compat.as_bytes("é"), compat.as_bytes(b"a")) == (b"\xc3\xa9", b"a")
    assert (compat.as_text(b"\xc3\xa9"), compat.as_str("a")) == ("é", "a")
    assert [compat.as_str_any(value) for value in (b"a", "b", 3)] == ["a", "b", "3"]
    assert compat.path_to_str(3) == 3
    for function in (compat.as_bytes, compat.as_text):
        with pytest.raises(TypeError, match="Expected binary or unicode string, got 3"):
            function(3)


def test_verbosity_goes_by_name_and_number():
    before = tf.logging.get_verbosity()
    tf.logging.set_verbosity(tf.logging.INFO)
    assert tf.logging.get_verbosity() == logging.INFO
    tf.logging.set_verbosity("ERROR")
    assert tf.logging.get_verbosity() == logging.ERROR
    tf.logging.set_verbosity(before)
