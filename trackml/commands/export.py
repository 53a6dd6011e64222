"""`trackml export`: what is logged as CSV, JSON or Parquet, everything at full resolution."""

from __future__ import annotations

import argparse
import sys

from trackml.commands.document import print_document
from trackml.commands.process import DAMAGED, DONE, CommandError, tell
from trackml.commands.progress import Progress
from trackml.commands.reading import read_logdir
from trackml.commands.text import plural, printable
from trackml.runs.content_table import LostValues
from trackml.runs.encoders import Told
from trackml.runs.exports import Format, Selection, check_format, format_of, open_output, select, write, write_directory
from trackml.runs.media_files import MEDIA_KINDS

_NOUNS = {"scalars": "point", "hparams": "hyperparameter"}


def run(options: argparse.Namespace) -> int:
    """Writes what is chosen of `options.logdirs` to a file, a directory or standard output."""
    to = _format(options)
    selection = _select(options)
    lost = LostValues()
    with Progress("writing", lambda amount: plural(amount, _noun(options))) as progress:

        def told(written: int) -> None:
            progress.update(written, selection.points)

        if options.kind in MEDIA_KINDS:
            _write_directory(selection, options, to, lost, told)
        elif options.out is not None:
            with open_output(options.out) as stream:
                write(selection, stream, to, lost, told)
        else:
            # CSV on a terminal: what that would obey is spelled out. JSON does so anyway.
            write(selection, sys.stdout.buffer, to, lost, told, printable if sys.stdout.isatty() else None)
    if lost.count:
        tell(options, printable(str(lost)))
    if options.out is not None:
        _report(options, to, selection, lost.count)
    return DAMAGED if lost.count else DONE


def _format(options: argparse.Namespace) -> Format:
    is_media = options.kind in MEDIA_KINDS
    if options.out is None and is_media:
        raise CommandError(f"{options.kind} are written as files; name a directory with --out.")
    if options.out is None and options.json:
        raise CommandError("--json reports on a file that was written; give it with --out, or use --to json.")
    if options.out is None and sys.stdout is None:
        raise CommandError("standard output is closed; name a file with --out.")
    if options.out is None and options.to is None:
        raise CommandError("give the format with --to csv, json or parquet.")
    try:
        to = format_of(options.out or "", options.to, "csv" if is_media else None)
    except ValueError as error:
        raise CommandError(f"{error} Give the format with --to.") from None
    if to == "parquet" and options.out is None and sys.stdout.isatty():
        raise CommandError("Parquet is binary and would confuse the terminal; write it to a file with --out.")
    check_format(to)
    return to


def _select(options: argparse.Namespace) -> Selection:
    snapshot = read_logdir(options)
    try:
        selection = select(
            snapshot,
            options.kind,
            options.tags,
            options.runs,
            form="wide" if options.wide else "long",
            file_name=options.file_name,
            superseded=options.superseded,
        )
    except ValueError as error:
        raise CommandError(str(error)) from None
    if not selection.chosen:
        named = " and ".join(map(repr, options.logdirs))
        raise CommandError(f"no {options.kind} of {named} match; `trackml ls` and `trackml show` say what is there.")
    return selection


def _write_directory(
    selection: Selection, options: argparse.Namespace, to: Format, lost: LostValues, told: Told
) -> None:
    try:
        write_directory(selection, options.out, to, lost, told)
    except FileExistsError as error:
        raise CommandError(str(error)) from None


def _noun(options: argparse.Namespace) -> str:
    return _NOUNS.get(options.kind, "value")


def _report(options: argparse.Namespace, to: Format, selection: Selection, lost: int) -> None:
    runs = len({one.run for one in selection.chosen})
    series = len({(one.run, one.tag) for one in selection.series}) if options.kind != "hparams" else 0
    points = selection.points - lost
    if options.json:
        fields = {"kind": options.kind, "runs": runs, "series": series, "points": points, "lost": lost}
        print_document("trackml.export/1", logdirs=options.logdirs, out=options.out, format=to, **fields)
        return
    amounts = plural(points, _noun(options)) + (f" of {plural(series, 'series')}" if series else "")
    print(f"wrote {amounts} in {plural(runs, 'run')} to {printable(options.out)}")
