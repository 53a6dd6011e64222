"""`trackml tail`: the last points of one series, and those that are still to come."""

from __future__ import annotations

import argparse
import select
import sys
import time

from trackml.commands.document import print_line
from trackml.commands.process import DONE, CommandError, tell
from trackml.commands.reading import find_run, open_logdir
from trackml.commands.text import moment, plural
from trackml.runs.json_numbers import json_number
from trackml.runs.selection import unknown_name
from trackml.runs.series import Series
from trackml.runs.store import RunStore
from trackml.runs.view import RunView, Snapshot

_REST_PER_WORK = 9.0
"""Following a great many runs costs a tenth of a core at most."""

_LONGEST_WAIT = 0.5
"""Seconds after which to see whether anybody reads the output."""


def run(options: argparse.Namespace) -> int:
    """Prints the last `options.lines` points of a series; goes on with new ones if `options.follow`."""
    store = open_logdir(options)
    name, tag = _find(store.snapshot(), options)
    series = store.snapshot()[name].scalars[tag]
    _print(series.part(max(0, len(series) - options.lines), len(series)), options)
    if options.follow:
        _follow(store, name, tag, options)
    return DONE


def _find(snapshot: Snapshot, options: argparse.Namespace) -> tuple[str, str]:
    """Gives the names of the run and of the tag. Both may hold slashes, so that there may be several ways to split."""
    if options.tag is not None:
        view = find_run(snapshot, options.series)
        return view.name, _check_tag(view, options.tag)
    name = options.series
    splits = [(".", name), *((name[:at], name[at + 1 :]) for at, letter in enumerate(name) if letter == "/")]
    there = [(run, tag) for run, tag in splits if run in snapshot and tag in snapshot[run].tags]
    if len(there) > 1:
        ways = " or ".join(f"tag {tag!r} of run {run!r}" for run, tag in there)
        raise CommandError(f"{name!r} may be {ways}; give run and tag as two arguments.")
    if not there:
        raise CommandError(unknown_name("series", name, _series_names(snapshot)))
    run, tag = there[0]
    return run, _check_tag(snapshot[run], tag)


def _check_tag(view: RunView, tag: str) -> str:
    if tag in view.scalars:
        return tag
    if tag in view.tags:
        raise CommandError(f"expected a tag with scalars; tag {tag!r} of run {view.name!r} holds {view.tags[tag]}.")
    raise CommandError(unknown_name("scalar tag", tag, view.scalars))


def _series_names(snapshot: Snapshot) -> list[str]:
    return [f"{run}/{tag}" for run, view in snapshot.items() for tag in view.scalars]


def _follow(store: RunStore, name: str, tag: str, options: argparse.Namespace) -> None:
    """Prints new points until the user or the reader of the output has had enough."""
    shown = store.snapshot()[name].scalars[tag]
    took = 0.0
    with store.watch(options.interval) as watcher:
        while sys.stdout is not None:
            sys.stdout.flush()
            time.sleep(min(_REST_PER_WORK * took, _LONGEST_WAIT))
            took, is_time = 0.0, watcher.wait(_LONGEST_WAIT)
            _check_reader()
            if not is_time:
                continue
            began = time.monotonic()
            is_news = store.refresh()
            took = time.monotonic() - began
            if not is_news:
                continue
            view = store.snapshot().get(name)
            if view is None or tag not in view.scalars:
                raise CommandError(f"series {name + '/' + tag!r} is gone.")
            series = view.scalars[tag]
            common = _common(shown, series)
            if common < len(shown):
                tell(options, f"a restart superseded the last {plural(len(shown) - common, 'point')}.")
            _print(series.part(common, len(series)), options)
            shown = series


def _common(old: Series, new: Series) -> int:
    """Gives how many points both begin with."""
    length = min(len(old), len(new))
    differs = (old.step[:length] != new.step[:length]) | (old.wall_time[:length] != new.wall_time[:length])
    return int(differs.argmax()) if differs.any() else length


def _check_reader() -> None:
    """Notices that nobody reads the pipe any more that standard output may be, though nothing is written.

    Raises:
      BrokenPipeError: If so.
    """
    if sys.stdout is None or sys.stdout.isatty():
        return
    poll = select.poll()
    poll.register(sys.stdout, 0)
    if any(events & (select.POLLERR | select.POLLHUP) for _, events in poll.poll(0)):
        raise BrokenPipeError


def _print(points: Series, options: argparse.Namespace) -> None:
    for step, wall_time, value in zip(*(column.tolist() for column in points.columns)):
        if options.json:
            print_line(step=step, wall_time=json_number(wall_time), value=json_number(value))
        else:
            print(f"{step:>10}  {moment(wall_time)}  {value!r}")
