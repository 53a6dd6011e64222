"""What a user installs: the wheel holds what the packages need, and works away from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

import trackml

ROOT = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.xdist_group("wheel")


def run(*command: str | Path, cwd: Path) -> str:
    """What a command prints; that it fails, or imports this checkout, is an error."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` of a new virtual environment that holds the wheel and sees the dependencies of this one."""
    venv = tmp_path_factory.mktemp("wheel") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", venv, cwd=venv.parent)
    python = venv / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    run(*pip, wheel, cwd=venv.parent)
    # Path files are not read in folders that a path file adds, so the editable install of the checkout stays unseen.
    site_packages = next((venv / "lib").glob("python*/site-packages"))
    (site_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python.parent


@pytest.mark.parametrize(
    "name",
    [
        "trackml/py.typed",
        "trackml/demo/data/digits.npz",
        "trackml/demo/data/digits.md",
        "trackml/protos/tensor_bundle_pb2.py",
        "trackml/protos/tensor_bundle_pb2.pyi",
        "trackml_tui/py.typed",
        "trackml_tui/app.tcss",
        f"trackml_tui-{trackml.__version__}.dist-info/licenses/LICENSE",
    ],
)
def test_holds(name: str, names: set[str]):
    assert name in names


def test_holds_the_two_packages_and_nothing_else(names: set[str]):
    assert {name.split("/")[0] for name in names} == {
        "trackml",
        "trackml_tui",
        f"trackml_tui-{trackml.__version__}.dist-info",
    }


@pytest.mark.parametrize("command", ["trackml", "trackml-tui"])
def test_command_tells_its_version(command: str, installed: Path, tmp_path: Path):
    assert trackml.__version__ in run(installed / command, "--version", cwd=tmp_path)


def test_imports_come_from_the_wheel(installed: Path, tmp_path: Path):
    code = "import trackml.runs, trackml_tui; print(trackml.__file__); print(trackml_tui.__file__)"
    files = run(installed / "python", "-c", code, cwd=tmp_path).split()
    assert all(Path(file).is_relative_to(installed.parent) for file in files)


def test_demo_data_loads_from_the_wheel(installed: Path, tmp_path: Path):
    code = "from trackml.demo import load_digits; print(*load_digits()[0].shape)"
    assert run(installed / "python", "-c", code, cwd=tmp_path).split() == ["1797", "8", "8"]
