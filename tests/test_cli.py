"""The `trackml` command."""

from __future__ import annotations

import pytest

import trackml
from trackml.cli import main


@pytest.mark.parametrize(("arguments", "said"), [(["--version"], trackml.__version__), (["--help"], "demo")])
def test_answers_and_ends(arguments, said, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 0
    assert said in capsys.readouterr().out


def test_without_a_command_it_says_what_is_missing(capsys):
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 2
    assert "COMMAND" in capsys.readouterr().err
