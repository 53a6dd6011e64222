"""Checkpoints below a run's directory: found by name, read where that is safe."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from trackml.bundle import BundleWriter
from trackml.checkpoint import update_checkpoint_state
from trackml.errors import DataLossError
from trackml.runs import Checkpoint, find_checkpoints, read_tensors


def save(prefix: Path, **values: np.ndarray) -> Path:
    prefix.parent.mkdir(parents=True, exist_ok=True)
    with BundleWriter(prefix) as writer:
        for name, value in values.items():
            writer.add(name, value)
    return prefix


def only(path: Path) -> Checkpoint:
    (found,) = find_checkpoints(path)
    return found


def test_tensorflow_checkpoints_are_found_by_step(tmp_path: Path) -> None:
    for step in (100, 20, 3):
        save(tmp_path / f"model.ckpt-{step}", w=np.zeros(3, np.float32))
    update_checkpoint_state(tmp_path, f"{tmp_path}/model.ckpt-100")
    found = find_checkpoints(tmp_path)
    assert [each.step for each in found] == [3, 20, 100]
    assert [each.latest for each in found] == [False, False, True]
    assert {each.kind for each in found} == {"tensorflow"}
    files = [path for path in tmp_path.iterdir() if path.name.startswith("model.ckpt-20.")]
    assert found[1].size == sum(path.stat().st_size for path in files)
    assert found[1].written == max(path.stat().st_mtime for path in files)


def test_an_index_without_data_is_no_checkpoint(tmp_path: Path) -> None:
    (tmp_path / "faiss.index").write_bytes(b"something else")
    assert find_checkpoints(tmp_path) == ()


@pytest.mark.parametrize(
    ("name", "kind", "step"),
    [
        ("checkpoints/epoch=3-step=400.ckpt", "pytorch", 400),
        ("checkpoint_7.pt", "pytorch", 7),
        ("last.ckpt", "pytorch", None),
        ("weights.05-0.31.h5", "keras", 31),
        ("cp-0012.weights.h5", "keras", 12),
        ("model.keras", "keras", None),
        ("a/b/c/model-step9.safetensors", "safetensors", 9),
        ("9" * 30 + ".pt", "pytorch", None),
    ],
)
def test_files_of_other_tools_are_listed(tmp_path: Path, name: str, kind: str, step: int | None) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"1234567")
    found = only(tmp_path)
    assert (found.name, found.kind, found.step, found.size) == (name, kind, step, 7)


def test_neither_deep_directories_nor_links_are_searched(tmp_path: Path) -> None:
    save(tmp_path / "run/a/b/c/d/model.ckpt-1", w=np.zeros(1))
    save(tmp_path / "elsewhere/model.ckpt-2", w=np.zeros(1))
    (tmp_path / "run/link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "run/loop").symlink_to(tmp_path / "run")
    assert find_checkpoints(tmp_path / "run") == ()


def test_a_directory_that_is_not_there_has_none(tmp_path: Path) -> None:
    assert find_checkpoints(tmp_path / "nothing") == ()


def test_tensors_have_norms(tmp_path: Path) -> None:
    save(
        tmp_path / "m-1",
        kernel=np.array([[3.0, 4.0]], np.float32),
        large=np.full(4, 1e300),
        bad=np.array([np.nan, np.inf, 2.0], np.float32),
        names=np.array([b"a", b"b"], object),
        step=np.int64(7),
    )
    tensors = {tensor.name: tensor for tensor in read_tensors(only(tmp_path))}
    assert (tensors["kernel"].dtype, tensors["kernel"].shape, tensors["kernel"].size) == ("float32", (1, 2), 8)
    assert tensors["kernel"].norm == 5.0
    assert tensors["large"].norm == pytest.approx(2e300)
    assert (tensors["bad"].norm, tensors["bad"].not_finite) == (2.0, 2)
    assert (tensors["names"].dtype, tensors["names"].norm) == ("string", None)
    assert (tensors["step"].shape, tensors["step"].norm) == ((), 7.0)


def test_what_is_too_large_is_not_read(tmp_path: Path) -> None:
    save(tmp_path / "m-1", a=np.ones(10, np.float32), b=np.ones(10, np.float32))
    first, second = read_tensors(only(tmp_path), largest=50)
    assert first.norm == pytest.approx(10**0.5)
    assert (second.norm, second.size) == (None, 40)


def test_a_damaged_checkpoint_is_an_error(tmp_path: Path) -> None:
    save(tmp_path / "m-1", a=np.ones(10, np.float32))
    data = next(tmp_path.glob("*.data*"))
    data.write_bytes(b"\xff" + data.read_bytes()[1:])
    with pytest.raises(DataLossError, match="m-1"):
        read_tensors(only(tmp_path))


def test_safetensors_are_read(tmp_path: Path) -> None:
    header = json.dumps({"__metadata__": {}, "w": {"dtype": "F16", "shape": [2, 3], "data_offsets": [0, 12]}}).encode()
    (tmp_path / "m.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + bytes(12))
    (tensor,) = read_tensors(only(tmp_path))
    assert (tensor.name, tensor.dtype, tensor.shape, tensor.size) == ("w", "F16", (2, 3), 12)


NO_SAFETENSORS = [b"", b"1234", b"\xff" * 30, b"\2" + bytes(7) + b"[]", b"\11" + bytes(7) + b'{"w": {}}']


@pytest.mark.parametrize("content", NO_SAFETENSORS)
def test_what_is_no_safetensors_file_is_an_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "m.safetensors").write_bytes(content)
    with pytest.raises(ValueError, match="not a safetensors file"):
        read_tensors(only(tmp_path))


def test_pickles_are_not_opened(tmp_path: Path) -> None:
    (tmp_path / "m.pt").write_bytes(b"cos\nsystem\n(S'touch " + os.fsencode(tmp_path / "seen") + b"'\ntR.")
    with pytest.raises(ValueError, match="is not read"):
        read_tensors(only(tmp_path))
    assert not (tmp_path / "seen").exists()
