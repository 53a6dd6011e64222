"""Round numbers for an axis, with labels that are as short as they can be and still differ.

Steps of a linear axis are 1, 2, 2.5 or 5 times a power of ten; of a logarithmic axis whole decades, or
1-2-5 when there are few; of durations the steps a clock face has. Times of day are in `calendar_ticks`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

_MANTISSAS = (1.0, 2.0, 2.5, 5.0, 10.0)
_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86400.0
CLOCK_STEPS = (
    *(1.0, 2.0, 5.0, 10.0, 15.0, 30.0),
    *(_MINUTE * count for count in (1, 2, 5, 10, 15, 30)),
    *(_HOUR * count for count in (1, 2, 3, 6, 12)),
    *(_DAY * count for count in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)),
)
"""Seconds between round moments."""
_ROUND_DURATIONS = (
    *(1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0, 10.0, _MINUTE, 10 * _MINUTE, _HOUR, 10 * _HOUR),
    *(_DAY, 10 * _DAY, 100 * _DAY, 1000 * _DAY),
)
_SHORT_UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"))
_SUFFIXES = ((1e18, "E"), (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))
_PLAIN_BELOW = 1e5
_PLAIN_ABOVE = 1e-4
_MOST_DIGITS = 7
_FEWEST_LOG_TICKS = 3
_MOST_COUNT_DECIMALS = 3
_SHORT_BELOW = 10.0


class Tick(NamedTuple):
    """A labelled place on an axis."""

    value: float
    label: str


def linear_ticks(low: float, high: float, count: int) -> list[Tick]:
    """About `count` round values in [low, high]."""
    step = linear_step(low, high, count)
    return [Tick(value, value_label(value, step)) for value in multiples(low, high, step)]


def count_ticks(low: float, high: float, count: int) -> list[Tick]:
    """About `count` round integers in [low, high], as for training steps."""
    step = max(1.0, linear_step(low, high, count))
    step = step if step != 2.5 else 5.0
    return [Tick(value, _count_label(value, step)) for value in multiples(low, high, step)]


def log_ticks(low: float, high: float, count: int) -> list[Tick]:
    """Powers of ten in [low, high], every k-th if there are many, 1-2-5 or round values if there are few."""
    values = _log_values(low, high, count)
    if values is None:
        return linear_ticks(low, high, count)
    return [Tick(value, value_label(value, value)) for value in values]


def log_count_ticks(low: float, high: float, count: int) -> list[Tick]:
    """The same for training steps."""
    values = _log_values(low, high, count)
    if values is None:
        return count_ticks(low, high, count)
    return [Tick(value, _count_label(value, value) if value >= 1.0 else value_label(value, value)) for value in values]


def log_duration_ticks(low: float, high: float, count: int) -> list[Tick]:
    """Round durations in [low, high] seconds, each about ten times the one before."""
    values = [value for value in _ROUND_DURATIONS if low <= value <= high]
    if len(values) < 2:
        return duration_ticks(low, high, count)
    return [Tick(value, duration_label(value)) for value in values[:: max(1, math.ceil(len(values) / max(2, count)))]]


def symlog_ticks(low: float, high: float, threshold: float, count: int) -> list[Tick]:
    """Zero, and powers of ten on either side of it that are not below the threshold; round values if there are few.

    Args:
        low: Lower end.
        high: Upper end.
        threshold: Where the linear part ends.
        count: About how many.
    """
    first = math.ceil(math.log10(threshold) - 1e-9)
    last = math.floor(math.log10(max(abs(low), abs(high), threshold)) + 1e-9)
    sides = (low < 0.0) + (high > 0.0)
    stride = max(1, round(sides * (last - first + 1) / max(1, count)))
    sizes = [10.0**exponent for exponent in range(last, first - 1, -stride)]
    values = [value for value in (*(-size for size in sizes), 0.0, *reversed(sizes)) if low <= value <= high]
    if len(values) < _FEWEST_LOG_TICKS:
        return linear_ticks(low, high, count)
    return [Tick(value, value_label(value, value)) for value in values]


def duration_ticks(low: float, high: float, count: int) -> list[Tick]:
    """Round durations in [low, high] seconds."""
    rough = (high - low) / max(1, count)
    if not math.isfinite(rough):
        return [Tick(value, duration_label(value)) for value in multiples(low, high, CLOCK_STEPS[-1])]
    if rough < 1.0:
        size, unit = _short_unit(max(abs(low), abs(high)))
        return [Tick(size * tick.value, f"{tick.label}{unit}") for tick in linear_ticks(low / size, high / size, count)]
    return [Tick(value, duration_label(value)) for value in multiples(low, high, nearest(rough, CLOCK_STEPS))]


def value_label(value: float, step: float) -> str:
    """A value with as many decimals as tell it from its neighbours one `step` away."""
    if value == 0.0:
        return "0"
    if _PLAIN_ABOVE <= abs(value) < _PLAIN_BELOW:
        return f"{value:.{min(decimals_of(step), _MOST_DIGITS)}f}"
    digits = max(0, math.floor(math.log10(abs(value)) + 1e-9) - _exponent(step))
    mantissa, exponent = f"{value:.{min(digits, _MOST_DIGITS)}e}".split("e")
    return f"{_trimmed(mantissa)}e{int(exponent)}"


def duration_label(seconds: float) -> str:
    """A duration in its two largest units: 45s, 1m30s, 2h, 1d12h; below ten seconds 1.5s, 250ms, 12µs."""
    if 0.0 < abs(seconds) < _SHORT_BELOW and seconds != round(seconds):
        size, unit = _short_unit(abs(seconds))
        return f"{seconds / size:.3g}{unit}"
    sign, rest = ("-", -seconds) if seconds < 0 else ("", seconds)
    whole = round(rest)
    units = ((86400, "d"), (3600, "h"), (60, "m"), (1, "s"))
    parts = []
    for size, unit in units:
        amount, whole = divmod(whole, size)
        if amount:
            parts.append(f"{amount}{unit}")
    return sign + "".join(parts[:2]) if parts else "0"


def linear_step(low: float, high: float, count: int) -> float:
    """The round step that divides [low, high] into about `count` parts."""
    rough = (0.5 * high - 0.5 * low) / max(1, count) * 2.0
    if not math.isfinite(rough) or rough <= 0.0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    return min((mantissa * power for mantissa in _MANTISSAS), key=lambda step: abs(math.log(step / rough)))


def nearest(rough: float, steps: Sequence[float]) -> float:
    """The one of `steps` whose ratio to `rough` is nearest to one."""
    return min(steps, key=lambda step: abs(math.log(step / rough)))


def multiples(low: float, high: float, step: float) -> list[float]:
    """The multiples of `step` in [low, high]; none if there are more than a thousand."""
    if not (math.isfinite(low / step) and math.isfinite(high / step)):
        return []
    slack = 1e-9
    first, last = math.ceil(low / step - slack), math.floor(high / step + slack)
    if last - first > 1000:
        return []
    return [index * step for index in range(first, last + 1)]


def _log_values(low: float, high: float, count: int) -> list[float] | None:
    """The values of `log_ticks`; None where round values do better."""
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
    return values if len(values) >= fewest else None


def _short_unit(seconds: float) -> tuple[float, str]:
    return next((pair for pair in _SHORT_UNITS if seconds >= pair[0]), _SHORT_UNITS[-1])


def _exponent(step: float) -> int:
    """The decimal place of the last digit that a multiple of `step` needs."""
    exponent = math.floor(math.log10(abs(step)) + 1e-9)
    return exponent - 1 if round(abs(step) / 10.0**exponent, 6) % 1.0 else exponent


def decimals_of(step: float) -> int:
    """How many decimals a multiple of `step` needs."""
    return max(0, -_exponent(step))


def _trimmed(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number


def _count_label(value: float, step: float) -> str:
    if abs(value) < 10_000:
        return f"{value:.0f}"
    size, suffix = next((size, suffix) for size, suffix in _SUFFIXES if abs(value) >= size)
    decimals = decimals_of(step / size)
    if decimals > _MOST_COUNT_DECIMALS:
        return f"{value:.0f}"
    number = f"{value / size:.{decimals}f}"
    return (_trimmed(number) if step >= size else number) + suffix
