"""The stored form of strings; TensorFlow's own bytes are in test_bundle.py."""

from __future__ import annotations

import pytest

from trackml.bundle.string_tensor import decode_strings, encode_strings

STRINGS = {"none": [], "empty": [b""], "some": [b"a", b"", b"\x00\xff", b"x" * 200], "long": [b"y" * 70_000]}


@pytest.mark.parametrize("strings", STRINGS.values(), ids=STRINGS)
def test_decodes_what_it_encodes(strings):
    stored, crc = encode_strings(strings)
    assert decode_strings(stored, len(strings)) == (strings, crc)


def test_damaged_length_is_found():
    stored, _ = encode_strings([b"abc", b"de"])
    with pytest.raises(ValueError, match="checksum of the string lengths"):
        decode_strings(b"\x02\x03" + stored[2:], 2)


@pytest.mark.parametrize("size", range(10))
def test_truncation_is_found(size):
    stored, _ = encode_strings([b"abc", b"de"])
    with pytest.raises(ValueError, match=r"do not end|checksum|are stored"):
        decode_strings(stored[:size], 2)


def test_length_that_never_ends_is_found():
    with pytest.raises(ValueError, match="do not end in the 20 bytes"):
        decode_strings(b"\x80" * 20, 1)
