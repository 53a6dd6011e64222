"""Points of many dimensions on the plane of their largest variance, and who is near whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackml.runs import Embedding

_MOST_FOR_AXES = 10_000
"""The axes are those of at most so many points, evenly taken: the others hardly turn them."""
_MOST_LABELS = 500_000


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """An embedding that was read."""

    points: NDArray[np.float32]
    """As they were written [points, dimensions]."""
    places: NDArray[np.float32]
    """On the plane [points, 2]."""
    variance: tuple[float, float]
    """The parts of all variance that the two axes show."""
    header: tuple[str, ...]
    """The names of the columns of labels."""
    labels: tuple[tuple[str, ...], ...]
    """A row a point; empty if there are none."""
    note: str = ""
    """What could not be read beside the points."""

    def label(self, point: int) -> str:
        """What the point is called: its first label, or its number."""
        return self.labels[point][0] if point < len(self.labels) and self.labels[point] else f"point {point}"

    def column(self, name: str | None) -> int:
        """The index of a column of labels; the second if there is no such name, since the first names each point."""
        if name is not None and name in self.header:
            return self.header.index(name)
        return 1 if len(self.header) > 1 else 0

    def classes(self, column: int, most: int) -> tuple[tuple[str, ...], NDArray[np.int64]]:
        """The `most` most frequent labels of a column, and which of them each point has, `most` for any other.

        Args:
            column: Of the labels.
            most: How many labels get a place of their own.
        """
        return _classes(self, column, most)

    def nearest(self, point: int, most: int) -> list[tuple[int, float]]:
        """The points nearest to one in all dimensions, with their cosine distances, as the projector has them."""
        return _nearest(self, point, most)


@lru_cache(maxsize=2)
def _classes(plane: Plane, column: int, most: int) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    said = [row[column] if column < len(row) else "" for row in plane.labels]
    names = tuple(name for name, amount in Counter(said).most_common(most) if amount > 1)
    place = {name: index for index, name in enumerate(names)}
    found = np.full(len(plane.points), len(names), np.int64)
    found[: len(said)] = [place.get(name, len(names)) for name in said[: len(plane.points)]]
    return names, found


@lru_cache(maxsize=2)
def _nearest(plane: Plane, point: int, most: int) -> list[tuple[int, float]]:
    norms = np.linalg.norm(plane.points, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        cosine = plane.points @ plane.points[point] / (norms * norms[point])
    distance = 1.0 - np.where(np.isfinite(cosine), cosine, -np.inf)
    order = np.argsort(distance, kind="stable")
    return [(int(each), float(distance[each])) for each in order[: most + 1] if each != point][:most]


def read_plane(embedding: Embedding) -> Plane:
    """Reads an embedding; it takes as long as the file is large.

    Raises:
        ValueError: If there is nothing to show, or a path leads elsewhere.
        DataLossError: If the file is damaged.
        NotFoundError: If there is none.
    """
    points = embedding.read_tensor()
    if points.size == 0:
        raise ValueError(f"embedding {embedding.name!r} has no points.")
    places, variance = principal_plane(points)
    header: tuple[str, ...] = ()
    labels: Sequence[tuple[str, ...]] = ()
    note = ""
    if embedding.metadata_path:
        try:
            header, labels = embedding.read_metadata()
        except Exception as error:  # points without labels are worth showing, whatever is wrong with these
            note = f"no labels: {error}"
    if labels and len(labels) != len(points):
        note = f"{len(labels)} labels for {len(points)} points"
    return Plane(points, places, variance, header, tuple(labels[:_MOST_LABELS]), note)


def principal_plane(points: NDArray[Any]) -> tuple[NDArray[np.float32], tuple[float, float]]:
    """The places of points on the plane of their largest variance, and the parts of it that the axes show.

    Args:
        points: [points, dimensions]; rows that are not finite get the place of the mean.

    Returns:
        Places [points, 2], and two parts of 1. The larger coordinate of each axis is positive, so that the picture
        does not flip.
    """
    values = points.astype(np.float64)
    finite: NDArray[np.bool_] = np.all(np.isfinite(values), axis=1)
    if not finite.any():
        return np.zeros((len(values), 2), np.float32), (0.0, 0.0)
    centred = np.where(finite[:, None], values - values[finite].mean(axis=0), 0.0)
    scale = float(np.abs(centred).max()) or 1.0
    sample = centred[finite][:: max(1, -(-int(finite.sum()) // _MOST_FOR_AXES))] / scale
    covariance = sample.T @ sample
    powers, axes = np.linalg.eigh(covariance)
    axes = axes[:, ::-1][:, :2]
    axes = axes * np.where(axes[np.abs(axes).argmax(axis=0), range(axes.shape[1])] < 0.0, -1.0, 1.0)
    places = np.zeros((len(values), 2), np.float32)
    places[:, : axes.shape[1]] = centred @ axes
    parts = np.clip(powers[::-1][:2] / max(float(powers.sum()), 1e-300), 0.0, 1.0)
    return places, (float(parts[0]), float(parts[1]) if parts.size > 1 else 0.0)
