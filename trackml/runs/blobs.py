"""Histograms, images and other values that are no scalars: where they are is held, what they are is read on demand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Generic, TypeVar, cast

from tensorboard.compat.proto import summary_pb2

from trackml.errors import DataLossError
from trackml.events.contents import Content, content_of, read_event
from trackml.events.event_columns import Floats, Ints
from trackml.runs.series import Series

ContentT = TypeVar("ContentT", bound=Content, covariant=True)


class BlobSeries(Generic[ContentT]):
    """The values of one tag, in the order in which they were written.

    Steps and wall times are at hand; `series[index]` and iteration read values from disk, each time anew. The series
    itself never changes, but the files may: a value that is gone is an error when it is read.

    Example:
      >>> from trackml.runs import RunStore
      >>> store = RunStore("runs/example")
      >>> _ = store.refresh()
      >>> for run in store.snapshot().values():
      ...     for tag, series in run.histograms.items():
      ...         last = series[-1]
    """

    def __init__(self, tag: str, kind: str, places: Series, files: tuple[Path, ...]) -> None:
        self._tag = tag
        self._kind = kind
        self._places = places
        self._files = files

    @property
    def step(self) -> Ints:
        """Global step, shape `[len(self)]`."""
        return self._places.step

    @property
    def wall_time(self) -> Floats:
        """Seconds since the epoch, shape `[len(self)]`."""
        return self._places.wall_time

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, index: int) -> ContentT:
        """Reads one value.

        Raises:
          IndexError: If there is no such value.
          NotFoundError: If the file is gone.
          DataLossError: If the file holds something else there now.
          ValueError: If the value is not what its tag promises.
        """
        return cast(ContentT, content_of(self.read(index), self._kind))

    def __iter__(self) -> Iterator[ContentT]:
        return (self[index] for index in range(len(self)))

    def read(self, index: int) -> summary_pb2.Summary.Value:
        """Reads one value as the message that was written; raises what `series[index]` does, but no ValueError."""
        place = self._places.held_value[index]
        path, offset, number = self._files[int(place["file"])], int(place["offset"]), int(place["index"])
        values = read_event(path, offset).summary.value
        if number >= len(values) or (values[number].tag or values[number].node_name) != self._tag:
            raise DataLossError(None, None, f"{path}: tag {self._tag!r} is not at byte {offset} any more")
        return values[number]


class MetadataByTag(Mapping[str, summary_pb2.SummaryMetadata]):
    """What the first value of each tag said about it, parsed when somebody asks."""

    def __init__(self, serialized: Mapping[str, bytes]) -> None:
        self._serialized = serialized

    def __getitem__(self, tag: str) -> summary_pb2.SummaryMetadata:
        return summary_pb2.SummaryMetadata.FromString(self._serialized[tag])

    def __iter__(self) -> Iterator[str]:
        return iter(self._serialized)

    def __len__(self) -> int:
        return len(self._serialized)
