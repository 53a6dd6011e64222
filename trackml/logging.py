"""Log lines under TensorFlow's name: `INFO:tensorflow:loss = 0.1, step = 1`.

Lines go through Python's logging, to the logger `tensorflow`. A script sees warnings and errors; call
`set_verbosity(INFO)` to follow a training run.
"""

from __future__ import annotations

import logging as _logging
import sys
import threading
from typing import Any, Final

DEBUG: Final = _logging.DEBUG
INFO: Final = _logging.INFO
WARN: Final = _logging.WARNING
ERROR: Final = _logging.ERROR
FATAL: Final = _logging.FATAL

_lock = threading.Lock()
_configured = False


def get_logger() -> _logging.Logger:
    """The logger that every line of the library goes to.

    The first call gives it a handler that writes to stderr, unless the program has set up logging itself.
    """
    global _configured
    logger = _logging.getLogger("tensorflow")
    with _lock:
        if not _configured:
            _configured = True
            if not _logging.getLogger().handlers and not logger.handlers:
                handler = _logging.StreamHandler()
                handler.setFormatter(_logging.Formatter(_logging.BASIC_FORMAT))
                logger.addHandler(handler)
                logger.propagate = False
            if logger.level == _logging.NOTSET:
                logger.setLevel(INFO if hasattr(sys, "ps1") else WARN)
    return logger


def log(level: int, msg: Any, *args: Any, **kwargs: Any) -> None:
    """Logs at `level`."""
    get_logger().log(level, msg, *args, **kwargs)


def debug(msg: Any, *args: Any, **kwargs: Any) -> None:
    """Logs at DEBUG."""
    get_logger().debug(msg, *args, **kwargs)


def info(msg: Any, *args: Any, **kwargs: Any) -> None:
    """Logs at INFO."""
    get_logger().info(msg, *args, **kwargs)


def warning(msg: Any, *args: Any, **kwargs: Any) -> None:
    """Logs at WARN."""
    get_logger().warning(msg, *args, **kwargs)


warn = warning


def error(msg: Any, *args: Any, **kwargs: Any) -> None:
    """Logs at ERROR."""
    get_logger().error(msg, *args, **kwargs)


def fatal(msg: Any, *args: Any, **kwargs: Any) -> None:
    """Logs at FATAL."""
    get_logger().critical(msg, *args, **kwargs)


def get_verbosity() -> int:
    """The level below which lines are dropped."""
    return get_logger().getEffectiveLevel()


def set_verbosity(v: int | str) -> None:
    """Drops lines below level `v`: a number such as `INFO`, or its name."""
    get_logger().setLevel(v)


__all__ = [
    "DEBUG",
    "ERROR",
    "FATAL",
    "INFO",
    "WARN",
    "debug",
    "error",
    "fatal",
    "get_logger",
    "get_verbosity",
    "info",
    "log",
    "set_verbosity",
    "warn",
    "warning",
]
