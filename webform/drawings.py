"""Drawings: where the shapes of a chart stand, in units that stretch with the page. Every word stands beside them, in a table."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from kb.intervals import Interval

WIDTH, HEIGHT = 720, 240
SMALL_HEIGHT = 48
TICKS = 4
LABELS = 4
STEPS = 5
"""Shades of a map of hours; the first is for nothing."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Bounded:
    """A value with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Curve:
    """A line and a band for each run of values, and a point for each value; ``up`` are the ticks with their values, ``across`` places of labels."""

    lines: list[str]
    bands: list[str]
    points: list[Point]
    up: list[tuple[float, float]]
    across: list[int]
    size: tuple[int, int] = (WIDTH, HEIGHT)


@dataclass(frozen=True, slots=True)
class Reach:
    """An interval on a scale: where its bar begins, how long it is, where the value stands, and where 0 is if that is on the scale."""

    left: float
    width: float
    middle: float
    zero: float | None = None


def ceiling(value: float) -> float:
    """Give a round number that is at least the value: 1, 2, 4, 5 or 10 times a power of ten, so that its quarters are round as well."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 4, 6, 8, 10) if value <= step * power * (1 + 1e-9))


def curve(values: Sequence[Bounded | None], *, top: float | None = None, height: int = HEIGHT) -> Curve:
    """Draw values one after the other; where there is none the line has a hole.

    :param top: what stands at the upper edge; a round number above the highest value unless given. Bands are cut off there.
    """
    known = [each for each in values if each is not None]
    top = top or min(1.0, ceiling(max((each.value for each in known), default=1.0) * 1.25))
    runs = [[place for place, _ in group] for some, group in groupby(enumerate(values), key=lambda each: each[1] is not None) if some]

    def at(place: int, share: float) -> Point:
        x = WIDTH * place / (len(values) - 1) if len(values) > 1 else WIDTH / 2
        return round(x, 1), round(height * (1 - min(share, top) / top), 1)

    lines, bands, points = [], [], []
    for run in runs:
        line = [at(place, each.value) for place in run if (each := values[place])]
        upper = [at(place, each.high) for place in run if (each := values[place])]
        lower = [at(place, each.low) for place in reversed(run) if (each := values[place])]
        lines.append(_path(line))
        bands.append(_path([*upper, *lower]))
        points += line
    up = [(round(height * (1 - step / TICKS), 1), top * step / TICKS) for step in range(TICKS, -1, -1)]
    return Curve(lines, bands, points, up, _labels(len(values)), (WIDTH, height))


def bar(count: float, most: float, width: int = WIDTH) -> float:
    """Give the length of a bar that stands for a count, beside the longest one."""
    return round(width * count / most, 1) if most else 0.0


def stack(counts: Sequence[int]) -> list[tuple[float, float]]:
    """Lay counts side by side so that they fill the whole width: where each begins, and how long it is."""
    total, begun, laid = sum(counts), 0, []
    for count in counts:
        laid.append((bar(begun, total), bar(count, total)))
        begun += count
    return laid


def reach(value: float, interval: Interval, *, low: float, high: float) -> Reach:
    """Draw a value and its interval on a scale from ``low`` to ``high``; what is beyond is cut off."""

    def x(at: float) -> float:
        return round(WIDTH * (min(max(at, low), high) - low) / (high - low), 1)

    left, right = x(interval.low), x(interval.high)
    return Reach(left, round(right - left, 1), x(value), x(0.0) if low <= 0 <= high else None)


def symmetric(*values: float) -> float:
    """Give the round number up to which a scale has to go on both sides of 0 to hold all values."""
    return ceiling(max((abs(value) for value in values), default=1.0))


def shades(rows: Sequence[Sequence[int]]) -> list[list[int]]:
    """Give each count of a map its shade: 0 for nothing, up to `STEPS` for the most."""
    most = max((count for row in rows for count in row), default=0)
    return [[math.ceil(STEPS * count / most) if count else 0 for count in row] for row in rows]


def place(position: int, number: int) -> float:
    """Give where one of so many places stands across a curve."""
    return round(WIDTH * position / (number - 1), 1) if number > 1 else WIDTH / 2


def _labels(number: int) -> list[int]:
    """Choose places whose labels stand under a curve, the first and the last among them."""
    wanted = min(number, LABELS + 1)
    return [round(step * (number - 1) / (wanted - 1)) for step in range(wanted)] if wanted > 1 else list(range(number))


def _path(points: Sequence[Point]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)
