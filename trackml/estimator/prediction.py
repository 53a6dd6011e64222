"""The prediction loop: run the predictions batch by batch and hand them out row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from trackml.graph.graph import Graph
from trackml.train.monitored_session import MonitoredSession


def has_iterator(graph: Graph) -> bool:
    """Whether anything in `graph` ends when a dataset ends."""
    return any(op.type == "IteratorGetNext" for op in graph.get_operations())


def selected(predictions: Any, keys: Any) -> Any:
    """The predictions that are wanted.

    Args:
        predictions: A tensor, or a dict of tensors.
        keys: Which of the dict to take; all if there are none.

    Raises:
        ValueError: None of the keys is there, or there is no dict.
    """
    if not keys:
        return predictions
    if not isinstance(predictions, Mapping):
        raise ValueError("predict_keys argument is not valid in case of non-dict predictions.")
    wanted = [keys] if isinstance(keys, str) else list(keys)
    found = {key: value for key, value in predictions.items() if key in wanted}
    if not found:
        raise ValueError(f"Expected to run at least one output from {sorted(predictions)}, provided {wanted}.")
    return found


def predicted(graph: Graph, session: MonitoredSession, predictions: Any, single: bool) -> Iterator[Any]:
    """Runs batch by batch; the caller's code runs in between, so the graph is the default one only during a batch.

    Args:
        graph: The graph of the session.
        session: Ends with the loop.
        predictions: A tensor, or a dict of tensors.
        single: Whether to yield rows rather than batches.

    Raises:
        ValueError: Rows are wanted, but the predictions differ in their number.
    """
    with _InGraph(session, graph):
        while not session.should_stop():
            with graph.as_default():
                batch = session.run(predictions)
            if not single:
                yield batch
            elif isinstance(batch, Mapping):
                for index in range(_rows(batch)):
                    yield {key: value[index] for key, value in batch.items()}
            else:
                yield from np.atleast_1d(batch)


class _InGraph:
    """The context of a monitored session that ends while its graph is the default one, as its hooks expect."""

    def __init__(self, session: MonitoredSession, graph: Graph) -> None:
        self._session = session
        self._graph = graph

    def __enter__(self) -> None:
        self._session.__enter__()

    def __exit__(self, *exc_info: Any) -> bool:
        with self._graph.as_default():
            return self._session.__exit__(*exc_info)


def _rows(batch: Mapping[str, Any]) -> int:
    counts = {key: np.shape(value)[0] if np.ndim(value) else None for key, value in batch.items()}
    if len(set(counts.values())) != 1 or None in counts.values():
        raise ValueError(
            f"Batch length of predictions should be same. Rows by key: {counts}. "
            "Pass yield_single_examples=False to get whole batches."
        )
    return int(next(iter(counts.values())) or 0)
