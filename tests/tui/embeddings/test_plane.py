"""The plane of largest variance against numpy's singular values; neighbours, classes, and what is drawn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tensorboard.plugins.projector import EmbeddingInfo, ProjectorConfig, visualize_embeddings

from trackml.runs import RunStore
from trackml_tui.embeddings.plane import Plane, principal_plane, read_plane
from trackml_tui.plotting.scatter import MARK, nearest_point, scatter


def plane(points: np.ndarray, header: tuple[str, ...] = (), *labels: tuple[str, ...]) -> Plane:
    return Plane(points, *principal_plane(points), header, labels)


def test_the_plane_is_that_of_the_singular_vectors() -> None:
    points = np.random.default_rng(3).normal(size=(200, 6)).astype(np.float32) * [9, 5, 1, 1, 0.5, 0.1]
    places, variance = principal_plane(points)
    centred = points - points.mean(axis=0)
    _, powers, vectors = np.linalg.svd(centred, full_matrices=False)
    np.testing.assert_allclose(np.abs(places), np.abs(centred @ vectors[:2].T), rtol=1e-3, atol=1e-3)
    assert variance == pytest.approx(tuple(powers[:2] ** 2 / (powers**2).sum()), rel=1e-4)


def test_points_that_are_not_finite_are_in_the_middle() -> None:
    places, _ = principal_plane(np.array([[0.0, 0.0], [2.0, 2.0], [np.nan, 1.0]]))
    np.testing.assert_allclose(places[2], 0.0)
    np.testing.assert_allclose(places[0], -places[1])


@pytest.mark.parametrize("points", [np.zeros((3, 4)), np.full((2, 2), np.inf), np.ones((1, 1)), np.full((3, 2), 1e30)])
def test_degenerate_points_have_a_plane_too(points: np.ndarray) -> None:
    places, variance = principal_plane(points)
    assert places.shape == (len(points), 2)
    assert np.isfinite(places).all()
    assert all(0.0 <= part <= 1.0 for part in variance)


def test_neighbours_by_cosine() -> None:
    ours = plane(np.array([[1.0, 0.0], [5.0, 0.1], [0.0, 1.0], [-1.0, 0.0], [0.0, 0.0]], np.float32))
    near = ours.nearest(0, 3)
    assert [point for point, _ in near] == [1, 2, 3]
    assert [far for _, far in near] == pytest.approx([0.0002, 1.0, 2.0], abs=1e-4)


def test_classes_are_the_most_frequent_labels() -> None:
    rows = [("a", "x"), ("b", "y"), ("c", "x"), ("d",), ("e", "z")]
    ours = plane(np.zeros((6, 2), np.float32), ("word", "kind"), *rows)
    names, which = ours.classes(ours.column(None), 10)
    assert names == ("x",)
    assert which.tolist() == [0, 1, 0, 1, 1, 1]
    assert ours.column("word") == 0
    assert (ours.label(1), ours.label(5)) == ("b", "point 5")


def test_labels_that_cannot_be_read_do_not_hide_the_points(tmp_path: Path) -> None:
    (tmp_path / "points.tsv").write_text("1\t2\n3\t4\n")
    config = ProjectorConfig(embeddings=[EmbeddingInfo(tensor_path="points.tsv", metadata_path="gone.tsv")])
    visualize_embeddings(str(tmp_path), config)
    (tmp_path / "events.out.tfevents.1.a").write_bytes(b"")
    store = RunStore(tmp_path)
    store.refresh()
    projector = store.snapshot()["."].read_projector()
    assert projector is not None
    ours = read_plane(projector.embeddings[0])
    assert ours.points.tolist() == [[1.0, 2.0], [3.0, 4.0]]
    assert ours.note.startswith("no labels:")


def test_points_are_where_they_are_clicked() -> None:
    places = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]], np.float32)
    grid = scatter(places, np.zeros(4, np.int64), 40, 20, marked=2)
    (row,) = [index for index, text in enumerate(grid.text()) if MARK in text]
    column = grid.text()[row].index(MARK)
    assert row < 3
    assert column > 30
    assert nearest_point(places, 40, 20, column, row) == 2
    assert nearest_point(places, 40, 20, 20, 10) is None
    assert sum(character not in (" ", "\u2800") for text in grid.text() for character in text) == 4


def test_no_points_are_no_picture() -> None:
    assert "".join(scatter(np.zeros((0, 2), np.float32), np.zeros(0, np.int64), 5, 2).text()).strip() == ""
