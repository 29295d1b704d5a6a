"""Drawings of an article's health, in units that stretch with the page; every word stands beside them, in a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from deflection.article_weeks import Figures, beginning
from deflection.reports import Rate

WIDTH, HEIGHT = 720, 240
TICKS = 4
LABELS = 3

Week = tuple[date, Figures]


@dataclass(frozen=True, slots=True)
class Bounds:
    """A share and its interval on a bar as wide as all."""

    left: float
    width: float
    middle: float


@dataclass(frozen=True, slots=True)
class Trend:
    """The solve rate by week: a line and a band for each run of weeks with openings, a point for each week, a mark for each revision."""

    lines: list[str]
    bands: list[str]
    points: list[tuple[float, float]]
    marks: list[float]
    across: list[date]
    up: list[tuple[float, float]]
    size: tuple[int, int] = (WIDTH, HEIGHT)


def trend(weeks: Sequence[Week], revisions: Sequence[datetime]) -> Trend:
    """Draw the solve rate by week.

    :param revisions: when a text became public; those outside of the weeks are left out.
    """
    runs = [[place for place, _ in group] for seen, group in groupby(enumerate(weeks), key=lambda each: each[1][1].opened > 0) if seen]
    first, last = beginning(weeks[0][0]), beginning(weeks[-1][0])
    length = (last - first).total_seconds() or 1.0
    return Trend(
        [_path([_point(weeks, place) for place in run]) for run in runs],
        [_path([*(_bound(weeks, place, 1) for place in run), *(_bound(weeks, place, 0) for place in reversed(run))]) for run in runs],
        [_point(weeks, place) for run in runs for place in run],
        [round(WIDTH * (moment - first).total_seconds() / length, 1) for moment in revisions if first <= moment <= last],
        [weeks[step * (len(weeks) - 1) // LABELS][0] for step in range(LABELS + 1)],
        [(_y(step / TICKS), step / TICKS) for step in range(TICKS, -1, -1)],
    )


def bounds(rate: Rate) -> Bounds | None:
    """Draw a share with its interval; nothing where there is no share."""
    if rate.share is None or rate.interval is None:
        return None
    low, high = rate.interval
    return Bounds(round(WIDTH * low, 1), round(WIDTH * (high - low), 1), round(WIDTH * rate.share, 1))


def part(count: int, of: int) -> float:
    """Give the length of a bar that stands for a count."""
    return round(WIDTH * count / of, 1) if of else 0.0


def _point(weeks: Sequence[Week], place: int) -> tuple[float, float]:
    return _x(weeks, place), _y(weeks[place][1].solve_rate.share or 0.0)


def _bound(weeks: Sequence[Week], place: int, end: int) -> tuple[float, float]:
    interval = weeks[place][1].solve_rate.interval or (0.0, 1.0)
    return _x(weeks, place), _y(interval[end])


def _x(weeks: Sequence[Week], place: int) -> float:
    return round(WIDTH * place / max(1, len(weeks) - 1), 1)


def _y(share: float) -> float:
    return round(HEIGHT * (1 - share), 1)


def _path(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)
