"""The `trackml` command: its arguments, and which module does the work."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import trackml

__all__ = ["main"]

_PATTERNS = "names, globs, or re: and a regular expression"
_KINDS = ("scalars", "histograms", "images", "audio", "text", "tensors", "pr_curves", "hparams")


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the `trackml` command and gives its exit status.

    Args:
        argv: the arguments after the command's name; those of this process when None.
    """
    options = _parser().parse_args(argv)
    return _demo(options) if options.command == "demo" else _look(options)


def _demo(options: argparse.Namespace) -> int:
    from trackml.demo.show import run_demo  # --version and --help need none of it

    return run_demo(Path(options.logdir))


def _look(options: argparse.Namespace) -> int:
    # Each loads only what it needs: the help comes at once, and nothing here loads the graph engine.
    from trackml.commands.process import supervise

    def command(options: argparse.Namespace) -> int:
        if options.command == "ls":
            from trackml.commands.ls import run
        elif options.command == "show":
            from trackml.commands.show import run
        elif options.command == "export":
            from trackml.commands.export import run
        elif options.command == "check":
            from trackml.commands.check import run
        else:
            from trackml.commands.tail import run
        return run(options)

    return supervise(command, options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="trackml",
        description="tf.estimator on numpy alone. Use it from Python with `import trackml as tf`; look at what it "
        "writes with `trackml-tui LOGDIR` or `tensorboard --logdir LOGDIR`, or with the commands below, which read "
        "any TensorBoard log directory.",
    )
    parser.add_argument("--version", action="version", version=f"trackml {trackml.__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command", required=True)
    _add_ls(commands)
    _add_show(commands)
    _add_export(commands)
    _add_check(commands)
    _add_tail(commands)
    _add_demo(commands)
    return parser


_Commands = argparse._SubParsersAction  # argparse has no public name for it


def _add_ls(commands: _Commands[argparse.ArgumentParser]) -> None:
    _add_bound(_add(commands, "ls", "list the runs of log directories"))


def _add_show(commands: _Commands[argparse.ArgumentParser]) -> None:
    show = _add(commands, "show", "show the tags, the hyperparameters, the texts and the files of one run")
    show.add_argument("run", metavar="RUN", help="a name that `trackml ls` shows")
    _add_bound(show)


def _add_export(commands: _Commands[argparse.ArgumentParser]) -> None:
    export = _add(commands, "export", "write what is logged as CSV, JSON or Parquet, everything at full resolution")
    export.add_argument("--kind", choices=_KINDS, default="scalars", help="what to write (default: scalars)")
    export.add_argument("--to", choices=("csv", "json", "parquet"), help="the format (default: the ending of FILE)")
    export.add_argument(
        "--out",
        metavar="FILE",
        help="write to FILE, in one step, and not to standard output; for images and audio a new directory",
    )
    export.add_argument("--tags", nargs="+", action="extend", metavar="TAG", help=f"which tags: {_PATTERNS}")
    export.add_argument("--runs", nargs="+", action="extend", metavar="RUN", help=f"which runs: {_PATTERNS}")
    export.add_argument("--wide", action="store_true", help="of scalars a row a step, of hparams a row a run")
    export.add_argument("--superseded", action="store_true", help="points that restarts have replaced, too, marked")
    export.add_argument("--file-name", action="store_true", help="tell the event file of each point")


def _add_check(commands: _Commands[argparse.ArgumentParser]) -> None:
    check = _add(
        commands, "check", "tell the health of every event file; exit status 0 if all is well, 1 if there is damage"
    )
    check.add_argument(
        "--allow-truncated",
        action="store_true",
        help="a file that ends inside a record is no damage: one that is being written may end so",
    )


def _add_tail(commands: _Commands[argparse.ArgumentParser]) -> None:
    tail = _add(commands, "tail", "print the last points of one series: step, wall time and value", logdirs=1)
    tail.add_argument("series", metavar="RUN/TAG", help="run and tag; or the run alone, and the tag after it")
    tail.add_argument("tag", metavar="TAG", nargs="?", help="the tag, if it is not part of the argument before")
    tail.add_argument("-n", "--lines", type=_amount, default=10, metavar="N", help="how many points (default: 10)")
    tail.add_argument("-f", "--follow", action="store_true", help="go on with points as they are written")
    tail.add_argument(
        "--interval",
        type=_seconds,
        default=0.5,
        metavar="SECONDS",
        help="rest between two looks where the system does not tell of changes, as on network disks (default: 0.5)",
    )


def _add_demo(commands: _Commands[argparse.ArgumentParser]) -> None:
    demo = commands.add_parser(
        "demo",
        help="train a small sweep on hand-written digits and watch it",
        description="Trains six small classifiers of hand-written digits (two learning rates, three widths) in under a "
        "minute and, in a terminal, opens the dashboard on them while they train.",
    )
    demo.add_argument("logdir", metavar="LOGDIR", nargs="?", default="runs", help="where the runs go (default: runs)")


def _add(
    commands: _Commands[argparse.ArgumentParser], name: str, purpose: str, *, logdirs: int | str = "+"
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=purpose, description=f"{purpose[0].upper()}{purpose[1:]}.")
    command.add_argument(
        "logdirs",
        metavar="LOGDIR",
        nargs=logdirs,
        help="a directory with runs in it; NAME:LOGDIR names it, and commas separate several",
    )
    command.add_argument("--json", action="store_true", help="print JSON; docs/commands.md has the schema")
    command.add_argument("--no-cache", action="store_true", help="read the files themselves, and keep nothing of them")
    command.set_defaults(max_points=None)
    return command


def _add_bound(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--max-points", type=_positive, metavar="N", help="hold no more scalars than N: longer series are sampled"
    )


def _amount(text: str) -> int:
    amount = int(text)
    if amount < 0:
        raise ValueError(f"an amount must not be negative; got {text}.")
    return amount


def _positive(text: str) -> int:
    amount = int(text)
    if amount <= 0:
        raise ValueError(f"an amount must be positive; got {text}.")
    return amount


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0.0 < seconds < float("inf"):
        raise ValueError(f"seconds must be positive; got {text}.")
    return seconds


if __name__ == "__main__":
    sys.exit(main())
