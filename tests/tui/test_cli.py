from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from trackml_tui.cli import main


def test_help_names_the_directory(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    assert "LOGDIR" in capsys.readouterr().out


def test_a_file_is_no_log_directory(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "events.out.tfevents.1.host"
    path.touch()
    with pytest.raises(SystemExit) as caught:
        main([str(path)])
    assert caught.value.code == 2
    assert "is a file; give the directory" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("logdirs", "said"),
    [
        (["x:/a", "x:/b"], "'/a' and '/b' are both named 'x'"),
        (["x:/a,x:/b"], "'/a' and '/b' are both named 'x'"),
        (["gs://bucket/runs"], "expected a directory of this machine"),
        (["/a,,/b"], "expected the path of a log directory; got an empty one"),
    ],
)
def test_log_directories_must_be_spelled_right(
    logdirs: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(logdirs)
    assert caught.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "soon"])
def test_the_interval_must_be_positive(seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["runs", "--interval", seconds])
    assert "--interval" in capsys.readouterr().err


def test_the_bound_on_points_must_be_positive(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["runs", "--no-cache", "--max-points", "0"])
    assert "max_points must be positive" in capsys.readouterr().err


def test_without_a_terminal_it_says_so(tmp_path: Path) -> None:
    process = subprocess.run(
        [sys.executable, "-m", "trackml_tui", str(tmp_path)], stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    assert process.returncode == 2
    assert "needs a terminal" in process.stderr
