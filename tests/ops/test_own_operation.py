"""The documented way to make an operation of one's own works as it stands in the documentation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from trackml.graph import registered_types

TEXT = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
EXAMPLE = re.findall(r"```python\n(.*?)```", TEXT, flags=re.DOTALL)[0]


def test_the_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, object] = {}
    exec(compile(EXAMPLE, "docs/operations.md", "exec"), names)
    assert capsys.readouterr().out.startswith("[array([0.489")
    assert "SoftClip" in registered_types()
