"""Tags of summaries: legal, and unique because they are the names of their operations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from trackml import logging
from trackml.ops.framework import name_scope

_ILLEGAL = re.compile(r"[^-/\w.]")


def clean_tag(name: str) -> str:
    """`name` with `_` in place of characters that no operation may have in its name; says so when it changes it."""
    cleaned = _ILLEGAL.sub("_", name).lstrip("/")
    if cleaned != name:
        logging.info("Summary name %s is illegal; using %s instead.", name, cleaned)
    return cleaned


@contextmanager
def summary_scope(
    name: str, family: str | None = None, default_name: str | None = None, values: Any = None
) -> Iterator[tuple[str, str]]:
    """A name scope for one summary.

    Args:
        name: What the summary is called.
        family: Put in front of the tag, outside of the name scopes around: TensorBoard groups by it.
        default_name: Used when `name` is empty.
        values: Tensors that go into the summary.

    Yields:
        (tag, scope): the tag, and the name of the operation with a final `/`.
    """
    clean_name = clean_tag(name)
    clean_family = clean_tag(family) if family is not None else None
    base = clean_name if clean_family is None else f"{clean_family}/{clean_name}"
    with name_scope(base, default_name, values) as scope:
        tag = scope.rstrip("/")
        yield (tag if clean_family is None else f"{clean_family}/{tag}"), scope
