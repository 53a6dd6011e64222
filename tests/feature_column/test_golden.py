"""Columns of every kind give TensorFlow 1.15's values, gradients, variables and messages."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trackml as tf
from trackml.errors import OpError

HERE = Path(__file__).parent
GOLDEN = HERE.parent / "golden/feature_column"
FLOAT32 = 2e-6
"""Rounding of sums of a few float32 numbers, in another order."""


def cases(name: str) -> dict[str, Any]:
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: dict[str, Any] = module.CASES
    return found


def listed(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [listed(item) for item in value]
    if isinstance(value, dict):
        return {key: listed(item) for key, item in value.items()}
    return value if isinstance(value, (str, bool, type(None))) else np.asarray(value).tolist()


def close(expected: Any) -> Any:
    if isinstance(expected, list):
        return [close(item) for item in expected]
    if isinstance(expected, dict):
        return {key: close(item) for key, item in expected.items()}
    return pytest.approx(expected, rel=FLOAT32, abs=FLOAT32, nan_ok=True) if isinstance(expected, float) else expected


def known_to_ours_alone(expected: Any, found: Any) -> None:
    """Sizes that TensorFlow does not know while the graph is built, and we do, are no difference."""
    if isinstance(expected, dict) and "static shape" in expected:
        theirs, ours = expected["static shape"].split(", "), found["static shape"].split(", ")
        sizes = [one if "?" in other else other for one, other in zip(ours, theirs)]
        expected["static shape"] = ", ".join(sizes)


PROGRAMS = cases("column_cases")
COLUMNS = json.loads((GOLDEN / "columns.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_programs_give_what_tensorflow_gives(name: str) -> None:
    found, expected = listed(PROGRAMS[name](tf)), COLUMNS[name]
    for key, outcome in expected.items():
        known_to_ours_alone(outcome, found[key])
    assert sorted(found) == sorted(expected)
    wrong = [key for key in expected if found[key] != close(expected[key])]
    assert [(key, found[key], expected[key]) for key in wrong] == []


MISTAKES = cases("mistake_cases")
REFUSALS = json.loads((GOLDEN / "mistakes.json").read_text(encoding="utf-8"))
ANYTHING = r"Given \(type .*|<class '[^']*'>|/tmp/\S+|Tensor\(.*\)|Shape[^ ]*| for '.*|\\|\s"
"""What differs for good: modules, classes, files, operations and what TensorFlow says of them, line breaks."""


NAMES = (("DenseFeatures", "input_layer"), ("SequenceFeatures", "sequence_input_layer"), ("_Sequence", "Sequence"))
"""What TensorFlow's newer columns advise to use, and its older ones, which is what there is here."""


def words(message: str) -> str:
    for newer, older in NAMES:
        message = message.replace(newer, older)
    return re.sub(ANYTHING, "", message)


def test_every_mistake_is_one_to_tensorflow_too() -> None:
    assert sorted(REFUSALS) == sorted(MISTAKES)
    assert [name for name, refusal in REFUSALS.items() if refusal is None] == []


@pytest.mark.parametrize("name", sorted(MISTAKES))
def test_mistakes_are_told_in_the_words_of_tensorflow(name: str) -> None:
    kind, message = REFUSALS[name]
    with pytest.raises((ValueError, TypeError, OpError)) as caught, tf.Graph().as_default():
        MISTAKES[name](tf)
    assert type(caught.value).__name__ == kind
    assert words(message) in words(str(caught.value))
