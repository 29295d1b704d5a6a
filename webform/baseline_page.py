"""The page of a baseline: its figures as drawings and in the reader's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from babel import Locale
from babel.dates import format_skeleton, get_day_names
from babel.numbers import format_currency, format_decimal
from flask_babel import gettext

from webform.baseline_figures import HOURS, Figures, Part
from webform.baselines import Stage
from webform.desk import count as whole
from webform.i18n import choose_language
from webform.mailbox_kinds import Kind

CELL = 28
WIDTH = 720
__all__ = ["bounds", "busiest", "hours", "kind_words", "money", "month", "points", "stage_words", "whole"]


@dataclass(frozen=True, slots=True)
class Cell:
    """An hour of the week in the drawing: where it is, and how full, from 0 to 1."""

    x: int
    y: int
    fullness: float


@dataclass(frozen=True, slots=True)
class Hours:
    """When people ask: a field for each hour of the week, and the same as rows of a table, an hour each with its seven days."""

    cells: list[Cell]
    rows: list[tuple[str, list[int]]]
    days: list[str]
    size: tuple[int, int] = (24 * CELL, 7 * CELL)


@dataclass(frozen=True, slots=True)
class Bounds:
    """A share and its interval on a bar as wide as all."""

    left: float
    width: float
    middle: float


def hours(found: Figures) -> Hours:
    """Draw when people ask."""
    most = max(found.hours.values(), default=0) or 1
    cells = [Cell(hour * CELL, weekday * CELL, round(found.hours.get((weekday, hour), 0) / most, 3)) for weekday, hour in HOURS]
    rows = [(f"{hour:02}:00", [found.hours.get((weekday, hour), 0) for weekday in range(7)]) for hour in range(24)]
    return Hours(cells, rows, weekdays())


def weekdays() -> list[str]:
    """Name the days of the week, Monday first, in a few letters."""
    named = get_day_names("abbreviated", context="stand-alone", locale=choose_language())
    return [str(named[day]) for day in range(7)]


def busiest(found: Figures) -> str:
    """Name the busiest hour of the week."""
    if found.busiest is None:
        return "–"
    weekday, hour = found.busiest
    return f"{get_day_names('wide', context='stand-alone', locale=choose_language())[weekday]}, {hour:02}:00–{(hour + 1) % 24:02}:00"


def bounds(part: Part) -> Bounds | None:
    """Draw a share with its interval; nothing where there is no share."""
    if part.share is None or part.interval is None:
        return None
    low, high = part.interval
    return Bounds(round(WIDTH * low, 1), round(WIDTH * (high - low), 1), round(WIDTH * part.share, 1))


def money(amount: float, currency: str) -> str:
    """Write an amount, without its cents unless it is small and has some."""
    if amount < 100 and abs(amount - round(amount)) > 0.004:
        return str(format_currency(amount, currency, locale=choose_language()))
    usual = str(Locale.parse(choose_language()).currency_formats["standard"].pattern)
    return str(format_currency(round(amount), currency, usual.replace(".00", ""), locale=choose_language(), currency_digits=False))


def points(difference: float) -> str:
    """Write a difference of shares in percentage points."""
    return str(format_decimal(100 * difference, "+0.0;−0.0", locale=choose_language()))


def month(name: str) -> str:
    """Name a month that is written as ``2026-03``."""
    year, number = name.split("-")
    return str(format_skeleton("yMMM", date(int(year), int(number), 1), locale=choose_language()))


def stage_words() -> dict[str, str]:
    """Name how far a baseline is."""
    return {Stage.READING: gettext("being read"), Stage.ASKING: gettext("being asked"), Stage.DONE: gettext("done"), Stage.FAILED: gettext("cannot be read")}


def kind_words() -> Mapping[str, str]:
    """Name what a mail can be."""
    return {
        Kind.CUSTOMER: gettext("questions of customers"),
        Kind.LATER: gettext("later mails of the same conversations"),
        Kind.WORDLESS: gettext("customers' mails without a question in words"),
        Kind.OURS: gettext("your own people's mails"),
        Kind.AUTOMATIC: gettext("automatic replies and notices"),
        Kind.BOUNCE: gettext("bounces"),
        Kind.NEWSLETTER: gettext("newsletters and lists"),
        Kind.SPAM: gettext("marked as spam"),
        Kind.UNREADABLE: gettext("unreadable"),
    }
