"""`trackml export`: scalars as CSV, JSON or Parquet, all points at full resolution."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from trackml.commands.document import print_document
from trackml.commands.process import DONE, CommandError
from trackml.commands.progress import Progress
from trackml.commands.reading import read_logdir
from trackml.commands.text import plural, printable
from trackml.runs.export import Format, check_format, format_of, open_output, write
from trackml.runs.selection import ChosenSeries, choose_scalars


def run(options: argparse.Namespace) -> int:
    """Writes the scalars of `options.logdir` that are chosen to a file or to standard output."""
    to = _format(options)
    chosen = _choose(options)
    points = sum(len(one.series) for one in chosen)
    with Progress("writing", lambda amount: plural(amount, "point")) as progress:

        def told(written: int) -> None:
            progress.update(written, points)

        if options.out is None:
            write(_safe(chosen) if to == "csv" and sys.stdout.isatty() else chosen, sys.stdout.buffer, to, told)
            return DONE
        with open_output(options.out) as stream:
            write(chosen, stream, to, told)
    _report(options, to, chosen, points)
    return DONE


def _format(options: argparse.Namespace) -> Format:
    if options.out is None and options.json:
        raise CommandError("--json reports on a file that was written; give it with --out, or use --to json.")
    if options.out is None and sys.stdout is None:
        raise CommandError("standard output is closed; name a file with --out.")
    if options.out is None and options.to is None:
        raise CommandError("give the format with --to csv, json or parquet.")
    try:
        to = format_of(options.out or "", options.to)
    except ValueError as error:
        raise CommandError(f"{error} Give the format with --to.") from None
    if to == "parquet" and options.out is None and sys.stdout.isatty():
        raise CommandError("Parquet is binary and would confuse the terminal; write it to a file with --out.")
    check_format(to)
    return to


def _choose(options: argparse.Namespace) -> list[ChosenSeries]:
    snapshot = read_logdir(options)
    try:
        chosen = choose_scalars(snapshot, options.tags, options.runs)
    except ValueError as error:
        raise CommandError(str(error)) from None
    if not chosen:
        raise CommandError(f"no scalars of {options.logdir!r} match; `trackml ls` shows what is there.")
    return chosen


def _safe(chosen: Sequence[ChosenSeries]) -> list[ChosenSeries]:
    """Gives series with names that a terminal does not obey."""
    return [ChosenSeries(printable(run), printable(tag), series) for run, tag, series, *_ in chosen]


def _report(options: argparse.Namespace, to: Format, chosen: Sequence[ChosenSeries], points: int) -> None:
    runs = len({one.run for one in chosen})
    if options.json:
        fields = {"out": options.out, "format": to, "runs": runs, "series": len(chosen), "points": points}
        print_document("trackml.export/1", logdir=options.logdir, **fields)
    else:
        amounts = f"{plural(points, 'point')} of {plural(len(chosen), 'series')} in {plural(runs, 'run')}"
        print(f"wrote {amounts} to {printable(options.out)}")
