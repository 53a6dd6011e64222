"""What TensorFlow saved, and the models that it saved."""

from __future__ import annotations

import json
import lzma
import pathlib
import sys

import pytest

GOLDEN = pathlib.Path(__file__).parents[2] / "golden"
SAVED = GOLDEN / "keras" / "saved"
sys.path.insert(0, str(GOLDEN / "make"))
import keras_saved_cases  # noqa: E402

sys.path.pop(0)


@pytest.fixture(scope="session")
def cases():
    """The module that tells of the models."""
    return keras_saved_cases


@pytest.fixture(scope="session", params=["tf115", "tf215"])
def saved(request):
    """What one version of TensorFlow saved: `saved["models"][case]`, `saved["folder"]`."""
    folder = SAVED / request.param
    return {"models": json.loads((folder / "models.json").read_text(encoding="utf-8")), "folder": folder}


@pytest.fixture
def unpacked(saved, tmp_path):
    """Gives the path of a file that is kept compressed."""

    def unpack(name):
        path = tmp_path / name
        path.write_bytes(lzma.decompress((saved["folder"] / f"{name}.xz").read_bytes()))
        return path

    return unpack
