"""What all tests share: how hypothesis looks for examples, and the lines that are logged."""

from __future__ import annotations

import logging
import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

from trackml.logging import get_logger

# A busy machine is no failure, and a failure must come again: no deadline, the same examples in every run.
settings.register_profile("trackml", deadline=None, derandomize=True, database=None)
settings.load_profile("trackml")

# A shell has what it starts in the background ignore Ctrl-C, and so would the programs that the tests interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True, scope="session")
def cache_directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keeps the decoded columns of event files out of the cache of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRACKML_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def log_lines() -> Iterator[list[str]]:
    """What is logged from here on, from INFO up, as `INFO:text`."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(f"{record.levelname}:{record.getMessage()}")  # type: ignore[method-assign]
    logger = get_logger()
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield lines
    logger.removeHandler(handler)
    logger.setLevel(level)
