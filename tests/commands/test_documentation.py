"""docs/commands.md and docs/schemas name what there is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest

from trackml.cli import main

DOCS = Path(__file__).resolve().parents[2] / "docs"
COMMANDS = ["ls", "show", "export", "check", "tail"]


def section(name):
    """The part of the page about one command, with what is about all."""
    parts = (DOCS / "commands.md").read_text(encoding="utf-8").split("\n## ")
    common, own = parts[1], next(part for part in parts if part.startswith(f"trackml {name}\n"))
    return common + own


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_documented(name, capsys):
    with pytest.raises(SystemExit):
        main([name, "--help"])
    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}
    assert {option for option in options if option not in section(name)} == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_links_its_schema(name):
    assert f"(schemas/{name}.json)" in section(name)


@pytest.mark.parametrize("path", sorted((DOCS / "schemas").iterdir()), ids=lambda path: path.name)
def test_schemas_are_schemas(path):
    jsonschema.Draft202012Validator.check_schema(json.loads(path.read_text(encoding="utf-8")))
