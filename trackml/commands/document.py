"""JSON as commands print it: one document with the name of its schema, in ASCII, and no number that JSON lacks."""

from __future__ import annotations

import json
from typing import Any


def print_document(schema: str, **fields: Any) -> None:
    """Prints a JSON document.

    Args:
      schema: Its name and version, as `trackml.ls/1`.
      **fields: What it holds; floats have been through `json_number`.
    """
    print(json.dumps({"schema": schema, **fields}, indent=2, allow_nan=False))


def print_line(**fields: Any) -> None:
    """Prints a JSON document on one line, for output that goes on."""
    print(json.dumps(fields, allow_nan=False))
