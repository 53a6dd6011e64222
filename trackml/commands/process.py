"""How a command meets its process: exit statuses, pipes that close early, and errors in one line.

| status | meaning |
|---|---|
| 0 | done, and nothing is wrong |
| 1 | `check` found damage |
| 2 | wrong use, or what was asked for is not there or cannot be done |
| 130 | interrupted from the keyboard |
| 141 | whoever read the output stopped reading |
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable

DONE = 0
DAMAGED = 1
FAILED = 2
INTERRUPTED = 128 + 2
PIPE_CLOSED = 128 + 13


class CommandError(Exception):
    """Why a command cannot do what was asked, as a sentence for the user."""


def supervise(command: Callable[[argparse.Namespace], int], options: argparse.Namespace) -> int:
    """Runs a command and gives its exit status, also when it fails.

    Args:
      command: Prints to standard output and gives its exit status.
      options: Its arguments; `options.command` is its name.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        status = command(options)
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()
        return PIPE_CLOSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except (CommandError, ImportError) as error:
        return _fail(options, str(error))
    except OSError as error:
        if error.filename is None:
            _drop_output()
        return _fail(options, _sentence(error))
    return status


def tell(options: argparse.Namespace, text: str) -> None:
    """Prints a line for the user beside the output."""
    print(f"trackml {options.command}: {text}", file=sys.stderr)


def _fail(options: argparse.Namespace, reason: str) -> int:
    tell(options, reason)
    return FAILED


def _sentence(error: OSError) -> str:
    reason = error.strerror or str(error)
    return f"{reason}: {error.filename!r}" if error.filename is not None else f"cannot write the output: {reason}"


def _drop_output() -> None:
    # What is left in the buffers would fail once more, with a traceback, when the interpreter ends.
    try:
        descriptor = sys.stdout.fileno()
    except (OSError, ValueError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
