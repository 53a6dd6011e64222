from __future__ import annotations

from pathlib import Path

import pytest

from trackml_tui.deletion import delete, plan_deletion


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    """A log directory with a run that holds a file, a directory, and links to what is elsewhere."""
    run = tmp_path / "logs" / "run"
    (run / "eval").mkdir(parents=True)
    (run / "events").write_bytes(b"x" * 1000)
    (run / "eval" / "events").write_bytes(b"x" * 500)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "precious").write_bytes(b"x" * 9)
    (run / "directory").symlink_to(tmp_path / "elsewhere")
    (run / "file").symlink_to(tmp_path / "elsewhere" / "precious")
    return tmp_path / "logs"


def test_what_would_go_is_counted_without_following_links(logdir: Path) -> None:
    plan = plan_deletion(logdir / "run", [logdir])
    assert (plan.files, plan.size, plan.refusal) == (4, 1500, "")
    assert (logdir / "run" / "events").exists()


def test_what_links_lead_to_stays(logdir: Path) -> None:
    assert delete(logdir / "run", [logdir]) == []
    assert not (logdir / "run").exists()
    assert (logdir.parent / "elsewhere" / "precious").exists()


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("logs", "the log directory itself"),
        ("", "the log directory itself"),
        ("logs/gone", "not there"),
        ("logs/run/directory", "a link"),
        ("logs/run/events", "not there"),
        ("logs/away/inner", "out of the log directory"),
        ("elsewhere", "out of the log directory"),
    ],
)
def test_what_is_no_directory_inside_stays(logdir: Path, path: str, reason: str) -> None:
    (logdir.parent / "elsewhere" / "inner").mkdir()
    (logdir / "away").symlink_to(logdir.parent / "elsewhere")
    place = logdir.parent / path
    assert reason in plan_deletion(place, [logdir]).refusal
    assert reason in delete(place, [logdir])[0]
    assert (logdir / "run" / "events").exists()
    assert (logdir.parent / "elsewhere" / "inner").exists()


def test_a_log_directory_that_is_a_link_may_be_cleaned(logdir: Path) -> None:
    link = logdir.parent / "link"
    link.symlink_to(logdir)
    assert delete(link / "run", [link]) == []
    assert not (logdir / "run").exists()


def test_what_cannot_be_deleted_is_told(logdir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: object, **options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.rmdir", refuse)
    errors = delete(logdir / "run", [logdir])
    assert any("Permission denied" in error for error in errors)
