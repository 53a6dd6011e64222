"""Elements, structure, types, shapes and ends of datasets are TensorFlow's."""

from __future__ import annotations

import collections
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trackml as tf
from trackml.data import Dataset
from trackml.graph import Graph, Session

GOLDEN = Path(__file__).parent.parent / "golden" / "data"
PIPELINES = [row for name in ("pipelines", "nested") for row in json.loads((GOLDEN / f"{name}.json").read_text())]
SHUFFLES = json.loads((GOLDEN / "shuffle.json").read_text())

Point = collections.namedtuple("Point", "x y")


NAMES = {"D": Dataset, "np": np, "tf": tf, "Point": Point}


def outcome(as_json: Any, expression: str, most: int) -> dict[str, Any]:
    """What the expression gives here, in the form of the golden file."""
    found: dict[str, Any] = {"elements": [], "end": None}
    with Graph().as_default(), Session() as session:
        try:
            dataset = eval(expression, NAMES)
            found["types"], found["shapes"] = as_json(dataset.output_types), as_json(dataset.output_shapes)
            following = dataset.make_one_shot_iterator().get_next()
            found["elements"].extend(as_json(session.run(following)) for _ in range(most))
        except Exception as error:
            found["end"] = type(error).__name__
    return found


@pytest.mark.parametrize("golden", PIPELINES, ids=[golden["expression"] for golden in PIPELINES])
def test_elements_and_end_are_those_of_tensorflow(as_json, golden):
    found = outcome(as_json, golden["expression"], 12)
    assert found["end"] == golden["end"]
    assert found["elements"][: len(golden["elements"])] == golden["elements"]


RUNNING = [golden for golden in PIPELINES if golden["end"] in (None, "OutOfRangeError")]


@pytest.mark.parametrize("golden", RUNNING, ids=[golden["expression"] for golden in RUNNING])
def test_types_and_static_shapes_are_those_of_tensorflow(as_json, golden):
    found = outcome(as_json, golden["expression"], 0)
    assert (found["types"], found["shapes"]) == (golden["types"], golden["shapes"])


def frequencies(dataset: Dataset, size: int, passes: int) -> np.ndarray:
    counts = np.zeros([size, size])
    with Graph().as_default(), Session() as session:
        following = dataset.repeat(passes).batch(size).make_one_shot_iterator().get_next()
        for _ in range(passes):
            counts[session.run(following), np.arange(size)] += 1
    return counts / passes


# Of two estimates of one probability from 20,000 and 5,000 passes, the difference has a standard deviation of at
# most sqrt(0.25 / 20000 + 0.25 / 5000) = 0.008; these allow four of them.
FREQUENCY_TOLERANCE = 0.032


@pytest.mark.parametrize("golden", SHUFFLES, ids=[f"buffer of {golden['buffer']}" for golden in SHUFFLES])
@pytest.mark.parametrize("kind", ["row numbers", "rows"])
def test_shuffle_puts_elements_where_tensorflow_does_as_often(golden, kind):
    numbers = Dataset.range(golden["size"])
    source = numbers if kind == "row numbers" else numbers.filter(lambda n: n >= 0)
    found = frequencies(source.shuffle(golden["buffer"], seed=1), golden["size"], 5000)
    expected = np.array(golden["counts"]) / golden["passes"]
    np.testing.assert_allclose(found, expected, rtol=0, atol=FREQUENCY_TOLERANCE)
