"""What the tests of datasets share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from trackml import errors
from trackml.data import Dataset
from trackml.graph import Graph, Session


def elements(dataset: Dataset, most: int = 1000) -> list[Any]:
    """What a new one-shot iterator gives in a new session, up to the end or `most` elements."""
    found = []
    with Graph().as_default(), Session() as session:
        following = dataset.make_one_shot_iterator().get_next()
        try:
            while len(found) < most:
                found.append(session.run(following))
        except errors.OutOfRangeError:
            pass
    return found


@pytest.fixture
def run() -> Callable[..., list[Any]]:
    """The function that lists a dataset's elements."""
    return elements


@pytest.fixture
def session():
    with Graph().as_default(), Session() as session:
        yield session
