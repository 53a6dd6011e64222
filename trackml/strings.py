"""tf.strings: operations on strings."""

from __future__ import annotations

from trackml.ops.hashing import string_to_hash_bucket as to_hash_bucket
from trackml.ops.hashing import string_to_hash_bucket_fast as to_hash_bucket_fast
from trackml.ops.hashing import string_to_hash_bucket_strong as to_hash_bucket_strong
from trackml.ops.printing import string_format as format  # noqa: A004  TensorFlow's name
from trackml.ops.string_split import string_split_v2 as split
from trackml.ops.strings import (
    as_string,
    reduce_join,
    regex_full_match,
    regex_replace,
    substr,
)
from trackml.ops.strings import string_join as join
from trackml.ops.strings import string_length as length
from trackml.ops.strings import string_lower as lower
from trackml.ops.strings import string_strip as strip
from trackml.ops.strings import string_to_number as to_number
from trackml.ops.strings import string_upper as upper

__all__ = [
    "as_string",
    "format",
    "join",
    "length",
    "lower",
    "reduce_join",
    "regex_full_match",
    "regex_replace",
    "split",
    "strip",
    "substr",
    "to_hash_bucket",
    "to_hash_bucket_fast",
    "to_hash_bucket_strong",
    "to_number",
    "upper",
]
