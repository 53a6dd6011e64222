"""What the tests of datasets share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from trackml import errors
from trackml.data import Dataset
from trackml.dtypes import DType
from trackml.graph import Graph, Session
from trackml.shapes import TensorShape


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


def as_json(value: Any) -> Any:
    """A value, types and shapes too, as golden files have it."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [as_json(item) for item in value]
    if isinstance(value, DType):
        return value.name
    if isinstance(value, TensorShape):
        return None if value.ndims is None else value.as_list()
    if isinstance(value, bytes):
        return value.decode()
    array = np.asarray(value)
    return [as_json(item) for item in array] if array.ndim else array.item()


@pytest.fixture(name="as_json")
def _as_json() -> Callable[[Any], Any]:
    """The function that gives a value as golden files have it."""
    return as_json


@pytest.fixture
def run() -> Callable[..., list[Any]]:
    """The function that lists a dataset's elements."""
    return elements


@pytest.fixture
def session():
    with Graph().as_default(), Session() as session:
        yield session
