"""The curve of a gate, drawn: right answers shown, against false ones, with the doubt about both."""

from collections.abc import Sequence
from dataclasses import dataclass

from kb.evidence import Evidence, Merits

WIDTH, HEIGHT = 600, 380
LEFT, RIGHT, TOP, BOTTOM = 56, 20, 14, 34
REACHES = (0.25, 0.5, 1.0)
"""Shares of false shows at which the drawing may end: as little as holds what has to be seen."""
TICKS = 5

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Mark:
    """A gate on the curve, and the bounds of its two shares, all in units of the drawing."""

    x: float
    y: float
    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """Lines in units of a drawing ``WIDTH`` wide and ``HEIGHT`` high; ticks are a place and the share it stands for."""

    line: str
    band: str
    across: Sequence[tuple[float, float]]
    up: Sequence[tuple[float, float]]
    now: Mark
    picked: Mark
    size: tuple[int, int] = (WIDTH, HEIGHT)
    frame: tuple[int, int, int, int] = (LEFT, TOP, WIDTH - RIGHT, HEIGHT - BOTTOM)


def draw(evidence: Evidence, now: Merits, picked: Merits) -> Drawing:
    """Draw the curve of some labelled texts, and mark two gates on it."""
    merits = [evidence.at(gate) for gate in evidence.steps()]
    furthest = max(now.false_shows.interval.high, picked.false_shows.interval.high)
    reach = next((reach for reach in REACHES if furthest <= reach), REACHES[-1])
    line = [_at(each, reach) for each in merits if (each.false_shows.share or 0.0) <= reach]
    low, high = ([(_x(_false(each), reach), _y(each.answered.interval[end])) for each in merits if _false(each) <= reach] for end in (0, 1))
    steps = [step / TICKS for step in range(TICKS + 1)]
    return Drawing(
        _path(line),
        _path([*high, *reversed(low)]),
        [(_x(step * reach, reach), step * reach) for step in steps],
        [(_y(step), step) for step in steps],
        _mark(now, reach),
        _mark(picked, reach),
    )


def _mark(merits: Merits, reach: float) -> Mark:
    x, y = _at(merits, reach)
    across, up = merits.false_shows.interval, merits.answered.interval
    return Mark(x, y, _x(across.low, reach), _x(across.high, reach), _y(up.high), _y(up.low))


def _at(merits: Merits, reach: float) -> Point:
    return _x(_false(merits), reach), _y(merits.answered.share or 0.0)


def _false(merits: Merits) -> float:
    return merits.false_shows.share or 0.0


def _x(share: float, reach: float) -> float:
    return round(LEFT + min(share / reach, 1.0) * (WIDTH - LEFT - RIGHT), 1)


def _y(share: float) -> float:
    return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)


def _path(points: Sequence[Point]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)
