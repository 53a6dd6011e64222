"""`tf.contrib.framework`: the global step."""

from __future__ import annotations

from trackml.global_step import (
    assert_global_step,
    create_global_step,
    get_global_step,
    get_or_create_global_step,
)

__all__ = ["assert_global_step", "create_global_step", "get_global_step", "get_or_create_global_step"]
