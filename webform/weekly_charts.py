"""Charts of the weekly report, as pictures that every mail program shows: light cards, so that they are read on dark ground too.

Nothing but digits stands in them, for the typeface that Pillow brings has no other letters than Latin; words stand in the mail.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from kb.intervals import Interval

WIDTH, HEIGHT = 1120, 440
LEFT, RIGHT, TOP, BOTTOM = 96, 40, 40, 64
BAR_HEIGHT, BAR_EDGE = 96, 24
CARD, GRID, INK, PEN, FAINT = "#ffffff", "#dbe0e6", "#3d4955", "#1d3fae", "#b9c6ee"
OUTCOME_COLOURS = {"confirmed": "#1a6538", "presumed": "#8fc7a3", "submitted_after_help": "#d9a400", "submitted": "#1d3fae", "abandoned": "#9aa5b1"}
LETTERS = 26
STEPS = (0.05, 0.1, 0.15, 0.2, 0.25)


@dataclass(frozen=True, slots=True)
class Point:
    """A share of one week with its bounds; neither while nothing was counted."""

    week: date
    share: float | None
    bounds: Interval | None


def trend(points: Sequence[Point]) -> bytes:
    """Draw the headline of some weeks with the interval of each, as a PNG of 1120 by 440 pixels."""
    picture, pen = _card(HEIGHT)
    top = _top(points)
    font = ImageFont.load_default(LETTERS)
    for number in range(5):
        share = top * number / 4
        level = _level(share, top)
        pen.line((LEFT, level, WIDTH - RIGHT, level), fill=GRID, width=2)
        pen.text((LEFT - 14, level), _percent(share, top), fill=INK, font=font, anchor="rm")
    step = (WIDTH - LEFT - RIGHT) / max(1, len(points))
    places = [LEFT + step * (number + 0.5) for number in range(len(points))]
    drawn = [(place, point) for place, point in zip(places, points, strict=True) if point.share is not None]
    for place, point in drawn:
        if point.bounds is not None:
            pen.rounded_rectangle((place - 9, _level(point.bounds.high, top), place + 9, _level(point.bounds.low, top)), radius=9, fill=FAINT)
    line = [(place, _level(point.share or 0.0, top)) for place, point in drawn]
    if len(line) > 1:
        pen.line(line, fill=PEN, width=5, joint="curve")
    for place, level in line:
        pen.ellipse((place - 10, level - 10, place + 10, level + 10), fill=PEN, outline=CARD, width=3)
    for place, point in zip(places, points, strict=True):
        pen.text((place, HEIGHT - BOTTOM + 18), f"{point.week:%m-%d}", fill=INK, font=font, anchor="ma")
    return _png(picture)


def outcomes(counts: Sequence[tuple[str, int]]) -> bytes:
    """Draw what visits came to as one bar, as a PNG of 1120 by 96 pixels; white gaps tell the parts apart without their colours."""
    picture, pen = _card(BAR_HEIGHT)
    total, at = sum(number for _, number in counts), float(BAR_EDGE)
    for name, number in counts:
        wide = (WIDTH - 2 * BAR_EDGE) * number / total if total else 0.0
        if wide >= 1:
            pen.rectangle((at, BAR_EDGE, at + max(1.0, wide - 3), BAR_HEIGHT - BAR_EDGE), fill=OUTCOME_COLOURS[name])
        at += wide
    if not total:
        pen.rectangle((BAR_EDGE, BAR_EDGE, WIDTH - BAR_EDGE, BAR_HEIGHT - BAR_EDGE), outline=GRID, width=3)
    return _png(picture)


def _card(height: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("RGB", (WIDTH, height), CARD)
    return picture, ImageDraw.Draw(picture)


def _png(picture: Image.Image) -> bytes:
    written = BytesIO()
    picture.quantize(64).save(written, "PNG", optimize=True)
    return written.getvalue()


def _top(points: Sequence[Point]) -> float:
    """Give the share at the upper edge: room for nearly every bound, but not for one that a few visits throw up to the sky."""
    shares = [point.share for point in points if point.share is not None]
    highs = [min(point.bounds.high, 2 * max(shares) + 0.05) for point in points if point.bounds is not None]
    wanted = max([*shares, *highs], default=1.0) or 0.05
    return next((4 * step for step in STEPS if 4 * step >= wanted), 1.0)


def _level(share: float, top: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - min(share, top) / top)


def _percent(share: float, top: float) -> str:
    return f"{share:.1%}" if top < 0.2 else f"{share:.0%}"
