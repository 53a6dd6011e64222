"""Round moments on a clock and a calendar: seconds, hours, days, months, years."""

from __future__ import annotations

import math
from datetime import datetime, timezone, tzinfo

from trackml_tui.plotting.ticks import (
    CLOCK_STEPS,
    Tick,
    decimals_of,
    linear_step,
    linear_ticks,
    multiples,
    nearest,
    value_label,
)

_MINUTE, _DAY, _MONTH = 60.0, 86400.0, 30.44 * 86400.0
_MONTHS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000)
_FEWEST_DAYS = 20.0
_FIRST_MOMENT, _LAST_MOMENT = -6e10, 2.5e11


def clock_ticks(low: float, high: float, count: int, zone: tzinfo | None = None) -> list[Tick]:
    """Round moments in [low, high], seconds since the epoch; plain numbers for no year of a calendar.

    Args:
        low: Left end.
        high: Right end.
        count: About how many.
        zone: Whose clock; None is this machine's.
    """
    if not _FIRST_MOMENT < low <= high < _LAST_MOMENT:
        return linear_ticks(low, high, count)
    rough = (high - low) / max(1, count)
    if rough < 1.0:
        step = linear_step(low, high, count)
        return [Tick(value, _split_second(value, step, zone)) for value in multiples(low, high, step)]
    if rough >= _FEWEST_DAYS * _DAY:
        return _month_ticks(low, high, int(nearest(rough / _MONTH, _MONTHS)), zone)
    step = nearest(rough, CLOCK_STEPS)
    shift = _utc_offset(low, zone)
    values = [value - shift for value in multiples(low + shift, high + shift, step)]
    return [Tick(value, _clock_label(value, step, zone)) for value in values]


def clock_label(value: float, zone: tzinfo | None = None) -> str:
    """The time of day at `value` seconds since the epoch, to the second."""
    if not _FIRST_MOMENT < value < _LAST_MOMENT:
        return value_label(value, 1.0)
    return datetime.fromtimestamp(round(value), zone).strftime("%H:%M:%S")


def _month_ticks(low: float, high: float, months: int, zone: tzinfo | None) -> list[Tick]:
    """The first of every `months`-th month; January alone carries the year where years are ticks."""
    first, last = (datetime.fromtimestamp(end, zone) for end in (low, high))
    begin = (12 * first.year + first.month - 1) // months
    end = (12 * last.year + last.month - 1) // months
    ticks = []
    for index in range(begin, end + 1):
        year, month = divmod(index * months, 12)
        if not 1 <= year <= 9999:
            continue
        moment = datetime(year, month + 1, 1, tzinfo=zone)
        value = moment.timestamp() if zone else moment.astimezone().timestamp()
        if low <= value <= high:
            ticks.append(Tick(value, moment.strftime("%Y" if months % 12 == 0 else "%b %Y")))
    return ticks


def _split_second(value: float, step: float, zone: tzinfo | None) -> str:
    decimals = min(6, decimals_of(step))
    whole = math.floor(value)
    part = f"{value - whole:.{decimals}f}"
    if part.startswith("1"):
        whole, part = whole + 1, f"{0.0:.{decimals}f}"
    return datetime.fromtimestamp(whole, zone).strftime("%H:%M:%S") + part[1:]


def _clock_label(value: float, step: float, zone: tzinfo | None) -> str:
    if step < _MINUTE:
        return clock_label(value, zone)
    moment = datetime.fromtimestamp(round(value), zone)
    if step < _DAY and (moment.hour, moment.minute) != (0, 0):
        return moment.strftime("%H:%M")
    return f"{moment.day} {moment.strftime('%b')}"


def _utc_offset(value: float, zone: tzinfo | None) -> float:
    local = datetime.fromtimestamp(value, timezone.utc).astimezone(zone)
    offset = local.utcoffset()
    return offset.total_seconds() if offset else 0.0
