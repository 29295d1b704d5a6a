"""Lines of hours and holidays, as leads write them, read without fuss."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from webform.working_time import DAY_MINUTES, Holiday, Span

MOST_HOLIDAYS = 200
LONGEST_NAME = 60
_SPAN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|—|to|до|至|~)\s*(\d{1,2})(?:[:.](\d{2}))?")
_HOLIDAY = re.compile(r"(?:(\d{4})-)?(\d{1,2})-(\d{1,2})(?![\d-])\s*((?:\d{1,2}(?:[:.]\d{2})?\s*[-–—]\s*\d{1,2}(?:[:.]\d{2})?\s*,?\s*)*)(.*)")
_LEAP = 2024


class HourFault(StrEnum):
    """What is wrong with a line."""

    UNREAD = "unread"
    ORDER = "order"
    OVERLAP = "overlap"
    NO_DAY = "no-day"
    TOO_MANY = "too-many"


class HoursRefused(ValueError):
    """A line cannot be read; ``fault`` says why."""

    def __init__(self, fault: HourFault) -> None:
        """Say why."""
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class WrongLine:
    """A line that cannot be used, by its number from 1."""

    number: int
    line: str
    fault: HourFault


def read_spans(text: str) -> tuple[Span, ...]:
    """Read the hours of a day: ``9-12:30, 13:00-17:00``; nothing means closed, 24:00 is midnight.

    :raises HoursRefused: if something else stands there, hours end before they begin, or overlap.
    """
    rest = _SPAN.sub("", text)
    if rest.strip(" ,;\t和"):
        raise HoursRefused(HourFault.UNREAD)
    spans = sorted(_span(match) for match in _SPAN.finditer(text))
    if any(first.closes > second.opens for first, second in pairwise(spans)):
        raise HoursRefused(HourFault.OVERLAP)
    return tuple(spans)


def write_spans(spans: Iterable[Span]) -> str:
    """Write hours as they are read."""
    return ", ".join(f"{_clock(span.opens)}-{_clock(span.closes)}" for span in spans)


def read_holidays(text: str) -> tuple[tuple[Holiday, ...], list[WrongLine]]:
    """Read holidays, one a line: ``2026-04-03 Good Friday``, ``12-25`` for every year, ``12-24 9-13`` for a half day.

    :return: those that can be read, and the lines that cannot; empty lines and those after ``#`` are passed over.
    """
    holidays: list[Holiday] = []
    wrong: list[WrongLine] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            if len(holidays) >= MOST_HOLIDAYS:
                raise HoursRefused(HourFault.TOO_MANY)
            holidays.append(_holiday(line.strip()))
        except HoursRefused as refusal:
            wrong.append(WrongLine(number, line.strip()[:LONGEST_NAME], refusal.fault))
    return tuple(holidays), wrong


def _span(match: re.Match[str]) -> Span:
    hours, minutes, until_hours, until_minutes = (int(part or 0) for part in match.groups())
    opens, closes = hours * 60 + minutes, until_hours * 60 + until_minutes
    if max(minutes, until_minutes) > 59 or max(opens, closes) > DAY_MINUTES:
        raise HoursRefused(HourFault.UNREAD)
    if opens >= closes:
        raise HoursRefused(HourFault.ORDER)
    return Span(opens, closes)


def _holiday(line: str) -> Holiday:
    found = _HOLIDAY.fullmatch(line)
    if found is None:
        raise HoursRefused(HourFault.UNREAD)
    year, month, day, hours, name = found.groups()
    try:
        date(int(year or _LEAP), int(month), int(day))
    except ValueError:
        raise HoursRefused(HourFault.NO_DAY) from None
    return Holiday(int(month), int(day), int(year) if year else None, read_spans(hours), name.strip()[:LONGEST_NAME])


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
