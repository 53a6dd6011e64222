"""Round numbers for an axis, with labels that are as short as they can be and still differ.

Steps of a linear axis are 1, 2, 2.5 or 5 times a power of ten; of a logarithmic axis whole decades, or
1-2-5 when there are few; of durations and clock times the steps a clock face has.
"""

from __future__ import annotations

import math
from datetime import datetime, tzinfo
from typing import NamedTuple

_MANTISSAS = (1.0, 2.0, 2.5, 5.0, 10.0)
_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86400.0
_CLOCK_STEPS = (
    *(1.0, 2.0, 5.0, 10.0, 15.0, 30.0),
    *(_MINUTE * count for count in (1, 2, 5, 10, 15, 30)),
    *(_HOUR * count for count in (1, 2, 3, 6, 12)),
    *(_DAY * count for count in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)),
)
_SUFFIXES = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))
_PLAIN_BELOW = 1e5
_PLAIN_ABOVE = 1e-4
_MOST_DIGITS = 7
_FEWEST_LOG_TICKS = 3
_FIRST_MOMENT, _LAST_MOMENT = -6e10, 2.5e11


class Tick(NamedTuple):
    """A labelled place on an axis."""

    value: float
    label: str


def linear_ticks(low: float, high: float, count: int) -> list[Tick]:
    """About `count` round values in [low, high]."""
    step = _linear_step(low, high, count)
    return [Tick(value, value_label(value, step)) for value in _multiples(low, high, step)]


def count_ticks(low: float, high: float, count: int) -> list[Tick]:
    """About `count` round integers in [low, high], as for training steps."""
    step = max(1.0, _linear_step(low, high, count))
    step = step if step != 2.5 else 5.0
    return [Tick(value, _count_label(value, step)) for value in _multiples(low, high, step)]


def log_ticks(low: float, high: float, count: int) -> list[Tick]:
    """Powers of ten in [low, high], every k-th if there are many, 1-2-5 or round values if there are few."""
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    decades = last - first + 1
    if 3 * (decades - 1) > count:
        stride = max(1, round(decades / max(1, count)))
        values = [10.0**exponent for exponent in range(first, last + 1, stride)]
        fewest = 1
    else:
        fewest = _FEWEST_LOG_TICKS
        exponents = range(first - 1, last + 1)
        values = [mantissa * 10.0**exponent for exponent in exponents for mantissa in (1, 2, 5)]
    values = [value for value in values if low <= value <= high]
    if len(values) < fewest:
        return linear_ticks(low, high, count)
    return [Tick(value, value_label(value, value)) for value in values]


def duration_ticks(low: float, high: float, count: int) -> list[Tick]:
    """Round durations in [low, high] seconds."""
    if (high - low) / max(1, count) < 1.0:
        return [Tick(tick.value, f"{tick.label}s") for tick in linear_ticks(low, high, count)]
    return [Tick(value, duration_label(value)) for value in _multiples(low, high, _clock_step(low, high, count))]


def clock_ticks(low: float, high: float, count: int, zone: tzinfo | None = None) -> list[Tick]:
    """Round times of day in [low, high], seconds since the epoch; plain numbers for no year of a calendar.

    Args:
        low: Left end.
        high: Right end.
        count: About how many.
        zone: Whose clock; None is this machine's.
    """
    if not _FIRST_MOMENT < low <= high < _LAST_MOMENT:
        return linear_ticks(low, high, count)
    step = max(1.0, _clock_step(low, high, count))
    shift = _utc_offset(low, zone)
    values = [value - shift for value in _multiples(low + shift, high + shift, step)]
    return [Tick(value, _clock_label(value, step, zone)) for value in values]


def value_label(value: float, step: float) -> str:
    """A value with as many decimals as tell it from its neighbours one `step` away."""
    if value == 0.0:
        return "0"
    if _PLAIN_ABOVE <= abs(value) < _PLAIN_BELOW:
        return f"{value:.{min(_decimals(step), _MOST_DIGITS)}f}"
    digits = max(0, math.floor(math.log10(abs(value)) + 1e-9) - _exponent(step))
    mantissa, exponent = f"{value:.{min(digits, _MOST_DIGITS)}e}".split("e")
    return f"{_trimmed(mantissa)}e{int(exponent)}"


def clock_label(value: float, zone: tzinfo | None = None) -> str:
    """The time of day at `value` seconds since the epoch, to the second."""
    if not _FIRST_MOMENT < value < _LAST_MOMENT:
        return value_label(value, 1.0)
    return datetime.fromtimestamp(round(value), zone).strftime("%H:%M:%S")


def duration_label(seconds: float) -> str:
    """A duration in its two largest units: 45s, 1m30s, 2h, 1d12h."""
    sign, rest = ("-", -seconds) if seconds < 0 else ("", seconds)
    whole = round(rest)
    units = ((86400, "d"), (3600, "h"), (60, "m"), (1, "s"))
    parts = []
    for size, unit in units:
        amount, whole = divmod(whole, size)
        if amount:
            parts.append(f"{amount}{unit}")
    return sign + "".join(parts[:2]) if parts else "0"


def _linear_step(low: float, high: float, count: int) -> float:
    rough = (0.5 * high - 0.5 * low) / max(1, count) * 2.0
    if not math.isfinite(rough) or rough <= 0.0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    return min((mantissa * power for mantissa in _MANTISSAS), key=lambda step: abs(math.log(step / rough)))


def _clock_step(low: float, high: float, count: int) -> float:
    rough = (high - low) / max(1, count)
    if not math.isfinite(rough):
        return _CLOCK_STEPS[-1]
    return min(_CLOCK_STEPS, key=lambda step: abs(math.log(step / rough)))


def _multiples(low: float, high: float, step: float) -> list[float]:
    if not (math.isfinite(low / step) and math.isfinite(high / step)):
        return []
    slack = 1e-9
    first, last = math.ceil(low / step - slack), math.floor(high / step + slack)
    if last - first > 1000:
        return []
    return [index * step for index in range(first, last + 1)]


def _exponent(step: float) -> int:
    """The decimal place of the last digit that a multiple of `step` needs."""
    exponent = math.floor(math.log10(abs(step)) + 1e-9)
    return exponent - 1 if round(abs(step) / 10.0**exponent, 6) % 1.0 else exponent


def _decimals(step: float) -> int:
    return max(0, -_exponent(step))


def _trimmed(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number


def _count_label(value: float, step: float) -> str:
    if abs(value) < 10_000:
        return f"{value:.0f}"
    size, suffix = next((size, suffix) for size, suffix in _SUFFIXES if abs(value) >= size)
    return f"{value / size:.{_decimals(min(1.0, step / size))}f}{suffix}"


def _clock_label(value: float, step: float, zone: tzinfo | None) -> str:
    if step < _MINUTE:
        return clock_label(value, zone)
    moment = datetime.fromtimestamp(round(value), zone)
    if step < _DAY and (moment.hour, moment.minute) != (0, 0):
        return moment.strftime("%H:%M")
    return f"{moment.day} {moment.strftime('%b')}"


def _utc_offset(value: float, zone: tzinfo | None) -> float:
    offset = datetime.fromtimestamp(value, zone).astimezone(zone).utcoffset()
    return offset.total_seconds() if offset else 0.0
