"""`tf.app.run`: parses the flags, then calls the program's `main`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from absl import flags as _absl_flags

from trackml import flags


def run(main: Callable[[list[str]], Any] | None = None, argv: Sequence[str] | None = None) -> NoReturn:
    """Parses the flags and ends the process with what `main` gives.

    Args:
        main: A function of the arguments that are no flags, the program's name first; that of the module `__main__`
            by default.
        argv: The command line; `sys.argv` by default.
    """
    arguments = list(sys.argv if argv is None else argv)
    function = main if main is not None else sys.modules["__main__"].main
    if any(argument in ("-h", "--help", "-help") for argument in arguments[1:]):
        sys.stdout.write(f"\n{arguments[0]}\n\nflags:\n{_absl_flags.FLAGS.main_module_help()}\n")
        sys.exit(1)
    try:
        rest = flags.FLAGS(arguments, known_only=True)
    except flags.Error as error:
        sys.stderr.write(f"FATAL Flags parsing error: {error}\nPass --help to see help on flags.\n")
        sys.exit(1)
    sys.exit(function(rest))


__all__ = ["flags", "run"]
