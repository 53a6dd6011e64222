"""The `trackml` command."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import trackml

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the `trackml` command and gives its exit status.

    Args:
        argv: the arguments after the command's name; those of this process when None.
    """
    options = _parser().parse_args(argv)
    return _demo(options.logdir)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="trackml",
        description="tf.estimator on numpy alone. Use it from Python with `import trackml as tf`; look at what it "
        "writes with `trackml-tui LOGDIR` or `tensorboard --logdir LOGDIR`.",
    )
    parser.add_argument("--version", action="version", version=f"trackml {trackml.__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    demo = commands.add_parser(
        "demo",
        help="train a small sweep on hand-written digits and watch it",
        description="Trains six small classifiers of hand-written digits (two learning rates, three widths) in under a "
        "minute and, in a terminal, opens the dashboard on them while they train.",
    )
    demo.add_argument("logdir", metavar="LOGDIR", nargs="?", default="runs", help="where the runs go (default: runs)")
    return parser


def _demo(logdir: str) -> int:
    from trackml.demo.show import run_demo  # --version and --help need none of it

    return run_demo(Path(logdir))


if __name__ == "__main__":
    sys.exit(main())
